#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Sessions come, move and end at the full rate of two processes, through both programs on a veth,
# while the list changes every second and a monitor reads the events: nothing grows any more once
# the tables are warm, no event is lost without a count, and what is left is what is alive.
#
# usage: soak.sh [SECONDS]	120 at least, to be warm at half time; 1800 if not given
#
# Real interfaces, not test runs: memory of packets, links and sockets counts too.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

lab_needs bpftool
seconds=${1:-1800}
samples=40
handsets=40000 delta=400 age=20	# of soak_send.c; of which $delta are listed each second, for $age

# KiB that the last quarter may have more than the two before it, in which the tables are full.
# Maps: as many sessions are up at the peaks, and one of them has about 1 KiB. Slab: that of the
# whole machine, so the least that was seen; other processes move that by some MiB. In 30 minutes
# 64 octets of each session are 27 MiB a quarter at 1,000 sessions a second. Monitor: its heap.
map_margin=2048 slab_margin=$((24 << 10)) rss_margin=1024

lab_up
defer 'xeir detach all --yes >/dev/null'

# block_of K ACTION: rows of the K-th $delta handsets, without check digits. The digits of
# many_sessions.c.
block_of() {
	awk -v first=$(($1 * delta % handsets)) -v delta="$delta" -v action="$2" 'BEGIN {
		for (i = first; i < first + delta; i++)
			printf "357211%02d%02d%02d00,%s\n", i % 100, i / 100 % 100, i / 10000, action
	}'
}

# The K-th change: some handsets are listed, and those of $age changes ago no more.
change() {
	{
		echo imei,action
		block_of "$1" drop
		(($1 < age)) || block_of $(($1 - age)) remove
	} >"$tmp/delta.csv"
	xeir load --force "soak" --directive 7 "$tmp/delta.csv" >"$tmp/change" 2>&1 ||
		{ cat "$tmp/change"; return 1; }
}

kib_of() {
	awk -v name="$1:" '$1 == name { print $2 }' "$2"
}

map_kib() {
	bpftool -j map show | jq --argjson ids "$ids" \
		'[.[] | select(.id as $id | $ids | index($id)) | .bytes_memlock] | add / 1024 | floor'
}

# SECOND MAPS SLAB UNRECLAIMABLE MONITOR SESSIONS, memory in KiB
sample() {
	echo "$SECONDS $(map_kib) $(kib_of Slab /proc/meminfo) $(kib_of SUnreclaim /proc/meminfo)" \
		"$(kib_of VmRSS "/proc/$monitor/status")" \
		"$(xeir --json stats | jq '.sessions.started - .sessions.ended')" >>"$tmp/samples"
}

map_ids() {
	local pin
	for pin in "$XEIR_PINS"/xeir_*; do
		bpftool -j map show pinned "$pin" 2>/dev/null | jq .id
	done | jq -sc .
}

lost() {
	xeir --json stats | jq '[.rules[].lost] | add'
}

# In the second quarter the monitor stands still until its buffer is full, for which twenty minutes
# are enough.
soak() {
	local start=$SECONDS end=$((SECONDS + seconds)) next=0 k=0
	while ((SECONDS < end)); do
		change "$k" || return 1
		k=$((k + 1))
		if ((SECONDS >= next)); then
			sample
			next=$((SECONDS + seconds / samples))
		fi
		if ((SECONDS - start > seconds / 2)) || (($(lost) > 0)); then
			kill -CONT "$monitor"
		elif ((SECONDS - start > seconds / 4)); then
			kill -STOP "$monitor"
		fi
		sleep "0.$((1000000 - 10#${EPOCHREALTIME#*.}))"
	done
	changes=$k
}

# flat COLUMN MARGIN 1|-1: the peak of the last quarter, or its lowest point (-1), against that of
# the second and third.
flat() {
	awk -v column="$1" -v margin="$2" -v sign="$3" '
		{ all[NR] = $column * sign }
		END {
			before = after = -2 ^ 53
			for (i = int(NR / 4) + 1; i <= NR; i++)
				if (i <= NR * 3 / 4)
					before = all[i] > before ? all[i] : before
				else
					after = all[i] > after ? all[i] : after
			print before * sign " KiB, then " after * sign
			exit !(NR >= 8 && before && (after - before) * sign <= margin)
		}' "$tmp/samples"
}

# It has written nothing for a second: all that is in the buffer is read.
monitor_idle() {
	local now
	now=$(awk '/^wchar/ { print $2 }' "/proc/$monitor/io")
	[[ $now == "${written-}" ]] || idle_since=${EPOCHREALTIME/[.,]/}
	written=$now
	((${EPOCHREALTIME/[.,]/} - idle_since > 1000000))
}

# Dropped GTP-C of all rules is an event each, read or lost.
events_add_up() {
	local emitted lost read
	poll 30 monitor_idle || return 1
	emitted=$(xeir --json stats | jq '[.messages[] | .drop + .reject + .watch] | add')
	lost=$(lost)
	stop "$monitor"
	poll 10 gone "$counter" || return 1
	read=$(<"$tmp/read")
	events="$emitted events, $read read, $lost counted as lost"
	((emitted > 0)) && is "$emitted" $((read + lost))
}

some_were_lost() {
	(($(lost) > 0))
}

alive_as_granted() {
	local alive
	stop "$pgw"
	alive=$(awk '/alive/ { print $1 }' "$tmp/pgw")
	echo "$alive are alive"
	((alive > 0)) && is "$(xeir --json stats | jq '.sessions.started - .sessions.ended')" "$alive" &&
	is "$(bpftool -j map dump pinned "$XEIR_PINS/xeir_sessions" | jq length)" "$alive"
}

list_as_commanded() {
	local k
	for ((k = changes > age ? changes - age : 0; k < changes; k++)); do
		block_of "$k" drop
	done | cut -d, -f1 | sort >"$tmp/commanded"
	xeir save - | grep -o '^[0-9]\{14\}' | sort | cmp - "$tmp/commanded"
}

check "the programs are on the veth, both ways" \
	xeir attach dev core0 both entries 16384 sessions 65536 sightings 65536
ids=$(map_ids)
mkfifo "$tmp/events"
grep -c '"event": *"message"' <"$tmp/events" >"$tmp/read" &
counter=$!
start "$tmp/events" "$core" "$root/userspace/xeir" --json monitor --backlog
monitor=$started
start "$tmp/pgw" "$core" "$selftests/e2e/soak_send" pgw
pgw=$started
poll 5 contains "$tmp/pgw" ready
start "$tmp/sgw" "$access" "$selftests/e2e/soak_send" sgw "$seconds"
check "the list is changed every second for $seconds seconds" soak
check "all sessions were asked for" poll 120 contains "$tmp/sgw" created
sed 's/^/# /' "$tmp/sgw"
echo "# second, KiB of maps, of slab, unreclaimable, of the monitor, sessions up"
sed 's/^/# /' "$tmp/samples"
check "memory of the maps is flat once they are warm" flat 2 $map_margin 1
check "slab is flat" flat 4 $slab_margin -1
check "the monitor is flat" flat 5 $rss_margin 1
check "each event was read, or counted as lost" events_add_up
echo "# $events"
((seconds < 1200)) || check "and some were lost, while the monitor stood still" some_were_lost
check "sessions that are left are those that are alive" alive_as_granted
check "the list is what was commanded" list_as_commanded
check "and what the journal has" xeir verify
finish
