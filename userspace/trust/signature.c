// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "trust/signature.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "journal/chain.h"
#include "lib/dates.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "policy/settings.h"
#include "trust/issuer_keys.h"

#define SUFFIX ".minisig"

/* Clocks differ; but a signature of a wrong, later year would make all that follow it old. */
#define AHEAD_MAX (24 * 3600)

#define DIGEST_TEXT (2 * INPUT_DIGEST + 1)

struct check {
	struct store *store;
	const char *path; /* of the directive */
	const struct metadata *metadata;
	const char *file; /* of the signature */
	struct faults faults; /* likewise */
	struct minisign_signature signature;
	struct minisign_comment comment;
	struct issuer_key signer;
	bool known; /* there is a key of that id, and of that issuer if the issuer is known */
};

/* How new a signature is: of two, the one with the later time, then with the larger number. */
struct rank {
	int64_t time, number;
};

/* Of the file, else of the command; NULL: neither names one. */
static const char *issuer_of(const struct check *check)
{
	return check->metadata->issuer ? check->metadata->issuer : opt.issuer;
}

static uint32_t number_of(const struct check *check)
{
	return check->metadata->number ? check->metadata->number : opt.directive;
}

static int refuse(struct check *check, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int refuse(struct check *check, const char *format, ...)
{
	char digest[DIGEST_TEXT];
	va_list args;
	json_t *detail;
	char *why;
	int err;

	va_start(args, format);
	err = vasprintf(&why, format, args);
	va_end(args);
	if (err < 0)
		return -ENOMEM;
	complain_with("faults", check->faults.array, "%s: refused: %s", check->path, why);
	sodium_bin2hex(digest, sizeof(digest), check->metadata->digest, INPUT_DIGEST);
	detail = json_pack("{s:o, s:s, s:s*, s:o}", "file", json_of_text(check->path), "sha256",
			   digest, "issuer", issuer_of(check), "reason", json_of_text(why));
	store_rollback(check->store);
	err = opt.dry_run ? 0 : chain_note(check->store, "refused", number_of(check), detail);
	json_decref(detail);
	free(why);
	return err ? err : -EBADMSG;
}

static int read_signature(struct check *check)
{
	struct minisign_text text;
	int err = minisign_file(check->file, &text);

	if (err)
		return refuse(check, "%s: %s", check->file, strerror(-err));
	check->faults.path = check->file;
	err = minisign_read_signature(&text, &check->faults, &check->signature);
	if (!err)
		err = minisign_comment_read(check->signature.comment, MINISIGN_COMMENT_LINE,
					    MINISIGN_COMMENT_COLUMN, &check->faults,
					    &check->comment);
	return err ? refuse(check, "%s is no signature that can be checked", check->file) : 0;
}

/* The file again: a signature that is not prehashed needs all octets at once. */
static unsigned char *read_octets(struct check *check)
{
	size_t len = check->metadata->size;
	unsigned char digest[INPUT_DIGEST], *octets = malloc(len + 1);
	FILE *in = fopen(check->path, "re");

	if (octets && (!in || fread(octets, 1, len + 1, in) != len ||
		       crypto_hash_sha256(digest, octets, len) ||
		       memcmp(digest, check->metadata->digest, sizeof(digest)) != 0)) {
		free(octets);
		octets = NULL;
	}
	if (in)
		fclose(in);
	return octets;
}

struct candidates {
	struct check *check;
	const void *octets;
	size_t len;
};

static int try_key(const struct issuer_key *key, void *arg)
{
	struct candidates *candidates = arg;
	struct check *check = candidates->check;
	const char *issuer = issuer_of(check);

	if ((issuer && strcmp(issuer, key->issuer) != 0) ||
	    memcmp(key->key.id, check->signature.id, MINISIGN_ID) != 0)
		return 0;
	check->known = true;
	check->signer = *key;
	return minisign_signed(&check->signature, &key->key, candidates->octets, candidates->len);
}

/* 1: one of the keys has signed these octets, 0: none, or a negative errno. */
static int find_signer(struct check *check)
{
	struct candidates candidates = { check, check->metadata->signed_digest, INPUT_SIGNED };
	unsigned char *octets = NULL;
	int found;

	if (!check->signature.prehashed) {
		octets = read_octets(check);
		if (!octets)
			return refuse(check, "it cannot be read again, as its signature asks for, "
					     "or has changed since it was read");
		candidates.octets = octets;
		candidates.len = check->metadata->size;
	}
	found = issuer_keys_iterate(check->store, try_key, &candidates);
	free(octets);
	return found;
}

static int check_signer(struct check *check)
{
	const char *issuer = issuer_of(check);
	char id[MINISIGN_ID_TEXT];
	int found = find_signer(check);

	if (found < 0)
		return found;
	minisign_id_text(check->signature.id, id);
	if (!check->known && issuer)
		return refuse(check, "it is signed with the key %s, which %s does not have", id,
			      issuer);
	if (!check->known)
		return refuse(check, "it is signed with the key %s, which belongs to no issuer",
			      id);
	if (!found)
		return refuse(check, "it is not what was signed with the key %s of %s", id,
			      check->signer.issuer);
	if (!minisign_signed_comment(&check->signature, &check->signer.key))
		return refuse(check, "the trusted comment in %s is not what was signed",
			      check->file);
	return 0;
}

/* The comment, the file and the command must agree. */
static int check_comment(struct check *check)
{
	const struct minisign_comment *comment = &check->comment;
	uint32_t number = number_of(check);

	if (*comment->issuer && strcmp(comment->issuer, check->signer.issuer) != 0)
		return refuse(check, "the key of %s has signed that %s issued it",
			      check->signer.issuer, comment->issuer);
	if (comment->directive && number && comment->directive != number)
		return refuse(check, "it is directive %u, and %u is signed", number,
			      comment->directive);
	return 0;
}

static struct rank rank_of(const struct check *check)
{
	const struct minisign_comment *comment = &check->comment;
	const struct metadata *metadata = check->metadata;
	struct rank rank = { comment->issued, comment->directive };

	if (!rank.time)
		rank.time = comment->timestamp ? comment->timestamp : metadata->issued;
	if (!rank.number)
		rank.number = metadata->number;
	return rank;
}

static int check_times(struct check *check, const struct rank *rank)
{
	char text[DATE_TEXT];
	time_t now = time(NULL);

	if (check->comment.expires && check->comment.expires <= now)
		return refuse(check, "its signature has expired at %s",
			      date_text(check->comment.expires, text));
	if (rank->time > now + AHEAD_MAX)
		return refuse(check, "it is signed as of %s, which is to come",
			      date_text(rank->time, text));
	if (!rank->time && !rank->number)
		return refuse(check, "neither a time nor a number of a directive is signed: a "
				     "replay could not be detected");
	return 0;
}

/* For the record: what decides which of two signatures of an issuer is newer, or the same. */
static json_t *signature_json(const struct check *check, const struct rank *rank)
{
	char id[MINISIGN_ID_TEXT], digest[DIGEST_TEXT];
	json_t *signature;

	sodium_bin2hex(digest, sizeof(digest), check->metadata->digest, INPUT_DIGEST);
	signature = json_pack("{s:s, s:s, s:s, s:I, s:I}", "issuer", check->signer.issuer, "key_id",
			      minisign_id_text(check->signature.id, id), "sha256", digest, "time",
			      (json_int_t)rank->time, "number", (json_int_t)rank->number);
	if (check->comment.expires)
		json_object_set_new(signature, "expires", json_integer(check->comment.expires));
	return signature;
}

static int check_signature(struct check *check, struct directive *directive)
{
	struct metadata *metadata = &directive->metadata;
	struct rank rank;
	int err = read_signature(check);

	if (!err)
		err = check_signer(check);
	if (!err)
		err = check_comment(check);
	if (err)
		return err;
	rank = rank_of(check);
	err = check_times(check, &rank);
	if (err)
		return err;
	directive->signature = signature_json(check, &rank);
	metadata->number = rank.number;
	if (!metadata->issuer)
		metadata->issuer = strdup(check->signer.issuer);
	return directive->signature && metadata->issuer ? 0 : -ENOMEM;
}

static int check_unsigned(struct check *check)
{
	char required[SETTING_TEXT];
	int err = journal_setting_text(check->store, SETTING_REQUIRE_SIGNATURE, required);

	if (err || strcmp(required, "on") != 0)
		return err;
	return refuse(check, "it is not signed, and " SETTING_REQUIRE_SIGNATURE " is on");
}

int signature_check(struct store *store, const char *path, struct directive *directive)
{
	struct check check = {
		.store = store,
		.path = path,
		.file = opt.signature,
		.metadata = &directive->metadata,
	};
	char *sidecar = NULL;
	int err;

	if (!check.file && strcmp(path, "-") && asprintf(&sidecar, "%s" SUFFIX, path) < 0)
		return -ENOMEM;
	/* a file that exists but cannot be read must not pass as no signature */
	if (sidecar &&
	    (!faccessat(AT_FDCWD, sidecar, F_OK, AT_SYMLINK_NOFOLLOW) || errno != ENOENT))
		check.file = sidecar;
	err = check.file ? check_signature(&check, directive) : check_unsigned(&check);
	json_decref(check.faults.array);
	free(sidecar);
	return err;
}

/*
 * 1: @newest was applied and not undone, and nothing newer, of this issuer, 0: none, or -errno.
 * Records before 2026-12 call the SHA-256 `digest`.
 */
static int find_newest(struct store *store, const char *issuer, const char *digest,
		       struct rank *newest, bool *same)
{
	sqlite3_stmt *select = store_prepare(
		store, "SELECT detail ->> '$.signature.time', detail ->> '$.signature.number',"
		       " ifnull(detail ->> '$.signature.sha256',"
		       "  detail ->> '$.signature.digest') = ? FROM record r"
		       " WHERE detail ->> '$.signature.issuer' = ? AND verb IN ('load', 'sync')"
		       " AND NOT EXISTS (SELECT 1 FROM record u WHERE u.id > r.id AND"
		       "  (u.verb = 'rollback' AND u.directive = r.directive OR"
		       "   u.verb = 'breaker' AND u.detail ->> 'undoes' = r.id))"
		       " ORDER BY 1 DESC, 2 DESC, id DESC LIMIT 1");
	int found = select ? 0 : -EIO;

	if (found)
		return found;
	sqlite3_bind_text(select, 1, digest, -1, SQLITE_STATIC);
	sqlite3_bind_text(select, 2, issuer, -1, SQLITE_STATIC);
	found = store_step(store, select);
	if (found == 1) {
		newest->time = sqlite3_column_int64(select, 0);
		newest->number = sqlite3_column_int64(select, 1);
		*same = sqlite3_column_int(select, 2);
	}
	sqlite3_finalize(select);
	return found;
}

/* The newest signature again is no replay: it orders what is ordered already. */
int signature_is_new(struct store *store, const char *path, const struct directive *directive)
{
	struct check check = { .store = store, .path = path, .metadata = &directive->metadata };
	char mine[DATE_TEXT], others[DATE_TEXT];
	struct rank rank, newest = { 0 };
	const char *issuer, *digest;
	json_int_t time, number;
	bool same = false;
	int found;

	if (json_unpack(directive->signature, "{s:s, s:s, s:I, s:I}", "issuer", &issuer, "sha256",
			&digest, "time", &time, "number", &number))
		return -EINVAL;
	rank = (struct rank){ time, number };
	found = find_newest(store, issuer, digest, &newest, &same);
	if (found <= 0 || same || rank.time > newest.time ||
	    (rank.time == newest.time && rank.number > newest.number))
		return found < 0 ? found : 0;
	return refuse(&check,
		      "directive %u as of %s is not newer than what %s signed last, "
		      "directive %u as of %s",
		      (unsigned int)rank.number, date_text(rank.time, mine), issuer,
		      (unsigned int)newest.number, date_text(newest.time, others));
}
