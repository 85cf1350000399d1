/* SPDX-License-Identifier: GPL-2.0-only */
/* The maps of the programs, as they are pinned. Calls return 0 or -errno after complain(). */
#ifndef XEIR_HOST_BPF_MAPS_H
#define XEIR_HOST_BPF_MAPS_H

#include <stdbool.h>

#include "host/capacity.h"

struct bpf_object;

/* The first map that is pinned, or that is not; NULL: none. */
const char *bpf_maps_find(bool pinned);

/* Let @object use the pinned maps, of this @capacity where it is not 0. */
int bpf_maps_reuse(struct bpf_object *object, const struct capacity *capacity);

/* Size new maps for @object. */
int bpf_maps_size(struct bpf_object *object, const struct capacity *wanted);

/* The pinned maps, and new ones in place of those that the version before did not have. */
int bpf_maps_reuse_or_size(struct bpf_object *object);

/* Have the pinned maps this @capacity? */
int bpf_maps_check_capacity(const struct capacity *capacity);

/* Those of @object that are not pinned yet. */
int bpf_maps_pin(struct bpf_object *object);

/* All pinned maps, or only those that this version does not have any more. */
int bpf_maps_unpin(void);
int bpf_maps_unpin_former(void);

#endif /* XEIR_HOST_BPF_MAPS_H */
