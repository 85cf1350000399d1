/* SPDX-License-Identifier: GPL-2.0-only */
/* Every test of the kernel's version; the names used elsewhere are the newer kernel's. */
#ifndef XEIR_KMOD_COMPAT_H
#define XEIR_KMOD_COMPAT_H

#include <linux/version.h>

/* What pre_doit and post_doit are given; 6.2 renamed it. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define genl_split_ops genl_ops
#endif

/* A name until 6.12, a string from 6.13 on. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
#define XEIR_NS_BPF_INTERNAL BPF_INTERNAL
#else
#define XEIR_NS_BPF_INTERNAL "BPF_INTERNAL"
#endif

#endif /* XEIR_KMOD_COMPAT_H */
