/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The list, and the transaction that changes it. The caller serialises all calls,
 * which may sleep. Only bind, unbind and init may be called while no maps are bound.
 */
#ifndef XEIR_KMOD_LIST_H
#define XEIR_KMOD_LIST_H

#include <linux/list.h>

#include "maps.h"

struct xeir_sweep;

struct xeir_list {
	struct xeir_maps maps;
	struct xeir_sweep *sweep;	/* reads these maps, where it is bound */
	u32 seq;		/* changes with each change of the maps; never 0 */
	bool open;		/* a transaction is open; read without a lock too, like the next */
	u32 owner;		/* of it: a netlink port */
	struct list_head touched;
};

struct xeir_counts {
	u32 added;
	u32 changed;
	u32 removed;
};

void xeir_list_init(struct xeir_list *list, struct xeir_sweep *sweep);
int xeir_list_bind(struct xeir_list *list, const u32 fd[XEIR_MAPS], struct xeir_map_refusal *no);
void xeir_list_unbind(struct xeir_list *list);

int xeir_list_begin(struct xeir_list *list, u32 owner);
int xeir_list_put(struct xeir_list *list, const struct xeir_key *key,
		  const struct xeir_side *side);
int xeir_list_remove(struct xeir_list *list, const struct xeir_key *key);
int xeir_list_flush(struct xeir_list *list);
struct xeir_counts xeir_list_commit(struct xeir_list *list);
struct xeir_counts xeir_list_abort(struct xeir_list *list);
/* No transaction is open. */
int xeir_list_revert(struct xeir_list *list, u32 generation, struct xeir_counts *counts);

/* Both read the committed list; an open transaction is not seen. */
bool xeir_list_get(const struct xeir_list *list, const struct xeir_key *key,
		   struct xeir_side *side);
bool xeir_list_next(const struct xeir_list *list, const struct xeir_key *after,
		    struct xeir_key *key, struct xeir_side *side);

/* Is @key in the map, committed or not? Only then can an iteration continue behind it. */
bool xeir_list_holds(const struct xeir_list *list, const struct xeir_key *key);

static inline u32 xeir_list_live(const struct xeir_list *list)
{
	return list->maps.control->live;
}

#endif /* XEIR_KMOD_LIST_H */
