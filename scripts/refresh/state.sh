# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # shared with those that source it
# What is known of a source between runs:
#
#	STATE/SOURCE/status	key=number
#		     last/	the last good list, its sidecar files, etag, name, origin,
#				place: age and path in its directory
#		     part/	the same of one on its way
#		     refused/	the same of the last that xeir refused; undone: by its breaker
#		     rsync/	what rsync has of one on its way

status_keys=(since last_success changed failures next entries directive pending)
declare -A status=()

read_status() {
	local name number
	for name in "${status_keys[@]}"; do
		status[$name]=0
	done
	status[since]=$now
	[[ -f $home/status ]] || return 0
	while IFS='=' read -r name number; do
		if [[ $name && ${status[$name]+set} && $number =~ ^[0-9]{1,18}$ ]]; then
			status[$name]=$number
		fi
	done <"$home/status"
}

write_status() {
	local name
	for name in "${status_keys[@]}"; do
		echo "$name=${status[$name]}"
	done >"$home/.status"
	mv "$home/.status" "$home/status"
}

# A run with the clock ahead would have the next ones wait for years, and no list be old.
mend_times() {
	local name
	((status[next] <= now + longest_wait)) || status[next]=0
	for name in since last_success; do
		((status[$name] > now)) || continue
		status[$name]=$now
		remarks+="; $source: $name was to come, the clock has been ahead"
		write_status
	done
}

# Work on a source: its name, its directory, what it is the state of.
choose() {
	source=$1
	home=$state/$source part=$state/$source/part
	origin="$(value kind) $(value url)"
	mkdir -p "$home"
	read_status
	mend_times
}

came_from_here() {
	[[ -f $1/origin && $(<"$1/origin") = "$origin" ]]
}

# The list in such a directory; empty: there is none.
list_in() {
	[[ ! -f $1/name ]] || printf '%s' "$1/$(<"$1/name")"
}

replace_dir() {
	rm -rf "$2" && mv "$1" "$2"
}
