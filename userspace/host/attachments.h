/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The programs on interfaces, each with a pin: on ingress a BPF attachment; on egress a
 * filter of tc, whose program is pinned. Calls return 0 or a negative errno after complain().
 */
#ifndef XEIR_HOST_ATTACHMENTS_H
#define XEIR_HOST_ATTACHMENTS_H

#include <limits.h>
#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ATTACHMENT_PIN_MAX	(sizeof("egress-") + IF_NAMESIZE)

struct attachment {
	char pin[ATTACHMENT_PIN_MAX];
	char ifname[IF_NAMESIZE];	/* at the time of attach */
	char now[IF_NAMESIZE];		/* empty: not in this network namespace, or gone */
	bool egress;
	uint32_t id;			/* 0: a filter has none */
	uint32_t program_id;
	int ifindex;			/* 0: the interface is gone */
	uint32_t netns;			/* that it is in; 0: not known, as of egress elsewhere */
	const char *mode;		/* native, generic or egress; NULL: as @now */
};

/* The name of the pin on @ifname. */
void attachment_pin(char pin[ATTACHMENT_PIN_MAX], const char *ifname, bool egress);

/* Every one that is pinned; free(*attachments). No pin directory: none. */
int attachments_read(struct attachment **attachments, size_t *n);

/* The one whose interface is named @ifname now, else that was attached by that name; or NULL. */
struct attachment *attachments_find(struct attachment *attachments, size_t n, const char *ifname,
				    bool egress);

/* Record that the one attached as @ifname is in this network namespace. */
int attachment_record_netns(const char *ifname);

/* Take the program off the interface, and remove record and pin. */
int attachment_remove(const struct attachment *attachment);

/* Let the program that is pinned as NEXT_PIN... take the place of the one on the interface. */
int attachment_replace(const struct attachment *attachment);

/* Is @name one that an interface can have? */
bool ifname_valid(const char *name);

#endif /* XEIR_HOST_ATTACHMENTS_H */
