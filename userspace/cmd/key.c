// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/verb.h"
#include "directive/metadata.h"
#include "lib/dates.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "trust/issuer_keys.h"

/* What is looked for, and what was found of it. */
struct search {
	const struct issuer_key *wanted;
	struct issuer_key found;
	bool by_key, by_id; /* it has the same octets; the same issuer and key id */
};

static int compare(const struct issuer_key *key, void *arg)
{
	struct search *search = arg;
	const struct issuer_key *wanted = search->wanted;

	search->by_id = !strcmp(key->issuer, wanted->issuer) &&
			!memcmp(key->key.id, wanted->key.id, MINISIGN_ID);
	search->by_key = !memcmp(key->key.octets, wanted->key.octets, sizeof(key->key.octets));
	search->found = *key;
	return search->by_id || search->by_key;
}

static json_t *key_json(const struct issuer_key *key)
{
	char id[MINISIGN_ID_TEXT], octets[MINISIGN_KEY_TEXT];

	return json_pack("{s:s, s:s, s:s}", "issuer", key->issuer, "key_id",
			 minisign_id_text(key->key.id, id), "key",
			 minisign_key_text(&key->key, octets));
}

static void print_json(json_t *value)
{
	json_dumpf(value, stdout, JSON_COMPACT);
	puts("");
	json_decref(value);
}

static void print_change(const char *done, const struct issuer_key *key, bool changed)
{
	char id[MINISIGN_ID_TEXT];
	json_t *object;

	if (!opt.json) {
		printf("%s%s: key %s %s\n", opt.dry_run ? "dry run, nothing is changed; " : "",
		       key->issuer, minisign_id_text(key->key.id, id), done);
		return;
	}
	object = key_json(key);
	json_object_set_new(object, "changed", json_boolean(changed));
	json_object_set_new(object, "dry_run", json_boolean(opt.dry_run));
	print_json(object);
}

static int note(struct store *store, const char *op, const struct issuer_key *key)
{
	int err = issuer_keys_record(store, op, key);

	return err || opt.dry_run ? err : store_commit(store);
}

static int add(struct store *store, const struct issuer_key *key)
{
	struct search search = { .wanted = key };
	char id[MINISIGN_ID_TEXT];
	int found = issuer_keys_iterate(store, compare, &search);

	if (found < 0)
		return EXIT_FAILED;
	minisign_id_text(key->key.id, id);
	if (found && !search.by_key) {
		complain("%s has another key with id %s", key->issuer, id);
		return EXIT_BAD;
	}
	if (found && strcmp(key->issuer, search.found.issuer) != 0) {
		complain("key %s belongs to %s, and each key belongs to one issuer", id,
			 search.found.issuer);
		return EXIT_BAD;
	}
	if (!found && note(store, "add", key))
		return EXIT_FAILED;
	print_change(found ? "was known" : "added", key, !found);
	return EXIT_DONE;
}

static int del(struct store *store, const struct issuer_key *key)
{
	struct search search = { .wanted = key };
	char id[MINISIGN_ID_TEXT];
	int found = issuer_keys_iterate(store, compare, &search);

	if (found < 0)
		return EXIT_FAILED;
	if (!found) {
		complain("%s has no key %s", key->issuer, minisign_id_text(key->key.id, id));
		return EXIT_NO;
	}
	if (note(store, "del", &search.found))
		return EXIT_FAILED;
	print_change("removed", &search.found, true);
	return EXIT_DONE;
}

static int change(int (*how)(struct store *store, const struct issuer_key *key),
		  const struct issuer_key *key)
{
	struct store store;
	int status = EXIT_FAILED;

	if (store_open(&store))
		return EXIT_FAILED;
	if (!store_begin(&store))
		status = how(&store, key);
	store_rollback(&store);
	store_close(&store);
	return status;
}

static int read_issuer(const char *name, struct issuer_key *key)
{
	if (!metadata_is_text(name, strlen(name)))
		return bad_usage(&verb_key, "found issuer \"%s\", expected " METADATA_TEXT_FORM,
				 name);
	strcpy(key->issuer, name);
	return EXIT_DONE;
}

static int read_file(const char *path, struct minisign_key *key)
{
	struct faults faults = { .path = path };
	struct minisign_text text;
	int err = minisign_file(path, &text);

	if (err) {
		complain("%s: %s", path, strerror(-err));
		return EXIT_FAILED;
	}
	err = minisign_read_key(&text, &faults, key);
	sodium_memzero(&text, sizeof(text)); /* it may have been a secret one */
	if (err)
		complain_with("faults", faults.array, "%s: no key is added", path);
	json_decref(faults.array);
	return err ? EXIT_BAD : EXIT_DONE;
}

/* Like minisign, people leave leading zeros out. */
static int read_id(const char *text, unsigned char id[MINISIGN_ID])
{
	size_t len = strlen(text);
	uint64_t number;

	if (!len || len >= MINISIGN_ID_TEXT || strspn(text, "0123456789abcdefABCDEF") != len)
		return bad_usage(&verb_key,
				 "found key id \"%s\", expected up to %d hexadecimal "
				 "digits",
				 text, MINISIGN_ID_TEXT - 1);
	number = strtoull(text, NULL, 16);
	for (size_t i = 0; i < MINISIGN_ID; i++)
		id[i] = number >> 8 * i;
	return EXIT_DONE;
}

static int list_one(const struct issuer_key *key, void *arg)
{
	char id[MINISIGN_ID_TEXT], octets[MINISIGN_KEY_TEXT], since[DATE_TEXT];
	json_t *object;

	date_text(key->added, since);
	if (!opt.json) {
		printf("%-16s %s  %s  %s\n", key->issuer, minisign_id_text(key->key.id, id), since,
		       minisign_key_text(&key->key, octets));
		return 0;
	}
	object = key_json(key);
	json_object_set_new(object, "since", json_string(since));
	json_array_append_new(arg, object);
	return 0;
}

static int list(void)
{
	json_t *array = json_array();
	struct store store;
	int err = store_open_to_read(&store);

	if (!opt.json && !err)
		printf("%-16s %-16s  %-20s  KEY\n", "ISSUER", "KEY ID", "SINCE");
	if (!err) {
		err = issuer_keys_iterate(&store, list_one, array);
		store_close(&store);
	} else if (err == -ENOENT) {
		err = 0;
	}
	if (opt.json && !err)
		print_json(json_incref(array));
	json_decref(array);
	return err ? EXIT_FAILED : EXIT_DONE;
}

static int run(int argc, char **argv)
{
	struct issuer_key key = { 0 };
	int status;

	if (argc == 2 && !strcmp(argv[1], "list"))
		return list();
	if (argc != 4 || (strcmp(argv[1], "add") && strcmp(argv[1], "del")))
		return bad_usage(&verb_key,
				 "add ISSUER FILE, del ISSUER KEYID or list is expected");
	status = read_issuer(argv[2], &key);
	if (status)
		return status;
	if (*argv[1] == 'a') {
		status = read_file(argv[3], &key.key);
		return status ? status : change(add, &key);
	}
	status = read_id(argv[3], key.key.id);
	return status ? status : change(del, &key);
}

const struct verb verb_key = {
	.name = "key",
	.usage = "add ISSUER FILE | del ISSUER KEYID | list",
	.summary = "keys of issuers whose signatures are trusted",
	.help = "FILE is a public key of minisign. An issuer may have several keys, so that a new\n"
		"one is known before the old one is removed; each key belongs to one issuer. The\n"
		"issuer signs, xeir only checks: keep secret keys elsewhere. Adding a known key\n"
		"changes nothing. Exit status 1 if del finds none.\n\n"
		"load and sync check FILE.minisig if it exists, or the file of --signature. With\n"
		"xeir set require-signature on, they refuse unsigned files.\n\n"
		"examples:\n"
		"  xeir key add DoT dot.pub\n"
		"  xeir key list --json\n"
		"  xeir key del DoT 6DE94F6D41C90923\n\n"
		"An issuer creates a key and signs; the comment after -t is signed too:\n"
		"  minisign -G -p dot.pub -s dot.key\n"
		"  minisign -S -s dot.key -m d7.csv -t \"directive:7 expires:2026-12-20\"\n",
	.run = run,
};
