#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What stands between a file and the list: each guard alone, together, forced with a reason,
# refused with a record, and in a dry run.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

lab_needs ip
lab_up
xeir attach dev core0 mode generic entries 2000 >/dev/null
defer xeir detach all --yes
xeir flush >/dev/null

# refused GUARDS ARGUMENT...: by these, so many entries stay listed, and the journal reports that.
refused() {
	local guards=$1 before last
	shift
	before=$(entries) && last=$(records) &&
	prints_json 2 '[.refused[].guard] | join(" ")' "\"$guards\"" "$@" &&
	is "$(entries)" "$before" && is "$(records)" $((last + 1)) &&
	recorded "[.verb, (.detail.guards | join(\" \")), (.detail.verb | split(\" \")[0])]" \
		"[\"refused\",\"$guards\",\"$1\"]" &&
	is "$(jq -c '[.refused[].reason]' "$tmp/out")" "$(last_record | jq -c .detail.reason)"
}

# forced GUARDS ARGUMENT...: past these, with a reason that the record has.
forced() {
	local guards=$1
	shift
	prints_json 0 .error null "$@" --force "as $guards" &&
	recorded '[(.verb | split(" ")[0]), .detail.forced, (.detail.guards | join(" "))]' \
		"[\"$1\",\"as $guards\",\"$guards\"]"
}

entries() {
	xeir --json status | jq .entries
}

records() {
	xeir --json journal | jq length
}

last_record() {
	xeir --json journal last 1 | jq '.[0]'
}

recorded() {
	is "$(last_record | jq -c "$1")" "$2"
}

# numbers N [FROM]: so many IMEIs, one a line, from a serial number on
numbers() {
	awk -v n="$1" -v from="${2:-0}" \
		'BEGIN { for (i = 0; i < n; i++) printf "353490%08d\n", from + i }'
}

cd "$tmp"
echo imei >none.csv
for n in 99 300 360 361 400 480 481; do
	numbers $n >$n.txt
done

# --- empty -----------------------------------------------------------------------------------

check "load of a file without entries is refused" refused empty load none.csv
check "and reports that" prints 2 "guard empty: it has no entries" load none.csv
xeir load 99.txt >/dev/null
check "sync to nothing is refused" refused empty sync none.csv
check "and reports what empties a list" prints 2 "if that is on purpose: xeir flush" sync none.csv
check "unless it is confirmed" forced empty sync none.csv
check "which unlists all that nobody's files list" is "$(entries)" 0

printf 'imei,expiry\n35349000000000,2020-01-01\n' >ended.csv
check "a file whose rows have ended is no empty one" prints_json 0 .added 0 load ended.csv
echo imei,change_type >changes.csv
check "a delta may be empty" prints_json 0 '[.added, .removed]' '[0,0]' load changes.csv
echo imei,block_date,reasons >20261124_blacklist_delta_-1_4_blocked.csv
check "of DIRBS the first one, too" prints_json 0 '[.added, .removed]' '[0,0]' \
	load 20261124_blacklist_delta_-1_4_blocked.csv

# --- shrink, growth --------------------------------------------------------------------------

check "the first list may have any size" prints_json 0 .added 99 sync 99.txt
check "a small list may grow" prints_json 0 .added 301 sync 400.txt
check "a list may lose a fifth" prints_json 0 .removed 40 sync 360.txt
check "and gain it" prints_json 0 .added 40 sync 400.txt
check "it may not lose more" refused shrink sync 300.txt
check "of which the figures are reported" prints 2 \
	"refused by guard shrink: it unlists 100 of the 400 enforced (25.0 %), and max-change is 20 %" \
	sync 300.txt
check "nor gain more" refused growth sync 481.txt
check "nor by load" refused growth load 481.txt
check "a fifth it may" prints_json 0 .added 80 load 480.txt
numbers 480 10000 >others.txt
check "others in their place are both" refused "shrink growth" sync others.txt
check "unless it is confirmed" forced "shrink growth" sync others.txt
check "which makes the list the file" prints_json 0 '.[0].imei' '"35349000010000"' list
sed 's/$/,remove/; 1i imei,action' <(numbers 97 10000) >removes.csv
check "removes are counted as well" refused shrink load removes.csv
check "set max-change" prints_json 0 '.max_change' 30 set max-change 30
check "allows as much" prints_json 0 .removed 97 load removes.csv
xeir set max-change 0 >/dev/null
check "none at all" refused growth load <(numbers 1)
xeir set max-change 20 >/dev/null
check "by hand any number may go" prints_json 0 .removed 383 flush

# What has ended is not lost.
ended() {
	# shellcheck disable=SC2046 # numbers are words
	xeir sync <(numbers 200) && expire_soon block $(numbers 100) && poll 60 prints 1 "not listed" check 35349000000000 &&
	prints_json 0 '[.added, .removed]' '[0,100]' sync <(numbers 100 100) && is "$(entries)" 100
}
check "what has ended may go" ended
xeir flush >/dev/null

# One issuer's list is a small part of all.
check "a list of one issuer" prints_json 0 .added 1000 load <(numbers 1000 5000) \
	--issuer CEIR --directive 10 --issued 2026-01-10
check "and a small one of another" prints_json 0 .added 120 load <(numbers 120) \
	--issuer TRAI --directive 20
check "cut short, it is little of all" refused shrink sync <(numbers 90) --issuer TRAI \
	--directive 21
check "and much of its issuer's" prints 2 \
	"it unlists 30 of the 120 of TRAI (25.0 %), and max-change is 20 %" \
	sync <(numbers 90) --issuer TRAI --directive 21
check "its growth is seen likewise" refused growth sync 300.txt --issuer TRAI --directive 21
check "within a fifth it is not" prints_json 0 '[.added, .removed]' '[24,0]' sync <(numbers 144) \
	--issuer TRAI --directive 21

# --- older -----------------------------------------------------------------------------------

one() {
	numbers 1 "$1" >one.txt
}
one 5000
check "an older date of issue" refused older load one.txt --issuer CEIR --directive 12 \
	--issued 2026-01-09
check "is reported with both" prints 2 \
	"directive 12 of 2026-01-09T00:00:00Z is older than the last of CEIR, directive 10 of 2026-01-10" \
	load one.txt --issuer CEIR --directive 12 --issued 2026-01-09
check "a lower number, where no date is known" refused older load one.txt --issuer TRAI \
	--directive 19
check "a lower number of a later date" prints_json 0 .error null load one.txt --issuer CEIR \
	--directive 9 --issued 2026-01-11
check "the same again" prints_json 0 .error null load one.txt --issuer CEIR --directive 9 \
	--issued 2026-01-11
check "what was the last is not any more" refused older load one.txt --directive 10
check "another issuer's are no measure" prints_json 0 .error null load one.txt --issuer DOT \
	--directive 3
check "nor is what nobody issued" prints_json 0 .error null load one.txt --directive 2
check "an older one that is confirmed" forced older load one.txt --issuer TRAI --directive 18

# --- protected -------------------------------------------------------------------------------

check "nobody is protected by default" prints_json 0 . '[]' protect
check "protect" prints_json 0 '[.added, .listed]' '[["49015420323751","35349006987331"],[]]' \
	protect add 490154203237518 35-349006-987331-9 4901542032375101
check "is in the journal" recorded '[.verb, .detail]' \
	'["protect",{"add":["49015420323751","35349006987331"]}]'
check "protect list" prints_json 0 '[.[].imei]' '["35349006987331","49015420323751"]' protect list
check "for people" prints 0 "^49015420323751  20.*Z  " protect
before=$(records)
check "protect of the same adds nothing" prints_json 0 .added '[]' protect add 490154203237518
check "protect --dry-run reports" prints_json 0 '[.added, .dry_run]' '[["35349006987334"],true]' \
	protect add 35349006987334 --dry-run
check "neither is recorded" is "$(records)" "$before"
check "who is listed already is reported" prints 0 \
	"warning: 35349000005001 is listed already, by directive 10, and stays so until: xeir unblock 35349000005001" \
	protect add 35349000005001
check "and stays listed" prints 0 "listed by IMEI" check 35349000005001
check "del" prints_json 0 .removed '["35349000005001"]' protect del 35349000005001
check "del of who is not there" prints 1 "35349000005001 is not on the protect list" \
	protect del 35349000005001
check "no number" prints 2 "no IMEI is given" protect add
check "a wrong number" prints 2 "found check digit 7, expected 8" protect add 490154203237517
check "another word" prints 2 "expected add, del or list" protect remove 490154203237518

echo 490154203237518 >executive.txt
check "a file that lists one" refused protected load executive.txt
check "names the handset" prints 2 "guard protected: 49015420323751 is on the protect list" \
	load executive.txt
check "a TAC that covers one" refused protected load --yes <(echo tac 35349006)
check "reports that too" prints 2 "35349006987331 by its TAC 35349006 is on the protect list" \
	load --yes <(echo tac 35349006)
check "block of one" refused protected block 490154203237518
check "block of one that is confirmed" forced protected block 490154203237518
check "in a file again" refused protected load executive.txt
check "unblock is free" prints_json 0 .removed 1 unblock 490154203237518
check "who is watched is not stopped" prints_json 0 .added 1 block 490154203237518 action watch
for i in {10..16}; do
	xeir protect add "353490069873$i"
done >/dev/null
check "of many, some are named" prints 2 "are on the protect list" load --yes <(echo tac 35349006)
check "and the rest counted" prints 2 " and 3 more are on the protect list" \
	load --yes <(echo tac 35349006)

# --- full ------------------------------------------------------------------------------------

xeir flush >/dev/null
xeir load <(numbers 1990) >/dev/null
generation=$(xeir --json status | jq .generation)
check "more than the capacity" refused full load <(numbers 20 10000)
check "is reported with the figures" prints 2 \
	"guard full: the list is full: 20 asked for; 1990 of 2000 entries are taken" \
	load <(numbers 20 10000)
check "no reason makes it fit" refused full load <(numbers 20 10000) --force "it must fit"
check "no transaction was begun" is "$(xeir --json status | jq .generation)" "$generation"
# shellcheck disable=SC2046 # numbers are words
check "by hand neither" refused full block $(numbers 20 10000)
check "nor in a dry run" prints 2 "guard full" load --dry-run <(numbers 20 10000)
check "what fits goes in" prints_json 0 .entries 2000 load <(numbers 10 10000)

# What has ended keeps its place, and takes no second one when it comes back.
comes_back() {
	expire_soon block 35349000010000 && poll 60 prints 1 "not listed" check 35349000010000 &&
	prints_json 0 '[.added, .entries]' '[0,2000]' load <(numbers 1 10000)
}
check "what has ended has its place yet" comes_back
xeir flush >/dev/null

# --- all at once, a dry run ------------------------------------------------------------------

xeir load <(numbers 1000) --issuer CEIR --directive 100 >/dev/null
echo 490154203237518 >small.txt
all=(sync small.txt --issuer CEIR --directive 99)
check "all that object are named" refused "shrink older protected" "${all[@]}"
check "for people in one sentence" prints 2 \
	"nothing is applied, refused by guards shrink, older, protected; if it is on purpose: --force REASON" \
	"${all[@]}"
before=$(records)
check "a dry run prints what would be refused" prints_json 2 \
	'[.added, .removed, .dry_run, (.refused | length)]' '[1,1000,true,3]' --dry-run "${all[@]}"
check "for people too" prints 2 "would be refused by guard shrink" --dry-run "${all[@]}"
check "and with a reason what would be forced" prints_json 0 '[.removed, .refused]' '[1000,null]' \
	--dry-run --force "a smaller list" "${all[@]}"
check "it reports that" contains "$tmp/err" "would be forced past guard older"
check "none of it is recorded" is "$(records)" "$before"
check "nor applied" is "$(entries)" 1000
check "a reason must have words" prints 2 "found no word, expected the reason" \
	--force " " "${all[@]}"
check "a reason is nothing to unblock" prints 2 "does not apply to unblock" \
	unblock 490154203237518 --force x
check "all of them are forced at once" forced "shrink older protected" "${all[@]}"
check "a reason that was not needed is not recorded" prints_json 0 .error null \
	load <(numbers 1) --force x
check "indeed" recorded .detail.forced null
check "the journal is in order" prints 0 "in order" journal verify
check "what was refused is no directive" prints_json 0 '[.[] | select(.verb == "refused")] | length > 20' \
	true journal
check "restore needs no reason" prints_json 0 .removed 2 restore none.csv

# --- disconnect ------------------------------------------------------------------------------

# msisdns N FROM: so many MSISDNs, one a line
msisdns() {
	awk -v n="$1" -v from="$2" 'BEGIN { for (i = 0; i < n; i++) printf "91980%07d\n", from + i }'
}

# results N RESULT: of the first N of directive 301
results() {
	msisdns "$1" 1000 | sed "s/$/,$2/; 1i msisdn,result"
}

due=$(date -u -d "-9 days" +%F)
msisdns 99 0 >few.txt
msisdns 200 1000 >register.txt
xeir numbers add few.txt --directive 300 --due "$due" >/dev/null
check "all of a small register may be overdue" prints_json 0 .disconnected 99 numbers expire
xeir numbers add register.txt --directive 301 --due "$due" >/dev/null
results 41 failed >41.csv
results 40 failed >40.csv
check "a fifth of a register may fail, and no more" refused disconnect numbers import 41.csv
check "of which the figures are reported" prints 2 \
	"guard disconnect: it disconnects 41 of the 200 numbers that are not disconnected (20.5 %), and max-change is 20 %" \
	numbers import 41.csv
check "that fifth" prints_json 0 '[.disconnected, .entries]' '[40,139]' numbers import 40.csv
check "nor may more be overdue at once" refused disconnect numbers expire
check "so that they are pending yet" prints_json 0 '.[] | select(.directive == 301) | .pending' 160 numbers
check "a dry run reports that" prints_json 2 '[.disconnected, .dry_run, (.refused | length)]' \
	'[160,true,1]' numbers expire --dry-run
check "and with a reason what would be" prints_json 0 '[.disconnected, .refused]' '[160,null]' \
	numbers expire --dry-run --force "their time is over"
check "unless it is confirmed" forced disconnect numbers expire
check "they are disconnected" is "$(entries)" 299
results 200 verified >200.csv
check "any number may be verified" prints_json 0 '[.reconnected, .removed]' '[200,200]' \
	numbers import 200.csv
results 100 failed >100.csv
echo 919899999999,failed >>100.csv
check "results that are confirmed" prints_json 0 '[.disconnected, .skipped, (.faults | length)]' \
	'[100,1,1]' numbers import 100.csv --skip-invalid --force "they left"
check "report a fault of theirs once" is "$(grep -c "found 919899999999" "$tmp/err")" 1
xeir set max-change 50 >/dev/null
xeir numbers import 200.csv >/dev/null
check "max-change holds for numbers, too" prints_json 0 .disconnected 100 \
	numbers import 100.csv --skip-invalid
check "the journal is in order, still" prints 0 "in order" journal verify
finish
