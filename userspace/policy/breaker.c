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
#include "lib/opt.h"
#include "lib/say.h"
#include "policy/breaker_record.h"
#include "policy/projection.h"
#include "transport/pinned_list.h"
#include "transport/pins.h"

#define NS 1000000000ULL
#define POLL_US 50000
#define MESSAGE_OCTETS 512

/* What this command has armed. */
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

/* To stderr and to the system log, as nobody may be there to read stderr. */
static void report(const char *text)
{
	complain("%s", text);
	openlog("xeir", LOG_PID, LOG_DAEMON);
	syslog(LOG_WARNING, "%s", text);
	closelog();
}

static void report_undone(const struct xeir_breaker *breaker, const struct outcome *outcome)
{
	const char *what = breaker->directive ? "directive" : "generation";
	char text[MESSAGE_OCTETS];

	snprintf(text, sizeof(text),
		 "BREAKER TRIPPED: more than %u attempts were stopped by %s %u, which is undone: "
		 "%u entries removed, %u put back; %u sessions freed",
		 breaker->limit, what,
		 breaker->directive ? breaker->directive : breaker->generation, outcome->removed,
		 outcome->changed + outcome->added, outcome->freed);
	report(text);
}

/*
 * The load stays: it was ordered, and without the count nobody knows whether it should be undone.
 */
static void report_lost(const struct xeir_breaker *breaker, unsigned int seconds)
{
	char text[MESSAGE_OCTETS], whose[64], how[64] = "its file is named by: xeir journal";

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
	report(text);
}

static const struct xeir_breaker none;

int breaker_disarm(void)
{
	return write_breaker(&none);
}

/* The journal first: if the list came first, the next command would restore it from the journal. */
static int undo_record(struct store *store, const struct xeir_breaker *breaker)
{
	int err = breaker_record_is_open(store, breaker);

	if (err > 0)
		err = breaker_record_undo(store, breaker);
	if (!err)
		err = store_commit(store);
	return err ? err : store_begin(store);
}

/* Write @next, unless another command has armed the breaker since the journal was committed. */
static int replace(const struct xeir_breaker *former, const struct xeir_breaker *next)
{
	struct xeir_breaker now;
	int err = breaker_read(&now);

	return err || now.expiry_ns != former->expiry_ns ? err : write_breaker(next);
}

/* The maps do not have what the commit removed; the journal lists it again. */
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

/* First the journal; then the entries of the commit, which the programs skip already; then the
 * rest. */
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
	report_undone(breaker, &outcome);
	return 0;
}

/* The next command would enforce what the journal has, without a breaker. So undo it there. */
static int undo_lost(struct store *store, const struct xeir_breaker *breaker)
{
	int open = breaker_record_is_open(store, breaker);

	if (open <= 0)
		return open;
	complain("a load that was to be watched by --breaker died in front of its commit, and is "
		 "undone: directive %u",
		 breaker->directive);
	return undo_record(store, breaker);
}

/* Is it armed for a commit that has not come? 1, 0 or a negative errno. */
static int is_ahead(const struct xeir_breaker *breaker)
{
	struct xeir_control control;
	int err = pinned_list_control(&control);

	return err ? err : (__s32)(control.live - breaker->generation) < 0;
}

/* A breaker that was armed for a commit which never came must not watch the next commit. */
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

/* The window has ended. Record it, as these maps may be lost one day. */
static int keep(struct store *store, const struct xeir_breaker *breaker)
{
	int err = breaker_record_is_open(store, breaker);

	if (err > 0)
		err = breaker_record_watched(store, breaker, json_integer(breaker->count));
	if (!err)
		err = store_commit(store);
	if (!err)
		err = store_begin(store);
	return err ? err : replace(breaker, &none);
}

/* Reported once, when new maps are filled from the journal. */
static int settle_lost(struct store *store)
{
	struct xeir_breaker lost;
	unsigned int seconds;
	int found = projection_is_filled(store), err = 0;

	if (found)
		return found < 0 ? found : 0;
	while (!err && (found = breaker_record_find_lost(store, &lost, &seconds)) > 0) {
		report_lost(&lost, seconds);
		err = breaker_record_watched(store, &lost, json_null());
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

int breaker_arm(struct store *store, uint32_t directive)
{
	struct xeir_breaker breaker;
	struct xeir_control control;
	int64_t record = breaker_record_last(store);
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

static void print_progress(const struct xeir_breaker *breaker, uint64_t left_ns)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\rbreaker: %u of %u attempts stopped, %llu s left ",
			breaker->count, breaker->limit, (unsigned long long)(left_ns / NS + 1));
}

/* Until the window ends, or another breaker is armed. */
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
		print_progress(&breaker, breaker.expiry_ns - now);
		usleep(POLL_US);
	}
	if (isatty(STDERR_FILENO))
		fputs("\n", stderr);
	return err;
}

/* Another command may have settled it before. */
static int settle_now(struct transport *t, enum breaker_fate *before, enum breaker_fate *after)
{
	struct store store;
	int err = store_open(&store);

	if (err)
		return err;
	err = store_begin(&store);
	if (!err)
		err = breaker_record_fate(&store, armed.record, before);
	if (!err)
		err = breaker_settle(t, &store);
	if (!err)
		err = breaker_record_fate(&store, armed.record, after);
	if (!err)
		err = store_commit(&store);
	store_rollback(&store);
	store_close(&store);
	return err;
}

/* The maps may have the breaker of a later load by now; the journal has how this one ended. */
int breaker_watch(struct transport *t)
{
	enum breaker_fate before, after;

	fflush(stdout); /* the result of the load is printed before the wait */
	if (wait_for_end() || settle_now(t, &before, &after))
		return EXIT_FAILED;
	if (after == BREAKER_KEPT)
		return EXIT_DONE;
	if (after == BREAKER_UNDONE) {
		if (before == BREAKER_UNDONE)
			complain("BREAKER TRIPPED: another command has undone this one");
		return EXIT_TRIPPED;
	}
	complain("the breaker is lost with the maps that had it: whether more than %u attempts "
		 "were stopped is not known",
		 armed.limit);
	return EXIT_FAILED;
}
