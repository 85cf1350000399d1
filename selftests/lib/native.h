/* SPDX-License-Identifier: GPL-2.0-only */
/* A frame, judged from end to end by the shared headers alone, as the programs do. */
#ifndef XEIR_NATIVE_H
#define XEIR_NATIVE_H

#include "lib/generated.h"
#include "lib/judge.h"

#define NATIVE_LISTED (GENERATED_IMEIS / 10)

struct native {
	struct judged v;
	struct xeir_key key; /* of the entry that decided, if one did */
	__u32 directive;
	struct xeir_gtpc message; /* that the verdict is about; not known: there is none */
};

/* A tenth of the handsets that are generated, under every action, in order. */
void native_list(struct judge_entry entries[NATIVE_LISTED]);

/* @entries are what is listed, in the order of memcmp() on their keys. */
struct native native_frame(const unsigned char *frame, size_t len, const struct xeir_config *config,
			   const struct judge_entry *entries, size_t n);

/* Where the IP packet starts in the frame; 0: it has none of the version that it says. */
size_t native_packet(const unsigned char *frame, size_t len);

#endif /* XEIR_NATIVE_H */
