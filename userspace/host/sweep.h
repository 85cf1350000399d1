/* SPDX-License-Identifier: GPL-2.0-only */
/* After a commit: cut the sessions that are listed, release those that no longer are. */
#ifndef XEIR_HOST_SWEEP_H
#define XEIR_HOST_SWEEP_H

#include <xeir/maps.h>
#include "transport/transport.h"

/*
 * Run the program over all sessions, unless the module has; *outcome gets the result. Where
 * no programs are pinned, no sessions are tracked. 0 or a negative errno after complain().
 */
int sweep_run(struct outcome *outcome);

/* What the last run found; likewise. */
int sweep_read(struct xeir_cutting *found);

#endif /* XEIR_HOST_SWEEP_H */
