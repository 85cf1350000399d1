#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Whenever the tool dies, the enforced list is the old one or the new one, and the next
# command brings it to what the journal has, and reports that.
#
# usage: durable.sh [SEED]
#
# It is killed at each call that changes something. In check-long, or with a seed, it is killed at
# random moments instead.
# shellcheck disable=SC2317,SC2086 # functions are called through check; commands are words
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

lab_needs sqlite3 bpftool
[[ -f $selftests/faults/fault_at.so ]] || skip_all "fault_at.so is not built: make all"

seed=${1:-$(rounds "" $SRANDOM)}
kills=203

lab_up
defer 'xeir detach all --yes >/dev/null'

# --- the commands that are killed, each between two states -----------------------------------

# imeis FIRST N: handsets without their check digit
imeis() {
	local i
	for ((i = $1; i < $1 + $2; i++)); do
		printf '49015420%06d\n' "$i"
	done
}

# files N: base.csv, plus.csv of directive 8, which comes on top, what both make, and same.csv,
# which changes neither.
files() {
	{
		echo imei,action,directive
		imeis 0 "$1" | sed 's/$/,drop,7/'
	} >"$tmp/base.csv"
	{
		echo imei,action,directive
		imeis $(($1 / 2)) "$1" | sed 's/$/,watch,8/'
	} >"$tmp/plus.csv"
	{
		echo imei,action,directive
		imeis 0 $(($1 / 2)) | sed 's/$/,drop,7/'
		imeis $(($1 / 2)) "$1" | sed 's/$/,watch,8/'
	} >"$tmp/both.csv"
	head -2 "$tmp/base.csv" >"$tmp/same.csv"
	seq -f "919812%06g" 1 "$1" >"$tmp/numbers"
	for result in verified failed; do
		{ echo msisdn,result; sed "s/$/,$result/" "$tmp/numbers"; } >"$tmp/$result.csv"
	done
	commands[unload]="unblock $(tail -1 "$tmp/base.csv" | cut -c 1-14)"
}

# The enforced list, reported by the tool's reader of the maps alone.
in_force() {
	xeir save - | tail -n +2 | sort | sha256sum | cut -c 1-16
}

settings() {
	{ xeir --json set | jq -c '[.no_imei, .deletes]' && xeir enforce; } | tr '\n' ' '
}

# What @1 changes of it.
state() {
	case $1 in
	set | enforce) settings ;;
	*) in_force ;;
	esac
}

turns=(load sync set enforce unload rollback import)
declare -A commands=(
	[load]="load $tmp/plus.csv"
	[sync]="sync $tmp/base.csv"
	[set]="set no-imei watch deletes 7"
	[enforce]="enforce permissive"
	[rollback]="directive rollback 8 --force killed"
	[import]="numbers import $tmp/failed.csv"
)

# Bring all to where @1 begins.
rewind() {
	case $1 in
	set) xeir set no-imei pass deletes 100 ;;
	enforce) xeir enforce on ;;
	sync) xeir sync "$tmp/both.csv" ;;
	rollback) xeir sync "$tmp/base.csv" && xeir load "$tmp/plus.csv" ;;
	import) xeir numbers import "$tmp/verified.csv" ;;
	*) xeir sync "$tmp/base.csv" ;;
	esac >/dev/null
}

# A short journal takes few calls.
begin_anew() {
	forget_all && xeir attach dev core0 && xeir set max-change 1000 && xeir sync "$tmp/base.csv" &&
	xeir numbers add "$tmp/numbers" --directive 7
}

# What @1 is to make of it, as $old and $new.
learn() {
	rewind "$1" && old=$(state "$1") &&
	xeir ${commands[$1]} >/dev/null && new=$(state "$1") &&
	[[ $old != "$new" ]] && rewind "$1"
}

# --- after a death ---------------------------------------------------------------------------

reported="differed from the journal"

# mended WHAT VERB: enforced is the old or the new, the next change makes it the journal's, and reports.
mended() {
	local found after

	found=$(state "$2") || return
	xeir load "$tmp/same.csv" >"$tmp/next" 2>&1 || { cat "$tmp/next"; return 1; }
	after=$(state "$2") || return
	[[ $found == "$old" || $found == "$new" ]] || { echo "$1: neither: $found"; return 1; }
	[[ $after == "$old" || $after == "$new" ]] || { echo "$1: mended to neither: $after"; return 1; }
	if [[ $found != "$after" ]]; then
		contains "$tmp/next" "$reported" || { echo "$1: mended without a report"; cat "$tmp/next"; return 1; }
		mends=$((mends + 1))
	fi
	if ! xeir verify >"$tmp/verified" || ! xeir journal verify >>"$tmp/verified"; then
		echo "$1:"
		cat "$tmp/verified"
		return 1
	fi
	[[ $after == "$old" ]] || news=$((news + 1))
	[[ $after == "$old" ]] || rewind "$2"
}

# --- kills at each call ----------------------------------------------------------------------

# killed_at VERB CALLS STRIDE: at each of these calls, until it lives.
killed_at() {
	local verb=$1 of=$2 n

	for ((n = 1; ; n += $3)); do
		with_fault "$n" ${commands[$verb]} >"$tmp/killed" 2>&1 && break
		mended "$verb, call $n of $of" "$verb" || return
	done
	echo "# $verb: killed up to call $n of $of: $news times new, $mends times mended" >&3
	rewind "$verb"
}

# Of the many writes to the journal, which make one commit, some do.
each_call() {
	begin_anew && learn "$1" || return
	mends=0 news=0
	killed_at "$1" maps 1 && killed_at "$1" disk 4 && ((news > 0 && mends > 0))
}

# --- kills while a breaker that has tripped is undone ----------------------------------------

# A directive of one entry, whose tool is gone, has stopped too much.
tripped() {
	local value

	rm -f "$tmp/watched" # or the former's is read
	start "$tmp/watched" "$core" "$root/userspace/xeir" load --breaker 2/300 "$tmp/one.csv"
	poll 20 contains "$tmp/watched" "generation" && stop "$started" &&
	value=$(bpftool -j map lookup pinned "$XEIR_PINS/xeir_breaker" key 0 0 0 0 |
		jq -r '.value | .[20] = "0x01" | join(" ")') &&
	bpftool map update pinned "$XEIR_PINS/xeir_breaker" key 0 0 0 0 value $value &&
	[[ $(in_force) != "$old" ]]
}

# noted N: so many were undone, as the journal has it.
noted() {
	is "$(sqlite3 "$XEIR_JOURNAL" "SELECT count(*) FROM record WHERE verb = 'breaker'")" "$1"
}

# Killed in between: a list that is as it was is so in the journal, or a reboot would undo that.
undone_durably() {
	[[ $(in_force) != "$old" ]] || noted "$1"
}

# The next command leaves the list as it was, in the journal, too.
undone() {
	xeir load "$tmp/same.csv" >"$tmp/next" 2>&1 && is "$(in_force)" "$old" &&
	xeir verify && xeir journal verify && noted "$1"
}

# undone_at CALLS STRIDE: the command that is to undo it is killed at each of these calls.
undone_at() {
	local of=$1 n lives=0

	for ((n = 1; !lives; n += $2)); do
		tripped || return
		with_fault "$n" load "$tmp/same.csv" >"$tmp/killed" 2>&1 && lives=1
		trips=$((trips + 1))
		undone_durably $trips || { echo "call $n of $of: not durably"; return 1; }
		undone $trips || { echo "call $n of $of"; return 1; }
	done
	echo "# a breaker is undone: killed up to call $n of $of" >&3
	((n > $2 + 1))
}

each_undoing() {
	local trips=0

	begin_anew && old=$(in_force) && printf 'imei,directive\n35349006987331,9\n' >"$tmp/one.csv" &&
	undone_at maps 1 && undone_at disk 4
}

# --- kills at random moments -----------------------------------------------------------------

micros() {
	echo "${EPOCHREALTIME/[.,]/}"
}

duration() {
	local begun
	begun=$(micros)
	xeir ${commands[$1]} >/dev/null && echo $(($(micros) - begun))
}

random_moment() {
	local verb=$1 longest=$2 moment
	moment=$((RANDOM * longest / 32768))

	"$in_netns" "$core" "$root/userspace/xeir" ${commands[$verb]} \
		>"$tmp/killed" 2>&1 </dev/null &
	sleep "$(printf '0.%06d' "$moment")"
	kill -KILL $! 2>/dev/null || true
	wait $! 2>/dev/null || died=$((died + 1))
	mended "$verb after $moment us of $longest" "$verb"
}

random_moments() {
	local verb=$1 n=$2 longest i

	learn "$verb" && longest=$(duration "$verb") && rewind "$verb" || return
	mends=0 news=0 died=0
	for ((i = 0; i < n; i++)); do
		random_moment "$verb" "$longest" || return
	done
	echo "# $verb: $died of $n died within $longest us: $news times new, $mends times mended" >&3
}

each_turn_is_random() {
	echo "# seed $seed"
	RANDOM=$seed
	files 2000
	begin_anew >/dev/null
	for verb in "${turns[@]}"; do
		check "$verb is killed at random moments" random_moments "$verb" $((kills / ${#turns[@]}))
	done
	finish
}

exec 3>&1
xeir attach dev core0 >/dev/null
[[ ! $seed ]] || each_turn_is_random
files 40
for verb in "${turns[@]}"; do
	check "$verb is killed at each call that changes something" each_call "$verb"
done
check "undoing what tripped a breaker is killed at each call" each_undoing
finish
