/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEIR_LIB_DECIMAL_H
#define XEIR_LIB_DECIMAL_H

#include <stddef.h>
#include <linux/types.h>

/* Digits alone, of a number up to 4294967295. 0, or -1. */
int decimal_read_u32(const char *text, size_t len, __u32 *number);

#endif /* XEIR_LIB_DECIMAL_H */
