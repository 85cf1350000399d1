#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Which handsets were seen with which SIMs: by the real client over GTPv1, by our own over GTPv2,
# before a directive names them and after.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

imei=35349006987331
another=35349006987332
lone=49015420323751

# contexts N: so many SIMs in one handset, one context each, with Emu's IMSIs from ...701 on.
contexts() {
	client_start "$tmp/contexts.log" "${imei}53" 240010123456701 --contexts "$1" --rattype 1 \
		--userloc 1.240.01.4660.22136 --timelimit 1
	poll 10 eval "((\$(grep -c 'Received create PDP' $tmp/contexts.log) == $1))" || {
		tail "$tmp/contexts.log"
		return 1
	}
	client_kill
}

# seen IMEI IMSI [OPTION...]: one GTPv2 set-up, to a host that does not grant it.
seen() {
	gtp2_try "$core4" "$1" --imsi "$2" --t3 1 --n3 1 "${@:3}"
}

# are FILTER JSON [ARGUMENT...]: what xeir sightings says, through jq.
are() {
	local filter=$1 json=$2
	shift 2
	xeir --json sightings "$@" >"$tmp/out" && is "$(jq -c "$filter" "$tmp/out")" "$json"
}

fields() {
	is "$(xeir sightings --json imsi "$1" |
		jq -r '.[] | [.imei, .svn, .imsi, .msisdn, .count, .apn, .rat, .gtp, .uli, .location,
			.first_seen == .last_seen, (.last_seen | fromdate) > now - 60] | @csv')" "$2"
}

# A Create Session Request with a TAI and an ECGI.
with_location() {
	xxd -r -p >"$tmp/uli" <<-END &&
	482000ba00000000000055000100080004040121436587f94c0006001989214365874b0008005343
	0960893713f056000d001804f410123404f410012345675300030004f41052000100065700090086
	0a0b0c0d0a0100024700090008696e7465726e6574800001000063000100014f0005000100000000
	7f0001000048000800000186a0000186a05d002c0049000100055700090284112233440a01000250
	0016007c0900000000000000000000000000000000000000000300010007
	END
	in_access bash -c "cat $tmp/uli >/dev/udp/$pgw4/2123"
}

csv_rows() {
	xeir sightings --csv >"$tmp/csv" && python3 - "$tmp/csv" "$1" <<-'END'
	import csv, sys
	rows = list(csv.DictReader(open(sys.argv[1], newline="")))
	assert len(rows) == int(sys.argv[2]), len(rows)
	assert all(None not in row and None not in row.values() for row in rows)
	assert all(row["imei"].isdigit() and len(row["imei"]) == 14 for row in rows)
	assert any(row["apn"] == "'=a,b\"c" for row in rows), rows
	END
}

# As status shows it.
is_on() {
	is "$(xeir --json status | jq .sightings.on)" "$1"
}

lab_needs osmo-ggsn sgsnemu stdbuf python3
lab_up
ggsn_start
xeir attach dev core0 both sessions 1000 sightings 2000 >/dev/null

check "nothing was seen" are . '[]'
check "one handset with three SIMs sets contexts up" contexts 3
check "they are seen, each with its number" are 'map([.imei, .imsi, .msisdn, .count]) | sort' \
	'[["35349006987331","240010123456701","46702123456",1],["35349006987331","240010123456711","46702123457",1],["35349006987331","240010123456721","46702123458",1]]'
check "with APN, access and location" fields 240010123456711 \
	'"35349006987331","53","240010123456711","46702123457",1,"internet","UTRAN",1,"0142f01012345678","SAI 240-01-4660-22136",true,true'
check "another, twice, by GTPv2" seen $another 404010123456701
check "is counted twice" eval "seen $another 404010123456701 &&
	are 'map(.count)' '[2]' $another"
check "sent three times, it is one more" eval "seen $another 404010123456701 --n3 3 &&
	are 'map(.count)' '[3]' $another"
check "a third" seen $lone 404010123456703 --msisdn 919812345679 --apn '=a,b"c'
check "is reported by its number" are 'map(.imei)' "[\"$lone\"]" msisdn +919812345679
check "by its SIM" are 'map(.imei)' "[\"$lone\"]" imsi 404010123456703
check "by its model" are 'map(.imei)' "[\"$lone\"]" tac ${lone:0:8}
check "of none other" are . '[]' imsi 404010123456799
check "CSV parses, and has no formula" csv_rows 5
check "a table has a head" prints 0 "^IMEI  *IMSI  *MSISDN  *FIRST SEEN" sightings
check "and a row" prints 0 "^$imei  240010123456721  46702123458" sightings imei $imei

check "nobody is listed" are . '[]' listed
printf 'imei,directive\n%s,7\n%s,8\n' $imei $another >"$tmp/directive.csv"
check "a directive comes after all that" xeir load "$tmp/directive.csv"
check "listed has them" are 'map(.imsi[-3:]) | sort' '["701","701","711","721"]' listed
check "directive 7 has its numbers" are 'map(.msisdn) | sort' \
	'["46702123456","46702123457","46702123458"]' directive 7
check "directive 8 its own" are 'map(.imsi)' '["404010123456701"]' directive 8
check "directive 9 has none" are . '[]' directive 9
check "what is stopped is seen as well" eval "seen $another 404010123456705 &&
	are 'map(.imsi[-3:]) | sort' '[\"701\",\"705\"]' directive 8"
check "a TAC lists its handsets" xeir block --yes tac ${lone:0:8} directive 9
check "which are of its directive" are 'map(.imsi)' '["404010123456703"]' directive 9
check "an end that has passed ends that" eval "expire_soon block $another directive 8 &&
	poll 60 are . '[]' directive 8"

check "two answers at once are refused" prints 2 "expected one of them" sightings --csv --json
check "--csv does not apply to list" prints 2 "does not apply to list" list --csv
check "no number" prints 2 "found" sightings directive x

check "set reports that they are on" is "$(xeir --json set | jq -r .sightings)" on
check "so does status" is_on true
check "and for people" prints 0 "^sightings *on, at most 2000, in [0-9.]* MiB$" status
check "off on trial prints what it would delete" prints 0 "6 sightings would be deleted" \
	set sightings off --dry-run
check "and deletes nothing" are length 6
check "off deletes them and reports that" prints 0 "6 sightings deleted" set sightings off
check "nothing is left" are . '[]'
check "nothing is recorded" eval "seen $another 404010123456701 && are . '[]'"
check "which sightings reports" prints 0 "sightings are off" sightings
check "and status" is_on false
check "and for people" prints 0 "^sightings *off, at most 2000, in [0-9.]* MiB$" status
check "on" xeir set sightings on
check "records again" eval "seen $another 404010123456701 && are 'map(.count)' '[1]'"
check "GTPv2 has a tracking area and a cell" with_location
check "which are reported" fields 404010123456789 \
	'"35349006987331",,"404010123456789","919812345678",1,"internet","EUTRAN",2,"1804f410123404f41001234567","TAI 404-01-4660 ECGI 404-01-19088743",true,true'

# --- what a directive would hit, before it is applied ----------------------------------------

# up IMEI IMSI MSISDN APN: a session that stays up.
up() {
	gtp2_try "$pgw4" "$1" --imsi "$2" --msisdn "$3" --apn "$4" --t3 2000
	[[ $outcome == accepted* ]] || { echo "$outcome"; return 1; }
}

# would FILTER JSON VERB FILE...
would() {
	local filter=$1 json=$2
	shift 2
	xeir --json --dry-run "$@" >"$tmp/out" && is "$(jq -c "$filter" "$tmp/out")" "$json"
}

# A set of three models: live sessions and mere sightings.
known_set() {
	forget_all && xeir attach dev core0 both sessions 1000 sightings 2000 &&
	up 35349006000001 404010000000001 919000000001 internet &&
	up 35349006000001 404010000000002 919000000002 internet &&
	up 35349006000002 404010000000003 919000000002 Internet &&
	up 35349006000003 404010000000004 919000000004 ims &&
	up 49015420000001 404010000000005 919000000005 ims &&
	up 49015420000002 404010000000006 919000000006 mms &&
	seen 49015420000003 404010000000007 --msisdn 919000000007 --apn ims &&
	seen 01161200000001 404010000000008 --msisdn 919000000008 --apn ims
}

previews() {
	check "six sessions are up, eight pairs are seen" known_set
	sums='.preview | [.sessions, .sightings, .handsets, .numbers, .watched]'
	printf 'imei\n35349006000001\n35349006000002\n49015420000003\n' >"$tmp/imeis.csv"
	check "handsets" would "$sums" '[3,4,3,3,0]' load "$tmp/imeis.csv"
	check "by APN" would '.preview.by_apn | map([.apn, .sessions, .sightings, .numbers])' \
		'[["internet",3,3,2],["ims",0,1,1]]' load "$tmp/imeis.csv"
	check "by TAC" would '.preview.by_tac | map([.tac, .sessions, .sightings, .numbers])' \
		'[["35349006",3,3,2],["49015420",0,1,1]]' load "$tmp/imeis.csv"
	check "for people" prints 0 "^affected: 3 active sessions, 4 sightings; 3 handsets, 3 numbers$" \
		load --dry-run "$tmp/imeis.csv"
	check "with a table" prints 0 "^35349006  *3  *3  *2$" load --dry-run "$tmp/imeis.csv"
	printf 'tac,imsi,msisdn,action\n49015420,,,\n,404010000000004,,\n,,919000000008,\n' >"$tmp/rest.csv"
	check "a TAC, a SIM and a number" would "$sums" '[3,5,5,5,0]' load "$tmp/rest.csv"
	printf 'imei,tac,action\n35349006000001,,watch\n,35349006,drop\n' >"$tmp/watch.csv"
	check "what is only watched is not hit" would "$sums" '[2,2,2,2,4]' load "$tmp/watch.csv"
	check "an exception that is listed" xeir except add 35349006000001 imsi 404010000000001
	check "is none of load" would "$sums" '[2,3,3,2,0]' load "$tmp/imeis.csv"
	check "but of sync" would "$sums" '[3,4,3,3,0]' sync "$tmp/imeis.csv"
	printf 'imei,imsi,action\n35349006000001,404010000000001,remove\n35349006000001,,drop\n' \
		>"$tmp/remove.csv"
	check "and none any more that the directive removes" would "$sums" '[2,2,1,2,0]' \
		load "$tmp/remove.csv"
	check "nothing of that was applied" is "$(xeir --json list | jq length)" 1
	check "nor cut" is "$(xeir --json load "$tmp/imeis.csv" | jq .sessions_cut)" 2
	check "what others list is none of the directive's" would "$sums" '[0,0,0,0,0]' load - \
		<<<01161200999999

	check "an emergency session" up 35349006000005 404010000000009 919000000009 sos
	check "is none that would be cut" would "$sums" '[0,1,1,1,0]' load - <<<35349006000005
	check "of a TAC, it is reported how many were seen" prints 2 \
		"TAC 49015420 stops.*of which 3 were seen, with 3 SIMs; to confirm it" \
		block tac 49015420
	printf 'tac\n35349006\n49015420\n99999999\n' >"$tmp/tacs.csv"
	check "so do some" prints 2 "^xeir: TAC 35349006: 4 handsets seen, with 5 SIMs$" load "$tmp/tacs.csv"
	check "and their sum" prints 2 "3 TACs, .*of which 7 were seen, with 8 SIMs" load "$tmp/tacs.csv"
	check "one that was never seen" prints 2 "of which 0 were seen, with 0 SIMs" block tac 12345678
}
responder_start $pgw4 "$tmp/responder.log"
[[ ${XEIR_BRIEF-} ]] || previews

# --- saved and restored ----------------------------------------------------------------------

all() {
	xeir sightings --csv | sort
}

# A new list and nothing seen, with room for so many.
anew() {
	forget_all && xeir attach dev core0 both sessions 1000 sightings "$1" && are . '[]'
}

saves() {
	all >"$tmp/before" && touch "$tmp/list.csv" && chmod 644 "$tmp/list.csv" &&
	is "$(xeir --json save "$tmp/list.csv" | jq .sightings)" "$(($(wc -l <"$tmp/before") - 1))" &&
	is "$(stat -c %a "$tmp/list.csv" "$tmp/list.csv.sightings")" $'600\n600'
}

# merges FILTER JSON: what restore says of sightings.
merges() {
	is "$(xeir --json restore "$tmp/list.csv" | jq -c '.sightings | [.added, .merged, .left_out]')" "$1"
}

row() {
	echo "$imei,53,$1,$2,$3,$4,$5,$6,UTRAN,1,0142f01012345678,"
}

# The tool where TAI is 37 seconds further ahead of the wall clock than it is to the programs.
ahead() {
	in_core env LD_PRELOAD="$selftests/faults/tai_ahead.so" "$root/userspace/xeir" "$@"
}

# times [N]: of all sightings in JSON on standard input, N seconds later.
times() {
	jq -r "sort_by(.imei, .imsi)[] | [.imei, .imsi,
		(.first_seen, .last_seen | fromdate + ${1-0} | todate)] | join(\",\")"
}

earlier() {
	is "$(ahead --json sightings | times 37)" "$(xeir --json sightings | times)"
}

# So that people and CSV have the times that JSON has.
alike() {
	ahead --json sightings | times | sort >"$tmp/times" &&
	is "$(ahead sightings | awk -v OFS=, 'NR > 1 {print $1, $2, $4, $5}' | sort)" \
		"$(<"$tmp/times")" &&
	is "$(ahead sightings --csv | tail -n +2 | cut -d, -f1,3,5,6 | sort)" "$(<"$tmp/times")"
}

header=imei,svn,imsi,msisdn,first_seen,last_seen,count,apn,rat,gtp,uli,location

crafted() {
	{
		echo "$header"
		row 240010123456701 46702000000 2020-01-01T00:00:00Z 2020-01-02T00:00:00Z 5 old
		row 240010123456702 '' 2020-01-01T00:00:00Z 2020-01-02T00:00:00Z 7 '"a,b""c"'
	} >"$tmp/list.csv.sightings"
}

later() {
	{
		echo "$header"
		row 240010123456701 46702000001 2019-12-31T00:00:00Z 2020-01-01T12:00:00Z 4 older
		row 240010123456702 46702000002 2020-01-01T12:00:00Z 2020-01-03T00:00:00Z 9 newer
	} >"$tmp/list.csv.sightings"
}

faulty() {
	sed -i 's/,7,"a/,x,"a/' "$tmp/list.csv.sightings" && xeir flush &&
	prints 2 '^/.*list.csv.sightings:3:[0-9]*: found "x", expected a number$' \
		restore "$tmp/list.csv" &&
	is "$(xeir --json list)" '[]' && are . '[]'
}

# The wait for the programs comes first.
killed_before_deleting() {
	! of="grace" with_fault 1 set sightings off
}

counts='sort_by(.imsi) | map([.count, .msisdn, .first_seen[:10], .last_seen[:10], .apn])'

check "one with a location" with_location
check "save writes list and sightings, for nobody else to read" saves
total=$(($(wc -l <"$tmp/before") - 1))
check "after a reboot" anew 2000
check "restore on trial reports" is "$(xeir --json --dry-run restore "$tmp/list.csv" |
	jq .sightings.added)" "$total"
check "and restores nothing" are . '[]'
check "restore brings them back" merges "[$total,0,0]"
check "all as they were" cmp <(all) "$tmp/before"
merging() {
	check "again" merges "[0,$total,0]"
	check "it changes nothing" cmp <(all) "$tmp/before"
	check "where TAI is further ahead of the wall clock, that is what is reported" earlier
	check "by all three" alike
	check "save has the wall clock, too" ahead save "$tmp/list.csv"
	check "after a reboot" anew 2000
	check "restore takes that back" ahead restore "$tmp/list.csv"
	check "and all is as it was" cmp <(all) "$tmp/before"

	check "anew" anew 2000
	check "a faulty file" crafted
	check "all of it is refused" faulty
	check "unless its faulty lines are to be skipped" is \
		"$(xeir --json --skip-invalid restore "$tmp/list.csv" | jq .sightings.added)" 1
	check "anew" anew 2000
	check "a pair is seen" contexts 1
	check "it was seen before, and another" crafted
	check "which are brought together" merges '[1,1,0]'
	check "counts of different times are added" are "$counts" \
		"[[6,\"46702123456\",\"2020-01-01\",\"$(date -u +%F)\",\"internet\"],[7,null,\"2020-01-01\",\"2020-01-02\",\"a,b\\\"c\"]]"
	check "other times" later
	check "which overlap" merges '[0,2,0]'
	check "the larger count holds, and what came last" are "$counts" \
		"[[6,\"46702123456\",\"2019-12-31\",\"$(date -u +%F)\",\"internet\"],[9,\"46702000002\",\"2020-01-01\",\"2020-01-03\",\"newer\"]]"
	check "who sets sightings off is killed before they are deleted" killed_before_deleting
	check "which verify names" prints 0 "SIGHTINGS ARE OFF, .* xeir set sightings off$" verify
	check "sightings off" xeir set sightings off
	check "verify has nothing to name" eval "prints 0 . verify && ! contains $tmp/out SIGHTINGS"
	check "restore leaves the file" prints 0 "sightings are off" restore "$tmp/list.csv"
	check "and nothing is there" are . '[]'
	check "save deletes it" eval "xeir save $tmp/list.csv && ! test -e $tmp/list.csv.sightings"
	check "a list without one restores" xeir restore "$tmp/list.csv"
}
[[ ${XEIR_BRIEF-} ]] || merging

# --- more than the capacity ------------------------------------------------------------------

# flood N: set-ups of so many handsets, one after another.
# shellcheck disable=SC2016 # it is for the inner bash to expand
flood() {
	in_access bash -c '
		head="\x48\x20\0\x2a\0\0\0\0"
		imsi="\x01\0\x08\0\x04\x04\x01\x21\x43\x65\x87\xf9"
		exec 3>/dev/udp/$1/2123
		for ((i = 0; i < $2; i++)); do
			# no line end, at which bash would send what it has
			printf -v at "\\\\x%02x" $((64 + i / 32)) $((64 + i % 32))
			printf -v imei "\\\\x%d%d" $((i / 100 % 10)) $((i / 1000 % 10)) $((i % 10)) $((i / 10 % 10))
			printf "$head\0$at\0${imsi}\x4b\0\x08\0\x53\x43\x09\x60\x08$imei\xf0\x56\0\x06\0\x10\x04\xf4\x10\0\1" >&3
		done' - "$pgw4" "$1"
}

# The kernel promises no more of the order: which go depends on the CPUs that they came by.
newest_kept() {
	xeir sightings --csv >"$tmp/kept" &&
	(($(wc -l <"$tmp/kept") <= 101)) && contains "$tmp/kept" "^35349006800999,"
}

still_kept() {
	xeir sightings --csv >"$tmp/csv" &&
	is "$(sort "$tmp/kept" | comm -23 - <(sort "$tmp/csv"))" ""
}

not_listed() {
	xeir --json stats | jq .rules.not_listed.pass
}

too_many() {
	xeir save "$tmp/list.csv" && awk -v h="$header" 'BEGIN {
		print h
		for (i = 0; i < 500; i++)
			printf "353490070%05d,,,,2020-01-01,2020-01-01,1,,,2,,\n", i
	}' >"$tmp/list.csv.sightings"
}

check "room for 100" anew 100
check "a thousand come" flood 1000
check "the newest is kept, and no more than the capacity" newest_kept
check "each of them was judged" is "$(not_listed)" 1000
check "more is to be restored than the capacity" too_many
check "what has none is left out" is "$(xeir --json restore "$tmp/list.csv" |
	jq '.sightings | .added <= 100 and .added + .left_out == 500')" true
check "and drives none of those out" still_kept
check "room for 2000" anew 2000
check "a thousand find it" eval "flood 1000 && are length 1000"
check "detach all names what goes, and is refused" prints 2 \
	"removes 1000 sightings, .* sessions and the counters; .*: xeir detach all --yes$" detach all
check "and nothing has gone" are length 1000
check "on trial it names that too" prints 0 "1000 sightings and .* would be removed$" \
	--dry-run detach all
check "confirmed, all goes" prints 0 "1000 sightings and .* sessions removed$" detach all --yes
finish
