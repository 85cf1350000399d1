#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Many tools at once, of which one dies: each change comes complete, one after another, in journal and
# maps alike.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

lab_needs awk
lab_up
defer 'xeir detach all --yes >/dev/null'
xeir attach dev core0 >/dev/null

# directive NUMBER N: so many handsets
directive() {
	local i
	echo imei,directive
	for ((i = 0; i < $2; i++)); do
		printf '49%02d%010d,%d\n' "$1" "$i" "$1"
	done
}

in_order() {
	xeir journal verify && xeir verify
}

# writer ARGUMENT...: its status goes to its own file.
writer() {
	writers=$((writers + 1))
	{
		xeir "$@" >"$tmp/output-$writers" 2>&1 && status=0 || status=$?
		echo "$status" >"$tmp/status-$writers"
	} &
}

at_once() {
	local i doomed=0
	writers=0

	directive 5 500 >"$tmp/5.csv"
	for i in 1 2 3 4; do
		directive "$i" 500 >"$tmp/$i.csv"
		writer --force test load "$tmp/$i.csv"
		writer set no-imei watch deletes "$i"
	done
	writer block 490154203237518
	writer enforce permissive
	# It dies when the journal has its entries and the maps do not.
	of="batch" with_fault 1 --force test load "$tmp/5.csv" >/dev/null 2>&1 &
	wait $! || doomed=$?
	wait
	grep -h "^xeir: " "$tmp"/output-*
	is "$(sort -u "$tmp"/status-* | xargs)" 0 && is "$doomed" 137
}
check "ten change list and settings at once, where there is no journal yet" at_once
xeir unblock 490154203237518 >/dev/null
check "journal and maps are in order" in_order
check "nothing is lost" is "$(xeir --json status | jq .entries)" 2500

finish
