#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Nothing is attached in vain: where the list is not enforced, although something is attached,
# attach refuses, or status and verify print so, with a command that enforces it again.
# shellcheck disable=SC2317,SC2154 # functions are called through check; coproc sets holder_PID
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

not() {
	! "$@"
}

pinned() {
	[[ -e $XEIR_PINS/$1 ]]
}

# A second interface, where attach fails in its last steps: the kernel takes no XDP program below
# an interface that has one.
second_interface() {
	ip -n "$core" link add core1 type veth peer name peer1 &&
	ip -n "$core" link add link core1 name upper1 type macvlan &&
	ip -n "$core" link set upper1 xdpgeneric object "$selftests/e2e/someone_else.bpf.o" section xdp
}

# Nobody can write the journal until release_journal.
hold_journal() {
	coproc holder { exec sqlite3 "$XEIR_JOURNAL"; }
	defer "kill $holder_PID 2>/dev/null"
	echo "BEGIN IMMEDIATE; SELECT 'held';" >&"${holder[1]}"
	read -r <&"${holder[0]}"
}

release_journal() {
	local pid=$holder_PID

	echo .quit >&"${holder[1]}"
	wait "$pid"
}

# attach_start INTERFACE: its status goes to a file.
attach_start() {
	rm -f "$tmp/status-$1"
	{
		xeir attach dev "$1" both \
			entries 1000 sessions 1000 sightings 1000 >"$tmp/attach-$1" 2>&1 && status=0 || status=$?
		echo "$status" >"$tmp/status-$1"
	} &
	starting=$!
}

# It waits for the journal, or for its turn; its shell is the parent of the tool.
is_waiting() {
	local pid

	pid=$(pgrep -P "$1" | head -n 1) &&
	{ grep -q "^[0-9]*: -> FLOCK .* $pid " /proc/locks ||
		find "/proc/$pid/fd" -lname "$XEIR_JOURNAL" | grep -q .; }
}

attached_and_failed() {
	cat "$tmp"/attach-core?
	is "$(cat "$tmp/status-core0") $(cat "$tmp/status-core1")" "0 4" &&
	status_is '[.interfaces[].name] | unique' '["core0"]' && xeir list >/dev/null
}

# Both have seen the maps before one of them fails and takes back what it made.
both_wait() {
	attach_start "$1"
	poll 60 pinned xeir_ingress && poll 60 is_waiting "$starting" || return
	attach_start "$2"
	poll 60 is_waiting "$starting"
}

one_of_two_fails() {
	local found=0

	hold_journal
	both_wait "$1" "$2" || found=$?
	release_journal
	wait
	is "$found" 0 && attached_and_failed && xeir detach all --yes
}

race_of_two() {
	local i bad=0 order=(core1 core0) n

	n=$(rounds 10 40 2)
	for ((i = 0; i < n; i++)); do
		rm -f "$XEIR_JOURNAL"*
		attach_start "${order[i % 2]}"
		attach_start "${order[(i + 1) % 2]}"
		wait
		attached_and_failed || bad=$((bad + 1))
		xeir detach all --yes || return
	done
	echo "bad $bad of $n"
	((bad == 0))
}

two_attaches() {
	check "a second interface that cannot be attached" second_interface
	xeir attach dev core0 >/dev/null && xeir block 490154203237518 >/dev/null
	xeir detach all --yes >/dev/null
	check "one attach fails, a second one that came behind it does not" one_of_two_fails core1 core0
	check "nor one that came before it" one_of_two_fails core0 core1
	check "at any moment" race_of_two
	check "an attach that fails alone leaves nothing behind" exits 4 \
		"core1: cannot be attached .* upper1 on top of it .*; detach upper1, whose packets pass core1 too" \
		xeir attach dev core1 both
	check "no pins" not pinned .
	ip -n "$core" link del core1
}

without_ethernet() {
	[[ -c /dev/net/tun ]] || modprobe tun
	check "an interface of IP packets" in_core ip tuntap add tun1 mode tun
	check "where nothing would be filtered, is refused" exits 4 \
		"tun1: found an interface without Ethernet headers" xeir attach dev tun1
	check "on egress too" exits 4 "tun1: found an interface without" xeir attach dev tun1 egress
	check "and on trial" exits 4 "tun1: found an interface without" xeir attach --dry-run dev tun1 both
	check "with no pins left" not pinned .
	check "one of Ethernet frames is attached" in_core ip tuntap add tap1 mode tap
	check "as always" xeir attach dev tap1 both
	xeir detach all --yes >/dev/null
}

# silent COMMAND...: it succeeds, and prints nothing on stderr.
silent() {
	"$@" 2>"$tmp/err" && is "$(cat "$tmp/err")" ""
}

# The verifier refuses the program of the sweep.
without_perfmon() {
	in_core setpriv --bounding-set -perfmon,-sys_admin "$root/userspace/xeir" "$@"
}

# What the verifier has to say stands below.
xeirs_words_first() {
	exits 4 "^libbpf: prog " without_perfmon attach dev core0 &&
	head -n 1 "$tmp/err" | grep "^xeir: the program cannot be loaded: Permission denied"
}

# 6.1 renames only what is down.
rename() {
	ip -n "$core" link set "$1" down
	ip -n "$core" link set "$1" name "$2"
	ip -n "$core" link set "$2" up
}

words_of_libraries() {
	local verb

	xeir attach dev core0 both >/dev/null && xeir block 490154203237518 >/dev/null &&
	xeir detach dev core0 >/dev/null
	check "attach where clsact is already: no word on stderr" silent xeir attach dev core0 both
	rename core0 s5c0
	for verb in status verify list stats; do
		check "nor by $verb once an interface has another name" silent xeir "$verb"
	done
	ip -n "$core" link add core0 type veth peer name peer0
	check "nor with an interface of its former name" silent xeir status
	ip -n "$core" link del core0
	rename s5c0 core0
	xeir detach all --yes >/dev/null
	check "a program that cannot be loaded: xeir's words first" xeirs_words_first
	check "it leaves nothing behind" not pinned .
}

lab_needs setpriv tc sqlite3 pgrep
lab_up
defer 'xeir detach all --yes >/dev/null 2>&1'
two_attaches
words_of_libraries
without_ethernet
finish
