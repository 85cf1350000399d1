# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2317 # what is set here is used by those that source it
# What the tests of xeir-refresh share: an enforced list in the namespace core, refresh_server.py
# on loopback there, and what is to be seen of a run.

# shellcheck source=selftests/lib/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

lab_needs bpftool curl logger minisign openssl python3 rsync sftp sshd ssh-keygen \
	systemd-analyze
lab_up
ip -n "$core" link set lo up
xeir attach dev core0 sessions 1000 sightings 1000 >/dev/null
defer "xeir detach all --yes >/dev/null"

state=$tmp/state metrics=$tmp/metrics conf=$tmp/refresh.conf
mkdir -p "$tmp/bin" "$tmp/web/www" "$tmp/spool" "$metrics"
# Nobody reads the log of the host here: see what would be sent there.
printf '#!/bin/sh\nexec %s --no-act --stderr --socket-errors=off "$@" 2>>%s\n' \
	"$(command -v logger)" "$tmp/syslog" >"$tmp/bin/logger"
chmod +x "$tmp/bin/logger"

# --- what is fetched, and what came of it ----------------------------------------------------

# numbers FIRST COUNT
numbers() {
	seq -f '353490%08.0f' "$1" $(($1 + $2 - 1))
}

# list FILE FIRST COUNT [AGE]: a directive of these, AGE hours old.
list() {
	{ echo imei; numbers "$2" "$3"; } >"$1.new"
	touch -d "${4:-0} hours ago" "$1.new"
	mv "$1.new" "$1"
}

# publish FIRST COUNT [AGE]: what the server has, and what stands next to it.
web=$tmp/web/www/list.csv
publish() {
	list "$web" "$@" && (cd "$tmp/web/www" && sha256sum list.csv >list.csv.sha256) &&
		echo "$2" >"$web.count"
}

serve() {
	echo "$*" >"$tmp/web/mode"
}

program=$root/scripts/xeir-refresh
in_test=(env "PATH=$tmp/bin:$PATH" "XEIR=${XEIR:-$root/userspace/xeir}")

# refresh [ARGUMENT]...: its exit status in $status, its line of the log in $line.
refresh() {
	: >"$tmp/syslog"
	: >"$tmp/web/requests"
	status=0
	in_core "${in_test[@]}" "$program" --config "$conf" "$@" >"$tmp/out" 2>"$tmp/err" ||
		status=$?
	line=$(<"$tmp/syslog")
	cat "$tmp/err" "$tmp/syslog"
}

# The same in the background; its process id in $started.
refresh_start() {
	: >"$tmp/web/requests"
	start "$tmp/started" "$core" "${in_test[@]}" "$program" --config "$conf" "$@"
}

# config [KEY=VALUE]...: one source, where these replace what is usual.
config() {
	printf '%s\n' "state=$state" "metrics=$metrics" stall=20s timeout=60s insecure=yes \
		"[list]" "url=http://127.0.0.1:$port/list.csv" "$@" |
		awk -F = '{ if (!($1 in at)) { at[$1] = ++n } line[at[$1]] = $0 }
			END { for (i = 1; i <= n; i++) print line[i] }' >"$conf"
}

# As if nothing had ever been fetched, and nothing listed.
anew() {
	rm -rf "$state" && config "$@" && serve ok && xeir flush >/dev/null
}

enforced() {
	is "$(xeir --json list | jq -r '.[].imei' | sort | tr '\n' ' ')" \
		"$(numbers "$1" "$2" | tr '\n' ' ')"
}

figure() {
	sed -n "s/^xeir_refresh_$1{source=\"list\"} //p" "$metrics/xeir_refresh.prom"
}

# metric NAME VALUE
metric() {
	is "$(figure "$1")" "$2"
}

metric_is_now() {
	((EPOCHSECONDS - $(figure "$1") < 60))
}

# logged PRIORITY TEXT: in one line.
logged() {
	is "$(wc -l <"$tmp/syslog")" 1 && [[ $line == "<$1>"*"xeir-refresh: "*"$2"* ]]
}
info=30 warning=28 alert=25	# of facility daemon

asked() {
	cat "$tmp/web/requests"
	is "$(wc -l <"$tmp/web/requests")" 1 && contains "$tmp/web/requests" "$1"
}

applied() {
	is "$status" 0 && enforced "$1" "$2" && metric failures 0 && metric entries "$2" &&
		metric_is_now last_success_timestamp_seconds && metric_is_now changed_timestamp_seconds &&
		contains "$metrics/xeir_refresh.prom" "^xeir_refresh_verified 1$" &&
		logged "$info" "list: applied, " && [[ $line == *" $2 listed" ]]
}

unchanged() {
	is "$status" 0 && logged "$info" "list: unchanged" && metric failures 0 &&
		metric_is_now last_success_timestamp_seconds
}

# kept TEXT: it failed for this reason, and list and last success are as they were.
kept() {
	is "$status" 1 && logged "$warning" "list: FAILED: " && [[ $line == *"$1"* ]] &&
		metric failures "$failed" && metric last_success_timestamp_seconds "$success" &&
		metric old 0 && enforced 1 100
}

# Yesterday's list is enforced, since a while.
established() {
	anew "$@" && publish 1 100 24 && refresh --now && applied 1 100 &&
		long_ago last_success 1000 && failed=1 && serve ok
}

# long_ago KEY SECONDS: of the status, is so long ago; $success.
long_ago() {
	success=$((EPOCHSECONDS - $2))
	sed -i "s/^$1=.*/$1=$success/" "$state/list/status"
}

# misbehaves MODE TEXT [KEY=VALUE]...: a new list is there, but the server does not send it.
misbehaves() {
	local mode=$1 text=$2
	shift 2
	established && config "$@" && list "$web" 1 110 && serve "$mode" && refresh && kept "$text" &&
		failed=2 && refresh --now && kept "$text" && serve ok && config && refresh --now &&
		applied 1 110
}
serve ok
start "$tmp/port" "$core" python3 "$selftests/cli/refresh_server.py" "$tmp/web"
poll 20 contains "$tmp/port" .
port=$(<"$tmp/port")
