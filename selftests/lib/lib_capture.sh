# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the tests share in which an independent reader sees what was sent: dumpcap and tshark. Source
# it behind lib.sh.

marks=0

# What is sent from now on is in the file, when it has this packet, which is of no protocol.
capture_has_mark() {
	in_access bash -c "echo 'mark $marks of the capture' >/dev/udp/$core4/9" &&
	contains "$tmp/capture" "mark $marks of the capture"
}

# capture_start FILTER: what passes access0, with UDP in it.
capture_start() {
	rm -f "$tmp/capture"
	start "$tmp/dumpcap" "$access" dumpcap -q -i access0 -f "$1" -w "$tmp/capture"
	capture=$started
	poll 60 capture_has_mark
}

# capture_read udp|ip FIELD...: the capture ends; what tshark reads there is in $tmp/read. Once for
# all questions, as it takes seconds to start. It checks the checksums of IP, or of UDP too, which
# the kernel does not fill in for packets of this machine. Port 9 is named, or the mark's source port
# may be one that tshark knows: 54328 is Elasticsearch to it, and the mark malformed.
capture_read() {
	local fields=("${@:2}")
	marks=$((marks + 1))
	poll 60 capture_has_mark && stop "$capture" &&
	tshark -2 -n -o ip.check_checksum:TRUE -o "$1.check_checksum:TRUE" -d udp.port==9,data \
		-r "$tmp/capture" -T fields "${fields[@]/#/-e}" >"$tmp/read" 2>"$tmp/tshark"
}

# read_where AWK-CONDITION [OPTION...]: the packets there for whose fields it holds.
read_where() {
	awk -F '\t' "${@:2}" "$1" "$tmp/read"
}
