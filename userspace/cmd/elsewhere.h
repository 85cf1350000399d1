/* SPDX-License-Identifier: GPL-2.0-only */
/* What is to be said of an attached interface that is not in this network namespace. */
#ifndef XEIR_CMD_ELSEWHERE_H
#define XEIR_CMD_ELSEWHERE_H

#include <limits.h>

#include "host/attachments.h"
#include "host/netns.h"

#define ELSEWHERE_MAX	(PATH_MAX + 256)

/* @text: where @link is, and what may be done there or from here. */
enum netns_state elsewhere(const struct attachment *link, char text[ELSEWHERE_MAX]);

#endif /* XEIR_CMD_ELSEWHERE_H */
