#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The folder of the tests as tools/testing/selftests/xeir of Debian's 6.1: it builds there, and runs
# in kselftest's runner, in place and installed. A few programs do; the rest has at least all
# that it names.
# shellcheck disable=SC2016,SC2317 # functions are called through check; sed's are no variables
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

lab_needs rsync xz make
lab_files

# --- the kernel tree -------------------------------------------------------------------------

cache=$(realpath -m "${XEIR_CACHE:-/var/cache/xeir}")
source=$cache/selftests-6.1

# Of the source: the selftests, and what their Makefile includes.
fetch() {
	local work=$source.new
	rm -rf "$work"
	mkdir -p "$work/tree"
	apt-get -q update &&
	(cd "$work" && apt-get -o APT::Sandbox::User=root -q download linux-source-6.1) &&
	dpkg-deb --fsys-tarfile "$work"/*.deb | tar -xO ./usr/src/linux-source-6.1.tar.xz |
		tar -xJ -C "$work/tree" --strip-components=1 --no-same-owner \
			linux-source-6.1/{tools/testing/selftests,scripts/subarch.include} &&
	mv "$work/tree" "$source" &&
	rm -r "$work"
}

# At the same time as others, only the first.
fetched() {
	mkdir -p "$cache" && exec 9>"$cache/lock-selftests" && flock 9 || return
	[[ -d $source ]] || fetch || return
	exec 9>&-
}

# Once installed, this is taken away: what runs then needs nothing of it.
kernel=$tmp/kernel
dropped=$kernel/tools/testing/selftests/xeir
drop() {
	cp -a "$source" "$kernel" && cp -a "$selftests" "$dropped"
}

# As from a shell: what the make of `make check-long` gives to its own is not for this one.
kselftest() {
	env -u MAKEFLAGS -u MAKELEVEL -u XEIR_TREE make -C "$kernel/tools/testing/selftests" \
		TARGETS=xeir FORCE_TARGETS=1 "$@"
}

# --- what is checked -------------------------------------------------------------------------

clean() {
	kselftest clean && [[ ! $(find "$dropped" -name '*_test' -o -name '*.so') ]]
}

tells_what_is_missing() {
	! kselftest >"$tmp/said" 2>&1 && cat "$tmp/said" && contains "$tmp/said" "make XEIR_TREE=DIRECTORY"
}

# ran FILE RESULT...: kselftest's line of each program, and no other; and points of their own.
ran() {
	cat "$1"
	diff <(printf '%s\n' "${@:2}") <(sed -n 's/^\(not \)\?ok [0-9]* selftests: xeir: /\1/p' "$1") &&
		contains "$1" '^# ok [0-9]' && ! contains "$1" '^# not ok'
}

without_module=" # SKIP"
[[ ! -d /sys/module/xeir ]] || without_module=

in_place() {
	kselftest XEIR_TREE="$root" TEST_GEN_PROGS="unit/verdict_test netlink/netlink_test" \
		TEST_PROGS=cli/keys.sh run_tests >"$tmp/said" 2>&1
	ran "$tmp/said" verdict_test "netlink_test$without_module" keys.sh
}

installed=$tmp/installed
installs() {
	kselftest XEIR_TREE="$root" INSTALL_PATH="$tmp/at-first" install &&
	mv "$tmp/at-first" "$installed" && rm -r "$kernel"
}

# Of each listed program that is not of the repository itself.
listed() {
	awk '/^[^#]/ && $1 !~ /^tree\// { print "xeir:" $1 }' "$selftests/tests" |
		grep -vxF -e xeir:unit/fuzz.sh -e xeir:cli/refresh_transports.sh | sort
}

is_listed() {
	diff <(listed) <("$installed/run_kselftest.sh" --list | sort)
}

executables() {
	local program
	while IFS=: read -r _ program; do
		[[ -x $installed/xeir/$program ]] || { echo "$program" && return 1; }
	done < <(listed)
}

# Files that the installed scripts name below $selftests and $root.
named() {
	grep -rohE '\$(selftests|root)"?/[a-z0-9_./-]*[a-z0-9_]' --include='*.sh' "$installed/xeir" |
		tr -d '"' | sort -u
}

all_named_are_there() {
	local name status=0
	[[ $(named | wc -l) -gt 10 ]] || return
	while read -r name; do
		name=${name/#\$selftests/$installed/xeir} name=${name/#\$root/$installed/xeir/xeir}
		compgen -G "$name*" >/dev/null || { echo "$name" && status=1; }
	done < <(named)
	return "$status"
}

from_the_installed() {
	"$installed/run_kselftest.sh" -t xeir:unit/verdict_test -t xeir:cli/golden.sh \
		-t xeir:e2e/gtp2.sh >"$tmp/said" 2>&1
	ran "$tmp/said" verdict_test golden.sh gtp2.sh
}

# Debian's kernel has what the fragment asks for, built in or as a module.
configured() {
	local kernel option status=0
	kernel=$("$root/scripts/kernels" 6.1) || return
	read -r _ _ kernel <<<"$kernel"
	while IFS='=' read -r option _; do
		grep -qE "^$option=[ym]$" "$kernel"/boot/config-* || { echo "$option" && status=1; }
	done <"$selftests/config"
	return "$status"
}

patient() {
	local longest timeout
	longest=$(awk '/^[^#]/ && $4 > n { n = $4 } END { print n }' "$selftests/tests")
	timeout=$(sed -n 's/^timeout=//p' "$selftests/settings")
	((timeout >= longest)) || { echo "$timeout s, and a test may take $longest"; return 1; }
}

check "Debian's 6.1 has all of the fragment of the configuration" configured
check "kselftest waits for the slowest program" patient
check "the source is fetched" fetched
check "the folder drops in" drop
check "make clean leaves no program" clean
check "without a tree of xeir it says what to do" tells_what_is_missing
check "it builds" kselftest XEIR_TREE="$root"
check "run_tests" in_place
check "install" installs
check "each program is listed, by folder" is_listed
check "each can be run" executables
check "what scripts name was installed" all_named_are_there
check "run_kselftest.sh" from_the_installed
finish
