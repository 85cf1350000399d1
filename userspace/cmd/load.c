// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "cmd/change_print.h"
#include "cmd/load.h"
#include "cmd/preview_print.h"
#include "cmd/verb.h"
#include "directive/directive_read.h"
#include "directive/metadata_agree.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "policy/breaker.h"
#include "policy/change.h"
#include "session/sighting_file.h"
#include "session/tac_guard.h"
#include "transport/pinned_config.h"
#include "transport/pins.h"
#include "trust/signature.h"
#include "transport/transport_open.h"

/* Lines that are left out mean a gap in the list that the file becomes. */
static void report_left_out(const struct directive *directive, enum load_mode mode)
{
	if (mode == LOAD_ONTO && directive->ended)
		fputs("xeir: entries of expired rows that are listed stay listed\n", stderr);
	if (mode == LOAD_ONTO && directive->pending)
		fputs("xeir: entries of rows not yet effective that are listed stay listed\n",
		      stderr);
	if (mode == LOAD_ONTO && directive->passed_over)
		fputs("xeir: entries of rows passed over that are listed stay listed\n", stderr);
	if (mode != LOAD_ONTO && directive->skipped)
		fputs("xeir: warning: the handsets of skipped lines are unlisted by this\n",
		      stderr);
}

json_t *load_merged_json(const struct merged *merged)
{
	return json_pack("{s:I, s:I, s:I}", "added", (json_int_t)merged->added, "merged",
			 (json_int_t)merged->merged, "left_out", (json_int_t)merged->left_out);
}

static void print_merged(const struct merged *merged)
{
	if (!merged->added && !merged->merged && !merged->left_out)
		return;
	printf("sightings: %zu added, %zu merged", merged->added, merged->merged);
	if (merged->left_out)
		printf(", %zu left out, no capacity", merged->left_out);
	puts("");
}

/* Stdin has no sidecar. */
static bool restores(const char *path, enum load_mode mode)
{
	return mode == LOAD_RESTORE && strcmp(path, "-") != 0;
}

/* What comes with the change of the list: before a dry run whom it would hit, or sightings. */
struct extras {
	bool previews, restores;
	struct preview preview;
	struct merged merged;
};

static int print_answer(const struct transport *t, struct outcome *outcome,
			const struct directive *directive, const struct extras *extras)
{
	json_t *more = json_pack("{s:O*}", "faults", directive->faults);
	int status;

	if (opt.json && extras->previews)
		json_object_set_new(more, "preview", preview_json(&extras->preview));
	if (opt.json && extras->restores)
		json_object_set_new(more, "sightings", load_merged_json(&extras->merged));
	status = change_print(t, outcome, directive, more);
	if (!opt.json && extras->previews)
		preview_print(&extras->preview);
	if (!opt.json && extras->restores)
		print_merged(&extras->merged);
	return status;
}

static const char *const verbs[] = {
	[LOAD_ONTO] = "load",
	[LOAD_SYNC] = "sync",
	[LOAD_RESTORE] = "restore",
};

static const enum directive_use uses[] = {
	[LOAD_ONTO] = DIRECTIVE_LOAD,
	[LOAD_SYNC] = DIRECTIVE_SYNC,
	[LOAD_RESTORE] = DIRECTIVE_RESTORE,
};

static const enum reach reaches[] = {
	[LOAD_ONTO] = REACH_NAMED,
	[LOAD_SYNC] = REACH_ISSUER,
	[LOAD_RESTORE] = REACH_ALL,
};

/* A change that a file asks for. */
struct file_order {
	struct order order; /* the first, as the ledger sees no more */
	const char *path;
	const struct directive *directive;
};

/* Who corrects a directive by loading it again may take the file for the whole of it. */
static int report_others_of(struct store *store, const struct directive *directive)
{
	const struct metadata *metadata = &directive->metadata;
	sqlite3_stmt *s;
	int64_t others = 0;
	int found;

	if (!metadata->number || metadata->delta)
		return 0;
	s = store_prepare(store, "SELECT count(*) FROM listing WHERE directive = ? AND origin = 0"
				 " AND removed = 0");
	if (!s)
		return -EIO;
	sqlite3_bind_int64(s, 1, metadata->number);
	found = store_step(store, s);
	if (found > 0)
		others = sqlite3_column_int64(s, 0) - (int64_t)directive->n_puts;
	sqlite3_finalize(s);
	if (others > 0)
		fprintf(stderr,
			"xeir: %lld entries of directive %u that this file does not name stay "
			"listed; to make the list this file: xeir sync\n",
			(long long)others, metadata->number);
	return found < 0 ? found : 0;
}

/* Within the transaction, so that no other directive comes in between. */
static int write_checked(struct store *store, const struct order *order, struct list_change *change)
{
	const struct file_order *file = (const struct file_order *)order;
	struct order whose = *order;
	char *issuer = NULL;
	int err = 0;

	if (file->directive->signature)
		err = signature_is_new(store, file->path, file->directive);
	if (!err)
		err = metadata_agree_with_journal(store, &file->directive->metadata, &issuer);
	whose.issuer = issuer;
	if (!err)
		err = ledger_apply(store, &whose, change);
	free(issuer);
	if (!err && change->kept)
		fprintf(stderr, "xeir: %zu that are removed stay listed, by others\n",
			change->kept);
	return err ? err : report_others_of(store, file->directive);
}

static int change_by_file(struct transport *t, struct store *store, const char *path,
			  struct directive *directive, enum load_mode mode, struct outcome *outcome)
{
	struct file_order file = {
		.order = {
			.verb = verbs[mode],
			.directive = mode == LOAD_RESTORE ? 0 : directive->metadata.number,
			.detail = metadata_agree_detail(path, directive),
			.caution = mode == LOAD_RESTORE ? CAUTION_CAPACITY : CAUTION_FILE,
			.reach = reaches[mode],
			.puts = directive->puts,
			.n_puts = directive->n_puts,
			.removes = directive->removes,
			.n_removes = directive->n_removes,
			.removes_own = true,
			.n_left_out = directive->ended + directive->pending +
				      directive->passed_over,
			.delta = directive->metadata.delta,
		},
		.path = path,
		.directive = directive,
	};
	int err;

	/* what was saved was in order once */
	if (mode == LOAD_RESTORE)
		err = change_apply(t, &file.order, outcome);
	else
		err = change_in(t, store, &file.order, write_checked, outcome);
	json_decref(file.order.detail);
	return err;
}

static int apply(struct transport *t, struct store *store, const char *path,
		 struct directive *directive, enum load_mode mode)
{
	struct extras extras = { .restores = restores(path, mode) };
	struct outcome outcome;
	int err = 0, status;

	extras.previews = opt.dry_run && pins_has(PIN_NAME(XEIR_MAP_SESSIONS));
	if (extras.previews)
		err = preview_make(directive, mode != LOAD_ONTO, &extras.preview);
	if (!err)
		err = change_by_file(t, store, path, directive, mode, &outcome);
	/* to print may take long, and to watch does */
	store_close(store);
	if (!err && extras.restores)
		err = sighting_file_restore(path, &extras.merged);
	status = change_status(err);
	if (!err)
		status = print_answer(t, &outcome, directive, &extras);
	preview_free(&extras.preview);
	if (!err && opt.breaker_seconds && !opt.dry_run)
		return breaker_watch(t);
	return err == -EBADMSG ? EXIT_BAD : status;
}

/* The signature first: options must agree with what is signed. */
static int check_terms(struct store *store, const char *path, struct directive *directive)
{
	int err = signature_check(store, path, directive);

	if (err)
		return err == -EBADMSG ? EXIT_BAD : EXIT_FAILED;
	return metadata_agree_with_options(directive);
}

static int load_into(struct store *store, const char *path, struct directive *directive,
		     enum load_mode mode)
{
	struct transport *t = transport_open();
	int status = EXIT_DONE;

	if (!t)
		return EXIT_FAILED;
	/* what was saved was meant once */
	if (mode != LOAD_RESTORE)
		status = tac_guard_check(t, directive->puts, directive->n_puts);
	if (!status)
		status = apply(t, store, path, directive, mode);
	t->ops->close(t);
	return status;
}

static int load(const char *path, struct directive *directive, enum load_mode mode)
{
	int status = EXIT_DONE, err = restores(path, mode) ? sighting_file_check(path) : 0;
	struct store store = {};

	if (err)
		return err == -EINVAL ? EXIT_BAD : EXIT_FAILED;
	if (mode != LOAD_RESTORE)
		status = store_open(&store) ? EXIT_FAILED : check_terms(&store, path, directive);
	if (!status)
		status = load_into(&store, path, directive, mode);
	store_close(&store);
	return status;
}

int load_file(const char *path, enum load_mode mode)
{
	struct directive directive;
	int status,
		err = directive_read(path, uses[mode], pinned_config_default_action(), &directive);

	if (err)
		return err == -ENOMEM || err == -EIO ? EXIT_FAILED : EXIT_BAD;
	status = load(path, &directive, mode);
	if (status == EXIT_DONE)
		report_left_out(&directive, mode);
	directive_free(&directive);
	return status;
}

static int run_load(int argc, char **argv)
{
	if (argc != 2)
		return bad_usage(&verb_load, "load takes one file, - for stdin");
	return load_file(argv[1], LOAD_ONTO);
}

static int run_sync(int argc, char **argv)
{
	if (argc != 2)
		return bad_usage(&verb_sync, "sync takes one file, - for stdin");
	return load_file(argv[1], LOAD_SYNC);
}

#define FORMAT_HELP                                                                          \
	"FILE is CSV with a header line and at least imei, tac, imsi or msisdn:\n"           \
	"  imei,imsi,action,directive,expiry\n"                                              \
	"  490154203237518,,drop,7,2030-12-31\n"                                             \
	"  35-349006-987332-7,,remove,7,\n"                                                  \
	"  ,404010123456789,reject,,\n"                                                      \
	"  353490069873319,404010123456789,pass,,\n"                                         \
	"A row has one identifier, or the IMEIs of one handset (imei1, imei2, ...), or an\n" \
	"IMEI and an IMSI with action pass, an exception. action is drop, reject, watch,\n"  \
	"pass or remove; empty: the default action (xeir set). reason, ref are ignored.\n"   \
	"Semicolons and tabs work like commas. Other formats: one identifier a line, with\n" \
	"tac, imsi or msisdn before an identifier that is not an IMEI; JSON objects with\n"  \
	"these members; lists of DIRBS. gzip, zstd and zip are unpacked. See FORMATS in\n"   \
	"xeir(8).\n"                                                                         \
	"--map imei=IMEI_NO,ref=CASE names the columns, --map imei=FIRST+SECOND those of\n"  \
	"handsets with several IMEIs, --map -=STATUS those that are left out; --format\n"    \
	"NAME sets plain, csv, dirbs or json.\n"                                             \
	"If FILE.sha256 or FILE.count exists, it must match; FILE.minisig, or the file of\n" \
	"--signature, must be a good signature: see xeir key --help.\n"                      \
	"A TAC that is not blocked yet needs --yes. All lines are checked first; all take\n" \
	"effect at one instant.\n"

#define BREAKER_HELP                                                                         \
	"--breaker N/SECONDS undoes this change, and no other, if it stops more than N\n"    \
	"attempts (set-ups without retransmissions) within SECONDS: what it added is\n"      \
	"removed, what it changed or removed is as before. xeir waits until then; exit\n"    \
	"status 3 if undone. The programs do it even if xeir is killed. Other changes may\n" \
	"be made meanwhile.\n"

#define TERMS_HELP                                                                           \
	"--issuer, --reference, --issued and --due are for what the file does not state,\n"  \
	"for example in a comment \"# issuer: NAME\"; --directive is its number. They are\n" \
	"kept in the journal. If the number has another issuer, the file is refused.\n"      \
	"--received is when the file arrived, for the report; without it, that is now.\n"

#define GUARDS_HELP                                                                          \
	"What looks like a mistake is refused with exit status 2, and recorded: a file\n"    \
	"that lists nothing, that unlists or adds more than max-change percent (xeir set)\n" \
	"of a list of 100 or more, that is older than the last of its issuer, or that\n"     \
	"blocks a handset of xeir protect. --force REASON overrides these, and is\n"         \
	"recorded. Nothing overrides the capacity of the list.\n"

#define PREVIEW_HELP                                                                        \
	"--dry-run also prints who is affected: active sessions, sightings, handsets and\n" \
	"numbers (MSISDNs), by APN and by TAC.\n"

const struct verb verb_load = {
	.name = "load",
	.usage = "FILE|-",
	.summary = "apply a directive: list its entries, unlist its removals",
	.help = "Lists the entries of FILE and unlists its rows with action remove; the rest of\n"
		"the list stays. Expired rows are left out and change nothing.\n" GUARDS_HELP
			PREVIEW_HELP BREAKER_HELP TERMS_HELP "\n" FORMAT_HELP "\n"
		"examples:\n"
		"  xeir load directive.csv\n"
		"  xeir load --dry-run directive.csv\n"
		"  xeir load --skip-invalid --directive 2026 directive.csv\n"
		"  xeir load --breaker 50/600 directive.csv\n"
		"  xeir load --signature d7.sig d7.csv\n"
		"  xeir load --yes models.csv\n"
		"  xeir load list.csv --directive 2026 --issuer DoT --due 2026-11-30\n"
		"  cut -d, -f3 report.csv | tail -n +2 | xeir load -\n",
	.run = run_load,
};

const struct verb verb_sync = {
	.name = "sync",
	.usage = "FILE|-",
	.summary = "replace the list of an issuer by a file",
	.help = "Lists the entries of FILE and unlists other entries of its issuer, in one step.\n"
		"Entries in both lists are enforced all the time. Without an issuer, all entries\n"
		"that have no issuer are replaced. Removed entries use capacity until the change\n"
		"takes effect, so the list needs capacity for both. With --skip-invalid the\n"
		"handsets of faulty lines are unlisted too.\n" GUARDS_HELP PREVIEW_HELP BREAKER_HELP
			TERMS_HELP "\n" FORMAT_HELP "\n"
		"examples:\n"
		"  xeir sync all.csv\n"
		"  xeir sync --dry-run --json all.csv\n"
		"  xeir sync --force \"half of them were found\" all.csv\n",
	.run = run_sync,
};
