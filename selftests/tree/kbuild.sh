#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The module builds for every kernel that is promised, without a warning of the compiler at W=1 or
# of sparse, and for the running kernel as kbuild has it: from /lib/modules/RELEASE/build.
# shellcheck disable=SC2317 # functions are called through point
set -u
cd "$(dirname "$0")/../.." || exit

points=0 failures=0

point() { # SENTENCE: of the command before it
	local status=$?

	points=$((points + 1))
	if ((status)); then
		failures=$((failures + 1))
		printf 'not '
	fi
	echo "ok $points - $1"
}

read -r _ release root <<<"$(scripts/kernels 6.1)"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp" "build/kmod-$release"' EXIT
said=$tmp/said
for kernel in 6.1 6.12 newest; do
	# The headers of newest lack a script that kbuild needs for sparse.
	sparse=(C=2 CF=-D__CHECK_ENDIAN__)
	[ "$kernel" != newest ] || sparse=()
	ko=$(scripts/module "$kernel" W=1 "${sparse[@]}" 2>"$said") && [ -s "$ko" ]
	point "xeir.ko is built for $kernel"
	! grep -E '^[^ ]+:[0-9:]+ (warning|error):' "$said"
	point "without a warning at W=1${sparse:+ and with sparse}"
done

# --- the running kernel, which the headers of 6.1 stand in for -----------------------------------

modules=$tmp/lib/modules/$release
mkdir -p "$modules"
ln -s "$root/usr/src/linux-headers-$release" "$modules/build"

install() {
	make install KDIR="$modules/build" DESTDIR="$tmp/$1" >"$said" 2>&1 || { sed 's/^/# /' "$said"; return 1; }
}

installed() {
	find "$tmp/$1/lib/modules" -name 'xeir.ko*' 2>/dev/null
}

refused() {
	! make -s module KDIR="$tmp/none/build" >"$said" 2>&1 && grep -q "linux-headers-$(uname -r)" "$said"
}

refused
point "make module without headers fails, and names their package"
rm -rf "build/kmod-$release"
install none && [ -x "$tmp/none/usr/sbin/xeir" ] && [ -z "$(installed none)" ]
point "make install works without a module"
ko=$(make -s module KDIR="$modules/build" 2>"$said") && [[ $(modinfo -F vermagic "$ko") = "$release "* ]]
point "make module builds for the kernel of KDIR"
install all && [[ $(modinfo -F vermagic "$(installed all)") = "$release "* ]]
point "make install installs that module"
depmod -b "$tmp/all" "$release" 2>/dev/null && modinfo -b "$tmp/all" -k "$release" -n xeir >/dev/null
point "where modprobe finds it"
echo "1..$points"
exit $((failures > 0))
