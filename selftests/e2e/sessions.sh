#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Sessions as xeir shows them, against what tshark reads in their set-up: the real GGSN and client,
# and our own peers of GTPv2. What status and stats say of them.
# shellcheck disable=SC2016,SC2317 # for awk to expand; functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=selftests/lib/lib_capture.sh
. "$(dirname "$0")/../lib/lib_capture.sh"

imei=35349006987331
another=35349006987332
lone=49015420323751

# But not of that.
is_silent_on() {
	xeir --json status | jq -r '.warnings[]' >"$tmp/warnings" && ! contains "$tmp/warnings" "$1"
}

# comes_up IMEI [OPTION...]: a session by GTPv2.
comes_up() {
	gtp2_try "$pgw4" "$@" --t3 2000
	[[ $outcome == accepted* ]]
}

age_is() {
	xeir set session-age "$1" && prints_json .session_age "$2" set
}

# shows N ARGUMENT...: so many sessions are, and in both forms.
shows() {
	local n=$1
	shift
	prints_json length "$n" sessions "$@" && xeir sessions "$@" >"$tmp/out" &&
	is "$(tail -n +2 "$tmp/out" | wc -l)" "$n"
}

# --- what the peers say to each other --------------------------------------------------------

# It deletes its context before it ends.
session_end() {
	kill -INT "$client" && poll 10 contains "$log" "Received delete PDP context response"
}

# The ends of the handset's session are those in $tmp/ends: a line of the TEIDs and addresses of
# each message, of the control tunnel first.
ends_are() {
	local control user addresses

	is "$(wc -l <"$tmp/ends")" 2 || return 1
	xeir --json sessions "$1" | jq -r '.[] |
		[.requester, .bearers[0].access], [.responder, .bearers[0].anchor] |
		"\(map(.teid) | join(" ")) \(map(.ipv4) | join(","))"' |
		while read -r control user addresses; do
			printf '0x%08x,0x%08x,%s\n' "$control" "$user" "$addresses"
		done | diff - "$tmp/ends"
}

# of_gtpv1: TEIDs and addresses of the session are those of request (16) and response (17).
of_gtpv1() {
	capture_read ip gtp.message gtp.teid_cp gtp.teid_data gtp.gsn_ipv4 &&
	read_where '$1 == "0x10" || $1 == "0x11" { print $2 "," $3 "," $4 }' >"$tmp/ends" &&
	ends_are "$imei"
}

# of_gtpv2 IMEI IMSI: those of request (32) and response (33), control before bearer in each.
of_gtpv2() {
	read_where '$1 == 32 && $3 == imsi { sequence = $2 }
		($1 == 32 || $1 == 33) && $2 == sequence { print $4 "," $5 }' -v imsi="$2" >"$tmp/ends" &&
	ends_are "$1"
}

# A peer at $pgw4 that answers Echo Requests and counts another start than the responder.
restarted_start() {
	start "$tmp/restarted" "$core" python3 -uc "
import socket
peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
peer.bind(('$pgw4', 2123))
print('ready')
while True:
	request, sender = peer.recvfrom(2048)
	peer.sendto(bytes((0x40, 2, 0, 9)) + request[4:8] + bytes((3, 0, 1, 0, 7)), sender)"
	poll 60 contains "$tmp/restarted" ready
}

echo_answered() {
	in_access "$selftests/peers/gtp2_client" --remote "$pgw4" --echo --t3 2000
}

# --- the tests -------------------------------------------------------------------------------

real_peers() {
	ggsn_start
	check "a session of the real client comes up" session_start ${imei}53 \
		240010123456701 --rattype 1
	check "and is shown" prints_json \
		'map([.imei, .svn, .imsi, .msisdn, .apn, .rat, .gtp, .ebi, .cut, .emergency])' \
		"[[\"$imei\",\"53\",\"240010123456701\",\"46702123456\",\"internet\",\"UTRAN\",1,0,null,false]]" \
		sessions
	check "with the tunnels that tshark reads" of_gtpv1
	check "one bearer, with two ends" prints_json '.[0].bearers | map([.ebi, .core, .direct])' \
		'[[0,null,null]]' sessions
	check "its peers" prints_json 'map([.requester.peer, .responder.peer])' \
		"[[\"$access4\",\"$core4\"]]" sessions
	check "and its times" prints_json 'map([.started, .last_seen] | map(fromdate) |
		.[0] <= .[1] and .[0] > now - 100 and .[1] < now + 1)' '[true]' sessions
	check "a table has a head" prints 0 "^IMEI  *IMSI  *MSISDN  *APN  *GTP  *RAT  *REQUESTER" \
		sessions
	check "and a row" prints 0 \
		"^$imei  240010123456701  46702123456 *internet *1  UTRAN *$access4 *$core4 *1 .*Z *-$" \
		sessions
	check "listed" xeir block $imei
	check "it is cut" prints_json 'map(.cut)' '["drop"]' sessions
	check "which people see too" prints 0 " cut$" sessions
	check "free" eval "xeir unblock $imei && prints_json 'map(.cut)' '[null]' sessions"
	check "the client ends it" session_end
	check "and it is shown no more" shows 0
	check "as stats counts" prints_json '.sessions | [.started, .ended]' '[1,1]' stats
}

filters() {
	capture_start "udp"
	check "two sessions of GTPv2" eval "comes_up $another --imsi 404010123456701 &&
		comes_up $lone --imsi 404010123456702 --msisdn 919812345679 --apn corp.example"
	check "are shown" shows 2
	check "tshark reads them" capture_read ip gtpv2.message_type gtpv2.seq e212.imsi \
		gtpv2.f_teid_gre_key gtpv2.f_teid_ipv4
	check "with the same tunnels" of_gtpv2 $another 404010123456701
	check "each with its own" of_gtpv2 $lone 404010123456702
	check "by IMEI" prints_json 'map(.imsi)' '["404010123456702"]' sessions imei $lone
	check "with its check digit" shows 1 ${lone}8
	check "as an IMEISV" shows 1 ${lone}99
	check "by model" shows 1 tac ${another:0:8}
	check "by IMSI" shows 1 imsi 404010123456701
	check "by two of them" shows 2 imsi 404010123456701 404010123456702
	check "by MSISDN" prints_json 'map(.imei)' "[\"$lone\"]" sessions msisdn +919812345679
	check "by APN" shows 1 apn CORP.example
	check "which is more than a part of it" shows 0 apn corp
	check "by peer" shows 2 peer $access4
	check "at the other end" shows 2 peer $pgw4
	check "which another is not" shows 0 peer $core4
	check "nor IPv6" shows 0 peer $access6
	check "all words hold" shows 1 peer $access4 apn corp.example internet msisdn 919812345679
	check "or none is shown" shows 0 apn internet imsi 404010123456702
	check "with the operator's part" comes_up $imei --imsi 404010123456703 \
		--apn ims.mnc001.mcc404.gprs
	check "an APN is found without" shows 1 apn ims
	check "and the complete APN" shows 1 apn ims.mnc001.mcc404.gprs
	check "an emergency" eval "comes_up $imei --imsi 404010123456704 --apn sos &&
		prints_json 'map(.emergency)' '[true]' sessions apn sos"
	check "is reported" prints 0 " emergency$" sessions apn sos
}

bad_filters() {
	check "no IMEI" prints 2 "^xeir: IMEI \"123\": found 3 digits, expected 14, 15 or 16 digits" \
		sessions imei 123
	check "a wrong check digit" prints 2 "found check digit 7, expected 8" sessions ${lone}7
	check "no IMSI" prints 2 "^xeir: IMSI \"12345\": found 5 digits" sessions imsi 12345
	check "no MSISDN" prints 2 "^xeir: MSISDN \"x\": found" sessions msisdn x
	check "no TAC" prints 2 "^xeir: TAC \"1\": found 1 digit" sessions tac 1
	check "no APN" prints 2 "^xeir: apn: found \"a b\", expected a name" sessions apn "a b"
	check "no address" prints 2 "^xeir: peer: found \"10.0.0\", expected an IPv4 or IPv6 address" \
		sessions peer 10.0.0
	check "a word without a value" prints 2 "^xeir: apn needs a value" sessions apn
	check "what follows a word is its value" shows 0 apn peer
	check "no sessions without programs" prints 4 "nothing is attached" \
		--pins "$XEIR_PINS-elsewhere" sessions
}

ages() {
	local age

	check "a session is forgotten after 30 days" prints_json .session_age 2592000 set
	for age in 90:90 90s:90 15m:900 12h:43200 7d:604800 4294967295:4294967295; do
		check "or ${age%:*}" age_is "${age%:*}" "${age#*:}"
	done
	for age in 0 0d "" d 1w -1 1.5h 4294967296 49711d; do
		check "\"$age\" is no age" prints 2 "found" set session-age "$age"
	done
	check "back to 30 days" age_is 30d 2592000
}

# would_cut N: what a directive of all models here would.
would_cut() {
	prints_json .preview.sessions "$1" --dry-run --yes load "$tmp/models.csv"
}

over() {
	printf 'tac\n%s\n%s\n' ${imei:0:8} ${lone:0:8} >"$tmp/models.csv"
	check "four sessions" shows 4
	check "of which a directive would cut all but the emergency" would_cut 3
	check "an age of a second" xeir set session-age 1
	check "is soon over" poll 5 shows 0
	check "and a directive would cut none" would_cut 0
	# the module sweeps by itself
	[[ $(lab_transport) == netlink ]] ||
		check "their room is theirs until a change" prints_json .sessions.up 4 status
	check "comes" eval "xeir block $lone && prints_json .sessions.up 0 status"
	check "30 days again" xeir set session-age 30d
	check "flush" xeir flush
	check "a session" eval "comes_up $imei && shows 1"
	check "an echo of the same start" echo_answered
	check "leaves it" shows 1
	check "to be cut" would_cut 1
	stop "$responder"
	restarted_start
	check "one of another start" echo_answered
	check "ends it" shows 0
	check "and leaves nothing to cut" would_cut 0
	check "as stats counts" prints_json .sessions.restarts 1 stats
	stop "$started"
}

directions() {
	check "attach, without what is sent" xeir attach dev core0 entries 20
	check "status warns that no session can be followed" \
		warns "^responses to messages received are not seen.* xeir attach dev core0 egress$"
	check "a session comes up all the same" comes_up $lone
	check "and is not followed" prints_json .sessions.up 0 status
	check "attach what is sent, too" xeir attach dev core0 egress
	check "takes the warning back" is_silent_on "are not seen"
}

counts() {
	local sessions='.sessions | [.up, .cut, .tunnels_cut]'

	check "a session is followed" eval "comes_up $imei && prints_json '$sessions' '[1,0,0]' status"
	check "and another" eval "comes_up $another && prints_json '$sessions' '[2,0,0]' status"
	check "status prints it for people" prints 0 "^sessions *2 of 1000, in [0-9.]* MiB$" status
	check "both kinds of tables take memory" prints_json \
		'[.sessions.memory, .sightings.memory] | map(. > 4096)' '[true,true]' status
	check "of which there is so much room" prints_json '[.sessions.capacity, .sightings.capacity]' \
		'[1000,2000]' status
	check "stats has them" prints_json '.sessions | [.started, .ended, .full, .restarts]' \
		'[2,0,0,0]' stats
	check "and for people" prints 0 "^sessions started  *2$" stats
	check "and for Prometheus" prints 0 "^xeir_sessions_started_total 2$" --prometheus stats
	check "the first is cut" xeir block $imei
	check "which is one session and its two tunnels" prints_json "$sessions" '[2,1,2]' status
	check "and for people" prints 0 "^cut *1 session by the last change, 2 tunnels now$" status
	check "and Prometheus" prints 0 "^xeir_tunnels_cut 2$" --prometheus stats
	check "freed" eval "xeir unblock $imei && prints_json '$sessions' '[2,0,0]' status"
}

# Commits whose sweep did not come, as those of another tool. The module sweeps by itself.
unjudged() {
	local sweep=$XEIR_PINS/xeir_sweep

	check "status is silent on sessions that are judged" is_silent_on "not checked by the enforced list"
	mv "$sweep" "$sweep-away"
	check "a change by a tool that finds no sweep" xeir block $imei
	if [[ $(lab_transport) == bpf ]]; then
		check "is warned of" warns "^active sessions are not checked by the enforced list yet"
	else
		check "is swept by the module" is_silent_on "not checked by the enforced list"
	fi
	mv "$sweep-away" "$sweep"
	check "the next one judges them" prints_json .sessions_cut 1 block $another action watch
	check "and all is well" is_silent_on "not checked by the enforced list"
}

nearly_full() {
	seq -f "350000000%05g" 1 16 >"$tmp/directive"
	check "a list of 18 of 20" xeir load "$tmp/directive"
	check "is not nearly full" is_silent_on "the list is nearly full"
	check "19 of them" xeir block ${lone}
	check "are" warns "^the list is nearly full: 19 of 20 entries"
	check "flush" xeir flush
}

full() {
	check "detach" forget_all
	check "attach with room for one session" xeir attach dev core0 both sessions 1 sightings 100
	check "which comes up" comes_up $imei
	check "is no reason to warn" is_silent_on "session tables were full"
	check "another one comes up, too" comes_up $another
	check "and finds no room, which status warns of" \
		warns "^the session tables were full: 1 sessions"
	check "and stats counts" prints_json '.sessions | [.started, .full]' '[1,1]' stats
}

lab_needs osmo-ggsn sgsnemu stdbuf tshark dumpcap python3
lab_up
capture_start "udp"
responder_start $pgw4 "$tmp/responder"
responder=$started
directions
forget_all
check "attach both ways" xeir attach dev core0 both entries 20 sessions 1000 sightings 2000
check "no session, no row" eval "shows 0 && [[ ! -s $tmp/out ]]"
real_peers
filters
[[ ${XEIR_BRIEF-} ]] || bad_filters
over
forget_all
responder_start $pgw4 "$tmp/responder"
xeir attach dev core0 both entries 20 sessions 1000 sightings 2000
[[ ${XEIR_BRIEF-} ]] || ages
counts
unjudged
nearly_full
full
finish
