// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/elsewhere.h"
#include "cmd/journal.h"
#include "cmd/set.h"
#include "cmd/verb.h"
#include "directive/listing.h"
#include "host/attachments.h"
#include "journal/chain.h"
#include "lib/enum_names.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "policy/projection.h"
#include "policy/settings.h"
#include "session/sighting.h"
#include "transport/pinned_config.h"
#include "transport/pins.h"
#include "transport/transport_open.h"

/* Of each kind, for people; --json prints all. */
#define PRINTED_MAX 20

/* A command that is at work has the journal changed a moment before the maps. */
#define LOOKS 20
#define LOOK_US 50000

/* What the maps have otherwise than the journal says. */
struct differences {
	json_t *missing, *foreign, *changed; /* arrays of entries */
	json_t *settings;
	json_t *unattached; /* texts: interfaces without the program */
	int64_t entries; /* that the journal wants enforced */
};

static size_t count(const struct differences *d)
{
	return json_array_size(d->missing) + json_array_size(d->foreign) +
	       json_array_size(d->changed) + json_array_size(d->settings);
}

static void forget(struct differences *d)
{
	json_decref(d->missing);
	json_decref(d->foreign);
	json_decref(d->changed);
	json_decref(d->settings);
	json_decref(d->unattached);
	*d = (struct differences){};
}

static int name_put(struct transport *t, const struct entry *wanted, struct differences *d)
{
	json_t *object = listing_entry_json(wanted);
	struct entry there = { .key = wanted->key };
	int listed = t->ops->get(t, &there.key, &there.side);

	if (listed <= 0) {
		json_array_append_new(d->missing, object);
		return listed;
	}
	json_array_append_new(
		d->changed,
		json_pack("{s:o, s:o}", "found", listing_entry_json(&there), "expected", object));
	return 0;
}

static int name_remove(struct transport *t, const struct xeir_key *key, struct differences *d)
{
	struct entry there = { .key = *key };
	int listed = t->ops->get(t, &there.key, &there.side);

	if (listed > 0)
		json_array_append_new(d->foreign, listing_entry_json(&there));
	return listed < 0 ? listed : 0;
}

static int compare_list(struct transport *t, struct store *store, struct differences *d)
{
	struct list_change change;
	int err = projection_diff(t, store, &change);

	if (err)
		return err;
	for (size_t i = 0; i < change.n_puts && !err; i++)
		err = name_put(t, &change.puts[i], d);
	for (size_t i = 0; i < change.n_removes && !err; i++)
		err = name_remove(t, &change.removes[i], d);
	list_change_free(&change);
	return err;
}

static json_t *settings_of(const struct xeir_config *config)
{
	json_t *settings = settings_json(config);

	json_object_set_new(settings, SETTING_ENFORCE, json_string(enforce_name(config->enforce)));
	return settings;
}

/* What was never set is as attach makes it. */
static int compare_settings(struct store *store, struct differences *d)
{
	struct xeir_config config, ordered = XEIR_CONFIG_DEFAULT;
	json_t *there, *wanted, *value, *expected;
	const char *name;
	int err = pinned_config_read(&config);

	if (!err)
		err = settings_read(store, &ordered);
	if (err)
		return err;
	there = settings_of(&config);
	wanted = settings_of(&ordered);
	json_object_foreach(there, name, value) {
		expected = json_object_get(wanted, name);
		if (!json_equal(value, expected))
			json_array_append_new(d->settings,
					      json_pack("{s:s, s:O, s:O}", "setting", name, "found",
							value, "expected", expected));
	}
	json_decref(there);
	json_decref(wanted);
	return 0;
}

static int count_one(const struct entry *entry, void *n)
{
	(void)entry;
	++*(int64_t *)n;
	return 0;
}

static int look(struct transport *t, struct store *store, struct differences *d)
{
	int err;

	*d = (struct differences){
		.missing = json_array(),
		.foreign = json_array(),
		.changed = json_array(),
		.settings = json_array(),
	};
	err = compare_list(t, store, d);
	if (!err)
		err = compare_settings(store, d);
	return err ? err : ledger_iterate(store, count_one, &d->entries);
}

/* What disappears meanwhile came from a command that was running. */
static int compare(struct transport *t, struct store *store, struct differences *d)
{
	int err = look(t, store, d);

	for (int i = 1; i < LOOKS && !err && count(d); i++) {
		usleep(LOOK_US);
		forget(d);
		err = look(t, store, d);
	}
	return err;
}

static void add_unattached(struct differences *d, const char *why)
{
	if (!d->unattached)
		d->unattached = json_array();
	json_array_append_new(d->unattached, json_string(why));
}

/* One in another network namespace is there; only a filter on egress cannot be seen from here. */
static void name_links(const struct attachment *links, size_t n, struct differences *d)
{
	char text[ELSEWHERE_MAX];

	for (size_t i = 0; i < n; i++) {
		if (!links[i].ifindex)
			snprintf(text, sizeof(text), "%s is missing", links[i].ifname);
		else if (links[i].mode || elsewhere(&links[i], text) != NETNS_DELETED)
			continue;
		add_unattached(d, text);
	}
	if (!n)
		add_unattached(d, "no interface is attached");
}

/* The list may be the journal's, and no packet meet it. */
static int find_unattached(struct differences *d)
{
	struct attachment *links;
	size_t n;
	int lock = pins_lock(false), err;

	if (lock < 0)
		return lock;
	err = attachments_read(&links, &n);
	close(lock);
	if (!err)
		name_links(links, n, d);
	free(links);
	return err;
}

static void print_entries(const json_t *entries, const char *what)
{
	size_t i, n = json_array_size(entries);
	json_t *entry;

	json_array_foreach(entries, i, entry) {
		json_t *found = json_object_get(entry, "found");

		if (i == PRINTED_MAX)
			break;
		printf("%s: %s", what, found ? "found " : "");
		listing_entry_print(found ? found : entry);
		if (found) {
			fputs("; expected ", stdout);
			listing_entry_print(json_object_get(entry, "expected"));
		}
		putchar('\n');
	}
	if (n > PRINTED_MAX)
		printf("%s: %zu more\n", what, n - PRINTED_MAX);
}

static void print_settings(const json_t *settings)
{
	json_t *setting;
	size_t i;

	json_array_foreach(settings, i, setting) {
		printf("setting %s: found ",
		       json_string_value(json_object_get(setting, "setting")));
		setting_print(json_object_get(setting, "found"));
		fputs(", expected ", stdout);
		setting_print(json_object_get(setting, "expected"));
		putchar('\n');
	}
}

static void print_unattached(const json_t *unattached)
{
	json_t *why;
	size_t i;

	json_array_foreach(unattached, i, why)
		printf("packets are not filtered: %s\n", json_string_value(why));
}

static void print(const struct differences *d)
{
	size_t n = count(d);

	if (opt.json) {
		json_t *object =
			json_pack("{s:I, s:O, s:O, s:O, s:O}", "entries", (json_int_t)d->entries,
				  "missing", d->missing, "foreign", d->foreign, "changed",
				  d->changed, "settings", d->settings);

		if (d->unattached)
			json_object_set(object, "unattached", d->unattached);
		json_dumpf(object, stdout, JSON_COMPACT);
		putchar('\n');
		json_decref(object);
		return;
	}
	print_entries(d->missing, "not enforced");
	print_entries(d->foreign, "enforced, but not in the journal");
	print_entries(d->changed, "enforced differently");
	print_settings(d->settings);
	if (n)
		printf("%zu difference%s; to enforce the journal: xeir restore\n", n,
		       n == 1 ? "" : "s");
	else
		printf("%lld entries and the settings are those of the journal\n",
		       (long long)d->entries);
	print_unattached(d->unattached);
}

static int is_one(const struct sighting *sighting, void *arg)
{
	(void)sighting;
	(void)arg;
	return 1;
}

/* Who set them off may have been killed in front of that. */
static int warn_of_sightings(void)
{
	int left = sightings_supported() ? sightings_iterate(is_one, NULL) : 0;

	if (left > 0)
		fputs("xeir: warning: SIGHTINGS ARE OFF, but older ones are left; to delete them: "
		      "xeir set sightings off\n",
		      stderr);
	return left < 0 ? left : 0;
}

/* That is no difference, and no packet need be stopped all the same. */
static int warn(const struct differences *d)
{
	struct xeir_config config;
	int err = pinned_config_read(&config);

	if (err)
		return err;
	if (d->unattached && !opt.json)
		fputs("xeir: warning: PACKETS ARE NOT FILTERED where the program is missing; see: "
		      "xeir status\n",
		      stderr);
	if (config.enforce == XEIR_ENFORCE_PERMISSIVE)
		fputs("xeir: warning: PERMISSIVE: listed handsets pass; to enforce: xeir enforce "
		      "on\n",
		      stderr);
	else if (config.enforce == XEIR_ENFORCE_OFF)
		fputs("xeir: warning: ENFORCEMENT IS OFF: listed handsets pass; to enforce: "
		      "xeir enforce on\n",
		      stderr);
	return config.sightings ? 0 : warn_of_sightings();
}

/* The same nothing in the maps is no difference. */
static int warn_of_journal(struct store *store)
{
	int empty = chain_is_empty(store);

	if (empty > 0)
		fprintf(stderr,
			"xeir: warning: THE JOURNAL %s HAS NO RECORDS, and so no list; see: xeir "
			"status\n",
			opt.journal);
	return empty < 0 ? empty : 0;
}

static int verify(struct store *store)
{
	struct differences differences = {};
	struct transport *t = transport_open();
	int err = t ? compare(t, store, &differences) : -EIO, status;

	if (t)
		t->ops->close(t);
	if (!err)
		err = find_unattached(&differences);
	if (!err)
		print(&differences);
	if (!err)
		err = warn(&differences);
	if (!err)
		err = warn_of_journal(store);
	if (err)
		status = EXIT_FAILED;
	else
		status = count(&differences) || differences.unattached ? EXIT_NO : EXIT_DONE;
	forget(&differences);
	return status;
}

static int run(int argc, char **argv)
{
	struct store store;
	int status;

	if (argc != 1)
		return bad_usage(&verb_verify, "verify takes no \"%s\"", argv[1]);
	if (journal_open(&store))
		return EXIT_FAILED;
	status = verify(&store);
	store_close(&store);
	return status;
}

const struct verb verb_verify = {
	.name = "verify",
	.usage = "",
	.summary = "compare the enforced list with the journal",
	.help = "Compares list and settings with the journal, and prints every difference (the\n"
		"first 20 of each kind; with --json all). Exit status 1 if there is one, 4 if\n"
		"they cannot be compared. It changes nothing; xeir restore and the next change of\n"
		"the list do. It also prints why packets are not filtered: no interface is\n"
		"attached, or one is missing; exit status 1 then too. Enforcement that is not on\n"
		"gives a warning only. The records are verified by: xeir journal verify\n\n"
		"examples:\n"
		"  xeir verify\n"
		"  xeir verify --json | jq .missing\n",
	.run = run,
};
