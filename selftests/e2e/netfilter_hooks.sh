#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The hooks of BPF netfilter next to others: those of another network namespace that shares the
# pins, and the module's.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

listed=490154203237518
lawful=353490069873310
other=$core-other
seq=0

in_other() {
	"$in_netns" "$other" "$root/userspace/xeir" "$@"
}

other_up() {
	ip netns add "$other"
	defer "ip netns del $other"
	ip link add access1 netns "$access" type veth peer name core1 netns "$other"
	ip -n "$access" addr add 10.98.0.1/24 dev access1
	ip -n "$access" link set access1 up
	ip -n "$other" addr add 10.98.0.2/24 dev core1
	ip -n "$other" link set core1 up
	start "$tmp/other" "$other" "$selftests/peers/gtp2_responder" 10.98.0.2
	poll 5 contains "$tmp/other" "^ready"
}

# send NET IMEI: a request in two fragments, the IMEI in the second, under its own number, $seq.
send() {
	seq=$((seq + 1))
	in_access "$selftests/peers/fragment_send" --from "$1.1" --to "$1.2" --imei "$2" --seq "$seq"
}

log_of() {
	if [[ $1 == 10.98.0 ]]; then
		echo "$tmp/other"
	else
		echo "$tmp/core"
	fi
}

arrives() {
	send "$@" && poll 5 contains "$(log_of "$1")" "sequence $seq\$"
}

count() {
	xeir --json stats | jq ".rules.${1//-/_}.$2"
}

# The listed request is dropped, its lawful twin arrives, and each is counted once.
judged() {
	local drops passes sent

	drops=$(count imei drop) passes=$(count not-listed pass)
	send "$1" "$listed" && sent=$seq &&
	arrives "$1" "$lawful" &&
	! contains "$(log_of "$1")" "sequence $sent\$" &&
	is "$(($(count imei drop) - drops)) $(($(count not-listed pass) - passes))" "1 1"
}

not_judged() {
	arrives "$1" "$listed"
}

# Listed requests, one after another, until the file is gone.
send_on() {
	while [[ -e $tmp/go ]]; do
		send 10.99.0 "$listed"
	done
}

attach_under_fire() {
	local sender before

	before=$(grep -c "IMEI $listed" "$tmp/core")
	touch "$tmp/go"
	send_on &
	sender=$!
	xeir attach dev core0
	rm "$tmp/go"
	wait "$sender"
	is "$(grep -c "IMEI $listed" "$tmp/core")" "$before"
}

hooks_are() {
	is "$(find "$XEIR_PINS" -name 'nf[46]-*' | wc -l)" "$1"
}

# state_is MODULE FRAGMENTS
state_is() {
	is "$(xeir --json status | jq -r '"\(.module) \(.fragments)"')" "$1"
}

shared_pins() {
	check "attach in one namespace" xeir attach dev core0
	check "attach in another, with the same pins" in_other attach dev core1
	check "each has its two hooks" hooks_are 4
	check "which judge in the one" judged 10.99.0
	check "and in the other" judged 10.98.0
	check "detach in the other" in_other detach dev core1
	check "leaves the one's hooks" judged 10.99.0
	check "takes down its own" hooks_are 2
	check "and nothing is judged there" not_judged 10.98.0
	check "attach in the other again" in_other attach dev core1
	check "detach in the one" xeir detach dev core0
	check "leaves the other's hooks" judged 10.98.0
	check "detach in the other" in_other detach dev core1
	check "takes down the last" hooks_are 0
	check "nothing is judged in the one" not_judged 10.99.0
	check "nor in the other" not_judged 10.98.0
}

module_takes_over() {
	check "attach without the module" xeir attach dev core0
	check "BPF netfilter has the fragments" state_is "absent reassembled"
	check "and judges them" judged 10.99.0
	check "the module is loaded" "$root/scripts/insmod" "$XEIR_MODULE"
	check "BPF netfilter still has them" state_is "loaded reassembled"
	check "and judges them" judged 10.99.0
	check "attach hands the list to the module, and no listed IMEI passes meanwhile" \
		attach_under_fire
	check "which has the fragments" state_is "bound reassembled"
	check "alone" hooks_are 0
	check "and judges them" judged 10.99.0
	check "the module is unloaded" rmmod xeir
	check "the first fragment is judged" state_is "absent first"
	check "a listed IMEI behind it passes" not_judged 10.99.0
	check "attach gives them to BPF netfilter again" xeir attach dev core0
	check "which has the fragments" state_is "absent reassembled"
	check "and judges them" judged 10.99.0
	check "detach" xeir detach dev core0
}

grep -q ' bpf_nf_link_attach$' /proc/kallsyms || skip_all "this kernel has no BPF netfilter"
lab_needs ip
lab_up
other_up
responder_start "$core4" "$tmp/core"
module=
if [[ -d /sys/module/xeir ]]; then
	module=1
	check "the module is unloaded" rmmod xeir
	defer "[ -d /sys/module/xeir ] || '$root/scripts/insmod' '$XEIR_MODULE'"
fi
check "attach" xeir attach dev core0
check "block" xeir block "$listed"
check "detach" xeir detach dev core0
shared_pins
[[ ! $module ]] || module_takes_over
finish
