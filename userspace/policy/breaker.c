// SPDX-License-Identifier: GPL-2.0-only
#include "policy/breaker.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "host/sweep.h"
#include "journal/ledger_undo.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "policy/projection.h"
#include "transport/pinned_list.h"
#include "transport/pins.h"

#define NS 1000000000ULL
#define POLL_US 50000
#define TOLD 512

/* Does the journal say what became of record w? */
#define SETTLED                                                \
	"EXISTS (SELECT 1 FROM record s WHERE s.id > w.id AND" \
	" w.id IN (s.detail ->> 'undoes', s.detail ->> 'watched'))"

/* What became of a load that was watched. */
enum fate {
	FATE_UNKNOWN, /* yet, or for ever */
	FATE_KEPT,
	FATE_UNDONE,
};

/* By this command. */
static struct xeir_breaker armed;

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_TAI, &now);
	return now.tv_sec * NS + now.tv_nsec;
}

int breaker_read(struct xeir_breaker *breaker)
{
	int fd, err = 0;
	__u32 zero = 0;

	memset(breaker, 0, sizeof(*breaker));
	if (!pins_has(PIN_NAME(XEIR_MAP_BREAKER)))
		return 0;
	fd = pins_open(PIN_NAME(XEIR_MAP_BREAKER));
	if (fd < 0)
		return fd;
	if (bpf_map_lookup_elem(fd, &zero, breaker)) {
		err = -errno;
		complain("%s: %s", PIN_NAME(XEIR_MAP_BREAKER), strerror(-err));
	}
	close(fd);
	return err;
}

static int write_breaker(const struct xeir_breaker *breaker)
{
	int fd = pins_open(PIN_NAME(XEIR_MAP_BREAKER)), err = 0;
	__u32 zero = 0;

	if (fd < 0)
		return fd;
	if (bpf_map_update_elem(fd, &zero, breaker, BPF_ANY)) {
		err = -errno;
		complain("%s: %s", PIN_NAME(XEIR_MAP_BREAKER), strerror(-err));
	}
	close(fd);
	return err;
}

bool breaker_watches(const struct xeir_breaker *breaker)
{
	return breaker->state == XEIR_BREAKER_CLOSED && now_ns() < breaker->expiry_ns;
}

/* To who waits, and to the log: nobody may wait. */
static void tell(const char *text)
{
	complain("%s", text);
	openlog("xeir", LOG_PID, LOG_DAEMON);
	syslog(LOG_WARNING, "%s", text);
	closelog();
}

static void tell_undone(const struct xeir_breaker *breaker, const struct outcome *outcome)
{
	const char *what = breaker->directive ? "directive" : "generation";
	char text[TOLD];

	snprintf(text, sizeof(text),
		 "BREAKER TRIPPED: more than %u attempts were stopped by %s %u, which is undone: "
		 "%u entries removed, %u put back; %u sessions freed",
		 breaker->limit, what,
		 breaker->directive ? breaker->directive : breaker->generation, outcome->removed,
		 outcome->changed + outcome->added, outcome->freed);
	tell(text);
}

/* It was ordered, and to let all through is no less of a guess. */
static void tell_lost(const struct xeir_breaker *breaker, unsigned int seconds)
{
	char text[TOLD], whose[64], how[64] = "its file is named by: xeir journal";

	snprintf(whose, sizeof(whose), "record %u of the journal", breaker->record);
	if (breaker->directive) {
		snprintf(whose, sizeof(whose), "directive %u", breaker->directive);
		snprintf(how, sizeof(how), "to undo it: xeir directive rollback %u",
			 breaker->directive);
	}
	snprintf(text, sizeof(text),
		 "THE BREAKER OF %s IS LOST with the maps that had it: whether more than %u "
		 "attempts were stopped within %u s is not known; it is enforced, and not watched "
		 "any more; %s",
		 whose, breaker->limit, seconds, how);
	tell(text);
}

static const struct xeir_breaker none;

int breaker_disarm(void)
{
	return write_breaker(&none);
}

/*
 * Has the journal the commit, and not yet what became of it? Who was killed in front of the list
 * has written that. 1, 0 or a negative errno.
 */
static int is_open(struct store *store, const struct xeir_breaker *breaker)
{
	sqlite3_stmt *s = store_prepare(store, "SELECT 1 FROM record w WHERE id = ?"
					       " AND detail ->> 'breaker' IS NOT NULL"
					       " AND NOT " SETTLED);
	int found = s ? 0 : -EIO;

	if (s) {
		sqlite3_bind_int64(s, 1, breaker->record);
		found = store_step(store, s);
	}
	sqlite3_finalize(s);
	return found;
}

static int write_undo(struct store *store, const struct xeir_breaker *breaker)
{
	json_t *detail =
		json_pack("{s:I, s:I, s:I}", "undoes", (json_int_t)breaker->record, "limit",
			  (json_int_t)breaker->limit, "stopped", (json_int_t)breaker->count);
	struct ledger_rows ledger = {};
	struct list_change change = {};
	int err = ledger_rows_begin(&ledger, store, &change);

	if (!err)
		err = ledger_undo_record(&ledger, breaker->record);
	if (!err)
		err = ledger_rows_record(&ledger, "breaker", breaker->directive, detail);
	ledger_rows_end(&ledger);
	list_change_free(&change);
	json_decref(detail);
	return err;
}

/* First the journal: were the list first, the next command would bring it back to the journal. */
static int undo_record(struct store *store, const struct xeir_breaker *breaker)
{
	int err = is_open(store, breaker);

	if (err > 0)
		err = write_undo(store, breaker);
	if (!err)
		err = store_commit(store);
	return err ? err : store_begin(store);
}

/* Unless another tool has armed it anew since the journal was committed. */
static int replace(const struct xeir_breaker *former, const struct xeir_breaker *next)
{
	struct xeir_breaker now;
	int err = breaker_read(&now);

	return err || now.expiry_ns != former->expiry_ns ? err : write_breaker(next);
}

/* What the commit had removed is not in force yet, and was not written down in the maps. */
static int put_back(struct transport *t, struct store *store, struct outcome *outcome)
{
	struct list_change change;
	int err = projection_diff(t, store, &change);

	if (err)
		return err;
	err = projection_commit(t, &change, outcome);
	if (!err)
		err = projection_mark(store, 0);
	list_change_free(&change);
	return err;
}

/* The journal, then what the programs leave out already, then the rest. */
static int undo(struct transport *t, struct store *store, const struct xeir_breaker *breaker)
{
	struct xeir_breaker undone = *breaker;
	struct outcome reverted, outcome = {};
	int err = undo_record(store, breaker);

	undone.state = XEIR_BREAKER_UNDONE;
	if (!err)
		err = t->ops->revert(t, breaker->generation, &reverted);
	if (!err)
		err = put_back(t, store, &outcome);
	if (!err)
		err = replace(breaker, &undone);
	if (err)
		return err;
	outcome.removed += reverted.removed;
	outcome.changed += reverted.changed;
	outcome.freed += reverted.freed;
	tell_undone(breaker, &outcome);
	return 0;
}

/* What became of a commit that is not undone; @stopped, which is consumed, may be null. */
static int write_fate(struct store *store, const struct xeir_breaker *breaker, json_t *stopped)
{
	json_t *detail = json_pack("{s:I, s:I, s:o}", "watched", (json_int_t)breaker->record,
				   "limit", (json_int_t)breaker->limit, "stopped", stopped);
	struct chain chain;
	int err = chain_begin(&chain, store);

	if (!err)
		err = chain_end(&chain, "watched", breaker->directive, detail);
	json_decref(detail);
	return err;
}

/* What would come in force by the next mending would do so without being watched. */
static int undo_lost(struct store *store, const struct xeir_breaker *breaker)
{
	int open = is_open(store, breaker);

	if (open <= 0)
		return open;
	complain("a load that was to be watched by --breaker died in front of its commit, and is "
		 "undone: directive %u",
		 breaker->directive);
	return undo_record(store, breaker);
}

/* Is it armed for a commit that is not there? 1, 0 or a negative errno. */
static int is_ahead(const struct xeir_breaker *breaker)
{
	struct xeir_control control;
	int err = pinned_list_control(&control);

	return err ? err : (__s32)(control.live - breaker->generation) < 0;
}

/* One that was armed for a commit which never came must not watch the next. */
static int disarm_if_lost(struct transport *t, struct store *store,
			  const struct xeir_breaker *breaker)
{
	int ahead = is_ahead(breaker), err;

	if (ahead > 0) {
		err = projection_wait(t);
		ahead = err ? err : is_ahead(breaker);
	}
	if (ahead <= 0)
		return ahead;
	err = undo_lost(store, breaker);
	return err ? err : replace(breaker, &none);
}

/* The window has ended. Who finds these maps lost one day would not know. */
static int keep(struct store *store, const struct xeir_breaker *breaker)
{
	int err = is_open(store, breaker);

	if (err > 0)
		err = write_fate(store, breaker, json_integer(breaker->count));
	if (!err)
		err = store_commit(store);
	if (!err)
		err = store_begin(store);
	return err ? err : replace(breaker, &none);
}

/* A promise without an end that maps before these had; 1, 0 or a negative errno. */
static int find_lost(struct store *store, struct xeir_breaker *lost, unsigned int *seconds)
{
	sqlite3_stmt *s = store_prepare(
		store, "SELECT id, directive, detail ->> '$.breaker.limit',"
		       " detail ->> '$.breaker.seconds' FROM record w"
		       " WHERE verb IN ('load', 'sync') AND detail ->> 'breaker' IS NOT NULL"
		       " AND NOT " SETTLED " AND NOT EXISTS (SELECT 1 FROM record r WHERE"
		       " r.id > w.id AND r.verb = 'rollback' AND r.directive = w.directive)"
		       " ORDER BY id LIMIT 1");
	int found = s ? store_step(store, s) : -EIO;

	if (found > 0) {
		*lost = (struct xeir_breaker){
			.record = sqlite3_column_int64(s, 0),
			.directive = sqlite3_column_int64(s, 1),
			.limit = sqlite3_column_int64(s, 2),
		};
		*seconds = sqlite3_column_int64(s, 3);
	}
	sqlite3_finalize(s);
	return found;
}

/* Said once, when new maps get what the journal lists. */
static int settle_lost(struct store *store)
{
	struct xeir_breaker lost;
	unsigned int seconds;
	int found = projection_is_filled(store), err = 0;

	if (found)
		return found < 0 ? found : 0;
	while (!err && (found = find_lost(store, &lost, &seconds)) > 0) {
		tell_lost(&lost, seconds);
		err = write_fate(store, &lost, json_null());
	}
	return err ? err : found;
}

int breaker_settle(struct transport *t, struct store *store)
{
	struct xeir_breaker breaker;
	int err = breaker_read(&breaker);

	if (err || breaker.state == XEIR_BREAKER_UNDONE)
		return err;
	if (!breaker.expiry_ns)
		return settle_lost(store);
	if (breaker.state == XEIR_BREAKER_TRIPPED)
		return undo(t, store, &breaker);
	err = disarm_if_lost(t, store, &breaker);
	return err || breaker_watches(&breaker) ? err : keep(store, &breaker);
}

/* The record in the making, or a negative errno. */
static int64_t last_record(struct store *store)
{
	sqlite3_stmt *s = store_prepare(store, "SELECT max(id) FROM record");
	int64_t record = s ? store_step(store, s) : -EIO;

	if (record > 0)
		record = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return record;
}

int breaker_arm(struct store *store, uint32_t directive)
{
	struct xeir_breaker breaker;
	struct xeir_control control;
	int64_t record = last_record(store);
	int err = record < 0 ? record : breaker_read(&breaker);

	if (!err && breaker_watches(&breaker)) {
		complain("the breaker watches another directive for %llu seconds yet; "
			 "load this one then, or without --breaker",
			 (unsigned long long)((breaker.expiry_ns - now_ns()) / NS + 1));
		return -EBUSY;
	}
	if (!err)
		err = pinned_list_control(&control);
	if (err)
		return err;
	armed = (struct xeir_breaker){
		.expiry_ns = now_ns() + opt.breaker_seconds * NS,
		.generation = control.live + 1,
		.limit = opt.breaker_limit,
		.directive = directive,
		.record = record,
	};
	return write_breaker(&armed);
}

static void tell_progress(const struct xeir_breaker *breaker, uint64_t left_ns)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\rbreaker: %u of %u attempts stopped, %llu s left ",
			breaker->count, breaker->limit, (unsigned long long)(left_ns / NS + 1));
}

/* Until its window ends, or it is not the one that is armed any more. */
static int wait_for_end(void)
{
	struct xeir_breaker breaker;
	uint64_t now;
	int err;

	while (!(err = breaker_read(&breaker))) {
		now = now_ns();
		if (breaker.record != armed.record || breaker.state != XEIR_BREAKER_CLOSED ||
		    now >= breaker.expiry_ns)
			break;
		tell_progress(&breaker, breaker.expiry_ns - now);
		usleep(POLL_US);
	}
	if (isatty(STDERR_FILENO))
		fputs("\n", stderr);
	return err;
}

/* What the journal says of it. */
static int read_fate(struct store *store, enum fate *fate)
{
	sqlite3_stmt *s =
		store_prepare(store, "SELECT verb = 'breaker', detail ->> 'stopped' IS NOT NULL "
				     "FROM record WHERE id > ?1 AND "
				     "?1 IN (detail ->> 'undoes', detail ->> 'watched')");
	int found = s ? 0 : -EIO;

	*fate = FATE_UNKNOWN;
	if (s) {
		sqlite3_bind_int64(s, 1, armed.record);
		found = store_step(store, s);
	}
	if (found > 0 && sqlite3_column_int(s, 0))
		*fate = FATE_UNDONE;
	else if (found > 0 && sqlite3_column_int(s, 1))
		*fate = FATE_KEPT;
	sqlite3_finalize(s);
	return found < 0 ? found : 0;
}

/* Another command may have come first, and have done it. */
static int settle_now(struct transport *t, enum fate *before, enum fate *after)
{
	struct store store;
	int err = store_open(&store);

	if (err)
		return err;
	err = store_begin(&store);
	if (!err)
		err = read_fate(&store, before);
	if (!err)
		err = breaker_settle(t, &store);
	if (!err)
		err = read_fate(&store, after);
	if (!err)
		err = store_commit(&store);
	store_rollback(&store);
	store_close(&store);
	return err;
}

/* The breaker in the maps may be a later load's by now: how this one's ended, the journal knows. */
int breaker_watch(struct transport *t)
{
	enum fate before, after;

	fflush(stdout); /* what was done is told by now, whatever becomes of this wait */
	if (wait_for_end() || settle_now(t, &before, &after))
		return EXIT_FAILED;
	if (after == FATE_KEPT)
		return EXIT_DONE;
	if (after == FATE_UNDONE) {
		if (before == FATE_UNDONE)
			complain("BREAKER TRIPPED: another command has undone this one");
		return EXIT_TRIPPED;
	}
	complain("the breaker is lost with the maps that had it: whether more than %u attempts "
		 "were stopped is not known",
		 armed.limit);
	return EXIT_FAILED;
}
