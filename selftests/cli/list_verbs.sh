#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every verb of the list. Where the module is loaded, on the maps of an attached program, which the
# module writes; else on maps made here, which the tool writes by bpf(2).
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

transport=${XEIR_TRANSPORT:-$(lab_transport)}
tool=$root/userspace/xeir

make_maps() {
	mkdir "$XEIR_PINS"
	bpftool map create "$XEIR_PINS/xeir_list" type hash key 16 value 28 entries 2000 \
		name xeir_list
	bpftool map create "$XEIR_PINS/xeir_control" type array key 4 value 20 entries 1 \
		name xeir_control flags 0x400
	bpftool map create "$XEIR_PINS/xeir_counters" type percpu_array key 4 value 48 \
		entries 19 name xeir_counters
	bpftool map create "$XEIR_PINS/xeir_traffic" type percpu_hash key 8 value 40 \
		entries 4096 name xeir_traffic
	bpftool map create "$XEIR_PINS/xeir_hits" type lru_hash key 16 value 24 entries 65536 \
		name xeir_hits
}

if [[ $transport == netlink ]]; then
	# shellcheck disable=SC2119 # no more tools than the laboratory itself needs
	lab_needs
	[[ -d /sys/module/xeir ]] || skip_all "the module is not loaded"
	lab_up
	xeir attach dev core0 entries 2000 >/dev/null
	defer "in_core '$tool' detach all --yes >/dev/null"
	xeir() {
		in_core "$tool" --transport netlink "$@"
	}
else
	((EUID == 0)) || skip_all "maps need root"
	for needed in "$tool" bpftool jq flock; do
		command -v "$needed" >/dev/null || skip_all "$needed is not there"
	done
	lab_files
	lab_pins
	make_maps
	xeir() {
		"$tool" --transport bpf "$@"
	}
fi
capacity=$(xeir --json status | jq .capacity)
check "the list is reached by $transport" is "$(xeir --json status | jq -r .transport)" "$transport"

counts='[.added, .changed, .removed, .skipped]'
plain='[.[] | [.kind, .imei // .tac, .action, .directive, .expiry]]'

# The list is this, whatever was attempted.
listed() {
	prints_json 0 '[.[] | .imei // .tac]' "$1" list
}

generation() {
	xeir --json status | jq .generation
}

# so many IMEIs, one a line, from a serial number on
numbers() {
	awk -v n="$1" -v from="${2:-0}" \
		'BEGIN { for (i = 0; i < n; i++) printf "353490%08d\n", from + i }'
}

cat >"$tmp/first.csv" <<END
imei,action,directive,expiry
490154203237518,drop,,
35-349006-987331-9,watch,7,2099-12-31
35349006987332,drop,8,
END
cat >"$tmp/second.csv" <<END
imei,tac,action,directive
490154203237518,,watch,
35349006987332,,remove,
,35349007,drop,9
35349006987333,,remove,
END
printf '49015420323751\n35349006987332\n' >"$tmp/third.txt"

# --- load, list ------------------------------------------------------------------------------

check "an empty list" prints_json 0 . '[]' list
check "check finds nothing in it" prints_json 1 .listed false check 490154203237518
check "load adds" prints_json 0 "$counts" '[3,0,0,0]' load "$tmp/first.csv"
check "load of the same changes nothing" prints_json 0 "$counts" '[0,0,0,0]' load "$tmp/first.csv"
check "list has every field, in the order of the digits" prints_json 0 "$plain" '[["imei","35349006987331","watch",7,"2099-12-31T00:00:00Z"],["imei","35349006987332","drop",8,null],["imei","49015420323751","drop",null,null]]' list
check "list in a table" prints 0 "^imei  35349006987331  watch   7           2099-12-31T00:00:00Z         0  -$" list

before=$(generation)
check "load --dry-run reports" prints_json 0 "$counts + [.dry_run]" '[1,1,1,0,true]' \
	load --dry-run "$tmp/second.csv"
check "and changes nothing" listed '["35349006987331","35349006987332","49015420323751"]'
check "nor the generation" is "$(generation)" "$before"
check "load adds, changes and removes" prints_json 0 "$counts" '[1,1,1,0]' load --yes "$tmp/second.csv"
check "in one generation" is "$(generation)" $((before + 1))
check "TACs are listed behind IMEIs" prints_json 0 "$plain" '[["imei","35349006987331","watch",7,"2099-12-31T00:00:00Z"],["imei","49015420323751","watch",null,null],["tac","35349007","drop",9,null]]' list

from_stdin() {
	echo 35349006987334 | xeir --json load - | jq -c "$counts" >"$tmp/out" &&
	is "$(cat "$tmp/out")" '[1,0,0,0]'
}
check "load from stdin" from_stdin

faulty() {
	printf 'imei\n35349006987335\n123\n' >"$tmp/faulty.csv"
	prints_json 2 .error "\"$tmp/faulty.csv: 1 fault; nothing is applied\"" \
		load "$tmp/faulty.csv"
}
check "a faulty file is refused" faulty
check "and none of it is applied" prints_json 1 .listed false check 35349006987335
check "unless --skip-invalid reports that" prints_json 0 "$counts" '[1,0,0,1]' \
	load --skip-invalid "$tmp/faulty.csv"

# --- sync ------------------------------------------------------------------------------------

check "sync --dry-run reports" prints_json 0 "$counts" '[1,1,4,0]' sync --dry-run "$tmp/third.txt"
check "and changes nothing" prints_json 0 length 5 list
check "sync makes the list the file" prints_json 0 "$counts + [.entries]" '[1,1,4,0,2]' \
	sync "$tmp/third.txt"
check "and no more" listed '["35349006987332","49015420323751"]'
check "sync --skip-invalid reports what it means" prints 0 "skipped lines are unlisted" \
	sync --dry-run --skip-invalid "$tmp/faulty.csv"
check "and has the faults in its answer" prints_json 0 '[.skipped, .faults[].line]' '[1,3]' \
	sync --dry-run --skip-invalid "$tmp/faulty.csv"
printf 'imei,expiry\n35349006987332,2020-01-01\n' >"$tmp/ended.csv"
check "load of an end that has passed prints that the entry stays" prints 0 "stay listed" \
	load "$tmp/ended.csv"
check "and so it does" prints 0 "listed by IMEI" check 35349006987332
check "sync of the same changes nothing" prints_json 0 "$counts" '[0,0,0,0]' sync "$tmp/third.txt"
check "--directive is for rows that name none" prints_json 0 "$counts" '[1,2,0,0]' \
	--directive 5 sync "$tmp/first.csv"
check "a row's own directive stays" prints_json 0 '[.[].directive]' '[7,8,5]' list

# --- block, unblock, check -------------------------------------------------------------------

check "block" prints_json 0 "$counts" '[1,0,0,0]' block 35-349006-987340 action watch directive 11 \
	expiry 2098-01-02
check "check reports what is enforced" prints_json 0 '[.imei, .listed, .action, .directive, .by, .expiry]' \
	'["353490069873400",true,"watch",11,"imei","2098-01-02T00:00:00Z"]' \
	check 35-349006-987340/0
check "block again with another action is a change" prints_json 0 "$counts" '[0,1,0,0]' \
	block 35349006987340
check "one handset named twice is one" prints_json 0 "$counts" '[1,0,0,0]' \
	block 35349006987341 3534900698734100
check "an IMEI and a TAC at once" prints_json 0 "$counts" '[2,0,0,0]' \
	block 35349006987342 tac 01161200 directive 12 --yes
check "an IMEI is listed by its TAC" prints_json 0 '[.listed, .action, .directive, .by]' \
	'[true,"drop",12,"tac"]' check 01161200123456
check "unblock reports that" prints 1 "its TAC is.*: xeir unblock tac 01161200" unblock 01161200123456
check "an IMEI's own entry comes first" prints 0 "added" block 01161200123457 action watch
check "and reports its action" prints_json 0 '[.action, .by]' '["watch","imei"]' check 01161200123457
check "a TAC is checked too" prints_json 0 '[.tac, .listed]' '["01161200",true]' check tac 01161200
check "check of two, one of which is not listed" prints_json 1 .listed 'true
false' check 35349006987342 35349006987399
check "check for people" prints 1 "^35349006987399  not listed$" check 35349006987342 35349006987399
entries=$(xeir --json status | jq .entries)
check "block --dry-run reports" prints_json 0 "$counts + [.entries]" "[1,0,0,0,$((entries + 1))]" block --dry-run 35349006987350
check "and changes nothing" prints 1 "not listed" check 35349006987350
check "unblock --dry-run reports" prints_json 0 "$counts" '[0,0,1,0]' unblock --dry-run 35349006987342
check "and changes nothing" prints 0 "listed by IMEI" check 35349006987342
check "unblock, one of which is not listed" prints_json 0 "$counts + .not_listed" \
	'[0,0,2,0,"35349006987399"]' unblock 35349006987342 35349006987399 tac 01161200
check "they are gone" prints 1 "not listed" check 35349006987342
check "the TAC as well" prints_json 1 .listed false check 01161200123456
check "unblock of what is not listed" prints 1 "35349006987342 is not listed" unblock 35349006987342

check "a word twice" prints 2 "action is given twice" block 35349006987342 action drop action watch

ended() {
	xeir block 35349006987360 && xeir check 35349006987360 &&
	expire_soon block 35349006987360 && poll 60 prints 1 "not listed" check 35349006987360 &&
	prints 0 "1 left out, expired" list && ! contains "$tmp/out" 35349006987360
}
check "an entry ends" ended

# --- save, restore, flush --------------------------------------------------------------------

xeir --json sync "$tmp/first.csv" >/dev/null
xeir block --yes tac 35349007 01161200 directive 9 >/dev/null
check "save" prints_json 0 '[.entries, .file]' "[5,\"$tmp/saved.csv\"]" save "$tmp/saved.csv"
check "only its owner reads it" is "$(stat -c %a "$tmp/saved.csv")" 600
check "it is sorted CSV" is "$(cat "$tmp/saved.csv")" "imei,tac,imsi,msisdn,action,directive,expiry
35349006987331,,,,watch,7,2099-12-31T00:00:00Z
35349006987332,,,,drop,8,
49015420323751,,,,drop,,
,01161200,,,drop,9,
,35349007,,,drop,9,"
check "save --dry-run reports" prints_json 0 '[.entries, .dry_run]' '[5,true]' \
	save --dry-run "$tmp/dry.csv"
check "and writes nothing" is "$(find "$tmp" -name 'dry.csv*')" ""
check "flush --dry-run reports" prints_json 0 "$counts" '[0,0,5,0]' flush --dry-run
check "and changes nothing" prints_json 0 length 5 list
check "flush" prints_json 0 "$counts + [.entries]" '[0,0,5,0,0]' flush
check "nothing is listed" prints_json 0 . '[]' list
check "save of an empty list" prints 0 "^0 saved" save "$tmp/empty.csv"
check "restore" prints_json 0 "$counts" '[5,0,0,0]' restore "$tmp/saved.csv"
same_saved() {
	xeir save - | cmp - "$tmp/saved.csv"
}
check "a second save is equal to the first" same_saved

through_fifo() {
	mkfifo "$tmp/fifo" && { timeout 10 cat "$tmp/fifo" >"$tmp/through" & } &&
	xeir save "$tmp/fifo" >/dev/null && wait $! &&
	[[ -p $tmp/fifo ]] && cmp "$tmp/through" "$tmp/saved.csv"
}
behind_link() {
	echo old >"$tmp/behind.csv" && ln -s behind.csv "$tmp/link.csv" &&
	xeir save "$tmp/link.csv" && [[ -L $tmp/link.csv ]] && cmp "$tmp/behind.csv" "$tmp/saved.csv"
}
full_device() {
	mknod "$tmp/full" c 1 7 && prints 4 "No space left on device" save "$tmp/full" &&
	[[ -c $tmp/full ]]
}
check "save writes to a FIFO, and leaves it one" through_fifo
check "save replaces what a symbolic link points to" behind_link
check "save writes to a device, and leaves it one" full_device

check "restore of an empty list" prints_json 0 "$counts" '[0,0,5,0]' restore "$tmp/empty.csv"
check "save where nothing can be written" prints 4 "No such file" save "$tmp/none/list.csv"

# --- a full list, several writers ------------------------------------------------------------

numbers $((capacity - 10)) >"$tmp/most.txt"
numbers 20 "$capacity" >"$tmp/more.txt"
check "load of nearly the capacity" prints_json 0 .added $((capacity - 10)) \
	load "$tmp/most.txt"
check "--dry-run prints that more does not fit" prints 2 "full" load --dry-run "$tmp/more.txt"
check "what does not fit is refused" prints 2 "full" load "$tmp/more.txt"
check "with the figures" prints 2 "20 asked for; $((capacity - 10)) of $capacity entries are taken" \
	load "$tmp/more.txt"
check "and how to get more capacity" prints 2 "entries N && xeir restore" load "$tmp/more.txt"
check "all of it" prints_json 0 length $((capacity - 10)) list
check "the list is still good for a change" prints_json 0 "$counts" '[0,0,1,0]' unblock 35349000000000
check "and for one that fits" prints_json 0 .added 10 --skip-invalid load <(head -n 10 "$tmp/more.txt")
xeir flush >/dev/null

side_by_side() {
	local i pids=()
	for i in {10..19}; do
		xeir block "353490069873$i" &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i" || return 1
	done
	prints_json 0 length 10 list && is "$(xeir --json status | jq .entries)" 10
}
check "ten writers at once" side_by_side

# --- the maps written by bpf(2) --------------------------------------------------------------

octets() {
	fold -w 2 <<<"$1"
}

# value GENERATION BEFORE AFTER: an entry's octets, actions only
value() {
	printf '%02x 00 00 00  ' "$1"
	printf '00 00 00 00 00 00 00 00 %02x 00 00 00  ' "$2" "$3"
}

# shellcheck disable=SC2046 # octets are words
stage() {
	bpftool map update pinned "$XEIR_PINS/xeir_list" key hex 01 $(octets "$1") \
		00 00 00 00 00 00 00 00 value hex $(value "$2" "$3" "$4")
}

# A writer that had staged one addition and one removal, and one that had committed and not swept.
die_in_the_middle() {
	local live
	xeir flush && xeir block 49015420323751 35349006987331 || return 1
	live=$(generation)
	((live < 255)) || return 1
	stage 94104502237315 $((live + 1)) 3 0 && stage 53430960897823 $((live + 1)) 0 3 &&
	stage 53430960898833 "$live" 3 0 &&
	bpftool map update pinned "$XEIR_PINS/xeir_control" key hex 00 00 00 00 value hex \
		"$(printf %02x "$live")" 00 00 00 01 00 00 00 09 00 00 00 00 00 00 00 00 00 00 00
}

raw_entries() {
	bpftool -j map dump pinned "$XEIR_PINS/xeir_list" | jq length
}

waits_for_lock() {
	local status=0
	flock "$XEIR_PINS" timeout 1 "$tool" --transport bpf flush || status=$?
	is "$status" 124
}

if [[ $transport == bpf ]]; then
	check "a writer dies in the middle" die_in_the_middle
	check "the list is the old one" listed '["35349006987331","49015420323751"]'
	check "and check reports that" prints_json 1 .listed false check 35349006987832
	check "the next writer undoes what it left" prints_json 0 "$counts + [.entries]" '[1,0,0,0,3]' \
		block 35349006987332
	check "no entry stays behind" is "$(raw_entries)" 3
	check "a writer waits for another" waits_for_lock
	check "and has done nothing" prints_json 0 length 3 list
	check "nothing attached" prints 4 "nothing is attached" --pins "$XEIR_PINS-none" list
	check "check does not print that as not listed" prints 4 "nothing is attached" \
		--pins "$XEIR_PINS-none" check 35349006987332
	bpftool map freeze pinned "$XEIR_PINS/xeir_list"
	check "maps that the module has are not written" prints 4 "use --transport netlink" \
		block 35349006987333
	check "but read" prints_json 0 length 3 list
else
	check "bpf(2) may not write" prints 4 "use --transport netlink" --transport bpf block 35349006987333
	check "but read" prints_json 0 length 10 --transport bpf list
fi
finish
