#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# replay, without any privilege: what it reads in captures equals what tshark reads there, over
# every link type, and its verdicts are those of the list it is given.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

# Create Session Requests for one handset: as IMEISV 3534900698733153 over S11, as IMEI over S5/S8
v2_imeisv=482000ba00000000001234000100080004040121436587f94c0006001989214365874b000800534309608937133556000d001804f410000104f410000001015300030004f4105200010006570009008a000010010a0100015700090187000000000a0100034700090008696e7465726e6574800001000063000100014f00050001000000007f0001000048000800000186a0000186a05d001f004900010005500016007c0900000000000000000000000000000000000000000300010007
v2_imei=482000ba00000000000055000100080004040121436587f94c0006001989214365874b00080053430960893713f056000d001804f410000104f410000001015300030004f410520001000657000900860a0b0c0d0a0100024700090008696e7465726e6574800001000063000100014f00050001000000007f0001000048000800000186a0000186a05d002c0049000100055700090284112233440a010002550016007c0900000000000000000000000000000000000000000300010007
v2_rejection=4821000e0000100100123400020002005e00
v2_delete=48240014000020020070000049000100054d000300080000
# a Create Session Response with a Create Bearer Request behind it
v2_piggyback=582100370000100100123400020002001000570009008b000020020a0100025d00180049000100050200020010005700090081000030030a020002485f0035000010010000990049000100055d0024004900010000500016007c0900000000000000000000000000000000000000005400010020
v2_echo=4001000900000100030001000a
# a Create PDP Context Request, the IMEISV at its end, and the answer to it
v1_imeisv=3210007300000000040100000242000121436587f90e010f011000000001110000000114001a0800800002f12183000908696e7465726e657484001580c0231101010011036d69670868656d6d656c69678500040a6300018500040a630001860007916407123254f6870004000b921f9a00085343096089371335
v1_response=3211005c0000000104010000018008000e01100000000111000000017f00000001800006f121ac10de0284002280c0231e0201001e1957656c636f6d6520746f204f736d6f4747534e20312e392e308500040a6300028500040a630002870004000b921f
v1_no_imei=3210004600000000040200000242000121436587f90e010f011000000001110000000114001a0800800002f12183000908696e7465726e65748500040a6300018500040a630001870004000b921f

ethernet4=0200000000020200000000010800
ethernet6=02000000000202000000000186dd
vlan4=020000000002020000000001810000050800
cooked4=00000001000602000000000100000800
cooked2_4=0800000000000001000100060200000000010000
null4=02000000

# The tool with no capability at all, even where root runs the test.
xeir() {
	if ((EUID == 0)); then
		setpriv --inh-caps=-all --bounding-set=-all -- "$root/userspace/xeir" "$@"
	else
		"$root/userspace/xeir" "$@"
	fi
}

# udp PAYLOAD [SOURCE DESTINATION]: hex of the datagram
udp() {
	printf '%04x%04x%04x0000%s' "${2:-40364}" "${3:-2123}" $((${#1} / 2 + 8)) "$1"
}

# ip4 DATAGRAM [FRAGMENT]
ip4() {
	printf '4500%04x0001%s40110000%s%s%s' $((${#1} / 2 + 20)) "${2:-0000}" 0a010001 0a010002 "$1"
}

ip6() {
	printf '60000000%04x1140%s%s%s' $((${#1} / 2)) fd99000000000000000000000000000{1,2} "$1"
}

# capture FILE LINK-TYPE FRAME...: a pcap when it is named so, else a pcapng
capture() {
	local file=$1 link=$2 frame
	shift 2
	for frame in "$@"; do
		echo "0000 $(fold -w 2 <<<"$frame" | paste -sd ' ')"
	done | text2pcap -q -F "${file##*.}" -l "$link" - "$file" 2>"$tmp/text2pcap" || {
		cat "$tmp/text2pcap"
		return 1
	}
}

replay() {
	xeir --json --list "$tmp/list" replay "$1" >"$tmp/replay"
}

# All that tshark knows of each GTP-C frame: number|version|type|imei|imsi|msisdn|apn
tshark_reading() {
	local frame v1 v2 imei1 imei2 imsi msisdn apn1 apn2

	tshark -r "$1" -Y 'gtp.message || gtpv2.message_type' -T fields -E 'separator=|' \
		-E occurrence=f -e frame.number -e gtp.message -e gtpv2.message_type \
		-e gtp.ext_imeisv -e gtpv2.mei -e e212.imsi -e e164.msisdn -e gtp.apn \
		-e gtpv2.apn 2>/dev/null |
		while IFS='|' read -r frame v1 v2 imei1 imei2 imsi msisdn apn1 apn2; do
			echo "$frame|$((v1 ? 1 : 2))|$((v1 ? v1 : v2))|$imei1$imei2|$imsi|$msisdn|$apn1$apn2"
		done
}

our_reading() {
	jq -r '[.frame, .gtp, .type, .imei, .imsi, .msisdn, .apn] |
		map(if . == null then "" else tostring end) | join("|")' "$tmp/replay"
}

# same FILE FRAMES: that many of them, read as tshark reads them
same() {
	replay "$1" &&
	is "$(our_reading | wc -l)" "$2" &&
	is "$(our_reading)" "$(tshark_reading "$1")"
}

verdicts_are() {
	is "$(jq -r '"\(.action)/\(.rule)"' "$tmp/replay" | paste -sd ' ')" "$1"
}

reading() {
	capture "$tmp/all.pcapng" 1 "$ethernet4$(ip4 "$(udp $v2_imeisv)")" \
		"$ethernet4$(ip4 "$(udp $v2_rejection 2123 40364)")" \
		"$ethernet4$(ip4 "$(udp $v2_imei)")" \
		"$ethernet4$(ip4 "$(udp $v2_echo 2123)")" \
		"$ethernet4$(ip4 "$(udp 00 53 5353)")" \
		"$ethernet4$(ip4 "$(udp $v1_imeisv 2123)")" \
		"$ethernet4$(ip4 "$(udp $v1_response 2123 2123)")" \
		"$ethernet4$(ip4 "$(udp $v1_no_imei)")" \
		"$ethernet4$(ip4 "$(udp $v2_delete)")"
	check "every message as tshark reads it" same "$tmp/all.pcapng" 8
	check "none but requests for the listed handset is stopped" verdicts_are "drop/imei \
pass/other-gtp-c drop/imei pass/other-gtp-c drop/imei pass/other-gtp-c pass/no-imei pass/other-gtp-c"
}

link_types() {
	local packet

	packet=$(ip4 "$(udp $v2_imei)")
	capture "$tmp/ethernet.pcap" 1 "$ethernet4$packet"
	capture "$tmp/vlan.pcapng" 1 "$vlan4$packet"
	capture "$tmp/ipv6.pcap" 1 "$ethernet6$(ip6 "$(udp $v2_imei)")"
	capture "$tmp/cooked.pcap" 113 "$cooked4$packet"
	capture "$tmp/cooked2.pcapng" 276 "$cooked2_4$packet"
	capture "$tmp/raw.pcap" 101 "$packet" "$(ip6 "$(udp $v1_imeisv)")"
	capture "$tmp/loopback.pcap" 0 "$null4$packet"
	for file in ethernet.pcap vlan.pcapng ipv6.pcap cooked.pcap cooked2.pcapng loopback.pcap; do
		check "$file is read as tshark reads it" same "$tmp/$file" 1
		check "$file: the verdict" verdicts_are drop/imei
	done
	check "raw.pcap is read as tshark reads it" same "$tmp/raw.pcap" 2
	check "raw.pcap: the verdicts" verdicts_are "drop/imei drop/imei"
}

judge_by() {
	printf '%s\n' "$1" >"$tmp/list" &&
	replay "$tmp/ethernet.pcap" &&
	verdicts_are "$2"
}

by_list() {
	check "an empty list" judge_by imei pass/not-listed
	check "another handset" judge_by 49015420323751 pass/not-listed
	check "the model" judge_by "tac 35349006" drop/tac
	check "the handset, watched" judge_by $'imei,action\n35349006987331,watch' watch/imei
	check "the handset before its model" \
		judge_by $'imei,tac,action\n,35349006,drop\n353490069873319,,watch' watch/imei
	check "the subscriber" judge_by "imsi 404010123456789" drop/imsi
	check "the subscriber's number" judge_by $'msisdn,action\n+919812345678,reject' reject/msisdn
	check "another's" judge_by $'imsi\n404010123456780' pass/not-listed
	check "an exception from its model" judge_by \
		$'imei,imsi,tac,action\n35349006987331,404010123456789,,pass\n,,35349006,' pass/exception
	check "and one of another subscriber" judge_by \
		$'imei,imsi,tac,action\n35349006987331,404010123456780,,pass\n,,35349006,' drop/tac
	check "an entry that has ended" judge_by $'imei,expiry\n35349006987331,2020-01-01' \
		pass/not-listed
	check "one that has not" judge_by $'imei,expiry\n35349006987331,2100-01-01' drop/imei
	echo 353490069873319 >"$tmp/list"
}

# Truncated IEs, two IMEIs, and what the program never looks at.
oddities() {
	local two=${v1_imeisv%9a0008*}9a000894511012230051339a00085343096089371335

	two=3210007e${two:8}
	capture "$tmp/two.pcap" 1 "$ethernet4$(ip4 "$(udp "$two")")"
	check "of two IMEIs the listed one counts and is shown" replay "$tmp/two.pcap"
	check "by its verdict" verdicts_are drop/imei
	check "by its digits" is "$(jq -r .imei "$tmp/replay")" 3534900698733153

	capture "$tmp/cut.pcap" 1 "$ethernet4$(ip4 "$(udp "${v2_imei:0:60}")")"
	check "a message that ends amid an IE" replay "$tmp/cut.pcap"
	check "is malformed" verdicts_are pass/malformed

	capture "$tmp/answer.pcap" 1 "$ethernet4$(ip4 "$(udp $v2_imei 2123 40364)")"
	check "a request to another port" replay "$tmp/answer.pcap"
	check "is none that can be stopped" verdicts_are pass/other-gtp-c

	capture "$tmp/piggyback.pcap" 1 "$ethernet4$(ip4 "$(udp $v2_piggyback 2123 40364)")"
	check "two messages in a datagram" replay "$tmp/piggyback.pcap"
	check "are reported as two" is "$(jq -c '[.frame, .type]' "$tmp/replay" | paste -sd ' ')" \
		"[1,33] [1,95]"

	capture "$tmp/fragments.pcap" 1 "$ethernet4$(ip4 "$(udp $v2_imei)" 2000)" \
		"$ethernet4$(ip4 "$v2_imei" 0010)"
	check "a later fragment is no message, and is reported" later_fragment
}

later_fragment() {
	replay "$tmp/fragments.pcap" &&
	verdicts_are drop/imei &&
	xeir --list "$tmp/list" replay "$tmp/fragments.pcap" | tee "$tmp/table" &&
	contains "$tmp/table" "^1 later IP fragments"
}

table() {
	xeir --list "$tmp/list" replay "$tmp/all.pcapng" | tee "$tmp/table" &&
	contains "$tmp/table" "^ *3  GTPv2  Create Session Request .* 353490069873310 .* drop  *imei$" &&
	contains "$tmp/table" "^8 messages in 9 frames: would drop 3, reject 0, watch 0, pass 5$"
}

faults() {
	check "the table and its summary" table
	check "from stdin" is "$(xeir --json --list "$tmp/list" replay - <"$tmp/all.pcapng" | wc -l)" 8
	check "no file, whatever the list" exits 2 "^xeir: $tmp/nosuch.pcap: No such file or dir" \
		xeir --pins "$tmp/pins" replay "$tmp/nosuch.pcap"
	check "no capture" exits 2 "a pcap or pcapng file is expected" \
		xeir --list "$tmp/list" replay "$tmp/list"
	check "an empty file" exits 2 "a pcap or pcapng file is expected" \
		xeir --list "$tmp/list" replay /dev/null
	capture "$tmp/wireless.pcap" 105 "$v2_imei"
	check "a link type that is not known" exits 2 "IEEE802_11 (105)" \
		xeir --list "$tmp/list" replay "$tmp/wireless.pcap"
	capture "$tmp/whole.pcap" 1 "$ethernet4$(ip4 "$(udp $v2_imei)")" \
		"$ethernet4$(ip4 "$(udp $v1_imeisv)")"
	head -c -9 "$tmp/whole.pcap" >"$tmp/short.pcap"
	check "a capture that is cut off: damaged behind frame 1" exits 4 "damaged behind frame 1" \
		xeir --json --list "$tmp/list" replay "$tmp/short.pcap"
	check "what came before is reported" is "$(jq -r .rule "$tmp/out" | head -n 1)" imei
	echo 35349006987332x >"$tmp/faulty"
	check "a list that is wrong" exits 2 "faulty:1:15: " \
		xeir --list "$tmp/faulty" replay "$tmp/all.pcapng"
	check "no list can be there" exits 4 "is not on a BPF file system" \
		xeir --pins "$tmp/pins" replay "$tmp/all.pcapng"
	check "no capture named" exits 2 "one capture is expected" xeir replay
}

for tool in tshark text2pcap jq setpriv; do
	command -v $tool >/dev/null || skip_all "$tool is not installed"
done
[[ -x $root/userspace/xeir ]] || skip_all "userspace/xeir is not built: make all"
lab_files
echo 353490069873319 >"$tmp/list"
reading
link_types
by_list
oddities
faults
finish
