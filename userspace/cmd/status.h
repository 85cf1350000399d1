/* SPDX-License-Identifier: GPL-2.0-only */
/* What the verb status has read, and how it is printed. */
#ifndef XEIR_CMD_STATUS_H
#define XEIR_CMD_STATUS_H

#include <jansson.h>
#include <stdbool.h>
#include <sys/utsname.h>
#include <xeir/maps.h>

#include "host/attachments.h"
#include "host/map_usage.h"
#include "transport/transport.h"

struct status {
	struct utsname host;
	struct attachment *links;
	size_t n_links;
	size_t enforcing; /* links with an interface, not in a deleted network namespace */
	const char *transport; /* NULL: there is no list */
	const char *module; /* loaded, bound, absent */
	bool pending;
	bool reassembled; /* fragments are judged once reassembled */
	struct figures figures;
	struct map_usage tables;
	struct xeir_config config;
	enum {
		JOURNAL_NONE,
		JOURNAL_UNREADABLE,
		JOURNAL_THERE,
	} journal;
	json_t *last; /* record, or NULL */
	bool marked; /* the enforced list is known to be the journal's */
	json_t *warnings; /* array of strings */
};

void status_print_json(const struct status *status);
void status_print_table(const struct status *status);

#endif /* XEIR_CMD_STATUS_H */
