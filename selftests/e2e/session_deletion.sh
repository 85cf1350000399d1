#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# `xeir set cut delete`: the real GGSN and the real client forget a session that is listed, and
# hear nothing that they did not ask for.
# shellcheck disable=SC2016,SC2317 # for awk to expand; functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=selftests/lib/lib_capture.sh
. "$(dirname "$0")/../lib/lib_capture.sh"

imei=35349006987331
imsi=240010123456701

deleted() {
	is "$(xeir --json block "$imei" | jq -c '[.sessions_cut, .sessions_deleted, .deletes_unanswered]')" "$1"
}

refused() {
	! xeir set cut kill 2>"$tmp/refused" &&
	contains "$tmp/refused" 'found "kill", expected drop or delete'
}

settings() {
	is "$(xeir --json set | jq -c '[.cut, .deletes]')" "$1"
}

tunnels_cut() {
	bpftool -j map dump pinned "$XEIR_PINS/xeir_cutting" | jq '.[0].formatted.value.tunnels'
}

lab_needs osmo-ggsn sgsnemu stdbuf tshark dumpcap bpftool
lab_up
ggsn_start

check "attach both ways" xeir attach dev core0 both
check "a session that is cut is not deleted unless asked for" settings '["drop",100]'
check "it is asked for" xeir set cut delete
check "set shows it" settings '["delete",100]'
check "another word is refused" refused
capture_start "udp or icmp"
check "a session comes up" session_start ${imei}53 $imsi
check "its handset is listed: it is deleted, both ends answer" deleted '[1,1,0]'
check "the GGSN has freed its context" poll 5 contains "$tmp/ggsn.log" "Deleting PDP context"
check "tshark reads it" capture_read ip gtp.message ip.src ip.dst udp.dstport gtp.cause _ws.malformed icmp.type
check "on the wire there is one request, to the client, complete and right" \
	is "$(read_where '$1 == "0x14" {print $2, $3, $4 $6}')" "$core4 $access4 2123"
check "and its answer alone: what the GGSN answered was kept back" \
	is "$(read_where '$1 == "0x15" {print $2, $3, $5}')" "$access4 $core4 128"
check "nobody complains of a port" is "$(read_where '$7 == 3 && $4 != 9')" ""
check "nothing is left to be cut" is "$(tunnels_cut)" 0
client_kill
check "unblock" xeir unblock $imei
check "a new session comes up" session_start ${imei}53 $imsi
check "and is left alone by a change that is not about it" \
	is "$(xeir --json block 35349006987332 | jq .sessions_deleted)" 0
check "by drop alone" xeir set cut drop
check "it stays in the GGSN" deleted '[1,0,0]'
client_kill
finish
