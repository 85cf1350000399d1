/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads a file of any format and checks all of it before anything is applied. */
#ifndef XEIR_DIRECTIVE_DIRECTIVE_READ_H
#define XEIR_DIRECTIVE_DIRECTIVE_READ_H

#include "directive/directive.h"
#include "directive/reader.h"

/*
 * @path "-" is stdin; its format is the one that opt.format names, or that it looks like.
 * @default_action is that of rows which name none. Faults are printed as path:line:column:
 * found, expected; up to 20 and their total. 0; -EINVAL when there are any and opt.skip_invalid
 * is off; -errno.
 */
int directive_read(const char *path, enum directive_use use, __u8 default_action,
		   struct directive *directive);
bool directive_read_has_format(const char *name);

#endif /* XEIR_DIRECTIVE_DIRECTIVE_READ_H */
