#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Fragmented messages that the host only forwards, with the module: judged by their first fragment
# and the knob, or as a whole where connection tracking has put them together.
#
#	access0 === core0 [xeir, a router] core1 === far0
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"

far=xeir-far-$$
far4=10.98.0.2 far6=fd98::2
listed=490154203237518
lawful=353490069873310
seq=0

in_far() {
	nsenter --net="/run/netns/$far" -- "$@"
}

far_up() {
	ip netns add "$far"
	defer "ip netns del $far"
	ip link add core1 netns "$core" type veth peer name far0 netns "$far"
	lab_side "$core" core1 10.98.0.1 fd98::1
	lab_side "$far" far0 $far4 $far6
	in_core sysctl -q net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	ip -n "$access" route add 10.98.0.0/24 via "$core4"
	ip -n "$access" route add fd98::/64 via "$core6"
	ip -n "$far" route add 10.99.0.0/24 via 10.98.0.1
	ip -n "$far" route add fd99::/64 via fd98::1
	ip -n "$access" link set access0 mtu 1280
}

family4() {
	from=$access4 to=$far4 log=$tmp/responder4
}

family6() {
	from=$access6 to=$far6 log=$tmp/responder6
}

# send_fragments IMEI [OPTION...]: under a sequence number of its own, $seq.
send_fragments() {
	seq=$((seq + 1))
	in_access "$root/selftests/fragment_send" --from "$from" --to "$to" --seq "$seq" \
		--imei "$@"
}

arrives() {
	send_fragments "$@" && poll 5 says "$log" "IMEI $1, sequence $seq\$"
}

# stopped N IMEI [OPTION...]: N packets are dropped; what is sent unfragmented behind them arrives.
stopped() {
	local before sent
	before=$(dropped)

	send_fragments "${@:2}" && sent=$seq &&
	accepted &&
	! says "$log" "sequence $sent\$" &&
	is $(($(dropped) - before)) "$1"
}

accepted() {
	gtp2_try "$to" "$lawful" --t3 5000
	[[ $answer == accepted* ]] || { echo "$answer"; return 1; }
}

# told [OPTION...]: the client is answered at once.
told() {
	gtp2_try "$to" "$listed" --t3 5000 --padding 1230 "$@" &&
	is "$answer" "rejected: cause 93, sendings 1"
}

# no_ports: datagrams that came to a port of the far side where nobody listens.
no_ports() {
	in_far cat /proc/net/snmp /proc/net/snmp6 | awk '
		$1 == "Udp6NoPorts" {all += $2}
		$1 == "Udp:" && $2 != "InDatagrams" {all += $3}
		END {print all}'
}

more_no_ports() {
	(($(no_ports) > $1))
}

other_port_arrives() {
	local before
	before=$(no_ports)

	send_fragments "$listed" --port 9999 && poll 5 more_no_ports "$before"
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
	check "$1: what is listed is answered, in the first fragment" told --early
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
	check "$1, tracked: what is listed is answered" told
	check "$1, tracked: drop" xeir block "$listed" action drop
}

# Behind an address that is not the far side's own, from which the answer must come.
translate() {
	ip -n "$access" route add 10.97.0.0/24 via "$core4" &&
	in_core nft -f - <<-EOF
	table ip nat {
		chain prerouting {
			type nat hook prerouting priority dstnat
			ip daddr 10.97.0.1 dnat to $far4
		}
	}
	EOF
}

translated() {
	check "addresses are translated" translate
	to=10.97.0.1
	check "translated: a lawful request is accepted" accepted
	check "translated: reject" xeir block "$listed" action reject
	check "translated: the answer comes from the address that was asked" told
}

each_family() {
	family4
	"$1" IPv4
	family6
	"$1" IPv6
}

why=$(lab_missing nft sysctl)
[[ -z $why ]] || skip_all "$why"
lab_up
far_up
for family in 4 6; do
	"family$family"
	start "$log" "$far" "$root/selftests/gtp2_responder" "$to"
	poll 5 says "$log" "^ready"
done
check "attach" xeir attach dev core0 mode generic
check "block" xeir block "$listed" action drop
each_family by_the_first
check "connection tracking comes into use" track
each_family as_a_whole
translated
check "detach" xeir detach dev core0
finish
