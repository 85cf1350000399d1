#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Two lists are swapped 1,000 times while a probe asks the program all along: it
# must never meet half of one and half of the other, nor an empty list.
set -eu
cd "$(dirname "$0")"
. ./lib.sh

swaps=${XEIR_SWAPS:-1000}

# The handsets of both lists; the four that the probe asks about are the first
# and last of the file, where a load that is applied piece by piece shows longest.
list() # drop-action watch-action
{
	echo imei,action
	echo "01300000000001,$1"
	echo "01300000000003,$2"
	for i in $(seq 100 298); do
		echo "01300000000$i,drop"
	done
	echo "01300000000004,$1"
	echo "01300000000002,$2"
}

missing=$(lab_missing)
[[ -z $missing ]] || skip_all "$missing"
lab_files
lab_pins
lab_net

list drop watch >"$tmp/a.csv"
list watch drop >"$tmp/b.csv"
xeir attach dev core0 >/dev/null
xeir sync "$tmp/a.csv" >/dev/null

exec {hold}> >(exec ./swap_probe "$XEIR_PINS/xeir_ingress" 01300000000001 01300000000002 \
	01300000000003 01300000000004 >"$tmp/probed")
prober=$!

failed=0
for ((i = 0; i < swaps; i += 2)); do
	xeir sync "$tmp/b.csv" >/dev/null || failed=1
	xeir sync "$tmp/a.csv" >/dev/null || failed=1
done
exec {hold}>&-
wait "$prober"
read -r probes passed <"$tmp/probed"
unlisted=$(xeir --json stats | jq '.rules["not-listed"].pass // 0')
generation=$(xeir --json status | jq .generation)

echo "# $swaps swaps, $probes probes, by $(xeir --json status | jq -r .transport)"
check "every swap was applied" is "$failed" 0
check "each swap was one commit" is "$generation" $((swaps + 1))
check "there were more probes than swaps" test "$probes" -gt "$swaps"
check "no probe met half of a list" is "$passed" 0
check "no probe met an empty list" is "$unlisted" 0
finish
