/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sessions that are up follow the list: the BPF program that came with the maps visits
 * them all, after each commit and from time to time.
 */
#ifndef XEIR_KMOD_SWEEP_H
#define XEIR_KMOD_SWEEP_H

#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "maps.h"

struct bpf_prog;

struct xeir_sweep {
	struct mutex lock;	/* of the next two; inside the namespace's, or alone */
	struct bpf_prog *prog;
	const struct xeir_cutting *cutting;	/* what it found, in the memory of its array */
	struct delayed_work again;
};

void xeir_sweep_init(struct xeir_sweep *sweep);

/*
 * The namespace is locked, @maps are bound. In place of the program that is there, if one
 * is. *why: the sentence of a refusal.
 */
int xeir_sweep_bind(struct xeir_sweep *sweep, const struct xeir_maps *maps, u32 fd,
		    const char **why);
void xeir_sweep_unbind(struct xeir_sweep *sweep);

/*
 * Takes its time, so the namespace should not be locked. False: no program is bound, or
 * it failed; else *found is what it found.
 */
bool xeir_sweep_run(struct xeir_sweep *sweep, struct xeir_cutting *found);

#endif /* XEIR_KMOD_SWEEP_H */
