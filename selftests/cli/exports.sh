#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Lists as spreadsheets, databases and people export them: read rightly, or refused by name. What a
# file does not say is never enforced.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=selftests/lib/lib_directives.sh
. "$selftests/lib/lib_directives.sh"

# --- two numbers in one field ----------------------------------------------------------------

two8="two numbers of 8 digits, or a range of them, expected one number, or the word tac and a range of TACs"
two5="two numbers of 5 digits, or a range of them, expected one number, or the word tac and a range of TACs"

check "a range of TACs among IMEIs" faults any "imei\n35349006-35349010\n" "2:10: found $two8"
check "one in a line" faults any "35349006-35349010\n" "1:10: found $two8"
check "one in JSON" faults any '{"imei": "35349006-35349010"}' "1:20: found $two8"
check "two TACs with a slash" faults any "imei\n35349006/35349010\n" "2:10: found $two8"
check "a range of IMSIs" faults any "imsi\n40401-40499\n" "2:7: found $two5"
check "a range of MSISDNs" faults any "msisdn\n98123-98129\n" "2:7: found $two5"
check "a date as an MSISDN" faults any "msisdn\n2026-11-28\n" "2:1: found a date, expected a number"
check "a date as a TAC" faults any "tac\n2026-11-28\n" "2:1: found a date, expected a number"
check "a range of TACs in its column" gives any "tac,action\n35349006-35349008,watch\n" \
	"list tac 35349006 watch 0 -" "list tac 35349007 watch 0 -" "list tac 35349008 watch 0 -"
check "behind the word, and removed" gives any "tac 35349006 - 35349007\n" \
	"list tac 35349006 drop 0 -" "list tac 35349007 drop 0 -"
check "a range that is removed" gives any "tac,action\n35349006-35349007,remove\n" \
	"remove tac 35349006" "remove tac 35349007"
check "a range of too many" faults any "tac\n35349006-53349010\n" \
	"2:1: found a range of 18000005 TACs, expected 1000 at most"
check "a TAC of the range with another action" faults any \
	"tac,action\n35349006-35349008,drop\n35349007,watch\n" \
	"3:10: found action watch, expected drop as in line 2, which has the same identifier"

# bad_operand FOUND VERB ARGUMENT...
bad_operand() {
	local found=$1
	shift
	reads "$@"
	is "$status" 2 && contains err "found $found"
}
check "a range of TACs is no IMEI to block" bad_operand "two numbers of 8 digits" block 35349006-35349010
check "nor to check" bad_operand "two numbers of 8 digits" check 35349006-35349010
check "nor to protect" bad_operand "two numbers of 8 digits" protect add 35349006-35349010

# As the tool quotes it, what is not ASCII by its octets.
quoted() {
	python3 -c 'import os, sys
print("".join(chr(c) if c < 127 else "\\x%02x" % c for c in b"\"" + os.fsencode(sys.argv[1]) + b"\""))' "$1"
}

# --- columns that may change what a row means ------------------------------------------------

left_out="or status=NAME:VALUE=drop,VALUE=- or -=NAME, which leaves it out"
check "a status, by its name" faults any \
	"IMEI;Equipment Status\n353490069873301;BLACK\n353490069873319;WHITE\n" \
	"1:6: found column \"Equipment Status\", expected \"action\" or \"change_type\", or --map action=NAME $left_out"
check "it is left out by --map" gives any "IMEI;Equipment Status;List Type\n$ok1;BLACK;x\n" \
	"$l1 drop 0 -" -- "" "-=Equipment Status+List Type"
for name in Status state operation Operation_Type list_type is_active unblock Blocked Estado Aktion \
	Accion situação Sperrstatus whitelisted; do
	check "column $name" faults any "imei,$name\n$ok1,x\n" \
		"1:6: found column $(quoted "$name"), expected \"action\" or \"change_type\", or --map action=NAME $left_out"
done
for name in valid_until end_date Expiration "Valid To" effective_date; do
	check "column $name" faults any "imei,$name\n$ok1,x\n" \
		"1:6: found column \"$name\", expected \"expiry\" or \"block_date\", or --map expiry=NAME or -=NAME, which leaves it out"
done
for name in second_imei "Secondary IMEI" imeisv; do
	check "column $name" faults any "imei,$name\n$ok1,$ok2\n" \
		"1:6: found column \"$name\", expected \"imei\", \"imei1\", \"imei2\" and so on, or --map imei=NAME+NAME or -=NAME, which leaves it out"
done
for name in Manufacturer Model Colour Operator "Report Date" Contact; do
	check "column $name is left out" gives any "imei,$name\n$ok1,x\n" "$l1 drop 0 -"
done
check "imei2, where imei has another name" faults any "First,imei2\n$ok1,$ok2\n" \
	"1:7: found column \"imei2\", expected \"imei\", \"imei1\", \"imei2\" and so on, or --map imei=NAME+NAME or -=NAME, which leaves it out" \
	-- "" "imei=First"
check "a member of JSON" faults any "{\"imei\": \"$ok1\", \"status\": \"WHITE\"}" \
	"1:30: found member \"status\", expected \"action\" or \"change_type\", or --map action=NAME $left_out"
check "and an object that is left out" gives any "{\"imei\": \"$ok1\", \"status\": {\"a\": 1}}" \
	"$l1 drop 0 -" -- "" "-=status"

# --- columns whose values are mapped ---------------------------------------------------------

# over N: as many rows were passed over.
over() {
	is "$(sed -n 's/^passed over //p' out)" "$1"
}
map="status=Status:BLACK=drop,GREY=watch,WHITE=-"
check "values that say what a row means" eval "
	gives any 'IMEI;Status\n$ok1;BLACK\n$ok2;white\n$ok3; Grey\n' '$l1 drop 0 -' '$l3 watch 0 -' -- '' '$map' && over 1"
check "a value that is not mapped" faults any "IMEI;Status\n$ok1;BLACK\n$ok2;PINK\n$ok3;\n" \
	'3:17: found "PINK", expected a value of --map: BLACK, GREY, WHITE' \
	'4:17: found "", expected a value of --map: BLACK, GREY, WHITE' -- "" "$map"
check "an action is none of them" faults any "IMEI;Status\n$ok1;drop\n" \
	'2:17: found "drop", expected a value of --map: BLACK, GREY, WHITE' -- "" "$map"
check "nothing, and a value of two words" eval "
	gives any 'imei,Current state\n$ok1,\n$ok2,not stolen\n$ok3,stolen\n' '$l1 drop 0 -' '$l3 reject 0 -' \
		-- '' 'action=Current state:=drop,not stolen=-,stolen=reject' && over 1"
check "one that is taken off the list" gives any "imei,Status\n$ok1,UNBLOCKED\n" "remove imei 49015420323751" \
	-- "" "status=Status:UNBLOCKED=remove"
check "other columns in front and behind" gives any "Serial,Status,FIR,x\n$ok1,B,a,b\n" "$l1 drop 0 -" \
	-- "" "imei=Serial,status=Status:B=drop,W=-,ref=FIR,-=x"
check "a row that is passed over may have anything" eval "
	gives any 'imei,expiry,Status\nx,soon,WHITE\n$ok2,,BLACK\n' '$l2 drop 0 -' -- '' '$map' && over 1"
check "in JSON" eval "
	gives any '[{\"imei\": \"$ok1\", \"Status\": \"BLACK\"}, {\"imei\": \"$ok2\", \"Status\": \"WHITE\"}]' \
		'$l1 drop 0 -' -- '' '$map' && over 1"
check "a column of that name is needed" faults any "imei,state\n$ok1,BLACK\n" \
	'1:1: found no column of that name, expected "Status" as in --map' -- "" "$map"
check "a name with a colon" gives any "a:b,ref\n$ok1,x\n" "$l1 drop 0 -" -- "" "imei=a:b"
for bad in status=Status status=Status:BLACK status=Status:BLACK=block status=Status:BLACK=pass \
	status=S:A=drop,a=watch imei=x:A=drop status=S:A=drop,action=T status=S:A=drop,B; do
	check "--map $bad" eval "reads load d --map '$bad'; is \$status 2 && contains err 'found \"$bad\", expected COLUMN=NAME'"
done
reports_passed() {
	printf 'imei,Status\n%s,BLACK\n%s,WHITE\n' "$ok1" "$ok2" >d
	reads load d --map "$map"
	contains err "^xeir: d: 1 row passed over"
}
check "the tool says how many" reports_passed

# --- rows of separators ----------------------------------------------------------------------

check "rows of separators behind the data" gives any "imei,reason\n$ok1,stolen\n$ok2,lost\n,\n , \n,\n" \
	"$l1 drop 0 -" "$l2 drop 0 -"
check "they are no rows" gives any "# records: 1\nimei;reason\n$ok1;x\n;;;\n" "$l1 drop 0 -"
check "a row without an identifier is one" faults any "imei,reason\n$ok1,x\n,lost\n" \
	"3:1: found no identifier, expected an IMEI, a TAC, an IMSI or an MSISDN"

# --- quotes ----------------------------------------------------------------------------------

swallowed="found a quoted field over lines that look like rows, expected its second quote in this line"
check "a quote that takes in the rows behind it" faults any \
	"imei,reason\n$ok1,\"stolen\n$ok2,lost\n$ok3,lost\"\n" "2:17: $swallowed"
check "one row alone" faults any "imei;reason\n$ok1;\"stolen\n$ok2;lost\"\n" "2:17: $swallowed"
check "the identifier behind it" faults any "reason,imei\n\"stolen,$ok1\nlost\",$ok2\n" "2:1: $swallowed"
check "a comma in the text" faults any "imei,reason\n$ok1,\"stolen, 2026\n$ok2,lost\n$ok3,\"\n" \
	"2:17: $swallowed"
check "a wrong identifier is one too" faults any "tac,x,y\n35349006,\"a,b\n35349007x,a,b\n3534 9008,a\",b\n" \
	"2:10: $swallowed"
check "the rest of the file is not read for --skip-invalid" eval "
	printf 'imei,reason\n$ok1,\"a\n$ok2,\"\n$ok3,x\n' >d
	refused 'd:2:17: $swallowed' load d --skip-invalid"
check "lines of a field that are no rows" gives any \
	"imei,reason,ref\n$ok1,\"a\n12, Main Street\n110001, Delhi\",x\n$ok2,,\n" "$l1 drop 0 -" "$l2 drop 0 -"
check "and before the identifier" gives any "reason,imei\n\"a\n1,2\",$ok1\n" "$l1 drop 0 -"
check "also a number alone" gives any "imei,reason\n$ok1,\"not\n$ok2\n\"\n" "$l1 drop 0 -"

# --- blanks that look like others, or like nothing -------------------------------------------

nbsp='\xc2\xa0' ltr='\xe2\x80\xad' end='\xe2\x80\xac' zero='\xe2\x80\x8b'
check "no-break spaces in numbers" gives any "imei\n490154$nbsp 203237518$nbsp \n" "$l1 drop 0 -"
check "in names and values" gives any "imei$nbsp,$zero action\n$ok1,${nbsp}watch$nbsp\n" "$l1 watch 0 -"
check "those of Latin-1" gives any "imei\xa0;action\n$ok1\xa0;watch\xa0\n" "$l1 watch 0 -"
check "in quotes" gives any "\"imei$nbsp\",\"action\"\n\"$ok1\",\"watch \"\n" "$l1 watch 0 -"
check "behind a quote" gives any "imei,action\n\"$ok1\"$nbsp,watch\n" "$l1 watch 0 -"
check "in a date" gives any "imei,expiry\n$ok1,${nbsp}2099-12-31$zero\n" \
	"$l1 drop 0 2099-12-31T00:00:00Z"
check "behind a word" gives any "tac${nbsp}35349006\n" "list tac 35349006 drop 0 -"
check "around the first number" gives any "$ltr$ok1$end\n" "$l1 drop 0 -"
check "around a +" gives any "msisdn\n$ltr+919812345678$end\n" "list msisdn 919812345678 drop 0 -"
check "in JSON" gives any "{\"msisdn\": \"$ltr+919812345678$end\"}" "list msisdn 919812345678 drop 0 -"
check "lines of them" gives any "$nbsp\nimei,reason\n$nbsp\n$ok1,x\n$nbsp, $zero\n" "$l1 drop 0 -"
check "a tab is a separator all the same" gives any "reason\timei\taction\n\t$ok1\t$nbsp\n" "$l1 drop 0 -"
check "a letter that ends like one stays" gives any "imei,\xc3\xa0\n$ok1,\xc3\xa0\n" "$l1 drop 0 -" \
	-- "" "reason=à"

# --- national numbers ------------------------------------------------------------------------

check "a national number" faults any "msisdn\n09812345674\n+0046702123456\n" \
	"2:1: found a national number, or 00, expected its country code" \
	"3:1: found a national number, or 00, expected its country code"
check "one to block" bad_operand "a national number" block msisdn 09812345674
check "one that is listed is restored" gives restore "msisdn\n09812345674\n" \
	"list msisdn 09812345674 drop 0 -"

# --- dates -----------------------------------------------------------------------------------

check "an end that never comes" gives any "imei,expiry\n$ok1,9999-12-31\n$ok2,9999-12-31T23:59:59Z\n" \
	"$l1 drop 0 -" "$l2 drop 0 -"
check "a date that 32 bits do not hold" faults any "imei,expiry\n$ok1,2107-01-01\n" \
	'2:17: found expiry "2107-01-01", expected a date from 1970 to 2105'
check "due never" faults any "# due: 9999-12-31\n$ok1\n" \
	'1:8: found due "9999-12-31", expected a date from 1970 to 2105'
check "no day" faults any "# issued: 2026-02-29\n$ok1\n" \
	'1:11: found issued "2026-02-29", expected a date of the calendar'
check "a block date too far away" faults any "imei,block_date\n$ok1,99991231\n$ok2,x\n" \
	'2:17: found block_date "99991231", expected a date from 1970 to 2105' \
	'3:17: found block_date "x", expected YYYYMMDD'

# --- digits that a spreadsheet took ----------------------------------------------------------

# IMEIs of TAC 01017006 without their 0.
z1=10170060000113 z2=10170060079307 z3=10170060158499
uniform="found only IMEIs of 14 digits that all would have a right check digit behind a 0, which a spreadsheet may have taken, expected 15 (format the column as text)"
check "every first 0 lost" faults any "x,imei\na,$z1\na,$z2\na,$z3\n" "2:3: $uniform"
check "one a line" faults any "$z1\n$z2\n$z3\n$z1\n" "1:1: $uniform"
check "in JSON" faults any "[{\"imei\": $z1}, {\"imei\": $z2}, {\"imei\": $z3}]" "1:11: $uniform"
check "two may be so by chance" gives any "$z1\n$z2\n" \
	"list imei $z1 drop 0 -" "list imei $z2 drop 0 -"
check "and three, where a fourth is not" gives any "$z1\n$z2\n$z3\n35349006987331\n" \
	"list imei $z1 drop 0 -" "list imei $z2 drop 0 -" "list imei $z3 drop 0 -" "$l2 drop 0 -"
check "what was saved is restored" gives restore "imei\n$z1\n$z2\n$z3\n" \
	"list imei $z1 drop 0 -" "list imei $z2 drop 0 -" "list imei $z3 drop 0 -"
check "with their check digits they are read" gives any "101700600001138\n101700600793072\n${z3}1\n" \
	"list imei $z1 drop 0 -" "list imei $z2 drop 0 -" "list imei $z3 drop 0 -"

# --- separators ------------------------------------------------------------------------------

check "bars" gives any "IMEI|Reason\n$ok1|0011\n$ok2|a, b\n||\n|\n" "$l1 drop 0 -" "$l2 drop 0 -"
check "a bar in the name of a column" gives any "imei,a|b\n$ok1,x|y\n" "$l1 drop 0 -"
check "bars without a header" faults any "$ok1|0011\n" \
	'1:1: found a row, expected a header line with a column "imei" first'
check "text behind a quote, with bars" faults any "imei|ref\n$ok1|\"a\"b\n" \
	"2:20: found text behind a closing quote, expected a bar"
check "a separator that is declared" gives any "sep=;\nimei;a,b\n$ok1;c,d\n" "$l1 drop 0 -"
check "behind a byte order mark, a comma in front" gives any \
	"\xef\xbb\xbfSEP=;\r\na,b;imei\r\nx;$ok1\r\n" "$l1 drop 0 -"
check "a tab" gives any "sep=\t\nref\timei\n\t$ok1\n" "$l1 drop 0 -"
check "before one number a line" gives any "sep=,\n$ok1\n" "$l1 drop 0 -"
check "another one" faults any "sep=:\nimei:ref\n" \
	'1:5: found separator ":", expected a comma, a semicolon, a tab or a bar'

# --- what is no list -------------------------------------------------------------------------

# made KIND: d, of this kind.
made() {
	python3 - "$1" "$ok1" <<-'EOF'
	import bz2, gzip, io, lzma, sys, tarfile, zipfile
	text = ("imei\n%s\n" % sys.argv[2]).encode()
	def zipped(*names):
	    to = io.BytesIO()
	    with zipfile.ZipFile(to, "w") as archive:
	        for name in names:
	            archive.writestr(name, text)
	    return to.getvalue()
	def tarred():
	    to = io.BytesIO()
	    with tarfile.open(fileobj=to, mode="w") as archive:
	        member = tarfile.TarInfo("list.csv")
	        member.size = len(text)
	        archive.addfile(member, io.BytesIO(text))
	    return to.getvalue()
	kinds = {
	    "xz": lambda: lzma.compress(text),
	    "bzip2": lambda: bz2.compress(text),
	    "7z": lambda: b"7z\xbc\xaf\x27\x1c\0\4" + bytes(64),
	    "xls": lambda: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512),
	    "xlsx": lambda: zipped("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"),
	    "ods": lambda: zipped("mimetype", "content.xml"),
	    "tar": tarred,
	    "tar.gz": lambda: gzip.compress(tarred()),
	    "gz.gz": lambda: gzip.compress(gzip.compress(text)),
	    "pdf": lambda: b"%PDF-1.7\n" + text,
	    "html": lambda: b"\n <!DOCTYPE HTML><html><body>Log in</body></html>",
	    "xml": lambda: b"<?xml version='1.0'?><Workbook/>",
	}
	open("d", "wb").write(kinds[sys.argv[1]]())
	EOF
}
# is_no_list KIND FOUND
is_no_list() {
	made "$1"
	refused "d:1:1: found $2" load d && is "$(grep -c '^d:' err)" 1
}
unpack="expected a list, or one in gzip, zstd or zip (unpack it)"
as_csv="expected CSV (save the table as CSV, UTF-8)"
check "xz" is_no_list xz "a file that is packed with xz, $unpack"
check "bzip2" is_no_list bzip2 "a file that is packed with bzip2, $unpack"
check "7-Zip" is_no_list 7z "a file that is packed with 7-Zip, $unpack"
check "a tar archive" is_no_list tar "a file that is a tar archive, $unpack"
check "one in gzip" is_no_list tar.gz "a file that is a tar archive, $unpack"
check "gzip in gzip" is_no_list gz.gz "a file that is packed twice, $unpack"
check "xls" is_no_list xls "a file that is a workbook (xls), $as_csv"
check "xlsx" is_no_list xlsx "a file that is a workbook (xlsx), $as_csv"
check "ods" is_no_list ods "a file that is a workbook (ods), $as_csv"
check "PDF" is_no_list pdf "a file that is a PDF, $as_csv"
check "XML" is_no_list xml "a file that is XML, $as_csv"
check "the page of a login" is_no_list html \
	"a file that is a web page (HTML), expected a list (download it again), or CSV"
xz_in_zip() {
	made xz && mv d list.csv && zipped d.zip list.csv
	refused "d.zip:1:1: found a file that is packed with xz, $unpack" load d.zip
}
check "xz in a zip" xz_in_zip

finish
