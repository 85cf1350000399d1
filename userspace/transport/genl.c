// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "transport/genl.h"

/* The kernel charges a message about twice its length against the sender's buffer. */
#define SEND_BUFFER (4 * GENL_MESSAGE_MAX)

struct nlmsghdr *genl_request(struct genl *genl, uint8_t cmd, uint16_t flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(genl->request);
	struct genlmsghdr *header;

	nlh->nlmsg_type = genl->family;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	nlh->nlmsg_seq = ++genl->seq;
	header = mnl_nlmsg_put_extra_header(nlh, GENL_HDRLEN);
	header->cmd = cmd;
	header->version = 1;
	return nlh;
}

static void read_refusal(struct genl *genl, const struct nlmsghdr *nlh, size_t offset)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, offset) {
		size_t len = mnl_attr_get_payload_len(attr);

		switch (mnl_attr_get_type(attr)) {
		case NLMSGERR_ATTR_MSG:
			snprintf(genl->sentence, sizeof(genl->sentence), "%.*s", (int)len,
				 mnl_attr_get_str(attr));
			break;
		case NLMSGERR_ATTR_COOKIE:
			genl->has_index = len == sizeof(genl->index);
			if (genl->has_index)
				memcpy(&genl->index, mnl_attr_get_payload(attr), len);
			break;
		}
	}
}

/* NLMSG_ERROR, an acknowledgement too, and NLMSG_DONE both start with an errno. */
static int read_verdict(struct genl *genl, const struct nlmsghdr *nlh)
{
	size_t offset = nlh->nlmsg_type == NLMSG_DONE ? sizeof(int) : sizeof(struct nlmsgerr);
	int err;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(int))
		return nlh->nlmsg_type == NLMSG_DONE ? 0 : -EPROTO;
	memcpy(&err, mnl_nlmsg_get_payload(nlh), sizeof(err));
	if (err && (nlh->nlmsg_flags & NLM_F_ACK_TLVS)) {
		/* Without NETLINK_CAP_ACK the request stands in between. */
		if (nlh->nlmsg_type == NLMSG_ERROR && !(nlh->nlmsg_flags & NLM_F_CAPPED)) {
			const struct nlmsgerr *error = mnl_nlmsg_get_payload(nlh);

			offset += error->msg.nlmsg_len - sizeof(error->msg);
		}
		read_refusal(genl, nlh, MNL_ALIGN(offset));
	}
	return err;
}

int genl_talk(struct genl *genl, struct nlmsghdr *request,
	      int (*each)(const struct nlmsghdr *nlh, void *arg), void *arg)
{
	int err = 0;

	genl->sentence[0] = '\0';
	genl->has_index = false;
	if (mnl_socket_sendto(genl->nl, request, request->nlmsg_len) < 0)
		return -errno;
	for (;;) {
		int len = mnl_socket_recvfrom(genl->nl, genl->reply, GENL_MESSAGE_MAX);
		const struct nlmsghdr *nlh = (const void *)genl->reply;

		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return -errno;
		for (; mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len)) {
			if (nlh->nlmsg_seq != genl->seq)
				continue;
			if (nlh->nlmsg_flags & NLM_F_DUMP_INTR && !err)
				err = -EINTR;
			if (nlh->nlmsg_type == NLMSG_ERROR || nlh->nlmsg_type == NLMSG_DONE) {
				int verdict = read_verdict(genl, nlh);

				return verdict ? verdict : err;
			}
			if (each && !err && nlh->nlmsg_type >= NLMSG_MIN_TYPE)
				err = each(nlh, arg);
		}
	}
}

static int read_family(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN)
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID &&
		    mnl_attr_validate(attr, MNL_TYPE_U16) >= 0)
			*(uint16_t *)arg = mnl_attr_get_u16(attr);
	return 0;
}

static int find_family(struct genl *genl, const char *name)
{
	struct nlmsghdr *nlh;
	uint16_t family = 0;
	int err;

	genl->family = GENL_ID_CTRL;
	nlh = genl_request(genl, CTRL_CMD_GETFAMILY, 0);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, name);
	err = genl_talk(genl, nlh, read_family, &family);
	genl->family = family;
	return !err && !family ? -ENOENT : err;
}

static int connect_socket(struct genl *genl)
{
	int on = 1, size = SEND_BUFFER;

	genl->nl = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!genl->nl || mnl_socket_bind(genl->nl, 0, MNL_SOCKET_AUTOPID) < 0)
		return -errno;
	/* Kernels before 4.12 lack these two; then refusals come without a sentence. */
	mnl_socket_setsockopt(genl->nl, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(genl->nl, NETLINK_CAP_ACK, &on, sizeof(on));
	setsockopt(mnl_socket_get_fd(genl->nl), SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	return 0;
}

int genl_open(struct genl *genl, const char *family)
{
	int err;

	memset(genl, 0, sizeof(*genl));
	genl->request = calloc(1, GENL_MESSAGE_MAX);
	genl->reply = calloc(1, GENL_MESSAGE_MAX);
	err = genl->request && genl->reply ? connect_socket(genl) : -ENOMEM;
	if (!err)
		err = find_family(genl, family);
	if (err)
		genl_close(genl);
	return err;
}

void genl_close(struct genl *genl)
{
	if (genl->nl)
		mnl_socket_close(genl->nl);
	free(genl->request);
	free(genl->reply);
}
