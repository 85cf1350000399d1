#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# An attached interface whose network namespace is deleted: without the module, the netfilter links
# keep both. status and detach name a command that frees them, and only them. Where the module is
# loaded, which is an emulated machine, only what the host may not show.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

listed=490154203237518
other=$core-other
index=7700

in_other() {
	nsenter --net="/run/netns/$other" -- "$root/userspace/xeir" "$@"
}

# The namespace with s11, whose peer is in the core. A veth goes with its peer.
other_up() {
	poll 20 has_no_peer &&
	ip netns add "$other" &&
	ip link add s11 index $index netns "$other" type veth peer name peer11 netns "$core" &&
	ip -n "$other" link set s11 up &&
	number=$(stat -L -c %i "/run/netns/$other")
}

has_peer() {
	ip -n "$core" link show peer11
}

has_no_peer() {
	! has_peer
}

hooks_are() {
	is "$(find "$XEIR_PINS" -name 'nf[46]-*' | wc -l)" "$1"
}

not() {
	! "$@"
}

# The list without its attempts.
entries() {
	xeir list | cut -d " " -f 1-12
}

# What the core's host enforced before is enforced, and the list is the same.
untouched() {
	local before

	before=$(dropped) &&
	gtp2_try "$pgw4" "$listed" --n3 1 --t3 50 &&
	is "$(dropped)" $((before + 1)) &&
	is "$(entries)" "$list"
}

# Run the command that the last warning or refusal has named.
as_advised() {
	local command

	command=$(grep -o 'xeir detach dev .*' "$1") &&
	echo "$command" &&
	is "$command" "xeir detach dev s11 netns $number" &&
	$command
}

goes_with_module() {
	check "detach, as the module has a list in one namespace" xeir detach dev core0
	check "attach in another namespace, with the module" in_other attach dev s11
	ip netns del "$other"
	check "the deleted namespace goes" poll 10 has_no_peer
	check "status prints that the interface is missing" warns "^s11: interface missing"
	check "detach forgets it" xeir detach dev s11
	check "leaves no record behind" not test -L "$XEIR_PINS/netns-s11"
	check "the list stays" is "$(entries)" "$list"
	check "the module is unloaded" rmmod xeir
	defer "[ -d /sys/module/xeir ] || '$root/scripts/insmod' '$XEIR_MODULE'"
	xeir attach dev core0 >/dev/null
}

in_use() {
	check "attach in another namespace" in_other attach dev s11
	check "status names where it is" warns "^s11 is in another .* --net=/run/netns/$other xeir"
	check "detach from here is refused, and names that" \
		exits 4 "nsenter --net=/run/netns/$other xeir" xeir detach dev s11
	check "by its number too" exits 4 "nsenter --net=/run/netns/$other xeir" \
		xeir detach dev s11 netns "$number"
	start "$tmp/inside" "$other" sleep 1000
	poll 5 is_in_other "$started"
	ip netns del "$other"
	check "a namespace without a name: status names a process" \
		warns "^s11 is in another .* --net=/proc/$started/ns/net xeir"
	hold "$started"
	check "a namespace without a process: status names a descriptor" \
		warns "^s11 is in another .* --net=/proc/$started/fd/9 xeir"
	check "which enters it" nsenter --net="/proc/$started/fd/9" ip link show s11
	check "detach is refused" exits 4 "^xeir: s11 is in another" \
		xeir detach dev s11 netns "$number"
	check "and takes nothing away" hooks_are 4
	stop "$started"
}

is_in_other() {
	is "$(readlink "/proc/$1/ns/net")" "net:[$number]" >/dev/null
}

# A process of the core takes a descriptor from process $1, which ends.
hold() {
	nsenter --net="/run/netns/$core" bash -c "exec 9<'/proc/$1/ns/net'; exec sleep 1000" &
	started=$!
	disown $started
	running[$started]=1
	defer stop "$started"
	poll 5 test -e "/proc/$started/fd/9"
	stop "$1"
}

deleted() {
	check "the links keep the deleted namespace" has_peer
	check "status names the command that frees it" warns "to free it: xeir detach dev s11 netns $number$"
	check "detach names it" exits 4 "to free it: xeir detach dev s11 netns $number$" xeir detach dev s11
	check "another number is refused" exits 4 "s11 is not attached in network namespace 1" \
		xeir detach dev s11 netns 1
	check "what is no number" exits 2 'netns: found "s11", expected the number' \
		xeir detach dev s11 netns s11
	check "--dry-run" prints_json '[.detached, .dry_run]' '[1,true]' --dry-run \
		detach dev s11 netns "$number"
	check "takes nothing away" hooks_are 4
	check "the command frees it" as_advised "$tmp/warnings"
	check "the namespace and its peer are gone" poll 5 has_no_peer
	check "the hooks here stay" hooks_are 2
	check "status has one interface" status_is '[.interfaces[].name]' '["core0"]'
	check "and no record of the other" not test -L "$XEIR_PINS/netns-s11"
	check "list and filter are as before" untouched
}

# A new namespace of the same name, with an interface of the same name and number.
successor() {
	local former

	other_up
	former=$number
	check "attach in both directions" in_other attach dev s11 both
	ip netns del "$other"
	ip -n "$core" link set peer11 name former11
	other_up
	check "attach in its successor is refused" exits 4 "link-s11 is taken" in_other attach dev s11
	cp "$tmp/err" "$tmp/refusal"
	number=$former
	check "by the number of the former" as_advised "$tmp/refusal"
	check "takes both pins" is "$(find "$XEIR_PINS" -name '*-s11')" ""
	check "the former is gone" poll 5 not ip -n "$core" link show former11
	check "attach in its successor" in_other attach dev s11
	check "has hooks" hooks_are 4
	check "detach there" in_other detach dev s11
	check "leaves no hooks" hooks_are 2
	ip netns del "$other"
	check "the successor goes" poll 5 has_no_peer
}

# The same number of interface, here and there.
renumbered() {
	other_up
	check "attach" in_other attach dev s11
	ip netns del "$other"
	ip -n "$core" link add before index $index type veth peer name peer2
	check "attach of an interface of the same number here" xeir attach dev before
	ip -n "$core" link set before name after
	check "status finds it, renamed as it is" status_is \
		'[.interfaces[] | select(.mode) | .name] | sort' '["after","core0"]'
	check "the command frees the other" xeir detach dev s11 netns "$number"
	check "the deleted namespace goes" poll 5 has_no_peer
	check "detach" xeir detach dev after
	ip -n "$core" link del after
}

# An interface goes first, and nothing is left that names its namespace.
without_interface() {
	other_up
	check "attach" in_other attach dev s11
	ip -n "$other" link del s11
	ip netns del "$other"
	check "status prints that it is missing" warns "^s11: interface missing"
	check "detach" xeir detach dev s11
	check "frees the namespace" hooks_are 2
	other_up
	check "attach" in_other attach dev s11
	ip -n "$other" link del s11
	ip netns del "$other"
	other_up
	check "attach in its successor" in_other attach dev s11
	check "frees the namespace before" hooks_are 4
	check "detach" in_other detach dev s11
	ip netns del "$other"
}

# Only where each process can be looked at is it known that a namespace is deleted.
known() {
	local process

	[[ $(stat -L -c %i /proc/self/ns/pid) == $((0xeffffffc)) ]] || return 1
	for process in /proc/[0-9]*; do
		readlink "$process/ns/net" >/dev/null || [[ ! -e $process ]] || return 1
	done 2>/dev/null
}

verified() {
	if ! known; then
		echo "ok $((tests += 1)) - deleted for sure # SKIP not every process can be looked at"
		return
	fi
	other_up
	check "attach" in_other attach dev s11
	check "verify finds nothing" xeir verify
	ip netns del "$other"
	check "status knows that it is deleted" warns "^s11 is in a deleted network namespace"
	check "and enforces here" status_is .enforce '"on"'
	check "verify fails, and names the command" \
		prints 1 "not filtered: s11 .* xeir detach dev s11 netns $number$" verify
	check "for machines too" prints_json 1 '.unattached | length' 1 verify
	check "detach here" xeir detach dev core0
	check "status: nothing is enforced" status_is .enforce '"off"'
	check "not where another process namespace hides processes" hidden
	check "detach of the last" xeir detach dev s11 netns "$number"
	check "the deleted namespace goes" poll 5 has_no_peer
	check "the list stays" is "$(entries)" "$list"
}

hidden() {
	in_core unshare --pid --fork --mount-proc "$root/userspace/xeir" status >"$tmp/hidden" &&
	contains "$tmp/hidden" "^warning: s11 is in another network namespace, $number, which cannot"
}

the_end() {
	other_up
	check "attach" in_other attach dev s11
	ip netns del "$other"
	check "detach all" xeir detach all --yes
	check "frees the namespace" poll 5 has_no_peer
	check "leaves nothing behind" not test -e "$XEIR_PINS"
}

grep -q ' bpf_nf_link_attach$' /proc/kallsyms || skip_all "this kernel has no BPF netfilter"
lab_needs ip
lab_up
defer "ip netns del $other 2>/dev/null"
other_up
xeir attach dev core0 >/dev/null
xeir block "$listed" >/dev/null
list=$(entries)
if [[ -d /sys/module/xeir ]]; then
	goes_with_module
	verified
else
	in_use
	deleted
	successor
	renumbered
	without_interface
	verified
	the_end
fi
finish
