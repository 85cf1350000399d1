#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# docs/interfaces.md has every name that users and programs meet, and no other. The real tool is run
# for each, and its output is compared with the document in both directions. XEIR_INTERFACES names
# another document.
# shellcheck disable=SC2016,SC2086,SC2317 # functions are called through check, programs are jq's,
# and numbers have no blanks
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

document=${XEIR_INTERFACES:-$root/docs/interfaces.md}
handset=49015420323751 # with check digit 8
other=35349006987331
third=35349006987332

# --- the document ----------------------------------------------------------------------------

# rows SECTION: the rows of its table, cells with tabs between them.
rows() {
	awk -v section="## $1" '/^## / { on = $0 == section } on && /^\| `/' "$document" |
		sed -E 's/^\| //; s/ *\|$//; s/\\\|/\x01/g; s/ *\| /\t/g; s/`//g; s/\x01/|/g'
}

# column SECTION N [M]: these cells of each row.
column() {
	rows "$1" | cut -f "$2${3:+,$3}"
}

# same REAL SECTION N [M]: the file has what the column says, and nothing else.
same() {
	column "${@:2}" | sort -u >"$tmp/documented"
	sort -u "$1" >"$tmp/real"
	comm -23 "$tmp/documented" "$tmp/real" | sed 's/^/documented, not found: /'
	comm -13 "$tmp/documented" "$tmp/real" | sed 's/^/found, not documented: /'
	[[ -s $tmp/documented ]] && cmp -s "$tmp/documented" "$tmp/real"
}

# --- what the tool prints --------------------------------------------------------------------

# members VERB: of the JSON on stdin, as VERB, path and type. What has rules, actions or ends of
# bearers as names stands once, and the detail of a record is in a table of its own.
members() {
	jq -r --arg verb "$1" '
		paths(type != "object" and type != "array") as $path |
		[$verb,
		 ($path | map(if type == "number" then "[]" else "." + . end) | join("") |
			sub("^[.]rules[.][a-z_]+"; ".rules.RULE") |
			sub("^[.]actions[.][a-z]+"; ".actions.ACTION") |
			sub("[.](access|core|direct|anchor)(?<rest>([.]|$))"; ".END\(.rest)") |
			sub("[.]detail[.\\[].*"; ".detail")),
		 if $path | index("detail") then "object" else getpath($path) | type end] | @tsv' \
		>>"$tmp/members"
}

# json VERB ARGUMENT...: run it, and remember the members of its answer.
json() {
	local verb=$1
	shift
	xeir --json "$@" >"$tmp/answer" 2>"$tmp/error" || true
	echo "xeir --json $*: $(tail -n 1 "$tmp/error")" >>"$tmp/calls"
	members "$verb" <"$tmp/answer"
}

# The same of a command that is to fail, whose answer says why.
json_error() {
	json "(error)" "$@"
}

tries() {
	gtp2_try "$pgw4" "$1" --t3 50 --n3 1 "${@:2}"
}

accepted() {
	gtp2_try "$pgw4" "$@" --t3 2000
	[[ $outcome == accepted* ]]
}

# --- all verbs, one after the other ----------------------------------------------------------

attaching() {
	json attach attach dev core0 both entries 1000 sessions 1000 sightings 1000
	json "attach --replace" attach --replace
	json status status
	json enforce enforce
	json set set
}

directives() {
	printf 'imei,action\n%s,drop\n%s,watch\nx,drop\n' $handset $other >"$tmp/7.csv"
	json_error load "$tmp/7.csv"
	accepted $handset --imsi 404010123456701 --msisdn 919812345601 --apn internet
	accepted $third --imsi 404010123456703 --msisdn 919812345603 --apn internet
	json load load --dry-run --skip-invalid "$tmp/7.csv"
	json load load --skip-invalid directive 7 --issuer DoT --reference FIR/1 \
		--issued 2026-01-01 --due 2026-01-02 "$tmp/7.csv"
	tries $handset
	tries $handset
	json check check $handset imsi 404010123456701 msisdn 919812345601 tac ${third:0:8}
	json block block $other directive 8 action drop expiry 2099-01-01
	xeir block $handset directive 8 >/dev/null
	json sessions sessions
	json sightings sightings
	json snapshot snapshot
	json stats stats
	json status status
	json report report directive 7
	for figure in issuer received applied entries_listed handsets_with_attempts attempts \
		sessions_not_cut sessions_cut last_attempt numbers_linked; do
		json "report --explain" report directive 7 --explain $figure
	done
	json "directive rollback" directive rollback directive 8
	json "directive list" directive list
	json "directive show" directive show 7
	printf 'imei,directive\n%s,9\n' $third >"$tmp/9.csv"
	json sync sync "$tmp/9.csv" --issuer TRAI
	json except except add $handset imsi 404010123456799 directive 9
	json unblock unblock $third $other tac 35349999
	xeir block tac 35349999 imsi 404010123456709 msisdn 919812345609 --yes >/dev/null
	json list list
	printf '# base: 7\n%s\n' 35349006987399 >"$tmp/delta"
	xeir load "$tmp/delta" directive 13 --issuer DoT >/dev/null
}

numbers() {
	printf '%s\n' 919812345601 919812345604 919812345605 >"$tmp/order"
	printf 'msisdn,result,reason,date\n919812345601,failed,no answer,2026-11-01\n919812345604,verified,,\n' \
		>"$tmp/results"
	json "numbers link" numbers link directive 7
	json "numbers show" numbers show 919812345601
	json "numbers add" numbers add "$tmp/order" directive 7 --due 2026-01-03
	json "numbers import" numbers import "$tmp/results" --force test
	json "numbers expire" numbers expire --force test
	json "numbers" numbers
	json "numbers list" numbers list
	json "numbers export" numbers export
	json "numbers show" numbers show 919812345601
	json report report directive 7
	for figure in issuer received applied entries_listed handsets_with_attempts attempts \
		sessions_not_cut sessions_cut last_attempt numbers_linked; do
		json "report --explain" report directive 7 --explain $figure
	done
	printf 'msisdn\nx\n' >"$tmp/faulty"
	json "numbers add" numbers add "$tmp/faulty" directive 7 --skip-invalid
	json "numbers import" numbers import <(printf 'msisdn,result\nx,failed\n') --skip-invalid
}

keys() {
	(cd "$tmp" && minisign -G -W -p dot.pub -s dot.key >/dev/null </dev/null &&
		echo $third >signed &&
		minisign -S -s dot.key -m signed -t "directive:12 expires:2099-01-01" >/dev/null </dev/null)
	json "key add" key add DoT "$tmp/dot.pub"
	json "key list" key list
	xeir load "$tmp/signed" >/dev/null 2>&1
	json "key del" key del DoT "$(printf %016X "0x$(sed -n '1s/.* //p' "$tmp/dot.pub")")"
}

guards() {
	json "protect add" protect add $third $other
	json "protect list" protect list
	printf '%s\n' $third >"$tmp/protected"
	json_error load "$tmp/protected" directive 10
	json load load "$tmp/protected" directive 10 --dry-run
	json "protect del" protect del $other
	xeir load "$tmp/protected" directive 10 --force "a test" >/dev/null
}

saving() {
	json save save "$tmp/saved.csv"
	json restore restore "$tmp/saved.csv"
	json "restore" restore
	json flush flush --dry-run
}

# What differs from the journal: another one, of before some changes.
differing() {
	cp "$XEIR_JOURNAL" "$tmp/before.db"
	xeir block 35349006987341 action drop >/dev/null
	xeir unblock $handset >/dev/null
	xeir block $third action reject --force "a test" >/dev/null
	xeir set no-imei watch >/dev/null
	json verify --journal "$tmp/before.db" verify
	cp "$XEIR_JOURNAL" "$tmp/broken.db"
	sqlite3 "$tmp/broken.db" "UPDATE record SET who = 'x' WHERE id = 2"
	json "journal verify" --journal "$tmp/broken.db" journal verify
	json journal journal
}

# The breaker of 0 attempts trips with the first; its exit status is in $tmp/tripped.
breaking() {
	printf '%s\n' 35349006987351 >"$tmp/11"
	start "$tmp/monitor" "$core" "$root/userspace/xeir" --json monitor --backlog count 1
	start "$tmp/tripped" "$core" bash -c '"$@"; echo "exit $?"' - \
		"$root/userspace/xeir" load --breaker 0/30 directive 11 "$tmp/11"
	poll 10 contains "$tmp/tripped" generation
	tries 35349006987351
	poll 10 contains "$tmp/tripped" "^exit"
	poll 10 contains "$tmp/monitor" '"event":"breaker"'
	members monitor <"$tmp/monitor"
	xeir load --breaker 5/1 directive 11 "$tmp/11" >/dev/null
}

# A packet of what the client sends: IPv4, UDP and a Create Session Request.
replaying() {
	python3 - "$tmp/capture.pcap" <<-'END'
	import struct, sys
	message = bytes.fromhex("""482000ba00000000000055000100080004040121436587f94c0006001989214365874b
	00080053430960893713f056000d001804f410123404f410012345675300030004f410520001000657000900860a0b
	0c0d0a0100024700090008696e7465726e6574800001000063000100014f00050001000000007f0001000048000800
	000186a0000186a05d002c0049000100055700090284112233440a010002500016007c09000000000000000000000
	00000000000000000000300010007""".replace("\n", "").replace("\t", ""))
	udp = struct.pack(">HHHH", 2123, 2123, 8 + len(message), 0) + message
	ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, bytes(4), bytes(4))
	packet = ip + udp
	with open(sys.argv[1], "wb") as capture:
	    capture.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))
	    capture.write(struct.pack("<IIII", 0, 0, len(packet), len(packet)) + packet)
	END
	json replay replay "$tmp/capture.pcap"
}

# A list that no journal has is adopted by the first change.
detaching() {
	xeir --journal "$tmp/adopted.db" block 35349006987371 >/dev/null
	xeir flush >/dev/null
	json detach detach dev core0
	json verify verify
	json detach detach all --yes
}

# --- the document against it -----------------------------------------------------------------

# Members that are wanted here: not those of the module where it is not loaded, nor what is rare.
wanted() {
	if [[ -d /sys/module/xeir ]]; then
		awk -F '\t' '$5 !~ /^rare/'
	else
		awk -F '\t' '$5 !~ /^(rare|module)/'
	fi
}

# The table has several verbs in a cell, and words in braces for groups of them.
documented_members() {
	local verbs member types meaning note verb
	while IFS=$'\t' read -r verbs member types meaning note; do
		while read -r verb; do
			verbs=${verbs//"$verb"/"$(rows Groups | awk -F '\t' -v g="$verb" '$1 == g { print $2 }')"}
		done < <(grep -o '{[a-z ]*}' <<<"$verbs")
		tr ',' '\n' <<<"$verbs" | sed 's/^ *//' | while read -r verb; do
			printf '%s\t%s\t%s\t%s\t%s\n' "$verb" "$member" "$types" "$meaning" "$note"
		done
	done < <(rows "JSON members")
}

members_agree() {
	documented_members >"$tmp/table"
	wanted <"$tmp/table" | cut -f 1,2 | sort -u >"$tmp/documented"
	cut -f 1,2 "$tmp/table" | sort -u >"$tmp/known"
	cut -f 1,2 "$tmp/members" | sort -u >"$tmp/real"
	comm -23 "$tmp/documented" "$tmp/real" | sed 's/^/documented, not found: /'
	comm -13 "$tmp/known" "$tmp/real" | sed 's/^/found, not documented: /'
	[[ -s $tmp/documented ]] && ! comm -23 "$tmp/documented" "$tmp/real" | grep -q . &&
		! comm -13 "$tmp/known" "$tmp/real" | grep -q .
}

types_agree() {
	[[ -s $tmp/table ]] || return 1
	awk -F '\t' 'NR == FNR { types[$1 "\t" $2] = types[$1 "\t" $2] " or " $3; next }
		index(types[$1 "\t" $2] " or ", " or " $3 " or ") == 0 {
			print "found, not documented: " $0; wrong = 1
		}
		END { exit wrong }' "$tmp/table" <(sort -u "$tmp/members")
}

verbs_agree() {
	local verb usage
	xeir --help | sed -En 's/^  ([a-z]+) +[^ ].*/\1/p' | grep -vx help | while read -r verb; do
		usage=$(xeir help "$verb" | sed '/^$/Q' | tr -s '\n ' ' ' | sed "s/^usage: xeir $verb *//; s/ $//")
		printf '%s\t%s\n' "$verb" "${usage:--}"
	done >"$tmp/verbs"
	same "$tmp/verbs" Verbs 1 2
}

options_agree() {
	{
		xeir --help | grep -o '^  --[a-z-]*\|, --[a-z-]*' | sed 's/^[ ,]*//'
		sed -n 's/^\t{ "\([a-z-]*\)", \..*/--\1/p' "$root/userspace/options.c"
	} | sort | uniq -c | awk '{ print $2 }' >"$tmp/options"
	same "$tmp/options" Options 1
}

declare -A values=([--breaker]=1/1 [--directive]=1 [--due]=2026-01-01 [--explain]=x [--force]=x [--format]=csv
	[--grace]=1 [--head]=x [--html]=x [--issued]=2026-01-01 [--issuer]=x [--journal]=none.db
	[--list]=x [--map]=imei=x [--operator]=x [--pins]=/none [--received]=2026-01-01 [--reference]=x
	[--signature]=x [--transport]=bpf)

# Each option with each verb: it is taken, or does not apply to it. Nothing is attached there, and x
# is no operand that any verb takes.
takers_agree() {
	local option verbs
	while IFS=$'\t' read -r option verbs; do
		printf '%s\t%s\n' "$option" "$(takers "$option" < <(sort "$tmp/verbs"))"
	done < <(column Options 1 3 | grep -v '^--help\|^--version') >"$tmp/takers"
	column Options 1 3 | grep -v '^--help\|^--version' >"$tmp/documented"
	[[ -s $tmp/takers ]] && diff <(sort "$tmp/documented") <(sort "$tmp/takers")
}

takers() {
	local option=$1 verb all=all taken=()
	while read -r verb _; do
		if (cd "$tmp" && XEIR_PINS=$tmp/none XEIR_JOURNAL=$tmp/none/journal.db \
			"$root/userspace/xeir" "$verb" "$option" ${values[$option]-} x 2>&1 >/dev/null) |
			grep -q "does not apply to"; then
			all=
		else
			taken+=("$verb")
		fi
	done
	echo "${all:-${taken[*]}}"
}

# Every verb that has the option directive takes the word too, and not both.
words_agree() {
	local verb verbs
	verbs=$(column Options 1 3 | awk '$1 == "--directive"' | cut -f 2)
	[[ $verbs ]] || return 1
	for verb in $verbs; do
		says_of "$verb" 'directive: found "x"' directive x || return 1
		says_of "$verb" 'directive: found "x"' --directive x || return 1
		says_of "$verb" "directive is given twice" --directive 1 directive 1 || return 1
	done
}

says_of() {
	xeir "$1" "${@:3}" >"$tmp/words" 2>&1 || true
	grep -q "$2" "$tmp/words" || {
		echo "$1 ${*:3}" && cat "$tmp/words"
		return 1
	}
}

statuses_agree() {
	local found
	{
		xeir help >/dev/null && echo 0
		xeir check 35349006987000 >/dev/null 2>&1 || echo $?
		xeir no-such-verb >/dev/null 2>&1 || echo $?
		sed -n 's/^exit //p' "$tmp/tripped"
		xeir --pins "$tmp/none" check 35349006987000 >/dev/null 2>&1 || echo $?
	} >"$tmp/statuses"
	same "$tmp/statuses" "Exit status of xeir" 1
}

headings_agree() {
	{
		printf 'save\t%s\n' "$(xeir save - | head -n 1)"
		printf 'sightings --csv\t%s\n' "$(xeir sightings --csv | head -n 1)"
		printf 'report --csv\t%s\n' "$(xeir report --csv directive 7 | head -n 1)"
		printf 'numbers export --csv\t%s\n' "$(xeir numbers export --csv | head -n 1)"
	} >"$tmp/headings"
	same "$tmp/headings" "CSV headings" 1 2
}

# Of the text of Prometheus on stdin: name, labels, type.
metrics() {
	awk '/^# TYPE/ { type[$3] = $4; next }
		/^[^#]/ {
			name = $1; labels = "-"
			if (match($1, /[{].*[}]/)) {
				name = substr($1, 1, RSTART - 1)
				labels = substr($1, RSTART + 1, RLENGTH - 2)
				gsub(/="[^"]*"/, "", labels)
			}
			print name "\t" labels "\t" type[name]
		}' | sort -u
}

refreshed() {
	mkdir -p "$tmp/spool" "$tmp/metrics" "$tmp/bin"
	printf '#!/bin/sh\n' >"$tmp/bin/logger"
	chmod +x "$tmp/bin/logger"
	printf "%s\n" 35349006987361 >"$tmp/spool/list"
	printf '%s\n' "state=$tmp/state" "metrics=$tmp/metrics" "[list]" "url=$tmp/spool/*" \
		issuer=refresh directive=99 >"$tmp/refresh.conf"
	in_core env "PATH=$tmp/bin:$PATH" "XEIR=$root/userspace/xeir" "$root/scripts/xeir-refresh" \
		--config "$tmp/refresh.conf"
}

metrics_agree() {
	{
		xeir stats --prometheus | metrics
		metrics <"$tmp/metrics/xeir_refresh.prom"
	} >"$tmp/real_metrics"
	same "$tmp/real_metrics" Metrics 1-3
}

rules_agree() {
	xeir stats --prometheus | sed -n 's/^xeir_packets_not_enforced_total{rule="\([^"]*\)".*/\1/p' |
		awk '{ member = $1; gsub(/-/, "_", member); print $1 "\t" member }' >"$tmp/rules"
	xeir --json stats | jq -r '.rules | keys[]' | sort | diff - <(cut -f 2 "$tmp/rules" | sort) &&
		same "$tmp/rules" Rules 1 2
}

settings_agree() {
	xeir set | awk '{ print $1 }' >"$tmp/settings"
	same "$tmp/settings" Settings 1
}

refresh_keys_agree() {
	bash -c 'die() { :; }; . "$0"; for k in "${!default[@]}"; do
		printf "%s\t%s\n" "$k" "${default[$k]:--}"; done' "$root/scripts/refresh/config.sh" \
		>"$tmp/refresh_keys"
	same "$tmp/refresh_keys" "Keys of refresh.conf" 1 2
}

refresh_options_agree() {
	"$root/scripts/xeir-refresh" --help | grep -o -- '--[a-z]*' | cat - <(echo --help) \
		>"$tmp/refresh_options"
	same "$tmp/refresh_options" "Options of xeir-refresh" 1
}

refresh_statuses_agree() {
	"$root/scripts/xeir-refresh" --help | tr '\n' ' ' | sed 's/.*Exit status://' |
		grep -o ' [0-9] ' | tr -d ' ' >"$tmp/refresh_statuses"
	same "$tmp/refresh_statuses" "Exit status of xeir-refresh" 1
}

environment_agrees() {
	{
		cat "$root"/userspace/*.c "$root"/userspace/*/*.c |
			grep -oE '(getenv|from_environment)\("[A-Z_]+"' | grep -o '[A-Z_]*"$' | tr -d '"'
		grep -ohE '\$\{XEIR[A-Z_]*' "$root"/scripts/xeir-refresh "$root"/scripts/refresh/*.sh | tr -d '${'
	} >"$tmp/environment"
	same "$tmp/environment" Environment 1
}

netlink_agrees() {
	python3 - "$root/docs/netlink/xeir.yaml" >"$tmp/netlink" <<-'END'
	import sys, yaml
	spec = yaml.safe_load(open(sys.argv[1]))
	for operation in spec["operations"]["list"]:
	    print("command", operation["name"], sep="\t")
	for of in spec["attribute-sets"]:
	    for attribute in of["attributes"]:
	        if attribute["name"] != "pad":
	            print("attribute of " + of["name"], attribute["name"], sep="\t")
	for group in spec["mcast-groups"]["list"]:
	    print("multicast group", group["name"], sep="\t")
	END
	same "$tmp/netlink" Netlink 1 2
}

pins_agree() {
	sed -E 's/core0/INTERFACE/; s/^(nf.-)[0-9]+/\1NAMESPACE/' "$tmp/pins" >"$tmp/real_pins"
	same "$tmp/real_pins" Pins 1
}

# Records, and members of their detail: VERB, member.
records_agree() {
	local verb members note member
	{
		xeir --json journal
		xeir --json --journal "$tmp/adopted.db" journal
	} | jq -r '.[] | .verb as $verb | .detail |
		if $verb == "set" then "SETTING" elif . == {} or . == null then "-" else keys[] end |
		[$verb, .] | @tsv' | sort -u >"$tmp/records"
	while IFS=$'\t' read -r verb members note; do
		for member in $members; do
			printf '%s\t%s\t%s\n' "$verb" "${member%[?]}" "${note:0:4}${member//[^?]/}"
		done
	done < <(rows Records) >"$tmp/records_table"
	cut -f 1,2 "$tmp/records_table" | sort -u >"$tmp/known"
	awk -F '\t' '$3 !~ /rare|[?]/' "$tmp/records_table" | cut -f 1,2 | sort -u >"$tmp/documented"
	comm -23 "$tmp/documented" "$tmp/records" | sed 's/^/documented, not found: /'
	comm -13 "$tmp/known" "$tmp/records" | sed 's/^/found, not documented: /'
	[[ -s $tmp/documented ]] && ! comm -23 "$tmp/documented" "$tmp/records" | grep -q . &&
		! comm -13 "$tmp/known" "$tmp/records" | grep -q .
}

schema_agrees() {
	printf 'user_version\t%s\n' "$(sqlite3 "$XEIR_JOURNAL" "PRAGMA user_version")" >"$tmp/schema"
	same "$tmp/schema" "Journal file" 1 2
}

# What could not be produced here is counted, so that nobody takes it for looked at.
not_looked_for() {
	local n
	tests=$((tests + 1))
	n=$(comm -13 <(documented_members | wanted | cut -f 1,2 | sort -u) \
		<(documented_members | cut -f 1,2 | sort -u) | wc -l)
	n=$((n + $(awk -F '\t' '$3 ~ /rare|[?]/' "$tmp/records_table" | wc -l)))
	echo "ok $tests - $n documented members # SKIP need the module, or what is rare"
}

why=$(lab_missing minisign python3 sqlite3 curl)
[[ -z $why ]] || skip_all "$why"
python3 -c "import yaml" 2>/dev/null || skip_all "python3-yaml is not installed"
lab_up
responder_start "$pgw4" "$tmp/responder"

for part in attaching directives numbers keys guards saving differing breaking replaying; do
	check "run: $part" $part
done
check "run: a refresh" refreshed
ls "$XEIR_PINS" >"$tmp/pins"
check "verbs and their operands" verbs_agree
check "options, in the help and in the code" options_agree
check "which verbs take which option" takers_agree
check "directive N is a word and an option, for each of its verbs" words_agree
check "exit status" statuses_agree
check "headings of CSV" headings_agree
check "metrics of stats and of a refresh" metrics_agree
check "rules" rules_agree
check "settings" settings_agree
check "keys of refresh.conf and their defaults" refresh_keys_agree
check "options of xeir-refresh" refresh_options_agree
check "exit status of xeir-refresh" refresh_statuses_agree
check "environment" environment_agrees
check "netlink commands and attributes" netlink_agrees
check "pins" pins_agree
check "version of the journal" schema_agrees
check "run: detaching" detaching
check "records of the journal" records_agree
check "members of JSON" members_agree
check "their types" types_agree
not_looked_for
finish
