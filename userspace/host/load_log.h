/* SPDX-License-Identifier: GPL-2.0-only */
/* What libbpf and the verifier say of programs that are being loaded. */
#ifndef XEIR_HOST_LOAD_LOG_H
#define XEIR_HOST_LOAD_LOG_H

/* From here on it is kept. */
void load_log_begin(void);

/* To stderr, where something was kept: they are words for whoever mends a program. */
void load_log_print(void);

/* From here on libbpf is silent again. */
void load_log_end(void);

#endif /* XEIR_HOST_LOAD_LOG_H */
