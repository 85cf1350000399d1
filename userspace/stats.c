// SPDX-License-Identifier: GPL-2.0-only
#include <jansson.h>

#include "config.h"
#include "names.h"
#include "prometheus.h"
#include "transport.h"
#include "xeir.h"

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
	json_object_set_new(object, "spared", json_integer(counter->spared));
	json_object_set_new(object, "lost", json_integer(counter->lost));
	return object;
}

static void print_json(const struct figures *figures)
{
	json_t *rules = json_object(), *answer;

	for (int rule = 0; rule <= XEIR_RULE_MAX; rule++)
		json_object_set_new(rules, rule_name(rule), counter_json(&figures->counters[rule]));
	answer = json_pack("{s:o, s:I, s:I, s:I}", "rules", rules, "entries",
			   (json_int_t)figures->entries, "capacity", (json_int_t)figures->capacity,
			   "generation", (json_int_t)figures->generation);
	json_dumpf(answer, stdout, JSON_COMPACT);
	puts("");
	json_decref(answer);
}

static void print_row(const char *name, const struct xeir_counter *counter)
{
	printf("%-12s", name);
	for (int action = 0; action <= XEIR_ACTION_MAX; action++)
		printf(" %12llu", (unsigned long long)counter->packets[action]);
	printf(" %12llu %12llu\n", (unsigned long long)counter->spared,
	       (unsigned long long)counter->lost);
}

static void print_table(const struct figures *figures)
{
	int rows = 0;

	printf("%-12s", "rule");
	for (int action = 0; action <= XEIR_ACTION_MAX; action++)
		printf(" %12s", action_name(action));
	printf(" %12s %12s\n", "spared", "lost events");
	for (int rule = 0; rule <= XEIR_RULE_MAX; rule++) {
		if (all_zero(&figures->counters[rule]))
			continue;
		print_row(rule_name(rule), &figures->counters[rule]);
		rows++;
	}
	if (!rows)
		puts("no packet was seen yet");
	printf("%u of %u entries, generation %u\n", figures->entries, figures->capacity,
	       figures->generation);
}

static int print(const struct figures *figures)
{
	struct xeir_config config;

	if (opt.prometheus) {
		if (config_read(&config))
			return EXIT_FAILED;
		prometheus_print(figures, config.enforce);
	} else if (opt.json) {
		print_json(figures);
	} else {
		print_table(figures);
	}
	return EXIT_DONE;
}

static int run(int argc, char **argv)
{
	struct transport *transport;
	struct figures figures = {};
	int err;

	(void)argv;
	if (argc > 1)
		return bad_usage(&verb_stats, "no arguments are expected");
	if (opt.json && opt.prometheus)
		return bad_usage(&verb_stats, "--json and --prometheus are two forms");
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
	.summary = "count packets by what decided on them",
	.help = "Every packet that the program sees is counted under one rule and one action;\n"
		"rules that met none are left out. `spared`: those of them that passed or were\n"
		"watched only because enforcement is not on. `lost events`: not told to "
		"`monitor`.\n"
		"--prometheus gives the text that a Prometheus server scrapes.\n"
		"\n"
		"  xeir stats\n"
		"  xeir --json stats | jq .rules.imei.drop\n"
		"  xeir stats --prometheus >/var/lib/prometheus/node-exporter/xeir.prom\n",
	.run = run,
};
