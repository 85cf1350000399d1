/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The life of one list entry through a transaction; pure.
 *
 * A transaction writes with generation live + 1: its values are in @after while
 * packets still use @before. Storing live + 1 commits all of its entries at once.
 * Abort undoes them one by one, which no packet sees either.
 *
 * Generations wrap: an entry is "reached" for 2^31 commits after its own, which
 * at one commit a second is 68 years.
 */
#ifndef XEIR_LIST_H
#define XEIR_LIST_H

#include <xeir/maps.h>

enum xeir_change {
	XEIR_UNCHANGED,
	XEIR_ADDED,
	XEIR_CHANGED,
	XEIR_REMOVED,
};

/* Is @after valid, if @live is the live generation? */
static inline int xeir_entry_reached(const struct xeir_entry *e, __u32 live)
{
	return (__s32)(live - e->generation) >= 0;
}

static inline const struct xeir_side *xeir_entry_side(const struct xeir_entry *e, __u32 live)
{
	return xeir_entry_reached(e, live) ? &e->after : &e->before;
}

static inline int xeir_side_ended(const struct xeir_side *side, __u32 now)
{
	return side->expiry && side->expiry <= now;
}

/*
 * Set @side as the value of @e from the next commit on. A key that is not in the map yet
 * starts from an entry that is all zero.
 */
static inline void xeir_entry_stage(struct xeir_entry *e, __u32 live, const struct xeir_side *side)
{
	if (xeir_entry_reached(e, live))
		e->before = e->after;
	e->generation = live + 1;
	e->after = *side;
}

/* Undo what was staged; if 0 is returned, the key must be deleted from the map. */
static inline int xeir_entry_undo(struct xeir_entry *e, __u32 live)
{
	e->after = e->before;
	e->generation = live;
	return e->after.action != XEIR_ACTION_PASS;
}

/* Is a reached entry there only because it was listed before? */
static inline int xeir_entry_spent(const struct xeir_entry *e)
{
	return e->after.action == XEIR_ACTION_PASS;
}

static inline enum xeir_change xeir_entry_change(const struct xeir_entry *e)
{
	const struct xeir_side *b = &e->before, *a = &e->after;

	if (b->action == XEIR_ACTION_PASS)
		return a->action == XEIR_ACTION_PASS ? XEIR_UNCHANGED : XEIR_ADDED;
	if (a->action == XEIR_ACTION_PASS)
		return XEIR_REMOVED;
	if (a->action != b->action || a->directive != b->directive || a->expiry != b->expiry)
		return XEIR_CHANGED;
	return XEIR_UNCHANGED;
}

/* Does its value come from the commit of @generation? */
static inline int xeir_entry_is_of(const struct xeir_entry *e, __u32 generation, __u32 live)
{
	return e->generation == generation && xeir_entry_reached(e, live) &&
	       xeir_entry_change(e) != XEIR_UNCHANGED;
}

/* Can a key of @kind be in the list? A control of zeros rules out none. */
static inline int xeir_may_list(const struct xeir_control *control, __u32 kind)
{
	return !(*(const volatile __u32 *)&control->unlisted >> kind & 1);
}

/* A transaction begins, with nothing left of the last one. */
static inline void xeir_list_begins(struct xeir_control *control)
{
	if (!control->entries)
		*(volatile __u32 *)&control->unlisted = (1U << (XEIR_KIND_MAX + 1)) - 1;
}

/* A key of @kind is about to be put into the list. */
static inline void xeir_list_gets(struct xeir_control *control, __u32 kind)
{
	*(volatile __u32 *)&control->unlisted &= ~(1U << kind);
}

#endif /* XEIR_LIST_H */
