/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What judges fragmented messages once they are whole, without the module: two links of BPF
 * netfilter in each network namespace that has interfaces, pinned beside theirs. They keep
 * their namespace alive. Calls return 0 or a negative errno after complain().
 */
#ifndef XEIR_HOST_NF_LINKS_H
#define XEIR_HOST_NF_LINKS_H

/* Put it up here, unless the module has the list or the kernel has no such thing: no error. */
int nf_links_attach(void);

/* Take it down in this namespace; XDP goes on to leave fragments to other hooks. */
int nf_links_detach_here(void);

/* Put up this xeir's in place of those that are up here, which go once the others judge. */
int nf_links_replace(void);

/* Take it down in all namespaces. */
int nf_links_detach(void);

#endif /* XEIR_HOST_NF_LINKS_H */
