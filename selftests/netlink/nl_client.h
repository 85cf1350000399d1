/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A client of the family "xeir" on libnl-genl, independent of the tool's. It keeps
 * what the kernel responds unchanged, also refusals.
 */
#ifndef XEIR_NL_CLIENT_H
#define XEIR_NL_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <netlink/netlink.h>
#include <xeir/maps.h>

#define ANY_INDEX	(-1)	/* no index was reported */

struct client {
	struct nl_sock *sock;
	int family;
};

struct listed {
	struct xeir_key key;
	struct xeir_side side;
};

struct reply {
	int error;		/* 0 or -errno */
	char why[200];		/* the extack sentence */
	int index;		/* of the entry at fault, or ANY_INDEX */
	int attr;		/* offset of the attribute at fault in the request, 0: none */

	int messages;		/* that carried attributes */
	bool done;
	bool interrupted;	/* NLM_F_DUMP_INTR stood in one */
	int cmd;		/* of the last one */
	bool has[XEIR_A_MAX + 1];
	uint32_t value[XEIR_A_MAX + 1];		/* of its u32 attributes */
	struct xeir_counter counter[XEIR_RULE_MAX + 1];
	struct listed *list;
	size_t listed;
};

/* NULL when the family is not there. The socket is one of the current namespace. */
struct client *client_open(void);
void client_close(struct client *c);
bool client_join(struct client *c, const char *group);

struct nl_msg *request(struct client *c, int cmd, int flags);
void add_entry(struct nl_msg *m, const struct xeir_key *key, const struct xeir_side *side);

/* Sends, frees the request, and reads up to the acknowledgement. */
struct reply exchange(struct client *c, struct nl_msg *m);

/* The same in two steps: receive() reads one buffer, false when nothing came in time. */
void submit(struct client *c, struct nl_msg *m);
bool receive(struct client *c, struct reply *a);

struct reply command(struct client *c, int cmd);
struct reply put(struct client *c, const struct xeir_key *key, const struct xeir_side *side);
struct reply remove_key(struct client *c, const struct xeir_key *key);
struct reply get(struct client *c, const struct xeir_key *key);
struct reply dump(struct client *c);
struct reply bind_maps(struct client *c, int list, int control, int counters);

void reply_free(struct reply *a);

#endif /* XEIR_NL_CLIENT_H */
