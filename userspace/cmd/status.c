// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cmd/elsewhere.h"
#include "cmd/journal.h"
#include "cmd/status.h"
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

static void warn(struct status *state, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void warn(struct status *state, const char *format, ...)
{
	char text[ELSEWHERE_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	json_array_append_new(state->warnings, json_string(text));
}

static int read_module(struct status *state)
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

static int read_list(struct status *state)
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

/* An unreadable journal is reported to people, and is no error here. */
static int open_journal(struct store *store)
{
	bool json = opt.json;
	int err;

	opt.json = false;
	err = store_open_to_read(store);
	opt.json = json;
	return err;
}

static int read_journal(struct status *state)
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
static int read_pins(struct status *state)
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
	return err;
}

/* What is attached in a deleted network namespace filters nothing that anyone uses. */
static void find_elsewhere(struct status *state)
{
	char text[ELSEWHERE_MAX];

	for (size_t i = 0; i < state->n_links; i++) {
		const struct attachment *link = &state->links[i];
		bool is_elsewhere = link->ifindex && !link->mode;
		enum netns_state found = is_elsewhere ? elsewhere(link, text) : NETNS_FOUND;

		state->enforcing += link->ifindex && found != NETNS_DELETED;
		if (is_elsewhere)
			warn(state, "%s", text);
	}
}

static void warn_of_links(struct status *state)
{
	for (size_t i = 0; i < state->n_links; i++) {
		const struct attachment *link = &state->links[i];

		if (!link->ifindex)
			warn(state, "%s: interface missing; remove it with: xeir detach dev %s",
			     link->ifname, link->ifname);
		else if (link->mode && *link->mode == 'g')
			warn(state, "%s is attached in generic mode, which is slower than native",
			     link->now);
	}
}

static void warn_of_enforcement(struct status *state)
{
	if (state->config.enforce == XEIR_ENFORCE_PERMISSIVE)
		warn(state, "PERMISSIVE: listed handsets pass with an event; to enforce: "
			    "xeir enforce on");
	else if (state->config.enforce == XEIR_ENFORCE_OFF)
		warn(state, "ENFORCEMENT IS OFF: listed handsets pass; to enforce: "
			    "xeir enforce on");
}

static void warn_of_list(struct status *state)
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
 * interface. Those that are tracked show that it does.
 */
static void warn_of_directions(struct status *state)
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

static void warn_of_sessions(struct status *state)
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

static void warn_of_breaker(struct status *state)
{
	struct xeir_breaker breaker;
	char whose[32] = "the last change";
	bool is_live;

	if (breaker_read(&breaker))
		return;
	/* it is armed in front of its commit */
	is_live = (__s32)(state->figures.generation - breaker.generation) >= 0;
	if (breaker.directive)
		snprintf(whose, sizeof(whose), "directive %u", breaker.directive);
	if (breaker.state == XEIR_BREAKER_TRIPPED)
		warn(state,
		     "THE BREAKER HAS TRIPPED: the entries of %s are not enforced; the next change "
		     "of the list undoes them",
		     whose);
	else if (breaker_watches(&breaker) && is_live)
		warn(state, "%s is watched: undone if it stops more than %u attempts, %u so far",
		     whose, breaker.limit, breaker.count);
}

static void warn_of_journal(struct status *state)
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
	else if (!state->last)
		warn(state,
		     "THE JOURNAL %s HAS NO RECORDS, and so no list; if it was lost, put it back, "
		     "or a saved list by: xeir restore FILE",
		     opt.journal);
	else if (!state->marked)
		warn(state,
		     "THE ENFORCED LIST MAY DIFFER FROM THE JOURNAL; to compare: xeir verify, "
		     "to repair: xeir restore");
}

static void find_warnings(struct status *state)
{
	const struct xeir_counter *fragments = &state->figures.counters[XEIR_RULE_FRAGMENT];

	find_elsewhere(state);
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

static int run(int argc, char **argv)
{
	struct status state = {};
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
			status_print_json(&state);
		else
			status_print_table(&state);
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
