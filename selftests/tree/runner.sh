#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The runner must not take a broken test program for a good one.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

lab_files
export XEIR_TESTS=$tmp/tests

# runs LAST-LINE SECONDS SCRIPT: what the runner says of a program.
runs() {
	printf '#!/bin/bash\n%s\n' "$3" >"$tmp/program"
	chmod +x "$tmp/program"
	echo "program host - $2" >"$XEIR_TESTS"
	XEIR_LOGS=$tmp/logs "$selftests/run" --on host >"$tmp/verdict"
	local status=$?
	cat "$tmp/verdict"
	is "$(tail -n 1 "$tmp/verdict")" "$1" && [[ $status$1 == @(0*" 0 failed"*|1*" 1 failed"*) ]]
}

check "passes and skips are counted" runs "1 passed, 0 failed, 1 skipped" 9 \
	'echo 1..2; echo ok 1 - a; echo "ok 2 - b # SKIP c"'
check "a failed point" runs "1 passed, 1 failed, 0 skipped" 9 \
	'echo 1..2; echo ok 1 - a; echo not ok 2 - b; exit 1'
check "a program that skips all" runs "0 passed, 0 failed, 1 skipped" 9 'echo "1..0 # SKIP a"; exit 4'
check "death" runs "1 passed, 1 failed, 0 skipped" 9 'echo 1..1; echo ok 1 - a; kill -SEGV $$'
check "no plan" runs "1 passed, 1 failed, 0 skipped" 9 'echo ok 1 - a'
check "fewer points than planned" runs "1 passed, 1 failed, 0 skipped" 9 'echo 1..2; echo ok 1 - a'
check "no time left" runs "0 passed, 1 failed, 0 skipped" 1 'exec sleep 9'
check "failure without a failed point" runs "1 passed, 1 failed, 0 skipped" 9 \
	'echo 1..1; echo ok 1 - a; exit 1'
check "silence" runs "0 passed, 1 failed, 0 skipped" 9 ''

# runs_long EXPECTED [OPTION]: of two programs, of which one is for check-long too; each prints
# how often it is to repeat.
# shellcheck disable=SC2016 # for the program to expand
runs_long() {
	printf '#!/bin/bash\n. "%s"\necho "ok 1 - $(rounds few many)"; echo 1..1\n' \
		"$selftests/lib/lib.sh" >"$tmp/program"
	cp "$tmp/program" "$tmp/other"
	printf '%s 9\n' "program host host" "other host -" "third - vm" >"$XEIR_TESTS"
	rm -rf "$tmp/logs"
	XEIR_LOGS=$tmp/logs "$selftests/run" "${@:2}" --on host >"$tmp/verdict" &&
	is "$(grep -h "^ok" "$tmp"/logs/host/*.log | xargs)" "$1"
}
check "each program runs, with few rounds" runs_long "ok 1 - few ok 1 - few"
check "--long: only those of check-long, with many" runs_long "ok 1 - many" --long

# A test that its place does not list must not pass for one that did.
refuses_unlisted() {
	echo "program 6.1 - 9" >"$XEIR_TESTS"
	XEIR_LOGS=$tmp/logs "$selftests/run" --on host program >"$tmp/verdict" 2>&1
	is $? 2 && grep -q "lists no test 'program' for host" "$tmp/verdict"
}
check "a named test that the place does not list" refuses_unlisted
finish
