#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What status and stats say of sessions.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"

imei=35349006987331
another=35349006987332
lone=49015420323751

# answers FILTER JSON ARGUMENT...: the tool's JSON, through jq.
answers() {
	local filter=$1 json=$2
	shift 2
	xeir --json "$@" >"$tmp/out" && is "$(jq -c "$filter" "$tmp/out")" "$json"
}

said() {
	local status=$1 pattern=$2 found=0
	shift 2
	xeir "$@" >"$tmp/out" 2>&1 || found=$?
	cat "$tmp/out"
	is "$found" "$status" && says "$tmp/out" "$pattern"
}

warns() {
	xeir --json status | jq -r '.warnings[]' >"$tmp/warnings" && says "$tmp/warnings" "$1"
}

# But not of that.
is_silent_on() {
	xeir --json status | jq -r '.warnings[]' >"$tmp/warnings" && ! says "$tmp/warnings" "$1"
}

# comes_up IMEI [OPTION...]: a session by GTPv2.
comes_up() {
	gtp2_try "$pgw4" "$@" --t3 2000
	[[ $answer == accepted* ]]
}

age_is() {
	xeir set session-age "$1" && answers '."session-age"' "$2" set
}

directions() {
	check "attach, without what is sent" xeir attach dev core0 entries 20
	check "status warns that no session can be followed" \
		warns "^answers to what is received are not seen.* xeir attach dev core0 egress$"
	check "a session comes up all the same" comes_up $lone
	check "and is not followed" answers .sessions.up 0 status
	check "attach what is sent, too" xeir attach dev core0 egress
	check "takes the warning back" is_silent_on "are not seen"
}

counts() {
	local sessions='.sessions | [.up, .cut, .tunnels_cut]'

	check "a session is followed" eval "comes_up $imei && answers '$sessions' '[1,0,0]' status"
	check "and another" eval "comes_up $another && answers '$sessions' '[2,0,0]' status"
	check "status tells people too" said 0 "^sessions *2 of 1000, in [0-9.]* MiB$" status
	check "both kinds of tables take memory" answers \
		'[.sessions.memory, .sightings.memory] | map(. > 4096)' '[true,true]' status
	check "of which there is so much room" answers '[.sessions.capacity, .sightings.capacity]' \
		'[1000,2000]' status
	check "stats has them" answers '.sessions | [.started, .ended, .full, .restarts]' \
		'[2,0,0,0]' stats
	check "and for people" said 0 "^sessions started  *2$" stats
	check "and for Prometheus" said 0 "^xeir_sessions_started_total 2$" --prometheus stats
	check "the first is cut" xeir block $imei
	check "which is one session and its two tunnels" answers "$sessions" '[2,1,2]' status
	check "which Prometheus is told" said 0 "^xeir_tunnels_cut 2$" --prometheus stats
	check "freed" eval "xeir unblock $imei && answers '$sessions' '[2,0,0]' status"
}

# Commits whose sweep did not come, as those of another tool.
unjudged() {
	local sweep=$XEIR_PINS/xeir_sweep

	check "status is silent on sessions that are judged" is_silent_on "not judged by the live list"
	mv "$sweep" "$sweep-away"
	check "a change that judges no session" xeir block $imei
	check "is warned of" warns "^sessions that are up are not judged by the live list yet"
	mv "$sweep-away" "$sweep"
	check "the next one judges them" answers .sessions_cut 1 block $another action watch
	check "and all is well" is_silent_on "not judged by the live list"
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
	check "detach" xeir detach all
	check "attach with room for one session" xeir attach dev core0 both sessions 1 sightings 100
	check "which comes up" comes_up $imei
	check "is no reason to warn" is_silent_on "have been full"
	check "another one comes up, too" comes_up $another
	check "and finds no room, which status warns of" \
		warns "^the tables of sessions have been full: 1 sessions"
	check "and stats counts" answers '.sessions | [.started, .full]' '[1,1]' stats
}

why=$(lab_missing python3)
[[ -z $why ]] || skip_all "$why"
lab_up

responder_start $pgw4 "$tmp/responder"
directions
xeir detach all
check "attach both ways" xeir attach dev core0 both entries 20 sessions 1000 sightings 2000
check "a session is forgotten after 30 days" answers '."session-age"' 2592000 set
for age in 90:90 90s:90 15m:900 12h:43200 7d:604800 4294967295:4294967295; do
	check "or ${age%:*}" age_is "${age%:*}" "${age#*:}"
done
for age in 0 0d "" d 1w -1 1.5h 4294967296 49711d; do
	check "\"$age\" is no age" said 2 "found" set session-age "$age"
done
check "back to 30 days" age_is 30d 2592000
counts
unjudged
nearly_full
full
finish
