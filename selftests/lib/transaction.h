/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requests and responses of GTP-C, and packets of GTP-U, sent past the programs between two nodes.
 * A node whose IPv4 address ends in .2 (IPv6: in 2) is the host: what goes to it comes in, what
 * does not goes out. Messages are built in msg (message.h).
 */
#ifndef XEIR_TRANSACTION_H
#define XEIR_TRANSACTION_H

#include "lib/message.h"
#include "lib/tables.h"

/* Accepted, TS 29.060 cl. 7.7.1 and TS 29.274 cl. 8.4. */
#define ACCEPTED_V1 128
#define ACCEPTED_V2 16

struct transaction {
	struct node requester, responder;
	__u16 port; /* of the requester */
	__u32 sequence;
	__u8 version;
};

/* A PDN connection, or a PDP context that is the first of its address. */
struct pdn {
	const char *imei, *imsi, *msisdn; /* 8 octets, NULL: none */
	const char *apn; /* in labels, NULL: internet */
	struct f_teid control[XEIR_SIDES];
	struct f_teid user[XEIR_SIDES];
	__u8 ebi;
	__u8 recovery[XEIR_SIDES]; /* 0: none */
};

/* A bearer's F-TEID and its instance in the Bearer Context. */
struct bearer_end {
	__u8 instance;
	struct f_teid end;
};

/* Start a message of @x; the IEs are added by the functions below. */
void begin_message(const struct transaction *x, __u8 type, __u32 teid);

void add_octet_v2(__u8 type, __u8 instance, __u8 value);
void add_cause_v2(__u8 cause);
void add_f_teid(__u8 instance, const struct f_teid *end);
/* @cause 0: none. */
void add_bearer(__u8 instance, __u8 ebi, __u8 cause, const struct bearer_end *ends, size_t n);

void add_octet_v1(__u8 type, __u8 value);
void add_teid_v1(__u8 type, __u32 teid);
/* TEIDs and addresses of one side; a TEID of 0 is left out. */
void add_ends_v1(const struct f_teid *control, const struct f_teid *user);

/* Complete set-up messages; the GTPv2 ones are of S5/S8. */
void create_request(const struct transaction *x, const struct pdn *p);
void create_response(const struct transaction *x, const struct pdn *p, __u8 cause);

/* Send what is in msg. */
struct seen send_request(const struct transaction *x);
struct seen send_response(const struct transaction *x);
struct seen send_message(const struct node *from, __u16 source, const struct node *to,
			 __u16 destination);

/* The message just built as a frame, for callers that send it many times. */
size_t frame_message(const struct node *from, __u16 source, const struct node *to,
		     __u16 destination, unsigned char *frame);

/* Both messages of the set-up; true: both passed. */
bool set_up(struct transaction *x, const struct pdn *p);

/* A GTP-U packet to @end, as a frame, or sent. */
size_t frame_user(const struct f_teid *end, __u8 type, unsigned char *frame);
struct seen send_user(const struct f_teid *end, __u8 type);

#endif /* XEIR_TRANSACTION_H */
