#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The programs are replaced again and again while listed handsets ask without a pause: none of
# their requests passes, nothing that is known is lost, and a replace that is killed is mended.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

listed=490154203237518
lawful=353490069873310
replaces=$(rounds 5 20 2)

# A Create Session Request of $listed, IMSI and MEI.
request='\x48\x20\x00\x20\x00\x00\x00\x00\x00\x00\x07\x00'
request+='\x01\x00\x08\x00\x04\x04\x01\x21\x43\x65\x87\xf9'
request+='\x4b\x00\x08\x00\x94\x10\x45\x02\x23\x73\x15\xf8'

# flood NAMESPACE TO: without a pause, each request a datagram. It takes the time that the tool
# leaves, or an emulated machine would do little else.
flood() {
	# shellcheck disable=SC2016 # for the shell within
	start "$tmp/flood-$1" "$1" nice -n 19 bash -c 'trap "" PIPE
		exec 3<>"/dev/udp/$1/2123" && while :; do printf "$2" >&3; done 2>/dev/null' - "$2" "$request"
}

# The same in fragments, of which the second has the IMEI.
flood_fragments() {
	# shellcheck disable=SC2016
	start "$tmp/flood-fragments" "$access" nice -n 19 bash -c 'seq=0; while :; do
		"$1" --from "$2" --to "$3" --imei "$4" --seq $((seq = seq % 60000 + 1)) || exit; done' \
		- "$selftests/peers/fragment_send" "$access4" "$core4" "$listed"
}

# Datagrams that the UDP of a namespace was given, for whatever port.
given() {
	# shellcheck disable=SC2016 # for awk to fill in
	"$in_netns" "$1" awk '$1 == "Udp:" && $2 != "InDatagrams" {print $2 + $3}' \
		/proc/net/snmp
}

elements() {
	bpftool -j map dump pinned "$XEIR_PINS/$1" | jq length
}

# What must stay: the list, the session, and the sighting of its handset.
known() {
	xeir save - && bpftool -j map dump pinned "$XEIR_PINS/xeir_sessions" &&
	bpftool -j map dump pinned "$XEIR_PINS/xeir_sightings" |
		jq -c 'map(select(.key[0] == "0x53"))'
}

known_as_before() {
	known | cmp - "$tmp/before"
}

programs() {
	xeir --json status | jq -c '[.interfaces[] | [.name, .mode, .program]] | sort'
}

# As the kernel prints it.
kernel_programs() {
	local xdp tc

	xdp=$(ip -n "$core" -j -d link show dev core0 | jq '.[0].xdp.prog.id') &&
	tc=$(in_core tc -j filter show dev core0 egress | jq '[.[].options.prog.id // empty][0]') &&
	echo "[[\"core0\",\"egress\",$tc],[\"core0\",\"native\",$xdp]]"
}

no_next() {
	[[ ! $(find "$XEIR_PINS" -name '*next*') ]]
}

session_is_up() {
	responder_start "$pgw4" "$tmp/responder" &&
	gtp2_try "$pgw4" "$lawful" &&
	stop "$started" &&
	is "$(elements xeir_sessions) $(elements xeir_sightings)" "1 1"
}

# What was counted stays so.
replace_often() {
	local i last=0 now

	for ((i = 0; i < replaces; i++)); do
		xeir attach --replace >>"$tmp/replaced" && programs >>"$tmp/programs" &&
		now=$(dropped) || return 1
		((now >= last)) || { echo "$last, then $now dropped"; return 1; }
		last=$now
	done
}

# Each was another program.
all_differ() {
	is "$(sort -u "$tmp/programs" | wc -l)" "$replaces"
}

many_dropped() {
	(($(dropped) > $1))
}

programs_as_in_status() {
	is "$(programs)" "$(kernel_programs)" &&
	is "$(xeir --json status | jq -r '[.enforce, .entries] | @csv')" '"on",1'
}

# At every fourth call that changes pins or programs, every eighth, or at each.
killed_and_status_true() {
	local of=maps stride n
	stride=$(rounds 4 1 8) kills=0 broken=0

	for ((n = stride; ; n += stride)); do
		with_fault "$n" attach --replace >"$tmp/killed" 2>&1 && break
		kills=$((kills + 1))
		programs_as_in_status || { echo "call $n"; return 1; }
		no_next || broken=$((broken + 1))
	done
	((broken > 0))
}

warned() {
	xeir status >"$tmp/status" && contains "$tmp/status" "^warning: attach --replace did not finish"
}

not_warned() {
	! warned
}

# Before the program of ingress changes, behind that of egress.
killed_between() {
	! of="link" with_fault 1 attach --replace && warned
}

mended() {
	xeir attach --replace && no_next && not_warned && programs_as_in_status
}

# A map that another version would have otherwise: its former pin is put back.
other_shape() {
	local found=0

	mv "$XEIR_PINS/xeir_tallies" "$XEIR_PINS/kept" &&
	bpftool map create "$XEIR_PINS/xeir_tallies" type array key 4 value 4 entries 1 name other &&
	{ xeir attach --replace 2>"$tmp/refused" || found=$?; } &&
	mv "$XEIR_PINS/kept" "$XEIR_PINS/xeir_tallies" &&
	is "$found" 4 &&
	contains "$tmp/refused" "xeir_tallies has type .* xeir save FILE && xeir detach all"
}

# One that the version before did not have is made.
new_map() {
	rm "$XEIR_PINS/xeir_tallies" && xeir attach --replace && [[ -e $XEIR_PINS/xeir_tallies ]]
}

refused_usage() {
	local found=0
	xeir "$@" 2>"$tmp/usage" || found=$?
	is "$found" 2
}

nothing_attached() {
	! xeir attach --replace
}

dry_run() {
	xeir attach --replace --dry-run && is "$(programs)" "$first" && no_next
}

lab_needs bpftool tc
lab_up
check "nothing attached: refused" nothing_attached
check "attach both ways" xeir attach dev core0 both
check "with an interface it is refused" refused_usage attach dev core0 --replace
check "other verbs do not know it" refused_usage --replace status
check "a session comes up" session_is_up
check "a handset is listed" xeir block "$listed"
known >"$tmp/before"
first=$(programs)
fragments=$(xeir --json status | jq -r .fragments)
given_core=$(given "$core") given_access=$(given "$access")
floods=()
flood "$access" "$core4"
floods+=("$started")
flood "$core" "$access4"
floods+=("$started")
[[ $fragments != reassembled ]] || { flood_fragments && floods+=("$started"); }
check "the floods are dropped" poll 60 many_dropped 1000
check "a dry run changes nothing" dry_run
check "$replaces replaces under the floods" replace_often
check "each with its own programs" all_differ
check "the kernel runs those that status reports" programs_as_in_status
check "nothing is left over" no_next
check "fragments are judged as before" is "$(xeir --json status | jq -r .fragments)" "$fragments"
check "killed at its calls, status reports what is left" killed_and_status_true
check "killed between two programs, status warns" killed_between
check "a replace mends it" mended
check "no listed request came in all the while" is "$(given "$core")" "$given_core"
check "none went out" is "$(given "$access")" "$given_access"
echo "# $(dropped) dropped, fragments $fragments, $broken of $kills kills in between"
check "list, sessions and sightings are as before" known_as_before
check "the counters go on" poll 60 many_dropped "$(dropped)"
# With the last hook the kernel patches its own code, which QEMU's emulation gets wrong under a flood.
for flood in "${floods[@]}"; do stop "$flood"; done
check "maps of another shape are refused" other_shape
check "which leaves all as it was" programs_as_in_status
check "a map that is new is made" new_map
check "killed once more" killed_between
check "detach all takes all away" xeir detach all --yes
check "and its directory" test ! -e "$XEIR_PINS"
finish
