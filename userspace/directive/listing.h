/* SPDX-License-Identifier: GPL-2.0-only */
/* The enforced entries, as list prints and save writes them. */
#ifndef XEIR_DIRECTIVE_LISTING_H
#define XEIR_DIRECTIVE_LISTING_H

#include <jansson.h>

#include "directive/memory_list.h"

/*
 * By kind, each in the order of their digits; entries whose expiry has passed are left
 * out, with a warning. 0 or a negative errno after complain().
 */
int listing_read(struct memory_list *listing);

/* An entry as an object, and such an object as people read it, without a line end. */
json_t *listing_entry_json(const struct entry *entry);
void listing_entry_print(const json_t *entry);

#endif /* XEIR_DIRECTIVE_LISTING_H */
