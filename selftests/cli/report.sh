#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The proof of compliance: what is stopped, saved in snapshots and reported of a directive.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

handset=49015420323751
other=35349006987331

# figure_of DIRECTIVE NAME VALUE: as JSON has it.
figure_of() {
	is "$(xeir --json report --directive "$1" |
		jq -c --arg name "$2" '.figures[] | select(.figure == $name) | .value')" "$3"
}

figure() {
	figure_of 7 "$@"
}

tries() {
	gtp2_try "$pgw4" "$1" --t3 100 && is "$outcome" "no response: transmissions 3"
}

# qualified DIRECTIVE NAME QUALIFIER: as JSON has it.
qualified() {
	is "$(xeir --json report --directive "$1" | jq -c --arg name "$2" \
		'.figures[] | select(.figure == $name) | .qualifier')" "$3"
}

# on_day WHAT N: of today.
on_day() {
	is "$(xeir --json report --directive 7 |
		jq --arg day "$(date -u +%F)" --arg what "$1" \
			'.days[] | select(.day == $day) | .[$what]')" "$2"
}

# A snapshot of so many attempts, as one that was taken in another boot.
snapshot_before() {
	sqlite3 "$XEIR_JOURNAL" "INSERT INTO record SELECT max(id) + 1, $1, 'root', 'sample', 0,
		json('{\"boot\":\"before\",\"list\":1,\"directives\":[{\"directive\":7,
		\"attempts\":$2,\"handsets\":9,\"last\":$1,\"up\":0,\"cut\":0}]}'), x'', x''
		FROM record"
}

# Each figure's command is one that there is.
commands_work() {
	local source

	xeir --json report --directive 7 | jq -r '.figures[].source' | sort -u >"$tmp/commands"
	is "$(wc -l <"$tmp/commands" | awk '{print ($1 > 3)}')" 1 &&
	while read -r source; do
		[[ $source == "xeir "* ]] || return 1
		in_core env PATH="$root/userspace:$PATH" bash -o pipefail -c "$source" \
			>/dev/null || return 1
	done <"$tmp/commands"
}

# Well-formed as XML would have it where it matters, and nothing from elsewhere.
page() {
	xeir report --directive 7 --html "$tmp/report.html" &&
	! grep -E "<script|https?://|src=|@import" "$tmp/report.html" &&
	contains "$tmp/report.html" "<h1>Compliance report, directive 7</h1>" &&
	contains "$tmp/report.html" "<td>Attempts</td><td class=\"value\">2<" &&
	is "$(grep -c "<rect" "$tmp/report.html")" 2 &&
	is "$(stat -c %a "$tmp/report.html")" 600
}

# page_has TEXT...: all of them.
page_has() {
	local text

	for text; do
		contains "$tmp/report.html" "$text" || return 1
	done
}

# All that is opened is closed, in order; but what is void in HTML.
page_is_nested() {
	python3 - "$tmp/report.html" <<-'END'
		import html.parser, sys
		class Page(html.parser.HTMLParser):
		    stack = []
		    def handle_starttag(self, tag, attrs):
		        if tag not in ("meta", "br"):
		            self.stack.append(tag)
		    def handle_endtag(self, tag):
		        assert self.stack.pop() == tag, (tag, self.getpos())
		    def handle_startendtag(self, tag, attrs):
		        pass
		page = Page()
		page.feed(open(sys.argv[1]).read())
		assert not page.stack, page.stack
	END
}

whole_page() {
	check "a page for an operator" xeir report directive 7 --operator 'A & B <Telecom>' \
		--html "$tmp/report.html"
	check "names it" page_has "<dt>Operator</dt><dd>A &amp; B &lt;Telecom&gt;</dd>"
	check "host, interfaces and version" page_has "<dd>$(hostname)</dd>" \
		"core0 egress" "core0 ingress" "<dd>$(xeir --version | cut -d' ' -f2)</dd>"
	check "the journal's head" page_has \
		"head <code>$(xeir --json journal | jq -r '.[-1].hash')</code>"
	check "the file, its SHA-256 and who loaded it" page_has "<dt>Applied by</dt><dd>root</dd>" \
		"<dd>$tmp/directive</dd>" "$(sha256sum <"$tmp/directive" | cut -d' ' -f1)" \
		"no signature was verified"
	check "what figures mean and how they are verified" page_has "Time from receipt to application." \
		"<code>xeir report directive 7 --explain attempts</code>"
	check "limits, and a place to sign" page_has "It is of this host only." "<span>Signature</span>"
	check "each entry in an annex" page_has "imei $handset" "imei $other"
	check "charts have names, and marks" page_has 'aria-labelledby="attempts"' '<h3 id="attempts">' \
		'text-anchor="end">applied</text>' "It was due on 2020-01-01, which is outside of the charts."
	check "and a table of their values" page_has '<table id="by-day">' \
		"<td class=\"day\">$(date -u +%F)</td>"
	check "it fits narrow screens and paper" page_has 'name="viewport"' "@page" "counter(pages)"
	check "its elements are nested" page_is_nested
	check "JSON has the same" is "$(xeir --json report directive 7 --operator 'A & B' |
		jq -c '[.operator, .host, .files[0].actor, (.interfaces | length), .journal.records > 3,
		has("entries")]')" "[\"A & B\",\"$(hostname)\",\"root\",2,true,false]"
	check "an operator is a text" exits 2 "operator" xeir report directive 7 --operator $'a\nb'
}

# set_up N IMEI: a session of that handset, with TEIDs of its own.
set_up() {
	gtp2_try "$pgw4" "$2" --imsi "4040100000000$1" --teid "0x$1" --t3 2000 &&
	is "${outcome%%:*}" accepted
}

# cuts NEWLY ALL ARGUMENT...: what the tool prints of sessions; nothing if none is newly cut.
cuts() {
	xeir "${@:3}" >"$tmp/out" && cat "$tmp/out" &&
	is "$(grep "^sessions" "$tmp/out" || true)" \
		"${1:+sessions: $1 newly cut, $2 cut in all, 0 freed}"
}

# Records of the kind are there, and of what they have: the newly cut, by directive.
cut_records() {
	is "$(xeir --json journal | jq -c '[.[] | select(.verb == "sessions") |
		[.directive, .detail.newly_cut]]')" "$1"
}

# cut_as_before DIRECTIVE CUT FREED: a record as a former version wrote it.
cut_as_before() {
	sql "INSERT INTO record SELECT max(id) + 1, 1, 'root', 'sessions', $1,
		json_object('cut', $2, 'freed', $3), x'', x'' FROM record"
}

sessions_cut() {
	local n

	for n in 1 2 3 4; do
		check "a session of handset $n" set_up "3$n" "3534900698720$n"
	done
	printf '3534900698720%s\n' 1 2 >"$tmp/cutting"
	check "a directive cuts two sessions" cuts 2 2 load --directive 20 "$tmp/cutting"
	check "which its report has" figure_of 20 sessions_cut 2
	check "the same file cuts none" cuts "" "" load --directive 20 "$tmp/cutting"
	check "nor does a handset without a session" cuts "" "" block 35349006987299 directive 22
	echo 35349006987203 >"$tmp/cutting"
	check "another directive cuts one" cuts 1 3 load --directive 21 "$tmp/cutting"
	check "each reports its own" eval "figure_of 20 sessions_cut 2 && figure_of 21 sessions_cut 1"
	check "as the journal has them" cut_records '[[20,2],[21,1]]'
	check "the programs have cut one more since" bpftool map update pinned \
		"$XEIR_PINS/xeir_cut_counts" key 20 0 0 0 value 3 0 0 0 0 0 0 0
	check "which the report has" figure_of 20 sessions_cut 3
	check "and a snapshot records" eval "xeir snapshot && cut_records '[[20,2],[21,1],[20,1]]'"
	check "once" eval "xeir snapshot && figure_of 20 sessions_cut 3"
	check "records of a former version have what is cut in all" eval \
		"cut_as_before 22 3 0 && cut_as_before 21 4 1"
	check "what is more than before was newly cut" figure_of 21 sessions_cut 3
}

# one_sequence N IMEI [OPTION...]: a request with the sequence number N, always from one port.
one_sequence() {
	gtp2_try "$pgw4" "$2" --local $access4 --port 2123 --seq "$1" --teid 0x99 --n3 2 --t3 50 \
		"${@:3}" && is "$outcome" "no response: transmissions 2"
}

attempts_listed() {
	is "$(xeir --json list | jq -c '[.[] | select(.directive == 30).attempts]')" "$1"
}

same_sequence() {
	local n

	printf '3534900698730%s\n' 1 2 3 >"$tmp/trying"
	check "a directive of three" xeir load --directive 30 "$tmp/trying"
	for n in 1 2 3; do
		check "handset $n tries with the sequence number of the others" \
			one_sequence 7 "3534900698730$n" --imsi "40401000000040$n"
	done
	check "each has one attempt in the list" attempts_listed '[1,1,1]'
	check "and in the report" eval "figure_of 30 attempts 3 &&
		figure_of 30 handsets_with_attempts 3"
	check "another request of one, with that number" \
		one_sequence 7 35349006987301 --imsi 404010000000401 --teid 0x9a
	check "is another attempt" attempts_listed '[2,1,1]'
	check "a directive that may stop two attempts" xeir unblock 35349006987301 35349006987302 35349006987303
	start "$tmp/breaker" "$core" "$root/userspace/xeir" load --breaker 2/300 --directive 30 "$tmp/trying"
	poll 30 warns "directive 30 is watched"
	for n in 1 2 3; do
		one_sequence 8 "3534900698730$n" --imsi "40401000000040$n" || true
	done
	check "is undone by three with one number" poll 30 contains "$tmp/breaker" "BREAKER TRIPPED"
}

due_today() {
	local today n

	today=$(date -u +%F)
	printf '35349006987401\n' >"$tmp/today"
	for n in "$today" "${today}T00:00:00Z" "$(date -u -d "$today" +%s)"; do
		check "due today, given as $n" eval "xeir load --directive 40 --due $n $tmp/today &&
			figure_of 40 due '\"${today}T23:59:59Z\"'"
	done
	check "one in a file" eval "printf '# directive: 41\n# due: %s\n35349006987402\n' $today |
		xeir load - && figure_of 41 due '\"${today}T23:59:59Z\"'"
	check "is that of its numbers too" eval "xeir numbers add $tmp/numbers --directive 41 --due $today &&
		is \"\$(xeir --json numbers list directive 41 | jq -r '.[0].due')\" ${today}T23:59:59Z"
	check "an attempt today" tries 35349006987401
	check "is none after it was due" figure_of 40 attempts_after_due 0
	check "an older journal holds midnight" eval "sql \"UPDATE record SET detail =
		json_set(detail, '\$.due', '${today}T00:00:00Z') WHERE directive = 40\""
	check "which is the end of that day" figure_of 40 due "\"${today}T23:59:59Z\""
	check "and so is none after it" figure_of 40 attempts_after_due 0
	check "directive list has the same" is \
		"$(xeir --json directive list | jq -c '[.[] | select(.number == 40).due]')" \
		"[\"${today}T23:59:59Z\"]"
}

# snapshot_of DIRECTIVE TIME ATTEMPTS HANDSETS: a record of it, of the list that is enforced now.
snapshot_of() {
	local stamp

	stamp=$(xeir --json snapshot | jq -c '{boot, list}')
	sql "UPDATE record SET time = $2, detail = json('$stamp') WHERE id = (SELECT max(id) FROM record);
		UPDATE record SET detail = json_set(detail, '\$.directives', json('[{\"directive\":$1,
		\"attempts\":$3,\"handsets\":$4,\"last\":$2,\"up\":0,\"cut\":0}]'))
		WHERE id = (SELECT max(id) FROM record)"
}

lower_bounds() {
	local now

	now=$(date +%s)
	printf '3534900698750%s\n' 1 2 >"$tmp/bounds"
	check "a directive of two more" xeir load --directive 50 "$tmp/bounds"
	check "one tries" tries 35349006987501
	check "that is exact" eval "figure_of 50 handsets_with_attempts 1 &&
		qualified 50 handsets_with_attempts null && qualified 50 attempts null"
	check "what is null has no qualifier" qualified 50 attempts_after_due null
	check "it is taken off the list" xeir unblock 35349006987501
	check "the other one tries" tries 35349006987502
	check "two tried, one is known: at least one" eval "figure_of 50 handsets_with_attempts 1 &&
		qualified 50 handsets_with_attempts '\"at least\"' && qualified 50 attempts '\"at least\"'"
	check "the table says so" eval "xeir report directive 50 | grep -q '^attempts  *at least 1$'"
	check "and the CSV" eval "xeir report directive 50 --csv | grep -q '^attempts,1,.*,at least,$'"
	check "it is listed again" xeir load --directive 50 "$tmp/bounds"
	check "its attempt counts once" eval "xeir snapshot && xeir unblock 35349006987501 &&
		xeir snapshot && xeir load --directive 50 $tmp/bounds && figure_of 50 attempts 2"

	printf 'tac,imei\n35349007,\n35349008,\n,35349008000001\n' >"$tmp/tacs"
	check "two TACs, and a handset of one" xeir load --yes --directive 51 "$tmp/tacs"
	check "its handset tries" tries 35349007000001
	check "a TAC is one handset at least" eval "figure_of 51 handsets_with_attempts 1 &&
		qualified 51 handsets_with_attempts '\"at least\"'"
	check "the other's tries, by its IMEI and by its TAC" eval \
		"tries 35349008000001 && tries 35349008000002"
	check "which is one more" figure_of 51 handsets_with_attempts 2

	printf 'tac,action\n35349009,watch\n' >"$tmp/tacs"
	check "a TAC that is watched" xeir load --yes --directive 53 "$tmp/tacs"
	check "a session of it" set_up 7 35349009000007
	check "is up and not cut" figure_of 53 sessions_not_cut 1

	check "a directive due an hour ago" xeir load --directive 52 --due $((now - 3600)) - <<<35349006987503
	sql "UPDATE record SET time = $now - 10800 WHERE directive = 52 OR verb = 'snapshot'"
	check "attempts of two hours around it" eval "snapshot_of 52 $((now - 7200)) 4 1 &&
		snapshot_of 52 $((now - 1800)) 9 1"
	check "are all" figure_of 52 attempts 9
	check "but none is known to be after it" eval "figure_of 52 attempts_after_due 0 &&
		qualified 52 attempts_after_due '\"at least\"'"
	check "those of the next snapshot are" eval "snapshot_of 52 $((now - 900)) 11 1 &&
		figure_of 52 attempts_after_due 2"
}

# listed_of DIRECTIVE FILE HAND REGISTER: as report and directive list have it.
listed_of() {
	is "$(xeir --json report directive "$1" | jq -c '.figures | map({(.figure): .value}) | add |
		[.entries_listed, .entries_by_file, .entries_by_hand, .entries_by_register]')" \
		"[$(($2 + $3 + $4)),$2,$3,$4]" &&
	is "$(xeir --json directive list | jq -c --argjson n "$1" '.[] | select(.number == $n) |
		[.listed, .by_file, .by_hand, .by_register]')" "[$(($2 + $3 + $4)),$2,$3,$4]"
}

state_of() {
	is "$(xeir --json directive list | jq -r --argjson n "$1" '.[] | select(.number == $n).state')" "$2"
}

origins() {
	printf '3534900698760%s\n' 1 2 3 >"$tmp/origins"
	check "a directive of three" xeir load --directive 60 "$tmp/origins"
	check "which a file lists" listed_of 60 3 0 0
	check "and one by hand" eval "xeir block 35349006987604 directive 60 && listed_of 60 3 1 0"
	check "one that expires, by hand" eval "xeir block 35349006987605 directive 60 \
		expiry \$((\$(date +%s) + 2)) && poll 5 listed_of 60 3 1 0"
	check "a number that it disconnects" eval "xeir numbers add - --directive 60 --due 2099-01-01 \
		<<<919812345699 && printf 'msisdn,result\n919812345699,failed\n' |
		xeir numbers import - && listed_of 60 3 1 1"
	check "another one unlists two" eval "printf 'imei,action\n35349006987603,remove\n35349006987604,remove\n' |
		xeir load - --directive 61 && listed_of 60 2 0 1"
	check "its rollback lists them as they came" eval "xeir directive rollback 61 && listed_of 60 3 1 1"

	check "a directive by hand only" xeir block 35349006987611 directive 62
	check "has a report" eval "listed_of 62 0 1 0 && figure_of 62 issuer null"
	check "one of a file of several" eval "printf 'imei,directive\n35349006987612,63\n35349006987613,64\n' |
		xeir load - && listed_of 63 1 0 0 && listed_of 64 1 0 0"

	xeir protect add 35349006987621 >/dev/null
	check "a directive that a guard refuses" exits 2 "refused by guard protected" \
		xeir load --directive 65 --issuer DoT --due 2026-12-31 - <<<35349006987621
	check "has a report" eval "figure_of 65 issuer '\"DoT\"' && figure_of 65 applied null &&
		figure_of 65 due '\"2026-12-31T23:59:59Z\"' && listed_of 65 0 0 0"
	check "it is refused" state_of 65 refused
	check "forced, it is enforced" eval "xeir load --force agreed --directive 65 - <<<35349006987621 &&
		state_of 65 enforced && listed_of 65 1 0 0"
}

arrives() {
	local now refused

	now=$(date +%s)
	xeir protect add 35349006987701 >/dev/null
	printf '# directive: 70\n# issued: %s\n35349006987701\n' "$(date -u -d @$((now - 86400)) +%FT%TZ)" \
		>"$tmp/arriving"
	check "a file that a guard refuses" exits 2 "refused by guard protected" xeir load "$tmp/arriving"
	sql "UPDATE record SET time = $((now - 3600)) WHERE id = (SELECT max(id) FROM record)"
	refused=$(date -u -d @$((now - 3600)) +%FT%TZ)
	check "has arrived" figure_of 70 received "\"$refused\""
	check "as directive list has it" is "$(xeir --json directive list |
		jq -r '.[] | select(.number == 70).received')" "$refused"
	check "and is not applied" eval "figure_of 70 refusals 1 && figure_of 70 received_to_applied null &&
		figure_of 70 issued_to_received 82800"
	check "it is forced" xeir load --force agreed "$tmp/arriving"
	sql "UPDATE enforced SET time = $now WHERE record = (SELECT max(id) FROM record WHERE verb = 'load')"
	check "the delay is that since the refused file" eval "figure_of 70 received '\"$refused\"' &&
		figure_of 70 received_to_applied 3600 && figure_of 70 issued_to_applied 86400 &&
		figure_of 70 minutes_to_apply 60 && figure_of 70 refusals 1"
	check "in seconds" is "$(xeir --json report directive 70 |
		jq -r '.figures[] | select(.figure == "issued_to_applied").unit')" seconds
	check "also in the table" eval "xeir report directive 70 | grep -q '^received to applied  *3600 seconds$'"

	printf '35349006987702\n35349006987701\n' >"$tmp/arriving"
	check "one without a number is refused" exits 2 "refused by guard protected" \
		xeir load "$tmp/arriving"
	sql "UPDATE record SET time = $((now - 7200)) WHERE id = (SELECT max(id) FROM record)"
	check "the same file comes with its number" xeir load --force agreed --directive 71 "$tmp/arriving"
	check "it is known by its digest" eval "figure_of 71 refusals 1 &&
		figure_of 71 received '\"$(date -u -d @$((now - 7200)) +%FT%TZ)\"'"
	check "a refused order by hand is no file" eval "exits 2 protected xeir block 35349006987701 directive 72;
		xeir block 35349006987703 directive 72 && figure_of 72 refusals 0"

	check "a file that came yesterday" xeir load --directive 73 --received $((now - 86400)) - <<<35349006987704
	check "is received then" eval "figure_of 73 received '\"$(date -u -d @$((now - 86400)) +%FT%TZ)\"' &&
		xeir directive show 73 | grep -q '^received  *$(date -u -d @$((now - 86400)) +%FT%TZ)$'"
	check "one that comes tomorrow is refused" exits 2 "expected a time that has passed" \
		xeir load --directive 74 --received $((now + 86400)) - <<<35349006987705
	check "so is what is no date" exits 2 'received: found "soon"' \
		xeir load --directive 74 --received soon - <<<35349006987705
	check "and a receipt of no directive" exits 2 "has one number" \
		xeir load --received $((now - 60)) - <<<35349006987705
}

# explains FIGURE JQ: the evidence of it, of directive 7, gives the value of the report.
explains() {
	local value

	value=$(xeir --json report directive 7 |
		jq -c --arg name "$1" '.figures[] | select(.figure == $name).value')
	xeir --json report directive 7 --explain "$1" >"$tmp/explained"
	is "$(jq -c '[.figure, .directive, .value]' "$tmp/explained")" "[\"$1\",7,$value]" &&
	is "$(jq -c ".evidence | $2" "$tmp/explained")" "$value"
}

# All records of the evidence are in the journal.
evidence_is_recorded() {
	local figure

	for figure in $(xeir --json report directive 7 | jq -r '.figures[].figure'); do
		xeir --json report directive 7 --explain "$figure"
	done | jq '.evidence[].record | values' | sort -u >"$tmp/records"
	xeir --json journal | jq '.[].id' | sort -u >"$tmp/all"
	is "$(comm -23 "$tmp/records" "$tmp/all" | wc -l) $(awk 'END { print (NR > 3) }' "$tmp/records")" "0 1"
}

explained() {
	check "attempts are the sum of their snapshots" explains attempts 'map(.attempts) | add'
	check "handsets are the most of one" explains handsets_with_attempts 'map(.handsets) | max'
	check "attempts after the deadline" explains attempts_after_due 'map(.attempts) | add'
	check "entries are so many" explains entries_listed length
	check "each with its key" is "$(xeir --json report directive 7 --explain handsets_listed |
		jq -c '[.evidence[].key] | sort')" "[\"imei $other\",\"imei $handset\"]"
	check "numbers too" explains numbers_disconnected length
	check "with their state" is "$(jq -c '.evidence[0] | [.msisdn, .state]' "$tmp/explained")" \
		'["919812345672","disconnected"]'
	check "receipt is the first arrival" explains received 'map(.received) | min'
	check "application" explains applied '.[0].moment'
	check "the deadline" explains due '.[0].value'
	check "of all figures the records are those of the journal" evidence_is_recorded
	check "what the programs count has none" eval "xeir report directive 7 --explain attempts |
		grep -q '^record now, time '"
	check "the table has the figure first" eval "xeir report directive 7 --explain attempts |
		sed -n 1p | grep -q '^attempts  *at least 43$'"
	check "and its meaning" eval "xeir report directive 7 --explain 'sessions cut' |
		sed -n 3p | grep -q '^Active sessions'"
	check "there is no other figure" exits 2 'found "luck", expected a figure' \
		xeir report directive 7 --explain luck
	check "it is not for CSV" exits 2 "expected --json or neither" \
		xeir report directive 7 --csv --explain attempts
}

lab_needs sqlite3 bpftool
lab_up
responder_start "$pgw4" "$tmp/responder"
xeir attach dev core0 both entries 100 sessions 100 sightings 100 >/dev/null

check "there is no report without a journal" exits 4 "there is no journal" xeir report --directive 7
printf '%s\n' $handset $other >"$tmp/directive"
check "a directive of two" xeir load --directive 7 --issuer DoT --due 2020-01-01 "$tmp/directive"
check "of another one nothing is known" exits 4 "no directive 8" xeir report --directive 8
check "its issuer" figure issuer '"DoT"'
check "its reference is not known" figure reference null
check "it was due" figure due '"2020-01-01T23:59:59Z"'
check "they are listed" figure handsets_listed 2
check "as soon as it was received" figure minutes_to_apply 0
check "nobody has made an attempt" figure attempts null
check "one tries" tries $handset
check "and tries again" tries $handset
check "which is met twice" figure attempts 2
check "after it was due" figure attempts_after_due 2
check "by one handset" figure handsets_with_attempts 1
check "today" on_day attempts 2
check "a page of it" page
check "a snapshot is taken" xeir snapshot
check "it counts nothing twice" figure attempts 2
check "the list goes, and comes back" eval "xeir detach all --yes && xeir attach dev core0 both"
check "what a snapshot saved is still there" figure attempts 2
check "the other one tries" tries $other
check "which adds to it" figure attempts 3
check "a snapshot of ten days before, as older journals name it" snapshot_before $(($(date +%s) - 864000)) 40
check "is of another boot" figure attempts 43
check "and of another day" on_day attempts 3
printf '%s\n' 919812345671 919812345672 919812345673 >"$tmp/numbers"
check "numbers that it orders" xeir numbers add "$tmp/numbers" --directive 7 --due 2020-01-01
check "are overdue, as it was" figure numbers_overdue 3
printf 'msisdn,result\n919812345671,verified\n919812345672,failed\n' >"$tmp/results"
check "results of two" xeir numbers import "$tmp/results"
check "one is verified" figure numbers_verified 1
check "one failed" figure numbers_failed 1
check "so that it is disconnected" figure numbers_disconnected 1
check "one is left" figure numbers_pending 1
check "it happened today" on_day numbers_disconnected 1
check "every figure's command is there" commands_work
check "the table is for people" eval "xeir report --directive 7 | grep -q '^attempts  *at least 43$'"
check "and CSV for machines" \
	eval "xeir report --directive 7 --csv | grep -q '^attempts,43,xeir report directive 7 --explain attempts,'"
explained
whole_page
sessions_cut
same_sequence
due_today
lower_bounds
origins
arrives
finish
