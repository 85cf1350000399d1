#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The bench runs, and its results have every row with all that its readers need. It times nothing:
# what it runs is a thousandth, once. What needs a virtual machine is left out. The documents quote
# the last complete run, and no other.
# shellcheck disable=SC2016,SC2317 # conditions are jq's; functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

lab_needs ipset nft tshark bpftool python3 xdp-filter ethtool
for tool in bench/{batch,cut,datapath,flood,lookup} selftests/lib/generate; do
	[[ -x $root/$tool ]] || skip_all "$tool is not built: make all"
done
for peer in "ipset list" "nft list ruleset"; do
	# shellcheck disable=SC2086 # a command of words
	unshare --net $peer >/dev/null 2>&1 || skip_all "this kernel lacks what ${peer%% *} needs"
done
lab_files
cd "$root"

# --- the sums --------------------------------------------------------------------------------

rows='[{"row": 1, "work": "w", "against": "p", "sample": "own", "peer": "other", "unit": "s",
	"goal": {"ratio_at_most": 0.5}},
 {"row": 2, "work": "w", "sample": "own", "unit": "s", "goal": {"value_at_most": 3}},
 {"row": 3, "work": "w", "sample": "own", "unit": "s", "goal": {}}]'

# sums SAMPLES JQ: what the condition says of them
sums() {
	echo "$rows" >"$tmp/rows" &&
	tr ' ,' '\n ' <<<"$1" >"$tmp/samples" &&
	bench/summary "$tmp/rows" "$tmp/samples" >"$tmp/summary" &&
	jq -e "$2" "$tmp/summary"
}

refused() {
	! sums "$1" true
}

summary() {
	local samples="own,1 own,2 own,9 other,4 other,1 other,3"

	check "the ratio is the median of the rounds', not of the medians" \
		sums "$samples" '.rows[0].ratio == 2 and .rows[0].value == 2'
	check "the spread is of all rounds" sums "$samples" '.rows[0].spread == 1.375'
	check "a goal missed is shown" sums "$samples" '.rows[0].met | not'
	check "one that is met too" sums "$samples" '.rows[1].met'
	check "one that was not set is neither" sums "$samples" '.rows[2].met == null'
	check "the table shows each" is \
		"$(bench/table "$tmp/summary" | awk '/^[0-9]/ {print $(NF - 2)}' | xargs)" "no yes -"
	check "a row without a peer has no ratio" sums "$samples" '.rows[1].ratio == null'
	check "rounds of one side only are refused" refused "own,1 own,1 other,2"
	check "samples of no row are refused" refused "$samples another,1"
}

# --- the parts -------------------------------------------------------------------------------

fields='["against", "goal", "met", "ratio", "row", "spread", "unit", "value", "work"]'

trial() {
	mapfile -t parts < <(find bench/part -type f ! -name vm -printf '%f\n')
	bench/run --trial --results "$tmp/results" "${parts[@]}" >"$tmp/table"
}

has() {
	jq -e --slurpfile rows bench/rows.json "$1" "$tmp/results"
}

trial_run() {
	check "every part runs" trial
	check "every row is there, once" has '(.rows | map([.row, .work, .against])) ==
		($rows[0] | map(select(.row != 8) | [.row, .work, .against]))'
	check "with all its fields" has "all(.rows[]; keys == $fields)"
	check "of their types" has 'all(.rows[]; (.value, .spread | type == "number") and
		(.met | type) == if .goal == {} then "null" else "boolean" end and (.unit | type == "string"))'
	check "the ratio of those that are compared" has 'all(.rows[];
		(.ratio | type) == "number" or .against == null or .row == 11)'
	check "where they were measured" has '.kernel and (.cpu, .commit | type == "string")'
	check "the table has them all" is "$(tail -n +3 "$tmp/table" | wc -l)" \
		"$(jq '.rows | length' "$tmp/results")"
	check "a part that does not exist is refused" eval '! bench/run --trial nothing'
}

# --- what documents quote of the last run ----------------------------------------------------

# quoted FILE LINES: the table in FILE has so many lines, and the last run each of them.
quoted() {
	awk '/^kernel .*, commit /, /^```/' "$root/$1" | grep -v '^```' >"$tmp/quoted"
	! grep -vxFf "$tmp/last" "$tmp/quoted" && [[ $(wc -l <"$tmp/quoted") -ge $2 ]]
}

last_run() {
	bench/table bench/results.json >"$tmp/last"
	check "the last run was of every row" is "$(jq '.rows | length' bench/results.json)" \
		"$(jq length bench/rows.json)"
	check "docs/performance.md quotes all of it" quoted docs/performance.md "$(wc -l <"$tmp/last")"
	check "README.md quotes it" quoted README.md 3
}

summary
trial_run
last_run
finish
