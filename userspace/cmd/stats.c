// SPDX-License-Identifier: GPL-2.0-only
#include <jansson.h>
#include <net/if.h>
#include <stdlib.h>

#include "cmd/prometheus.h"
#include "cmd/verb.h"
#include "host/map_usage.h"
#include "lib/enum_names.h"
#include "lib/gtp_text.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "session/traffic.h"
#include "transport/pinned_config.h"
#include "transport/transport_open.h"

static bool all_zero(const struct xeir_counter *counter)
{
	for (int action = 0; action <= XEIR_ACTION_MAX; action++)
		if (counter->packets[action])
			return false;
	return !counter->lost;
}

static json_t *counter_json(const struct xeir_counter *counter)
{
	json_t *object = json_object();

	for (int action = 0; action <= XEIR_ACTION_MAX; action++)
		json_object_set_new(object, action_name(action),
				    json_integer(counter->packets[action]));
	json_object_set_new(object, "not_enforced", json_integer(counter->not_enforced));
	json_object_set_new(object, "lost", json_integer(counter->lost));
	return object;
}

/* The interface's name, or its number where it has none here. */
static const char *interface_name(const struct traffic *traffic, char name[IF_NAMESIZE])
{
	if (!if_indextoname(traffic->key.ifindex, name))
		snprintf(name, IF_NAMESIZE, "%u", traffic->key.ifindex);
	return name;
}

static json_t *message_json(const struct traffic *traffic)
{
	char name[IF_NAMESIZE];
	json_t *object = json_pack(
		"{s:s, s:s, s:i, s:i, s:s, s:I}", "interface", interface_name(traffic, name),
		"direction", traffic->key.egress ? "egress" : "ingress", "gtp",
		traffic->key.version, "type", traffic->key.type, "rule",
		rule_name(traffic->key.rule), "attempts", (json_int_t)traffic->values.attempts);

	for (int action = 0; action <= XEIR_ACTION_MAX; action++)
		json_object_set_new(object, action_name(action),
				    json_integer(traffic->values.packets[action]));
	return object;
}

/* Counts of sessions, by enum xeir_tally. */
static const struct {
	const char *name, *text;
} tallies[XEIR_TALLIES] = {
	[XEIR_TALLY_STARTED] = { "started", "sessions started" },
	[XEIR_TALLY_ENDED] = { "ended", "sessions ended" },
	[XEIR_TALLY_FULL] = { "full", "no capacity" },
	[XEIR_TALLY_UNSOLICITED] = { "unsolicited", "responses unsolicited" },
	[XEIR_TALLY_RETRANSMITTED] = { "retransmitted", "responses retransmitted" },
	[XEIR_TALLY_RESTARTS] = { "restarts", "restarts of peers" },
};

static json_t *tallies_json(const struct map_usage *tables)
{
	json_t *object = json_object();

	for (int tally = 0; tally < XEIR_TALLIES; tally++)
		json_object_set_new(object, tallies[tally].name,
				    json_integer(tables->tallies[tally]));
	return object;
}

static void print_json(const struct figures *figures, const struct map_usage *tables,
		       const struct traffic *traffic, size_t n)
{
	json_t *rules = json_object(), *messages = json_array(), *answer;

	for (int rule = 0; rule <= XEIR_RULE_MAX; rule++)
		json_set_named(rules, rule_name(rule), counter_json(&figures->counters[rule]));
	for (size_t i = 0; i < n; i++)
		json_array_append_new(messages, message_json(&traffic[i]));
	answer = json_pack("{s:o, s:o, s:o, s:I, s:I, s:I}", "rules", rules, "messages", messages,
			   "sessions", tallies_json(tables), "entries",
			   (json_int_t)figures->entries, "capacity", (json_int_t)figures->capacity,
			   "generation", (json_int_t)figures->generation);
	json_dumpf(answer, stdout, JSON_COMPACT);
	puts("");
	json_decref(answer);
}

static void print_row(const char *name, const struct xeir_counter *counter)
{
	printf("%-14s", name);
	for (int action = 0; action <= XEIR_ACTION_MAX; action++)
		printf(" %12llu", (unsigned long long)counter->packets[action]);
	printf(" %12llu %12llu\n", (unsigned long long)counter->not_enforced,
	       (unsigned long long)counter->lost);
}

static void print_table(const struct figures *figures)
{
	int rows = 0;

	printf("%-14s", "rule");
	for (int action = 0; action <= XEIR_ACTION_MAX; action++)
		printf(" %12s", action_name(action));
	printf(" %12s %12s\n", "not enforced", "lost events");
	for (int rule = 0; rule <= XEIR_RULE_MAX; rule++) {
		if (all_zero(&figures->counters[rule]))
			continue;
		print_row(rule_name(rule), &figures->counters[rule]);
		rows++;
	}
	if (!rows)
		puts("no packets yet");
	printf("%u of %u entries, generation %u\n", figures->entries, figures->capacity,
	       figures->generation);
}

static void print_messages(const struct traffic *traffic, size_t n)
{
	if (n)
		printf("\n%-10s %-7s %-37s %-14s %12s %12s\n", "interface", "", "message", "rule",
		       "packets", "attempts");
	for (size_t i = 0; i < n; i++) {
		const struct xeir_traffic_key *key = &traffic[i].key;
		const char *known = gtp_text_message(key->version, key->type);
		char name[IF_NAMESIZE], text[64];
		unsigned long long packets = 0;

		for (int action = 0; action <= XEIR_ACTION_MAX; action++)
			packets += traffic[i].values.packets[action];
		if (known)
			snprintf(text, sizeof(text), "GTPv%u %s", key->version, known);
		else
			snprintf(text, sizeof(text), "GTPv%u type %u", key->version, key->type);
		printf("%-10s %-7s %-37s %-14s %12llu %12llu\n", interface_name(&traffic[i], name),
		       key->egress ? "egress" : "ingress", text, rule_name(key->rule), packets,
		       (unsigned long long)traffic[i].values.attempts);
	}
}

static void print_tallies(const struct map_usage *tables)
{
	const char *before = "\n";

	for (int tally = 0; tally < XEIR_TALLIES; tally++) {
		if (!tables->tallies[tally])
			continue;
		printf("%s%-23s %12llu\n", before, tallies[tally].text,
		       (unsigned long long)tables->tallies[tally]);
		before = "";
	}
}

static int print(const struct figures *figures)
{
	struct xeir_config config;
	struct traffic *traffic;
	struct map_usage tables;
	size_t n;

	if (opt.prometheus && pinned_config_read(&config))
		return EXIT_FAILED;
	if (map_usage_read(&tables) || traffic_read(&traffic, &n))
		return EXIT_FAILED;
	if (opt.prometheus) {
		prometheus_print(figures, &tables, config.enforce);
	} else if (opt.json) {
		print_json(figures, &tables, traffic, n);
	} else {
		print_table(figures);
		print_messages(traffic, n);
		print_tallies(&tables);
	}
	free(traffic);
	return EXIT_DONE;
}

static int run(int argc, char **argv)
{
	struct transport *transport;
	struct figures figures = {};
	int err;

	if (argc > 1)
		return bad_usage(&verb_stats, "stats takes no \"%s\"", argv[1]);
	if (opt.json && opt.prometheus)
		return bad_usage(&verb_stats,
				 "found --json and --prometheus, expected one of them");
	transport = transport_open();
	if (!transport)
		return EXIT_FAILED;
	err = transport->ops->figures(transport, &figures);
	transport->ops->close(transport);
	return err ? EXIT_FAILED : print(&figures);
}

const struct verb verb_stats = {
	.name = "stats",
	.usage = "",
	.summary = "print packets by rule and action",
	.help = "Prints each rule that counted a packet, by action. not enforced: passed only\n"
		"because enforcement is not on. lost events: not read by monitor in time.\n"
		"Below: GTP-C by interface and message; attempts counts dropped, rejected and\n"
		"watched set-ups without retransmissions within a minute.\n"
		"Then counters of sessions. no capacity: sessions, bearers and tunnels that are\n"
		"not tracked because a table is full. responses unsolicited: their requests were\n"
		"not seen.\n"
		"--prometheus prints the text format of Prometheus.\n\n"
		"examples:\n"
		"  xeir stats\n"
		"  xeir --json stats | jq .rules.imei.drop\n"
		"  xeir --json stats | jq .sessions.started\n"
		"  xeir stats --prometheus >/var/lib/prometheus/node-exporter/xeir.prom\n",
	.run = run,
};
