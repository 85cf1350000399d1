# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the tests of keys and of signatures share: minisign, and what is recorded. Source it behind
# lib.sh.

lab_needs minisign python3
lab_up
cd "$tmp"

tool() {
	status=0
	xeir "$@" >out 2>err || status=$?
}

# key NAME: NAME.pub and NAME.key.
key() {
	minisign -G -W -p "$1.pub" -s "$1.key" >/dev/null </dev/null
}

# As a number: minisign leaves leading zeros out, xeir does not.
id_of() {
	printf '%016X' "0x$(sed -n '1s/.* //p' "$1.pub")"
}

# What the last record says: its verb, and a member of its detail.
recorded() {
	xeir journal --json | jq -r --arg name "$1" \
		'.[-1] | "\(.verb) \(.detail | getpath($name / "."))"'
}

records() {
	xeir journal --json | jq length
}
