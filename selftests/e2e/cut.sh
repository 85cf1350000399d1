#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A session that is up ends when its handset is listed: the real GGSN, the real client, and its
# pings through the tunnel.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

imei=35349006987331
another=35349006987332

pings() {
	grep -c "bytes from $gateway" "$log" || true
}

# More answers than there were.
answered_again() {
	local before
	before=$(pings)
	poll 30 eval "((\$(pings) > $before + 3))"
}

stopped() {
	xeir --json stats | jq .rules.session.drop
}

# stops N: that many more of its packets
stops() {
	local before
	before=$(stopped)
	poll 30 eval "((\$(stopped) >= $before + $1))"
}

# Not one answer more while further pings are stopped. Answers to earlier pings come before those.
is_cut() {
	local before
	stops 3 && before=$(pings) && stops 20 && is "$(pings)" "$before"
}

is_counted() {
	(($(stopped) > 0))
}

# Without the tool: the module sees to it.
module_cuts() {
	check "flush" xeir flush
	check "gives it back" answered_again
	check "another client lists its handset, and one session is cut" \
		is "$(in_core "$selftests/netlink/commit_probe" "$imei")" "1 cut, 0 freed"
	check "which cuts it" is_cut
	check "flush" xeir flush
	check "gives it back" answered_again
	in_core "$selftests/netlink/commit_probe" "$imei" die 2>/dev/null || true
	check "so does a client that is killed once it has sent COMMIT" is_cut
}

lab_needs osmo-ggsn sgsnemu stdbuf
lab_up
ggsn_start

check "attach both ways" xeir attach dev core0 both
check "a session comes up, and its pings pass" session_start ${imei}53 240010123456701
check "they go on" answered_again
check "another's handset is listed" xeir block $another
check "which changes nothing" answered_again
check "its own is, and one session is cut" \
	is "$(xeir --json block $imei | jq .sessions_cut)" 1
check "no packet passes any more" is_cut
check "what was stopped is counted" is_counted
check "unblock frees it" is "$(xeir --json unblock $imei | jq .sessions_freed)" 1
check "with all its tunnels" is "$(xeir --json status | jq .sessions.tunnels_cut)" 0
check "its pings are answered again" answered_again
check "its model is listed" is "$(xeir --json block --yes tac ${imei:0:8} | jq .sessions_cut)" 1
check "which cuts it" is_cut
check "an exception for its SIM" xeir except add $imei imsi 240010123456701
check "gives it back" answered_again
check "flush" xeir flush
check "the SIM is listed" is "$(xeir --json block imsi 240010123456701 | jq .sessions_cut)" 1
check "which cuts it" is_cut
check "enforcement off" xeir enforce off
check "gives it back" answered_again
check "and on" xeir enforce on
check "cuts it" is_cut
check "flush" xeir flush
check "gives it back" answered_again
check "the number is listed" is "$(xeir --json block msisdn 46702123456 | jq .sessions_cut)" 1
check "which cuts it" is_cut
if [[ $(lab_transport) == netlink ]]; then
	module_cuts
else
	echo "ok $((tests += 1)) - another client cuts too # SKIP needs the module"
fi
client_kill
check "flush" xeir flush
check "a new session comes up" session_start ${imei}53 240010123456701
client_kill
finish
