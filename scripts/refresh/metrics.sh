# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # shared with those that source it
# What became of the sources, for the textfile collector of Prometheus' node_exporter.

declare -A figures=()

# Of the source in hand.
note_figures() {
	figures[$source.last_success_seconds]=${status[last_success]}
	figures[$source.changed_seconds]=${status[changed]}
	figures[$source.age_seconds]=$(age)
	figures[$source.failures]=${status[failures]}
	figures[$source.entries]=${status[entries]}
	figures[$source.directive]=${status[directive]}
	figures[$source.old]=0
	! is_old || figures[$source.old]=1
}

gauge() {
	printf '# HELP xeir_refresh_%s %s\n# TYPE xeir_refresh_%s gauge\n' "$1" "$2" "$1"
}

metric() {
	local name
	gauge "$@"
	for name in "${sources[@]}"; do
		printf 'xeir_refresh_%s{source="%s"} %s\n' "$1" "$name" "${figures[$name.$1]}"
	done
}

metrics() {
	metric last_success_seconds "When the source last gave a good list, since 1970."
	metric changed_seconds "When a list of it was last applied, since 1970."
	metric age_seconds "From the last success, or the first attempt, to this run."
	metric failures "Failures since the last success."
	metric entries "What was listed in all once its last list was applied."
	metric directive "Directive of the list that was last applied."
	metric old "1: the last success is longer ago than alarm-after."
	gauge verified "1: what is enforced is what the journal says."
	echo "xeir_refresh_verified $verified"
}

# By rename, since the collector reads at any time, and as another user.
write_metrics() {
	local directory=$1 new=$1/.xeir_refresh.$$
	metrics >"$new" && chmod 644 "$new" && mv "$new" "$directory/xeir_refresh.prom"
}
