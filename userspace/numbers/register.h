/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The register of numbers in the journal: each MSISDN, the directive that it came under, the state
 * of its verification, and with which SIMs and handsets it was seen. A number under several
 * directives has a state in each.
 *
 * Calls return 0 or a negative errno after complain().
 */
#ifndef XEIR_NUMBERS_REGISTER_H
#define XEIR_NUMBERS_REGISTER_H

#include "journal/ledger_rows.h"

enum number_state {
	NUMBER_PENDING, /* to be verified before it is due */
	NUMBER_VERIFIED,
	NUMBER_FAILED, /* its verification; in the same record it becomes: */
	NUMBER_DISCONNECTED, /* listed, with its IMSIs */
	NUMBER_STATES,
};

extern const char *const number_states[NUMBER_STATES];

/* The valid row of a number under one directive. */
struct number {
	uint32_t directive;
	int64_t added;
	enum number_state state;
	uint32_t due, date;
};

/* Rows of the register, with the record that covers them. */
struct number_register {
	struct ledger_rows ledger;
	struct xeir_key msisdn; /* the current number */
	struct number *all; /* its valid rows, by directive */
	size_t n, capacity;
	sqlite3_stmt *read, *add, *end, *link, *links, *of_msisdn, *of_imsi;
};

int register_begin(struct number_register *reg, struct store *store, struct list_change *change);
void register_end(struct number_register *reg);

/* Read the rows of a number, which becomes the current one. Numbers come sorted. */
int register_read(struct number_register *reg, const struct xeir_key *msisdn);

/* Add a row to the current number, or replace its row *number by @after. */
int register_add(struct number_register *reg, const struct number *number, const char *why);
int register_become(struct number_register *reg, struct number *number, const struct number *after,
		    const char *why);

/* Link the current number to a SIM and a handset, sorted by directive, IMSI, IMEI. 1: it is new. */
int register_link(struct number_register *reg, uint32_t directive, const struct xeir_key *imsi,
		  const struct xeir_key *imei);

/* Each IMSI that the current number was seen with. */
int register_links(struct number_register *reg, int (*each)(const struct xeir_key *imsi, void *arg),
		   void *arg);

/*
 * List @key, an MSISDN or an IMSI, under the directives under which it is disconnected, and under
 * no other. MSISDNs come first, each kind sorted. An IMSI is not disconnected under a directive
 * while a number that it was seen with is verified there.
 */
int register_list(struct number_register *reg, const struct xeir_key *key, uint8_t action);

/* Remove all numbers of @directive, which is undone by the record of @ledger. */
int register_withdraw(struct ledger_rows *ledger, uint32_t directive);

/*
 * The deadline of a number that comes under @directive now: opt.due; else that of the directive's
 * record, but not in less than 7 days; else in 60 days.
 */
int register_due(struct store *store, uint32_t directive, uint32_t *due);

#endif /* XEIR_NUMBERS_REGISTER_H */
