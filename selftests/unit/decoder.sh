#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What the parser reads in generated messages is what tshark reads there: IMEI, IMSI and MSISDN,
# frame by frame. Where they differ, a rule of docs/differences.md says why.
#
# XEIR_SEED is another seed than 1, XEIR_FRAMES another number of frames.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

fields=(frame.number gtpv2.mei gtp.ext_imeisv gsm_a.imei gsm_a.imeisv e212.imsi e164.msisdn gtp.tid
	gtp.message gtpv2.message_type gtp.teid_ii gtp.rab_gtp_dn gtpv2.ie_type gtpv2.instance)

for tool in tshark python3; do
	command -v $tool >/dev/null || skip_all "$tool is not installed"
done
lab_files

generate() {
	"$selftests/lib/generate" "$1" "$2" "$tmp/capture"
}

repeatable() {
	generate 7 1000 && cp "$tmp/capture" "$tmp/once" &&
		generate 7 1000 && cmp "$tmp/once" "$tmp/capture"
}

read_here() {
	echo imei >"$tmp/empty.csv"
	"$root/userspace/xeir" --json --list "$tmp/empty.csv" replay "$tmp/capture" >"$tmp/here"
}

read_there() {
	# shellcheck disable=SC2046 # an option and its word for each field
	tshark -n -r "$tmp/capture" -T fields $(printf -- '-e %s ' "${fields[@]}") \
		>"$tmp/there" 2>"$tmp/tshark"
}

compare() {
	"$selftests/unit/compare.py" "$tmp/here" "$tmp/there"
}

agree() {
	compare >"$tmp/figures" || {
		cat "$tmp/figures"
		return 1
	}
}

finds_an_altered_digit() {
	sed -i '0,/"gtp":2.*"imsi":"/s/\("gtp":2.*"imsi":"\)./\1x/' "$tmp/here"
	! compare >"$tmp/altered" && grep -q "^1 differences without a rule" "$tmp/altered"
}

frames=${XEIR_FRAMES:-120000}
check "the same seed gives the same capture" repeatable
check "$frames frames are generated" generate "${XEIR_SEED:-1}" "$frames"
check "xeir reads them" read_here
check "tshark reads them" read_there
check "both read the same, but for the rules" agree
sed 's/^/# /' "$tmp/figures"
check "a digit that differs is found" finds_an_altered_digit
finish
