// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>

#include "cmd/prometheus.h"
#include "lib/enum_names.h"

static void head(const char *name, const char *type, const char *help)
{
	printf("# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void print_gauge(const char *name, const char *help, uint32_t value)
{
	head(name, "gauge", help);
	printf("%s %" PRIu32 "\n", name, value);
}

static void print_packets(const struct xeir_counter *counters)
{
	head("xeir_packets_total", "counter", "Packets by rule and action.");
	for (int rule = 0; rule <= XEIR_RULE_MAX; rule++)
		for (int action = 0; action <= XEIR_ACTION_MAX; action++)
			printf("xeir_packets_total{rule=\"%s\",action=\"%s\"} %" PRIu64 "\n",
			       rule_name(rule), action_name(action),
			       (uint64_t)counters[rule].packets[action]);
}

static void print_not_enforced(const struct xeir_counter *counters)
{
	head("xeir_packets_not_enforced_total", "counter",
	     "Packets that passed only because enforcement is not on, by rule.");
	for (int rule = 0; rule <= XEIR_RULE_MAX; rule++)
		printf("xeir_packets_not_enforced_total{rule=\"%s\"} %" PRIu64 "\n",
		       rule_name(rule), (uint64_t)counters[rule].not_enforced);
}

static void print_lost(const struct xeir_counter *counters)
{
	uint64_t lost = 0;

	for (int rule = 0; rule <= XEIR_RULE_MAX; rule++)
		lost += counters[rule].lost;
	head("xeir_events_lost_total", "counter",
	     "Events lost because they were not read in time.");
	printf("xeir_events_lost_total %" PRIu64 "\n", lost);
}

static void print_enforce(__u8 enforce)
{
	head("xeir_enforce", "gauge", "1 for the current enforcement mode, 0 for the others.");
	for (int mode = 0; mode <= XEIR_ENFORCE_MAX; mode++)
		printf("xeir_enforce{mode=\"%s\"} %d\n", enforce_name(mode), mode == enforce);
}

static void print_tallies(const struct map_usage *tables)
{
	static const struct {
		const char *name, *help;
	} tallies[XEIR_TALLIES] = {
		[XEIR_TALLY_STARTED] = { "xeir_sessions_started_total",
					 "Sessions that were set up." },
		[XEIR_TALLY_ENDED] = { "xeir_sessions_ended_total", "Sessions that ended." },
		[XEIR_TALLY_FULL] = { "xeir_sessions_full_total",
				      "Sessions, bearers and tunnels not tracked because a table "
				      "was full." },
		[XEIR_TALLY_UNSOLICITED] = { "xeir_responses_unsolicited_total",
					     "Responses to no request that was seen." },
		[XEIR_TALLY_RETRANSMITTED] = { "xeir_responses_retransmitted_total",
					       "Responses that were sent again." },
		[XEIR_TALLY_RESTARTS] = { "xeir_peer_restarts_total",
					  "Restarts of peers, by their restart counter." },
	};

	for (int tally = 0; tally < XEIR_TALLIES; tally++) {
		head(tallies[tally].name, "counter", tallies[tally].help);
		printf("%s %" PRIu64 "\n", tallies[tally].name, tables->tallies[tally]);
	}
}

static void print_tables(const struct map_usage *tables)
{
	print_tallies(tables);
	print_gauge("xeir_sessions", "Sessions that are tracked.", tables->sessions);
	print_gauge("xeir_sessions_capacity", "Capacity of the session table.",
		    tables->sessions_capacity);
	print_gauge("xeir_tunnels_cut", "Tunnels of sessions that are cut.",
		    tables->cutting.tunnels);
}

void prometheus_print(const struct figures *figures, const struct map_usage *tables, __u8 enforce)
{
	print_packets(figures->counters);
	print_not_enforced(figures->counters);
	print_lost(figures->counters);
	print_gauge("xeir_list_entries", "Entries in the enforced list.", figures->entries);
	print_gauge("xeir_list_capacity", "Capacity of the list, in entries.", figures->capacity);
	print_gauge("xeir_list_generation", "Generation of the list, one more with each change.",
		    figures->generation);
	print_enforce(enforce);
	print_tables(tables);
}
