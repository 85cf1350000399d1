/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the SGW and the PGW stand-in share: sockets of GTP-C and GTP-U at one or two
 * addresses, requests that are retransmitted as TS 29.274 cl. 7.6 asks, user traffic, and
 * commands, read from a FIFO a line each. What arrives is printed, a line each:
 *
 *	= WORDS				the outcome of a command, one each
 *	request NAME IMSI, sequence N	"again" behind the IMSI: it came before
 *	gpdu TEID IMSI EBI N MICROSECONDS	a user packet with its number and when it came
 *	path MICROSECONDS		a GTP-U Echo Response came
 *	stray: WORDS			what was not expected
 */
#ifndef XEIR_SELFTESTS_PEER_H
#define XEIR_SELFTESTS_PEER_H

#include <stdint.h>
#include <sys/socket.h>

#include "peers/gtp2.h"

#define PEER_ADDRESSES 2
#define PEER_SESSIONS 8
#define PEER_BEARERS 2
#define PEER_WORDS 4

#define PEER_FIRST_EBI 5

struct peer_address {
	struct sockaddr_storage addr;
	int control, user;
};

/* Both ends of a tunnel. */
struct peer_tunnel {
	uint32_t own, far; /* TEIDs, 0: none */
	struct sockaddr_storage to;
};

struct peer_bearer {
	struct peer_tunnel tunnel;
	uint8_t ebi; /* 0: there is none */
	uint32_t sent;
};

struct peer_session {
	char imsi[17]; /* empty: there is none */
	uint8_t ue[4]; /* the handset's address */
	const struct peer_address *at;
	struct peer_tunnel control;
	struct peer_bearer bearers[PEER_BEARERS];
};

/* The request that waits for its response. */
struct peer_pending {
	struct gtp2_msg m;
	uint32_t seq;
	const struct peer_address *from;
	struct sockaddr_storage to;
	struct peer_session *session;
	int transmissions; /* 0: there is none */
	long due_ms;
};

/* A message that came. */
struct peer_arrival {
	const struct peer_address *at;
	struct sockaddr_storage from;
	struct gtp2_view v;
};

struct peer;

struct peer_role {
	const char *name;
	int is_network; /* user packets go down from here */
	/* 0: there is no such command */
	int (*command)(struct peer *p, int words, char **word);
	void (*request)(struct peer *p, const struct peer_arrival *a);
	/* @a is NULL when there was none */
	void (*response)(struct peer *p, const struct peer_arrival *a);
};

struct peer {
	const struct peer_role *role;
	int commands;
	struct peer_address at[PEER_ADDRESSES];
	int addresses;
	struct sockaddr_storage remote;
	struct peer_session sessions[PEER_SESSIONS];
	struct peer_pending pending;
	uint32_t next_teid, seq;
	uint8_t recovery;
	int t3_ms, n3;
	long tick_ms, path_ms;
};

void peer_die(struct peer *p, const char *what, const char *why);
void peer_resolve(struct peer *p, const char *address, const char *port,
		  struct sockaddr_storage *to);
/* @addresses end with NULL. */
void peer_open(struct peer *p, const char *fifo, char **addresses);

struct peer_session *peer_find(struct peer *p, const char *imsi);
struct peer_session *peer_find_teid(struct peer *p, uint32_t teid);
/* One that is free, of that name. */
struct peer_session *peer_new(struct peer *p, const char *imsi);
struct peer_bearer *peer_bearer(struct peer_session *s, uint8_t ebi);

void peer_send(int fd, const struct gtp2_msg *m, const struct sockaddr_storage *to);

const char *peer_message_name(uint8_t type);
/* 0: there is none. */
uint8_t peer_cause(const struct gtp2_view *v);
/* The F-TEID of an IE, where it has one: the far end of @t. */
void peer_take_f_teid(const struct gtp2_view *v, uint8_t instance, const char *port,
		      struct peer_tunnel *t);
/* IE @n of Bearer Contexts; 0: there are no more. */
int peer_bearer_context(const struct gtp2_view *v, int n, struct gtp2_view *context);
uint8_t peer_octet(const struct gtp2_view *v, enum gtp2_ie_type type);

#endif /* XEIR_SELFTESTS_PEER_H */
