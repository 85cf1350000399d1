#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A journal of version 09f0bb4 (golden/journal.sql, by golden/make) is read by this version, also
# where its words have changed since: `enforce watch`, verb `sample`, member `digest`.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

lab_needs sqlite3
lab_up
defer 'xeir detach all --yes >/dev/null'

golden=$selftests/cli/golden
head=$(cat "$golden/head.txt")
sha256=$(sqlite3 :memory: ".read $golden/journal.sql" \
	"SELECT detail ->> 'digest' FROM record WHERE verb = 'load' AND directive = 7")

# save prints the same rows for ever, whatever the header calls the columns
saved_rows() {
	xeir save - | tail -n +2 | sort
}

rows_are_golden() {
	diff <(saved_rows) "$golden/list.csv"
}

settings_are_golden() {
	diff <(xeir set) "$golden/settings.txt"
}

# --- what is read, and not changed -----------------------------------------------------------

mkdir "$tmp/ro"
sqlite3 "$tmp/ro/journal.db" <"$golden/journal.sql"
mount --bind "$tmp/ro" "$tmp/ro"
defer "umount '$tmp/ro'"
mount -o remount,bind,ro "$tmp/ro"
export XEIR_JOURNAL=$tmp/ro/journal.db

# what the old version printed, from the journal alone
read_all() {
	check "$1: each record has its hash" prints 0 "^50 records, 26 rows, in order; head $head" \
		journal verify
	check "$1: orders of all kinds are shown" prints_json 0 '[.[].verb] | unique - ["snapshot", "sample"]' \
		'["adopt","block","breaker","except","flush","key","load","numbers add","numbers expire","numbers import","numbers link","protect","refused","restore","rollback","sessions","set","sync","unblock","watched"]' \
		journal
	check "$1: each directive" prints_json 0 \
		'[.[] | [.number, .issuer, .reference, .due, .listed, .initial, .added, .changed, .removed, .state]]' \
		'[[7,"DoT","FIR 1/2026","2099-12-31T23:59:59Z",4,3,3,0,0,"enforced"],[8,"TRAI",null,null,2,2,1,1,0,"enforced"],[9,"TRAI",null,null,0,1,1,0,0,"withdrawn"],[10,"DoT",null,null,0,1,1,0,0,"withdrawn"],[11,null,null,null,1,1,1,0,0,"enforced"],[12,null,null,null,1,1,1,0,0,"enforced"],[13,"TRAI",null,null,1,1,1,0,0,"enforced"]]' \
		directive list
	check "$1: one directive, with its records" prints_json 0 '[.number, .actions == {"watch":1,"reject":2,"drop":1}, [.records[].id]]' \
		'[7,true,[12,13,34,35,36,37]]' directive show 7
	check "$1: the SHA-256 of its file" prints 0 "$sha256" directive show 7
	check "$1: the register of numbers" prints_json 0 \
		'[.[] | [.directive, .pending, .overdue, .verified, .disconnected, .failed]]' \
		'[[7,2,0,1,1,1]]' numbers
	check "$1: each number" prints_json 0 '[.[] | [.msisdn, .state, .due[0:10]]]' \
		'[["919812345600","verified","2099-12-31"],["919812345601","disconnected","2099-12-31"],["919812345678","pending","2099-12-31"],["919812345679","pending","2099-12-31"]]' \
		numbers list
	check "$1: the history of a number" prints_json 0 '[.directives[0].history[].state]' \
		'["pending","failed","disconnected"]' numbers show 919812345601
	check "$1: the protect list" prints_json 0 '[.[].imei]' '["99000086247185"]' protect
	check "$1: the keys of issuers" prints_json 0 '[.[].issuer]' '["DoT"]' key list
	check "$1: report counts attempts by the snapshots" prints_json 0 '[.days[].attempts]' '[2]' \
		report --directive 7
	check "$1: figures of the report" prints_json 0 \
		'.figures | map(select(.value | type == "number") | { (.figure): .value }) | add | [
			.handsets_listed, .entries_listed, .handsets_with_attempts, .attempts,
			.sessions_cut, .numbers_linked, .numbers_pending, .numbers_overdue,
			.numbers_verified, .numbers_failed, .numbers_disconnected]' \
		'[2,4,1,2,1,4,2,0,1,1,1]' \
		report --directive 7
}
read_all "read-only"

# --- what is enforced, and goes on -----------------------------------------------------------

cp "$tmp/ro/journal.db" "$tmp/journal.db"
export XEIR_JOURNAL=$tmp/journal.db
check "attach enforces what it lists" prints 0 "attached" attach dev core0
check "all entries are as they were" rows_are_golden
check "all settings, too" settings_are_golden
check "nothing differs" prints 0 "^9 entries and the settings are those of the journal$" verify
check "enforcement is as it was" prints 0 "^enforce *permissive" enforce
read_all "attached"

# --- what goes on from there -----------------------------------------------------------------

check "a directive that its issuer signed before the last is refused" prints 2 \
	"not newer than what DoT signed last, directive 7 as of 2026-11-01" load "$golden/6.csv"
check "so is what is not signed" prints 2 "it is not signed" load --directive 14 <(echo 353490069873350)
check "the next records are appended" xeir enforce on
check "to the old ones" prints 0 "^53 records, 26 rows, in order" journal verify --head "$head"
check "the protect list is a guard" prints 2 "refused by guard protected" block 990000862471853
check "rollback undoes what the old version did" prints_json 0 '[.added, .changed, .removed, .kept]' \
	'[0,1,1,[{"directive":7,"entries":1}]]' directive rollback 8
check "in order" prints 0 "in order" journal verify --head "$head"
check "and enforced" prints 0 "^8 entries and the settings are those of the journal$" verify
finish
