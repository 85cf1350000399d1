/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The road from the tool to the list: over netlink through the module, or by
 * bpf(2) into the pinned maps. Nothing above this interface asks which it is.
 *
 * Calls that can fail return 0 or a negative errno, and have said why by
 * complain(), with the number concerned where there is one. A transaction has one
 * put and one remove at most, of different keys; each comes sorted by key, stays the
 * caller's, and is there until the commit or the abort.
 */
#ifndef XEIR_TRANSPORT_TRANSPORT_H
#define XEIR_TRANSPORT_TRANSPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <xeir/maps.h>

/* An entry in force, or to be. */
struct entry {
	struct xeir_key key;
	struct xeir_side side;
};

struct outcome {
	uint32_t generation;
	uint32_t added;
	uint32_t changed;
	uint32_t removed;
	uint32_t entries;
	uint32_t cut;	/* sessions that were up, likewise the next */
	uint32_t freed;
	uint32_t deleted;	/* of those cut, whose ends were told */
	uint32_t unanswered;	/* and not both answered */
	bool swept;	/* by the module, so that the two above are known */
	json_t *refused;	/* of a dry run: what guards object to it, or NULL */
};

struct figures {
	uint32_t generation;
	uint32_t entries;
	uint32_t capacity;
	struct xeir_counter counters[XEIR_RULE_MAX + 1];	/* summed over CPUs */
};

struct transport;

struct transport_ops {
	const char *name;	/* "netlink" or "bpf" */
	int (*begin)(struct transport *t);
	int (*put)(struct transport *t, const struct entry *entries, size_t n);
	int (*remove)(struct transport *t, const struct xeir_key *keys, size_t n);
	int (*commit)(struct transport *t, struct outcome *outcome);
	int (*abort)(struct transport *t, struct outcome *outcome);
	/* No transaction: what the commit of @generation changed, and no later one, is undone. */
	int (*revert)(struct transport *t, uint32_t generation, struct outcome *outcome);
	/* 1: listed, *side filled; 0: not */
	int (*get)(struct transport *t, const struct xeir_key *key, struct xeir_side *side);
	/* Each entry of one consistent list, in no order; @each returns 0 to go on. */
	int (*iterate)(struct transport *t, int (*each)(const struct entry *entry, void *arg),
		    void *arg);
	int (*figures)(struct transport *t, struct figures *figures);
	void (*close)(struct transport *t);
};

struct transport {
	const struct transport_ops *ops;
};

/*
 * As opt.transport says; TRANSPORT_AUTO: netlink when the module has bound the pinned maps. NULL
 * after complain().
 */
struct transport *transport_open(void);

struct transport *transport_netlink_open(void);
struct transport *transport_bpf_open(void);

/* Has the module bound the list with this BPF map id (0: any) in this namespace? 1, 0, -errno */
int transport_netlink_has_bound(uint32_t list_id);
/* Is the family there? */
bool transport_netlink_present(void);
/*
 * Hand over the list, the control, the counters and the programs of the hook and of the
 * sweep, or take them back; 0 or -errno, said why.
 */
#define TRANSPORT_NETLINK_FDS 5
int transport_netlink_bind(const int *fds);
int transport_netlink_unbind(void);
/* Two other programs, for the hook and for the sweep. */
int transport_netlink_hook(const int *fds);

#endif /* XEIR_TRANSPORT_TRANSPORT_H */
