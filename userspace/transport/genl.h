/* SPDX-License-Identifier: GPL-2.0-only */
/* One request and its replies on a generic netlink socket, of any family. */
#ifndef XEIR_TRANSPORT_GENL_H
#define XEIR_TRANSPORT_GENL_H

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <stdbool.h>
#include <stdint.h>

#define GENL_MESSAGE_MAX	65536

struct genl {
	struct mnl_socket *nl;
	uint16_t family;
	uint32_t seq;
	char *request;	/* GENL_MESSAGE_MAX octets each */
	char *reply;

	/* Of the last refusal: */
	char sentence[256];	/* of the kernel; "": none */
	bool has_index;
	uint32_t index;		/* of the entry among those of the message */
};

/* 0; -ENOENT: there is no such family; -errno. */
int genl_open(struct genl *genl, const char *family);
void genl_close(struct genl *genl);

/* A message to fill, in genl; the next request overwrites it. */
struct nlmsghdr *genl_request(struct genl *genl, uint8_t cmd, uint16_t flags);

/*
 * Send it, hand each reply to @each until the kernel has acknowledged the request. 0, or the
 * negative errno of the kernel or of @each; -EINTR: the list changed during a dump.
 */
int genl_talk(struct genl *genl, struct nlmsghdr *nlh,
	      int (*each)(const struct nlmsghdr *nlh, void *arg), void *arg);

#endif /* XEIR_TRANSPORT_GENL_H */
