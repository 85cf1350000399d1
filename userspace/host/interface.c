// SPDX-License-Identifier: GPL-2.0-only
#include "host/interface.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

int interface_is_ethernet(const char *ifname)
{
	struct ifreq request = {};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), err;

	if (fd < 0)
		return -errno;
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", ifname);
	err = ioctl(fd, SIOCGIFHWADDR, &request) ? -errno : 0;
	close(fd);
	if (err)
		return err;
	return request.ifr_hwaddr.sa_family == ARPHRD_ETHER ||
	       request.ifr_hwaddr.sa_family == ARPHRD_LOOPBACK;
}

struct search {
	unsigned int lower;
	char *upper;
	bool found;
};

static bool has_xdp(const struct nlattr *xdp)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, xdp)
		if (mnl_attr_get_type(attr) == IFLA_XDP_ATTACHED)
			return mnl_attr_get_u8(attr) != XDP_ATTACHED_NONE;
	return false;
}

static int each_link(const struct nlmsghdr *message, void *arg)
{
	const char *name = NULL;
	struct search *search = arg;
	bool above = false, xdp = false, elsewhere = false;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, message, sizeof(struct ifinfomsg)) {
		switch (mnl_attr_get_type(attr)) {
		case IFLA_IFNAME:
			name = mnl_attr_get_str(attr);
			break;
		case IFLA_LINK:
			above = mnl_attr_get_u32(attr) == search->lower;
			break;
		case IFLA_LINK_NETNSID: /* a number of another network namespace */
			elsewhere = true;
			break;
		case IFLA_XDP:
			xdp = has_xdp(attr);
			break;
		}
	}
	if (name && above && xdp && !elsewhere) {
		snprintf(search->upper, IF_NAMESIZE, "%s", name);
		search->found = true;
	}
	return MNL_CB_OK;
}

bool interface_find_upper_xdp(const char *ifname, char upper[IF_NAMESIZE])
{
	struct search search = { .lower = if_nametoindex(ifname), .upper = upper };
	struct mnl_socket *nl = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	char buffer[32768];
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	ssize_t n;

	if (!nl)
		return false;
	message->nlmsg_type = RTM_GETLINK;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	mnl_nlmsg_put_extra_header(message, sizeof(struct ifinfomsg));
	n = mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID);
	if (!n)
		n = mnl_socket_sendto(nl, message, message->nlmsg_len);
	while (n > 0) {
		n = mnl_socket_recvfrom(nl, buffer, sizeof(buffer));
		if (n > 0 && mnl_cb_run(buffer, n, 0, 0, each_link, &search) <= MNL_CB_STOP)
			break;
	}
	mnl_socket_close(nl);
	return search.found;
}
