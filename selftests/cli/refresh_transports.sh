#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The other ways by which lists come to xeir-refresh: https, directories, rsync, sftp; the breaker
# behind it; and how it is installed and started.
# shellcheck disable=SC2317,SC2034 # functions are called through check, and by the library
set -eu
# shellcheck source=selftests/lib/lib_refresh.sh
. "$(dirname "$0")/../lib/lib_refresh.sh"

# --- https -----------------------------------------------------------------------------------

# A CA, and a server's key and certificate in one file.
make_ca() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
		-subj "/CN=$1" -keyout "$tmp/$1.key" -out "$tmp/$1.pem" 2>/dev/null
}

make_certificate() {
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=list" \
		-addext "subjectAltName=IP:127.0.0.1" -keyout "$tmp/server.key" 2>/dev/null |
		openssl x509 -req -days 2 -CA "$tmp/ca.pem" -CAkey "$tmp/ca.key" -CAcreateserial \
			-copy_extensions copy -out "$tmp/server.crt" 2>/dev/null
	cat "$tmp/server.key" "$tmp/server.crt" >"$tmp/server.pem"
}

make_ca ca
make_ca other
make_certificate
start "$tmp/tls-port" "$core" python3 "$selftests/cli/refresh_server.py" "$tmp/web" \
	"$tmp/server.pem"
poll 20 contains "$tmp/tls-port" .
tls=https://127.0.0.1:$(<"$tmp/tls-port")/list.csv

by_https() {
	established "url=$tls" insecure=no "ca=$tmp/ca.pem" && publish 1 110 && serve cut && refresh &&
		kept "curl: (" && serve ok && refresh --now && applied 1 110
}
check "https" by_https
check "https with another's certificate" misbehaves ok "SSL certificate problem" \
	"url=$tls" "ca=$tmp/other.pem"
check "https that sends on to http" misbehaves "to http://127.0.0.1:$port/list.csv" "disabled" \
	"url=$tls" "ca=$tmp/ca.pem" insecure=no

# --- a directory -----------------------------------------------------------------------------

newest() {
	list "$tmp/spool/a.csv" 1 50 4 && list "$tmp/spool/b.csv" 1 100 3 &&
		list "$tmp/spool/c.csv.part" 1 1 2 && list "$tmp/spool/.d.csv" 1 1 1 &&
		list "$tmp/spool/e.txt" 1 1 && ln -s "$web" "$tmp/spool/f.csv" &&
		mkdir "$tmp/spool/g.csv" && mkfifo "$tmp/spool/h.csv" &&
		anew "url=$tmp/spool/*.csv*" && refresh && applied 1 100 && refresh && unchanged &&
		list "$tmp/spool/i.csv" 1 110 && refresh && applied 1 110 && long_ago last_success 1000
}
check "the newest file of a directory" newest

# none URL COMPLAINT: nothing is there.
none() {
	config "url=$1" && refresh --now && is "$status" 1 && [[ $line == *"$2"* ]] && enforced 1 110
}
check "no file that matches" none "$tmp/spool/*.xml" "no file matches $tmp/spool/"
check "no directory" none "$tmp/none/*.csv" "$tmp/none is no directory"

# Each is applied once, in their order, though what the second removes is in the first again.
deltas() {
	local dir=$tmp/deltas

	mkdir "$dir" && anew kind=delta "url=$dir/*.csv" && list "$dir/c.csv" 1 10 4 &&
		printf 'imei,action\n%s,remove\n' "$(numbers 5 1)" >"$dir/b.csv" &&
		touch -d "3 hours ago" "$dir/b.csv" && list "$dir/a.csv" 11 1 2 && refresh &&
		is "$status" 0 && is "$(xeir --json status | jq .entries)" 10 &&
		refresh && unchanged && cp "$dir/c.csv" "$dir/d.csv" && refresh && applied 1 11 &&
		cp "$dir/d.csv" "$dir/e.csv" && refresh && unchanged && list "$dir/f.csv" 5 11 &&
		refresh && applied 1 15
}
check "deltas, one after the other" deltas

same_age() {
	local dir=$tmp/same name
	mkdir "$dir" && anew kind=delta "url=$dir/*.csv" && list "$dir/a.csv" 1 1 &&
		list "$dir/b.csv" 2 1 && list "$dir/c.csv" 3 1 && touch -r "$dir/a.csv" "$dir"/[bc].csv &&
		refresh && is "$status" 0 && enforced 1 3 && rm "$dir/c.csv" && refresh && unchanged &&
		list "$dir/d.csv" 4 1 && touch -r "$dir/a.csv" "$dir/d.csv" && refresh && applied 1 4
}
check "deltas of the same time" same_age

# dirbs BASE RUN [IMEI]: what DIRBS blocks from the one run to the other.
dirbs() {
	printf '%s\n' "imei,block_date,reasons" ${3+"$3,20200101,lost"} \
		>"$tmp/dirbs/20260101_blacklist_delta_$1_$2_blocked.csv"
}

# The next one builds on it.
without_change() {
	mkdir "$tmp/dirbs" && anew kind=delta issuer=dirbs "url=$tmp/dirbs/*.csv" &&
		list "$tmp/base.csv" 1 3 && xeir sync --issuer dirbs --directive 31 "$tmp/base.csv" &&
		dirbs 31 32 && refresh && is "$status" 0 && enforced 1 3 &&
		dirbs 32 33 "$(numbers 4 1)" && refresh && is "$status" 0 && enforced 1 4
}
check "a delta of a day without a change" without_change

# --- rsync and sftp --------------------------------------------------------------------------

printf '%s\n' "[lists]" "path = $tmp/web/www" "use chroot = no" "uid = 0" "gid = 0" \
	>"$tmp/rsyncd.conf"
start "$tmp/rsyncd.log" "$core" rsync --daemon --no-detach --address=127.0.0.1 --port=8730 \
	--config="$tmp/rsyncd.conf"
ssh_config() {
	printf '%s\n' "Port 2222" "ListenAddress 127.0.0.1" "HostKey $tmp/host_key" "PidFile none" \
		"AuthorizedKeysFile $tmp/user_key.pub" "StrictModes no" "UsePAM no" \
		"Subsystem sftp internal-sftp"
}

for name in host_key user_key other_key; do
	ssh-keygen -q -t ed25519 -N "" -f "$tmp/$name"
done
ssh_config >"$tmp/sshd.conf"
mkdir -p /run/sshd
start "$tmp/sshd.log" "$core" "$(command -v sshd || echo /usr/sbin/sshd)" -D -e -f "$tmp/sshd.conf"
echo "[127.0.0.1]:2222 $(<"$tmp/host_key.pub")" >"$tmp/known"
echo "[127.0.0.1]:2222 $(<"$tmp/other_key.pub")" >"$tmp/unknown"
poll 20 in_core bash -c ': >/dev/tcp/127.0.0.1/2222 && : >/dev/tcp/127.0.0.1/8730' 2>/dev/null

# by URL [KEY=VALUE]...: the first list, the same, the next, one that is too large, none.
by() {
	established "$@" sidecar=sha256 && refresh && unchanged && publish 1 110 && refresh &&
		applied 1 110 && long_ago last_success 1000 && publish 1 120 &&
		config "$@" max-size=1K && refresh && is "$status" 1 && enforced 1 110 &&
		rm "$web" && config "$@" && refresh --now && is "$status" 1 && enforced 1 110
}
# Two lists of one length within one second.
within_a_second() {
	local second=$((EPOCHSECONDS - 60))
	anew "$@" sidecar=sha256 && publish 1 100 && touch -d "@$second.1" "$web" "$web.sha256" &&
		refresh --now && applied 1 100 &&
		publish 2 100 && touch -d "@$second.2" "$web" "$web.sha256" && refresh --now && applied 2 100
}
ssh_keys=("known-hosts=$tmp/known" "key=$tmp/user_key")
check "rsync" by "url=rsync://127.0.0.1:8730/lists/list.csv"
check "rsync of two lists within a second" within_a_second \
	"url=rsync://127.0.0.1:8730/lists/list.csv"
check "rsync over ssh" by "url=rsync+ssh://root@127.0.0.1:2222$web" "${ssh_keys[@]}"
check "sftp" by "url=sftp://root@127.0.0.1:2222$web" "${ssh_keys[@]}"
for url in rsync+ssh sftp; do
	check "$url to another host than is known" misbehaves ok "Host key verification failed" \
		"${ssh_keys[1]}" "url=$url://root@127.0.0.1:2222$web" "known-hosts=$tmp/unknown"
	check "$url with another key" misbehaves ok "Permission denied (publickey" "${ssh_keys[0]}" \
		"url=$url://root@127.0.0.1:2222$web" "key=$tmp/other_key"
done

# --- what xeir reports of it -----------------------------------------------------------------

on_trial() {
	xeir --json status | jq -r '.warnings[]' >"$tmp/warnings" && contains "$tmp/warnings" "is watched"
}

listed_are() {
	is "$(xeir --json status | jq .entries)" "$1"
}

# The first is listed by hand as well: what the list adds is undone, and not loaded again.
undone() {
	anew breaker=1/300 && publish 1 100 && refresh_start && poll 20 on_trial && listed_are 100 &&
		gtp2_try "$pgw4" "$(numbers 1 1)" --n3 1 --t3 50 &&
		gtp2_try "$pgw4" "$(numbers 2 1)" --n3 1 --t3 50 &&
		poll 20 contains "$tmp/started" "^list: FAILED: .*BREAKER TRIPPED" && listed_are 0 &&
		poll 5 gone "$started" && refresh --now && is "$status" 3 &&
		logged "$warning" "list: FAILED: the breaker has undone this list before" && listed_are 0
}
check "a list that the breaker undoes" undone

amended() {
	publish 1 90 && refresh_start --now && poll 20 on_trial && listed_are 90 && stop "$started"
}
check "another one is loaded" amended

# --- signatures ------------------------------------------------------------------------------

# sign DIRECTIVE
sign() {
	minisign -S -s "$tmp/sign.key" -m "$web" -t "directive:$1" >/dev/null
}

minisign -G -W -p "$tmp/sign.pub" -s "$tmp/sign.key" >/dev/null
xeir key add ceir "$tmp/sign.pub" >/dev/null

signed() {
	anew sidecar=minisig && publish 1 100 24 && sign 7 && refresh && applied 1 100 &&
		metric directive 7 && long_ago last_success 1000 && failed=1 && publish 1 110 &&
		refresh && kept "it is not what was signed" && sign 8 && refresh --now && applied 1 110 &&
		metric directive 8
}
check "a list that is signed, and one that is not as it was signed" signed

unsigned() {
	anew sidecar=minisig && publish 1 100 24 && sign 9 && refresh && applied 1 100 &&
		long_ago last_success 1000 && failed=1 && publish 1 110 && rm "$web.minisig" &&
		refresh && kept ".minisig: " && config && failed=2 && refresh --now &&
		kept "is not signed"
}
xeir set require-signature on >/dev/null
check "one that is not signed" unsigned
xeir set require-signature off >/dev/null

# --- the units -------------------------------------------------------------------------------

exposure() {
	systemd-analyze security --offline=yes --threshold=30 --no-pager \
		"$root/dist/systemd/xeir-refresh.service" | tail -n 1
}
check "the exposure of the service is 3.0 or less" exposure

units() {
	make -C "$root" install "PREFIX=$tmp/usr" "SYSCONFDIR=$tmp/etc" >/dev/null &&
		SYSTEMD_UNIT_PATH=$tmp/usr/lib/systemd/system: systemd-analyze verify --man=no \
			xeir-refresh.timer xeir-refresh.service xeir.service xeir@core0.service
}
check "the units are in order" units

installed() {
	established && publish 1 110 && program=$tmp/usr/sbin/xeir-refresh &&
		refresh && applied 1 110
}
check "the installed script finds its parts" installed

cron_line() {
	grep -Ev '^#' "$tmp/etc/cron.d/xeir-refresh" >"$tmp/cron" && is "$(wc -l <"$tmp/cron")" 1 &&
		bash -n <(cut -d ' ' -f 7- "$tmp/cron") && contains "$tmp/cron" "^\*/15 \* \* \* \* root "
}
check "the line for cron" cron_line
finish
