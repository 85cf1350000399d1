#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What the tool reads, as files come: each format, packed or not, the damage that is refused, and
# files that mean harm. No list is there to load into, so that a file in order ends in status 1.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

# shellcheck source=selftests/lib/lib_directives.sh
. "$selftests/lib/lib_directives.sh"

refused_usage() {
	reads "$@"
	is "$status" 2 && contains err "does not apply to"
}

# flip FILE AT TO: a copy in which the octet at this place is another one.
flip() {
	python3 - "$@" <<-'EOF'
	import sys
	data = bytearray(open(sys.argv[1], "rb").read())
	data[int(sys.argv[2])] ^= 0xff
	open(sys.argv[3], "wb").write(data)
	EOF
}

# --- tables ----------------------------------------------------------------------------------

check "semicolons, BOM, CRLF" gives any "\xef\xbb\xbfimei;action;reason\r\n$ok1;watch;a, b\r\n$ok2;;\"x;y\"\r\n" \
	"$l1 watch 0 -" "$l2 drop 0 -"
check "tabs, with an empty field first" gives any "action\timei\n\t$ok1\nwatch\t$ok2\n" \
	"$l1 drop 0 -" "$l2 watch 0 -"
check "a separator in a quoted name of a column" gives any "\"a;b\",imei\nx,$ok1\n" "$l1 drop 0 -"
check "text behind a quote, with semicolons" faults any "imei;ref\n$ok1;\"a\"b\n" \
	"2:20: found text behind a closing quote, expected a semicolon"
check "text behind a quote, with tabs" faults any "imei\tref\n$ok1\t\"a\"b\n" \
	"2:20: found text behind a closing quote, expected a tab"

check "two handsets a row" gives any "imei1,imei2,action\n$ok1,$ok2,watch\n$ok3,,\n" \
	"$l1 watch 0 -" "$l2 watch 0 -" "$l3 drop 0 -"
check "imei twice" gives any "imei,imei\n$ok1,$ok2\n" "$l1 drop 0 -" "$l2 drop 0 -"
check "IMEI_1, IMEI 2" gives any "IMEI_1,IMEI 2\n$ok1,$ok2\n" "$l1 drop 0 -" "$l2 drop 0 -"
check "the same number twice in a row" gives any "imei1,imei2\n$ok1,$ok1\n" "$l1 drop 0 -"
check "two exceptions a row" gives any "imei1,imei2,imsi,action\n$ok1,$ok2,404010123456789,pass\n" \
	"list exception 49015420323751 imsi 404010123456789 pass 0 -" \
	"list exception 35349006987331 imsi 404010123456789 pass 0 -"
check "a fault in the second, and neither is listed" faults any "imei1,imei2\n$ok1,490154203237517\n" \
	"2:31: found check digit 7, expected 8"

check "--map" gives any "IMEI_NO,WHY,What\n$ok1,x,watch\n" "$l1 watch 0 -" -- "" \
	"imei=IMEI_NO,reason=WHY,action=what"
check "--map of several" gives any "First,Second,imei\n$ok1,$ok2,x\n" "$l1 drop 0 -" "$l2 drop 0 -" \
	-- "" "imei=First+Second"
check "--map of a name that is not there" faults any "IMEI_NO\n$ok1\n" \
	'1:1: found no column of that name, expected "IMEI_N0" as in --map' -- "" "imei=IMEI_N0"
check "--map for one identifier a line" faults any "$ok1\n" \
	"1:1: found one identifier a line, expected the columns that --map names" -- "" "imei=x"
check "--map in JSON" gives any '{"serial": "490154203237518"}' "$l1 drop 0 -" -- "" "imei=serial"

# bad_option WORD OPTION VALUE
bad_option() {
	reads load d "$2" "$3"
	is "$status" 2 && contains err "$1"
}
for map in imei "imei=" =x "colour=x" "imei=a,imei=b" "action=a+b"; do
	check "--map $map" bad_option 'map: found "'"$map"'", expected COLUMN=NAME' --map "$map"
done
check "--format xml" bad_option 'found "xml", expected plain, csv, dirbs or json' --format xml
check "--map does not apply to block" refused_usage block $ok1 --map imei=x

check "--format plain" faults any "imei\n$ok1\n" '1:1: found "i", expected a digit' -- plain
check "--format json" faults any "$ok1\n" "1:1: found \"$ok1\", expected '{' or '['" -- json
check "--format csv of a list of DIRBS" gives any "imei,block_date,reasons,colour\n$ok1,20200101,x,red\n" \
	"$l1 drop 0 -" -- csv

# --- damage by spreadsheets ------------------------------------------------------------------

check "scientific notation" faults any "imei\n4.90154E+14\n" \
	'2:1: found "4.90154E+14", expected all the digits (format the column as text)'
check "scientific notation with a comma" faults any "imei;x\n4,90154E+14;\n" \
	'2:1: found "4,90154E+14", expected all the digits (format the column as text)'
check "a fraction" faults any "imei\n$ok1.0\n" \
	'2:16: found ".0", expected the digits alone (format the column as text)'
check "a fraction with a comma" faults any "imei;x\n$ok1,00;\n" \
	'2:16: found ",00", expected the digits alone (format the column as text)'
check "an apostrophe" faults any "imei\n'$ok1\n" "2:1: found an apostrophe, expected the digits without it"
check "a lost 0" faults any "imei\n10170060417127\n$ok1\n" \
	"2:1: found 14 digits that would have a right check digit behind a 0, which a spreadsheet may have taken, expected 15 as others have (format the column as text)"
check "a lost 0, a number of JSON" faults any "[{\"imei\": $ok1}, {\"imei\": 10170060417127}]" \
	"1:38: found 14 digits that would have a right check digit behind a 0, which a spreadsheet may have taken, expected 15 as others have (format the column as text)"
check "a lost 00" faults any "imei\n1017006041712\n" \
	"2:1: found 13 digits, as a spreadsheet makes of 00 and 13, expected 14, 15 or 16 digits of an IMEI"
example_is_read() {
	"$selftests/cli/directive_probe" any "$root/examples/handsets.txt" >out &&
		is "$(grep -c ' drop ' out)" 4
}
check "the example with 14, 15 and 16 digits is read" example_is_read
not_skipped() {
	printf 'imei\n10170060417127\n%s\n' "$ok1" >d
	reads load d --skip-invalid
	is "$status" 2
}
check "--skip-invalid does not load the rest of such a file" not_skipped

# --- metadata in a directive -----------------------------------------------------------------

# says_of_itself TEXT LINE...
says_of_itself() {
	printf '%b' "$1" >d
	shift
	"$selftests/cli/directive_probe" any d >out || return
	for line; do
		grep -qFx -- "$line" out || { cat out; return 1; }
	done
}
check "comments" says_of_itself \
	"# Directive: 7\n# issuer: DoT\n#reference:  FIR 1/2026 \n# issued: 2026-11-01\n# due: 2026-11-30T12:00:00Z\n# base: 6\n# records: 2\n# note: x\nimei\n$ok1\n$ok2\n" \
	"directive 7 on 6" "issuer DoT" "reference FIR 1/2026" "issued 2026-11-01T00:00:00Z" \
	"due 2026-11-30T12:00:00Z" "$l1 drop 7 -" "$l2 drop 7 -"
check "only before the rows" says_of_itself "$ok1\n# directive: 7\n" "directive 0 full 0"
check "members" says_of_itself \
	'{"directive": 7, "issuer": "DoT", "entries": [{"imei": "490154203237518"}, {"imei": "353490069873319", "directive": 8}], "records": 2, "due": "2026-11-30"}' \
	"directive 7 full 0" "issuer DoT" "due 2026-11-30T23:59:59Z" "$l1 drop 7 -" "$l2 drop 8 -"
check "a number that is none" faults any "# directive: 0\n$ok1\n" \
	'1:14: found directive "0", expected a number from 1 to 4294967295'
check "a date that is none" faults any "# due: tomorrow\n$ok1\n" \
	'1:8: found due "tomorrow", expected YYYY-MM-DD, YYYY-MM-DDTHH:MM:SSZ or seconds since 1970'
check "an issuer that is no text" faults any "# issuer: \xff\n$ok1\n" \
	'1:11: found issuer "\xff", expected up to 255 octets of text (UTF-8)'
check "a fact twice" faults any "# base: 1\n# base: 2\n$ok1\n" "2:3: found a second base, expected one"
check "fewer rows than announced" faults any "# records: 3\nimei\n$ok1\n$ok2\n" \
	"4:1: found 2 rows, expected 3 as announced"
check "more rows than announced" faults any '{"records": 1, "entries": [{"imei": "490154203237518"}, {"imei": "353490069873319"}]}' \
	"2:1: found 2 rows, expected 1 as announced"

digest() {
	local name
	for name in d.csv.gz d.txt; do
		"$selftests/cli/directive_probe" any "$name" >out &&
			grep -qFx "sha256 $(sha256sum <"$name" | cut -d' ' -f1)" out &&
			grep -qFx "size $(stat -c %s "$name")" out || return
	done
}

# --- sidecar files ---------------------------------------------------------------------------

printf '%s\n' $ok1 $ok2 >list
# sidecar FILE TEXT ERROR: with this text in the file, the list is refused so.
sidecar() {
	printf '%b' "$2" >"$1"
	reads load list
	rm "$1"
	is "$status" 2 && { grep -qFx -- "xeir: $3" err || { cat err; false; }; }
}
beside_fits() {
	sha256sum list >list.sha256 && echo 2 >list.count && accepted load list &&
		sha256sum -b "$tmp/list" other 2>/dev/null >list.sha256
	accepted load list && sha256sum <list | cut -d' ' -f1 >list.sha256 && accepted load list
}
check "digest and count fit" beside_fits
rm -f list.sha256 list.count
sum=$(sha256sum <list | cut -d' ' -f1) other=$(sha256sum </dev/null | cut -d' ' -f1)
check "another digest" sidecar list.sha256 "$other  list\n" \
	"list: found SHA-256 $sum, expected $other as in list.sha256; nothing is applied"
check "a digest of another file" sidecar list.sha256 "$sum  lists\n" \
	"list.sha256: found no SHA-256 of list, expected a line as of sha256sum"
check "an empty file of digests" sidecar list.sha256 "" \
	"list.sha256: found no SHA-256 of list, expected a line as of sha256sum"
check "another count" sidecar list.count "3\n" \
	"list: found 2 rows, expected 3 as in list.count; nothing is applied"
check "a count that is none" sidecar list.count "two\n" \
	'list.count: found "two", expected how many rows list has'
endless_sidecar() {
	mkfifo list.count
	status=0
	timeout 10 "$tool" load list >out 2>err || status=$?
	rm list.count
	is "$status" 2 && contains err "list.count: Invalid argument"
}
check "a pipe next to a list" endless_sidecar

# --- DIRBS -----------------------------------------------------------------------------------

check "a full list" gives sync "imei,block_date,reasons\n49015420323751,20200101,Stolen|GSMA not found\n" \
	"$l1 drop 0 -"
pending() {
	gives sync "imei,block_date,reasons\n$ok1,20200101,x\n$ok2,20990101,x\n" "$l1 drop 0 -" 2>err &&
		contains out "^left out 0 ended, 1 pending" &&
		contains err "warning: d:3: left out, as it is not yet effective (block_date)" &&
		contains err "warning: d: 1 left out, not yet effective (block_date)"
}
check "a date that is still to come" pending
check "a date that is none" faults sync "imei,block_date,reasons\n$ok1,20200230,x\n" \
	'2:17: found block_date "20200230", expected a date of the calendar'
check "a delta with types of change" gives load \
	"imei,block_date,reasons,change_type\n$ok1,20200101,x,blocked\n$ok2,20990101,x,unblocked\n$ok3,20200101,x,changed\n" \
	"$l1 drop 0 -" "$l3 drop 0 -" "remove imei 35349006987331"
check "add, update and remove" gives load "imei,change_type\n$ok1,add\n$ok2,Remove\n$ok3,update\n" \
	"$l1 drop 0 -" "$l3 drop 0 -" "remove imei 35349006987331"
check "another type of change" faults load "imei,change_type\n$ok1,new\n" \
	'2:17: found change_type "new", expected add, update or remove, or blocked, changed or unblocked'
check "a list of whom to notify" faults any "imei,imsi,msisdn,block_date,reasons\n$ok1,404010123456789,919812345678,20200101,x\n" \
	'1:6: found column "imsi", expected imei, block_date, reasons and change_type'

# by_name NAME LINE...: what a delta of this name is.
by_name() {
	printf 'imei,block_date,reasons\n%s,20200101,x\n' "$ok1" >"$1"
	"$selftests/cli/directive_probe" load "$1" >out || return
	shift
	for line; do
		grep -qFx -- "$line" out || { cat out; return 1; }
	done
}
check "a delta by its name" by_name 20261124_blacklist_delta_3_4_blocked.csv "directive 4 on 3" "$l1 drop 4 -"
check "a delta of what is unblocked" by_name 20261124_blacklist_delta_3_4_unblocked.csv \
	"directive 4 on 3" "remove imei 49015420323751"
check "the first delta" by_name 20261124_blacklist_delta_-1_4_changed.csv "directive 4 on 0" "$l1 drop 4 -"
cp 20261124_blacklist_delta_3_4_blocked.csv x_delta_3_4_new.csv
check "a delta of another kind" refused \
	"x_delta_3_4_new.csv:1:1: found a delta that is called x_delta_3_4_new.csv, expected ..._delta_BASE_RUN_CHANGE.csv of blocked, unblocked or changed" \
	load x_delta_3_4_new.csv

only_pending() {
	printf 'imei,block_date,reasons,change_type\n%s,20990101,x,changed\n' "$ok1" >d
	reads load d
	is "$status" 4 && contains err "not yet effective" && contains err "not on a BPF file system"
}
check "a delta of nothing but what is still to come" only_pending

# All lists of a run come in one zip.
run=20261124_blacklist
dirbs_files() {
	local header=imei,block_date,reasons
	printf '%s\n' $header $ok1,20200101,x $ok3,20200101,x >$run.csv
	printf '%s\n' $header $ok1,20200101,x >${run}_delta_3_4_blocked.csv
	printf '%s\n' $header $ok2,20200101,x >${run}_delta_3_4_unblocked.csv
	printf '%s\n' $header $ok3,20200101,x >${run}_delta_3_4_changed.csv
}
dirbs_files
zipped all.zip ${run}_delta_3_4_blocked.csv $run.csv ${run}_delta_3_4_{changed,unblocked}.csv
zipped full.zip $run.csv
zipped deltas.zip ${run}_delta_3_4_{blocked,changed,unblocked}.csv

# of_zip USE ZIP LINE...
of_zip() {
	"$selftests/cli/directive_probe" "$1" "$2" >out || return
	shift 2
	is "$(grep -E '^(directive|list|remove) ' out)" "$(printf '%s\n' "$@")"
}
check "load takes the deltas of a zip" of_zip load all.zip "directive 4 on 3" "$l1 drop 4 -" \
	"$l3 drop 4 -" "remove imei 35349006987331"
check "sync takes the full list of a zip" of_zip sync all.zip "directive 0 full 0" "$l1 drop 0 -" \
	"$l3 drop 0 -"
check "a zip of a full list is not loaded" refused \
	"xeir: full.zip: this is a full list, which load would only add to what is listed: use xeir sync" \
	load full.zip
check "a zip of deltas is no list" refused \
	"xeir: deltas.zip: this is a delta, which changes a list: use xeir load" sync deltas.zip
printf 'imei,block_date,reasons\n490154203237517,20200101,x\n' >${run}_delta_3_4_changed.csv
zipped deltas.zip ${run}_delta_3_4_{blocked,changed}.csv
check "a fault in one of several" refused \
	"deltas.zip(${run}_delta_3_4_changed.csv):2:15: found check digit 7, expected 8" load deltas.zip
printf 'x' >$'\e_delta_1_2.csv'
zipped deltas.zip $'\e_delta_1_2.csv'
check "a name with controls" refused \
	"deltas.zip(?_delta_1_2.csv):1:1: found \"x\", expected a header line with a column \"imei\", or one identifier a line" \
	load deltas.zip
cp ${run}_delta_3_4_blocked.csv ${run}_delta_3_5_unblocked.csv
zipped deltas.zip ${run}_delta_3_4_blocked.csv ${run}_delta_3_5_unblocked.csv
check "deltas of two runs" refused \
	"deltas.zip(${run}_delta_3_5_unblocked.csv):1:1: found run 5 in the name of the file, expected 4" \
	load deltas.zip

# use VERB TEXT SENTENCE: the verb is not for this one.
use() {
	printf '%b' "$2" >d
	reads "$1" d
	is "$status" 2 && { grep -qFx -- "xeir: d: $3" err || { cat err; false; }; }
}
check "a full list is not loaded" use load "imei,block_date,reasons\n$ok1,20200101,x\n" \
	"this is a full list, which load would only add to what is listed: use xeir sync"
check "a delta with a base is no list" use sync "# base: 3\nimei\n$ok1\n" \
	"this is a delta, which changes a list: use xeir load"
check "nor one with types of change" use sync "imei,change_type\n$ok1,add\n" \
	"this is a delta, which changes a list: use xeir load"

# --- JSON ------------------------------------------------------------------------------------

check "an object a line" gives any "{\"imei\": \"$ok1\", \"action\": \"watch\"}\n\n{\"imei\": $ok2, \"until\": null}\r\n" \
	"$l1 watch 0 -" "$l2 drop 0 -"
check "an array, with a BOM" gives any "\xef\xbb\xbf  [{\"imei\":\"$ok1\"},\n {\"tac\": \"35349006\"}]" \
	"$l1 drop 0 -" "list tac 35349006 drop 0 -"
check "an array of IMEIs" gives any "{\"imeis\": [\"$ok1\", $ok2], \"action\": \"reject\"}" \
	"$l1 reject 0 -" "$l2 reject 0 -"
check "an object that is passed over" gives any \
	"[{\"device\": {\"a\": [1, {}], \"b\": \"]}\"}, \"imei\": \"$ok1\"}]" "$l1 drop 0 -"
check "escapes" gives any '{"imei": "\\u0034901542\\u00303237518"}' "$l1 drop 0 -"
check "an exception" gives any "{\"imei\": \"$ok1\", \"imsi\": \"404010123456789\", \"action\": \"pass\"}" \
	"list exception 49015420323751 imsi 404010123456789 pass 0 -"
check "a change" gives load "{\"imei\": \"$ok1\", \"change_type\": \"removed\"}" "remove imei 49015420323751"
check "faults by line and column, the rest is read" faults any \
	"[{\"imei\": \"490154203237517\"},\n  {\"imei\": \"$ok1\", \"action\": \"x\"},\n  {}]" \
	"1:26: found check digit 7, expected 8" \
	'2:42: found action "x", expected drop, reject, watch, pass or remove' \
	"3:3: found no identifier, expected an IMEI, a TAC, an IMSI or an MSISDN"
check "a fraction" faults any "{\"imei\": $ok1.0}" \
	'1:25: found ".0", expected the digits alone (format the column as text)'
check "a number with a 0 in front" faults any '{"imei": 001017006041712}' \
	'1:10: found "001017006041712", expected JSON'
check "a member twice" faults any '{"imei": "490154203237518", "action": "drop", "action": "watch"}' \
	'1:48: found a second member "action", expected one'
check "a member that would change what entries mean" faults any '{"imei": "490154203237518", "change": "x"}' \
	'1:30: found member "change", expected "action" or "change_type", or --map action=NAME or status=NAME:VALUE=drop,VALUE=- or -=NAME, which leaves it out'
check "an array that does not end" faults any "[{\"imei\": \"$ok1\"}," \
	"2:1: found the end of the file, expected an entry, '{'"
check "a missing comma" faults any "[{\"imei\": \"$ok1\"}\n{" "2:1: found \"{\", expected ',' or ']'"
check "a missing colon" faults any '{"imei" "1"}' "1:10: found \"1\", expected ':'"
check "text behind an array" faults any "[]\n[]" '2:1: found "[", expected the end of the file'
check "a text that does not end in its line" faults any '{"imei": "49015\n"}' '1:16: found "\x0a", expected a second quote'
check "a NUL in JSON" faults any '{"imei": "49\0"}' '1:13: found "\x00", expected a second quote'
check "a word that is none" faults any '{"imei": none}' '1:10: found "none", expected JSON'
check "UTF-8 that is none" faults any '{"imei": "\xff"}' '1:11: found ""\xff"", expected JSON'
check "a deep one" faults any "{\"x\": $(printf '[%.0s' {1..99})" '1:71: found "[", expected less depth'
check "the wrong bracket" faults any '{"x": [1}' '1:9: found "}", expected the other bracket'

long_json() {
	(printf '['; for ((i = 0; i < 20000; i++)); do
		printf '{"imei":"%s","reason":"stolen"},' "$ok1"
	done; printf '{"imei":"490154203237517"}]') >long.json
	refused "long.json:1:900025: found check digit 7, expected 8" load long.json
}
check "an array in one long line" long_json

# --- packed ----------------------------------------------------------------------------------

printf '%s\n' $ok1 $ok2 >d.txt
printf 'imei,action\r\n%s,drop\r\n%s,watch\r\n' $ok1 $ok2 >d.csv
for text in d.txt d.csv; do
	gzip -k $text
	zstd -q $text
	zipped $text.zip $text
	for packed in $text.gz $text.zst $text.zip; do
		check "$packed" accepted load "$packed"
	done
done

by_stdin() {
	status=0
	"$tool" --transport bpf load - <"$1" >out 2>err || status=$?
	is "$status" 4 && is "$(wc -l <err)" 1
}
check "gzip on stdin" by_stdin d.csv.gz
check "zip on stdin" by_stdin d.csv.zip

by_pipe() {
	mkfifo fifo
	(for ((i = 0; i < 40; i++)); do
		dd bs=1 skip="$i" count=1 if=d.txt.gz status=none
	done; dd bs=1 skip=40 if=d.txt.gz status=none) >fifo &
	accepted load fifo
}
check "a pipe that gives an octet at a time" by_pipe

check "digest and size are of the file as it lies" digest
cat d.txt.gz d.txt.gz >twice.gz
check "gzip of two members" accepted load twice.gz
printf 'imei\n490154203237517\n' | gzip >fault.gz
check "a fault has the line of the text" \
	refused "fault.gz:2:15: found check digit 7, expected 8" load fault.gz
: | gzip >empty.gz
check "nothing in gzip" refused \
	"empty.gz:1:1: found the end of the file, expected a header line or an identifier" load empty.gz

mkdir __MACOSX
cp d.csv __MACOSX/._d.csv
zipped mac.zip d.csv __MACOSX/._d.csv
check "what macOS puts into a zip" accepted load mac.zip
zipped two.zip d.csv d.txt
check "two files in a zip" refused "two.zip:4:1: found more than one file in the zip, expected one" \
	load two.zip

# --- damaged ---------------------------------------------------------------------------------

head -c -9 d.csv.gz >cut.gz
check "gzip that is cut off" \
	refused "cut.gz:1:1: found damaged data (gzip that is cut off), expected a whole file" load cut.gz
flip d.csv.gz -6 crc.gz
check "gzip with a wrong checksum" \
	refused "crc.gz:1:1: found damaged data (incorrect data check), expected a whole file" load crc.gz
(cat d.csv.gz; echo more) >more.gz
check "gzip with something behind it" \
	refused "more.gz:1:1: found damaged data (incorrect header check), expected a whole file" \
	load more.gz
head -c -3 d.csv.zst >cut.zst
check "zstd that is cut off" \
	refused "cut.zst:1:1: found damaged data (Truncated zstd input), expected a whole file" load cut.zst
flip d.csv.zst -1 sum.zst
check "zstd with a wrong checksum" refused \
	"sum.zst:1:1: found damaged data (Zstd decompression failed: Restored data doesn't match checksum), expected a whole file" \
	load sum.zst
head -c 40 d.csv.zip >cut.zip
check "zip that is cut off" \
	refused "cut.zip:1:1: found damaged data (ZIP decompression failed (-5)), expected a whole file" load cut.zip

damage_behind_others() {
	seq 100000 | gzip | head -c -8 >cut.gz
	reads load cut.gz
	is "$status" 2 && contains err "found damaged data" && is "$(grep -c '^cut.gz:.* found' err)" 21 &&
		contains err "^cut.gz: [0-9]* more"
}
check "damage is reported behind 20 faults" damage_behind_others

# --- large -----------------------------------------------------------------------------------

# held COMMAND...: within so much memory and time.
held() {
	prlimit --as=$((400 << 20)) --cpu=20 -- "$@"
}

# streams COMMAND...: it gives the tool 2,000,000 lines on stdin, which are in order.
streams() {
	status=0
	"$@" | held "$tool" --transport bpf load - >out 2>err || status=$?
	is "$status" 4 && is "$(wc -l <err)" 1 && contains err "not on a BPF file system"
}
numbers() {
	seq 35349006000000 35349007999999
}
in_gzip() {
	numbers | gzip -1
}
in_array() {
	numbers | sed '1s/^/[/; s/[0-9]\+/{"imei":&},/; $s/,$/]/'
}
check "2,000,000 lines" streams numbers
check "2,000,000 lines in gzip" streams in_gzip
check "2,000,000 entries in JSON" streams in_array

too_many() {
	status=0
	seq 10000000000000 10000016777216 | "$tool" load - >out 2>err || status=$?
	is "$status" 2 &&
		contains err "^-:16777217:1: found more than 16777216 identifiers, expected a list"
}
check "more numbers than any list has" too_many

# --- with harm in mind -----------------------------------------------------------------------

# harm FAULT COMMAND...: it gives the tool a file on stdin that is refused for this reason.
harm() {
	local fault=$1
	shift
	status=0
	"$@" 2>/dev/null | held "$tool" load - >out 2>err || status=${PIPESTATUS[1]}
	is "$status" 2 && { grep -qFx -- "$fault" err || { cat err; false; }; }
}

zeros_in_gzip() {
	head -c 2G /dev/zero | gzip -1
}
comments_in() {
	yes "# comment" | head -c 2G | "$@"
}
check "1 GiB in one line" \
	harm "-:1:1: found a line of over 65535 octets, expected text" head -c 1G /dev/zero
check "zeros in gzip" \
	harm "-:1:1: found a line of over 65535 octets, expected text" zeros_in_gzip
check "a bomb in gzip" harm \
	"-:107374184:1: found a text of over 1 GiB, expected a list" comments_in gzip -1
check "a bomb in zstd" harm \
	"-:1677723:1: found data that grows over 200 times when it is unpacked, expected a list" \
	comments_in zstd -q
# grows ZIP PLACE FILE...: a zip of these files; those that end in .big are 200 MiB of nothing.
grows() {
	local zip=$1 place=$2
	shift 2
	python3 - "$zip" "$@" <<-'EOF' || return
	import sys, zipfile
	with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as archive:
	    for name in sys.argv[2:]:
	        with archive.open(name.removesuffix(".big"), "w") as member:
	            if name.endswith(".big"):
	                for i in range(200):
	                    member.write(bytes(1 << 20))
	            else:
	                member.write(b"imei,block_date,reasons\n490154203237518,20200101,x\n")
	EOF
	refused "$zip$place: found data that grows over 200 times when it is unpacked, expected a list" \
		load "$zip"
}
check "a bomb next to the list of a zip" grows mac.zip :1:1 __MACOSX/._a.csv.big a.csv
check "behind it" grows behind.zip \
	"(20261124_blacklist_delta_3_4_blocked.csv):3:1" 20261124_blacklist_delta_3_4_blocked.csv \
	__MACOSX/._a.csv.big
check "one in the list that load does not read" grows full.zip :1:1 20261124_blacklist.csv.big \
	20261124_blacklist_delta_3_4_blocked.csv
check "a text without end" harm \
	"-:107374184:1: found a file of over 1 GiB, expected a list" yes "# comment"

stopped_in_a_pipe() {
	mkfifo endless
	(exec yes "# comment" >endless) 2>/dev/null &
	timeout -s INT 1 "$tool" load endless >out 2>err
	is $? 124 && is "$(wc -c <err)" 0
}
check "a pipe without end is stopped by ^C" stopped_in_a_pipe

many_faults() {
	yes x | head -n 10000000 >faults
	status=0
	held "$tool" load faults >out 2>err || status=$?
	is "$status" 2 && contains err "10000000 faults; nothing is applied" && is "$(wc -l <err)" 22
	rm faults
}
check "10 million faults" many_faults

nuls() {
	(echo imei; head -c 60000 /dev/zero; echo) >nuls
	refused "nuls:2:1: found a NUL octet, expected text" load nuls
}
check "NULs" nuls

ln -s loop loop
loop() {
	reads load loop
	is "$status" 2 && contains err "loop: Too many levels of symbolic links"
}
check "a symbolic link to itself" loop
ln -s d.csv link
check "a symbolic link to a list" accepted load link

finish
