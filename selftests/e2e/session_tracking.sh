#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# GTPv2 sessions from end to end: default and dedicated bearers with traffic both ways, cut when
# the handset is listed, through handover to another SGW address, restart, forged and repeated
# answers; over IPv4 and IPv6, on the host that is asked and on the one that asks.
# shellcheck disable=SC2016,SC2317 # for awk to expand; functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=selftests/lib/lib_capture.sh
. "$(dirname "$0")/../lib/lib_capture.sh"

imei=35349006987331 imsi=240010123456701
other_imei=49015420323751 other=240010123456702
guest=240010123456703
recovery=1	# of the peers, which count their starts
t3=1000	# an emulated machine may take its time
sgw_moved4=10.99.0.4 sgw_moved6=fd99::4 third6=fd99::3

# The tool, on the host that this run is about.
xeir() {
	"$in_netns" "$host" "$root/userspace/xeir" "$@"
}

now_us() {
	echo "${EPOCHREALTIME/[.,]/}"
}

# --- the peers -------------------------------------------------------------------------------

# peer NAME NAMESPACE ADDRESS...
peer() {
	local name=$1 ns=$2
	shift 2
	rm -f "$tmp/$name.fifo"
	mkfifo "$tmp/$name.fifo"
	start "$tmp/$name.log" "$ns" "$selftests/peers/gtp2_$name" "$tmp/$name.fifo" $t3 3 \
		$recovery "$@"
	poll 5 contains "$tmp/$name.log" "^ready"
}

# count PEER PATTERN: lines of what it prints.
count() {
	grep -c -- "$2" "$tmp/$1.log" || true
}

more_than() {
	(($(count "$2" "$3") > $1))
}

# command_peer PEER OUTCOME COMMAND...: OUTCOME is a pattern of what it is to say.
command_peer() {
	local peer=$1 outcome=$2 before
	shift 2
	before=$(count "$peer" "^=")
	echo "$*" >"$tmp/$peer.fifo"
	poll 15 more_than "$before" "$peer" "^=" &&
	grep "^=" "$tmp/$peer.log" | tail -n 1 >"$tmp/outcome" &&
	{ contains "$tmp/outcome" "^= $outcome" || { cat "$tmp/outcome"; return 1; }; }
}

# unheard PEER PATTERN COMMAND...: the command succeeds, and that peer says no such line.
unheard() {
	local peer=$1 pattern=$2 before
	shift 2
	before=$(count "$peer" "$pattern")
	"$@" && is "$(count "$peer" "$pattern")" "$before"
}

# --- user traffic ----------------------------------------------------------------------------

# flows PEER IMSI SINCE: the bearers by which packets came to the peer after SINCE.
flows() {
	awk -v imsi="$2" -v since="$3" '
		$1 == "gpdu" && $3 == imsi && $6 > since { seen[$4] }
		END { for (ebi = 5; ebi < 16; ebi++) if (ebi in seen) printf "%d ", ebi }' "$tmp/$1.log"
}

flow_both_ways() {
	is "$(flows sgw "$1" "$3")" "$2 " && is "$(flows pgw "$1" "$3")" "$2 "
}

# carried IMSI EBIS: packets come both ways by just these bearers.
carried() {
	poll 10 flow_both_ways "$1" "$2" "$(now_us)"
}

# When the last packet of the session came to either end.
last_us() {
	awk -v imsi="$imsi" '$1 == "gpdu" && $3 == imsi && $6 > last { last = $6 }
		END { printf "%.0f", last }' "$tmp/sgw.log" "$tmp/pgw.log"
}

# Packets of the other session that one end sent and the other end did not get.
lost() {
	awk -v imsi="$other" '
		$1 != "gpdu" || $3 != imsi { next }
		{ flow = FILENAME $4; came[flow]++ }
		!(flow in first) { first[flow] = $5 }
		$5 < first[flow] { first[flow] = $5 }
		$5 > last[flow] { last[flow] = $5 }
		END { for (flow in came) { flows++; lost += last[flow] - first[flow] + 1 - came[flow] }
			print flows, lost }' "$tmp/sgw.log" "$tmp/pgw.log"
}

path_answered() {
	awk -v since="$1" '$1 == "path" && $2 > since { seen = 1 } END { exit !seen }' "$tmp/sgw.log"
}

# cuts COMMAND...: not one packet of either bearer, either way, from a second after the command
# returned, while the other session's go on.
cuts() {
	local returned last
	xeir "$@" || return 1
	returned=$(now_us)
	poll 10 flow_both_ways "$other" "5 6" $((returned + 1500000)) || return 1
	last=$(last_us)
	echo "# last packet $(((last - returned) / 1000)) ms after $1 returned" >>"$tmp/gaps"
	((last < returned + 1000000)) || { tail -n 1 "$tmp/gaps"; return 1; }
	poll 5 path_answered "$returned"
}

# --- what xeir tracks ------------------------------------------------------------------------

map() {
	bpftool -j map dump pinned "$XEIR_PINS/xeir_$1"
}

# known SESSIONS BEARERS TUNNELS
known() {
	is "$({ map sessions && map bearers && map bindings; } | jq -sr 'map(length) | join(" ")')" "$*"
}

# TEIDs of the tunnels that are known.
teids() {
	map bindings | jq '.[].formatted.key.teid' | sort
}

# replaces GONE COMMAND...: the command succeeds; so many tunnels are others than before.
replaces() {
	local gone=$1 before
	shift
	teids >"$tmp/teids"
	before=$(wc -l <"$tmp/teids")
	"$@" && teids | comm -12 "$tmp/teids" - >"$tmp/kept" &&
	is $((before - $(wc -l <"$tmp/kept"))) "$gone"
}

sessions_are() {
	is "$(xeir --json status | jq -c '.sessions | [.up, .cut, .tunnels_cut]')" "$1"
}

# tally INDEX: of enum xeir_tally, on all processors.
tally() {
	map tallies | jq "[.[$1].formatted.values[].value] | add"
}

unsolicited=3 retransmitted=4

# tallied INDEX N COMMAND...: the command succeeds, and adds N.
tallied() {
	local index=$1 n=$2 before
	shift 2
	before=$(tally "$index")
	"$@" && is $(($(tally "$index") - before)) "$n"
}

# --- an independent reader -------------------------------------------------------------------

# No malformed packet, no warning (0x600000), no error (0x800000).
nothing_wrong() {
	is "$(read_where '$6 || $7 ~ /6291456|8388608/' | head -n 5)" ""
}

# linked TYPE: there is such a request, and each has its answer.
linked() {
	[[ $(read_where "\$1 == $1") ]] && is "$(read_where "\$1 == $1 && !\$2")" ""
}

# Packets of users in tunnels of the TEIDs that the PGW gave.
user_packets() {
	[[ $(read_where '$3 == "0xff" && $4 >= "0x00002000" && $5 ~ /,9,/') ]]
}

read_independently() {
	local type
	check "$run: the capture is read" capture_read ip gtpv2.message_type gtpv2.response_in \
		gtp.message gtp.teid udp.port _ws.malformed _ws.expert.severity
	check "$run: tshark finds nothing wrong" nothing_wrong
	for type in 32 34 95; do
		check "$run: tshark links requests of type $type to their answers" linked $type
	done
	check "$run: and finds users' packets upwards" user_packets
}

# --- the steps -------------------------------------------------------------------------------

# All that a session has, from its start to its end.
whole_life() {
	local reader=
	command -v tshark >/dev/null && command -v dumpcap >/dev/null && reader=1
	[[ -z $reader ]] || check "$run: a capture is begun" capture_start ""
	check "$run: a session comes up" command_peer sgw "cause 16" create $guest ${other_imei}01
	check "$run: a dedicated bearer" command_peer pgw "cause 16" bearer $guest
	check "$run: which is known" known 1 2 6
	check "$run: traffic on both bearers, both ways" carried $guest "5 6"
	check "$run: it moves" command_peer sgw "cause 16" modify $guest 1
	check "$run: echo" command_peer sgw answered echo
	check "$run: it ends" command_peer sgw "cause 16" delete $guest
	check "$run: of which nothing is left" known 0 0 0
	[[ -z $reader ]] || read_independently
}

forged() {
	check "$run: answers are to come from elsewhere" command_peer pgw agreed spoof 3
	check "$run: none is taken" \
		tallied $unsolicited 3 command_peer sgw "no response, transmissions 3" create $imsi ${imei}01
	check "$run: nothing is tracked by them" known 0 0 0
}

set_up() {
	check "$run: a first answer is to get lost" command_peer pgw agreed lose 1
	check "$run: another's session comes up at the second sending" \
		command_peer sgw "cause 16, transmissions [23]" create $other ${other_imei}01
	check "$run: the PGW knows it for the same request" \
		contains "$tmp/pgw.log" "^request create $other again"
	check "$run: the session comes up" command_peer sgw "cause 16" create $imsi ${imei}01
	check "$run: a dedicated bearer" command_peer pgw "cause 16" bearer $imsi
	check "$run: another's" command_peer pgw "cause 16" bearer $other
	check "$run: all is known" known 2 4 12
	check "$run: traffic on both bearers, both ways" carried $imsi "5 6"
	check "$run: another's" carried $other "5 6"
}

cut() {
	check "$run: listed: cut within a second" cuts block $imei
	check "$run: status has it, and its four tunnels" sessions_are "[2,1,4]"
	check "$run: unblock" xeir unblock $imei
	check "$run: status has it free" sessions_are "[2,0,0]"
	check "$run: traffic again" carried $imsi "5 6"
	check "$run: handover to the other SGW address, whose tunnels take the place of the old" \
		replaces 3 command_peer sgw "cause 16" modify $imsi 1
	check "$run: as many as before are known" known 2 4 12
	check "$run: traffic through them" carried $imsi "5 6"
	check "$run: listed: cut within a second" cuts block $imei
	check "$run: handover is stopped" \
		unheard pgw "^request modify" command_peer sgw "no response, transmissions 3" modify $imsi 0
	check "$run: a bearer more is stopped" \
		unheard sgw "^request bearer" command_peer pgw "no response, transmissions 3" bearer $imsi
	check "$run: delete passes" command_peer sgw "cause 16" delete $imsi
	check "$run: and the session is gone" known 1 2 6
	check "$run: a new one is stopped" \
		unheard pgw "^request create" command_peer sgw "no response, transmissions 3" create $imsi ${imei}01
	check "$run: unblock" xeir unblock $imei
	check "$run: a new one comes up" command_peer sgw "cause 16" create $imsi ${imei}01
	check "$run: its traffic passes" carried $imsi "5"
}

deleted() {
	is "$(xeir --json block "$imei" | jq -c '[.sessions_cut, .sessions_deleted, .deletes_unanswered]')" "$1"
}

# Both ends are asked to end it, and neither hears what it has not asked for.
ends_deleted() {
	local strays
	strays=$(count sgw "^stray: type")-$(count pgw "^stray: type")
	check "$run: what is cut is to be deleted" xeir set cut delete
	check "$run: listed: both ends answer" deleted "[1,1,0]"
	check "$run: the SGW got the request" contains "$tmp/sgw.log" "^request end $imsi"
	check "$run: the PGW got the request" contains "$tmp/pgw.log" "^request delete $imsi"
	check "$run: the session is gone" known 1 2 6
	check "$run: neither heard an answer to the other" \
		is "$(count sgw "^stray: type")-$(count pgw "^stray: type")" "$strays"
	check "$run: by drop alone again" xeir set cut drop
	check "$run: unblock" xeir unblock $imei
	check "$run: a new one comes up" command_peer sgw "cause 16" create $imsi ${imei}01
}

replayed() {
	local before
	check "$run: it ends" command_peer sgw "cause 16" delete $imsi
	before=$(count sgw "^stray: type 33")
	check "$run: its first answer comes again" tallied $retransmitted 1 eval \
		"command_peer pgw agreed replay create && poll 5 more_than $before sgw '^stray: type 33'"
	check "$run: nothing is tracked by it" known 1 2 6
	check "$run: through all that, nothing of another's was lost" is "$(lost)" "4 0"
}

restarted() {
	check "$run: echo" command_peer sgw answered echo
	check "$run: which ends nothing" xeir block $imei
	check "$run: the session is there" known 1 2 6
	check "$run: the PGW starts anew" command_peer pgw agreed restart
	check "$run: by an echo" command_peer sgw answered echo
	check "$run: unblock" xeir unblock $imei
	check "$run: its sessions are gone" known 0 0 0
}

# run_with FAMILY PGW THIRD SGW MOVED
run_with() {
	local sgw pgw
	run="$1, on $device"
	peer sgw "$access" "$2" "$4" "$5"
	sgw=$started
	peer pgw "$core" "$2" "$3"
	pgw=$started
	whole_life
	forged
	set_up
	cut
	ends_deleted
	replayed
	restarted
	# the next peers count their starts anew
	stop "$sgw"
	stop "$pgw"
	recovery=$((recovery + 2))	# the PGW has counted one
}

# run_on NAMESPACE DEVICE FAMILY...
run_on() {
	host=$1 device=$2
	check "attach both ways, on $device" xeir attach dev "$device" both
	for family in "${@:3}"; do
		case $family in
		IPv4) run_with IPv4 $core4 $pgw4 $access4 $sgw_moved4 ;;
		IPv6) run_with IPv6 $core6 $third6 $access6 $sgw_moved6 ;;
		esac
	done
	check "detach, on $device" xeir detach all --yes
}

lab_needs bpftool
lab_up
ip -n "$access" addr add $sgw_moved4/24 dev access0
ip -n "$access" addr add $sgw_moved6/64 dev access0 nodad
ip -n "$core" addr add $third6/64 dev core0 nodad

if [[ ${XEIR_BRIEF-} ]]; then
	run_on "$core" core0 IPv4
	run_on "$access" access0 IPv6
else
	run_on "$core" core0 IPv4 IPv6
	run_on "$access" access0 IPv4 IPv6
fi
cat "$tmp/gaps"
finish
