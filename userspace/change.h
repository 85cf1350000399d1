/* SPDX-License-Identifier: GPL-2.0-only */
/* One transaction, from its begin to commit, or with opt.dry_run to abort. */
#ifndef XEIR_CHANGE_H
#define XEIR_CHANGE_H

#include <jansson.h>
#include "directive.h"

struct change {
	bool flush;	/* first */
	const struct entry *puts;
	size_t n_puts;
	const struct xeir_key *removes;
	size_t n_removes;
};

/* 0 or a negative errno, said why; then nothing has changed. */
int change_apply(struct transport *t, const struct change *change, struct outcome *outcome);

/*
 * The answer of a verb that changes the list. @directive: the file it came from, or NULL.
 * @more: an object whose members go into the JSON, or NULL; it is given away.
 */
void change_print(const struct transport *t, const struct outcome *outcome,
		  const struct directive *directive, json_t *more);

#endif /* XEIR_CHANGE_H */
