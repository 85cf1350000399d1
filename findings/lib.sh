# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# For the scripts next to it: a directory to work in, kernels of exact versions, and a machine in
# which a C program is the first process.
set -eu

cannot() { echo "cannot be tried: $*" >&2; exit 2; }

work=$(mktemp -d -t finding.XXXXXX)
qemu=
trap '[ -z "$qemu" ] || kill "$qemu" 2>/dev/null || :; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

# fetch SUITE PACKAGE VERSION: its vmlinuz becomes $work/PACKAGE. The mirror is the machine's own,
# apt's lists and cache are not.
fetch() {
	local uri dir=$work/apt-$1 apt deb
	# shellcheck disable=SC2016 # apt fills in REPO_URI
	uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
		'Origin: Debian' 'Component: main' | head -n 1)
	mkdir -p "$dir/lists/partial" "$dir/archives/partial"
	echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $1 main" >"$dir/sources"
	apt=(-q -o APT::Sandbox::User=root -o Dir::Etc::sourcelist="$dir/sources"
		-o Dir::Etc::sourceparts=- -o Dir::State::lists="$dir/lists"
		-o Dir::State::status=/dev/null -o Dir::Cache="$dir" -o Dir::Cache::archives="$dir/archives")
	echo "package: $2 $3 ($1)"
	(apt-get "${apt[@]}" update && cd "$dir" && apt-get "${apt[@]}" download "$2=$3") \
		>"$dir/log" 2>&1 || cannot "$(tail -n 1 "$dir/log")"
	deb=$(echo "$dir"/*.deb)
	dpkg-deb --fsys-tarfile "$deb" | tar -x -O --wildcards '*/vmlinuz*' >"$work/$2"
	rm -rf "$dir"
}

# build: the C program on stdin becomes the first process.
build() {
	command -v cpio qemu-system-x86_64 >/dev/null || cannot "cpio or qemu-system-x86_64 is missing"
	mkdir -p "$work/root/dev"
	mknod "$work/root/dev/console" c 5 1
	gcc -static -O1 -Wall -o "$work/root/init" -xc -
	(cd "$work/root" && find . | cpio --quiet -o -H newc -R 0:0) >"$work/initramfs"
}

# boot PACKAGE: print what the program says behind "> " or, for figures that differ each time, "= ";
# the former is in $work/PACKAGE.said too.
boot() {
	timeout -k 5 600 qemu-system-x86_64 -accel tcg -m 512 -nodefaults -no-user-config -display none \
		-no-reboot -kernel "$work/$1" -initrd "$work/initramfs" -serial "file:$work/console" \
		-append "console=ttyS0 quiet panic=-1 mitigations=off" </dev/null >&2 &
	qemu=$!
	wait "$qemu" || cannot "QEMU stopped with $1"
	qemu=
	tr -d '\r' <"$work/console" | sed -n 's/^> //p' >"$work/$1.said"
	[ -s "$work/$1.said" ] || cannot "$1 did not get as far as the program"
	echo "$1:"
	sed -n 's/^[>=] /  /p' "$work/console" | tr -d '\r'
}

# as_stated PACKAGE: it said what is on stdin, and nothing else.
as_stated() {
	diff -u - "$work/$1.said" >"$work/diff" || { cat "$work/diff"; echo "$1: changed"; exit 1; }
}

# The kernels: bpf(2) differs between these two.
older=linux-image-6.12.95+deb12-amd64
newer=linux-binary-7.3.4+deb13-amd64
fetch_older() { fetch bookworm-backports "$older" 6.12.95-1~bpo12+1; }
fetch_newer() { fetch trixie-backports "$newer" 7.3.4-1~bpo13+1; }
