#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Two lists are swapped again and again while the program is asked all along: no probe may
# meet half of one and half of the other, nor an empty list.
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

swaps=$(rounds 200 1000)

# shellcheck disable=SC2119 # no more tools than the laboratory itself needs
lab_needs
lab_up
xeir attach dev core0 >/dev/null
# Before 6.10 a test run does not hold softirqs off: a frame that a timer has sent, as those of
# neighbour discovery are, would be judged amid a probe, in what the programs keep for each processor.
ip -n "$access" link set access0 down
read -r road swapped probes passed <<<"$(in_core "$selftests/unit/swap_probe" "$swaps")"

echo "# $swapped swaps, $probes probes, by $road"
check "every swap was applied" is "$swapped" "$swaps"
check "each was one commit" is "$(xeir --json status | jq .generation)" $((swaps + 1))
check "there were more probes than swaps" test "$probes" -gt "$swaps"
check "no probe met half of a list, or none" is "$passed" 0
check "no handset of both lists was ever unlisted" is \
	"$(xeir --json stats | jq '.rules.not_listed.pass // 0')" 0
finish
