#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The register of numbers: from sightings and files, through verification and deadlines, to what is
# listed, and to what then becomes of a set-up.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

imei=35349006987331
lone=49015420323751
number=919812345678

# results LINE...: a file of results.
results() {
	printf 'msisdn,result,reason,date\n' >"$tmp/results.csv"
	printf '%s\n' "$@" >>"$tmp/results.csv"
}

# imports FILTER JSON LINE...
imports() {
	local filter=$1 json=$2
	shift 2
	results "$@" && prints_json "$filter" "$json" numbers import "$tmp/results.csv"
}

# refuses PATTERN LINE...
refuses() {
	local pattern=$1
	shift
	results "$@" && prints 2 "$pattern" numbers import "$tmp/results.csv"
}

# state NUMBER: under each directive.
state() {
	xeir --json numbers show "$1" | jq -r '[.directives[] | "\(.directive) \(.state)"] | join(", ")'
}

state_is() {
	is "$(state "$1")" "$2"
}

# What is listed, as "NUMBER DIRECTIVE".
listed() {
	xeir --json list | jq -r '.[] | select(.imei == null and .tac == null) |
		"\(.msisdn // .imsi) \(.directive)"' | sort | paste -sd,
}

lists() {
	is "$(listed)" "$1"
}

# up IMEI IMSI MSISDN: a session that is granted.
up() {
	gtp2_try "$pgw4" "$1" --imsi "$2" --msisdn "$3" --t3 2000
	[[ $outcome == accepted* ]] || { echo "$outcome"; return 1; }
}

stopped() {
	gtp2_try "$pgw4" "$1" --imsi "$2" --msisdn "$3" --t3 200 --n3 1
	[[ $outcome == "no response"* ]] || { echo "$outcome"; return 1; }
}

in_order() {
	prints 0 "in order" journal verify
}

# history NUMBER DIRECTIVE: its states, as they came.
history() {
	xeir --json numbers show "$1" |
		jq -r --argjson d "$2" '.directives[] | select(.directive == $d) | [.history[].state] | join(" ")'
}

due_in_days() {
	xeir --json numbers show "$1" | jq -r '.directives[0].due | fromdate - now | . / 86400 | round'
}

lab_needs sqlite3
lab_up
printf '%s\n' "+$number" 46702123456 "  919812345679  # of the annex" >"$tmp/order.txt"

# --- what an order names ---------------------------------------------------------------------

check "a register needs no list" prints_json '[.numbers_added, .numbers_known]' '[3,0]' \
	numbers add "$tmp/order.txt" --directive 7
xeir attach dev core0 both sessions 1000 sightings 2000 >/dev/null
responder_start $pgw4 "$tmp/responder.log"
check "all are pending" prints_json 'map([.directive, .pending, .overdue, .verified, .disconnected])' \
	'[[7,3,0,0,0]]' numbers
check "due in 60 days" is "$(due_in_days $number)" 60
check "again, they are known" prints_json '[.numbers_added, .numbers_known]' '[0,3]' \
	numbers add "$tmp/order.txt" --directive 7
check "a deadline that is given moves them" eval "prints_json '.numbers_moved' 3 \
	numbers add $tmp/order.txt --directive 7 --due $(date -u -d '+10 days' +%F) &&
	((\$(due_in_days $number) <= 11))"
check "under another directive they are pending, too" eval "prints_json .numbers_added 3 \
	numbers add $tmp/order.txt --directive 8 && state_is $number '7 pending, 8 pending'"
check "a trial adds none" eval "prints_json .numbers_added 3 \
	numbers add $tmp/order.txt --directive 9 --dry-run && prints_json length 2 numbers"
check "the directive must be given" prints 2 "needs --directive N" numbers add "$tmp/order.txt"
printf 'MSISDN;name\n%s;"a;b"\n12;c\n' "$number" >"$tmp/order.csv"
check "CSV has a column of them" prints 2 "order.csv:3:1: found 2 digits, expected" \
	numbers add "$tmp/order.csv" --directive 7
check "a faulty line may be skipped" prints_json '[.numbers_known, .skipped, (.faults | length)]' \
	'[1,1,1]' numbers add "$tmp/order.csv" --directive 7 --skip-invalid
gzip -k "$tmp/order.csv"
check "it may be packed" prints 2 "order.csv.gz:3:1: found 2 digits" \
	numbers add "$tmp/order.csv.gz" --directive 7
check "a file without a number is refused" prints 2 "found the end of the file" \
	numbers add /dev/null --directive 7
printf '%s\n' imei "$imei" >"$tmp/list.csv"
printf '%s\n' msisdn,result,reason '919812345670,failed,"a' '919812345671,failed,"' >"$tmp/quote.csv"
check "so is a quote that takes in the rows behind it" prints 2 \
	"quote.csv:2:21: found a quoted field over lines that look like rows" \
	numbers import "$tmp/quote.csv"
printf '%s\n' 'sep=|' 'msisdn|name' "$number|a, b" >"$tmp/bars.csv"
check "bars, declared" prints_json .numbers_known 1 numbers add "$tmp/bars.csv" --directive 7
printf '%s\n' "<html>" >"$tmp/page.csv"
check "a web page is named" prints 2 "found a file that is a web page" \
	numbers add "$tmp/page.csv" --directive 7
check "so is one of handsets" prints 2 'expected a column "msisdn"' \
	numbers add "$tmp/list.csv" --directive 7

# --- national form ---------------------------------------------------------------------------

echo 09812345670 >"$tmp/national.txt"
check "a national form is refused without a country code" prints 2 \
	'1:1: found "09812345670", expected its country code, or: xeir set country-code CC' \
	numbers add "$tmp/national.txt" --directive 7
check "no country code" prints 2 "one to three digits" set country-code 0
check "one" prints 0 "^country-code  *91$" set country-code 91
check "with it, the number is known by all its forms" eval "prints_json .numbers_added 1 \
	numbers add $tmp/national.txt --directive 7 && state_is 919812345670 '7 pending' &&
	state_is +919812345670 '7 pending' && state_is 09812345670 '7 pending'"
check "00 is no national form" prints 2 "expected a + in place of the 00" \
	numbers show 00919812345670
printf '%s\n' 9812345674 +46702123456 919812345670 >"$tmp/ten.txt"
check "a national form without its 0 is no other country's number" prints 2 \
	"ten.txt:1:1: found a national number without its 0, or a foreign one without its +, expected 0, + or 91 first" \
	numbers add "$tmp/ten.txt" --directive 7
check "and is not in the register" state_is +9812345674 ""
check "by their + others are known" prints_json '[.numbers_known, .skipped]' '[2,1]' \
	numbers add "$tmp/ten.txt" --directive 7 --skip-invalid

# --- verification ----------------------------------------------------------------------------

check "verified" imports '[.verified, .disconnected]' '[2,0]' "09812345679,Verified,,2026-11-01"
check "under both directives" state_is 919812345679 '7 verified, 8 verified'
check "nothing is listed" lists ""
check "it is so already" imports '[.verified, .unchanged]' '[0,2]' "919812345679,verified,,"
results "$number,failed,holder unknown,"
check "failed on trial" prints_json '[.failed, .disconnected, .added, .entries]' '[1,1,1,1]' \
	numbers import "$tmp/results.csv" --directive 7 --dry-run
check "changes nothing" eval "lists '' && state_is $number '7 pending, 8 pending'"
check "a set-up with the number passes" up $lone 404010123456701 $number
check "failed under one directive" prints_json '[.failed, .disconnected, .added, .entries]' '[1,1,1,1]' \
	numbers import "$tmp/results.csv" --directive 7
check "it is disconnected there" state_is $number '7 disconnected, 8 pending'
check "and listed" lists "$number 7"
check "a set-up with the number is stopped" stopped $lone 404010123456702 $number
check "one with another is not" up $lone 404010123456702 919812345670
check "each state was journalled" is "$(history $number 7)" "pending pending failed disconnected"
check "with who, when and why" prints_json '.directives[0].history[2] |
	[(.actor | length > 0), (.time | fromdate) > now - 600, .reason, .verb]' \
	'[true,true,"holder unknown","numbers import"]' numbers show $number
check "failed again changes nothing" imports '[.failed, .unchanged]' '[1,1]' "$number,failed,,"
check "but what was pending elsewhere" state_is $number '7 disconnected, 8 disconnected'
check "without a reason" prints 0 "failed        -, by" numbers show $number
results "$number,verified,,"
check "verified under one" prints_json '[.verified, .reconnected, .removed]' '[1,1,0]' \
	numbers import "$tmp/results.csv" --directive 7
check "it stays listed for the other" lists "$number 8"
check "verified under both" prints_json '[.reconnected, .removed, .entries]' '[1,1,0]' \
	numbers import "$tmp/results.csv"
check "it is reconnected" eval "lists '' && up $lone 404010123456701 $number"
check "the list is the journal's" prints 0 "those of the journal" verify
check "and the journal in order" in_order

# --- faults ----------------------------------------------------------------------------------

check "a number that the register has not" refuses \
	"results.csv:3:1: found 919812340000, expected a number that the register has" \
	"$number,verified,," "919812340000,failed,,"
check "nor under this directive" prints 2 "has under this directive" \
	numbers import "$tmp/results.csv" --directive 9
check "two things of one number" refuses \
	"results.csv:4:1: found failed, expected verified as in line 2, which has the same number" \
	"46702123456,verified,," "$number,failed,," "+46702123456,failed,,"
check "nothing of that was applied" eval "state_is $number '7 verified, 8 verified' && lists ''"
check "skipped, neither is trusted" eval "prints_json '[.disconnected, .verified, .skipped]' '[2,0,1]' \
	numbers import $tmp/results.csv --skip-invalid &&
	state_is 46702123456 '7 pending, 8 pending' &&
	state_is $number '7 disconnected, 8 disconnected'"
check "another result" refuses "2:14: found result \"maybe\", expected verified or failed" \
	"$number,maybe,,"
check "another date" refuses '2:24: found date "soon", expected YYYY' "$number,verified,,soon"
printf 'msisdn,reason\n%s,x\n' $number >"$tmp/results.csv"
check "no result" prints 2 'expected a column "result"' numbers import "$tmp/results.csv"
check "one number a line is none" prints 2 "expected a header line" \
	numbers import "$tmp/order.txt"
check "given twice" imports '[.verified, .duplicates]' '[2,1]' "$number,verified,," "+$number,verified,,"

# --- the queue -------------------------------------------------------------------------------

queue() {
	is "$(xeir numbers export --pending "$@" | paste -sd,)" "$queue"
}

queue=919812345670,46702123456
check "what is pending is handed out, each once" queue
queue=46702123456
check "of one directive" queue --directive 8
check "as CSV" is "$(xeir numbers export --csv --directive 8 | cut -d, -f1-3)" \
	"$(printf '%s\n' msisdn,directive,state $number,8,verified 919812345679,8,verified \
		46702123456,8,pending)"
check "the other failed" imports .failed 1 '919812345670,failed,,'
# exports_reason REASON FIELD: what comes in as the one goes out as the other.
exports_reason() {
	imports .failed 2 "46702123456,failed,," && imports .verified 2 "46702123456,verified,$1," &&
		contains <(xeir numbers export --csv --directive 8) "^46702123456,8,verified,.*,$2\$"
}
check "a reason is quoted" exports_reason '"a ""b"", c"' '"a ""b"", c"'
check "a formula is none for a spreadsheet" exports_reason =1+1 "'=1+1"
check "a number is left alone" exports_reason -1.5 -1.5
check "the formula comes back as it was" eval "exports_reason \"'=2+2\" \"'=2+2\" &&
	prints_json '[.directives[].history[].reason] | contains([\"=2+2\"])' true numbers show 46702123456"
check "for people" prints 0 "^919812345670  *7  *disconnected" numbers list
check "no other words" prints 2 'there is no "exports"' numbers exports

# --- deadlines -------------------------------------------------------------------------------

ago() {
	date -u -d "-$1 days" +%F
}

echo 919812300001 >"$tmp/early.txt"
echo 919812300002 >"$tmp/late.txt"
check "one was due 9 days ago" prints_json .numbers_added 1 \
	numbers add "$tmp/early.txt" --directive 20 --due "$(ago 9)"
check "another 3 days ago" prints_json .numbers_added 1 \
	numbers add "$tmp/late.txt" --directive 20 --due "$(ago 3)"
check "both are overdue" prints_json '.[] | [.pending, .overdue]' '[2,2]' numbers --directive 20
check "with a grace of 10 days, none goes" prints_json .disconnected 0 numbers expire --grace 10
check "of 5 days, one would" prints_json '[.disconnected, .added, .dry_run]' '[1,1,true]' \
	numbers expire --grace 5 --dry-run
check "but did not" state_is 919812300001 '20 pending'
check "and goes" prints_json '[.disconnected, .added]' '[1,1]' numbers expire --grace 5
check "it is stopped" stopped $lone 404010123456703 919812300001
check "the other is not" up $lone 404010123456703 919812300002
check "another directive's deadlines are its own" prints_json .disconnected 0 \
	numbers expire --directive 21
check "without grace, the other goes" prints_json .disconnected 1 numbers expire
check "the reason is shown" prints 0 "disconnected  overdue, by" numbers show 919812300002
check "verified, it is back" eval "imports .reconnected 1 919812300002,verified,, &&
	up $lone 404010123456703 919812300002"
check "what is verified is never overdue" prints_json .disconnected 0 numbers expire

due_is() {
	xeir --json numbers show "$1" | jq -r '.directives[0].due' | grep -q "$2"
}

today=$(ago 0)
echo 919812300003 >"$tmp/today.txt"
check "a date is due as its day ends" eval "prints_json .numbers_added 1 \
	numbers add $tmp/today.txt --directive 22 --due $today &&
	due_is 919812300003 '^${today}T23:59:59Z' && prints_json .disconnected 0 numbers expire"
check "the same date moves nothing" prints_json '[.numbers_moved, .numbers_known]' '[0,1]' \
	numbers add "$tmp/today.txt" --directive 22 --due "$today"
check "a time is due at that time" eval "prints_json .numbers_moved 1 \
	numbers add $tmp/today.txt --directive 22 --due ${today}T00:00:01Z &&
	prints_json .disconnected 1 numbers expire"
echo 919812300004 >"$tmp/after.txt"
printf 'imei\n35693803564380\n' >"$tmp/overdue.csv"
check "a directive that was due 9 days ago" prints_json .added 1 \
	load "$tmp/overdue.csv" --directive 23 --due "$(ago 9)"
check "leaves a number that comes now 7 days" eval "prints_json .numbers_added 1 \
	numbers add $tmp/after.txt --directive 23 && is \$(due_in_days 919812300004) 7 &&
	prints_json .disconnected 0 numbers expire --directive 23"
check "unless a deadline is given" eval "prints_json .numbers_moved 1 \
	numbers add $tmp/after.txt --directive 23 --due $(ago 9) &&
	prints_json .disconnected 1 numbers expire --directive 23"
check "both leave" eval "imports .reconnected 2 919812300003,verified,, 919812300004,verified,, &&
	prints_json .removed 1 directive rollback 23"

# Between this and the next record, the clock goes ahead by 8 days.
silence() {
	last=$(sqlite3 "$XEIR_JOURNAL" "SELECT max(id) FROM record")
	sqlite3 "$XEIR_JOURNAL" "UPDATE record SET time = time - 8 * 86400 WHERE id = $last"
}

forced() {
	is "$(xeir --json journal | jq -r 'map(select(.verb == "numbers expire"))[-1].detail.forced')" "$1"
}

check "a number that is overdue" prints_json .numbers_added 1 \
	numbers add "$tmp/after.txt" --directive 24 --due "$(ago 9)"
check "is not disconnected by a clock that is 8 days ahead of the last record" eval "silence &&
	prints 2 'over 7 days before; nothing is disconnected' numbers expire &&
	prints 2 'over 7 days before' numbers expire --grace 1 --dry-run &&
	state_is 919812300004 '23 withdrawn, 24 pending'"
check "and the refusal is no record" is "$(xeir --json journal | jq '.[-1].id')" "$last"
check "unless it is forced" prints_json .disconnected 1 numbers expire --force "host was off"
check "for a reason" forced "host was off"
sqlite3 "$XEIR_JOURNAL" "UPDATE record SET time = time + 8 * 86400 WHERE id = $last"
check "a clock that is right needs no force" eval "prints_json .disconnected 0 numbers expire --force x &&
	forced null"
check "which nothing else takes" prints 2 "does not apply to add" \
	numbers add "$tmp/after.txt" --directive 24 --force x
check "it leaves" imports .reconnected 1 919812300004,verified,,
check "no grace of words" prints 2 "expected days" numbers expire --grace week

# --- sightings -------------------------------------------------------------------------------

a=404010000000001 b=404010000000002 c=404010000000003

seen() {
	up "$imei" "$a" 919000000001 && up "$imei" "$b" 919000000002 &&
	up "$lone" "$c" 919000000003 && up "$imei" "$c" 919000000004
}

check "handsets are seen" seen
check "a directive without a handset links nothing" prints 4 "directive 30 lists no handset" \
	numbers link --directive 30
check "one of two is listed, another pair excepted" eval "xeir block $imei directive 30 action watch &&
	xeir except add $imei imsi $b"
check "its numbers are linked, but those of the excepted pair" prints_json \
	'[.numbers_added, .linked]' '[2,2]' numbers link --directive 30
check "with what they were seen with" prints_json \
	'.directives[] | [.directive, .state, (.links[] | [.imei, .imsi])]' \
	"[30,\"pending\",[\"$imei\",\"$a\"]]" numbers show 919000000001
check "again, all is known" prints_json '[.numbers_added, .linked]' '[0,0]' numbers link --directive 30
check "a failed one is listed with its SIM" imports '[.disconnected, .added]' '[1,2]' \
	919000000001,failed,,
check "so" lists "404010000000001 30,919000000001 30,919812300001 20,919812345670 7"
check "the SIM is stopped without the number" stopped $lone $a 919000000009
check "seen with another SIM before" up $imei $c 919000000004
check "the number was in another SIM meanwhile" eval "xeir enforce off && up $imei $c 919000000001 &&
	xeir enforce on"
check "a link of a disconnected number is listed" prints_json '[.linked, .added]' '[1,1]' \
	numbers link --directive 30
check "as its SIM is" stopped $lone $c 919000000010
check "but not while a verified number has it, too" eval "imports .removed 1 919000000004,verified,, &&
	up $lone $c 919000000010"
check "verified, number and SIMs leave the list" imports '[.reconnected, .removed]' '[1,2]' \
	919000000001,verified,,
check "and it is back" up $imei $a 919000000001
check "the list is the journal's" prints 0 "those of the journal" verify
check "and the journal in order" in_order

# --- directives ------------------------------------------------------------------------------

day=$(date -u -d '+30 days' +%F)
check "a directive that gives when it is due" prints_json .changed 1 \
	load "$tmp/list.csv" --directive 31 --due "$day"
check "is so of its numbers" eval "prints_json '[.numbers_added, .linked]' '[1,2]' numbers link --directive 31 &&
	prints_json '.directives[] | select(.directive == 31) | .due[:10]' '\"$day\"' \
		numbers show 919000000001"
check "one of them is disconnected" imports .disconnected 2 919000000001,failed,,
check "for both directives" lists "404010000000001 31,404010000000003 31,919000000001 31,919812300001 20,919812345670 7"
check "a directive that is rolled back" prints_json .removed 1 directive rollback 31
check "takes its numbers from the register" \
	state_is 919000000001 "30 disconnected, 31 withdrawn"
check "and the list, save what another has" lists \
	"404010000000001 30,919000000001 30,919812300001 20,919812345670 7"
check "their history stays" is "$(history 919000000001 31)" "pending failed disconnected"
check "the list is the journal's" prints 0 "those of the journal" verify
check "and the journal in order" in_order

# --- many, and a kill ------------------------------------------------------------------------

many=2000000

many_numbers() {
	awk -v n="$many" 'BEGIN { for (i = 0; i < n; i++) printf "+91980%07d\n", (i * 7919) % n }' \
		>"$tmp/many.txt"
	awk 'BEGIN { print "msisdn,result" } { print $1 ",verified" }' "$tmp/many.txt" \
		>"$tmp/many.csv"
}

# bounded VERB...: in 400 MiB of addresses; the program's maps take none of these.
bounded() {
	(ulimit -v 409600 && xeir --json "$@" >"$tmp/out") || { cat "$tmp/out"; return 1; }
}

killed() {
	local before

	before=$(xeir --json journal | jq length)
	start "$tmp/import" "$core" "$root/userspace/xeir" numbers import "$tmp/many.csv"
	# it is at it once what it writes spills over
	poll 300 eval "((\$(stat -c %s '$XEIR_JOURNAL-wal' 2>/dev/null || echo 0) > 1000000))" &&
	kill -KILL "$started" && poll 5 gone "$started" &&
	in_order && is "$(xeir --json journal | jq length)" "$before"
}

check "two million numbers" many_numbers
check "are added within 400 MiB" bounded numbers add "$tmp/many.txt" --directive 40
check "all of them" prints_json '.[].pending' $many numbers --directive 40
check "a tool that is killed while it imports leaves nothing of it" killed
check "all are pending yet" prints_json '.[].pending' $many numbers --directive 40
check "again, it imports all, within 400 MiB" eval "bounded numbers import $tmp/many.csv &&
	is \$(jq .verified $tmp/out) $many"
check "the journal is in order" in_order
check "the list is the journal's" prints 0 "those of the journal" verify
finish
