#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A bounded run of the fuzzers over the shared parser and the readers of files, with ASan and UBSan,
# from one seed; in check-long a longer one from any. What they
# have found stands in verdict_test.c and evasion_test.c.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

command -v clang >/dev/null || skip_all "clang is not installed"
echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' |
	clang -x c -fsanitize=fuzzer,address,undefined -o /dev/null - 2>/dev/null ||
	skip_all "libclang-rt-14-dev is not installed"
lab_files

fuzz() {
	"$root/fuzz/run" "$(rounds 10 120)" "$(rounds 20000 -1)" "$(rounds 1 0)" >"$tmp/figures" || {
		cat "$tmp/figures"
		return 1
	}
}

# covers TARGET: it ran, and got beyond the headers.
covers() {
	awk -v target="$1:" '$1 == target && $2 >= 1000 && $4 >= 250 { found = 1 } END { exit !found }' \
		"$tmp/figures"
}

check "$(rounds "20,000 executions of each, or 10 seconds," "120 seconds") find nothing" fuzz
sed 's/^/# /' "$tmp/figures"
check "any octets as a message reach the rules" covers message
check "any octets as a frame reach the rules" covers frame
check "any octets as a directive reach the readers" covers directive
finish
