/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bound BPF maps, as keys and values. The caller serialises all calls, and makes
 * them in process context only.
 */
#ifndef XEIR_KMOD_MAPS_H
#define XEIR_KMOD_MAPS_H

#include <xeir/maps.h>

struct bpf_map;
struct bpf_prog;

enum xeir_map {
	XEIR_THE_LIST,
	XEIR_THE_CONTROL,
	XEIR_THE_COUNTERS,

	XEIR_MAPS
};

struct xeir_maps {
	struct bpf_map *map[XEIR_MAPS];	/* all, or none */
	struct xeir_control *control;	/* the memory of the control array */
	u32 list_id;			/* the BPF id of the list */
	u32 capacity;
};

/* Why maps were refused. */
struct xeir_map_refusal {
	enum xeir_map map;
	const char *why;
};

int xeir_maps_bind(struct xeir_maps *maps, const u32 fd[XEIR_MAPS], struct xeir_map_refusal *no);
void xeir_maps_unbind(struct xeir_maps *maps);

static inline bool xeir_maps_bound(const struct xeir_maps *maps)
{
	return maps->control;
}

/* Does @prog use the bound list? */
bool xeir_maps_list_is_of(const struct xeir_maps *maps, const struct bpf_prog *prog);

/*
 * The value of the one element of the array @name that @prog uses, valid as long as @prog;
 * NULL if there is none of @octets.
 */
void *xeir_maps_value_of(const struct bpf_prog *prog, const char *name, u32 octets);

bool xeir_maps_get(const struct xeir_maps *maps, const struct xeir_key *key,
		   struct xeir_entry *entry);
int xeir_maps_set(const struct xeir_maps *maps, const struct xeir_key *key,
		  const struct xeir_entry *entry);
/* Change the value that an entry in the map gets with its generation, which is not live yet. */
void xeir_maps_amend(const struct xeir_maps *maps, const struct xeir_key *key,
		     const struct xeir_side *after);
int xeir_maps_delete(const struct xeir_maps *maps, const struct xeir_key *key);

/* The key after @key, or the first if @key is NULL or not in the list. */
bool xeir_maps_next(const struct xeir_maps *maps, const struct xeir_key *key,
		    struct xeir_key *next);

void xeir_maps_count(const struct xeir_maps *maps, u32 rule, struct xeir_counter *sum);

#endif /* XEIR_KMOD_MAPS_H */
