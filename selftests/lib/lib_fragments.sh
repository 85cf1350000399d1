# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # what is set here is used by those that source it
# What the tests of IP fragments share. Source it behind lib.sh.

listed=490154203237518
lawful=353490069873310
seq=0

# Where messages go. Another network namespace than the core's is set before receivers_start.
receiver=$core to4=$pgw4 to6=$core6

family4() {
	from=$access4 to=$to4 log=$tmp/responder4
}

family6() {
	from=$access6 to=$to6 log=$tmp/responder6
}

# each_family FUNCTION [WHAT]
each_family() {
	family4
	"$1" "IPv4${2-}"
	family6
	"$1" "IPv6${2-}"
}

receivers_start() {
	local family

	for family in 4 6; do
		"family$family"
		start "$log" "$receiver" "$selftests/peers/gtp2_responder" "$to"
		poll 5 contains "$log" "^ready"
	done
}

# send_fragments IMEI [OPTION...]: a request under its own sequence number, $seq.
send_fragments() {
	seq=$((seq + 1))
	in_access "$selftests/peers/fragment_send" --from "$from" --to "$to" --seq "$seq" --imei "$@"
}

arrives() {
	send_fragments "$@" && poll 10 contains "$log" "IMEI $1, sequence $seq\$"
}

# In one piece.
accepted() {
	gtp2_try "$to" "$lawful" --t3 5000
	[[ $outcome == accepted* ]] || { echo "$outcome"; return 1; }
}

# stopped N IMEI [OPTION...]: it does not arrive, what is sent in one piece behind it does, and
# N packets are dropped.
stopped() {
	local before sent
	before=$(dropped)

	send_fragments "${@:2}" && sent=$seq &&
	accepted &&
	! contains "$log" "sequence $sent\$" &&
	is $(($(dropped) - before)) "$1"
}

# told_apart [OPTION...]: what is listed is stopped, its lawful twin arrives.
told_apart() {
	local before
	before=$(dropped)

	stopped 1 "$listed" "$@" &&
	arrives "$lawful" "$@" &&
	is $(($(dropped) - before)) 1
}

# gets_response [OPTION...]: the client is answered at once.
gets_response() {
	gtp2_try "$to" "$listed" --t3 5000 --padding 1230 "$@" &&
	is "$outcome" "rejected: cause 93, transmissions 1"
}

# Datagrams that came to a port of the receiver where nobody listens.
no_ports() {
	"$in_netns" "$receiver" cat /proc/net/snmp /proc/net/snmp6 | awk '
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
