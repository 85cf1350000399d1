#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# xeir-refresh and an HTTP server that misbehaves: whatever it does, the last good list stays
# enforced, and metrics and log say so.
# shellcheck disable=SC2317,SC2034 # functions are called through check, and by the library
set -eu
# shellcheck source=selftests/lib/lib_refresh.sh
. "$(dirname "$0")/../lib/lib_refresh.sh"

# --- the configuration -----------------------------------------------------------------------

# refused COMPLAINT LINE...: of a configuration of these lines.
refused() {
	local complaint=$1
	shift
	printf '%s\n' "$@" >"$conf"
	refresh
	is "$status" 2 && is "$(cat "$tmp/err")" "xeir-refresh: $conf$complaint" &&
		is "$(wc -c <"$tmp/syslog")" 0
}

good=url=https://example.org/list.csv
check "a misspelt key" refused \
	":2: found key \"ulr\", expected one of: alarm-after breaker ca cert directive format \
insecure issuer key kind known-hosts map max-size metrics netrc sidecar stall state timeout url" \
	"[a]" "ulr = https://example.org/list.csv"
check "a wrong value" refused ":3: found kind \"whole\", expected full or delta" \
	"[a]" "$good" "kind = whole"
check "a limit without a number" refused \
	":2: found max-size \"M\", expected octets, or a number with K, M or G" "[a]" "max-size = M"
check "what would be a command is text" refused \
	":2: found state \"\$(touch $tmp/owned)\", expected a directory, from /" \
	"" "state = \$(touch $tmp/owned)"
check "and is not run" test ! -e "$tmp/owned"
check "a line that is nothing" refused \
	":3: found \"kind full\", expected [source], key = value or a comment" "# x" "[a]" "kind full"
check "a key twice" refused ":3: found url a second time" "[a]" "$good" "$good"
check "a source twice" refused ":3: found source \"a\" a second time" "[a]" "$good" "[a]"
check "a source that would be a path" refused \
	":1: found source \"../a\", expected 1 to 32 letters, digits, - or _" "[../a]"
check "no source" refused ": names no source" "# nothing"
check "no url" refused ": [a] has no url" "[a]" "kind = full"
for url in ftp://example.org/x https://me:word@example.org/x https://example.org rsync://-x/y \
	/spool/\$HOME/x; do
	check "url $url" refused ":2: found url \"$url\", expected https://, sftp://, rsync:// or \
rsync+ssh:// with host and path, or a path" "[a]" "url = $url"
done
for url in http rsync; do
	check "$url" refused ": [a]: the server of $url://example.org/x is not authenticated; \
insecure = yes allows it" "[a]" "url = $url://example.org/x"
done
check "sftp from whomsoever" refused ": [a] has no known-hosts" \
	"[a]" "url = sftp://me@example.org/x"
check "two lists that unlist each other" refused \
	": [b] is the full list of all, and so is [a]: each would unlist the entries of the other" \
	"[a]" "$good" "[b]" "$good"

example() {
	status=0
	"$root/scripts/xeir-refresh" --config "$root/examples/refresh.conf" --check || status=$?
	is "$status" 0
}
check "the example is in order" example

no_such_source() {
	config && refresh other && is "$status" 2 && contains "$tmp/err" "names no source \"other\""
}
check "a source that is not there" no_such_source

# --- what goes well --------------------------------------------------------------------------

first_list() {
	anew && list "$web" 1 100 24 && refresh && applied 1 100 && asked "^/list.csv$" &&
		is "$(stat -c %a "$state" "$state/list" "$metrics/xeir_refresh.prom" | paste -sd ' ')" \
			"700 700 644"
}
check "the first list" first_list

not_modified() {
	refresh && unchanged && asked "If-None-Match=" && enforced 1 100
}
check "304 by ETag" not_modified

next_list() {
	list "$web" 1 110 && refresh && applied 1 110
}
check "the next list" next_list

dated() {
	established && serve dated && rm "$state/list/last/etag" && refresh && unchanged &&
		asked "If-Modified-Since="
}
check "304 by date" dated

undated() {
	established && serve undated && refresh && unchanged && enforced 1 100
}
check "the same without ETag or date" undated

renamed() {
	established && echo '"old"' >"$state/list/last/etag" && refresh && unchanged && refresh &&
		unchanged && ! asked 'If-None-Match="old"'
}
check "the same with another ETag" renamed

# Its second row is listed once its day has come, though the server has nothing new.
pending() {
	local tomorrow
	tomorrow=$(date -u -d tomorrow +%Y%m%d)
	anew && printf 'imei,block_date,reasons\n%s,20200101,lost\n%s,%s,lost\n' \
		"$(numbers 1 1)" "$(numbers 2 1)" "$tomorrow" >"$web" && touch -d yesterday "$web" &&
		refresh && applied 1 1 && refresh && applied 1 1 && ! asked "If-" &&
		long_ago pending "$EPOCHSECONDS" && refresh && unchanged
}
check "a list with a block date to come" pending

delta() {
	anew kind=delta && xeir block 49015420323751 >/dev/null && list "$web" 1 3 && refresh &&
		is "$status" 0 && is "$(xeir --json status | jq .entries)" 4 && metric entries 4
}
check "a delta leaves the rest of the list" delta

numbered() {
	anew issuer=ceir directive=7 && publish 1 10 && refresh && applied 1 10 && metric directive 7 &&
		config issuer=ceir && printf 'imei,directive\n%s,9\n' "$(numbers 1 1)" >"$web" &&
		refresh && applied 1 1 && metric directive 9
}
check "the directive that came last" numbered

# Each full list takes the place of its issuer's.
two_issuers() {
	anew issuer=ceir directive=10 && publish 1 10 && list "$tmp/web/www/police.csv" 11 10 &&
		printf '%s\n' "[police]" issuer=police directive=2 \
			"url=http://127.0.0.1:$port/police.csv" >>"$conf" && refresh &&
		is "$status" 0 && enforced 1 20 && publish 3 8 && refresh && is "$status" 0 &&
		enforced 3 18
}
check "lists of two issuers" two_issuers

# --- what goes wrong -------------------------------------------------------------------------

check "404" misbehaves 404 "error: 404"
check "500" misbehaves 500 "error: 500"
check "204" misbehaves 204 "found HTTP status 204, expected 200"
check "no answer" misbehaves mute "Operation too slow" stall=2s
check "a stall" misbehaves stall "Operation too slow" stall=2s
check "too slow for the time there is" misbehaves slow "not done within 2s" timeout=2s
check "cut off" misbehaves cut "bytes remaining to read"
check "a length that is too long" misbehaves long "bytes remaining to read"
check "half of it, of an unsaid length" misbehaves unsaid "does not send the length of the list"
check "no end" misbehaves endless "larger than 4096 octets" max-size=4K
check "a length beyond the limit" misbehaves huge "Maximum file size exceeded"
check "nobody there" misbehaves ok "Failed to connect" url=http://127.0.0.1:1/list.csv
for other in file:///etc/passwd ftp://127.0.0.1/x gopher://127.0.0.1/x; do
	check "sent on to $other" misbehaves "to $other" "not supported or disabled"
done

resumed() {
	established && list "$web" 1 110 && serve cut && refresh && kept "bytes remaining" &&
		serve ok && refresh --now && applied 1 110 && asked "Range=bytes=[1-9]" &&
		asked "If-Range=\""
}
check "what was cut off is gone on with" resumed

not_mixed() {
	established && list "$web" 1 110 && serve cut && refresh && kept "bytes remaining" &&
		list "$web" 6 114 && serve ok && refresh --now && applied 6 114
}
check "unless the list has changed meanwhile" not_mixed

other_url() {
	cp -p "$web" "$tmp/web/www/other.csv" && established && list "$web" 1 110 && serve cut &&
		refresh && kept "bytes remaining" && config "url=http://127.0.0.1:$port/other.csv" &&
		list "$tmp/web/www/other.csv" 1 120 && serve ok && refresh --now && applied 1 120 &&
		asked "^/other.csv$"
}
check "or the url" other_url

older() {
	established && list "$web" 1 110 48 && refresh && kept "and the last good one of" &&
		refresh --now --force "the issuer took today's back" && applied 1 110
}
check "yesterday's list, but when it is confirmed" older

older_by_number() {
	established issuer=ceir directive=20 && publish 1 110 && config issuer=ceir directive=19 &&
		refresh && kept "directive 19 is older than the last of ceir, directive 20"
}
check "a directive older than the last" older_by_number

wrong_clock() {
	anew && list "$web" 1 110 -9999 && refresh && applied 1 110 && list "$web" 1 120 0 &&
		touch -d "1 minute" "$web" && refresh && applied 1 120
}
check "a list from the future keeps none out" wrong_clock

counted() {
	established sidecar=count && publish 1 110 && list "$web" 1 105 && refresh && kept "count"
}
check "a list that is not as long as its sidecar says" counted

digested() {
	established sidecar=sha256 && publish 1 110 && list "$web" 11 110 && refresh && kept "SHA-256"
}
check "a list with another digest" digested

short() {
	established "$1" && publish 1 110 && serve short && refresh && kept "$2"
}
check "a length that is too short, by digest" short sidecar=sha256 "SHA-256"
check "by count" short sidecar=count "count"
check "by what it unlists" short kind=full "it unlists "

no_sidecar() {
	established && config sidecar=sha256 && publish 1 110 && rm "$web.sha256" && refresh &&
		kept ".sha256: "
}
check "nothing next to it" no_sidecar

half() {
	established && publish 1 50 && refresh && kept "it unlists 50 of the 100 " &&
		refresh --now --force "half of them were found" && applied 1 50
}
check "half a list, but when it is confirmed" half

wrong_row() {
	established && list "$web" 1 110 && echo 35349O >>"$web" && refresh && kept "1 fault"
}
check "a list with a fault" wrong_row

# What the tool refuses is there to be looked at.
looked_at() {
	cmp "$state/list/refused/list.csv" "$web" &&
		contains "$tmp/syslog" "it is $state/list/refused/list.csv"
}
check "is kept for a look" looked_at

web_page() {
	established && echo "<html><body>Please log in</body></html>" >"$web" && refresh && kept "1 fault"
}
check "a page of a portal" web_page

empty() {
	established && : >"$web" && refresh && kept "the list is empty"
}
check "a list without anything" empty

# --- back-off, alarm, lock -------------------------------------------------------------------

waits() {
	is "$status" 1 && logged "$warning" "list: waits " && is "$(wc -l <"$tmp/web/requests")" 0
}

backs_off() {
	local n=0 wait

	established && serve 500
	for wait in 120 240 480 960 1920 3600 3600; do
		n=$((n + 1))
		refresh --now && [[ $line == *"($n in a row, next in $wait s)" ]] || return 1
	done
	refresh && waits && metric failures 7 && serve ok && refresh && waits &&
		sed -i "s/^next=.*/next=$EPOCHSECONDS/" "$state/list/status" && refresh && unchanged &&
		metric failures 0
}
check "failures back off" backs_off

grows_old() {
	established alarm-after=1h && serve 500 && refresh && kept "error: 500" &&
		long_ago last_success 3700 && refresh && is "$status" 4 &&
		logged "$alert" "list IS OLD: no success for 37" && metric old 1 && metric failures 1 &&
		metric last_success_timestamp_seconds "$success" && enforced 1 100 && serve ok &&
		refresh --now && unchanged && metric old 0
}
check "a list that grows old" grows_old

# As a run leaves it whose clock is a year ahead.
ahead() {
	local ahead=-$((365 * 86400))
	established && long_ago since "$ahead" && long_ago last_success "$ahead" &&
		long_ago next "$ahead" && refresh && is "$status" 0 &&
		logged "$info" "list: unchanged; list: since was to come" &&
		[[ $line == *"; list: last_success was to come"* ]] && metric_is_now last_success_timestamp_seconds &&
		refresh && unchanged && [[ $line != *"to come"* ]] && long_ago last_success "$ahead" &&
		serve 500 && refresh && metric age_seconds 0 && metric_is_now last_success_timestamp_seconds
}
check "a clock that was ahead" ahead

ahead_of_list() {
	established && touch -d "1 year" "$state/list/last/list.csv" && list "$web" 1 110 &&
		rm "$state/list/last/etag" && serve undated && refresh && applied 1 110
}
check "and has dated a list" ahead_of_list

never_there() {
	anew alarm-after=1h && serve 500 && refresh && is "$status" 1 && metric old 0 &&
		long_ago since 3700 && refresh --now && is "$status" 4 && metric old 1 &&
		metric last_success_timestamp_seconds 0
}
check "a list that never came" never_there

# A run that waits for an answer.
hang() {
	config stall=3s && serve mute && refresh_start --now &&
		poll 20 contains "$tmp/web/requests" .
}

one_at_a_time() {
	established && hang && refresh && is "$status" 5 && contains "$tmp/err" "another run is active" &&
		is "$(wc -c <"$tmp/syslog")" 0 && poll 30 gone "$started"
}
check "one run at a time" one_at_a_time

# Its child may be at work yet.
goes_on() {
	refresh --now && is "$status" 0
}

killed() {
	established && publish 1 110 && hang && kill -KILL "$started" && poll 5 gone "$started" &&
		enforced 1 100 && serve ok && refresh && is "$status" 5 && poll 30 goes_on &&
		enforced 1 110
}
check "one that was killed" killed

# differs XEIR STATUS PRIORITY REMARK VERIFIED: of a run with this tool. The first of the list is
# written anew behind it, as of directive 9.
# shellcheck disable=SC2046 # octets are words
differs() {
	local in_test=("${in_test[@]}" "XEIR=$1")
	established && bpftool map update pinned "$XEIR_PINS/xeir_list" key hex \
		01 53 43 09 00 00 00 10 $(printf '00 %.0s' {1..8}) value hex 01 00 00 00 \
		$(printf '00 %.0s' {1..12}) 09 00 00 00 00 00 00 00 03 00 00 00 && refresh &&
		is "$status" "$2" && logged "$3" "list: unchanged; $4: 1 difference" &&
		contains "$metrics/xeir_refresh.prom" "^xeir_refresh_verified $5$"
}

mended() {
	differs "$root/userspace/xeir" 0 "$info" "RESTORED from the journal" 1 && enforced 1 100 && refresh &&
		unchanged && [[ $line != *RESTORED* ]]
}
check "a list that is not what the journal has" mended

# A tool that does all but restore.
not_mended() {
	printf '%s\n' "#!/bin/sh" \
		"[ \"\$1\" = restore ] || exec $root/userspace/xeir \"\$@\"" \
		>"$tmp/bin/no-restore" && chmod +x "$tmp/bin/no-restore" &&
		differs "$tmp/bin/no-restore" 4 "$alert" "NOT VERIFIED" 0
}
check "and stays so" not_mended

snapshots() {
	xeir --json journal | jq '[.[] | select(.verb == "snapshot")] | length'
}

takes_snapshot() {
	local before
	established && before=$(snapshots) && refresh && unchanged && is "$(snapshots)" $((before + 1))
}
check "each run takes a snapshot" takes_snapshot

columns() {
	anew format=csv "map=imei=Serial No" && printf 'Serial No\n%s\n' "$(numbers 1 3)" >"$web" &&
		refresh && applied 1 3
}
check "a list with its own columns" columns

# What cannot even be noted is reported.
breaks_off() {
	established && mkdir "$state/list/.status" && publish 1 110 && refresh && is "$status" 1 &&
		logged "$alert" "broke off with status 1"
}
check "a run that breaks off" breaks_off

finish
