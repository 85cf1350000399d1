# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the parts of the bench share: samples, and a network namespace, pins and a journal of their
# own. Source it with `set -eu` and the part's own arguments.

[[ ${BENCH_INSIDE-} ]] || BENCH_INSIDE=1 exec unshare --net -- "$0" "$@"

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../selftests/lib/lib.sh"
: "${BENCH_ROUNDS:=1}" "${BENCH_SHRINK:=1000}"
bench=$root/bench

# No namespace to enter, as the laboratory has: it would count as time of the tool's.
xeir() {
	"$root/userspace/xeir" "$@"
}

bench_up() {
	lab_files
	lab_pins
	ip link set lo up
	defer 'xeir detach all --yes >/dev/null'
}

sample() {
	printf '%s %s\n' "$1" "$2"
}

# A command of the bench, which must succeed; what it prints is in $tmp/output.
run() {
	"$@" >"$tmp/output" 2>&1 </dev/null || {
		echo "$0: failed: $*" >&2
		tail -n 20 "$tmp/output" >&2
		exit 1
	}
}

# each NAME CALLS COMMAND...: a sample of the seconds that one call takes.
each() {
	local name=$1 calls=$2 i began us
	shift 2
	began=${EPOCHREALTIME/[.,]/}
	for ((i = 0; i < calls; i++)); do
		run "$@"
	done
	us=$(((${EPOCHREALTIME/[.,]/} - began) / calls))
	sample "$name" "$(printf '%d.%06d' $((us / 1000000)) $((us % 1000000)))"
}

timed() {
	each "$1" 1 "${@:2}"
}

# attach_new ENTRIES: nothing listed, nothing in the journal, capacity for that many.
attach_new() {
	[[ ! -d $XEIR_PINS ]] || run xeir detach all --yes
	rm -f "$XEIR_JOURNAL"*
	run xeir attach dev lo mode generic entries "$1" sessions 1000 sightings 1000
}

# numbers FIRST N: MSISDNs
numbers() {
	seq -f '9198%08.0f' "$1" $(($1 + $2 - 1))
}

# ipset_file N, nft_file N: what their tools read, of a set of that many addresses.
ipset_file() {
	echo "create bench hash:ip maxelem $(($1 + 1000))"
	addresses "$1" | sed 's/^/add bench /'
}

nft_file() {
	printf 'table inet bench {\n set bench {\n  type ipv4_addr\n  elements = {\n'
	addresses "$1" | sed 's/$/,/'
	printf '  }\n }\n}\n'
}

addresses() {
	awk -v n="$1" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "10.%d.%d.%d\n", i / 65536, i / 256 % 256, i % 256
	}'
}

ipset_restore() {
	ipset restore <"$1"
}
