#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The journal: what it reports, that a row of it which was changed is found, and that what is enforced
# is what it has.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

lab_needs bpftool sqlite3
lab_up
defer 'xeir detach all --yes >/dev/null'

imei1=490154203237518 imei2=353490069873319 imei3=353490069873327

# rows NUMBER-OF-DIRECTIVE IMEI...: a file of that directive's
rows() {
	local number=$1
	shift
	printf 'imei,directive\n'
	printf "%s,$number\n" "$@"
}

listed() {
	prints_json 0 '[.[] | [.imei, .directive]]' "$1" list
}

# --- before there is one ---------------------------------------------------------------------

check "there is no journal" prints 4 "there is no journal $XEIR_JOURNAL" journal
check "nor can it be compared" prints 4 "there is no journal $XEIR_JOURNAL" verify
xeir attach dev core0 >/dev/null
check "attach makes none" prints 4 "there is no journal" journal

# What a crash or a full disk may leave of it.
empty="THE JOURNAL $XEIR_JOURNAL HAS NO RECORDS"
empty_is_loud() {
	xeir detach all --yes >/dev/null && : >"$XEIR_JOURNAL" &&
	prints 0 "^xeir: warning: $empty" attach dev core0 &&
	prints 0 "^xeir: warning: $empty" restore &&
	prints 0 "^xeir: warning: $empty" verify &&
	prints 0 "$empty.*: xeir restore FILE$" status
}
check "one of 0 octets is as loud" empty_is_loud
rm -f "$XEIR_JOURNAL"*

# --- records ---------------------------------------------------------------------------------

rows 7 $imei1 $imei2 >"$tmp/7.csv"
rows 8 $imei2 $imei3 >"$tmp/8.csv"
xeir load "$tmp/7.csv" >/dev/null
xeir set no-imei watch >/dev/null
xeir load "$tmp/8.csv" >/dev/null
xeir unblock $imei1 >/dev/null
xeir enforce permissive >/dev/null
verbs='[.[] | [.id, .actor, .verb, .directive, .detail.added, .detail.changed, .detail.removed]]'

check "records, in order" prints_json 0 "$verbs" \
	'[[1,"root","load",7,2,0,0],[2,"root","set",null,null,null,null],[3,"root","load",8,1,1,0],[4,"root","unblock",null,0,0,1],[5,"root","set",null,null,null,null]]' journal
check "what was set" prints_json 0 '.[1].detail' '{"no-imei":"watch"}' journal
check "the time of it" prints_json 0 '.[0].time[0:4]' "\"$(date -u +%Y)\"" journal
check "the last two" prints_json 0 '[.[].id]' '[4,5]' journal last 2
check "those that touched a directive's entries" prints_json 0 '[.[].id]' '[1,4]' \
	journal directive 7
check "of a directive that there is none of" prints_json 0 . '[]' journal directive 9
check "for people" prints 0 "^     3  20.*Z  root  *load  *8  *+1  *~1  *-0" journal
check "with what was set" prints 0 '  set  *-  *-  *-  *-  no-imei="watch"$' journal
check "last wants a number" prints 2 "last takes one number" journal last
check "there are three words" prints 2 'found "first", expected verify' journal first
check "journal takes no more" prints 2 'verify takes no "x"' journal verify x

# --- the chain -------------------------------------------------------------------------------

head_hash() {
	xeir --json journal verify | jq -r .head
}

# faults N PATTERN: the journal has so many faults, and one of them is that.
faults() {
	prints 1 "$2" journal verify && is "$(grep -c . "$tmp/out")" $(($1 + 1))
}

keep() {
	sql "PRAGMA wal_checkpoint(TRUNCATE)" && cp "$XEIR_JOURNAL" "$tmp/kept.db"
}

as_kept() {
	rm "$XEIR_JOURNAL"* && cp "$tmp/kept.db" "$XEIR_JOURNAL"
}

# changed N PATTERN SQL: faults, when the journal was changed so.
changed() {
	keep && sql "$3" && faults "$1" "$2"
	local found=$?
	as_kept && return "$found"
}

check "it is in order" prints 0 "^5 records, 4 rows, in order; head [0-9a-f]*$" journal verify
check "for machines" prints_json 0 '[.records, .rows, .faults, (.head | length)]' '[5,4,[],64]' \
	journal verify
kept=$(head_hash)
xeir enforce on >/dev/null
check "a hash that was kept is there" prints 0 "in order" journal verify --head "$kept"
check "and one that is no hash is refused" prints 2 "the 64 digits of a hash" \
	journal verify --head "${kept%?}"
check "--head is for verify" prints 2 "is for journal verify" journal --head "$kept"

last_removed() {
	keep && kept=$(head_hash) &&
	sql "DELETE FROM record WHERE id = 6" && prints 0 "in order" journal verify &&
	prints 1 "no record has the hash of --head" journal verify --head "$kept" &&
	as_kept && prints 0 "in order" journal verify --head "$kept"
}
check "the last records are gone: a hash that was kept shows it" last_removed

what="is not what its hash covers"
which="rows that it added or removed are not those"
check "another time" changed 1 "record 2 (set) $what" \
	"UPDATE record SET time = time + 1 WHERE id = 2"
check "another name" changed 1 "record 1 (load) $what" \
	"UPDATE record SET who = 'nobody' WHERE id = 1"
check "another verb" changed 1 "record 2 (get) $what" \
	"UPDATE record SET verb = 'get' WHERE id = 2"
check "another directive" changed 1 "record 3 (load) $what" \
	"UPDATE record SET directive = 9 WHERE id = 3"
check "another detail" changed 1 "record 2 (set) $what" \
	"UPDATE record SET detail = '{}' WHERE id = 2"
check "another hash, which the next does not follow" changed 2 "record 3 (load) $what" \
	"UPDATE record SET hash = zeroblob(32) WHERE id = 2"
check "no record 2" changed 2 "record 3 follows record 1" \
	"DELETE FROM record WHERE id = 2"
check "two in each other's place" changed 4 "record 5 (set) $what" \
	"UPDATE record SET id = 9 WHERE id = 2; UPDATE record SET id = 2 WHERE id = 5;
	 UPDATE record SET id = 5 WHERE id = 9"
check "one more at the end" changed 1 "record 7 (load) $what" \
	"INSERT INTO record SELECT 7, time, who, verb, directive, detail, content, hash
	 FROM record WHERE id = 2; UPDATE record SET verb = 'load' WHERE id = 7"
of8="directive = 8 AND key = x'0153430960893723'"
check "a row with another key" changed 2 "record 1 (load): the $which" \
	"UPDATE listing SET key = x'01111111111111f1' WHERE directive = 7 AND removed"
check "with another action" changed 1 "record 3 (load): the $which" \
	"UPDATE listing SET action = 1 WHERE $of8"
check "with another end" changed 1 "record 3 (load): the $which" \
	"UPDATE listing SET until = 1 WHERE $of8"
check "of another directive" changed 1 "record 3 (load): the $which" \
	"UPDATE listing SET directive = 7 WHERE $of8"
check "gone" changed 1 "record 3 (load): the $which" \
	"DELETE FROM listing WHERE $of8"
check "listed in secret" changed 1 "record 2 (set): the $which" \
	"INSERT INTO listing VALUES (x'01111111111111f1', 7, 0, 2, 0, 3, 0)"
check "listed by no record" changed 1 "a row of record 99, which is not there" \
	"INSERT INTO listing VALUES (x'01111111111111f1', 7, 0, 99, 0, 3, 0)"
check "unlisted in secret" changed 1 "record 5 (set): the $which" \
	"UPDATE listing SET removed = 5 WHERE $of8"
check "listed again in secret" changed 1 "record 4 (unblock): the $which" \
	"UPDATE listing SET removed = 0 WHERE removed"

# --- the schema, which no hash covers --------------------------------------------------------

# redefined PATTERN SQL: a journal with this schema is neither verified, read nor changed.
redefined() {
	keep && sql "$2" && prints 4 "$1" journal verify && prints 4 "$1" verify &&
	prints 4 "$1" key list && prints 4 "$1" block "$imei1" && prints 4 "$1" --dry-run block "$imei1"
	local found=$?
	as_kept && return "$found"
}
another="found another definition than xeir's of"
foreign="found what no xeir makes,"
check "a view that shows other keys" redefined "$another view issuer_key; another program" \
	"DROP VIEW issuer_key; CREATE VIEW issuer_key AS SELECT 'DoT' AS issuer, 'A' AS key_id,
	 'B' AS key, 1 AS added"
check "a view that leaves records out, by one blank in a word" redefined "$another view directive" \
	"PRAGMA writable_schema = on; UPDATE sqlite_schema SET sql =
	 replace(sql, '''load''', ''' load''') WHERE name = 'directive'"
check "a view that is gone" redefined "found no view protected" "DROP VIEW protected"
check "one more view" redefined "$foreign view more" "CREATE VIEW more AS SELECT * FROM setting"
check "a trigger" redefined "$foreign trigger drops" "CREATE TRIGGER drops AFTER INSERT ON record
	BEGIN UPDATE listing SET removed = new.id; END"
check "one more table" redefined "$foreign table more" "CREATE TABLE more (id)"
check "one more index" redefined "$foreign index more" "CREATE INDEX more ON record (verb)"
check "an index of other columns" redefined "$another index record_directive" \
	"DROP INDEX record_directive; CREATE INDEX record_directive ON record (directive)"
check "a table that takes other rows" redefined "$another table record" \
	"PRAGMA writable_schema = on; UPDATE sqlite_schema SET sql =
	 replace(sql, 'who TEXT NOT NULL', 'who TEXT') WHERE name = 'record'"
check "an index that hides rows of its table" changed 6 "the file: row 1 missing from index record_dir" \
	"PRAGMA writable_schema = on; UPDATE sqlite_schema SET sql = sql || ' WHERE directive = 8'
	 WHERE name = 'record_directive'; PRAGMA writable_schema = reset; REINDEX record_directive;
	 PRAGMA writable_schema = on; UPDATE sqlite_schema SET sql =
	 replace(sql, ' WHERE directive = 8', '') WHERE name = 'record_directive'"
with_other_blanks() {
	sql "PRAGMA writable_schema = on; UPDATE sqlite_schema SET sql =
		replace(replace(sql, '  ', ' '), '(', '( ')" && prints 0 "in order" journal verify &&
	prints 0 "dry run" --dry-run block "$imei1"
}
check "blanks do not matter: older versions had others" with_other_blanks

# --- journal and maps ------------------------------------------------------------------------

octets() {
	fold -w 2 <<<"$1"
}

# by_hand KEY-DIGITS COMMAND [VALUE...]: the list is changed by bpftool, behind the tool.
# shellcheck disable=SC2046 # octets are words
by_hand() {
	local digits=$1 command=$2
	shift 2
	bpftool map "$command" pinned "$XEIR_PINS/xeir_list" key hex 01 $(octets "$digits") \
		00 00 00 00 00 00 00 00 "$@"
}

drop_of_9=(value hex 01 00 00 00
	00 00 00 00 00 00 00 00 00 00 00 00
	09 00 00 00 00 00 00 00 03 00 00 00)

xeir --json load "$tmp/7.csv" >/dev/null
check "list and settings are the journal's" prints 0 "^3 entries and the settings are those" verify
check "for machines" prints_json 0 '[.entries, .missing, .foreign, .changed, .settings, length]' '[3,[],[],[],[],5]' \
	verify
before=$(xeir --json status | jq .generation)
# While the module has the maps nobody else can write to them.
if [[ $(lab_transport) == bpf ]]; then
	by_hand 94104502237315 delete
	by_hand 53430960893723 update "${drop_of_9[@]}"
	by_hand 11111111111111 update "${drop_of_9[@]}"
	check "what is missing, too much, and other than the journal has" prints_json 1 \
		'[[.missing[].imei], [.foreign[].imei], [.changed[] | .found.directive, .expected.directive]]' \
		'[["49015420323751"],["11111111111111"],[9,8]]' verify
	check "for people: missing" prints 1 "^not enforced: imei 49015420323751, action drop, directive 7$" \
		verify
	check "too much" prints 1 "^enforced, but not in the journal: imei 11111111111111" verify
	check "other" prints 1 "^enforced differently: found imei 35349006987332, .* 9; expected imei .* 8$" verify
	check "it changes nothing" is "$(xeir --json status | jq .generation)" "$before"

	check "restore mends it" prints 0 "^3 listed" restore
	check "and reports what it did" contains "$tmp/out" "1 added, 1 changed, 1 removed to correct it"
	check "then it is the journal's" prints 0 "those of the journal" verify
fi

# The octet of `enforce` says permissive.
set_by_hand() {
	local octets
	mapfile -t octets < <(bpftool -j map dump pinned "$XEIR_PINS/xeir_config" |
		jq -r '.[0].value[]')
	bpftool map update pinned "$XEIR_PINS/xeir_config" key 0 0 0 0 value 1 "${octets[@]:1}"
}

settings='.settings | map([.setting, .found, .expected])'
set_by_hand
check "what is set otherwise is found" prints_json 1 "$settings" '[["enforce","permissive","on"]]' verify
check "printed for people" prints 1 "^setting enforce: found permissive, expected on$" verify
check "and mended" prints 0 "^3 listed" restore
check "so that it is the journal's" prints_json 0 "$settings" '[]' verify

# --- a list that no packet meets -------------------------------------------------------------

open_to_all() {
	ip -n "$core" link add core1 type veth peer name peer1 && xeir attach dev core1 &&
	prints 0 "those of the journal" verify && ip -n "$core" link del core1 &&
	prints 1 "^packets are not filtered: core1 is missing$" verify &&
	prints_json 1 '[.missing, .unattached]' '[[],["core1 is missing"]]' verify &&
	xeir detach dev core1 && prints 0 "those of the journal" verify &&
	xeir detach dev core0 && prints 1 "^packets are not filtered: no interface is attached$" verify &&
	contains "$tmp/out" "^xeir: warning: PACKETS ARE NOT FILTERED where the program is missing" &&
	prints_json 1 .unattached '["no interface is attached"]' verify &&
	xeir attach dev core0 && prints_json 0 .unattached null verify
}
check "that no interface has the list is a difference" open_to_all

# --- over a reboot, and before there was a journal -------------------------------------------

no_warning() {
	! warns JOURNAL
}

check "status shows the journal" status_is \
	'.journal | [.path, .last.verb, .last.directive, .enforced]' "[\"$XEIR_JOURNAL\",\"load\",7,true]"
check "for people" prints 0 "^journal  *$XEIR_JOURNAL, record 7: load by root, 20.*Z, directive 7$" status
check "and has no warning of it" no_warning
reattach() {
	xeir enforce permissive && xeir detach all --yes && prints 0 "attached" attach dev core0
}
list3='[["35349006987331",8],["35349006987332",8],["49015420323751",7]]'
check "maps made anew" reattach
check "have the list" listed "$list3"
check "and the settings" prints_json 0 '[.no_imei]' '["watch"]' set
check "and the switch" prints_json 0 .enforce '"permissive"' enforce
check "all of it" prints 0 "those of the journal" verify
check "known to be so" no_warning

# Another program commits: the generation goes on.
commit_by_hand() {
	by_hand 94104502237315 delete
	bpftool map update pinned "$XEIR_PINS/xeir_control" key 0 0 0 0 \
		value 9 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
}
if [[ $(lab_transport) == bpf ]]; then
	commit_by_hand
	check "a commit by another program is warns of" warns \
		"THE ENFORCED LIST MAY DIFFER FROM THE JOURNAL"
	check "and the next change mends the list" prints 0 \
		"differed from the journal: 1 added, 0 changed, 0 removed" block $imei1 directive 7
fi
xeir unblock $imei3 >/dev/null
check "what was gone is listed" listed '[["35349006987331",8],["49015420323751",7]]'

rm "$XEIR_JOURNAL"*
check "that there is none is warns of" warns "THERE IS NO JOURNAL $XEIR_JOURNAL"
check "a dry run begins none" prints 0 "dry run" block $imei3 --dry-run
check "the enforced list is the first record of a new one" prints 0 \
	"the 2 enforced entries become the first record of the journal" block $imei3 directive 8
check "with the change behind it" prints_json 0 '[.[] | [.verb, .detail.added]]' \
	'[["adopt",2],["block",1]]' journal
check "nothing is lost by it" listed "$list3"
check "and it is in order" prints 0 "in order" journal verify

# --- what is no journal of ours --------------------------------------------------------------

# refuses FILE PATTERN: no change comes through there, and the list stays.
refuses() {
	prints 4 "$2" --journal "$1" flush && listed "$list3"
}
sqlite3 "$tmp/newer.db" "PRAGMA application_id = $(sql 'PRAGMA application_id');
	PRAGMA user_version = 99; CREATE TABLE record (id)"
sqlite3 "$tmp/other.db" "CREATE TABLE record (id)"
printf 'imei\n%01000d\n' 1 >"$tmp/text.db"
mkdir "$tmp/ro"
mount -t tmpfs -o ro xeir "$tmp/ro"
defer "umount '$tmp/ro'"
check "one of a newer xeir" refuses "$tmp/newer.db" "found version 99, expected at most .*newer xeir"
check "another program's database" refuses "$tmp/other.db" "another program's database"
check "no database" refuses "$tmp/text.db" "file is not a database"
check "a directory that cannot be written to" refuses "$tmp/ro/journal.db" "unable to open"
check "one that is not there" refuses "$tmp/none/journal.db" "No such file"
check "they are not read either" prints 4 "file is not a database" --journal "$tmp/text.db" journal
check "and status warns of that loudly" prints 0 "THE JOURNAL $tmp/text.db CANNOT BE READ" \
	--journal "$tmp/text.db" status
check "in one JSON document" prints_json 0 .enforce '"permissive"' --journal "$tmp/text.db" status

# The tables as the first version had them.
make_old() {
	sql "SELECT 'DROP ' || type || ' ' || name || ';' FROM sqlite_schema WHERE sql IS NOT NULL AND
		name NOT IN ('record', 'listing', 'enforced', 'directive', 'setting') ORDER BY type" \
		>"$tmp/drop.sql" &&
	sql ".read $tmp/drop.sql" "ALTER TABLE enforced DROP COLUMN looked" \
		"PRAGMA user_version = 1"
}
check "an old one" make_old
check "is left alone by those that read" prints 4 "found version 1, expected" journal
check "brought to this version by the next change" prints 0 "1 removed" unblock $imei3
check "with all that it had" prints_json 0 '[.[].verb]' '["adopt","block","unblock"]' journal
check "in order" prints 0 "in order" journal verify

# --- a directive is a thing with a life ------------------------------------------------------

forget_all >/dev/null
xeir attach dev core0 >/dev/null
rows 7 $imei1 $imei2 >"$tmp/7.csv"
{ echo '# issuer: DoT'; echo '# reference: FIR 1/2026'; cat "$tmp/7.csv"; } >"$tmp/dot7.csv"
{ echo '# directive: 8'; echo '# base: 7'; echo '# issuer: DoT'; echo "$imei3"; } >"$tmp/dot8.txt"
of_dot=(--issuer DoT --reference "FIR 1/2026" --issued 2026-11-01 --due 2026-11-30T12:00:00Z)
detail='.[-1].detail | [.issuer, .reference, .issued, .due, .base, .size, .skipped, .ended]'

check "options name its issuer" prints 0 "^2 added" load "$tmp/7.csv" "${of_dot[@]}"
check "and the record has it" prints_json 0 "$detail" \
	'["DoT","FIR 1/2026","2026-11-01T00:00:00Z","2026-11-30T12:00:00Z",null,51,0,0]' journal
check "and the file" prints_json 0 '.[-1].detail | [.file, .sha256]' \
	"[\"$tmp/7.csv\",\"$(sha256sum <"$tmp/7.csv" | cut -d' ' -f1)\"]" journal
check "the file and the option agree" prints 0 "^0 added" load "$tmp/dot7.csv" --issuer DoT --directive 7
check "another issuer than the file's is refused" prints 2 \
	'--issuer: found "TRAI", and the file has "DoT"' load "$tmp/dot7.csv" --issuer TRAI
check "another reference" prints 2 "--reference: found \"x\", and the file has" \
	load "$tmp/dot7.csv" --reference x
check "another number" prints 2 "--directive: found 9, and the file has 8" \
	load "$tmp/dot8.txt" --directive 9
check "another date" prints 2 "--due: found 2026-12-02.*, and the file has 2026-12-01" \
	load <(echo "# due: 2026-12-01"; echo "$imei1") --due 2026-12-02
check "the same number of another issuer" prints 2 \
	'directive 7: found issuer "TRAI", and the journal has it with "DoT"' \
	load "$tmp/7.csv" --issuer TRAI
check "with another date of issue" prints 2 "found issued" load "$tmp/7.csv" --issued 2026-11-02
check "dry runs report it too" prints 2 'found issuer "TRAI"' \
	load --dry-run "$tmp/7.csv" --issuer TRAI
check "an issuer without a number" prints 2 "give it with: --directive N" \
	load <(echo "$imei1") --issuer DoT
check "a row of another directive" prints 2 "found a row of directive 7, expected 6" \
	load "$tmp/7.csv" --issuer DoT --directive 6
check "a date that is none" prints 2 '--issued: found "soon", expected YYYY-MM-DD' \
	load "$tmp/7.csv" --issued soon
check "an issuer that is none" prints 2 "--issuer: expected up to 255" load "$tmp/7.csv" --issuer ""
check "block has no issuer" prints 2 "--issuer does not apply to block" block $imei1 --issuer DoT
check "nothing of it is in the journal" prints_json 0 length 2 journal

check "a change of the last directive" prints 0 "^1 added" load "$tmp/dot8.txt"
check "in a further file" prints 0 "^0 added" load "$tmp/dot8.txt"
check "of one that is not the last" prints 2 \
	"a change of directive 7, and the last of DoT is directive 8" \
	load --directive 9 <(echo '# issuer: DoT'; echo '# base: 7'; echo "$imei3")
check "of one that never came" prints 2 "the journal has none of no issuer" \
	load --directive 9 <(echo '# base: 7'; echo "$imei3")

other_issuer() {
	prints 0 "^0 added, 1 changed" load --directive 20 --issuer TRAI <(echo "$imei2") &&
	prints 0 "^0 added, 1 changed, 1 removed" sync --directive 9 --issuer DoT <(echo "$imei2") &&
	listed '[["35349006987331",9]]'
}
mine_stays() {
	prints 0 "^1 added, 1 changed, 0 removed" \
		sync --directive 21 --issuer DoT <(echo "$imei3") &&
	listed '[["35349006987331",20],["35349006987332",21]]'
}
xeir unblock $imei1 >/dev/null
check "sync reaches what its issuer listed" other_issuer
check "and what another issuer listed stays" mine_stays

# --- list, show, rollback --------------------------------------------------------------------

forget_all >/dev/null
xeir attach dev core0 >/dev/null
xeir load "$tmp/7.csv" "${of_dot[@]}" >/dev/null
xeir load "$tmp/8.csv" --issuer TRAI >/dev/null
printf 'imei,action\n%s,remove\n%s,reject\n' $imei1 $imei2 >"$tmp/9.csv"
fields='[.[] | [.number, .issuer, .listed, .initial, .added, .changed, .removed, .state]]'

check "directives, and what has become of them" prints_json 0 "$fields" \
	'[[7,"DoT",2,2,2,0,0,"enforced"],[8,"TRAI",2,2,1,1,0,"enforced"]]' directive list
check "what is known of them, and by whom" prints_json 0 \
	'.[0] | [.reference, .issued, .due, .actor, .skipped, .received == .applied or .received < .applied]' \
	'["FIR 1/2026","2026-11-01T00:00:00Z","2026-11-30T12:00:00Z","root",0,true]' directive list
sql "UPDATE enforced SET time = 1"
xeir restore >/dev/null
check "to restore is not to apply" prints_json 0 '[.[].applied] | unique' '["1970-01-01T00:00:01Z"]' \
	directive list
check "for people" prints 0 "^     7  DoT  *FIR 1/2026  2026-11-01T.*  2  *2  .*  enforced$" \
	directive list
check "one of them, with its entries and records" prints_json 0 \
	'[.number, .actions, [.records[] | .id], .records[0].detail.size]' \
	'[7,{"drop":2},[1],51]' directive show 7
check "for people" prints 0 "^listed  *2 of 2$" directive show 7
check "and its file's digest" prints 0 "sha256=\"$(sha256sum <"$tmp/7.csv" | cut -d' ' -f1)\"" \
	directive show 7
check "one that there is not" prints 1 "there is no directive 99" directive show 99
check "nor to be undone" prints 4 "there is no directive 99" directive rollback 99
check "a number is wanted" prints 2 "show takes one number" directive show
check "and a word" prints 2 "list, show N or rollback N is expected" directive
check "--dry-run is for rollback" prints 2 "does not apply to directive list" directive list --dry-run

kept='[.added, .changed, .removed, .kept]'
check "rollback --dry-run reports" prints_json 0 "$kept" '[0,1,1,[{"directive":7,"entries":1}]]' \
	directive rollback 8 --dry-run
check "and changes nothing" listed \
	'[["35349006987331",8],["35349006987332",8],["49015420323751",7]]'
check "nor the journal" prints_json 0 length 2 journal
check "what two list stays listed when the later goes" prints_json 0 "$kept" \
	'[0,1,1,[{"directive":7,"entries":1}]]' directive rollback 8
check "by the first" listed '[["35349006987331",7],["49015420323751",7]]'
check "withdrawn" prints_json 0 "$fields | .[1]" '[8,"TRAI",0,2,1,1,0,"withdrawn"]' directive list
xeir load "$tmp/8.csv" >/dev/null
check "likewise when the first goes" prints 0 "^1 of them stays listed by directive 8$" \
	directive rollback 7
check "by the later" listed '[["35349006987331",8],["35349006987332",8]]'
check "and comes back with it" prints 0 "^1 added, 1 changed, 0 removed" load "$tmp/7.csv"
check "enforced again" prints_json 0 "$fields | .[0]" '[7,"DoT",2,2,3,1,0,"enforced"]' directive list

check "one that unlists and changes" prints 0 "^0 added, 1 changed, 1 removed" \
	load "$tmp/9.csv" --directive 9 --issuer DoT
check "leaves the first in part" prints_json 0 "$fields | .[0]" '[7,"DoT",1,2,3,1,0,"partly"]' \
	directive list
check "rollback brings back what it unlisted" prints 0 "^1 added, 1 changed, 0 removed" \
	directive rollback 9
check "as it was" listed \
	'[["35349006987331",7],["35349006987332",8],["49015420323751",7]]'
check "a second time there is nothing to undo" prints 0 "^0 added, 0 changed, 0 removed" \
	directive rollback 9
printf '# directive: 31\n# issuer: X\n# base: 30\n%s\n' $imei1 >"$tmp/on_30.txt"
xeir load --directive 30 --issuer X <(echo "$imei1") >/dev/null
check "a directive is a base" prints 0 "^dry run" load --dry-run "$tmp/on_30.txt"
xeir directive rollback 30 >/dev/null
check "and none once it is withdrawn" prints 2 "the journal has none of X" \
	load "$tmp/on_30.txt"
expire_soon block $imei1 directive 11 >/dev/null
ended() {
	xeir --json directive show 11 | jq -e '.state == "ended" and .listed == 0'
}
check "entries that end" poll 30 ended
check "and the journal is in order with all of it" prints 0 "in order" journal verify
check "and is what is enforced" prints 0 "those of the journal" verify

# --- durable before enforced -----------------------------------------------------------------

# In force is all of one directive, and nothing of the other.
one_directive() {
	xeir --json list >"$tmp/now" && is "$(jq -c '[length, (map(.directive) | unique | length)]' \
		"$tmp/now")" '[3000,1]'
}

# What is enforced once a sync was killed, and once the next command has come.
mended() {
	one_directive && { xeir unblock "$imei1" >"$tmp/next" 2>&1 || true; } && xeir verify &&
	one_directive || return
	! contains "$tmp/next" "differed from the journal" || mends=$((mends + 1))
}

# killed_at CALLS N: at the N-th of these, on the way to the other directive.
killed_at() {
	local found=0 other
	one_directive && other=$((51 + 52 - $(jq '.[0].directive' "$tmp/now"))) || return
	of=$1 with_fault "$2" sync --directive "$other" "$tmp/$other.txt" || found=$?
	is "$found" 137 && mended
}

# killed_after DIRECTIVE SECONDS: if it is not done then.
killed_after() {
	in_core timeout --foreground -s KILL "$2" "$root/userspace/xeir" sync --directive "$1" "$tmp/$1.txt"
	mended
}
for directive in 51 52; do
	awk -v n=$directive 'BEGIN { for (i = 0; i < 3000; i++) printf "3534%02d%08d\n", n, i }' \
		>"$tmp/$directive.txt"
done
xeir flush >/dev/null
xeir set max-change 1000 >/dev/null
xeir sync --directive 52 "$tmp/52.txt" >/dev/null
# In front of the journal's commit and behind it. The module is sent all of the list in front of
# it, and behind it one message, the tenth.
killed_anywhere() {
	local at places="2 3 4"
	[[ $(lab_transport) != netlink ]] || places="2 9 10"
	mends=0
	killed_at disk 2 || return
	for at in $places; do
		killed_at maps "$at" || return
	done
	((mends > 0))
}
killed_at_random() {
	local i
	for ((i = 0; i < 24; i++)); do
		killed_after $((51 + i % 2)) "0.$(printf %03d $((20 + RANDOM % 160)))" || return 1
	done
}
if [[ ${XEIR_LONG-} ]]; then
	seed=$SRANDOM
	echo "# seed $seed"
	RANDOM=$seed
fi
check "a tool that is killed leaves one list or the other, and the next makes it the journal's" \
	"$(rounds killed_anywhere killed_at_random)"
check "with a journal in order" prints 0 "in order" journal verify

# --- an order that lets all pass -------------------------------------------------------------

only_warned() {
	xeir enforce off && prints 0 "^xeir: warning: ENFORCEMENT IS OFF: listed handsets pass" verify &&
	xeir enforce permissive && prints 0 "^xeir: warning: PERMISSIVE: listed handsets pass" verify &&
	xeir enforce on && prints 0 "those of the journal" verify && ! contains "$tmp/out" "^xeir:"
}
check "enforcement that is not on is as ordered, and warned of" only_warned
finish
