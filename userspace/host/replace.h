/* SPDX-License-Identifier: GPL-2.0-only */
/* Replaces the programs that run on this host. */
#ifndef XEIR_HOST_REPLACE_H
#define XEIR_HOST_REPLACE_H

#include <stdbool.h>
#include <stddef.h>

struct replaced {
	size_t replaced;
	size_t left;	/* reachable only in their network namespace */
	bool unbound;	/* the map of TEID bindings is new, and has none of the sessions */
};

/* All of them; with opt.dry_run none, it only loads the others. 0 or -errno after complain(). */
int replace_all(struct replaced *done);

#endif /* XEIR_HOST_REPLACE_H */
