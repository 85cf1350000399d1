#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A handset that several list: who may take it off the list, what is enforced of it, what comes
# back when a directive is withdrawn.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

x=35349006987331 y=49015420323751 z=53430960897823

# file NAME NUMBER...: a list of them.
file() {
	local name=$1
	shift
	printf '%s\n' "$@" >"$tmp/$name"
}

# listed NUMBER...: these, and no others.
listed() {
	is "$(xeir --json list | jq -r '.[] | .imei // .msisdn' | sort | xargs)" \
		"$(printf '%s\n' "$@" | sort | xargs)"
}

# by NUMBER ACTION DIRECTIVE: as it is enforced.
by() {
	is "$(xeir --json list | jq -r --arg n "$1" \
		'.[] | select(.imei == $n) | "\(.action) \(.directive)"')" "$2 $3"
}

# orders ISSUER DIRECTIVE VERB NUMBER...
orders() {
	local issuer=$1 directive=$2 verb=$3
	shift 3
	file list "$@" && xeir "$verb" "$tmp/list" --issuer "$issuer" --directive "$directive"
}

afresh() {
	forget_all && xeir attach dev core0 entries 1000
}

removes() {
	check "one issuer lists a handset" orders A 7 sync $x $y
	check "and another does" orders B 49 load $x $z
	printf 'imei,action\n%s,remove\n' $x >"$tmp/removes"
	check "who takes it back" xeir load "$tmp/removes" --issuer B --directive 50
	check "takes back his own word" listed $x $y $z
	check "the first one's holds" by $x drop 7
	check "by hand it is unlisted, whoever listed it" xeir unblock $x
	check "at once" listed $y $z
	check "afresh" afresh
}

winner() {
	check "a handset is to be stopped until a day" \
		eval "file list 'imei,action,expiry' '$x,drop,2090-01-01' &&
			xeir load $tmp/list --issuer A --directive 7"
	check "and to be watched for ever, as another one has it" \
		eval "file list 'imei,action' '$x,watch' &&
			xeir load $tmp/list --issuer B --directive 8"
	check "it is stopped" by $x drop 7
	check "until the first is withdrawn" xeir directive rollback 7
	check "then it is watched" by $x watch 8
	check "afresh" afresh
}

# known JSON: is the enforced list known to be the journal's?
known() {
	is "$(xeir --json status | jq .journal.enforced)" "$1"
}

gives_way() {
	local soon later

	soon=$(date -u -d "+10 seconds" +%FT%TZ) later=$(date -u -d "+15 seconds" +%FT%TZ)
	check "a handset is to be watched for ever" \
		eval "file list 'imei,action' '$x,watch' &&
			xeir load $tmp/list --issuer B --directive 8"
	check "and to be stopped until a moment, as another one has it" \
		eval "file list 'imei,action,expiry' '$x,drop,$later' '$z,drop,$soon' &&
			xeir load $tmp/list --issuer A --directive 7"
	check "it is stopped" by $x drop 7
	check "one that no other lists ends before" poll 30 listed $x
	check "and is listed for ever" orders A 9 load $z
	check "which is nothing to mend" known true
	check "its own end comes" poll 30 listed $z
	check "which status reports" known false
	check "the next change" exits 0 "0 added, 1 changed, 0 removed to correct it" \
		xeir block $y
	check "enforces what lasts longer" by $x watch 8
	check "as in the journal" xeir verify
	check "status has no warning" known true
	check "for the next change neither" is "$(xeir unblock $y 2>&1 >/dev/null)" ""
	check "afresh" afresh
}

withdrawn() {
	check "a list" orders A 7 sync $x $y
	check "the next one of the issuer" orders A 8 sync $x $y $z
	check "a handset is let go by hand" xeir unblock $x
	check "the second list is withdrawn" xeir directive rollback 8
	check "what was let go stays so" listed $y
	check "and once more" xeir directive rollback 8
	check "changes nothing" listed $y
	check "afresh" afresh
	check "three lists" eval "orders A 6 sync $x $y && orders A 7 sync $y $z && orders A 8 sync $z"
	check "that in the middle is withdrawn" xeir directive rollback 7
	check "what the first had does not come back, as the last has it not" listed $z
	check "the last is withdrawn" xeir directive rollback 8
	check "the first holds again" listed $x $y
	check "as ordered by it" by $x drop 6
	check "afresh" afresh
	check "two lists" eval "orders A 7 sync $x $y && orders A 8 sync $x"
	check "the first is withdrawn" xeir directive rollback 7
	check "and the second" xeir directive rollback 8
	check "nothing of the first comes back" listed
	check "afresh" afresh
	check "a list" orders A 7 sync $x $y
	check "and the same file again" orders A 7 sync $x $y
	check "is one file, and is withdrawn" xeir directive rollback 7
	check "completely" listed
	check "afresh" afresh
	check "a list, day by day under one number" \
		eval "orders A 7 sync $x $y && orders A 7 sync $y $z"
	check "is not withdrawn completely" exits 2 "came in 2 files.*--force" \
		xeir directive rollback 7
	check "nothing is changed" listed $y $z
	check "unless that is confirmed" xeir directive rollback 7 --force "all of it was wrong"
	check "and noted" eval "xeir --json journal | jq -e 'map(select(.verb == \"rollback\")) |
		last.detail.forced == \"all of it was wrong\"'"
	check "it is empty" listed
	check "afresh" afresh
}

again() {
	check "a directive of two" orders A 7 load $x $y
	check "is loaded again with one" exits 0 "1 entries of directive 7 .* stay listed" \
		orders A 7 load $y
	check "which takes nothing off the list" listed $x $y
	check "afresh" afresh
}

restored() {
	local number=919812345678

	check "two list a handset" eval "orders A 7 sync $x $y && orders B 49 sync $x $z"
	check "numbers are ordered" \
		eval "file numbers $number && xeir numbers add $tmp/numbers --directive 7"
	printf 'msisdn,result\n%s,failed\n' $number >"$tmp/results"
	check "one fails" xeir numbers import "$tmp/results"
	check "and is listed" listed $x $y $z $number
	check "save" xeir save "$tmp/saved"
	check "and restore" xeir restore "$tmp/saved"
	check "the second issuer's next list is without the handset" orders B 50 sync $z
	check "which the first lists all the same" listed $x $y $z $number
	printf 'msisdn,result\n%s,verified\n' $number >"$tmp/results"
	check "the number is verified after all" xeir numbers import "$tmp/results"
	check "and let go" listed $x $y $z
	check "afresh" afresh
}

lab_needs jq
lab_up
xeir attach dev core0 entries 1000 >/dev/null
removes
winner
gives_way
withdrawn
again
restored
finish
