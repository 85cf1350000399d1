#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What the tool prints of directive files, without any privilege: each fault by line and column, and
# nothing is applied. No list is there to load into, so that a file in order ends in status 1.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

tool=$root/userspace/xeir
[[ -x $tool ]] || skip_all "the tool is not built: make all"
lab_files
export XEIR_PINS=$tmp/none

# Run load on the text given, with options behind it; $status, and what it printed, in $tmp/out, err.
load() {
	printf '%b' "$1" >"$tmp/d.csv"
	shift
	status=0
	(cd "$tmp" && "$tool" --transport bpf load d.csv "$@") >"$tmp/out" 2>"$tmp/err" || status=$?
}

# faults TEXT FAULT...: the file is refused, for these reasons and no other.
faults() {
	local text=$1
	shift
	load "$text"
	is "$status" 2 && is "$(grep '^d.csv:' "$tmp/err")" "$(printf 'd.csv:%s\n' "$@")" &&
		is "$(wc -c <"$tmp/out")" 0
}

# The file is in order, so that the missing list is all there is to complain of.
accepted() {
	load "$1"
	is "$status" 4 && is "$(wc -l <"$tmp/err")" 1 && contains "$tmp/err" "not on a BPF file system"
}

warned() {
	load "$1"
	is "$status" 4 && contains "$tmp/err" "$2"
}

ok1=490154203237518 ok2=353490069873319

check "one number a line" accepted "$ok1\n$ok2\n"
check "numbers as people write them" accepted "49-015420-323751-8\n353490 06 987331/9\n35349006987331\n3534900698733153\n"
check "blank lines, comments, a TAC, no newline at the end" \
	accepted "# list\n\n  $ok1  # mine\n\ttac 35349006\nTAC 35-349007"
check "a header with one column" accepted "imei\n$ok1\n"
check "columns in any order and case" accepted "Action, IMEI ,REF\nwatch,$ok1,x\n,$ok2,\n"
check "BOM and CRLF" accepted "\xef\xbb\xbfimei,action\r\n$ok1,drop\r\n"
check "quoted fields, with commas, quotes and lines in them" \
	accepted "imei,reason,action\n\"$ok1\",\"a, \"\"b\"\"\nc\",drop\n$ok2, \"x\" ,watch\n"
check "TAC column" accepted "imei,tac,action\n,35349006,drop\n$ok1,,watch\n"
check "remove, directive and expiry" accepted \
	"imei,action,directive,expiry\n$ok1,remove,,\n$ok2,drop,4294967295,2099-12-31\n35349006987332,,7,2099-12-31T23:59:59Z\n35349006987335,,7,4000000000\n"
check "expiry by the name that it had before" accepted "imei,until\n$ok1,2099-12-31\n"
check "the same line twice" accepted "$ok1\n$ok1\n"
check "the same handset in two forms" accepted "$ok1\n4901542032375199\n"

check "wrong check digit" faults "imei\n490154203237517\n" "2:15: found check digit 7, expected 8"
check "wrong check digit behind dashes" faults "imei,action\n49-015420-323751-7,drop\n" \
	"2:18: found check digit 7, expected 8"
check "a letter" faults "imei,action\n49015420323751x,drop\n" '2:15: found "x", expected a digit'
check "a letter, one number a line" faults "# x\n  4901542O3237518\n" \
	'2:10: found "O", expected a digit'
check "a short number" faults "imei\n4901542032376\n" \
	"2:1: found 13 digits, expected 14, 15 or 16 digits of an IMEI"
check "a long number" faults "imei\n49015420323751812\n" \
	"2:1: found 17 digits, expected 14, 15 or 16 digits of an IMEI"
check "a TAC without its word" faults "35349006\n" \
	"1:1: found 8 digits, expected 14, 15 or 16 digits of an IMEI"
check "a short TAC" faults "tac 3534900\n" "1:5: found 7 digits, expected 8 digits of a TAC"
check "scientific notation" faults "imei\n4.90154E+14\n" \
	'2:1: found "4.90154E+14", expected all the digits (format the column as text)'
check "all zero" faults "imei\n000000000000000\n" \
	"2:1: found an IMEI that is all zero, expected one of a handset"
check "a NUL" faults "imei\n49015420\x003237518\n" "2:9: found a NUL octet, expected text"
check "a NUL in a quoted field of two lines" faults "imei,ref\n$ok1,\"a\nb\x00c\"\n" \
	"3:2: found a NUL octet, expected text"
check "a duplicate with another action" faults "imei,action\n$ok1,drop\n$ok2,drop\n$ok1,watch\n" \
	"4:17: found action watch, expected drop as in line 2, which has the same identifier"
check "a duplicate in another form" faults "imei,action\n$ok1,drop\n4901542032375100,remove\n" \
	"3:18: found action remove, expected drop as in line 2, which has the same identifier"
check "a duplicate with another directive" faults "imei,directive\n$ok1,7\n$ok1,8\n" \
	"3:1: found the identifier of line 2 with another directive, expected each identifier once"
check "a duplicate with another end" faults "imei,expiry\n$ok1,\n$ok1,2099-01-01\n" \
	"3:1: found the identifier of line 2 with another expiry, expected each identifier once"
check "no header" faults "$ok1,drop\n" \
	'1:1: found a row, expected a header line with a column "imei" first'
check "no header, quoted" faults "\"$ok1\"\n" \
	'1:1: found a row, expected a header line with a column "imei" first'
check "a header without imei" faults "serial,action\n$ok1,drop\n" \
	'1:1: found "serial,action", expected a header line with a column "imei", or one identifier a line'
check "columns separated by semicolons" accepted "imei;action\n$ok1;drop\n"
check "columns separated by tabs" accepted "imei\taction\n$ok1\tdrop\n"
check "rows separated by semicolons, no header" faults "$ok1;drop\n" \
	'1:1: found a row, expected a header line with a column "imei" first'
check "a separator in a comment" accepted "$ok1 # mine, and; yours\n"
check "a column that would change what rows mean" faults "imei,change\n$ok1,remove\n" \
	'1:6: found column "change", expected "action" or "change_type", or --map action=NAME or status=NAME:VALUE=drop,VALUE=- or -=NAME, which leaves it out'
check "a misspelt action" faults "imei,acton\n$ok1,watch\n" \
	'1:6: found column "acton", expected "action" or "change_type", or --map action=NAME or status=NAME:VALUE=drop,VALUE=- or -=NAME, which leaves it out'
check "a TAC of zeros" faults "tac 00000000\n" \
	'1:5: found a TAC that is all zero, expected one of a model'
check "a header with a longer name" faults "Serial,IMEI Number\n1,$ok1\n" \
	'1:8: found column "IMEI Number", expected "imei"'
check "an apostrophe" faults "imei\n'$ok1\n" \
	"2:1: found an apostrophe, expected the digits without it"
check "an apostrophe, one number a line" faults "'$ok1\n" \
	"1:1: found an apostrophe, expected the digits without it"
check "a formula" faults "imei\n=\"$ok1\"\n" \
	"2:1: found \"=\"$ok1\"\", expected the digits without the formula of a spreadsheet"
check "line ends of CR alone" faults "imei\r$ok1\r" \
	"1:5: found a line end of CR alone, expected LF or CRLF"

long_cr() {
	yes "$ok1" | head -n 6000 | tr '\n' '\r' >"$tmp/cr.csv"
	status=0
	"$tool" load "$tmp/cr.csv" 2>"$tmp/err" || status=$?
	is "$status" 2 && contains "$tmp/err" "cr.csv:1:16: found a line end of CR alone"
}
check "and a long file of them" long_cr
check "a header with a column twice" faults "imei,expiry,expiry\n" \
	'1:13: found a second column "expiry", expected one'
check "an empty file" faults "" \
	"1:1: found the end of the file, expected a header line or an identifier"
check "only comments" faults "# nothing\n\n" \
	"3:1: found the end of the file, expected a header line or an identifier"
check "another action" faults "imei,action\n$ok1,allow\n" \
	'2:17: found action "allow", expected drop, reject, watch, pass or remove'
check "reject" accepted "imei,action\n$ok1,reject\n"
check "a directive that is no number" faults "imei,directive\n$ok1,4294967296\n" \
	'2:17: found directive "4294967296", expected a number up to 4294967295'
for expiry in 31.12.2030 20301231 2030-1-1 tomorrow 2030-01-01T00:00:00; do
	check "expiry $expiry" faults "imei,expiry\n$ok1,$expiry\n" \
		"2:17: found expiry \"$expiry\", expected YYYY-MM-DD, YYYY-MM-DDTHH:MM:SSZ or seconds since 1970"
done
for expiry in 2030-02-30 2030-01-01T24:00:00Z; do
	check "expiry $expiry" faults "imei,expiry\n$ok1,$expiry\n" \
		"2:17: found expiry \"$expiry\", expected a date of the calendar"
done
for expiry in 2200-01-01 9998-12-31 1969-12-31; do
	check "expiry $expiry" faults "imei,expiry\n$ok1,$expiry\n" \
		"2:17: found expiry \"$expiry\", expected a date from 1970 to 2105"
done
check "a field too many" faults "imei,action\n$ok1,drop,x\n" \
	"2:1: found 3 fields, expected 2 as in the header"
check "a field too few" faults "imei,action\n$ok1\n" \
	"2:1: found 1 fields, expected 2 as in the header"
check "no number" faults "imei,tac,action\n,,drop\n" \
	"2:1: found no identifier, expected an IMEI, a TAC, an IMSI or an MSISDN"
check "both numbers" faults "imei,tac\n$ok1,35349006\n" \
	"2:17: found both an IMEI and a TAC, expected one of them"
check "columns of subscribers" accepted \
	"imsi,msisdn,action\n404010123456789,,reject\n,+91 98123 45678,remove\n,919812345679,watch\n"
check "subscribers, one a line" accepted "imsi 404010123456789\nMSISDN +919812345678\n"
check "an exception, and one that is removed" accepted \
	"imei,imsi,action\n$ok1,404010123456789,pass\n$ok2,404010123456789,remove\n"
check "an exception in any order of columns" accepted "action,imsi,imei\nPASS,404010123456789,$ok1\n"
check "a short IMSI" faults "imsi\n40401\n" "2:1: found 5 digits, expected 6 to 15 digits of an IMSI"
check "a long IMSI" faults "imsi\n4040101234567890\n" \
	"2:1: found 16 digits, expected 6 to 15 digits of an IMSI"
check "a letter behind a plus" faults "msisdn\n+9198x\n" '2:6: found "x", expected a digit'
check "a plus within" faults "msisdn\n91+98123\n" '2:3: found "+", expected a digit'
check "a short MSISDN" faults "msisdn\n+1234\n" \
	"2:1: found 4 digits, expected 5 to 15 digits of an MSISDN"
check "an IMEI and an IMSI without pass" faults "imei,imsi,action\n$ok1,404010123456789,drop\n" \
	"2:17: found both an IMEI and an IMSI, expected one of them, or action pass for an exception"
check "pass for an IMEI alone" faults "imei,imsi,action\n$ok1,,pass\n" \
	"2:18: found action pass with one identifier, expected an IMEI and an IMSI"
check "pass for a TAC and an IMSI" faults "tac,imsi,action\n35349006,404010123456789,pass\n" \
	"2:10: found both a TAC and an IMSI, expected one of them"
check "an IMSI and an MSISDN" faults "imsi,msisdn\n404010123456789,919812345678\n" \
	"2:17: found both an IMSI and an MSISDN, expected one of them"
check "three numbers" faults "imei,imsi,msisdn,action\n$ok1,404010123456789,919812345678,pass\n" \
	"2:17: found both an IMEI and an IMSI, expected one of them"
check "an exception that is there and removed" faults \
	"imei,imsi,action\n$ok1,404010123456789,pass\n$ok1,404010123456789,remove\n" \
	"3:33: found action remove, expected pass as in line 2, which has the same identifier"
check "a quote that is never closed" faults "imei,ref\n$ok1,\"abc\n$ok2,x\n" \
	"2:17: found a quote that is never closed, expected a second one"
check "text behind a quote" faults "imei,ref\n$ok1,\"a\"b\n" \
	"2:20: found text behind a closing quote, expected a comma"
check "UTF-16" faults "\xff\xfei\0m\0e\0i\0\n" "1:1: found UTF-16, expected UTF-8 or ASCII text"
check "several faults, in order" faults "imei\n1\n$ok1\n490154203237517\nx\n" \
	"2:1: found 1 digit, expected 14, 15 or 16 digits of an IMEI" \
	"4:15: found check digit 7, expected 8" '5:1: found "x", expected a digit'

twenty_and_total() {
	load "imei\n$(for i in {1..25}; do printf '%s\\n' "$i"; done)"
	is "$status" 2 && is "$(grep -c '^d.csv:[0-9]*:1: found' "$tmp/err")" 20 &&
		contains "$tmp/err" "^d.csv: 5 more" &&
		contains "$tmp/err" "25 faults; nothing is applied"
}
check "20 faults are reported, and their total" twenty_and_total

endless_line() {
	status=0
	(ulimit -v 200000 && "$tool" load /dev/zero) >"$tmp/out" 2>"$tmp/err" || status=$?
	is "$status" 2 && contains "$tmp/err" "/dev/zero:1:1: found a line of over 65535 octets"
}
check "a line without end" endless_line

in_json() {
	load "imei\n1\n" --json
	is "$status" 2 && is "$(jq -r .error "$tmp/out")" "d.csv: 1 fault; nothing is applied"
}
check "--json has the error in stdout too" in_json

faults_in_json() {
	load "imei,action\n$ok1,drop\n$ok2,\", expected x\"\n490154203237517,drop\n" --json
	is "$status" 2 && is "$(jq -c '.faults[] | [.file, .line, .column, .found, .expected]' "$tmp/out")" \
		'["d.csv",3,18,"action \", expected x\"","drop, reject, watch, pass or remove"]
["d.csv",4,15,"check digit 7","8"]'
}
check "and every fault" faults_in_json

skips() {
	load "imei\n1\n$ok1\n490154203237517\n" --skip-invalid
	is "$status" 4 && is "$(grep -c ^d.csv: "$tmp/err")" 2 &&
		contains "$tmp/err" "2 lines skipped" && contains "$tmp/err" "not on a BPF file system"
}
check "--skip-invalid goes on with the rest" skips

skips_no_header() {
	load "serial\n$ok1\n" --skip-invalid
	is "$status" 2
}
check "--skip-invalid does not do without a header" skips_no_header

one_warning() {
	load "imei,colour,size\n$ok1,red,1\n"
	is "$status" 4 && is "$(grep -c warning "$tmp/err")" 1 &&
		contains "$tmp/err" 'columns that are not known are left out: "colour", "size"'
}
check "columns that are not known are named in one warning" one_warning
check "an end in the past is left out with a warning" \
	warned "imei,expiry\n$ok1,2020-01-01\n$ok2,2020-01-01\n" "warning: d.csv: 2 left out"

check "and each by its line" warned "imei,expiry\n$ok1,2020-01-01\n$ok2,2099-01-01\n" \
	"warning: d.csv:2: left out, as its expiry has passed"
check "a leading zero that a spreadsheet took" faults "imei\n10170060417127\n$ok1\n" \
	"2:1: found 14 digits that would have a right check digit behind a 0, which a spreadsheet may have taken, expected 15 as others have (format the column as text)"
check "one that it may have taken, among others of 14 digits" \
	warned "imei\n10170060417127\n35349006987331\n$ok1\n" "warning: d.csv: 1 of 14 digits.*: line 2$"
check "14 digits that are no such" accepted "imei\n35349006987331\n$ok2\n"
check "14 digits in a file of such" accepted "imei\n10170060417127\n"

# usage STATUS WORD ARGUMENT...: what the tool answers to a call.
usage() {
	local expected=$1 word=$2
	shift 2
	status=0
	"$tool" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null || status=$?
	is "$status" "$expected" && cat "$tmp/out" "$tmp/err" | grep -q -- "$word"
}
check "no verb" usage 2 "try: xeir --help"
check "an unknown verb" usage 2 'there is no verb "blok"' blok
check "an unknown option" usage 2 "there is no option --jsn" load --jsn x
check "an unknown short option" usage 2 "there is no option -x" -x load x
check "an option without its value" usage 2 "transport needs a value" load x --transport
check "a value for an option that takes none" usage 2 "json=1 takes no value" --json=1 list
check "an unknown transport" usage 2 "expected netlink or bpf" --transport carrier list
check "a directive that is no number" usage 2 "expected a number" --directive x block $ok1
check "a missing file" usage 2 "No such file" load "$tmp/no"
check "a directory" usage 2 "Is a directory" load "$tmp"
check "two files" usage 2 "usage: xeir load" load a b
check "block without an identifier" usage 2 "no identifier is given" block action watch
check "block a wrong number" usage 2 "found check digit 7, expected 8" block 490154203237517
check "block action pass" usage 2 "expected drop, reject or watch" block $ok1 action pass
check "block with an expiry of the past" usage 2 "has passed" block $ok1 expiry 2020-01-01
check "block with an expiry too far away" usage 2 "expected a date from 1970 to 2105" \
	block $ok1 expiry 2107-01-01
check "block with an expiry that is missing" usage 2 "expiry needs a value" block $ok1 expiry
check "block a wrong IMSI" usage 2 'IMSI "40401": found 5 digits' block imsi 40401
check "block a wrong MSISDN" usage 2 "expected 5 to 15 digits" block msisdn 0
check "except without an IMSI" usage 2 "usage: xeir except" except add $ok1
check "except a wrong IMEI" usage 2 "found check digit 7" except add 490154203237517 imsi 404010123456789
check "except neither add nor del" usage 2 "usage: xeir except" except put $ok1 imsi 404010123456789
check "set of what is no setting" usage 2 'there is no setting "no-imsi"' set no-imsi drop
check "set without a value" usage 2 "no-imei needs a value" set no-imei
check "set no-imei reject" usage 2 "expected pass, watch or drop" set no-imei reject
check "set default-action pass" usage 2 "expected drop, reject or watch" set default-action pass
check "set a cause that accepts" usage 2 "a cause that rejects, 192 to 255" set cause-v1 128
check "set five emergency APNs" usage 2 "four names at most" set emergency-apn sos,sos,sos,sos,sos
check "set an APN too long to compare" usage 2 "3 to 30 letters" \
	set emergency-apn abcdefghij.abcdefghij.abcdefghi
check "set an empty APN" usage 2 "3 to 30 letters" set emergency-apn sos,
check "enforce maybe" usage 2 "expected on, permissive or off" enforce maybe
check "a reason without a word" usage 2 "found no word, expected the reason" load x --force " "
check "--yes where nothing is asked" usage 2 "does not apply to restore" restore --yes
check "unblock takes no action" usage 2 "expected a digit" unblock $ok1 action drop
check "--help" usage 0 "Exit status: 0 success" --help
check "--version" usage 0 "^xeir " --version
for verb in attach detach status load sync block unblock except protect check list flush save restore \
	set enforce stats monitor replay; do
	check "$verb --help" usage 0 "^usage: xeir $verb" "$verb" --help
	check "help $verb" usage 0 "^usage: xeir $verb" help "$verb"
done
finish
