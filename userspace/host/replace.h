/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEIR_HOST_REPLACE_H
#define XEIR_HOST_REPLACE_H

/* `xeir attach --replace`; returns the exit status. */
int replace_all(void);

#endif /* XEIR_HOST_REPLACE_H */
