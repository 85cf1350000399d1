// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cmd/journal.h"
#include "cmd/verb.h"
#include "host/attachments.h"
#include "host/bpf_load.h"
#include "host/map_usage.h"
#include "lib/enum_names.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "policy/breaker.h"
#include "policy/projection.h"
#include "transport/netlink_module.h"
#include "transport/pinned_config.h"
#include "transport/pinned_list.h"
#include "transport/pins.h"
#include "transport/transport_open.h"

struct state {
	struct utsname host;
	struct attachment *links;
	size_t n_links;
	size_t enforcing; /* links with an interface */
	const char *transport; /* NULL: there is no list */
	const char *module; /* loaded, bound, absent */
	bool pending;
	bool reassembled; /* fragments are judged once reassembled */
	struct figures figures;
	struct map_usage tables;
	struct xeir_config config;
	enum {
		JOURNAL_NONE,
		JOURNAL_UNREADABLE,
		JOURNAL_THERE,
	} journal;
	json_t *last; /* record, or NULL */
	bool marked; /* the list in force is known to be the journal's */
	json_t *warnings; /* array of strings */
};

static void warn(struct state *state, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void warn(struct state *state, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	json_array_append_new(state->warnings, json_string(text));
}

static int read_module(struct state *state)
{
	uint32_t id;
	int err;

	state->module = "absent";
	if (!netlink_module_present())
		return 0;
	state->module = "loaded";
	if (!pins_has(PIN_NAME(XEIR_MAP_LIST)))
		return 0;
	err = pinned_list_id(&id);
	if (err)
		return err;
	err = netlink_module_has_bound(id);
	if (err > 0)
		state->module = "bound";
	return err < 0 ? err : 0;
}

static int read_list(struct state *state)
{
	struct transport *transport;
	int err;

	if (!pins_has(PIN_NAME(XEIR_MAP_LIST)))
		return 0;
	transport = transport_open();
	if (!transport)
		return -EIO;
	state->transport = transport->ops->name;
	err = transport->ops->figures(transport, &state->figures);
	transport->ops->close(transport);
	return err;
}

/* That it cannot be read is said, and is one answer among others. */
static int open_journal(struct store *store)
{
	bool json = opt.json;
	int err;

	opt.json = false;
	err = store_open_to_read(store);
	opt.json = json;
	return err;
}

static int read_journal(struct state *state)
{
	struct store store;
	int err = open_journal(&store), marked = 0;

	if (err) {
		state->journal = err == -ENOENT ? JOURNAL_NONE : JOURNAL_UNREADABLE;
		return 0;
	}
	state->journal = JOURNAL_THERE;
	err = journal_last(&store, &state->last);
	if (!err && state->transport)
		marked = projection_is_marked(&store);
	state->marked = marked > 0;
	store_close(&store);
	return marked < 0 ? marked : err;
}

/* What the directory holds, as no writer changes it meanwhile. */
static int read_pins(struct state *state)
{
	struct xeir_control control = {};
	int lock, err;

	err = pins_check();
	if (err || (access(opt.pins, F_OK) && errno == ENOENT))
		return err;
	lock = pins_lock(false);
	if (lock < 0)
		return lock;
	err = attachments_read(&state->links, &state->n_links);
	if (!err && (state->n_links || pins_has(PIN_NAME(XEIR_MAP_LIST))))
		err = pinned_list_control(&control);
	if (!err && pins_has(PIN_NAME(XEIR_MAP_CONFIG)))
		err = pinned_config_read(&state->config);
	state->pending = control.pending;
	state->reassembled = control.reassembled;
	close(lock);
	for (size_t i = 0; i < state->n_links; i++)
		state->enforcing += state->links[i].ifindex != 0;
	return err;
}

static void warn_of_links(struct state *state)
{
	for (size_t i = 0; i < state->n_links; i++) {
		const struct attachment *link = &state->links[i];

		if (!link->ifindex)
			warn(state, "%s: interface missing; remove it with: xeir detach dev %s",
			     link->ifname, link->ifname);
		else if (!link->mode)
			warn(state, "%s is in another network namespace", link->ifname);
		else if (*link->mode == 'g')
			warn(state, "%s is attached in generic mode, which is slower than native",
			     link->now);
	}
}

static void warn_of_enforcement(struct state *state)
{
	if (state->config.enforce == XEIR_ENFORCE_PERMISSIVE)
		warn(state, "PERMISSIVE: listed handsets pass with an event; to enforce: "
			    "xeir enforce on");
	else if (state->config.enforce == XEIR_ENFORCE_OFF)
		warn(state, "ENFORCEMENT IS OFF: listed handsets pass; to enforce: "
			    "xeir enforce on");
}

static void warn_of_list(struct state *state)
{
	const struct figures *figures = &state->figures;

	if (!figures->entries)
		warn(state, "the list is empty");
	else if (figures->entries > figures->capacity / 10.0 * 9)
		warn(state,
		     "the list is nearly full: %u of %u entries; to create a larger one: "
		     "xeir save FILE && xeir detach all && xeir attach dev IF entries N && "
		     "xeir restore FILE",
		     figures->entries, figures->capacity);
}

/*
 * A session is known by its answer, which goes the other way, or comes in over another
 * interface. Those that were learnt show that it does.
 */
static void warn_of_directions(struct state *state)
{
	const struct attachment *first = NULL;

	if (state->tables.tallies[XEIR_TALLY_STARTED])
		return;
	for (size_t i = 0; i < state->n_links; i++) {
		const struct attachment *link = &state->links[i];

		if (first && link->ifindex && link->egress != first->egress)
			return;
		if (!first && link->ifindex)
			first = link;
	}
	if (first)
		warn(state,
		     "responses to messages %s are not seen, so no session is tracked or cut; "
		     "to attach the other direction: xeir attach dev %s %s",
		     first->egress ? "sent" : "received", *first->now ? first->now : first->ifname,
		     first->egress ? "ingress" : "egress");
}

static void warn_of_sessions(struct state *state)
{
	const struct map_usage *tables = &state->tables;

	if (!tables->there)
		return;
	warn_of_directions(state);
	if (tables->tallies[XEIR_TALLY_FULL])
		warn(state,
		     "the session tables were full: %llu sessions, bearers or tunnels are not "
		     "tracked; to create larger ones: xeir save FILE "
		     "&& xeir detach all && xeir attach dev IF sessions N && xeir restore FILE",
		     (unsigned long long)tables->tallies[XEIR_TALLY_FULL]);
	if (tables->sessions && tables->cutting.generation != state->figures.generation)
		warn(state,
		     "active sessions are not checked by the enforced list yet: it has generation "
		     "%u, they were checked by %u; the next change by xeir checks them",
		     state->figures.generation, tables->cutting.generation);
}

/* What becomes of a listed handset, for whatever reason. */
static const char *enforcement(const struct state *state)
{
	return enforce_name(state->enforcing ? state->config.enforce : XEIR_ENFORCE_OFF);
}

static void warn_of_breaker(struct state *state)
{
	struct xeir_breaker breaker;
	char whose[32] = "the last change";

	if (breaker_read(&breaker))
		return;
	if (breaker.directive)
		snprintf(whose, sizeof(whose), "directive %u", breaker.directive);
	if (breaker.state == XEIR_BREAKER_TRIPPED)
		warn(state,
		     "THE BREAKER HAS TRIPPED: the entries of %s are not enforced; the next change "
		     "of the list undoes them",
		     whose);
	else if (breaker_watches(&breaker))
		warn(state, "%s is watched: undone if it stops more than %u attempts, %u so far",
		     whose, breaker.limit, breaker.count);
}

static void warn_of_journal(struct state *state)
{
	if (state->journal == JOURNAL_UNREADABLE)
		warn(state, "THE JOURNAL %s CANNOT BE READ", opt.journal);
	else if (!state->transport)
		return;
	else if (state->journal == JOURNAL_NONE)
		warn(state,
		     "THERE IS NO JOURNAL %s: the list is lost at reboot; the next change creates "
		     "one",
		     opt.journal);
	else if (state->last && !state->marked)
		warn(state,
		     "THE ENFORCED LIST MAY DIFFER FROM THE JOURNAL; to compare: xeir verify, "
		     "to repair: xeir restore");
}

static void find_warnings(struct state *state)
{
	const struct xeir_counter *fragments = &state->figures.counters[XEIR_RULE_FRAGMENT];

	if (!state->enforcing)
		warn(state, "NOTHING IS ENFORCED: no interface has the program of %s", opt.pins);
	else
		warn_of_list(state);
	warn_of_enforcement(state);
	warn_of_breaker(state);
	warn_of_journal(state);
	if (pins_private())
		warn(state, "%s exists in this mount namespace only, and ends with it", opt.pins);
	warn_of_links(state);
	warn_of_sessions(state);
	if (*state->module == 'l' && state->enforcing)
		warn(state,
		     "the module is loaded but does not have this list; to hand it over: "
		     "xeir attach dev %s",
		     state->links[0].ifname);
	if (pins_has(NEXT_PIN PROGRAM_PIN))
		warn(state, "attach --replace did not finish, interfaces run two versions of the "
			    "programs; to finish it: xeir attach --replace");
	/* over netlink it may as well be a transaction that is under way */
	if (state->pending && *state->module != 'b')
		warn(state, "a writer died; the next change repairs the list");
	if (state->enforcing && !state->reassembled && fragments->packets[XEIR_ACTION_PASS])
		warn(state,
		     "%llu IP fragments passed that were too short to check; the module, or Linux "
		     "6.6 and later, checks fragmented messages after reassembly",
		     (unsigned long long)fragments->packets[XEIR_ACTION_PASS]);
}

static json_t *links_json(const struct state *state)
{
	json_t *array = json_array();

	for (size_t i = 0; i < state->n_links; i++) {
		const struct attachment *link = &state->links[i];

		json_array_append_new(array, json_pack("{s:s, s:i, s:s?, s:I, s:I}", "name",
						       *link->now ? link->now : link->ifname,
						       "ifindex", link->ifindex, "mode", link->mode,
						       "link", (json_int_t)link->id, "program",
						       (json_int_t)link->program_id));
	}
	return array;
}

static json_t *tables_json(const struct state *state)
{
	const struct map_usage *t = &state->tables;

	if (!t->there)
		return json_pack("{s:n, s:n}", "sessions", "sightings");
	return json_pack("{s:{s:I, s:I, s:I, s:I, s:I}, s:{s:b, s:I, s:I}}", "sessions", "up",
			 (json_int_t)t->sessions, "capacity", (json_int_t)t->sessions_capacity,
			 "cut", (json_int_t)t->cutting.cut, "tunnels_cut",
			 (json_int_t)t->cutting.tunnels, "memory", (json_int_t)t->sessions_memory,
			 "sightings", "on", (int)state->config.sightings, "capacity",
			 (json_int_t)t->sightings_capacity, "memory",
			 (json_int_t)t->sightings_memory);
}

static json_t *journal_json(const struct state *state)
{
	if (state->journal != JOURNAL_THERE)
		return json_pack("{s:s, s:n, s:b}", "path", opt.journal, "last", "enforced", 0);
	return json_pack("{s:s, s:O?, s:b}", "path", opt.journal, "last", state->last, "enforced",
			 (int)state->marked);
}

static void print_json(const struct state *state)
{
	json_t *answer = json_pack(
		"{s:s, s:s?, s:s, s:s, s:o, s:I, s:I, s:I, s:s, s:s, s:O}", "pins", opt.pins,
		"transport", state->transport, "kernel", state->host.release, "module",
		state->module, "interfaces", links_json(state), "entries",
		(json_int_t)state->figures.entries, "capacity", (json_int_t)state->figures.capacity,
		"generation", (json_int_t)state->figures.generation, "enforce", enforcement(state),
		"fragments", state->reassembled ? "reassembled" : "first", "warnings",
		state->warnings);
	json_t *tables = tables_json(state);

	json_object_set_new(answer, "journal", journal_json(state));
	json_object_update(answer, tables);
	json_decref(tables);
	json_dumpf(answer, stdout, JSON_COMPACT);
	puts("");
	json_decref(answer);
}

static void print_links(const struct state *state)
{
	for (size_t i = 0; i < state->n_links; i++) {
		const struct attachment *link = &state->links[i];

		printf("%-12s%s, %s, link %u, program %u", i ? "" : "interfaces",
		       *link->now ? link->now : link->ifname, link->mode ? link->mode : "missing",
		       link->id, link->program_id);
		if (*link->now && strcmp(link->now, link->ifname))
			printf(", attached as %s", link->ifname);
		puts("");
	}
	if (!state->n_links)
		printf("%-12snone\n", "interfaces");
}

#define MIB (1 << 20)

static void print_tables(const struct state *state)
{
	const struct map_usage *t = &state->tables;

	if (!t->there)
		return;
	printf("%-12s%llu of %u, in %.1f MiB\n", "sessions", (unsigned long long)t->sessions,
	       t->sessions_capacity, (double)t->sessions_memory / MIB);
	printf("%-12s%u session%s by the last change, %u tunnel%s now\n", "cut", t->cutting.cut,
	       t->cutting.cut == 1 ? "" : "s", t->cutting.tunnels,
	       t->cutting.tunnels == 1 ? "" : "s");
	printf("%-12s%s, at most %u, in %.1f MiB\n", "sightings",
	       state->config.sightings ? "on" : "off", t->sightings_capacity,
	       (double)t->sightings_memory / MIB);
}

static const char *of_last(const struct state *state, const char *name)
{
	return json_string_value(json_object_get(state->last, name));
}

static void print_journal(const struct state *state)
{
	const json_t *directive = json_object_get(state->last, "directive");

	printf("%-12s%s", "journal", opt.journal);
	if (state->journal != JOURNAL_THERE)
		fputs(state->journal == JOURNAL_NONE ? " (not found)" : " (not readable)", stdout);
	if (state->last)
		printf(", record %" JSON_INTEGER_FORMAT ": %s by %s, %s",
		       json_integer_value(json_object_get(state->last, "id")),
		       of_last(state, "verb"), of_last(state, "actor"), of_last(state, "time"));
	if (json_is_integer(directive))
		printf(", directive %" JSON_INTEGER_FORMAT, json_integer_value(directive));
	putchar('\n');
}

static void print_table(const struct state *state)
{
	const char *enforce = enforcement(state);
	bool on = !strcmp(enforce, "on");
	size_t i;
	json_t *text;

	printf("%-12s", "enforce");
	for (const char *c = enforce; *c; c++)
		putchar(on ? *c : toupper((unsigned char)*c));
	puts("");
	print_links(state);
	printf("%-12s", "list");
	if (state->transport)
		printf("%u of %u entries, generation %u\n", state->figures.entries,
		       state->figures.capacity, state->figures.generation);
	else
		puts("none");
	print_tables(state);
	printf("%-12s%s\n", "transport", state->transport ? state->transport : "none");
	printf("%-12s%s\n", "module", state->module);
	printf("%-12s%s\n", "kernel", state->host.release);
	printf("%-12s%s%s\n", "pins", opt.pins, pins_has(".") ? "" : " (not found)");
	print_journal(state);
	json_array_foreach(state->warnings, i, text)
		printf("warning: %s\n", json_string_value(text));
}

static int run(int argc, char **argv)
{
	struct state state = {};
	int err;

	if (argc > 1)
		return bad_usage(&verb_status, "status takes no \"%s\"", argv[1]);
	uname(&state.host);
	state.warnings = json_array();
	err = read_pins(&state);
	if (!err)
		err = read_module(&state);
	if (!err)
		err = read_list(&state);
	if (!err)
		err = map_usage_read(&state.tables);
	if (!err)
		err = read_journal(&state);
	if (!err) {
		find_warnings(&state);
		if (opt.json)
			print_json(&state);
		else
			print_table(&state);
	}
	json_decref(state.warnings);
	json_decref(state.last);
	free(state.links);
	return err ? EXIT_FAILED : EXIT_DONE;
}

const struct verb verb_status = {
	.name = "status",
	.usage = "",
	.summary = "print what is enforced, where and how",
	.help = "Prints interfaces, size of the list, transport (netlink or bpf), tracked\n"
		"sessions and how many of them are cut, whether sightings are recorded, the\n"
		"memory of both (before Linux 6.4: of full tables), the journal, and warnings.\n\n"
		"examples:\n"
		"  xeir status\n"
		"  xeir --json status | jq -r .enforce\n"
		"  xeir --json status | jq .sessions.up\n",
	.run = run,
};
