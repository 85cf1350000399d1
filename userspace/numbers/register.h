/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The register of numbers in the journal: each MSISDN, the directive that it came under, how far
 * its verification is, and with which cards and handsets it was seen. A number under several
 * directives has a state in each.
 *
 * Calls return 0 or a negative errno after complain().
 */
#ifndef XEIR_NUMBERS_REGISTER_H
#define XEIR_NUMBERS_REGISTER_H

#include "journal/ledger_rows.h"

enum number_state {
	NUMBER_PENDING, /* to be verified until it is due */
	NUMBER_VERIFIED,
	NUMBER_FAILED, /* its verification; what follows in the same record is */
	NUMBER_DISCONNECTED, /* listed, with its IMSIs */
	NUMBER_STATES,
};

extern const char *const number_states[NUMBER_STATES];

/* What holds of a number under one directive. */
struct number {
	uint32_t directive;
	int64_t added;
	enum number_state state;
	uint32_t due, date;
};

/* Rows of the register, with the record that covers them. */
struct number_register {
	struct ledger_rows ledger;
	struct xeir_key msisdn; /* the number in hand */
	struct number *all; /* of it, what holds, by directive */
	size_t n, room;
	sqlite3_stmt *read, *add, *end, *link, *links, *of_msisdn, *of_imsi;
};

int register_begin(struct number_register *reg, struct store *store, struct list_change *change);
void register_end(struct number_register *reg);

/* Take a number in hand. Numbers come in order. */
int register_read(struct number_register *reg, const struct xeir_key *msisdn);

/* The number in hand comes under another directive, or *number of it is from now on @after. */
int register_add(struct number_register *reg, const struct number *number, const char *why);
int register_become(struct number_register *reg, struct number *number, const struct number *after,
		    const char *why);

/* It was seen so under a directive; they come by directive, IMSI and IMEI. 1: that is new. */
int register_link(struct number_register *reg, uint32_t directive, const struct xeir_key *imsi,
		  const struct xeir_key *imei);

/* Each IMSI that the number in hand was seen with. */
int register_links(struct number_register *reg, int (*each)(const struct xeir_key *imsi, void *arg),
		   void *arg);

/*
 * List @key, an MSISDN or an IMSI, under the directives that it is disconnected under and no
 * other; MSISDNs come first, each kind in order. An IMSI is not, under a directive, while a number
 * is verified there that it was seen with.
 */
int register_list(struct number_register *reg, const struct xeir_key *key, uint8_t action);

/* All of @directive leave the register, as it is undone, by @ledger's record. */
int register_withdraw(struct ledger_rows *ledger, uint32_t directive);

/*
 * When a number that comes under @directive now is due: opt.due, else as its record says, but not
 * before 7 days are over, else in 60 days. A date is due as its day ends.
 */
int register_due(struct store *store, uint32_t directive, uint32_t *due);

#endif /* XEIR_NUMBERS_REGISTER_H */
