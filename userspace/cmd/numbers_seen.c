// SPDX-License-Identifier: GPL-2.0-only
/* From the handsets that a directive lists to the numbers that were seen in them. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "cmd/numbers.h"
#include "directive/memory_list.h"
#include "journal/key_column.h"
#include "lib/say.h"
#include "session/sighting.h"

struct seeing {
	struct memory_list handsets; /* that the directive lists, models among them */
	struct memory_list excepted; /* pairs of handset and SIM, whoever excepted them */
	struct number_updates *updates;
	struct number_update row; /* what all updates have */
};

static int read_keys(struct store *store, const char *sql, uint32_t directive,
		     struct memory_list *snapshot)
{
	sqlite3_stmt *s = store_prepare(store, sql);
	int more = s ? 1 : -EIO;

	if (s) {
		sqlite3_bind_int64(s, 1, time(NULL));
		sqlite3_bind_int64(s, 2, directive);
	}
	while (more > 0 && (more = store_step(store, s)) > 0) {
		const struct entry entry = { .key = key_column_read(s, 0) };
		int err = memory_list_add(&entry, snapshot);

		more = err ? err : more;
	}
	sqlite3_finalize(s);
	return more;
}

#define ACTIVE "SELECT DISTINCT key FROM listing WHERE removed = 0 AND (until = 0 OR until > ?1) "

/* By enum xeir_kind. They come sorted, as a snapshot is. */
static const char of_directive[] = ACTIVE "AND directive = ?2 AND key < x'03' ORDER BY key";
static const char of_exceptions[] = ACTIVE "AND ?2 IS NOT NULL AND key >= x'03' AND key < x'04' "
					   "ORDER BY key";

static bool is_said(const struct xeir_key *key)
{
	for (size_t i = 0; i < XEIR_NUMBER_OCTETS; i++)
		if (key->id[i] && key->id[i] != 0xff)
			return true;
	return false;
}

static int update_seen(const struct sighting *sighting, void *arg)
{
	struct seeing *seeing = arg;
	struct number_update update = seeing->row;
	struct xeir_key tac = sighting_key(sighting, XEIR_KIND_TAC), pair;

	update.msisdn = sighting_key(sighting, XEIR_KIND_MSISDN);
	update.imei = sighting_key(sighting, XEIR_KIND_IMEI);
	update.imsi = sighting_key(sighting, XEIR_KIND_IMSI);
	pair = identifier_exception(&update.imei, &update.imsi);
	if (!is_said(&update.msisdn) || memory_list_side(&seeing->excepted, &pair) ||
	    (!memory_list_side(&seeing->handsets, &update.imei) &&
	     !memory_list_side(&seeing->handsets, &tac)))
		return 0;
	if (!is_said(&update.imsi))
		update.imsi = (struct xeir_key){};
	return number_updates_put(seeing->updates, &update);
}

int numbers_seen(struct store *store, uint32_t directive, struct number_updates *updates)
{
	struct seeing seeing = {
		.updates = updates,
		.row = { .directive = directive, .why = "seen with a listed handset" },
	};
	int err = register_due(store, directive, &seeing.row.due), status = EXIT_DONE;

	if (!err)
		err = read_keys(store, of_directive, directive, &seeing.handsets);
	if (!err)
		err = read_keys(store, of_exceptions, directive, &seeing.excepted);
	if (!err && !seeing.handsets.n) {
		complain("directive %" PRIu32 " lists no handset", directive);
		status = EXIT_FAILED;
	} else if (!err) {
		err = sightings_iterate(update_seen, &seeing);
	}
	memory_list_free(&seeing.handsets);
	memory_list_free(&seeing.excepted);
	return err ? EXIT_FAILED : status;
}
