#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# An NFQUEUE rule in front of the module's hook, which then runs in the process that gives the
# verdict. With connection tracking the queue has complete datagrams; without, those of IPv6 in
# fragments.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=selftests/lib/lib_fragments.sh
. "$(dirname "$0")/../lib/lib_fragments.sh"

whole4=668 whole6=688 fragment6=376	# octets of what fragment_send sends, and of its first fragment

# queued N OCTETS: so many packets of that length have passed through the queue.
queued() {
	(($(grep -cx "packet, $2 octets" "$tmp/queue") == $1))
}

# rules MATCH: these packets for this host are queued.
rules() {
	in_core nft -f - <<-EOF
	flush ruleset
	table inet filter {
		chain input {
			type filter hook input priority filter
			$1 queue num 0
		}
	}
	EOF
}

judged() {
	family4
	check "$1: a listed IMEI over IPv4 is stopped, a lawful one arrives" told_apart
	check "$1: they went through the queue, each as one packet" poll 5 queued 2 "$whole4"
	family6
	check "$1: over IPv6" told_apart
	check "$1: they went through the queue, $2" poll 5 queued "$3" "$4"
	check "$1: block with reject" xeir block "$listed" action reject
	family4
	check "$1: a listed one is answered over IPv4" gets_response
	family6
	check "$1: over IPv6" gets_response
	check "$1: block without" xeir block "$listed" action drop
}

queue() {
	start "$tmp/queue" "$core" "$selftests/e2e/nfqueue_probe"
	queueing=$started
	poll 10 contains "$tmp/queue" "^ready"
}

lab_needs nft
lab_up
ip -n "$access" link set access0 mtu 1280
receivers_start
check "attach" xeir attach dev core0
check "block" xeir block "$listed" action drop
check "the queue is open" queue
check "rules, with connection tracking" rules "ct state new udp dport 2123"
judged "tracked" "each as one packet" 2 "$whole6"
stop "$queueing"
check "the queue is open again" queue
check "rules, without" rules "meta l4proto udp"
judged "untracked" "in fragments" 2 "$fragment6"
check "detach" xeir detach dev core0
finish
