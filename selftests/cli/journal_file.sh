#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What may become of the journal's file: a full disk, one to read only, an older xeir's, a newer
# one's, one that is broken; and a clock that was set back.
# shellcheck disable=SC2317,SC2086 # functions are called through check; numbers are one word
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

lab_needs sqlite3
[[ -f $selftests/faults/fault_at.so ]] || skip_all "fault_at.so is not built: make all"
lab_up
defer 'xeir detach all --yes >/dev/null'

imei1=490154203237518 imei2=353490069873319 imei3=356938035643809

# What is enforced.
in_force() {
	xeir save - | tail -n +2 | sort | sha256sum
}

# preloaded SHIM VARIABLE=VALUE... -- ARGUMENT...
preloaded() {
	local shim=$1 set=()
	shift
	while [[ $1 != -- ]]; do
		set+=("$1")
		shift
	done
	in_core env LD_PRELOAD="$selftests/faults/$shim.so" "${set[@]}" "$root/userspace/xeir" "${@:2}"
}

in_order() {
	prints 0 "in order" journal verify && prints 0 "are those of the journal" verify
}

xeir attach dev core0 >/dev/null

# --- a dry run -------------------------------------------------------------------------------

dry_run() {
	xeir --dry-run block $imei1 && xeir --dry-run set no-imei watch && [[ ! -e $XEIR_JOURNAL ]]
}
check "a dry run makes no journal" dry_run
xeir block $imei1 >/dev/null

untouched() {
	local before
	before=$(sha256sum "$XEIR_JOURNAL") &&
	prints 0 "^dry run, nothing is changed: 1 would be added" --dry-run block $imei2 &&
	[[ ! -s $XEIR_JOURNAL-wal ]] && is "$(sha256sum "$XEIR_JOURNAL")" "$before"
}
check "nor does it write to one" untouched
check "the journal is for its owner alone" is "$(stat -c %a "$XEIR_JOURNAL")" 600

# --- the clock -------------------------------------------------------------------------------

set_back() {
	preloaded clock_back -- block $imei2 >"$tmp/out" 2>&1 &&
	contains "$tmp/out" "warning: the clock is 3[56][0-9][0-9] seconds behind the last record" &&
	contains "$tmp/out" "^1 added"
}
check "a clock that is behind the last record is reported" set_back
check "the record is there, with its time" is \
	"$(xeir --json journal last 2 | jq -c '[.[].id], .[1].time < .[0].time' | xargs)" "[1,2] true"
check "journal and list are in order" in_order
xeir unblock $imei2 >"$tmp/out" 2>&1
silent() {
	! contains "$tmp/out" warning
}
check "nothing is reported when it is right again" silent

# --- the kernel ------------------------------------------------------------------------------

# At the first write of the list, behind the journal's commit.
kernel_fails() {
	local found=0 before
	before=$(in_force)

	preloaded fault_at FAULT=fail FAULT_OF=batch FAULT_AT=1 -- block $imei2 >"$tmp/out" 2>&1 || found=$?
	cat "$tmp/out"
	is "$found" 4 && contains "$tmp/out" "the journal has the change, but the maps do not" &&
	is "$(in_force)" "$before" && prints 1 "^not enforced: imei 35349006987331" verify
}
check "the list cannot be written: that is reported" kernel_fails
check "restore mends it" prints 0 "differed from the journal: 1 added" restore
check "and all is in order" in_order
settings_fail() {
	local found=0

	preloaded fault_at FAULT=fail FAULT_OF=bpf FAULT_AT=1 -- set no-imei drop >"$tmp/out" 2>&1 || found=$?
	cat "$tmp/out"
	is "$found" 4 && contains "$tmp/out" "the journal has the settings, but they are not active yet"
}
check "settings cannot be written: that is reported" settings_fail
check "the next change of the list mends them" prints 0 "the active settings differed from the journal" unblock $imei2
check "and all is in order" in_order

# --- attach ----------------------------------------------------------------------------------

# What is half pinned is reported, with the way out.
attach_again() {
	prints 0 "^core0: attached" attach dev core0 ||
	{ contains "$tmp/out" "incomplete: .*start again with: xeir detach all" && xeir detach all --yes &&
	  prints 0 "^core0: attached" attach dev core0; }
}

killed_attach() {
	local n

	for ((n = 1; ; n += 3)); do
		xeir detach all --yes >/dev/null || return
		preloaded fault_at FAULT=kill FAULT_AT=$n -- attach dev core0 >"$tmp/killed" 2>&1 && break
		if ! attach_again || ! in_order; then
			echo "call $n"
			return 1
		fi
	done
	echo "# attach: killed up to call $n" >&3
	((n > 10))
}
exec 3>&1
check "attach is killed at each call: the next has the journal's list" killed_attach

# --- other files in its place ----------------------------------------------------------------

keep=$tmp/kept.db
sql "PRAGMA wal_checkpoint(TRUNCATE)" >/dev/null
cp "$XEIR_JOURNAL" "$keep"

# with PATTERN: the journal as it was made is refused so, by readers and writers; nothing changes.
refused() {
	local before found
	before=$(in_force)

	prints 4 "$1" journal && prints 4 "$1" block $imei2 && prints 4 "$1" set no-imei pass &&
	is "$(in_force)" "$before"
	found=$?
	rm -rf "$XEIR_JOURNAL"*
	cp "$keep" "$XEIR_JOURNAL"
	return "$found"
}

# A mode that a newer xeir may have set.
unknown_mode() {
	xeir enforce on >/dev/null &&
	sql "UPDATE record SET detail = json_set(detail, '$.enforce', 'later')
		WHERE id = (SELECT max(id) FROM record)" &&
	prints 4 'setting enforce: found "later", expected on, permissive or off' set no-imei watch &&
	prints 0 "^enforce *on" status
}

check "an unknown mode of enforcement is refused" unknown_mode
rm -rf "$XEIR_JOURNAL"*
cp "$keep" "$XEIR_JOURNAL"
sql "PRAGMA user_version = 99"
check "a newer xeir's" refused "found version 99, expected at most [0-9]*: a newer xeir wrote it"
sql "PRAGMA application_id = 7"
check "another program's" refused "found another program's database"
rm "$XEIR_JOURNAL" && mkdir "$XEIR_JOURNAL"
check "a directory" refused "[Ii]s a directory"
noise() {
	seq 9999 | gzip -n | head -c 4096
}
noise >"$XEIR_JOURNAL"
check "no database" refused "file is not a database"
truncate -s 8192 "$XEIR_JOURNAL"
check "cut short" refused "malformed\|disk image"
ln -sf "$tmp/nowhere/journal" "$XEIR_JOURNAL.link"
check "a link to nowhere" env XEIR_JOURNAL="$XEIR_JOURNAL.link" bash -c \
	"! nsenter --net=/run/netns/$core $root/userspace/xeir block $imei2"
linked() {
	mv "$XEIR_JOURNAL" "$tmp/real.db" && ln -s "$tmp/real.db" "$XEIR_JOURNAL" &&
	prints 0 "^1 added" block $imei3 && in_order &&
	prints 0 "^0 added, 0 changed, 1 rem" unblock $imei3 &&
	[[ -L $XEIR_JOURNAL ]] && rm "$XEIR_JOURNAL" && mv "$tmp/real.db" "$XEIR_JOURNAL"
}
check "a link to the journal is followed" linked

# Each page but the first in turn: what is damaged is reported by one of them, or was not in use.
flipped() {
	local pages page

	pages=$(($(stat -c %s "$keep") / 4096)) noticed=0
	for ((page = 0; page < pages; page++)); do
		rm -f "$XEIR_JOURNAL"* && cp "$keep" "$XEIR_JOURNAL" &&
		noise | dd of="$XEIR_JOURNAL" bs=4096 seek="$page" conv=notrunc 2>/dev/null || return
		xeir journal verify >"$tmp/out" 2>&1 || noticed=$((noticed + 1))
	done
	echo "# $noticed of $pages pages noticed" >&3
	rm -f "$XEIR_JOURNAL"* && cp "$keep" "$XEIR_JOURNAL" && ((noticed >= pages - 1))
}
check "a page of noise is reported" flipped

left_wal() {
	local n

	for ((n = 1; n < 60; n++)); do
		preloaded fault_at FAULT_AT=$n FAULT_OF=disk -- block $imei1 >"$tmp/killed" 2>&1 || true
		[[ ! -s $XEIR_JOURNAL-wal ]] || break
	done
	[[ -s $XEIR_JOURNAL-wal ]] && prints 0 "in order" journal verify && prints 0 "added" block $imei1 && in_order
}
check "a log that a killed tool left is read" left_wal

# --- of an older xeir ------------------------------------------------------------------------

# The same rows in the tables of version 1.
first_schema() {
	cat <<-EOF
	CREATE TABLE record (id INTEGER PRIMARY KEY, time INTEGER NOT NULL, who TEXT NOT NULL,
	 verb TEXT NOT NULL, directive INTEGER NOT NULL, detail TEXT NOT NULL,
	 content BLOB NOT NULL, hash BLOB NOT NULL) STRICT;
	CREATE TABLE listing (key BLOB NOT NULL, directive INTEGER NOT NULL,
	 origin INTEGER NOT NULL, added INTEGER NOT NULL, removed INTEGER NOT NULL,
	 action INTEGER NOT NULL, until INTEGER NOT NULL,
	 PRIMARY KEY (key, directive, origin, added)) STRICT, WITHOUT ROWID;
	CREATE TABLE enforced (record INTEGER PRIMARY KEY REFERENCES record,
	 time INTEGER NOT NULL, boot TEXT NOT NULL, list INTEGER NOT NULL,
	 generation INTEGER NOT NULL) STRICT;
	CREATE VIEW directive AS SELECT directive AS number, min(id) AS record,
	 min(time) AS received, detail ->> 'issuer' AS issuer
	 FROM record WHERE directive AND verb IN ('load', 'sync') GROUP BY directive;
	CREATE VIEW setting AS SELECT e.key AS name, e.atom AS value, max(r.id) AS record
	 FROM record r, json_each(r.detail) e WHERE r.verb = 'set' GROUP BY e.key;
	ATTACH '$1' AS now;
	INSERT INTO record SELECT id, time, who, verb, directive, detail, content, hash
	 FROM now.record;
	INSERT INTO listing SELECT key, directive, origin, added, removed, action, until
	 FROM now.listing;
	INSERT INTO enforced SELECT record, time, boot, list, generation
	 FROM now.enforced;
	PRAGMA application_id = 0x78656972;
	PRAGMA user_version = 1;
	EOF
}

of_version_1() {
	sql "PRAGMA wal_checkpoint(TRUNCATE)" && mv "$XEIR_JOURNAL" "$keep" &&
	rm -f "$XEIR_JOURNAL"* && first_schema "$keep" | sql &&
	prints 4 "found version 1, expected [0-9]*: the next command that changes" journal &&
	prints 0 "would be added" --dry-run block $imei3 && is "$(sql "PRAGMA user_version")" 1 &&
	prints 0 "^1 added" block $imei3 && in_order && prints 0 "1 removed" unblock $imei3
}
check "version 1 is brought to this one by the next change" of_version_1

# --- a small disk ----------------------------------------------------------------------------

mkdir "$tmp/small"
mount -t tmpfs -o size=4m xeir "$tmp/small"
defer "umount '$tmp/small'"
dd if=/dev/zero of="$tmp/small/others" bs=1M count=3 2>/dev/null
forget_all >/dev/null
export XEIR_JOURNAL=$tmp/small/journal.db
xeir attach dev core0 >/dev/null
xeir set max-change 1000 >/dev/null

directive() {
	local i
	echo imei,directive
	for ((i = 0; i < 4000; i++)); do
		printf '49%02d%010d,%d\n' "$1" "$i" "$1"
	done
}

until_full() {
	local n before found=0

	for ((n = 1; n < 40; n++)); do
		directive "$n" >"$tmp/many.csv"
		before=$(in_force)
		xeir load "$tmp/many.csv" >"$tmp/out" 2>&1 || break
	done
	echo "# full by directive $n" >&3
	cat "$tmp/out"
	contains "$tmp/out" "database or disk is full; it is as it was" && is "$(in_force)" "$before" && ((n > 1))
}
check "directives are loaded until the disk is full: that one is refused" until_full
check "journal and list are in order" in_order
small_change() {
	local found=0 before
	before=$(in_force)

	dd if=/dev/zero of="$tmp/small/rest" bs=1k 2>/dev/null
	xeir block $imei3 >"$tmp/out" 2>&1 || found=$?
	cat "$tmp/out"
	is "$found" 4 && contains "$tmp/out" "^xeir: journal .*\(full\|No space\)" && is "$(in_force)" "$before"
}
check "not an octet is left: a change is refused" small_change
check "journal and list can be looked at" in_order
check "and so can a dry run" prints 0 "would be added" --dry-run block $imei3
rm "$tmp/small/rest"
mount -o remount,size=64m "$tmp/small"
check "with space again, it goes on" prints 0 "^4000 added" load "$tmp/many.csv"
check "in order" in_order

mount -o remount,ro "$tmp/small"
check "on a disk to read only, a change is refused" prints 4 "^xeir: journal .*\(read-\?only\|Read-only\)" block $imei3
check "journal and list can be looked at" in_order
check "and so can a dry run" prints 0 "would be added" --dry-run block $imei3

# As at boot, with such a disk.
boots() {
	local wanted
	wanted=$(xeir save - | sha256sum)
	xeir detach all --yes >/dev/null &&
	prints 0 "^xeir: warning: THE JOURNAL $XEIR_JOURNAL CANNOT BE WRITTEN" attach dev core0 &&
	is "$(grep -c warning "$tmp/out")" 1 &&
	is "$(xeir save - | sha256sum)" "$wanted" && prints 0 "those of the journal" verify &&
	prints 0 " load  *10 " journal last 1 && prints 0 "^journal " status
}
check "to read only, a host that boots enforces the list, with an alarm" boots
mount -o remount,rw "$tmp/small"
dd if=/dev/zero of="$tmp/small/rest" bs=1k 2>/dev/null || true
check "with not an octet left too" boots
rm "$tmp/small/rest"
check "with space, changes are taken" prints 0 "^1 added" block $imei3
finish
