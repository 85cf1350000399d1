// SPDX-License-Identifier: GPL-2.0-only
#include "directive/metadata_agree.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium/utils.h>
#include <stdlib.h>
#include <string.h>

#include "lib/dates.h"
#include "lib/opt.h"
#include "lib/say.h"

static int agree_number(const char *name, unsigned int given, uint32_t *item)
{
	if (given && *item && given != *item) {
		complain("--%s: found %u, and the file has %u", name, given, *item);
		return EXIT_BAD;
	}
	if (given)
		*item = given;
	return EXIT_DONE;
}

static int agree_date(const char *name, unsigned int given, uint32_t *item)
{
	char option[DATE_TEXT], file[DATE_TEXT];

	if (given && *item && given != *item) {
		complain("--%s: found %s, and the file has %s", name, date_text(given, option),
			 date_text(*item, file));
		return EXIT_BAD;
	}
	if (given)
		*item = given;
	return EXIT_DONE;
}

static int agree_text(const char *name, const char *given, char **item)
{
	if (given && *item && strcmp(given, *item)) {
		complain("--%s: found \"%s\", and the file has \"%s\"", name, given, *item);
		return EXIT_BAD;
	}
	if (given && !*item)
		*item = strdup(given);
	return EXIT_DONE;
}

static void number_rows(struct directive *directive)
{
	for (size_t i = 0; i < directive->n_puts; i++)
		if (!directive->puts[i].side.directive)
			directive->puts[i].side.directive = directive->metadata.number;
}

/* Without its number, the issuer's next sync could not replace it. */
static int check_number(const struct directive *directive)
{
	const struct metadata *metadata = &directive->metadata;

	if (!metadata->issuer && !metadata->reference && !metadata->issued && !metadata->due &&
	    !opt.received)
		return EXIT_DONE;
	if (!metadata->number) {
		complain("a directive with an issuer, a reference or dates has one number; it is "
			 "give it with: --directive N");
		return EXIT_BAD;
	}
	for (size_t i = 0; i < directive->n_puts; i++) {
		if (directive->puts[i].side.directive == metadata->number)
			continue;
		complain("found a row of directive %u, expected %u, which the file is",
			 directive->puts[i].side.directive, metadata->number);
		return EXIT_BAD;
	}
	return EXIT_DONE;
}

/* 0: they are of several. */
static uint32_t number_of_rows(const struct directive *directive)
{
	uint32_t number = directive->n_puts ? directive->puts[0].side.directive : 0;

	for (size_t i = 0; i < directive->n_puts; i++)
		if (directive->puts[i].side.directive != number)
			return 0;
	return number;
}

int metadata_agree_with_options(struct directive *directive)
{
	struct metadata *metadata = &directive->metadata;
	int status = agree_number("directive", opt.directive, &metadata->number);

	if (!status)
		status = agree_text("issuer", opt.issuer, &metadata->issuer);
	if (!status)
		status = agree_text("reference", opt.reference, &metadata->reference);
	if (!status)
		status = agree_date("issued", opt.issued, &metadata->issued);
	if (!status)
		status = agree_date("due", opt.due, &metadata->due);
	if (status)
		return status;
	number_rows(directive);
	if (!metadata->number)
		metadata->number = number_of_rows(directive);
	return check_number(directive);
}

static json_t *date_json(uint32_t date)
{
	char text[DATE_TEXT];

	return date ? json_string(date_text(date, text)) : NULL;
}

json_t *metadata_agree_detail(const char *path, const struct directive *directive)
{
	const struct metadata *metadata = &directive->metadata;
	char digest[2 * INPUT_DIGEST + 1];
	json_t *detail =
		json_pack("{s:o, s:s*, s:s*, s:o*, s:o*}", "file", json_of_text(path), "issuer",
			  metadata->issuer, "reference", metadata->reference, "issued",
			  date_json(metadata->issued), "due", date_json(metadata->due));

	if (opt.received)
		json_object_set_new(detail, "received", date_json(opt.received));
	if (metadata->base)
		json_object_set_new(detail, "base", json_integer(metadata->base));
	json_object_set_new(detail, "skipped", json_integer(directive->skipped));
	json_object_set_new(detail, "ended", json_integer(directive->ended));
	json_object_set_new(detail, "pending", json_integer(directive->pending));
	if (directive->passed_over)
		json_object_set_new(detail, "passed_over", json_integer(directive->passed_over));
	json_object_set_new(detail, "size", json_integer(metadata->size));
	sodium_bin2hex(digest, sizeof(digest), metadata->digest, INPUT_DIGEST);
	json_object_set_new(detail, "sha256", json_string(digest));
	if (directive->signature)
		json_object_set(detail, "signature", directive->signature);
	if (opt.breaker_seconds)
		json_object_set_new(detail, "breaker",
				    json_pack("{s:I, s:I}", "limit", (json_int_t)opt.breaker_limit,
					      "seconds", (json_int_t)opt.breaker_seconds));
	return detail;
}

/* The metadata of the first file stay. */
static int check_same(const struct metadata *metadata, const char *name, const char *given,
		      const char *recorded)
{
	if (!given || !recorded || !strcmp(given, recorded))
		return 0;
	complain("directive %u: found %s \"%s\", and the journal has it with \"%s\"",
		 metadata->number, name, given, recorded);
	return -EBADMSG;
}

static int check_fixed(struct store *store, const struct metadata *metadata, char **issuer)
{
	sqlite3_stmt *s = store_prepare(store, "SELECT issuer, reference, issued FROM directive "
					       "WHERE number = ?");
	char issued[DATE_TEXT];
	int there, err = 0;

	if (!s)
		return -EIO;
	sqlite3_bind_int64(s, 1, metadata->number);
	there = store_step(store, s);
	if (there > 0) {
		const char *recorded = (const char *)sqlite3_column_text(s, 0);

		err = check_same(metadata, "issuer", metadata->issuer, recorded);
		if (!err)
			err = check_same(metadata, "reference", metadata->reference,
					 (const char *)sqlite3_column_text(s, 1));
		if (!err && metadata->issued)
			err = check_same(metadata, "issued", date_text(metadata->issued, issued),
					 (const char *)sqlite3_column_text(s, 2));
		if (!metadata->issuer && recorded)
			*issuer = strdup(recorded);
	}
	sqlite3_finalize(s);
	return there < 0 ? there : err;
}

/* A delta may come in several files. */
static int check_base(struct store *store, const struct metadata *metadata, const char *issuer)
{
	sqlite3_stmt *s;
	uint32_t last = 0;
	int there;

	if (!metadata->base)
		return 0;
	s = store_prepare(store,
			  "SELECT r.directive FROM record r JOIN directive d ON d.number ="
			  " r.directive WHERE d.issuer IS ? AND r.verb IN ('load', 'sync') AND NOT"
			  " EXISTS (SELECT 1 FROM record b WHERE b.directive = r.directive AND"
			  "  b.verb IN ('rollback', 'breaker') AND b.id > r.id)"
			  " ORDER BY r.id DESC LIMIT 1");
	if (!s)
		return -EIO;
	sqlite3_bind_text(s, 1, issuer, -1, SQLITE_STATIC);
	there = store_step(store, s);
	if (there > 0)
		last = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	if (there < 0 || last == metadata->base || (last && last == metadata->number))
		return there < 0 ? there : 0;
	if (last)
		complain("a change of directive %u, and the last of %s is directive %u",
			 metadata->base, issuer ? issuer : "no issuer", last);
	else
		complain("a change of directive %u, and the journal has none of %s", metadata->base,
			 issuer ? issuer : "no issuer");
	return -EBADMSG;
}

int metadata_agree_with_journal(struct store *store, const struct metadata *metadata, char **issuer)
{
	int err;

	*issuer = metadata->issuer ? strdup(metadata->issuer) : NULL;
	err = metadata->number ? check_fixed(store, metadata, issuer) : 0;
	return err ? err : check_base(store, metadata, *issuer);
}
