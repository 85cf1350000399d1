/* SPDX-License-Identifier: GPL-2.0-only */
/* What `xeir numbers` can do: argv[0] is the word behind it. They return an exit status. */
#ifndef XEIR_CMD_NUMBERS_H
#define XEIR_CMD_NUMBERS_H

#include "numbers/number_updates.h"

/* Changes of the register. */
int numbers_add(int argc, char **argv);
int numbers_link(int argc, char **argv);
int numbers_import(int argc, char **argv);
int numbers_expire(int argc, char **argv);

/* What it says. */
int numbers_count(void);
int numbers_list(int argc, char **argv);
int numbers_show(int argc, char **argv);
int numbers_export(int argc, char **argv);

/* What was seen of handsets that @directive lists. EXIT_DONE, or another after saying why. */
int numbers_seen(struct store *store, uint32_t directive, struct number_updates *updates);

#endif /* XEIR_CMD_NUMBERS_H */
