#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The operator's rules next to the list of IMEIs, each with real requests: the switch over all,
# exceptions, subscribers, knobs, emergency APNs, reject; and a list of all kinds through a file.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

listed=49015420323751
unlisted=35349006987331
imsi=404010123456789 other_imsi=404010123456780
msisdn=919812345678

# try [OPTION...]: one Create Session Request, sent once; $outcome is what the client says.
try() {
	outcome=$(in_access "$selftests/peers/gtp2_client" --remote "$pgw4" --n3 1 "$@") || true
	echo "$outcome"
}

# T3 is long where an answer is expected, as an emulated machine may take its time.
accepted() {
	try --t3 3000 "$@" && [[ $outcome == "accepted: cause 16,"* ]]
}

stopped() {
	try --t3 150 "$@" && is "$outcome" "no response: transmissions 1"
}

# counted RULE FIELD N COMMAND...: the command moves this counter so far.
counted() {
	local rule=$1 field=$2 by=$3 before
	shift 3
	before=$(counter "$rule" "$field")
	"$@" && is $(($(counter "$rule" "$field") - before)) "$by"
}

counter() {
	xeir --json stats | jq --arg rule "${1//-/_}" --arg field "$2" '.rules[$rule][$field]'
}

# --- xeir enforce ----------------------------------------------------------------------------

enforcement() {
	check "a listed handset is stopped" counted imei drop 1 stopped --imei $listed
	check "enforce is on by default" prints 0 "^enforce on$" enforce
	check "enforce permissive --dry-run" prints_json '[.enforce, .dry_run]' '["permissive",true]' \
		enforce permissive --dry-run
	check "changes nothing" prints_json .enforce '"on"' enforce
	check "enforce permissive" prints_json '[.enforce, .dry_run]' '["permissive",false]' enforce permissive
	check "lets it up, and counts it as watched" counted imei watch 1 accepted --imei $listed
	check "and as not enforced" counted imei not_enforced 1 accepted --imei $listed --seq 4711
	check "with an event" poll 3 events_are 1 '.sequence == 4711 and .action == "watch" and
		.rule == "imei"'
	check "status shows it for machines" prints_json .enforce '"permissive"' status
	check "and as a warning for people" prints 0 "^warning: PERMISSIVE" status
	check "enforce off" prints 0 "^enforce off$" enforce off
	check "lets it up" counted imei pass 1 accepted --imei $listed --seq 4712
	check "and counts it as not enforced" counted imei not_enforced 1 accepted --imei $listed --seq 4713
	check "status reports that" prints 0 "^enforce     OFF$" status
	check "enforce on" xeir enforce on
	check "stops it" counted imei not_enforced 0 stopped --imei $listed --seq 4714
	check "status is silent again" prints_json '[.enforce, (.warnings | map(select(test("STOPPED|WATCHED"))) | length)]' \
		'["on",0]' status
	check "with an event" poll 3 events_are 1 '.sequence == 4714'
	check "there is none of what passed before" events_are 0 \
		'.sequence == 4712 or .sequence == 4713'
}

# --- exceptions and subscribers --------------------------------------------------------------

exceptions() {
	check "except add" prints_json .added 1 except add ${listed}8 imsi $imsi
	check "lets that subscriber up with it" counted exception pass 1 \
		accepted --imei $listed --imsi $imsi
	check "and no other" counted imei drop 1 stopped --imei $listed --imsi $other_imsi
	check "list shows what it does" prints_json '.[] | select(.kind == "exception") | [.imei, .imsi, .action]' \
		"[\"$listed\",\"$imsi\",\"pass\"]" list
	check "in a table too" prints 0 "^exception  $listed imsi $imsi  pass " list
	check "except del --dry-run changes nothing" prints_json '[.removed, .dry_run]' '[1,true]' \
		except del $listed imsi $imsi --dry-run
	check "except del" prints_json .removed 1 except del $listed imsi $imsi
	check "stops him again" stopped --imei $listed --imsi $imsi
	check "except del of none" prints 1 "no exception for $listed imsi $imsi" \
		except del $listed imsi $imsi
}

# subscriber KIND NUMBER OTHER
subscriber() {
	local kind=$1 number=$2 other=$3

	check "$kind: passes" accepted --imei $unlisted --"$kind" "$number"
	check "block $kind" prints_json .added 1 block "$kind" "$number"
	check "$kind: is stopped with any handset" counted "$kind" drop 1 \
		stopped --imei $unlisted --"$kind" "$number"
	check "$kind: another one passes" accepted --imei $unlisted --"$kind" "$other"
	check "check $kind" prints_json "[.$kind, .listed, .by]" "[\"$number\",true,\"$kind\"]" \
		check "$kind" "$number"
	check "unblock $kind" prints_json .removed 1 unblock "$kind" "$number"
	check "$kind: passes again" accepted --imei $unlisted --"$kind" "$number"
}

# Only the live generation stays, as the control was made.
# shellcheck disable=SC2046 # octets are words
count_none() {
	bpftool map update pinned "$XEIR_PINS/xeir_control" key 0 0 0 0 value hex \
		$(bpftool -j map lookup pinned "$XEIR_PINS/xeir_control" key 0 0 0 0 |
			jq -r '.value | map(ltrimstr("0x")) | .[:4][], (.[4:][] | "00")')
}

# Where the count is wrong, no listed kind is taken for one that is not.
miscounted() {
	check "a subscriber and a handset are listed" xeir block $listed imsi $imsi
	check "another program writes that nothing is" count_none
	check "a change of another kind" xeir block --yes tac 35349007
	check "leaves him listed" counted imsi drop 1 stopped --imei $unlisted --imsi $imsi
	check "and counts all" prints_json .entries 1 unblock imsi $imsi tac 35349007
}

# --- xeir set --------------------------------------------------------------------------------

knobs() {
	check "set no-imei drop --dry-run" prints_json '[.no_imei, .dry_run]' '["drop",true]' \
		set no-imei drop --dry-run
	check "changes nothing: a request without IMEI passes" counted no-imei pass 1 accepted
	check "set no-imei drop" prints_json .no_imei '"drop"' set no-imei drop
	check "stops it" counted no-imei drop 1 stopped
	check "and not one with an IMEI" accepted --imei $unlisted
	check "set no-imei watch" xeir set no-imei watch
	check "lets it up with an event" counted no-imei watch 1 accepted --seq 4801
	check "which reports why" poll 3 events_are 1 '.sequence == 4801 and .rule == "no-imei"'
	check "set no-imei pass" xeir set no-imei pass
}

emergency() {
	check "an emergency call of a listed handset passes" counted emergency pass 1 \
		accepted --imei $listed --apn sos
	check "with the operator's part of the APN too" \
		accepted --imei $listed --apn SOS.mnc001.mcc404.gprs
	check "another APN is no emergency" stopped --imei $listed --apn ims-sos
	check "set emergency-apn" prints_json .emergency_apn '["sos","ims-sos"]' \
		set emergency-apn sos,IMS-SOS
	check "makes it one" counted emergency pass 1 accepted --imei $listed --apn ims-sos
	check "set emergency-apn none" prints_json .emergency_apn '[]' set emergency-apn none
	check "leaves none" stopped --imei $listed --apn sos
	check "set emergency-apn sos" prints 0 '^emergency-apn  *sos$' set emergency-apn sos
}

default_action() {
	check "set default-action watch" xeir set default-action watch
	check "counts for block" prints_json .added 1 block $unlisted
	check "which lets it up with an event" counted imei watch 1 accepted --imei $unlisted
	check "its own action counts" prints_json .changed 1 block $unlisted action drop
	printf '%s\n' $unlisted >"$tmp/plain.txt"
	check "and for a plain list" prints_json .changed 1 load "$tmp/plain.txt"
	printf 'imei,action\n%s,\n' $unlisted >"$tmp/empty.csv"
	check "and for an empty field of CSV" prints_json .changed 0 load "$tmp/empty.csv"
	check "set default-action drop" xeir set default-action drop
	check "does so" prints_json .changed 1 load "$tmp/empty.csv"
	check "unblock" xeir unblock $unlisted
}

# Rejected with this cause, at the first sending.
rejected() {
	local cause=$1
	shift
	try --t3 3000 "$@" && is "$outcome" "rejected: cause $cause, transmissions 1"
}

rejects() {
	check "block action reject" prints_json .changed 1 block $listed action reject
	check "is answered with a cause" counted imei reject 1 rejected 93 --imei $listed
	check "set cause-v2" prints_json '[.cause_v1, .cause_v2]' '[222,94]' set cause-v2 94
	check "is the cause from then on" rejected 94 --imei $listed
	check "set rejects 0" prints_json .rejects 0 set rejects 0
	check "leaves it without an answer" stopped --imei $listed
	check "enforce permissive" xeir enforce permissive
	check "lets it up" accepted --imei $listed
	check "enforce on" xeir enforce on
	check "set them back" prints_json '[.cause_v2, .rejects]' '[93,1000]' \
		set cause-v2 93 rejects 1000
	check "a subscriber too" prints_json .added 1 block imsi $imsi action reject
	check "is answered" counted imsi reject 1 rejected 93 --imei $unlisted --imsi $imsi
	check "unblock him" xeir unblock imsi $imsi
	check "back to drop" prints_json .changed 1 block $listed
}

# --- models ----------------------------------------------------------------------------------

models() {
	printf 'tac\n%s\n' ${unlisted:0:8} >"$tmp/model.csv"
	check "a TAC is not blocked at once" prints 2 "TAC ${unlisted:0:8} stops every handset of that model.*--yes" \
		block tac ${unlisted:0:8}
	check "nor by load" prints 2 "stops every handset" load "$tmp/model.csv"
	check "nor by sync" prints 2 "stops every handset" sync "$tmp/model.csv"
	check "and nothing is changed" accepted --imei $unlisted
	check "--dry-run does not ask" prints_json .added 1 load --dry-run "$tmp/model.csv"
	check "nor does watching" prints_json .added 1 block tac ${unlisted:0:8} action watch
	check "from there to drop it does" prints 2 "stops every handset" block tac ${unlisted:0:8}
	check "--yes" prints_json .changed 1 load --yes "$tmp/model.csv"
	check "stops the model" counted tac drop 1 stopped --imei $unlisted
	check "what is stopped already is not asked again" prints_json .changed 0 load "$tmp/model.csv"
	check "unblock tac" xeir unblock tac ${unlisted:0:8}
}

# --- all kinds through a file ----------------------------------------------------------------

cat_all() {
	cat <<-END
	imei,tac,imsi,msisdn,action,directive,expiry
	35349006987332,,,,watch,7,2099-12-31T00:00:00Z
	$listed,,,,reject,,
	,35349007,,,drop,,
	$listed,,404010,,pass,,
	$listed,,$imsi,,pass,3,2099-12-31T00:00:00Z
	,,,91981,drop,,
	,,,$msisdn,watch,4,
	,,404010,,drop,,
	,,$imsi,,reject,5,2099-12-31T00:00:00Z
	END
}

same_saved() {
	xeir save - >"$tmp/saved.csv" && diff "$tmp/all.csv" "$tmp/saved.csv"
}

round_trip() {
	cat_all >"$tmp/all.csv"
	check "sync of every kind" prints_json '[.entries, .skipped]' '[9,0]' sync --yes "$tmp/all.csv"
	check "save gives the same file" same_saved
	check "flush" prints_json .entries 0 flush
	check "restore, which never asks" prints_json '[.added, .entries]' '[9,9]' restore "$tmp/all.csv"
	check "save gives the same file again" same_saved
	check "restore of the same changes nothing" prints_json '[.added, .changed, .removed]' '[0,0,0]' \
		restore "$tmp/saved.csv"
	check "list has each of its numbers" prints_json 'map([.kind, .imei, .tac, .imsi, .msisdn] | map(select(.))) | .[2:6]' \
		"[[\"tac\",\"35349007\"],[\"exception\",\"$listed\",\"404010\"],[\"exception\",\"$listed\",\"$imsi\"],[\"msisdn\",\"91981\"]]" list
	sed 's/,[a-z]*,[^,]*,[^,]*$/,remove,,/; 1s/.*/imei,tac,imsi,msisdn,action,directive,expiry/' \
		"$tmp/all.csv" >"$tmp/none.csv"
	check "remove in a file takes each away" prints_json '[.removed, .entries]' '[9,0]' load "$tmp/none.csv"
}

# --- stats -----------------------------------------------------------------------------------

metric() {
	is "$(xeir stats --prometheus | awk -v name="$1" '$1 == name {print $2}')" "$2"
}

scrape_form() {
	xeir stats --prometheus >"$tmp/metrics" &&
	! grep -Ev '^# (HELP|TYPE) xeir_[a-z_]+ .+$|^xeir_[a-z_]+(\{[a-z]+="[a-z-]+"(,[a-z]+="[a-z-]+")*\})? [0-9]+$' \
		"$tmp/metrics" &&
	is "$(sort "$tmp/metrics" | uniq -d)" ""
}

# What the tool goes by and the programs do not know.
own_settings() {
	check "a setting of the tool has a first value" prints_json .max_change 20 set
	check "set --dry-run prints how it would be" prints_json .max_change 7 \
		set --dry-run max-change 7
	check "and leaves it" prints_json .max_change 20 set
	check "one next to those of the programs" prints_json '[.max_change, .no_imei]' '[5,"pass"]' \
		set max-change 5 no-imei pass
	check "it stays" prints_json .max_change 5 set
	check "set of a wrong value" prints 2 'found "a lot", expected a number' set max-change "a lot"
	check "set of the same twice" prints 2 "max-change is given twice" \
		set max-change 3 max-change 4
	check "the journal restores it with the others" prints 0 "listed" restore
	check "set it back" prints_json .max_change 20 set max-change 20
}

stats() {
	check "stats has the column" prints 0 "^rule .* not enforced  lost events$" stats
	check "prometheus: every line is in form" scrape_form
	check "prometheus: packets" metric 'xeir_packets_total{rule="imei",action="drop"}' \
		"$(counter imei drop)"
	check "prometheus: not enforced" metric 'xeir_packets_not_enforced_total{rule="imei"}' "$(counter imei not_enforced)"
	check "prometheus: lost events" metric xeir_events_lost_total 0
	check "prometheus: room" metric xeir_list_capacity "$(xeir --json status | jq .capacity)"
	check "prometheus: entries" metric xeir_list_entries "$(xeir --json status | jq .entries)"
	check "prometheus: generation" metric xeir_list_generation "$(xeir --json status | jq .generation)"
	check "prometheus: the mode" metric 'xeir_enforce{mode="on"}' 1
	check "prometheus: and no other" metric 'xeir_enforce{mode="off"}' 0
}

lab_needs ip
lab_up
# in native mode a veth sends an answer only to a peer that has a program as well
xeir attach dev core0 mode generic >/dev/null
xeir block $listed >/dev/null
responder_start $pgw4 "$tmp/responder"
monitor_start

enforcement
exceptions
subscriber imsi $imsi $other_imsi
subscriber msisdn $msisdn 919812345670
if [[ $(lab_transport) == bpf ]] && command -v bpftool >/dev/null; then
	miscounted
fi
knobs
emergency
default_action
own_settings
rejects
models
round_trip
stats
finish
