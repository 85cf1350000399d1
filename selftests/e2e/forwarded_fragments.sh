#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Fragmented messages that the host only forwards, with the module: judged by their first fragment
# and the knob, or reassembled where connection tracking has put them together.
#
#	access0 === core0 [xeir, a router] core1 === far0
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=selftests/lib/lib_fragments.sh
. "$(dirname "$0")/../lib/lib_fragments.sh"

far=xeir-far-$$
receiver=$far to4=10.98.0.2 to6=fd98::2

far_up() {
	ip netns add "$far"
	defer "ip netns del $far"
	ip link add core1 netns "$core" type veth peer name far0 netns "$far"
	lab_side "$core" core1 10.98.0.1 fd98::1
	lab_side "$far" far0 $to4 $to6
	in_core sysctl -q net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	ip -n "$access" route add 10.98.0.0/24 via "$core4"
	ip -n "$access" route add fd98::/64 via "$core6"
	ip -n "$far" route add 10.99.0.0/24 via 10.98.0.1
	ip -n "$far" route add fd99::/64 via fd98::1
	ip -n "$access" link set access0 mtu 1280
}

by_the_first() {
	check "$1, fragment pass: a lawful request arrives" arrives "$lawful"
	check "$1: out of order" arrives "$lawful" --order 1,0
	check "$1: a listed IMEI in the first fragment is stopped" stopped 1 "$listed" --early
	check "$1: in the second it passes" arrives "$listed"
	check "$1: xeir set fragment drop" xeir set fragment drop
	check "$1: then it is stopped" stopped 1 "$listed"
	check "$1: and a lawful one" stopped 1 "$lawful"
	check "$1: the second fragment first" stopped 1 "$lawful" --order 1,0
	check "$1: fragments of 8 octets" stopped 1 "$lawful" --octets 8
	check "$1: a second fragment alone is not dropped" stopped 0 "$lawful" --order 1
	check "$1: fragments to another port arrive" other_port_arrives
	check "$1: xeir set fragment pass" xeir set fragment pass
	check "$1: reject" xeir block "$listed" action reject
	check "$1: what is listed is answered, in the first fragment" gets_response --early
	check "$1: drop" xeir block "$listed" action drop
}

track() {
	in_core nft -f - <<-EOF
	table inet filter {
		chain forward {
			type filter hook forward priority filter
			ct state invalid drop
		}
	}
	EOF
}

as_a_whole() {
	check "$1, tracked: a listed IMEI in the second fragment is stopped" stopped 1 "$listed"
	check "$1, tracked: a lawful one arrives" arrives "$lawful"
	check "$1, tracked: xeir set fragment drop" xeir set fragment drop
	check "$1, tracked: a lawful one arrives still" arrives "$lawful"
	check "$1, tracked: xeir set fragment pass" xeir set fragment pass
	check "$1, tracked: reject" xeir block "$listed" action reject
	check "$1, tracked: what is listed is answered" gets_response
	check "$1, tracked: drop" xeir block "$listed" action drop
}

# Behind an address that is not the far side's own, from which the answer must come.
translate() {
	ip -n "$access" route add 10.97.0.0/24 via "$core4" &&
	in_core nft -f - <<-EOF
	table ip nat {
		chain prerouting {
			type nat hook prerouting priority dstnat
			ip daddr 10.97.0.1 dnat to $to4
		}
	}
	EOF
}

translated() {
	check "addresses are translated" translate
	to=10.97.0.1
	check "translated: a lawful request is accepted" accepted
	check "translated: reject" xeir block "$listed" action reject
	check "translated: the answer comes from the address that was asked" gets_response
}

lab_needs nft sysctl
lab_up
far_up
receivers_start
check "attach" xeir attach dev core0 mode generic
check "block" xeir block "$listed" action drop
each_family by_the_first
check "connection tracking comes into use" track
each_family as_a_whole
translated
check "detach" xeir detach dev core0
finish
