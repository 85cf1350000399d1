#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Keys of issuers: added, listed, deleted, and files that are none.
# shellcheck disable=SC2016,SC2086,SC2317 # functions are called through check; a status is one word
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=selftests/lib/lib_signed.sh
. "$(dirname "$0")/../lib/lib_signed.sh"

key dot
key other

adds() {
	tool key add DoT dot.pub
	is "$status" 0 && is "$(<out)" "DoT: key $(id_of dot) added" &&
		is "$(recorded key_id)" "key $(id_of dot)" &&
		is "$(recorded key)" "key $(sed -n 2p dot.pub)"
}
adds_again() {
	local before
	before=$(records)
	tool key add DoT dot.pub
	is "$status" 0 && contains out "was known" && is "$(records)" "$before"
}
adds_crlf() {
	sed 's/$/\r/' other.pub >crlf.pub
	tool key add --json Other crlf.pub
	is "$status" 0 && is "$(jq -c '[.issuer, .key_id, .changed, .dry_run]' out)" \
		"[\"Other\",\"$(id_of other)\",true,false]"
}
keys_listed() {
	tool key list --json
	is "$status" 0 && is "$(jq -r '.[] | "\(.issuer) \(.key_id) \(.key)"' out)" \
		"$(printf '%s %s %s\n' DoT "$(id_of dot)" "$(sed -n 2p dot.pub)" \
			Other "$(id_of other)" "$(sed -n 2p other.pub)")" &&
		tool key list && is "$(awk '{ print $1, $2 }' out)" \
		"$(printf '%s\n' "ISSUER KEY" "DoT $(id_of dot)" "Other $(id_of other)")"
}
deletes() {
	tool key del Other "$(sed -n '1s/.* //p' other.pub | tr A-F a-f)"
	is "$status" 0 && is "$(recorded op)" "key del" &&
		is "$(xeir key list --json | jq length)" 1
}
deletes_none() {
	tool key del Other "$(id_of other)"
	is "$status" 1 && contains err "Other has no key $(id_of other)"
}
key_dry_run() {
	local before
	before=$(records)
	tool key add --dry-run Other other.pub
	is "$status" 0 && is "$(records)" "$before" && is "$(xeir key list --json | jq length)" 1
}
key_refused() {
	local why=$1 before
	shift
	before=$(records)
	tool key "$@"
	is "$status" 2 && contains err "$why" && is "$(records)" "$before"
}
# key_damaged TEXT FAULT
key_damaged() {
	printf '%b' "$1" >bad.pub
	key_refused "^bad.pub:$2" add Bad bad.pub
}
line1="untrusted comment: x" line2=$(sed -n 2p dot.pub)

check "no key is listed where there is no journal" is "$(XEIR_JOURNAL=$tmp/none xeir key list --json)" "[]"
check "a key is added, with its record" adds
check "and added again, which changes nothing" adds_again
check "a key file with CRLF" adds_crlf
check "keys are listed" keys_listed
check "a key is deleted" deletes
check "and is then not there" deletes_none
check "a dry run adds none" key_dry_run
check "a key of two issuers" key_refused "belongs to DoT" add Other dot.pub
same_id_added() {
	python3 - dot.pub other.pub >bad.pub <<-'END'
	import base64, sys
	his, other = (base64.b64decode(open(name).read().split("\n")[1]) for name in sys.argv[1:])
	print("untrusted comment: x\n" + base64.b64encode(his[:10] + other[10:]).decode())
	END
	key_refused "DoT has another key with id $(id_of dot)" add DoT bad.pub
}
check "another key of the same id" same_id_added
check "an issuer with a line in his name" key_refused 'found issuer "D' add $'D\noT' dot.pub
check "a key id that is none" key_refused 'found key id "12x"' del DoT 12x
check "a key file that is not there" eval 'tool key add Bad none.pub; is $status 4 && contains err "none.pub: No such file"'
check "an empty key file" key_damaged "" \
	'1:1: found the end of the file, expected "untrusted comment: "'
check "a key without its comment" key_damaged "$line2\n" '1:1: found "RW.*", expected "untrusted comment: "'
check "a key file of one line" key_damaged "$line1\n" \
	"2:1: found the end of the file, expected 56 characters of base64"
check "a key cut short" key_damaged "$line1\n${line2:0:55}" \
	"2:1: found 55 characters, expected 56 characters of base64"
check "a key with another character" key_damaged "$line1\n${line2:0:30}*${line2:31}\n" \
	'2:31: found "\*", expected 56 characters of base64'
check "a key of another algorithm" key_damaged "$line1\nAA${line2:2}\n" '2:1: found algorithm "'
check "a key with a NUL" key_damaged "$line1\n${line2:0:9}\x00${line2:10}\n" \
	"2:10: found a NUL octet, expected text"
check "a key that is no point" key_damaged \
	"$line1\n$(python3 -c 'import base64; print(base64.b64encode(b"Ed" + b"i" * 8 + b"\x02" + b"\0" * 31).decode())')\n" \
	"2:1: found octets that are no point of the curve"
check "a key with a third line" key_damaged "$line1\n$line2\nx\n" '3:1: found "x", expected the end of the file'
check "a secret key" key_refused "dot.key:2:1: found a secret key" add DoT dot.key
check "a key file without an end" key_refused "/dev/zero:1:1: found over 16383 octets" add Bad /dev/zero
finish
