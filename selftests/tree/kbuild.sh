#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The module builds for every kernel that is promised, without a warning of the
# compiler at W=1 or of sparse.
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

said=$(mktemp)
trap 'rm -f "$said"' EXIT
for kernel in 6.1 6.12; do
	ko=$(scripts/module "$kernel" W=1 C=2 CF=-D__CHECK_ENDIAN__ 2>"$said") && [ -s "$ko" ]
	point "xeir.ko is built for $kernel"
	! grep -E '(warning|error):' "$said"
	point "without a warning at W=1 and with sparse"
done
echo "1..$points"
exit $((failures > 0))
