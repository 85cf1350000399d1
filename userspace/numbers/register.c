// SPDX-License-Identifier: GPL-2.0-only
#include "numbers/register.h"

#include <errno.h>
#include <sodium/utils.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "journal/key_column.h"
#include "lib/dates.h"
#include "lib/opt.h"

#define DAY (24 * 3600)
#define DUE_SECONDS (60 * DAY) /* of a directive without a deadline */
#define NOTICE_SECONDS (7 * DAY) /* at least, for a number that comes late */

const char *const number_states[NUMBER_STATES] = {
	[NUMBER_PENDING] = "pending",
	[NUMBER_VERIFIED] = "verified",
	[NUMBER_FAILED] = "failed",
	[NUMBER_DISCONNECTED] = "disconnected",
};

/* By the numbers of enum number_state. */
static const char of_msisdn[] = "SELECT directive FROM number WHERE msisdn = ? AND removed = 0 "
				"AND state = 3 ORDER BY directive";

static const char of_imsi[] =
	"SELECT DISTINCT directive FROM link l WHERE imsi = ?1 AND removed = 0 AND EXISTS"
	" (SELECT 1 FROM number n WHERE n.msisdn = l.msisdn AND n.directive = l.directive AND"
	"  n.removed = 0 AND n.state = 3) AND NOT EXISTS"
	" (SELECT 1 FROM link m JOIN number n USING (msisdn, directive) WHERE m.imsi = ?1 AND"
	"  m.directive = l.directive AND m.removed = 0 AND n.removed = 0 AND n.state = 1)"
	" ORDER BY directive";

int register_begin(struct number_register *reg, struct store *store, struct list_change *change)
{
	int err = ledger_rows_begin(&reg->ledger, store, change);

	if (err)
		return err;
	reg->read = store_prepare(store, "SELECT directive, added, state, due, date FROM "
					 "number WHERE msisdn = ? AND removed = 0 "
					 "ORDER BY directive");
	reg->add = store_prepare(store, "INSERT INTO number VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
	reg->end = store_prepare(store, "UPDATE number SET removed = ? WHERE msisdn = ? AND "
					"directive = ? AND added = ? AND state = ?");
	reg->link = store_prepare(store, "INSERT INTO link SELECT ?1, ?2, ?3, ?4, ?5, 0 WHERE "
					 "NOT EXISTS (SELECT 1 FROM link WHERE msisdn = ?1 AND"
					 " directive = ?2 AND imsi = ?3 AND imei = ?4 AND"
					 " removed = 0)");
	reg->links = store_prepare(store, "SELECT DISTINCT imsi FROM link WHERE msisdn = ? "
					  "AND removed = 0 AND imsi <> x''");
	reg->of_msisdn = store_prepare(store, of_msisdn);
	reg->of_imsi = store_prepare(store, of_imsi);
	return reg->read && reg->add && reg->end && reg->link && reg->links && reg->of_msisdn &&
			       reg->of_imsi ?
		       0 :
		       -EIO;
}

void register_end(struct number_register *reg)
{
	sqlite3_finalize(reg->read);
	sqlite3_finalize(reg->add);
	sqlite3_finalize(reg->end);
	sqlite3_finalize(reg->link);
	sqlite3_finalize(reg->links);
	sqlite3_finalize(reg->of_msisdn);
	sqlite3_finalize(reg->of_imsi);
	free(reg->all);
	ledger_rows_end(&reg->ledger);
}

static int keep(struct number_register *reg, const struct number *number)
{
	struct number *more;

	if (reg->n == reg->capacity) {
		reg->capacity = reg->capacity ? reg->capacity * 2 : 8;
		more = reallocarray(reg->all, reg->capacity, sizeof(*more));
		if (!more)
			return -ENOMEM;
		reg->all = more;
	}
	reg->all[reg->n++] = *number;
	return 0;
}

int register_read(struct number_register *reg, const struct xeir_key *msisdn)
{
	sqlite3_stmt *s = reg->read;
	int more;

	reg->msisdn = *msisdn;
	reg->n = 0;
	key_column_bind(s, 1, msisdn);
	while ((more = store_step(reg->ledger.store, s)) > 0) {
		const struct number number = {
			.directive = sqlite3_column_int64(s, 0),
			.added = sqlite3_column_int64(s, 1),
			.state = sqlite3_column_int(s, 2),
			.due = sqlite3_column_int64(s, 3),
			.date = sqlite3_column_int64(s, 4),
		};

		more = keep(reg, &number);
		if (more)
			break;
	}
	sqlite3_reset(s);
	return more;
}

/* Add a row of this record; @ended: it is valid for this record only. */
static int add_row(struct number_register *reg, const struct number *number, const char *why,
		   bool ended)
{
	const struct chain_row covered = {
		.key = &reg->msisdn,
		.len = 1 + XEIR_NUMBER_OCTETS,
		.numbers = { number->directive, number->state, number->due, number->date },
		.text = why,
	};
	struct chain *chain = &reg->ledger.chain;
	sqlite3_stmt *s = reg->add;
	int err;

	key_column_bind(s, 1, &reg->msisdn);
	sqlite3_bind_int64(s, 2, number->directive);
	sqlite3_bind_int64(s, 3, chain->record);
	sqlite3_bind_int64(s, 4, ended ? chain->record : 0);
	sqlite3_bind_int(s, 5, number->state);
	sqlite3_bind_int64(s, 6, number->due);
	sqlite3_bind_int64(s, 7, number->date);
	sqlite3_bind_text(s, 8, why, -1, SQLITE_STATIC);
	err = store_step(chain->store, s);
	sqlite3_reset(s);
	chain_add(chain, STREAM_NUMBERED, &covered);
	return err;
}

static void cover_end(struct number_register *reg, const struct number *number)
{
	const struct chain_row covered = {
		.key = &reg->msisdn,
		.len = 1 + XEIR_NUMBER_OCTETS,
		.numbers = { number->directive, number->added, number->state },
	};

	chain_add(&reg->ledger.chain, STREAM_UNNUMBERED, &covered);
}

static int end_row(struct number_register *reg, const struct number *number)
{
	sqlite3_stmt *s = reg->end;
	int err;

	sqlite3_bind_int64(s, 1, reg->ledger.chain.record);
	key_column_bind(s, 2, &reg->msisdn);
	sqlite3_bind_int64(s, 3, number->directive);
	sqlite3_bind_int64(s, 4, number->added);
	sqlite3_bind_int(s, 5, number->state);
	err = store_step(reg->ledger.store, s);
	sqlite3_reset(s);
	cover_end(reg, number);
	return err;
}

int register_add(struct number_register *reg, const struct number *number, const char *why)
{
	struct number added = *number;
	int err = add_row(reg, number, why, false);

	added.added = reg->ledger.chain.record;
	return err ? err : keep(reg, &added);
}

int register_become(struct number_register *reg, struct number *number, const struct number *after,
		    const char *why)
{
	int64_t record = reg->ledger.chain.record;
	int err = end_row(reg, number);

	*number = *after;
	number->added = record;
	if (!err && after->state == NUMBER_FAILED) {
		err = add_row(reg, number, why, true);
		cover_end(reg, number);
		number->state = NUMBER_DISCONNECTED;
		why = number_states[NUMBER_FAILED];
	}
	return err ? err : add_row(reg, number, why, false);
}

int register_link(struct number_register *reg, uint32_t directive, const struct xeir_key *imsi,
		  const struct xeir_key *imei)
{
	unsigned char both[2 * (1 + XEIR_NUMBER_OCTETS)];
	char hex[2 * sizeof(both) + 1];
	size_t n = imsi->kind ? 1 + XEIR_NUMBER_OCTETS : 0;
	struct chain_row covered = {
		.key = &reg->msisdn,
		.len = 1 + XEIR_NUMBER_OCTETS,
		.numbers = { directive },
		.text = hex,
	};
	sqlite3_stmt *s = reg->link;
	int err;

	key_column_bind(s, 1, &reg->msisdn);
	sqlite3_bind_int64(s, 2, directive);
	key_column_bind(s, 3, imsi);
	key_column_bind(s, 4, imei);
	sqlite3_bind_int64(s, 5, reg->ledger.chain.record);
	err = store_step(reg->ledger.store, s);
	sqlite3_reset(s);
	if (err || !sqlite3_changes(reg->ledger.store->db))
		return err;
	memcpy(both, imsi, n);
	memcpy(both + n, imei, 1 + XEIR_IMEI_OCTETS);
	sodium_bin2hex(hex, sizeof(hex), both, n + 1 + XEIR_IMEI_OCTETS);
	chain_add(&reg->ledger.chain, STREAM_LINKED, &covered);
	return 1;
}

int register_links(struct number_register *reg, int (*each)(const struct xeir_key *imsi, void *arg),
		   void *arg)
{
	sqlite3_stmt *s = reg->links;
	int more;

	key_column_bind(s, 1, &reg->msisdn);
	while ((more = store_step(reg->ledger.store, s)) > 0) {
		struct xeir_key imsi = key_column_read(s, 0);

		more = each(&imsi, arg);
		if (more)
			break;
	}
	sqlite3_reset(s);
	return more;
}

static bool is_of_register(const struct ledger_row *row, const void *arg)
{
	(void)arg;
	return row->origin == ORIGIN_REGISTER;
}

int register_list(struct number_register *reg, const struct xeir_key *key, uint8_t action)
{
	bool imsi = key->kind == XEIR_KIND_IMSI;
	sqlite3_stmt *s = imsi ? reg->of_imsi : reg->of_msisdn;
	struct ledger_row *rows = NULL, *more_rows;
	size_t n = 0;
	int more, err;

	key_column_bind(s, 1, key);
	while ((more = store_step(reg->ledger.store, s)) > 0) {
		more_rows = reallocarray(rows, n + 1, sizeof(*rows));
		if (!more_rows) {
			more = -ENOMEM;
			break;
		}
		rows = more_rows;
		rows[n++] = (struct ledger_row){ *key,
						 { .directive = sqlite3_column_int64(s, 0),
						   .action = action },
						 ORIGIN_REGISTER,
						 0 };
	}
	sqlite3_reset(s);
	err = more ? more :
		     ledger_rows_change_key(&reg->ledger, key, is_of_register, NULL, rows, n);
	free(rows);
	return err;
}

/* Hash the rows that @update ends: the columns of @select are a key, numbers and a text. */
static int withdraw(struct ledger_rows *ledger, uint32_t directive, const char *update,
		    const char *select, enum stream stream)
{
	sqlite3_stmt *u = store_prepare(ledger->store, update);
	sqlite3_stmt *s = u ? store_prepare(ledger->store, select) : NULL;
	int more = s ? 1 : -EIO;

	if (s) {
		sqlite3_bind_int64(u, 1, ledger->chain.record);
		sqlite3_bind_int64(u, 2, directive);
		sqlite3_bind_int64(s, 1, ledger->chain.record);
		more = store_step(ledger->store, u) ? -EIO : 1;
	}
	while (more > 0 && (more = store_step(ledger->store, s)) > 0) {
		const struct chain_row covered = {
			.key = sqlite3_column_blob(s, 0),
			.len = sqlite3_column_bytes(s, 0),
			.numbers = { directive, sqlite3_column_int64(s, 1),
				     sqlite3_column_int64(s, 2) },
			.text = (const char *)sqlite3_column_text(s, 3),
		};

		chain_add(&ledger->chain, stream, &covered);
	}
	sqlite3_finalize(u);
	sqlite3_finalize(s);
	return more;
}

int register_withdraw(struct ledger_rows *ledger, uint32_t directive)
{
	int err = withdraw(ledger, directive,
			   "UPDATE number SET removed = ? WHERE directive = ? AND removed = 0",
			   "SELECT msisdn, added, state, NULL FROM number WHERE removed = ? "
			   "ORDER BY msisdn",
			   STREAM_UNNUMBERED);

	if (err)
		return err;
	return withdraw(ledger, directive,
			"UPDATE link SET removed = ? WHERE directive = ? AND removed = 0",
			"SELECT msisdn, 0, 0, lower(hex(imsi) || hex(imei)) FROM link "
			"WHERE removed = ? ORDER BY msisdn, imsi, imei",
			STREAM_UNLINKED);
}

int register_due(struct store *store, uint32_t directive, uint32_t *due)
{
	uint32_t now = time(NULL), said;
	sqlite3_stmt *s;
	int more;

	*due = opt.due ? opt.due : now + DUE_SECONDS;
	if (opt.due)
		return 0;
	s = store_prepare(store, "SELECT due FROM directive WHERE number = ?");
	if (!s)
		return -EIO;
	sqlite3_bind_int64(s, 1, directive);
	more = store_step(store, s);
	if (more > 0) {
		const char *text = (const char *)sqlite3_column_text(s, 0);

		if (text && !date_read_due(text, strlen(text), &said))
			*due = said > now + NOTICE_SECONDS ? said : now + NOTICE_SECONDS;
	}
	sqlite3_finalize(s);
	return more < 0 ? more : 0;
}
