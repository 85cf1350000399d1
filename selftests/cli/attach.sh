#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# attach, detach, status, stats and monitor, on our own veths.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

listed=49015420323751
watched=35349006987331

# The id of the program that the kernel itself sees on an interface.
kernel_program() {
	ip -n "$core" -j -d link show dev "$1" | jq '.[0].xdp.prog.id'
}

pinned() {
	[[ -e $XEIR_PINS/$1 ]]
}

not() {
	! "$@"
}

# Under another pin directory next to ours.
elsewhere() {
	XEIR_PINS=$XEIR_PINS-elsewhere "$@"
}

# A Create Session Request to $pgw4.
ask() {
	gtp2_try "$pgw4" "$@" --n3 1 --t3 50
}

counted() {
	is "$(xeir --json stats | jq -c ".rules.${1//-/_}.$2")" "$3"
}

nothing_attached() {
	check "status with nothing attached" status_is '[.enforce, .transport, .interfaces, .entries]' \
		'["off",null,[],0]'
	check "status warns loudly that nothing is enforced" warns "^NOTHING IS ENFORCED"
	check "and where it has looked" warns "$XEIR_PINS"
	check "stats with nothing attached" exits 4 "nothing is attached" xeir stats
	check "monitor with nothing attached" exits 4 "nothing is attached" xeir monitor
	check "detach with nothing attached" exits 4 "nothing is attached" \
		xeir detach dev core0
}

bad_input() {
	check "attach without dev" exits 2 "dev INTERFACE" xeir attach core0
	check "attach with a bad name" exits 2 "found \"co/re\", expected the name of an interface" \
		xeir attach dev co/re
	check "attach to an interface that is not there" exits 4 "no such interface" \
		xeir attach dev nosuch
	check "attach with a bad mode" exits 2 "mode: found \"fast\", expected native or generic" \
		xeir attach dev core0 mode fast
	check "attach with a mode left out" exits 2 "mode needs a value" \
		xeir attach dev core0 mode
	check "attach with a capacity of 0" exits 2 'entries: found "0", expected a number' \
		xeir attach dev core0 entries 0
	check "attach with a negative capacity" exits 2 "expected a positive number" \
		xeir attach dev core0 entries -5
	check "an option of other verbs" exits 2 "--list does not apply to attach" \
		xeir --list none attach dev core0
	check "attach with a mode twice" exits 2 "mode is given twice" \
		xeir attach dev core0 mode native mode generic
	check "attach with pins off a BPF file system" exits 4 "mount -t bpf bpf /sys/fs/bpf" \
		xeir --pins "$tmp/pins" attach dev core0
	check "status where no pins can be" exits 4 "$tmp is not on a BPF file system" \
		xeir --pins "$tmp" status
	check "monitor with a bad count" exits 2 'count: found "none", expected a number' xeir monitor count none
	check "none of these leaves anything behind" not pinned .
}

first_attach() {
	check "attach --dry-run" prints_json '[.interface, .already, .kept_list, .dry_run]' \
		'["core0",false,false,true]' --dry-run attach dev core0
	check "leaves nothing behind" not pinned .
	check "attach where native mode is impossible" exits 4 "native mode: " \
		xeir attach dev lo mode native
	check "leaves nothing behind" not pinned .
	check "attach" xeir attach dev core0 entries 1000
	check "status: on, native, with the requested capacity" \
		status_is '[.enforce, .interfaces[0].name, .interfaces[0].mode, .capacity]' \
		'["on","core0","native",1000]'
	check "status: by the transport expected" status_is .transport "\"$(lab_transport)\""
	check "status and the kernel know the same program" \
		status_is '.interfaces[0].program' "$(kernel_program core0)"
	check "status warns of the empty list" warns "^the list is empty"
	check "attach again reports that" prints_json '[.already, .mode]' '[true,"native"]' attach dev core0
	check "in another mode is refused" exits 4 "core0 is attached in native mode" \
		xeir attach dev core0 mode generic
	check "with another capacity as well" exits 4 "a capacity of 1000 entries, and 5" \
		xeir attach dev core0 entries 5
	check "detach --dry-run" prints_json '[.detached, .dry_run]' '[1,true]' --dry-run detach dev core0
	check "changes nothing" status_is .enforce '"on"'
	check "attach over our own program from elsewhere names it" \
		exits 4 "the XDP program \"xeir_ingress\" (id $(kernel_program core0))" \
		elsewhere xeir attach dev core0
	check "and leaves nothing behind" not elsewhere pinned .
}

attach_both() {
	local one two

	xeir attach dev core.1 &
	one=$!
	xeir attach dev lo &
	two=$!
	wait "$one" && wait "$two"
}

more_interfaces() {
	ip -n "$core" link add core.1 type veth peer name peer1
	ip -n "$core" link set core.1 up
	check "another capacity than the pinned list has" exits 4 "a capacity of 1000 entries, and 5" \
		xeir attach dev core.1 entries 5
	check "two at a time: one with a dot in its name, one without native mode" attach_both
	check "three interfaces" status_is '[.interfaces[] | [.name, .mode]] | sort' \
		'[["core.1","native"],["core0","native"],["lo","generic"]]'
	check "status warns of generic mode" warns "^lo is attached in generic mode"
	check "all run one program" status_is '.interfaces | map(.program) | unique | length' 1
	check "detach of one" xeir detach dev lo
	check "leaves it without a program" is "$(kernel_program lo)" null
	check "leaves the others" status_is '[.enforce, (.interfaces | length)]' '["on",2]'
	check "detach of what is not attached" exits 4 "lo is not attached" xeir detach dev lo
}

interface_goes() {
	ip -n "$core" link del core.1
	check "status warns of an interface that is gone" warns "^core.1: interface missing"
	check "the rest goes on" status_is .enforce '"on"'
	ip -n "$core" link add core.1 type veth peer name peer1
	check "attach to its successor of the same name" xeir attach dev core.1
	check "the successor has the program" is "$(kernel_program core.1)" "$(kernel_program core0)"
	ip -n "$core" link del core.1
	check "detach from one that is gone" xeir detach dev core.1
	check "leaves no link behind" not pinned link-core:1
}

# Another namespace with its own core0, and the way in that hides the pins.
in_other() {
	"$in_netns" "$core-other" "$root/userspace/xeir" "$@"
}

# A BPF file system that goes with its mount namespace; what is attached there as well.
own_bpffs() {
	unshare --mount sh -c 'mount -t bpf own /sys/fs/bpf && exec "$@"' - \
		"$in_netns" "$core-other" "$root/userspace/xeir" \
		--pins /sys/fs/bpf/xeir attach dev core0 2>"$tmp/own" &&
	cat "$tmp/own" && contains "$tmp/own" "exists in this mount namespace only"
}

other_namespaces() {
	local program

	program=$(kernel_program core0)
	ip netns add "$core-other"
	defer "ip netns del $core-other"
	ip -n "$core-other" link add core0 type veth peer name peer0
	ip -n "$core-other" link set core0 up
	check "detach of another namespace's interface is refused" \
		exits 4 "another network namespace" in_other detach dev core0
	check "and takes nothing away" is "$(kernel_program core0)" "$program"
	check "attach of one with the same name is refused" \
		exits 4 "link-core0 is taken, and each name can be there once" in_other attach dev core0
	check "status behind ip netns exec does not report OFF" exits 4 "nsenter --net=/run/netns/NS" \
		ip netns exec "$core-other" "$root/userspace/xeir" --pins /sys/fs/bpf/xeir status
	if [[ -r /proc/1/root/ ]]; then
		check "attach warns of pins that do not stay" own_bpffs
	else
		echo "ok $((tests += 1)) - attach warns of pins that do not stay # SKIP no /proc/1/root"
	fi
}

renamed() {
	ip -n "$core" link add before type veth peer name peer2
	check "attach" xeir attach dev before
	ip -n "$core" link set before name after
	check "status names what was renamed" status_is \
		'[.interfaces[] | select(.name == "after") | .mode]' '["native"]'
	check "attach by its name now" prints_json .already true attach dev after
	check "detach by its former name reports the name now" exits 4 "before is named after now" \
		xeir detach dev before
	check "detach by its name now" xeir detach dev after
	check "leaves no link behind" not pinned link-before
	ip -n "$core" link del after
}

# As attach leaves it when it is killed behind the pin.
pin_without_filter() {
	in_core tc filter del dev core0 egress pref 1 &&
	pinned egress-core0
}

has_filter() {
	in_core tc filter show dev core0 egress >"$tmp/filters" &&
	contains "$tmp/filters" "xeir_egress"
}

egress_state() {
	status_is '[.interfaces[] | select(.mode != "native") | [.name, .ifindex, .mode]]' "$1"
}

attach_died() {
	check "attach on egress" xeir attach dev core0 egress
	check "the pin without its filter" pin_without_filter
	check "status does not count it among those that enforce" egress_state '[["core0",0,null]]'
	check "and warns of it" warns "^core0: .* xeir detach dev core0"
	check "attach mends it" prints_json .already false attach dev core0 egress
	check "by a filter" has_filter
	check "status: on egress" status_is \
		'[.interfaces[] | select(.mode == "egress") | .name]' '["core0"]'
	check "the pin without its filter, once more" pin_without_filter
	check "attach of both mends it too" xeir attach dev core0 both
	check "by a filter" has_filter
	check "the pin without its filter, a third time" pin_without_filter
	check "detach forgets it" xeir detach dev core0
	check "and leaves no pin" not pinned egress-core0
	check "nor a filter" not has_filter
	check "attach" xeir attach dev core0
}

dropped_and_watched() {
	ask "${listed}0" --seq 77 --teid 66 --imsi 404010123456789 --msisdn 919812345678 &&
	is "$outcome" "no response: transmissions 1" &&
	ask "${watched}53" --seq 78 &&
	ask 86507040040530 --seq 79
}

one_event() {
	jq "select(.sequence == $1)" "$tmp/events" >"$tmp/event" &&
	is "$(jq -c "$2" "$tmp/event")" "$3"
}

timely() {
	local reported_at now

	reported_at=$(date -d "$(jq -r .time "$tmp/event")" +%s) &&
	now=$(date +%s) &&
	cat "$tmp/event" &&
	((reported_at <= now && reported_at > now - 60))
}

stats_table() {
	xeir stats | tee "$tmp/stats" &&
	contains "$tmp/stats" "^imei  *0  *0  *0  *1  *0  *0$"
}

events() {
	check "a list of two" xeir --directive 7 load "$tmp/list"
	monitor_start
	poll 5 pinned monitor
	check "a second monitor is refused, with the number of the first" \
		exits 4 "another monitor is running, as process $started" xeir monitor
	check "one handset dropped, one watched, one let through" dropped_and_watched
	check "the drop is counted" counted imei drop 1
	check "the watched one is counted" counted tac watch 1
	check "the other one is counted" counted not-listed pass 1
	check "both are reported" poll 5 events_are 2 '.event == "message"'
	check "the drop, in full" one_event 77 '[.interface, .peer, .gtp, .type, .message, .teid,
		.imei, .imsi, .msisdn, .action, .rule, .directive]' \
		'["core0","'$access4'",2,32,"Create Session Request",0,"'${listed}0'","404010123456789","919812345678","drop","imei",7]'
	check "at the time of day" timely
	told_by_module
	check "the watched one" one_event 78 '[.imei, .action, .rule]' "[\"${watched}53\",\"watch\",\"tac\"]"
	check "stats as a table" stats_table
}

stopped_by() {
	local found=0

	kill "-$1" "$started" && poll 5 gone "$started" || return 1
	wait "$started" || found=$?
	unset "running[$started]"
	is "$found" 0
}

ends_after_two() {
	ask "${listed}0" && ask "${listed}0" && ask "${listed}0" &&
	xeir monitor --backlog count 2 >"$tmp/two" &&
	cat "$tmp/two" &&
	is "$(wc -l <"$tmp/two")" 2 &&
	contains "$tmp/two" "core0 $access4:[0-9]* GTPv2 Create Session Request seq [0-9]* teid 0x0 \
imei ${listed}0 imsi 404010123456789 msisdn 919812345678 drop by imei of directive 7$" &&
	xeir monitor --backlog count 1 | grep -q "drop by imei"
}

# What comes once it has the lock is from after the start.
from_now_on() {
	ask "${listed}0" && ask "${listed}0" || return
	start "$tmp/now" "$core" "$root/userspace/xeir" --json monitor count 1
	poll 5 contains "$tmp/now" "^xeir: 2 events from before the start are left out" &&
	ask "${listed}0" && poll 5 gone "$started" &&
	is "$(grep -c '"event"' "$tmp/now")" 1
}

# The reader goes away after a line; the monitor then ends without another event.
ends_with_reader() {
	local found=0

	ask "${listed}0" &&
	{ timeout 10 "$in_netns" "$core" "$root/userspace/xeir" monitor --backlog ||
		echo $? >"$tmp/ended"; } | head -n 1 >"$tmp/first" &&
	contains "$tmp/first" "drop by imei" &&
	[[ ! -e $tmp/ended ]]
}

full_disk() {
	ask "${listed}0" &&
	exits 4 "cannot be written: No space left on device" disk_is_full monitor --backlog count 1
}

disk_is_full() {
	xeir "$@" >/dev/full
}

ends_with_list() {
	start "$tmp/forgotten" "$core" "$root/userspace/xeir" monitor
	poll 5 contains /proc/locks "FLOCK .* $started " &&
	xeir detach all --yes && xeir attach dev core0 &&
	poll 5 gone "$started" &&
	contains "$tmp/forgotten" "the list was removed"
}

# Root without the right to anything.
without_rights() {
	in_core setpriv --reuid 65534 --clear-groups "$root/userspace/xeir" monitor
}

monitor_ends() {
	check "SIGTERM ends the monitor, with exit 0" stopped_by TERM
	monitor_start
	poll 5 contains /proc/locks "FLOCK .* $started "
	check "SIGINT too" stopped_by INT
	check "count 2 ends after two, and the third waits for the next monitor" ends_after_two
	check "without --backlog it begins with what comes then" from_now_on
	check "it ends when nobody reads on" ends_with_reader
	check "it prints why it cannot write" full_disk
	check "without rights it reports that" exits 4 "root is needed" without_rights
}

writer_died() {
	local live

	live=$(bpftool -j map lookup pinned "$XEIR_PINS/xeir_control" key hex 00 00 00 00 |
		jq -r '.value[0:4] | map(ltrimstr("0x")) | join(" ")')
	# shellcheck disable=SC2086 # live is four words
	bpftool map update pinned "$XEIR_PINS/xeir_control" key hex 00 00 00 00 \
		value hex $live 01 00 00 00 02 00 00 00 00 00 00 00 00 00 00 00
}

pending() {
	if [[ $(lab_transport) == netlink ]] || ! command -v bpftool >/dev/null; then
		echo "ok $((tests += 1)) - a writer that died # SKIP needs bpf and bpftool"
		return
	fi
	check "a writer dies" writer_died
	check "status warns of it" warns "^a writer died"
	check "the next change mends it" xeir block 35722009245138
	check "and is warned of no more" not warns "^a writer died"
	check "nor is anything lost" status_is .entries 3
	xeir unblock 35722009245138 >/dev/null
}

told_by_module() {
	if [[ $(lab_transport) != netlink ]]; then
		echo "ok $((tests += 1)) - a change of the list is reported # SKIP needs the module"
		return
	fi
	xeir block 35722009245138 >/dev/null
	check "a change of the list is reported" poll 5 events_are 1 \
		'.event == "list" and .added == 1 and .entries == 3'
	xeir unblock 35722009245138 >/dev/null
}

last_detach() {
	xeir detach dev core0 >"$tmp/detached" &&
	cat "$tmp/detached" &&
	contains "$tmp/detached" "the list of 2 entries stays; nothing is enforced"
}

let_through() {
	local before

	before=$(dropped)
	ask "${listed}0"
	is "$(dropped)" "$before"
}

stopped() {
	local before

	before=$(dropped)
	ask "${listed}0"
	is "$(dropped)" $((before + 1))
}

# Attached before the module was there, as far as anyone can tell.
module_comes_later() {
	if [[ $(lab_transport) != netlink ]]; then
		echo "ok $((tests += 1)) - a module that comes later # SKIP needs the module"
		return
	fi
	check "detach gave the list back" status_is '[.module, .transport]' '["loaded","bpf"]'
	check "attach by bpf" xeir --transport bpf attach dev core0
	check "status warns that the module does not have the list" \
		warns "^the module is loaded but does not have this list"
	check "attach again hands it over" xeir attach dev core0
	check "the module has it" status_is '[.module, .transport]' '["bound","netlink"]'
	check "attach once more changes nothing" prints_json '[.already, .bound]' '[true,false]' \
		attach dev core0
	check "it is enforced" stopped
	check "detach" xeir detach dev core0
}

the_end() {
	check "detach of the last interface keeps the list and reports that" last_detach
	check "status: off, with its entries" status_is '[.enforce, .entries]' '["off",2]'
	check "nobody is stopped" let_through
	module_comes_later
	check "attach in generic mode" xeir attach dev core0 mode generic
	check "is generic" status_is '.interfaces[0].mode' '"generic"'
	check "enforces the list that was kept" stopped
	check "detach all" xeir detach all --yes
	check "takes the program off" is "$(kernel_program core0)" null
	check "leaves nothing behind" not pinned .
}

own_maps() {
	bpftool map create "$XEIR_PINS-elsewhere/$1" "${@:2}" name "$1"
}

# count_lost N: the counters, with so many lost events on each CPU
count_lost() {
	# shellcheck disable=SC2046 # octets are words
	bpftool map update pinned "$XEIR_PINS/xeir_counters" key hex 00 00 00 00 value hex \
		$(printf '00 %.0s' {1..40}) "$(printf %02x "$1")" $(printf '00 %.0s' {1..7})
}

lost_events() {
	if ! command -v bpftool >/dev/null; then
		echo "ok $((tests += 1)) - lost events are reported # SKIP needs bpftool"
		return
	fi
	monitor_start
	poll 5 contains /proc/locks "FLOCK .* $started "
	check "events are lost" count_lost 3
	check "lost events are reported" poll 5 events_are 1 '.event == "lost" and .events >= 3'
	stop "$started"
}

not_whole() {
	xeir attach dev core0 >/dev/null
	check "a monitor ends when its list is forgotten" ends_with_list
	lost_events
	rm "$XEIR_PINS/xeir_control"
	check "status where a map's pin is gone" exits 4 "is incomplete" xeir status
	xeir detach all --yes >/dev/null
}

# As a former version pinned its map of bindings.
former_pins() {
	mv "$XEIR_PINS/xeir_bindings" "$XEIR_PINS/xeir_tunnels"
}

renamed_maps() {
	xeir attach dev core0 >/dev/null
	former_pins
	check "status names the way that keeps the list" exits 4 "xeir attach --replace" xeir status
	check "attach --replace over maps of former names warns" exits 0 \
		"sessions that are up are no longer tracked" xeir attach --replace
	check "and pins the new one" pinned xeir_bindings
	check "in place of the former" not pinned xeir_tunnels
	check "the next one keeps all of them" prints 0 "and all session data kept" attach --replace
	former_pins
	check "detach all" xeir detach all --yes
	check "leaves no pin of a former name" not pinned .
}

# After a boot there is the journal, and no map.
journal_larger() {
	rm -f "$XEIR_JOURNAL"*
	seq -f '353491%08.0f' 1 "$1" >"$tmp/large"
	xeir attach dev core0 entries "$1" >/dev/null &&
	xeir load "$tmp/large" >/dev/null && xeir detach all --yes >/dev/null
}

room_after_boot() {
	journal_larger 2000
	check "fewer entries than the journal lists are refused" \
		exits 4 "entries: found 1999, expected at least 2000" \
		xeir attach dev core0 entries 1999
	check "and leave nothing behind" not pinned .
	check "as many are not" xeir attach dev core0 entries 2000
	check "and hold all of it" status_is '[.enforce, .entries, .capacity]' '["on",2000,2000]'
	xeir detach all --yes >/dev/null
	journal_larger 300000
	check "more than the default" xeir attach dev core0
	check "are held, with capacity for a quarter more" \
		status_is '[.enforce, .entries, .capacity]' '["on",300000,375000]'
	xeir detach all --yes >/dev/null
	rm -f "$XEIR_JOURNAL"*
	check "without a journal" xeir attach dev core0
	check "it is the default" status_is '[.entries, .capacity]' '[0,262144]'
	xeir detach all --yes >/dev/null
}

foreign_pins() {
	if ! command -v bpftool >/dev/null; then
		echo "ok $((tests += 1)) - pins of another make # SKIP needs bpftool"
		return
	fi
	mkdir "$XEIR_PINS-elsewhere"
	defer "rm -rf '$XEIR_PINS-elsewhere'"
	own_maps xeir_list type hash key 16 value 20 entries 10
	check "attach where a part of the maps is pinned" exits 4 "is incomplete: xeir_list is there" \
		elsewhere xeir attach dev core0
	own_maps xeir_control type array key 4 value 20 entries 1 flags 1024
	own_maps xeir_config type array key 4 value 152 entries 1
	own_maps xeir_counters type percpu_array key 4 value 48 entries 19
	own_maps xeir_traffic type percpu_hash key 8 value 40 entries 4096
	own_maps xeir_attempts type lru_hash key 28 value 8 entries 65536
	own_maps xeir_hits type lru_hash key 16 value 24 entries 65536
	own_maps xeir_events type ringbuf key 0 value 0 entries 1048576
	own_maps xeir_sessions type hash key 24 value 168 entries 10 flags 1
	own_maps xeir_bearers type hash key 24 value 96 entries 20 flags 1
	own_maps xeir_bindings type hash key 24 value 36 entries 40 flags 1
	own_maps xeir_pending type lru_hash key 44 value 560 entries 32768
	own_maps xeir_paths type lru_hash key 20 value 16 entries 16384
	own_maps xeir_sightings type lru_hash key 16 value 72 entries 10
	own_maps xeir_tallies type percpu_array key 4 value 8 entries 6
	own_maps xeir_cutting type array key 4 value 32 entries 1
	own_maps xeir_breaker type array key 4 value 32 entries 1
	own_maps xeir_cut_teids type array key 4 value 131072 entries 1
	own_maps xeir_cut_counts type hash key 4 value 8 entries 16384 flags 1
	check "attach where maps of another make are pinned" \
		exits 4 "xeir_list has value size 20, and 28 is expected" \
		elsewhere xeir attach dev core0
	check "they are left alone, for a detach all" elsewhere xeir detach all --yes
	check "which forgets them" not elsewhere pinned .
}

lab_needs ip tc
lab_up
printf 'imei,tac,action\n%s,,drop\n,%s,watch\n' $listed ${watched:0:8} >"$tmp/list"
nothing_attached
[[ ${XEIR_BRIEF-} ]] || bad_input
first_attach
more_interfaces
interface_goes
other_namespaces
renamed
attach_died
events
monitor_ends
pending
the_end
not_whole
if [[ ! ${XEIR_BRIEF-} ]]; then
	renamed_maps
	room_after_boot
	foreign_pins
fi
finish
