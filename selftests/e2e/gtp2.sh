#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# GTPv2 from end to end, over IPv4 and IPv6, with requests that are repeated as T3 and N3 say.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

listed=49015420323751
luhn=8
unlisted=35349006987331

# accepted ADDR IMEI TRANSMISSIONS: T3 is long, as an emulated machine may take its time.
accepted() {
	local transmissions=$3

	gtp2_try "$1" "$2" --t3 2000
	[[ $outcome == "accepted: cause 16, address 10.45.0."*", transmissions $transmissions" ]] || {
		echo "$outcome"
		return 1
	}
}

# Nothing comes back, each of the three transmissions is counted as a drop and reported as the same
# request, and none of them reaches the responder.
silent() {
	local addr=$1 imei=$2 log=$3 before arrived
	sequence=$((sequence + 1))
	before=$(dropped)
	arrived=$(grep -c "^request" "$log") || true

	gtp2_try "$addr" "$imei" --t3 100 --seq "$sequence" &&
	is "$outcome" "no response: transmissions 3" &&
	is $(($(dropped) - before)) 3 &&
	is "$(grep -c "^request" "$log")" "$arrived" &&
	poll 3 events_are 3 ".action == \"drop\" and .gtp == 2 and .type == 32 and \
		.sequence == $sequence and .imei == \"$imei\" and .imsi == \"404010123456789\""
}

echo_answered() {
	in_access "$selftests/peers/gtp2_client" --remote "$1" --echo
}

exit_is() {
	local expected=$1 found=0
	shift
	"$@" || found=$?
	is "$found" "$expected"
}

tries=0 sequence=1000

# Of Create Session Requests on core0, stopped by an IMEI entry.
attempts_are() {
	is "$(xeir --json stats | jq '[.messages[] | select(.interface == "core0" and
		.direction == "ingress" and .gtp == 2 and .type == 32 and .rule == "imei")] |
		map(.attempts, .drop) | @csv' -r)" "$1,$((3 * $1))"
}

family() {
	local family=$1 addr=$2 log=$tmp/responder$1

	responder_start "$addr" "$log" 1
	check "$family: an unlisted handset is accepted, at the second sending as the first is lost" \
		accepted "$addr" ${unlisted}0 2
	check "$family: the responder knows the second sending for the same request" \
		is "$(grep -c "^request again" "$log")" 1
	check "$family: a request without IMEI is accepted" \
		in_access "$selftests/peers/gtp2_client" --remote "$addr"
	check "$family: 15 digits with a spare 0: three transmissions, three drops" \
		silent "$addr" ${listed}0 "$log"
	check "$family: 15 digits with the check digit" silent "$addr" $listed$luhn "$log"
	check "$family: 16 digits" silent "$addr" ${listed}42 "$log"
	check "$family: 14 digits" silent "$addr" $listed "$log"
	check "$family: echo is answered" echo_answered "$addr"
	check "$family: three transmissions were one attempt each time" attempts_are $((tries += 4))
	check "$family: as the entry has it too" \
		is "$(xeir --json list | jq '.[0].attempts')" $tries
	check "$family: unblock" xeir unblock $listed
	check "$family: the handset is accepted again" accepted "$addr" $listed 1
	check "$family: block" xeir block $listed
	check "$family: the model's other handsets are accepted" \
		accepted "$addr" ${listed:0:8}9999990 1
}

attach_other() {
	ip -n "$core" link set dev core0 xdp object "$selftests/e2e/someone_else.bpf.o" section xdp
}

refused_by_name() {
	exit_is 4 xeir attach dev core0 >"$tmp/refused" 2>&1 &&
	contains "$tmp/refused" someone_else
}

# shellcheck disable=SC2119 # no more tools than the laboratory itself needs
lab_needs
lab_up

check "another XDP program is attached" attach_other
check "attach is refused with the name of that program" refused_by_name
ip -n "$core" -d link show core0 >"$tmp/link"
check "and leaves it there" contains "$tmp/link" someone_else
ip -n "$core" link set dev core0 xdp off

check "attach" xeir attach dev core0
check "the list is reached by $(lab_transport)" \
	is "$(xeir --json status | jq -r .transport)" "$(lab_transport)"
check "block" xeir block $listed$luhn
monitor_start
family IPv4 $pgw4
family IPv6 $core6
check "detach" xeir detach dev core0
check "IPv4: nobody is stopped after detach" accepted $pgw4 $listed 1
check "IPv6: nobody is stopped after detach" accepted $core6 $listed 1
finish
