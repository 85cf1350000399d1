/* SPDX-License-Identifier: GPL-2.0-only */
/* Files beside a list that say what it must be: FILE.sha256, as sha256sum writes it, FILE.count. */
#ifndef XEIR_DIRECTIVE_SIDECAR_H
#define XEIR_DIRECTIVE_SIDECAR_H

#include "directive/metadata.h"

/* 0, also when neither is there; -EINVAL: the list, or one of them, is not as it must be. */
int sidecar_check(const char *path, const struct metadata *metadata, size_t n_rows);

#endif /* XEIR_DIRECTIVE_SIDECAR_H */
