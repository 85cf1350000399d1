/* SPDX-License-Identifier: GPL-2.0-only */
/* A bit for each cut TEID: a GTP-U packet whose bit is 0 needs no lookup. */
#ifndef XEIR_CUT_TEIDS_BPF_H
#define XEIR_CUT_TEIDS_BPF_H

#include "tables.bpf.h"

#include <xeir/octets.h>

#define XEIR_CUT_TEIDS_WORDS (1 << (XEIR_CUT_TEIDS_BITS - 5))

/* The bit of @teid. Hashed, as nodes often allocate TEIDs one after the other. */
static __always_inline __u32 bit_of_teid(__u32 teid)
{
	return teid * 0x9e3779b1U >> (32 - XEIR_CUT_TEIDS_BITS);
}

/* NULL is for the verifier. */
static __always_inline __u32 *word_of_teid(__u32 teid)
{
	__u32 zero = 0;
	struct xeir_cut_teids *teids = bpf_map_lookup_elem(&XEIR_MAP_CUT_TEIDS, &zero);

	return teids ? &teids->word[xeir_index(bit_of_teid(teid) / 32, XEIR_CUT_TEIDS_WORDS)] :
		       NULL;
}

static __always_inline void note_cut_teid(__u32 teid)
{
	__u32 *word = word_of_teid(teid);

	if (word)
		__sync_fetch_and_or(word, 1U << bit_of_teid(teid) % 32);
}

static __always_inline int may_be_cut(__u32 teid)
{
	const __u32 *word = word_of_teid(teid);

	return !word || *word >> bit_of_teid(teid) % 32 & 1;
}

static int forget_teids_step(__u32 i, void *ctx)
{
	struct xeir_cut_teids *teids = *(struct xeir_cut_teids **)ctx;

	teids->word[xeir_index(i, XEIR_CUT_TEIDS_WORDS)] = 0;
	return 0;
}

/* While none is cut. If one is cut meanwhile, the sweep that calls this sets its bit again. */
static __always_inline void forget_cut_teids(void)
{
	__u32 zero = 0;
	struct xeir_cut_teids *teids = bpf_map_lookup_elem(&XEIR_MAP_CUT_TEIDS, &zero);

	if (teids)
		bpf_loop(XEIR_CUT_TEIDS_WORDS, forget_teids_step, &teids, 0);
}

#endif /* XEIR_CUT_TEIDS_BPF_H */
