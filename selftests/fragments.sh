#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Messages in IP fragments. With the module, or by BPF netfilter, they are judged as a whole;
# without, by their first fragment and the knob.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"

listed=490154203237518
lawful=353490069873310
seq=0

# Send a request under a sequence number of its own, $seq, with the IMEI $1.
fragments() {
	local imei=$1
	shift
	seq=$((seq + 1))
	in_access "$root/selftests/fragment_send" --from "$from" --to "$to" --imei "$imei" \
		--seq "$seq" "$@"
}

arrived() {
	says "$log" "IMEI $1, sequence $2\$"
}

arrives() {
	fragments "$@" && poll 5 arrived "$1" "$seq"
}

# What was sent under $1 has not arrived, and a lawful one that was sent behind it has.
kept_out() {
	local sent=$1

	arrives "$lawful" &&
	! says "$log" "sequence $sent\$"
}

# The request does not arrive, as it is dropped; its lawful twin arrives.
stopped() {
	local before sent
	before=$(dropped)

	fragments "$listed" "$@" && sent=$seq &&
	arrives "$lawful" "$@" &&
	! says "$log" "sequence $sent\$" &&
	is $(($(dropped) - before)) 1
}

# Nobody receives it, whatever the list says.
lost() {
	local before sent
	before=$(dropped)

	fragments "$@" && sent=$seq &&
	kept_out "$sent" &&
	is $(($(dropped) - before)) 0
}

# no_ports: datagrams of the family that came to a port where nobody listens.
no_ports() {
	# shellcheck disable=SC2016 # for awk to fill in
	if [[ $to == *:* ]]; then
		in_core awk '$1 == "Udp6NoPorts" {print $2}' /proc/net/snmp6
	else
		in_core awk '$1 == "Udp:" && $2 != "InDatagrams" {print $3}' /proc/net/snmp
	fi
}

more_no_ports() {
	(($(no_ports) > $1))
}

other_port_arrives() {
	local before
	before=$(no_ports)

	fragments "$listed" --port 9999 && poll 5 more_no_ports "$before"
}

ping_arrives() {
	in_access ping -q -c 1 -W 5 -s 4000 "$to"
}

says_fragments() {
	is "$(xeir --json status | jq -r .fragments)" "$1"
}

warned() {
	xeir status >"$tmp/status" && says "$tmp/status" "^warning: .* fragments passed"
}

not_warned() {
	! warned
}

# Of N fragments, the last first.
reversed() {
	seq -s, $(($1 - 1)) -1 0
}

judged_whole() {
	check "$1: a listed IMEI in the second fragment" stopped
	check "$1: in the first" stopped --early
	check "$1: out of order" stopped --order 1,0
	check "$1: each fragment twice" stopped --order 0,0,1,1
	check "$1: in 11 fragments, the last first" stopped --octets 64 --order "$(reversed 11)"
	check "$1: fragments of 8 octets, the IMEI in pieces" stopped --octets 8
	check "$1: a lawful IMEI over the listed one does not hide it" \
		stopped --order 1,1/,0 --other "$lawful"
	check "$1: overlapping fragments are lost, listed" lost "$listed" --order "0,1<"
	check "$1: and lawful" lost "$lawful" --order "0,1<"
	check "$1: the last fragment alone, and its beginning too early" \
		lost "$listed" --order "1,1<,0"
}

# What the hook must give back to the stack as it came.
untouched() {
	check "$1: fragments to another port arrive" other_port_arrives
	check "$1: fragments of ICMP arrive" ping_arrives
}

extension_headers() {
	check "hop-by-hop options in front of the fragment header$1" stopped --hop-by-hop
	check "the same, the last fragment first" stopped --hop-by-hop --order 1,0
	check "fragments of fragments are lost" lost "$listed" --nested
}

options_in_front() {
	check "destination options in front of the fragment header" stopped --options
	check "the same, the last fragment first" stopped --options --order 1,0
}

# The kernel's own reassembly in front of netfilter takes such a packet's first header for UDP.
options_lost() {
	check "destination options in front of the fragment header: a listed IMEI is stopped" found --options
	check "but the lawful one is lost too" lost "$lawful" --options
}

# As stopped, without the twin.
found() {
	local before sent
	before=$(dropped)

	fragments "$listed" "$@" && sent=$seq &&
	kept_out "$sent" &&
	is $(($(dropped) - before)) 1
}

# Without a hook: what the first fragment shows, or the knob.
judged_first() {
	check "$1: a listed IMEI in the first fragment" stopped --early
	check "$1: in the second it passes" arrives "$listed"
	check "$1: out of order too" arrives "$listed" --order 1,0
	check "$1: xeir set fragment drop" xeir set fragment drop
	check "$1: then such a message is dropped" drops_by_knob
	check "$1: xeir set fragment pass" xeir set fragment pass
}

drops_by_knob() {
	local before sent
	before=$(dropped)

	fragments "$listed" && sent=$seq &&
	xeir set fragment pass &&
	kept_out "$sent" &&
	(($(dropped) > before))
}

family4() {
	from=$access4 to=$pgw4 log=$tmp/responder4
}

family6() {
	from=$access6 to=$core6 log=$tmp/responder6
}

each_family() {
	family4
	"$1" "IPv4$2"
	family6
	"$1" "IPv6$2"
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
	check "status: fragments are judged as a whole, no module" says_fragments whole
	each_family judged_whole ", BPF netfilter"
	each_family untouched ", BPF netfilter"
	extension_headers ", BPF netfilter"
	options_lost
	check "detach takes the hooks down" detached_hooks
	check "attach puts them up again" xeir attach dev core0
	check "and a listed IMEI in the second fragment is found" stopped
}

detached_hooks() {
	xeir detach dev core0 &&
	hooks_are 0 &&
	says_fragments first &&
	arrives "$listed"
}

why=$(lab_missing ping)
[[ -z $why ]] || skip_all "$why"
lab_up
for family in 4 6; do
	"family$family"
	responder_start "$to" "$log"
done
check "attach" xeir attach dev core0
check "block" xeir block "$listed"

loaded=
if [[ -d /sys/module/xeir ]]; then
	loaded=1
	check "the module has no other hooks beside it" hooks_are 0
	check "status: fragments are judged as a whole" says_fragments whole
	each_family judged_whole ""
	each_family untouched ""
	extension_headers ""
	options_in_front
	check "status warns of no fragments" not_warned
	check "the module is unloaded" unload
	defer "'$root/scripts/insmod' '${XEIR_MODULE-}'"
fi
if [[ $loaded ]] || ! has_bpf_netfilter; then
	check "status: fragments are judged by the first" says_fragments first
	each_family judged_first ", no module"
	each_family untouched ", no module"
	check "status warns of the fragments that passed" warned
fi
if has_bpf_netfilter; then
	judged_by_bpf_netfilter
fi
check "detach" xeir detach dev core0
finish
