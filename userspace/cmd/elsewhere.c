// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "cmd/elsewhere.h"
#include "host/nf_links.h"

enum netns_state elsewhere(const struct attachment *link, char text[ELSEWHERE_MAX])
{
	char path[PATH_MAX];
	enum netns_state state = nf_links_find_netns(link->netns, path);

	if (state == NETNS_FOUND)
		snprintf(text, ELSEWHERE_MAX,
			 "%s is in another network namespace; commands there: "
			 "nsenter --net=%s xeir ...",
			 link->ifname, path);
	else if (state == NETNS_DELETED)
		snprintf(
			text, ELSEWHERE_MAX,
			"%s is in a deleted network namespace, which xeir keeps alive; to free it: "
			"xeir detach dev %s netns %u",
			link->ifname, link->ifname, link->netns);
	else if (link->netns)
		snprintf(text, ELSEWHERE_MAX,
			 "%s is in another network namespace, %u, which cannot be found from here; "
			 "if it is deleted, to free it: xeir detach dev %s netns %u",
			 link->ifname, link->netns, link->ifname, link->netns);
	else
		snprintf(text, ELSEWHERE_MAX,
			 "%s is in another network namespace, which is not recorded; if it is "
			 "deleted, only this frees it: xeir detach all",
			 link->ifname);
	return state;
}
