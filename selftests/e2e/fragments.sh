#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Messages in IP fragments. With the module, or by BPF netfilter, they are judged once reassembled;
# without, by their first fragment and the knob.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=selftests/lib/lib_fragments.sh
. "$(dirname "$0")/../lib/lib_fragments.sh"

ping_arrives() {
	in_access ping -q -c 1 -W 5 -s 4000 "$to"
}

status_fragments() {
	is "$(xeir --json status | jq -r .fragments)" "$1"
}

warned() {
	xeir status >"$tmp/status" && contains "$tmp/status" "^warning: .* fragments passed"
}

not_warned() {
	! warned
}

# Of N fragments, the last first.
reversed() {
	seq -s, $(($1 - 1)) -1 0
}

judged_whole() {
	check "$1: a listed IMEI in the second fragment" told_apart
	check "$1: in the first" told_apart --early
	check "$1: out of order" told_apart --order 1,0
	check "$1: each fragment twice" told_apart --order 0,0,1,1
	check "$1: in 11 fragments, the last first" told_apart --octets 64 --order "$(reversed 11)"
	check "$1: fragments of 8 octets, the IMEI in pieces" told_apart --octets 8
	check "$1: a lawful IMEI over the listed one does not hide it" \
		told_apart --order 1,1/,0 --other "$lawful"
	check "$1: overlapping fragments are lost, listed" stopped 0 "$listed" --order "0,1<"
	check "$1: and lawful" stopped 0 "$lawful" --order "0,1<"
	check "$1: the last fragment alone, and its beginning too early" \
		stopped 0 "$listed" --order "1,1<,0"
}

# What the hook must give back to the stack as it came.
untouched() {
	check "$1: fragments to another port arrive" other_port_arrives
	check "$1: fragments of ICMP arrive" ping_arrives
}

extension_headers() {
	check "hop-by-hop options in front of the fragment header$1" told_apart --hop-by-hop
	check "the same, the last fragment first" told_apart --hop-by-hop --order 1,0
	check "fragments of fragments are lost" stopped 0 "$listed" --nested
}

options_in_front() {
	check "destination options in front of the fragment header" told_apart --options
	check "the same, the last fragment first" told_apart --options --order 1,0
}

# The kernel's own reassembly in front of netfilter takes such a packet's first header for UDP.
options_lost() {
	check "destination options in front of the fragment header: a listed IMEI is stopped" \
		stopped 1 "$listed" --options
	check "but the lawful one is lost too" stopped 0 "$lawful" --options
}

# Without a hook: what the first fragment shows, or the knob.
judged_first() {
	check "$1: a listed IMEI in the first fragment" told_apart --early
	check "$1: in the second it passes" arrives "$listed"
	check "$1: out of order too" arrives "$listed" --order 1,0
	check "$1: xeir set fragment drop" xeir set fragment drop
	check "$1: then such a message is dropped" stopped 1 "$listed"
	check "$1: xeir set fragment pass" xeir set fragment pass
}

unload() {
	rmmod xeir
}

has_bpf_netfilter() {
	grep -q ' bpf_nf_link_attach$' /proc/kallsyms
}

# How many hooks of ours are pinned.
hooks_are() {
	is "$(find "$XEIR_PINS" -name 'nf[46]-*' | wc -l)" "$1"
}

judged_by_bpf_netfilter() {
	check "attach puts up the hooks of BPF netfilter" xeir attach dev core0
	check "which are two, pinned" hooks_are 2
	check "status: fragments are judged reassembled, no module" status_fragments reassembled
	each_family judged_whole ", BPF netfilter"
	each_family untouched ", BPF netfilter"
	extension_headers ", BPF netfilter"
	options_lost
	check "detach takes the hooks down" detached_hooks
	check "attach puts them up again" xeir attach dev core0
	check "and a listed IMEI in the second fragment is found" told_apart
}

detached_hooks() {
	xeir detach dev core0 &&
	hooks_are 0 &&
	status_fragments first &&
	arrives "$listed"
}

lab_needs ping
lab_up
receivers_start
check "attach" xeir attach dev core0
check "block" xeir block "$listed"

loaded=
if [[ -d /sys/module/xeir ]]; then
	loaded=1
	check "the module has no other hooks next to it" hooks_are 0
	check "status: fragments are judged reassembled" status_fragments reassembled
	each_family judged_whole ""
	each_family untouched ""
	extension_headers ""
	options_in_front
	check "status warns of no fragments" not_warned
	check "the module is unloaded" unload
	defer "'$root/scripts/insmod' '${XEIR_MODULE-}'"
fi
if [[ $loaded ]] || ! has_bpf_netfilter; then
	check "status: fragments are judged by the first" status_fragments first
	each_family judged_first ", no module"
	each_family untouched ", no module"
	check "status warns of the fragments that passed" warned
fi
if has_bpf_netfilter; then
	judged_by_bpf_netfilter
fi
check "detach" xeir detach dev core0
finish
