// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/elsewhere.h"
#include "cmd/monitor.h"
#include "cmd/verb.h"
#include "host/attachments.h"
#include "host/bpf_load.h"
#include "host/module.h"
#include "host/nf_links.h"
#include "lib/decimal.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "session/session.h"
#include "session/sighting.h"
#include "transport/netlink_module.h"
#include "transport/pinned_list.h"
#include "transport/pins.h"
#include "transport/transport.h"

struct order {
	bool all;
	const char *ifname;
	__u32 netns; /* that the interface is in; 0: not given */
};

struct result {
	size_t detached;
	size_t left; /* links that go on enforcing */
	bool kept; /* the list stays pinned */
	json_int_t sightings, sessions; /* that go with the maps */
	bool unpinned; /* only the module had the list */
	struct xeir_control control;
};

/* The list stays: who detaches the last interface has not ordered that it be forgotten. */
static int after_last(void)
{
	int err;

	if (opt.dry_run)
		return 0;
	err = nf_links_detach_idle(NULL, 0);
	if (!err)
		err = module_unbind();
	if (err)
		return err;
	/* so that the next attach loads the program of its own xeir */
	return bpf_load_unpin(&(struct pinned){ .program = true });
}

/* A name is of one network namespace, the directory of all. */
static int check_here(const struct order *order, const struct attachment *link)
{
	char text[ELSEWHERE_MAX];
	enum netns_state state;

	if (!link->ifindex || !strcmp(link->now, order->ifname))
		return 0;
	if (*link->now) {
		complain("%s is named %s now; detach it by that name", order->ifname, link->now);
		return -EINVAL;
	}
	state = elsewhere(link, text);
	if (order->netns && link->netns && state != NETNS_FOUND)
		return 0;
	complain("%s", text);
	return -EINVAL;
}

static int remove_one(const struct order *order, struct attachment *link)
{
	int err = check_here(order, link);

	if (err || opt.dry_run)
		return err;
	err = attachment_remove(link);
	if (!err)
		link->ifindex = 0;
	return err;
}

/* A number is of one that is not here: then by its name at the time of attach. */
static struct attachment *find(const struct order *order, struct attachment *links, size_t n,
			       bool egress)
{
	if (!order->netns)
		return attachments_find(links, n, order->ifname, egress);
	for (size_t i = 0; i < n; i++)
		if (links[i].egress == egress && !strcmp(links[i].ifname, order->ifname) &&
		    (!links[i].netns || links[i].netns == order->netns))
			return &links[i];
	return NULL;
}

/* Both directions. */
static int remove_links(const struct order *order, struct attachment *links, size_t n)
{
	int removed = 0;

	for (int egress = 0; egress <= 1; egress++) {
		struct attachment *link = find(order, links, n, egress);
		int err = link ? remove_one(order, link) : 0;

		if (err)
			return err;
		removed += link != NULL;
	}
	if (!removed && order->netns)
		complain("%s is not attached in network namespace %u", order->ifname, order->netns);
	else if (!removed)
		complain("%s is not attached", order->ifname);
	return removed ? removed : -ENOENT;
}

static int detach_dev(const struct order *order, struct attachment *links, size_t n,
		      struct result *result)
{
	int removed, err = 0;

	result->kept = pins_has(PIN_NAME(XEIR_MAP_CONTROL));
	removed = remove_links(order, links, n);
	if (removed > 0 && result->kept)
		err = pinned_list_control(&result->control);
	if (removed < 0 || err)
		return removed < 0 ? removed : err;
	for (size_t i = 0; i < n; i++)
		result->left += links[i].ifindex && strcmp(links[i].ifname, order->ifname) &&
				strcmp(links[i].now, order->ifname);
	result->detached = 1;
	if (n == (size_t)removed)
		return after_last();
	/* fragments are for the hooks of a namespace to judge while something comes in there */
	return opt.dry_run ? 0 : nf_links_detach_idle(links, n);
}

static int count_sighting(const struct sighting *sighting, void *n)
{
	(void)sighting;
	++*(json_int_t *)n;
	return 0;
}

static int count_session(const struct session *session, void *n)
{
	(void)session;
	++*(json_int_t *)n;
	return 0;
}

/* The journal has the list, and nothing else has who was seen with which handset. */
static int confirm_loss(struct result *result)
{
	int err = 0;

	if (sightings_supported())
		err = sightings_iterate(count_sighting, &result->sightings);
	if (!err && pins_has(PIN_NAME(XEIR_MAP_SESSIONS)) && pins_has(PIN_NAME(XEIR_MAP_PATHS)))
		err = sessions_iterate(count_session, &result->sessions);
	if (opt.yes || opt.dry_run || (!err && !result->sightings))
		return 0;
	if (err)
		complain("how many sightings would be removed is not known; to confirm: "
			 "xeir detach all --yes");
	else
		complain("detach all removes %" JSON_INTEGER_FORMAT
			 " sightings, %" JSON_INTEGER_FORMAT
			 " sessions and the counters; to keep list and sightings: xeir save FILE; "
			 "the counters: xeir snapshot; to confirm: xeir detach all --yes",
			 result->sightings, result->sessions);
	return -ECANCELED;
}

static int detach_all(struct attachment *links, size_t n, struct result *result)
{
	int err = confirm_loss(result);

	if (err)
		return err;
	for (size_t i = 0; i < n && !opt.dry_run; i++) {
		err = attachment_remove(&links[i]);
		if (err)
			return err;
	}
	result->detached = n;
	if (opt.dry_run)
		return 0;
	err = nf_links_detach_idle(NULL, 0);
	if (!err)
		err = module_unbind();
	if (!err)
		err = bpf_load_unpin(&(struct pinned){ .maps = true, .program = true });
	if (err)
		return err;
	monitor_forget();
	return pins_remove_directory();
}

/*
 * Pins go by hand, or with their mount namespace: then the module alone has the list,
 * and takes no other. 1: so it was; 0: not.
 */
static int detach_unpinned(void)
{
	int err;

	if (pins_has(".") || netlink_module_has_bound(0) <= 0)
		return 0;
	/* the pins may as well be there, where this process does not see them */
	err = pins_check();
	if (!err && !opt.dry_run)
		err = netlink_module_unbind();
	return err ? err : 1;
}

static void print_result(const struct order *order, const struct result *result)
{
	const char *would = opt.dry_run ? "would be " : "";

	if (opt.json) {
		json_t *answer =
			json_pack("{s:I, s:s, s:b, s:b}", "detached", (json_int_t)result->detached,
				  "enforce", result->left ? "on" : "off", "kept_list", result->kept,
				  "dry_run", (int)opt.dry_run);

		if (order->all) {
			json_object_set_new(answer, "sightings", json_integer(result->sightings));
			json_object_set_new(answer, "sessions", json_integer(result->sessions));
		}
		json_dumpf(answer, stdout, JSON_COMPACT);
		puts("");
		json_decref(answer);
		return;
	}
	if (result->unpinned) {
		printf("nothing is attached: there is no %s; the list %sremoved from the module\n",
		       opt.pins, opt.dry_run ? "would be " : "was ");
		return;
	}
	if (order->all)
		printf("%zu interface%s %sdetached; list, counters, %" JSON_INTEGER_FORMAT
		       " sightings and %" JSON_INTEGER_FORMAT " sessions %sremoved\n",
		       result->detached, result->detached == 1 ? "" : "s", would, result->sightings,
		       result->sessions, would);
	else
		printf("%s: %sdetached\n", order->ifname, would);
	if (result->left)
		return;
	if (result->kept)
		printf("the list of %u entries stays; ", result->control.entries);
	printf("nothing %s enforced\n", opt.dry_run ? "would be" : "is");
}

static int detach_pinned(const struct order *order, struct result *result)
{
	struct attachment *links;
	int lock, err;
	size_t n;

	lock = pins_lock(true);
	if (lock < 0)
		return lock;
	err = attachments_read(&links, &n);
	if (!err)
		err = order->all ? detach_all(links, n, result) :
				   detach_dev(order, links, n, result);
	free(links);
	close(lock);
	return err;
}

static int detach(const struct order *order, struct result *result)
{
	int err = order->all ? detach_unpinned() : 0, turn;

	if (err) {
		result->unpinned = err > 0;
		return err < 0 ? err : 0;
	}
	turn = pins_lock_attachments();
	if (turn < 0)
		return turn;
	err = detach_pinned(order, result);
	close(turn);
	return err;
}

static int read_order(int argc, char **argv, struct order *order)
{
	order->all = argc == 2 && !strcmp(argv[1], "all");
	if (order->all)
		return EXIT_DONE;
	if ((argc != 3 && argc != 5) || strcmp(argv[1], "dev") ||
	    (argc == 5 && strcmp(argv[3], "netns")))
		return bad_usage(&verb_detach, "expected dev INTERFACE [netns N], or all");
	order->ifname = argv[2];
	if (!ifname_valid(order->ifname))
		return bad_usage(&verb_detach, "found \"%s\", expected the name of an interface",
				 order->ifname);
	if (argc == 5 &&
	    (decimal_read_u32(argv[4], strlen(argv[4]), &order->netns) || !order->netns))
		return bad_usage(&verb_detach,
				 "netns: found \"%s\", expected the number of a network namespace",
				 argv[4]);
	return EXIT_DONE;
}

static int run(int argc, char **argv)
{
	struct result result = {};
	struct order order = {};
	int status = read_order(argc, argv, &order), err;

	if (status)
		return status;
	err = detach(&order, &result);
	if (err)
		return err == -ECANCELED ? EXIT_BAD : EXIT_FAILED;
	print_result(&order, &result);
	return EXIT_DONE;
}

const struct verb verb_detach = {
	.name = "detach",
	.usage = "dev INTERFACE [netns N] | all [--yes]",
	.summary = "take the program off an interface",
	.help = "The list stays pinned, also after the last interface: the next attach enforces\n"
		"it again. all detaches every interface and removes list, sessions, sightings and\n"
		"counters; the journal keeps the list for the next attach. It is refused if there\n"
		"are sightings, unless --yes confirms it. If there are no pins, all unbinds the\n"
		"list from the module.\n\n"
		"An interface of another network namespace is detached there. If that one is\n"
		"deleted, netns with its number, which xeir status prints, detaches it from\n"
		"anywhere.\n\n"
		"examples:\n"
		"  xeir detach dev eth1\n"
		"  xeir detach dev s11 netns 4026532290\n"
		"  xeir detach all\n",
	.run = run,
};
