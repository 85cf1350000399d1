/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cuts and frees sessions by the list: runs the BPF program that came with the maps after
 * each commit and every 60 seconds.
 */
#ifndef XEIR_KMOD_SWEEP_H
#define XEIR_KMOD_SWEEP_H

#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "maps.h"

struct bpf_prog;

struct xeir_sweep {
	struct mutex lock;	/* of the next two; taken inside that of the namespace, or alone */
	struct bpf_prog *prog;
	const struct xeir_cutting *cutting;	/* its result, in the memory of its array */
	struct delayed_work again;
};

/* Of the module: before the first namespace, and after the last. */
int xeir_sweep_queue_init(void);
void xeir_sweep_queue_exit(void);

void xeir_sweep_init(struct xeir_sweep *sweep);

/*
 * The namespace is locked, and @maps are bound. Replaces the program, if there is one.
 * *why: the sentence of a refusal.
 */
int xeir_sweep_bind(struct xeir_sweep *sweep, const struct xeir_maps *maps, u32 fd,
		    const char **why);
void xeir_sweep_unbind(struct xeir_sweep *sweep);

/*
 * Takes long, so the namespace should not be locked. False: no program is bound, or it
 * failed; else *found is its result.
 */
bool xeir_sweep_run(struct xeir_sweep *sweep, struct xeir_cutting *found);

/* Until a sweep that runs now has ended. */
void xeir_sweep_wait(struct xeir_sweep *sweep);

#endif /* XEIR_KMOD_SWEEP_H */
