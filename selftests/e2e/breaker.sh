#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A directive that stops more attempts than it may is undone, alone, also when the tool that loaded
# it was killed: until the next change of the list by the programs themselves.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

listed=490154203237518
other=353490069873319
third=356938035643809

# The list is to drop $1 by directive 7.
directive() {
	printf 'imei,action,directive\n%s,drop,7\n' "$1" >"$tmp/directive.csv"
}

# load_watched N/SECONDS: in the background, until its commit is enforced; its id is in $loader.
# shellcheck disable=SC2016 # expanded by the inner shell
load_watched() {
	start "$tmp/loaded" "$core" bash -c '"$0" "$@"; echo "exit $?"' "$root/userspace/xeir" \
		load --breaker "$1" "$tmp/directive.csv"
	loader=$started
	poll 60 warns "directive 7 is watched"
}

warns_not() {
	! warns "$1"
}

# Its window has ended: in the first nanosecond of 1970.
# shellcheck disable=SC2086 # octets are words
end_window() {
	local value

	value=$(bpftool -j map lookup pinned "$XEIR_PINS/xeir_breaker" key 0 0 0 0 |
		jq -r '.value | ["0x01", (range(7) | "0x00")] + .[8:] | join(" ")') &&
	bpftool map update pinned "$XEIR_PINS/xeir_breaker" key 0 0 0 0 value $value &&
	warns_not "watched"
}

ended_with() {
	poll 60 contains "$tmp/loaded" "^exit $1\$"
}

# Only the process that waits, not the shell that reports its end.
kill_loader() {
	kill -KILL "$(pgrep -P "$loader")" && poll 30 gone "$loader"
}

suspend_loader() {
	poll 60 contains "$tmp/loaded" "generation" && kill -STOP "$(pgrep -P "$loader")"
}

# attempts IMEI N: that many set-ups, each sent twice.
attempts() {
	local i

	for ((i = 0; i < $2; i++)); do
		gtp2_try "$pgw4" "$1" --n3 2 --t3 50
	done
}

# dropped_all IMEI N
dropped_all() {
	local before
	before=$(dropped)

	attempts "$1" "$2" && is $(($(dropped) - before)) $(($2 * 2))
}

accepted() {
	gtp2_try "$pgw4" "$1" --n3 2 --t3 500
	echo "$outcome"
	is "${outcome%%:*}" accepted
}

# listed_as IMEI ACTION, or nothing
listed_as() {
	is "$(xeir save - | awk -F, -v imei="${1:0:14}" '$1 == imei {print $5}')" "$2"
}

# The third attempt is stopped too, and the first that is sent behind it is not.
trips() {
	local before
	before=$(dropped)

	attempts "$1" 2 && gtp2_try "$pgw4" "$1" --n3 1 --t3 50 &&
	is $(($(dropped) - before)) 5
}

# watched_stopped JSON: what the journal says last of a directive that was watched.
watched_stopped() {
	is "$(xeir --json journal | jq -c 'map(select(.verb == "watched"))[-1].detail.stopped')" "$1"
}

in_time() {
	check "a directive that may stop 2 attempts" load_watched 2/300
	check "stops 2" dropped_all "$listed" 2
	check "status counts them" warns "watched: undone if it stops more than 2 attempts, 2 so far"
	check "its window ends" end_window
	check "and it stays enforced" ended_with 0
	check "as in the journal" watched_stopped 2
	check "with its handset" dropped_all "$listed" 3
	check "nothing is watched any more" warns_not "watched"
	check "unblock" xeir unblock "$listed"
	check "a window of a second ends without help" xeir load --breaker 2/1 "$tmp/directive.csv"
	check "in which nothing was stopped" watched_stopped 0
	check "unblock" xeir unblock "$listed"
}

one_too_many() {
	check "the same again" load_watched 2/300
	monitor_start
	check "stops 3" trips "$listed"
	check "which undoes it, with exit status 3" ended_with 3
	check "loudly" contains "$tmp/loaded" \
		"BREAKER TRIPPED: more than 2 .* directive 7, which is undone: 1 entries removed, 0 put back"
	check "the event is reported" poll 30 events_are 1 '.event == "breaker" and .directive == 7'
	stop "$started"
	check "the handset is let in" accepted "$listed"
	check "and no longer listed" listed_as "$listed" ""
	check "another that was listed before is kept out" dropped_all "$other" 3
	check "status has nothing to warn of" warns_not "BREAKER\|watched"
}

killed() {
	check "once more" load_watched 2/300
	check "the tool is killed" kill_loader
	check "it stops 3" trips "$listed"
	check "the handset is let in" accepted "$listed"
	check "others are kept out" dropped_all "$other" 3
	check "status warns of that loudly" warns "^THE BREAKER HAS TRIPPED: the entries of directive 7"
	check "a dry run leaves that unchanged" xeir block --dry-run "$third"
	check "to the list it is there" listed_as "$listed" drop
	check "the next change undoes it" xeir block "$third"
	check "it is no longer listed" listed_as "$listed" ""
	check "the others are" is "$(xeir --json status | jq .entries)" 2
	check "and kept out" dropped_all "$third" 1
	check "the handset is let in" accepted "$listed"
	check "status has nothing to warn of" warns_not "BREAKER"
	check "unblock" xeir unblock "$third"
}

# What was watched only is so again.
changed() {
	printf 'imei,action,directive\n%s,watch,6\n' "$listed" >"$tmp/watch.csv"
	check "a handset is watched" xeir load "$tmp/watch.csv"
	check "a directive stops it" load_watched 2/300
	check "as the list has it" listed_as "$listed" drop
	check "it stops 3" trips "$listed"
	check "which undoes it" ended_with 3
	check "the handset is let in" accepted "$listed"
	check "and watched as before" listed_as "$listed" watch
	check "once more" load_watched 2/300
	check "the tool is killed" kill_loader
	check "it stops 3" trips "$listed"
	check "the handset is let in" accepted "$listed"
	check "unblock undoes it, and unlists the handset" xeir unblock "$listed"
	check "which is gone" listed_as "$listed" ""
}

# A packet of GTP-U in the tunnel of the one session, towards the core.
user_packet() {
	local teid
	teid=$(bpftool -j map dump pinned "$XEIR_PINS/xeir_bindings" | jq -r \
		'[.[].formatted | select(.key.plane == 1 and .key.address[15] == 3)][-1].key.teid')
	teid=$(printf '%08x' "$teid" | sed 's/../\\x&/g')
	in_access bash -c "printf '\\x30\\xff\\x00\\x04${teid}user' >/dev/udp/$pgw4/2152" || true
}

# Datagrams that came to a port where nobody listens, as there is no GTP-U here.
no_ports() {
	# shellcheck disable=SC2016 # for awk to fill in
	in_core awk '$1 == "Udp:" && $2 != "InDatagrams" {print $3}' /proc/net/snmp
}

user_passes() {
	local before
	before=$(no_ports)

	user_packet && poll 30 eval "((\$(no_ports) > $before))"
}

user_stopped() {
	local before
	before=$(xeir --json stats | jq .rules.session.drop)

	user_packet && poll 30 eval "((\$(xeir --json stats | jq .rules.session.drop) > $before))"
}

trips_by_two() {
	local before
	before=$(dropped)

	attempts "$listed" 1 && gtp2_try "$pgw4" "$listed" --n3 1 --t3 50 &&
	is $(($(dropped) - before)) 3
}

none_is_cut() {
	is "$(xeir --json sessions | jq -c 'map(.cut) | unique')" "[null]"
}

# How many it frees is not reported: the module, which sweeps too, may have come first.
frees_one() {
	xeir unblock "$other" 2>"$tmp/freed" &&
	contains "$tmp/freed" "BREAKER TRIPPED: .* 1 entries removed, 0 put back;" && none_is_cut
}

# Cut by a directive that is undone: its tunnels are open before any tool comes by.
sessions() {
	check "a session comes up" accepted "$listed"
	check "its packets pass" user_passes
	check "a directive lists its handset" load_watched 1/300
	check "which cuts it" poll 30 contains "$tmp/loaded" "^sessions: [1-9]"
	check "its packets are stopped" user_stopped
	check "the tool is killed" kill_loader
	check "2 attempts trip it" trips_by_two
	check "its packets pass again" user_passes
	check "the next change frees it" frees_one
	check "its packets pass" user_passes
	check "block" xeir block "$other"
}

refused() {
	local found=0

	xeir load --breaker 5/60 "$tmp/directive.csv" 2>"$tmp/refused" || found=$?
	is "$found" 4 && contains "$tmp/refused" "the breaker watches another directive for [1-3][0-9][0-9] seconds yet"
}

meanwhile() {
	check "a directive is watched" load_watched 2/300
	check "another cannot be" refused
	check "another change is free to come" xeir block "$third"
	check "a false entry of it is taken out at once" xeir unblock "$third"
	check "the first is watched on" trips "$listed"
	check "and undone" ended_with 3
	check "a directive is watched" load_watched 2/300
	check "unblock takes its handset out at once" xeir unblock "$listed"
	check "which is let in" accepted "$listed"
	check "block is another change" xeir block "$listed"
	check "which the breaker does not watch" dropped_all "$listed" 5
	check "unblock" xeir unblock "$listed"
	stop "$loader"
}

# The journal goes on meanwhile, and the maps are known to be at its end.
noted() {
	check "a directive is watched" load_watched 2/300
	check "a setting changes" xeir set max-change 30
	check "the list is as in the journal" xeir restore
	check "the directive stops 3" trips "$listed"
	check "which undoes it" ended_with 3
	check "the handset is not listed any more" listed_as "$listed" ""
	check "in the journal neither" xeir verify
}

# attach_anew N: what is left is the journal, as after a boot; so many promises were lost.
attach_anew() {
	xeir detach all --yes && xeir attach dev core0 both 2>"$tmp/attached" &&
	is "$(grep -c "THE BREAKER OF" "$tmp/attached")" "$1"
}

# What the programs knew is gone with their maps. The order is enforced.
lost() {
	check "a directive is watched" load_watched 2/300
	check "the tool is killed" kill_loader
	check "it stops 3" trips "$listed"
	check "the maps are lost, and attach reports this promise alone" attach_anew 1
	check "with its terms" contains "$tmp/attached" \
		"OF directive 7 IS LOST .* more than 2 attempts were stopped within 300 s is not known"
	check "and what undoes it" contains "$tmp/attached" "to undo it: xeir directive rollback 7$"
	check "the journal has that" watched_stopped null
	check "the directive is enforced" dropped_all "$listed" 4
	check "that is reported once" attach_anew 0
	check "rollback" xeir directive rollback 7 --force "lost"
	check "undoes it" accepted "$listed"
}

# The tool that waits does not know either.
lost_meanwhile() {
	check "a directive is watched" load_watched 2/300
	check "its tool is suspended" suspend_loader
	check "the maps are lost" attach_anew 1
	check "the tool goes on" kill -CONT "$(pgrep -P "$loader")"
	check "and ends as a failure" ended_with 4
	check "which it explains" contains "$tmp/loaded" "the breaker is lost with the maps"
	check "rollback" xeir directive rollback 7 --force "lost"
}

# One whose tool was killed is over when its window is.
over() {
	check "a directive is watched" load_watched 2/300
	check "the tool is killed" kill_loader
	check "it stops 1" dropped_all "$listed" 1
	check "its window ends" end_window
	check "the next change" xeir unblock "$listed"
	check "notes that" watched_stopped 1
	check "so that nothing is lost with the maps" attach_anew 0
}

# load_unread N/SECONDS: it comes to wait only once somebody reads what it did.
# shellcheck disable=SC2016 # expanded by the inner shell
load_unread() {
	mkfifo "$tmp/full" && exec {full}<>"$tmp/full" || return
	dd if=/dev/zero of="$tmp/full" bs=4096 oflag=nonblock 2>/dev/null || true
	start "$tmp/loaded" "$core" bash -c '"$1" "${@:3}" >"$2"; echo "exit $?"' loader \
		"$root/userspace/xeir" "$tmp/full" load --breaker "$1" "$tmp/directive.csv"
	poll 60 warns "directive 7 is watched"
}

read_it() {
	head -c 65536 <&"$full" >"$tmp/zeros" && poll 30 read -r -t 0 <&"$full"
}

# Another command has closed the book by the time that it looks at the breaker.
held_up() {
	check "a directive is watched" load_unread 2/300
	check "its window ends" end_window
	check "the next change" xeir block "$third"
	check "notes that it stopped nothing" watched_stopped 0
	check "the tool goes on" read_it
	check "and does not print that it was undone" ended_with 0
	check "nothing was" dropped_all "$listed" 1
	check "unblock" xeir unblock "$listed" "$third"
}

# What became of a later one is not taken for its own.
superseded() {
	local first

	check "a directive is watched" load_watched 2/300
	check "its tool is suspended" suspend_loader
	check "its window ends" end_window
	first=$loader
	mv "$tmp/loaded" "$tmp/first"
	directive "$third"
	check "another is watched" load_watched 2/300
	check "stops 3" trips "$third"
	check "and is undone" ended_with 3
	check "the first tool goes on" kill -CONT "$(pgrep -P "$first")"
	check "and does not print that it was undone" poll 60 contains "$tmp/first" "^exit 0\$"
	check "nothing of it was" dropped_all "$listed" 1
	directive "$listed"
	check "unblock" xeir unblock "$listed"
}

# A tool that died in front of its commit has armed it for a generation that is another's now.
# shellcheck disable=SC2086 # $live is words
armed_for_nothing() {
	local live

	live=$(xeir --json status | jq .generation) &&
	live=$(printf '%08x' $((live + 1)) | sed 's/\(..\)\(..\)\(..\)\(..\)/0x\4 0x\3 0x\2 0x\1/') &&
	bpftool map update pinned "$XEIR_PINS/xeir_breaker" key 0 0 0 0 value \
		0xff 0xff 0xff 0xff 0xff 0xff 0xff 0x7f $live 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
}

bad_usage() {
	local found=0
	xeir load --breaker "$1" "$tmp/directive.csv" 2>"$tmp/usage" || found=$?
	is "$found" 2 && contains "$tmp/usage" "--breaker: found"
}

lab_needs bpftool pgrep
lab_up
responder_start "$pgw4" "$tmp/responder"
directive "$listed"
check "attach both ways" xeir attach dev core0 both
for bad in 5 5/ /5 5/0 x/5 5/5x -1/5 5/90000; do
	check "--breaker $bad is refused" bad_usage "$bad"
done
check "one is listed" xeir block "$other"
# while no tool waits for a window, which would disarm it
check "armed for a commit that never came" armed_for_nothing
check "status does not say that it is watched" warns_not "watched"
check "block" xeir block "$third"
check "is not watched by it" dropped_all "$third" 3
check "unblock" xeir unblock "$third"
in_time
one_too_many
killed
changed
sessions
noted
over
held_up
superseded
lost
lost_meanwhile
meanwhile
finish
