/* SPDX-License-Identifier: GPL-2.0-only */
/* Network namespaces. Each is known by the inode of its file, as lsns prints it; 0: not known. */
#ifndef XEIR_HOST_NETNS_H
#define XEIR_HOST_NETNS_H

#include <linux/types.h>

enum netns_state {
	NETNS_UNKNOWN,	/* it was not found, but may be where this process cannot look */
	NETNS_FOUND,
	NETNS_DELETED,	/* no thread is in it, and no mount or descriptor of one refers to it */
};

/* That of this process. */
__u32 netns_here(void);

/*
 * Search for it. Found: nsenter --net=@path, of at least PATH_MAX octets, enters it. What else may
 * keep a namespace is not seen: sockets whose processes have left it, descriptors on their way
 * through a socket, and mounts that no process has.
 */
enum netns_state netns_find(__u32 netns, char *path);

#endif /* XEIR_HOST_NETNS_H */
