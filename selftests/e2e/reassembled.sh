#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Generated messages in real IP fragments: the hook behind reassembly, be it the module's or BPF
# netfilter's, judges each as the native build does the frame that was not fragmented.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

messages=2000

# Sources may be any address of the net, ours, too.
net() {
	ip -n "$core" addr flush dev core0
	ip -n "$core" link set core0 address 02:00:00:00:00:02 mtu 9000
	ip -n "$access" link set access0 mtu 9000
	ip -n "$core" addr add 10.99.0.128/24 dev core0
	ip -n "$core" addr add fd99::2/64 dev core0 nodad
	in_core sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.core0.rp_filter=0
}

module_is() {
	is "$(xeir --json status | jq -c '[.module, .fragments]')" "[\"$1\",\"reassembled\"]"
}

alike() {
	in_access "$selftests/e2e/reassembled_probe" "$XEIR_PINS" access0 "$1" "$messages"
}

# On loopback, so that XDP does not see the fragments, and only the hook counts.
judged_by() {
	check "$1: attach" xeir attach dev lo
	check "$1: judges fragments reassembled" module_is "$2"
	check "$1: $messages messages are judged as natively" alike 1
	check "$1: xeir set" xeir set no-imei drop malformed drop
	check "$1: the same with knobs turned" alike 2
	check "$1: xeir set" xeir set no-imei pass malformed pass
	check "$1: detach" xeir detach dev lo
}

lab_needs sysctl
lab_up
net
check "attach" xeir attach dev lo
"$selftests/e2e/reassembled_probe" list >"$tmp/list"
check "is loaded" xeir load "$tmp/list"
check "detach" xeir detach dev lo
if [[ -d /sys/module/xeir ]]; then
	judged_by "the module" bound
	check "the module is unloaded" rmmod xeir
	defer "'$root/scripts/insmod' '${XEIR_MODULE-}'"
fi
if grep -q ' bpf_nf_link_attach$' /proc/kallsyms; then
	judged_by "BPF netfilter" absent
fi
finish
