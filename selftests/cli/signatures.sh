#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Signatures of directives: made by minisign, and compared with it.
# shellcheck disable=SC2016,SC2086,SC2317 # functions are called through check, and numbers have no blanks
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"
# shellcheck source=selftests/lib/lib_signed.sh
. "$(dirname "$0")/../lib/lib_signed.sh"

xeir attach dev core0 >/dev/null
defer "xeir detach all --yes >/dev/null 2>&1"

key dot
key other
xeir key add DoT dot.pub >/dev/null

ok1=490154203237518 ok2=353490069873319

# sign NAME FILE [COMMENT [OPTION...]]
sign() {
	local name=$1 file=$2 comment=${3-}
	shift $(($# > 3 ? 3 : $#))
	minisign -S -s "$name.key" -m "$file" ${comment:+-t "$comment"} "$@" >/dev/null </dev/null
}

# refuses WHY [ARGUMENT...]: the load is refused for that reason, recorded, and nothing is listed.
refuses() {
	local why=$1 before
	shift
	before=$(xeir --json list)
	tool load "$@"
	is "$status" 2 && contains err ": refused: .*$why" && contains <(recorded reason) "^refused .*$why" &&
		is "$(recorded sha256)" "refused $(sha256sum "${!#}" | cut -d' ' -f1)" &&
		is "$(xeir --json list)" "$before"
}

accepts() {
	tool load "$@"
	is "$status" 0 && is "$(recorded none)" "load null"
}

# A list of one handset, another one each time: the last one once more is no replay.
lists=0
list_of() {
	lists=$((lists + 1))
	printf '# %d\nimei\n%s\n' $lists $ok1 >"$1"
}

# Seconds since 1970, later each time, and past: $now is when minisign would sign.
now=$(date +%s) ticks=0
tick() {
	ticks=$((ticks + 1))
	issued=$((now - 36000 + ticks))
}

# A new list, signed by the issuer Dot as issued later than the one before.
signed() {
	local file=$1
	shift
	tick
	list_of "$file"
	sign dot "$file" "directive:7 issued:$issued" "$@"
}

# --- good ones -------------------------------------------------------------------------------

good() {
	local tomorrow
	tomorrow=$(date -u -d "+1 day" +%Y-%m-%dT%H:%M:%SZ)
	tick
	list_of good.csv
	sign dot good.csv "directive:7 issued:$issued expires:$tomorrow issuer:DoT file:good.csv" &&
		minisign -V -q -p dot.pub -m good.csv && accepts good.csv &&
		is "$(recorded signature.issuer)" "load DoT" &&
		is "$(recorded signature.key_id)" "load $(id_of dot)" &&
		is "$(recorded signature.number)" "load 7" && xeir check $ok1 &&
		is "$(xeir check --json $ok1 | jq .directive)" 7
}
legacy() {
	signed legacy.csv -l && is "$(sed -n 2p legacy.csv.minisig | base64 -d | head -c 2)" Ed &&
		accepts legacy.csv
}
crlf() {
	signed crlf.csv && sed -i 's/$/\r/' crlf.csv.minisig &&
		minisign -V -q -p dot.pub -m crlf.csv && accepts crlf.csv
}
elsewhere() {
	signed elsewhere.csv -x here && accepts --signature here elsewhere.csv
}
from_stdin() {
	signed stdin.csv && mv stdin.csv.minisig there && xeir load --signature there - <stdin.csv
}
compressed() {
	tick
	list_of packed.csv
	gzip packed.csv && sign dot packed.csv.gz "directive:7 issued:$issued" && accepts packed.csv.gz
}
second_key() {
	key new
	tick
	list_of second.csv
	xeir key add DoT new.pub && sign new second.csv "directive:7 issued:$issued" && accepts second.csv &&
		is "$(recorded signature.key_id)" "load $(id_of new)" &&
		xeir key del DoT "$(id_of new)"
}
default_comment() {
	list_of "with a blank.csv"
	xeir key add Other other.pub && sign other "with a blank.csv" &&
		contains "with a blank.csv.minisig" hashed && accepts --directive 50 "with a blank.csv" &&
		is "$(recorded signature.issuer)" "load Other"
}
by_tabs() {
	signed tabs.csv && sign dot tabs.csv "$(printf 'directive:7\tissued:%d\tissuer:DoT\tfile:a b: c\twords, and more' $issued)" &&
		accepts tabs.csv
}
own_facts() {
	tick
	list_of own.csv
	sed -i "1i # issuer: DoT\n# directive: 77\n# issued: $issued" own.csv
	sign dot own.csv "no time, and no number" && accepts own.csv &&
		is "$(recorded signature.number)" "load 77" &&
		is "$(recorded signature.time)" "load $issued" &&
		is "$(xeir check --json $ok1 | jq .directive)" 77
}
name_with_blanks() {
	key blank
	list_of blank.csv
	xeir key add "Department of Telecom" blank.pub &&
		sign blank blank.csv "$(printf 'directive:1\tissuer:Department of Telecom')" &&
		accepts blank.csv && is "$(recorded issuer)" "load Department of Telecom"
}
by_sync() {
	signed sync.csv && xeir sync sync.csv && is "$(recorded signature.issuer)" "sync DoT"
}
by_dry_run() {
	local before
	before=$(records)
	signed dry.csv && xeir load --dry-run dry.csv && is "$(records)" "$before"
}

check "a good signature, as minisign has it too" good
check "one in the older format" legacy
check "a signature with CRLF" crlf
check "a signature that lies elsewhere" elsewhere
check "a directive from stdin" from_stdin
check "a compressed file, as it lies" compressed
check "a second key of the issuer" second_key
check "minisign's own comment, and a name with blanks" default_comment
check "a comment with tabs" by_tabs
check "metadata in the file" own_facts
check "an issuer with blanks in his name" name_with_blanks
check "sync" by_sync
check "a dry run leaves no record" by_dry_run

# --- bad ones --------------------------------------------------------------------------------

# flip FILE OFFSET: the lowest bit of that octet.
flip() {
	python3 - "$1" "$2" <<-'END'
	import sys
	with open(sys.argv[1], "r+b") as file:
	    octets = bytearray(file.read())
	    octets[int(sys.argv[2])] ^= 1
	    file.seek(0)
	    file.write(octets)
	END
}
# flip_line FILE LINE COLUMN: that of base64, to another digit of it.
flip_line() {
	local text
	text=$(sed -n "$2p" "$1")
	if [[ ${text:$3:1} == A ]]; then text=${text:0:$3}B${text:$3+1}; else text=${text:0:$3}A${text:$3+1}; fi
	sed -i "$2s,.*,$text," "$1"
}

bad_list() {
	signed bad1.csv && flip bad1.csv 2 && refuses "it is not what was signed with the key .* of DoT" bad1.csv
}
bad_legacy() {
	signed bad2.csv -l && flip bad2.csv 2 && refuses "it is not what was signed" bad2.csv
}
bad_signature() {
	signed bad3.csv && flip_line bad3.csv.minisig 2 40 && refuses "it is not what was signed" bad3.csv
}
bad_comment() {
	signed bad4.csv && sed -i "3s/issued:$issued/issued:$((issued + 1))/" bad4.csv.minisig &&
		refuses "the trusted comment in bad4.csv.minisig is not what was signed" bad4.csv
}
bad_global() {
	signed bad5.csv && flip_line bad5.csv.minisig 4 40 &&
		refuses "the trusted comment in bad5.csv.minisig is not what was signed" bad5.csv
}
# The comment of another signature of the same issuer.
other_comment() {
	signed bad6.csv && signed bad7.csv &&
		{ head -n 2 bad6.csv.minisig; tail -n 2 bad7.csv.minisig; } >mixed &&
		refuses "the trusted comment in mixed is not" --signature mixed bad6.csv
}
other_file() {
	signed bad8.csv && signed bad9.csv && refuses "not what was signed" --signature bad8.csv.minisig bad9.csv
}
unknown_key() {
	key nobody
	tick
	list_of unknown.csv
	sign nobody unknown.csv "directive:7 issued:$issued issuer:DoT" &&
		refuses "it is signed with the key $(id_of nobody), which belongs to no issuer" unknown.csv
}
# A key that has the id of DoT's.
same_id() {
	python3 - nobody.key dot.key forged.key <<-'END'
	import base64, hashlib, sys
	mine, his = (base64.b64decode(open(name).read().split("\n")[1]) for name in sys.argv[1:3])
	octets = bytearray(mine)
	octets[54:62] = his[54:62]
	octets[126:158] = hashlib.blake2b(octets[:2] + octets[54:126], digest_size=32).digest()
	with open(sys.argv[3], "w") as file:
	    file.write("untrusted comment: x\n" + base64.b64encode(octets).decode() + "\n")
	END
	tick
	list_of forged.csv
	sign forged forged.csv "directive:7 issued:$issued" && refuses "it is not what was signed with the key $(id_of dot) of DoT" forged.csv
}
other_name() {
	tick
	list_of name.csv
	sign dot name.csv "directive:7 issued:$issued issuer:Other" &&
		refuses "the key of DoT has signed that Other issued it" name.csv
}
# Metadata in the file is signed with it.
own_name() {
	signed own.csv && sed -i '1i # issuer: Other' own.csv && sign dot own.csv "directive:7 issued:$issued" &&
		refuses "it is signed with the key $(id_of dot), which Other does not have" own.csv
}
option_name() {
	signed option.csv &&
		refuses "it is signed with the key $(id_of dot), which Other does not have" \
			--issuer Other option.csv
}
own_number() {
	signed own.csv && sed -i '1i # directive: 8' own.csv && sign dot own.csv "issued:$issued directive:7" &&
		refuses "it is directive 8, and 7 is signed" own.csv
}
deleted_key() {
	tick
	list_of deleted.csv
	sign new deleted.csv "directive:7 issued:$issued" && refuses "which belongs to no issuer" deleted.csv
}
other_number() {
	tick
	list_of number.csv
	sign dot number.csv "directive:7 issued:$issued" &&
		refuses "it is directive 8, and 7 is signed" --directive 8 number.csv
}
unreadable() {
	signed unreadable.csv && rm unreadable.csv.minisig && ln -s nowhere unreadable.csv.minisig &&
		refuses "unreadable.csv.minisig: No such file" unreadable.csv &&
		rm unreadable.csv.minisig && mkdir unreadable.csv.minisig &&
		refuses "unreadable.csv.minisig: Is a directory" unreadable.csv
}
legacy_stdin() {
	signed stdin2.csv -l && tool load --signature stdin2.csv.minisig - <stdin2.csv
	is "$status" 2 && contains err "cannot be read again"
}
bad_dry_run() {
	local before
	before=$(records)
	signed bad10.csv && flip bad10.csv 2 && tool load --dry-run bad10.csv
	is "$status" 2 && contains err "it is not what was signed" && is "$(records)" "$before"
}

check "a bit of the list" bad_list
check "a bit of the list, in the older format" bad_legacy
check "a bit of the signature" bad_signature
check "the trusted comment" bad_comment
check "a bit of the signature over the comment" bad_global
check "the comment of another signature" other_comment
check "the signature of another file" other_file
check "a key that nobody has" unknown_key
check "another key with the same id" same_id
check "another issuer than the key's" other_name
check "another issuer than the file's own" own_name
check "another issuer than --issuer" option_name
check "another number than the file's own" own_number
check "a key that was deleted" deleted_key
check "another number than what is signed" other_number
check "a signature that cannot be read" unreadable
check "the older format from stdin" legacy_stdin
check "a dry run refuses, and leaves no record" bad_dry_run

# damaged EDIT FAULT: the signature after a command of sed.
damaged() {
	signed damaged.csv && sed -i "$1" damaged.csv.minisig &&
		refuses "damaged.csv.minisig is no signature that can be checked" damaged.csv &&
		contains err "^damaged.csv.minisig:$2"
}
# commented COMMENT FAULT: a signature with that trusted comment.
commented() {
	tick
	list_of commented.csv
	sign dot commented.csv "$1" &&
		refuses "is no signature that can be checked" commented.csv &&
		contains err "^commented.csv.minisig:$2"
}

damaged_json() {
	signed damaged.csv && sed -i 4d damaged.csv.minisig && tool load --json damaged.csv
	is "$status" 2 && is "$(jq -c '[.error, (.faults[] | .file, .line, .column)]' out)" \
		'["damaged.csv: refused: damaged.csv.minisig is no signature that can be checked","damaged.csv.minisig",4,1]'
}
check "a damaged signature, in JSON" damaged_json
check "an empty signature" damaged d '1:1: found the end of the file, expected "untrusted comment: "'
check "one without its first line" damaged 1d '1:1: found "RUQ\?.*", expected "untrusted comment: "'
check "one that ends after a line" damaged 2,4d '2:1: found the end of the file, expected 100 characters of base64'
check "one that ends after two" damaged 3,4d '3:1: found the end of the file, expected "trusted comment: "'
check "one that ends after three" damaged 4d '4:1: found the end of the file, expected 88 characters of base64'
check "one that is cut short" damaged '4s/.$//' '4:1: found 87 characters, expected 88'
check "one with another character" damaged '2s/^\(.\{9\}\)./\1!/' '2:10: found "!", expected 100 characters of base64'
check "one of another algorithm" damaged '2s/^../AA/' '2:1: found algorithm "'
check "one with a fifth line" damaged '$aand more' '5:1: found "and more", expected the end of the file'
check "a key that is not known" commented "issued:2026-11-20 expire:2026-12-20" '3:36: found "expire:2026-12-20", expected directive:, '
check "a key twice" commented "issued:2026-11-20 issued:2026-11-21" '3:36: found "issued:2026-11-21", expected each key once'
check "a day that is none" commented "issued:2026-02-30" '3:25: found "2026-02-30", expected a date'
check "a directive that is none" commented "directive:seven" '3:28: found "seven", expected a number from 1'
check "directive 0" commented "directive:0" '3:28: found "0", expected a number from 1'

# Wherever a signature is changed, xeir and minisign agree whether it is still good.
agree() {
	local at size theirs ours
	signed agree.csv
	size=$(stat -c %s agree.csv.minisig)
	cp agree.csv.minisig whole
	for ((at = 0; at < size; at += 5)); do
		cp whole agree.csv.minisig
		flip agree.csv.minisig $at
		theirs=0 ours=0
		minisign -V -q -p dot.pub -m agree.csv || theirs=$?
		xeir load --dry-run agree.csv || ours=$?
		is $((ours == 0)) $((theirs == 0)) || { echo "octet $at"; return 1; }
	done
}
check "minisign agrees, wherever an octet is changed" agree

# --- old ones --------------------------------------------------------------------------------

# as_of COMMENT [NAME]: the next list of the issuer of this section.
key old
xeir key add Old old.pub >/dev/null
as_of() {
	list_of "${2-old.csv}"
	sign old "${2-old.csv}" "$1"
}
newer() {
	as_of "$1" && accepts old.csv
}
not_newer() {
	as_of "$1" && refuses "is not newer than what Old signed last, $2" old.csv
}
again() {
	as_of "directive:9 issued:2020-11-05" first.csv && accepts first.csv && accepts first.csv &&
		sign old first.csv "directive:9 issued:2020-11-04" && accepts first.csv
}
replayed() {
	cp first.csv replayed.csv && sign old replayed.csv "directive:9 issued:2020-11-05" &&
		newer "directive:9 issued:2020-11-06" && refuses "is not newer" replayed.csv
}
dry_is_not_applied() {
	as_of "directive:5 issued:2020-11-09" && xeir load --dry-run old.csv &&
		newer "directive:5 issued:2020-11-08"
}

refused_is_not_applied() {
	printf 'imei\n' >none.csv
	sign old none.csv "directive:6 issued:2020-11-09" && tool load none.csv
	is "$status" 2 && contains err "guard empty" && newer "directive:6 issued:2020-11-08T12:00:00Z"
}
undone_is_not_applied() {
	newer "directive:8 issued:2020-11-09" && xeir directive rollback 8 &&
		newer "directive:6 issued:2020-11-08T13:00:00Z"
}
watched() {
	xeir --json status | jq -r '.warnings[]' | grep -q "directive 8 is watched"
}
tripped_is_not_applied() {
	as_of "directive:8 issued:2020-11-09"
	start err "$core" "$root/userspace/xeir" load old.csv --breaker 1/60
	poll 20 watched && gtp2_try $pgw4 $ok1 --n3 2 --t3 50 && gtp2_try $pgw4 $ok1 --n3 2 --t3 50 &&
		poll 20 gone "$started" && contains err "BREAKER TRIPPED" &&
		newer "directive:6 issued:2020-11-08T14:00:00Z"
}

check "an order by number alone" newer "directive:3"
check "and a smaller one after it" not_newer "directive:2" "directive 3 as of"
check "and the same" not_newer "directive:3" "directive 3 as of"
check "a time" newer "directive:3 issued:2020-11-01"
check "no time after it" not_newer "directive:4" "directive 3 as of 2020-11-01T00:00:00Z"
check "the same time and a larger number" newer "directive:4 issued:2020-11-01"
check "the same time and the same number" not_newer "directive:4 issued:2020-11-01" "directive 4"
check "a later time and a smaller number" newer "directive:2 issued:2020-11-02"
check "an earlier time and a larger number" not_newer "directive:9 issued:2020-11-01" "directive 2"
check "minisign's time where none is given" newer "directive:2 timestamp:1604361600"
check "the time that is given goes first" not_newer "directive:1 issued:2020-11-02 timestamp:1605999999" "directive 2"
check "the last one once more, also signed anew" again
check "which makes nothing in between new" not_newer "directive:9 issued:2020-11-04T12:00:00Z" "directive 9 as of 2020-11-05"
check "and once more after a newer one" replayed
check "what a dry run has seen is not applied" dry_is_not_applied
check "nor is what a guard refuses" refused_is_not_applied
check "nor what was rolled back" undone_is_not_applied
check "nor what the breaker undid" tripped_is_not_applied
check "neither a time nor a number" eval 'as_of "for you" && refuses "a replay could not be detected" old.csv'
check "a time that is to come" eval 'as_of "issued:2090-01-01" && refuses "as of 2090-01-01T00:00:00Z, which is to come" old.csv'
check "an end that has passed" eval 'as_of "issued:2020-11-10 expires:2020-11-11" && refuses "has expired at 2020-11-11T00:00:00Z" old.csv'
check "an end that is to come" newer "directive:5 issued:2020-11-10 expires:2090-01-01"

# --- the file is another one by then ---------------------------------------------------------

# swapped FIRST SECOND [OPTION...]: who opens the file first reads one list, who opens it next the
# other. The first comes through a FIFO, whose place the second takes before an octet is read.
swapped() {
	local first=$1 second=$2
	shift 2
	tick
	list_of good
	sed "s/$ok1/$ok2/" good >evil	# of the same size
	sign dot good "directive:7 issued:$issued" -x swapped.minisig "$@"
	rm -f swapped
	mkfifo swapped
	start /dev/null "$core" bash -c "exec 3>'$tmp/swapped' && mv '$tmp/$second' '$tmp/swapped' &&
		cat '$tmp/$first' >&3"
	tool load swapped
	stop "$started"
}
swapped_later() {
	swapped good evil
	is "$status" 0 && xeir check $ok1 && ! xeir check $ok2
}
swapped_before() {
	swapped evil good
	is "$status" 2 && ! xeir check $ok2
}
swapped_legacy() {
	swapped good evil -l
	is "$status" 2 && contains err "has changed since it was read" && ! xeir check $ok2 &&
		swapped evil good -l && is "$status" 2 && ! xeir check $ok2
}

check "what was checked is what is applied" swapped_later
check "what is parsed is what is checked" swapped_before
check "also in the older format" swapped_legacy

# --- unsigned --------------------------------------------------------------------------------

unsigned() {
	list_of unsigned.csv
	accepts unsigned.csv
}
required() {
	list_of unsigned.csv
	xeir set require-signature on && is "$(recorded require-signature)" "set on" &&
		is "$(xeir set --json | jq -r .require_signature)" on &&
		refuses "it is not signed, and require-signature is on" unsigned.csv
}
required_sync() {
	tool sync unsigned.csv
	is "$status" 2 && contains err "it is not signed"
}
required_stdin() {
	tool load - <unsigned.csv
	is "$status" 2 && contains err "it is not signed"
}
required_signed() {
	signed required.csv && accepts required.csv
}
not_required() {
	xeir set require-signature off && unsigned
}

check "an unsigned list passes by default" unsigned
check "and not where signatures are required" required
check "nor by sync" required_sync
check "nor from stdin" required_stdin
check "a signed one does" required_signed
check "off again" not_required
finish
