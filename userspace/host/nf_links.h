/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reassembled messages, without the module: two links of BPF netfilter in each network
 * namespace that has interfaces, pinned next to those of the interfaces. They keep their
 * namespace alive. Calls return 0 or a negative errno after complain().
 */
#ifndef XEIR_HOST_NF_LINKS_H
#define XEIR_HOST_NF_LINKS_H

#include "host/attachments.h"
#include "host/netns.h"

/* Attach them here, unless the module has the list or the kernel cannot: no error. */
int nf_links_attach(void);

/* Detach them in this namespace; XDP still leaves fragments to those of others. */
int nf_links_detach_here(void);

/* Attach this version's in place of those attached here, which go once the new ones judge. */
int nf_links_replace(void);

/* Detach them in each namespace that has none of these on ingress; n 0: in all. */
int nf_links_detach_idle(const struct attachment *attachments, size_t n);

/* As netns_find(); deleted is only one that these links still keep. */
enum netns_state nf_links_find_netns(__u32 netns, char *path);

#endif /* XEIR_HOST_NF_LINKS_H */
