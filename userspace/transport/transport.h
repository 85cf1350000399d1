/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How the tool reaches the list: over netlink through the module, or by bpf(2)
 * in the pinned maps. Nothing above this interface asks which it is.
 *
 * Calls that can fail return 0 or a negative errno, after
 * complain(), with the identifier concerned where there is one. A transaction has one
 * put and one remove at most, of different keys, each sorted by key. The caller keeps
 * them until the commit or the abort.
 */
#ifndef XEIR_TRANSPORT_TRANSPORT_H
#define XEIR_TRANSPORT_TRANSPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <xeir/maps.h>

/* An entry of the list. */
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
	uint32_t newly_cut;	/* sessions; the next too */
	uint32_t cut;	/* in all, also by earlier changes */
	uint32_t freed;
	uint32_t deleted;	/* of those cut, deleted at their peers */
	uint32_t unanswered;	/* of those, without both responses */
	bool swept;	/* by the module: cut and freed are set */
	json_t *refused;	/* of a dry run: the guards that refuse it, or NULL */
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
	/* Each entry of one generation, in no order; @each returns 0 to go on. */
	int (*iterate)(struct transport *t, int (*each)(const struct entry *entry, void *arg),
		    void *arg);
	int (*figures)(struct transport *t, struct figures *figures);
	void (*close)(struct transport *t);
};

struct transport {
	const struct transport_ops *ops;
};

#endif /* XEIR_TRANSPORT_TRANSPORT_H */
