#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What changes while the tool waits, or behind its back: pins that others take away and put back,
# a list that only the module still has.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

handset=49015420323751

listed() {
	is "$(xeir --json list | jq -c 'map(.imei)')" "$1"
}

# The id of the program that the kernel itself sees on core0.
kernel_program() {
	ip -n "$core" -j -d link show dev core0 | jq '.[0].xdp.prog.id'
}

free() {
	is "$(kernel_program)" null
}

# Pins, program and list go, as by hand; a lock that is held on the directory stays.
unpin() {
	rm -rf "$XEIR_PINS" && poll 5 free
}

# --- others take the pins away and put them back while one waits for the lock ----------------

# meanwhile CHANGE ARGUMENT...: the tool has its maps open and waits; the holder of the lock
# changes the pins. What it says is in $tmp/waiter.
meanwhile() {
	local change=$1 lock
	shift
	exec {lock}<"$XEIR_PINS" && flock "$lock" &&
	start "$tmp/waiter" "$core" "$root/userspace/xeir" --transport bpf "$@" {lock}<&- &&
	poll 5 contains /proc/locks "-> FLOCK .* $started " &&
	"$change" && exec {lock}<&- &&
	poll 10 gone "$started" && cat "$tmp/waiter"
}

# The one that waits has the journal.
attach_anew() {
	local other=(--transport bpf --journal "$tmp/other.db")

	unpin && rm -f "$tmp"/other.db* &&
	xeir "${other[@]}" attach dev core0 && xeir "${other[@]}" block 35349006987331
}

writer() {
	meanwhile attach_anew block "$handset" && contains "$tmp/waiter" "^1 added.*; 2 listed"
}

reader() {
	xeir --transport bpf block "$handset" && meanwhile attach_anew save - &&
	contains "$tmp/waiter" "^35349006987331," &&
	! contains "$tmp/waiter" "$handset"
}

orphan() {
	meanwhile unpin block "$handset" && contains "$tmp/waiter" "nothing is attached"
}

pins_change() {
	xeir --transport bpf attach dev core0 >/dev/null
	check "a writer that waited" writer
	check "writes into the list that is pinned now" listed "[\"35349006987331\",\"$handset\"]"
	check "a reader that waited reads the list that is pinned now" reader
	check "a writer that waited for what is gone reports that" orphan
}

# --- the module has what nobody else has, or what another namespace has ----------------------

lets_go() {
	xeir "$@" >"$tmp/detached" && cat "$tmp/detached" && contains "$tmp/detached" "removed from the module"
}

module_is() {
	is "$(xeir --json status | jq -r .module)" "$1"
}

from_access() {
	in_access "$root/userspace/xeir" "$@"
}

module_alone() {
	xeir attach dev core0 >/dev/null
	check "from another namespace, a writer is reported where to go" \
		exits 4 "from this network namespace.*nsenter" from_access block "$handset"
	check "pins go, and the module still has the list" unpin
	check "attach names the way out" exits 4 "let go: xeir detach all" xeir attach dev core0
	check "detach all --dry-run reports" lets_go --dry-run detach all
	check "and changes nothing" exits 4 "let go: xeir detach all" xeir attach dev core0
	check "detach all behind ip netns exec changes nothing" exits 4 "nsenter --net" \
		ip netns exec "$core" "$root/userspace/xeir" --pins /sys/fs/bpf/xeir detach all --yes
	check "detach all makes the module let go" lets_go detach all --yes
	check "there is no more to detach" exits 4 "nothing is attached" xeir detach all --yes
	check "attach gives it the new list" xeir attach dev core0
	check "which it has" module_is bound
	xeir detach all --yes >/dev/null
}

lab_needs flock
lab_up
pins_change
if [[ $(lab_transport) == netlink ]]; then
	module_alone
else
	echo "ok $((tests += 1)) - a list that the module alone has # SKIP needs the module"
fi
finish
