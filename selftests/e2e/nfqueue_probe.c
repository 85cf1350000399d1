/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The smallest program behind an NFQUEUE rule: lets every packet of queue 0 pass, and
 * prints its length.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QUEUE 0

static void die(const char *what)
{
	fprintf(stderr, "nfqueue_probe: %s: %s\n", what, strerror(errno));
	exit(2);
}

static struct nlmsghdr *begin(char *buf, int type)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nfgenmsg *nfg;

	nlh->nlmsg_type = NFNL_SUBSYS_QUEUE << 8 | type;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	nfg = mnl_nlmsg_put_extra_header(nlh, sizeof(*nfg));
	nfg->version = NFNETLINK_V0;
	nfg->res_id = htons(QUEUE);
	return nlh;
}

static void transmit(struct mnl_socket *nl, const struct nlmsghdr *nlh)
{
	if (mnl_socket_sendto(nl, nlh, nlh->nlmsg_len) < 0)
		die("send");
}

static void open_queue(struct mnl_socket *nl)
{
	const struct nfqnl_msg_config_cmd cmd = { .command = NFQNL_CFG_CMD_BIND };
	const struct nfqnl_msg_config_params params = { .copy_range = htonl(0xffff),
							.copy_mode = NFQNL_COPY_PACKET };
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *nlh = begin(buf, NFQNL_MSG_CONFIG);

	nlh->nlmsg_flags |= NLM_F_ACK;
	mnl_attr_put(nlh, NFQA_CFG_CMD, sizeof(cmd), &cmd);
	mnl_attr_put(nlh, NFQA_CFG_PARAMS, sizeof(params), &params);
	transmit(nl, nlh);
	/* the response is an error, of 0 */
	if (mnl_cb_run(buf, mnl_socket_recvfrom(nl, buf, sizeof(buf)), 0, mnl_socket_get_portid(nl),
		       NULL, NULL) < 0)
		die("queue");
}

static int pass(const struct nlmsghdr *packet, void *nl)
{
	struct nfqnl_msg_verdict_hdr verdict = { .verdict = htonl(NF_ACCEPT) };
	const struct nlattr *attr;
	char buf[MNL_SOCKET_BUFFER_SIZE];
	struct nlmsghdr *nlh = begin(buf, NFQNL_MSG_VERDICT);

	mnl_attr_for_each(attr, packet, sizeof(struct nfgenmsg)) {
		const struct nfqnl_msg_packet_hdr *header = mnl_attr_get_payload(attr);

		if (mnl_attr_get_type(attr) == NFQA_PACKET_HDR)
			verdict.id = header->packet_id;
		else if (mnl_attr_get_type(attr) == NFQA_PAYLOAD)
			printf("packet, %u octets\n", mnl_attr_get_payload_len(attr));
	}
	mnl_attr_put(nlh, NFQA_VERDICT_HDR, sizeof(verdict), &verdict);
	transmit(nl, nlh);
	return MNL_CB_OK;
}

int main(void)
{
	struct mnl_socket *nl = mnl_socket_open(NETLINK_NETFILTER);
	static char buf[0xffff + 4096];
	ssize_t n;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID) < 0)
		die("socket");
	open_queue(nl);
	puts("ready");
	while ((n = mnl_socket_recvfrom(nl, buf, sizeof(buf))) > 0)
		if (mnl_cb_run(buf, n, 0, mnl_socket_get_portid(nl), pass, nl) < 0)
			die("packet");
	die("receive");
}
