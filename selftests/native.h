/* SPDX-License-Identifier: GPL-2.0-only */
/* A frame, judged from end to end by the shared headers alone, as the XDP program does. */
#ifndef XEIR_NATIVE_H
#define XEIR_NATIVE_H

#include "judge.h"

/* @entries are what is listed, in the order of memcmp() on their keys. */
struct judged native_frame(const unsigned char *frame, size_t len,
			   const struct xeir_config *config, const struct judge_entry *entries,
			   size_t n);

#endif /* XEIR_NATIVE_H */
