# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # shared with those that source it
# Fetch a list. get_* URL FILE leaves all of URL in FILE, or fails with the reason in $why; status
# $unchanged: it is the list that we have.

unchanged=9
sidecar_limit=65536	# octets of a signature, a digest or a count

# The last of what was said, but for what rsync says of any failure.
complaint() {
	grep -v '^rsync: connection unexpectedly closed\|^rsync error: ' "$home/error" | tail -n 2
}

# Run a command within the limits of time and size, whatever it does itself. $said is what it
# says, $why what it complains of.
limited() {
	local result=0
	(
		trap '' XFSZ	# so that it can say why
		ulimit -f $(((limit + 1023) / 1024 + 1))
		exec timeout --foreground -k 5 "$(seconds timeout)" "$@"
	) >"$home/said" 2>"$home/error" </dev/null || result=$?
	mapfile -t said <"$home/said"
	why=$(grep -m 1 '^curl: ' "$home/error" || complaint)
	[[ $result != @(124|137) ]] || why="not done within $(value timeout)"
	return $result
}

# --- https -----------------------------------------------------------------------------------

curl_options() {
	local schemes='=https'
	[[ $(value insecure) = no ]] || schemes+=,http
	options=(-q --silent --show-error --fail --globoff --location --max-redirs 3
		--proto "$schemes" --proto-redir "$schemes" --tlsv1.2
		--connect-timeout "$(seconds stall)" --speed-time "$(seconds stall)"
		--speed-limit 100 --max-filesize "$limit")
	! has ca || options+=(--cacert "$(value ca)")
	! has cert || options+=(--cert "$(value cert)")
	! has key || options+=(--key "$(value key)")
	! has netrc || options+=(--netrc-file "$(value netrc)")
}

# A list with block dates to come is another one when they have come.
is_settled() {
	[[ $old && ! $force ]] && [[ $(value kind) = delta || ${status[pending]} = 0 ]]
}

# The rest of what is there, if it still is the rest; or all of it, if it is new.
curl_conditions() {
	local etag=
	[[ ! -f $part/etag ]] || etag=$(<"$part/etag")
	if [[ -s $list && $etag == \"* ]]; then
		options+=(--continue-at - --header "If-Range: $etag")
		return
	fi
	rm -f "$list"
	options+=(--etag-save "$part/etag")
	is_settled || return 0
	if [[ -s $home/last/etag ]]; then
		options+=(--etag-compare "$home/last/etag")
	else
		options+=(--header "If-Modified-Since: $(date -u -r "$old" '+%a, %d %b %Y %T GMT')")
	fi
}

# Did the server say where the body ends? Else a broken connection looks like its end.
says_its_end() {
	local version=$1 length=$2 coding=$3
	[[ $version == [23]* || $length || $coding == *chunked* ]]
}

get_https() {
	local url=$1 file=$2 options result=0
	curl_options
	[[ $file != "$list" ]] || curl_conditions
	limited curl "${options[@]}" --remote-time --output "$file" --url "$url" --write-out \
		'%{http_code}\n%{http_version}\n%header{content-length}\n%header{transfer-encoding}\n' ||
		result=$?
	case $result-${said[0]-} in
	0-304) return $unchanged ;;
	0-200 | 0-206) ;;
	0-*) why="found HTTP status ${said[0]}, expected 200" && return 1 ;;
	33-* | 22-416)	# it has another list now than the one that was cut off
		rm -f "$file"
		get_https "$@"
		return
		;;
	*) return 1 ;;
	esac
	says_its_end "${said[@]:1}" || has sidecar || {
		why="the server does not send the length of the list, and no sidecar file has it"
		rm -f "$file"
		return 1
	}
}

# --- sftp, rsync -----------------------------------------------------------------------------

# Its [USER@]HOST, port and path.
split_url() {
	local rest=${1#*://}
	peer=${rest%%/*} where=/${rest#*/} port=
	[[ $peer != *:* ]] || port=${peer##*:} peer=${peer%:*}
}

ssh_options() {
	options=(-o BatchMode=yes -o StrictHostKeyChecking=yes
		-o "UserKnownHostsFile=$(value known-hosts)" -o GlobalKnownHostsFile=none
		-o "ConnectTimeout=$(seconds stall)" -o ServerAliveInterval=10
		-o ServerAliveCountMax=3 ${port:+-o "Port=$port"})
	! has key || options+=(-o IdentitiesOnly=yes -i "$(value key)")
}

# From the start: it is not known whether the rest would belong to what is there.
get_sftp() {
	local options peer where port
	split_url "$1"
	ssh_options
	rm -f "$2"
	echo "get -p $where $2" >"$home/batch"
	limited sftp -b "$home/batch" "${options[@]}" "$peer"
}

# What is as in the last list is copied from there, so that only what differs comes. By time and
# length alone, a list made anew within the same second would be the one before.
get_rsync() {
	local url=$1 file=$2
	shift 2
	limited rsync --times --modify-window=-1 --no-motd --timeout="$(seconds stall)" --max-size="$limit" \
		--partial-dir="$home/rsync" --copy-dest="$home/last" "$@" "$url" "$file" || return
	[[ -f $file && ! -L $file ]] || {
		why="$url: no file of at most $limit octets"
		return 1
	}
}

get_rsync_ssh() {
	local options peer where port
	split_url "$1"
	ssh_options
	get_rsync "$peer:$where" "$2" --protect-args --rsh="ssh ${options[*]}"
}

# --- a directory -----------------------------------------------------------------------------

by_age() {
	sort -u -k 1,1n -k 2
}

# What matches and is complete, as writers rename, by age, and by name where that is the same.
matching() {
	find "${url%/*}/" -maxdepth 1 -type f -name "${url##*/}" ! -name '.*' ! -name '*.part' \
		! -name '*.minisig' ! -name '*.sha256' ! -name '*.count' -printf '%T@ %p\n' | by_age
}

# Whether the last is there any more or not.
next_after() {
	{ matching && echo "$1"; } | by_age | grep -Fx -m 1 -A 1 -- "$1" | sed -n 2p
}

# In $url and $place: of full lists the newest, of deltas the first that follows the last.
find_file() {
	[[ -d ${url%/*}/ ]] || { why="${url%/*} is no directory" && return 1; }
	if [[ $(value kind) = delta && $old ]]; then
		place=$(next_after "$(<"$home/last/place")")
		[[ $place ]] || return $unchanged
	elif [[ $(value kind) = delta ]]; then
		place=$(matching | head -n 1)
	else
		place=$(matching | tail -n 1)
	fi
	[[ $place ]] || { why="no file matches $url" && return 1; }
	url=${place#* }
}

get_directory() {
	local before
	before=$(stat -c '%F %s %Y' "$1" 2>&1) || { why=$before && return 1; }
	limited cp --no-dereference --preserve=timestamps "$1" "$2" || return
	[[ $(stat -c '%F %s %Y' "$1" "$2" | sort -u) = "$before" ]] || {
		why="$1 changed while it was read"
		return 1
	}
}

# --- all of them -----------------------------------------------------------------------------

# What is too large is not kept, or its rest would be asked for.
check_size() {
	[[ -f $1 ]] && (($(stat -c %s "$1") > limit)) || return 0
	why="larger than $limit octets"
	rm -f "$1"
	return 1
}

get() {
	local result=0
	case $1 in
	/*) get_directory "$@" ;;
	http?(s)://*) get_https "$@" ;;
	sftp://*) get_sftp "$@" ;;
	rsync://*) get_rsync "$@" ;;
	rsync+ssh://*) get_rsync_ssh "$@" ;;
	esac || result=$?
	check_size "$2" || result=1
	return $result
}

# What a list is called here, as complaints name it and a digest may.
local_name() {
	local name=${1%%[?#]*}
	name=$(printf '%s' "${name##*/}" | tr -c 'A-Za-z0-9._-' _)
	case $name in
	'' | .* | name | etag | origin | place | undone) name=list ;;
	esac
	printf '%s' "${name:0:100}"
}

begin_part() {
	list=$part/$(local_name "$url")
	came_from_here "$part" || rm -rf "$part"
	mkdir -p "$part"
	printf '%s' "$origin" >"$part/origin"
	printf '%s' "${list##*/}" >"$part/name"
	printf '%s' "$place" >"$part/place"
}

get_sidecars() {
	local suffix limit=$sidecar_limit plain=${url%%[?#]*}
	for suffix in $(value sidecar); do
		get "$plain.$suffix${url#"$plain"}" "$list.$suffix" || {
			why=".$suffix: $why"
			return 1
		}
	done
}

# A clock that is wrong, of a server or once here, must not make all later lists look old.
cap_time() {
	(($(stat -c %Y "$1") <= now)) || touch "$1"
}

is_same() {
	is_settled && cmp -s "$list" "$old"
}

# It goes by the name and time that it came under last.
note_same() {
	local name
	for name in etag place; do
		[[ ! -s $part/$name ]] || mv "$part/$name" "$home/last/$name"
	done
	[[ ! $list -nt $old ]] || touch -r "$list" "$old"
}

check_age() {
	[[ $old && ! $force && $list -ot $old ]] || return 0
	why="of $(date -u -r "$list" '+%FT%TZ'), and the last good one of $(date -u -r "$old" '+%FT%TZ')"
	return 1
}

# The list into $list.
fetch() {
	local url limit place=
	url=$(value url) limit=$(octets max-size) old=
	! came_from_here "$home/last" || old=$(list_in "$home/last")
	[[ ! $old ]] || cap_time "$old"
	[[ $url != /* ]] || find_file || return
	begin_part
	get "$url" "$list" || return
	[[ -s $list ]] || { why="the list is empty" && return 1; }
	cap_time "$list"
	! is_same || { note_same && return $unchanged; }
	check_age && get_sidecars || {
		rm -rf "$part"
		return 1
	}
}
