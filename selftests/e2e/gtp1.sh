#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# GTPv1 from end to end: the real GGSN behind an interface with xeir attached, and the real client.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

directive=$root/examples/directive-28200.csv
listed=$(awk -F, 'NR == 2 { print substr($1, 1, 14) }' "$directive")
unlisted=35349006987331

accepted() {
	gtp1_try "$1"
	[[ $outcome == "accepted, address 172.16.222."*", 2 pings answered" ]] || {
		echo "$outcome"
		return 1
	}
}

# Nothing comes back, and one drop more is counted.
silent() {
	local before
	before=$(dropped)

	gtp1_try "$1" &&
	is "$outcome" "no response" &&
	is $(($(dropped) - before)) 1
}

lab_needs osmo-ggsn sgsnemu stdbuf
lab_up
ggsn_start

check "attach" xeir attach dev core0
check "the list is reached by $(lab_transport)" \
	is "$(xeir --json status | jq -r .transport)" "$(lab_transport)"
check "28,200 handsets are added" \
	is "$(xeir --json load "$directive" | jq .added)" 28200
monitor_start

check "an unlisted handset gets a context, and its pings pass" accepted ${unlisted}53
check "a listed handset gets no response" silent "${listed}53"
check "whatever its software version" silent "${listed}00"
check "the GGSN has seen the unlisted one alone" is "$(ggsn_contexts)" 1
check "each drop is reported" poll 3 events_are 2 ".action == \"drop\" and .rule == \"imei\" and \
	.gtp == 1 and .type == 16 and (.imei | startswith(\"$listed\"))"
check "with the numbers of the subscriber" \
	events_are 2 '.action == "drop" and (.imsi | startswith("2400101")) and
		(.msisdn | endswith("46702123456"))'
check "echo is answered all the same" \
	contains "$tmp/sgsnemu-3.log" "Received echo response"

check "unblock" xeir unblock "$listed"
check "the handset gets its context again" accepted "${listed}53"
check "block" xeir block "$listed"
check "and gets no response again" silent "${listed}53"
check "block a model" xeir block --yes tac ${unlisted:0:8}
check "a handset of that model gets no response" silent ${unlisted}53
check "flush" xeir flush
check "nobody is stopped by an empty list" accepted "${listed}53"
check "block before detach" xeir block "$listed"
check "detach" xeir detach dev core0
check "nobody is stopped after detach" accepted "${listed}53"
finish
