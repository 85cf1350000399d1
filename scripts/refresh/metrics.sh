# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # shared with those that source it
# Metrics of the sources, for the textfile collector of Prometheus' node_exporter.

declare -A figures=()

# Of the current source.
note_figures() {
	figures[$source.last_success_timestamp_seconds]=${status[last_success]}
	figures[$source.changed_timestamp_seconds]=${status[changed]}
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
	metric last_success_timestamp_seconds "Unix time of the last good list of the source."
	metric changed_timestamp_seconds "Unix time when a list of the source was last applied."
	metric age_seconds "Seconds since the last success, or since the first attempt, at this run."
	metric failures "Failed attempts since the last success."
	metric entries "Entries in the list after the last list of the source was applied."
	metric directive "Number of the directive that was last applied."
	metric old "1 if the last success is older than alarm-after."
	gauge verified "1 if the enforced list is the list of the journal."
	echo "xeir_refresh_verified $verified"
}

# By rename, since the collector reads at any time, and as another user.
write_metrics() {
	local directory=$1 new=$1/.xeir_refresh.$$
	metrics >"$new" && chmod 644 "$new" && mv "$new" "$directory/xeir_refresh.prom"
}
