/* SPDX-License-Identifier: GPL-2.0-only */
/* Sidecar files that describe a list: FILE.sha256, as sha256sum writes it, and FILE.count. */
#ifndef XEIR_DIRECTIVE_SIDECAR_H
#define XEIR_DIRECTIVE_SIDECAR_H

#include "directive/metadata.h"

/* 0, also when neither is there; -EINVAL after complain(): the list differs, or one is faulty. */
int sidecar_check(const char *path, const struct metadata *metadata, size_t n_rows);

#endif /* XEIR_DIRECTIVE_SIDECAR_H */
