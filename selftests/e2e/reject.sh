#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What a rejected request gets, from end to end: the real client hears at once, our own stops
# asking, an independent decoder finds nothing wrong; and the same on the way out of a host that
# asks, where nothing leaves it.
# shellcheck disable=SC2016,SC2317 # for awk to expand; functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=selftests/lib/lib_capture.sh
. "$(dirname "$0")/../lib/lib_capture.sh"

listed=49015420323751
unlisted=35349006987331

rejected() {
	xeir --json stats | jq '[.rules[].reject] | add'
}

# client_hears IMEISV CAUSE: the real client reports the cause of its rejection.
client_hears() {
	gtp1_try "$1" 10 &&
	is "$outcome" "rejected: cause $2"
}

# gets_response ADDR CAUSE [OPTION...]: one sending, and the answer names the cause.
gets_response() {
	local before
	before=$(rejected)

	gtp2_try "$1" "${listed}42" --t3 5000 "${@:3}" &&
	is "$outcome" "rejected: cause $2, transmissions 1" &&
	is $(($(rejected) - before)) 1
}

# nothing_wrong N: in so many responses, whose checksums are right, as far as there are some.
nothing_wrong() {
	capture_read udp gtpv2.message_type gtpv2.cause gtpv2.response_to _ws.malformed \
		udp.checksum.status ip.checksum.status &&
	is "$(read_where '$1 == 33' | wc -l)" "$1" &&
	is "$(read_where '$1 == 33 && ($4 || $5 != 1 || $6 && $6 != 1)')" ""
}

# N responses at least are linked to their requests. One to a first fragment may come before the
# decoder has the request, or not, as the second fragment goes.
linked() {
	local linked
	linked=$(read_where '$1 == 33 && $2 == 93 && $3' | wc -l)
	echo "found $linked linked, expected $1 at least"
	[[ $linked -ge $1 ]]
}

# Requests that do not fit into a packet of the access side. What their first fragment shows is
# answered by XDP; else the reassembled one is, by the module.
fragmented() {
	ip -n "$access" link set access0 mtu 1280
	check "GTPv2 over IPv4, the handset in the first fragment" \
		gets_response $pgw4 93 --padding 1200 --early
	check "over IPv6" gets_response $core6 93 --padding 1200 --early
	answers=4
	if [[ -d /sys/module/xeir ]]; then
		check "GTPv2 over IPv4, the handset in the last fragment" gets_response $pgw4 93 --padding 1230
		check "over IPv6" gets_response $core6 93 --padding 1230
		check "the same to a broadcast address is dropped" unanswered 10.97.0.255
		answers=6
	else
		check "the handset in the last fragment: dropped at most" untold $pgw4 --padding 1230
	fi
	ip -n "$access" link set access0 mtu 1500
}

# To the last address of a subnet that the access side does not know as such.
unanswered() {
	local before
	before=$(dropped)

	ip -n "$core" addr replace 10.97.0.1/24 dev core0 &&
	ip -n "$access" route replace 10.97.0.0/24 via "$core4" &&
	gtp2_try "$1" "${listed}42" --t3 100 --padding 1230
	is "$outcome" "no response: transmissions 3" &&
	is $(($(dropped) - before)) 3
}

# Without the module, there is nothing to answer a reassembled message.
untold() {
	gtp2_try "$1" "${listed}42" --t3 200 "${@:2}"
	[[ $outcome == @(accepted*|"no response"*) ]] || { echo "$outcome"; return 1; }
}

# The tool on the access side, with its own pins.
access_xeir() {
	in_access "$root/userspace/xeir" --pins "$XEIR_PINS-access" "$@"
}

ingress() {
	check "attach" xeir attach dev core0 mode "$1"
	check "list a handset to be rejected" xeir block $listed action reject
	check "GTPv1: the real client gets cause 222 at once" client_hears ${listed}53 222
	responder_start $pgw4 "$tmp/responder4"
	responder4=$started
	responder_start $core6 "$tmp/responder6"
	responder6=$started
	capture_start "ip or ip6"	# later fragments have no port
	check "GTPv2 over IPv4: the client gets cause 93, and asks no more" gets_response $pgw4 93
	check "GTPv2 over IPv6" gets_response $core6 93
	fragmented
	check "the decoder finds nothing malformed, and every checksum right" \
		nothing_wrong "$answers"
	check "and links each response to its request" linked $((answers - 2))
	check "set another cause" xeir set cause-v2 94
	check "the client gets that one" gets_response $pgw4 94
	check "an unlisted handset is accepted" accepted $pgw4
	check "detach" forget_all
	stop "$responder4"
	stop "$responder6"
}

accepted() {
	gtp2_try "$1" "${unlisted}42"
	[[ $outcome == accepted* ]] || { echo "$outcome"; return 1; }
}

no_filter() {
	in_access tc filter show dev "$1" egress >"$tmp/filters" && ! contains "$tmp/filters" xeir_egress
}

# On the way out of the access side, whose tool this is.
egress() {
	xeir() {
		access_xeir "$@"
	}
	responder_start $pgw4 "$tmp/responder4"
	responder_start $core6 "$tmp/responder6"
	check "attach on egress" xeir attach dev access0 egress
	check "status shows it" is "$(xeir --json status | jq -r '.interfaces[0].mode')" egress
	check "block" xeir block $listed
	check "what is listed does not leave the host" stays
	check "reject" xeir block $listed action reject
	check "the host is answered in the network's place" gets_response $pgw4 93
	check "over IPv6 too" gets_response $core6 93
	check "an unlisted handset gets out" accepted $pgw4
	check "both directions at once" xeir attach dev access0 both
	check "detach" xeir detach dev access0
	check "on egress again" xeir attach dev access0 egress
	ip -n "$access" link set access0 down
	ip -n "$access" link set access0 name renamed
	check "under another name it is known" \
		is "$(xeir --json status | jq -r '.interfaces[0].name')" renamed
	check "and detached" forget_all
	check "with nothing left on it" no_filter renamed
	ip -n "$access" link set renamed name access0
	ip -n "$access" link set access0 up
	ip -n "$access" addr replace $access6/64 dev access0 nodad
	check "then all get out" is "$(gtp2_try "$pgw4" "${listed}42"; echo "${outcome%%:*}")" accepted
}

stays() {
	local arrived
	arrived=$(grep -c "^request" "$tmp/responder4") || true

	gtp2_try "$pgw4" "${listed}42" --t3 100
	is "$outcome" "no response: transmissions 3" &&
	is "$(grep -c "^request" "$tmp/responder4")" "$arrived"
}

lab_needs osmo-ggsn sgsnemu stdbuf tshark dumpcap
lab_up
ggsn_start
ingress generic
# in native mode, a veth takes what its peer's program sends back only where it has one as well
access_xeir attach dev access0 mode native >/dev/null
defer "rm -rf '$XEIR_PINS-access'"
ingress native
access_xeir detach all --yes >/dev/null
egress
finish
