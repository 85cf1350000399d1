// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/monitor.h"
#include "cmd/verb.h"
#include "host/attachments.h"
#include "host/bpf_load.h"
#include "host/module.h"
#include "host/nf_links.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "transport/netlink_module.h"
#include "transport/pinned_list.h"
#include "transport/pins.h"
#include "transport/transport.h"

struct result {
	size_t detached;
	size_t left; /* links that go on enforcing */
	bool kept; /* the list stays pinned */
	bool unpinned; /* only the module had the list */
	struct xeir_control control;
};

/* The list stays: who detaches the last interface has not ordered that it be forgotten. */
static int after_last(void)
{
	int err;

	if (opt.dry_run)
		return 0;
	err = nf_links_detach();
	if (!err)
		err = module_unbind();
	if (err)
		return err;
	/* so that the next attach loads the program of its own xeir */
	return bpf_load_unpin(&(struct pinned){ .program = true });
}

/* A name is of one network namespace, the directory of all. */
static int check_here(const char *ifname, const struct attachment *link)
{
	if (!link->ifindex || !strcmp(link->now, ifname))
		return 0;
	if (*link->now)
		complain("%s is named %s now; detach it by that name", ifname, link->now);
	else
		complain("%s was attached as interface %d of another network namespace; "
			 "detach it there",
			 ifname, link->ifindex);
	return -EINVAL;
}

static int remove_one(const char *ifname, const struct attachment *link)
{
	int err = check_here(ifname, link);

	return err || opt.dry_run ? err : attachment_remove(link);
}

/* Both directions. */
static int remove_links(const char *ifname, struct attachment *links, size_t n)
{
	int removed = 0;

	for (int egress = 0; egress <= 1; egress++) {
		const struct attachment *link = attachments_find(links, n, ifname, egress);
		int err = link ? remove_one(ifname, link) : 0;

		if (err)
			return err;
		removed += link != NULL;
	}
	if (!removed) {
		complain("%s is not attached", ifname);
		return -ENOENT;
	}
	return removed;
}

/* Fragments are for the hooks of a namespace to judge while something comes in there. */
static int detach_idle_hooks(const char *ifname, const struct attachment *links, size_t n)
{
	if (opt.dry_run)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (!links[i].egress && *links[i].now && strcmp(links[i].now, ifname))
			return 0;
	return nf_links_detach_here();
}

static int detach_dev(const char *ifname, struct attachment *links, size_t n, struct result *result)
{
	int removed, err = 0;

	result->kept = pins_has(PIN_NAME(XEIR_MAP_CONTROL));
	removed = remove_links(ifname, links, n);
	if (removed > 0 && result->kept)
		err = pinned_list_control(&result->control);
	if (removed < 0 || err)
		return removed < 0 ? removed : err;
	for (size_t i = 0; i < n; i++)
		result->left += links[i].ifindex && strcmp(links[i].ifname, ifname) &&
				strcmp(links[i].now, ifname);
	result->detached = 1;
	return n > (size_t)removed ? detach_idle_hooks(ifname, links, n) : after_last();
}

static int detach_all(struct attachment *links, size_t n, struct result *result)
{
	int err = 0;

	for (size_t i = 0; i < n && !opt.dry_run; i++) {
		err = attachment_remove(&links[i]);
		if (err)
			return err;
	}
	result->detached = n;
	if (opt.dry_run)
		return 0;
	err = nf_links_detach();
	if (!err)
		err = module_unbind();
	if (!err)
		err = bpf_load_unpin(&(struct pinned){ .maps = true, .program = true });
	if (err)
		return err;
	monitor_forget();
	if (rmdir(opt.pins) && errno != ENOTEMPTY) {
		err = -errno;
		complain("%s: cannot be removed: %s", opt.pins, strerror(-err));
	}
	return err;
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

static void print_result(const char *what, const struct result *result)
{
	const char *would = opt.dry_run ? "would be " : "";

	if (opt.json) {
		json_t *answer =
			json_pack("{s:I, s:s, s:b, s:b}", "detached", (json_int_t)result->detached,
				  "enforce", result->left ? "on" : "off", "kept_list", result->kept,
				  "dry_run", (int)opt.dry_run);

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
	if (!strcmp(what, "all"))
		printf("%zu interface%s %sdetached, the list %sremoved\n", result->detached,
		       result->detached == 1 ? "" : "s", would, would);
	else
		printf("%s: %sdetached\n", what, would);
	if (result->left)
		return;
	if (result->kept)
		printf("the list of %u entries stays; ", result->control.entries);
	printf("nothing %s enforced\n", opt.dry_run ? "would be" : "is");
}

static int detach(const char *what, bool all, struct result *result)
{
	struct attachment *links;
	int lock, err;
	size_t n;

	err = all ? detach_unpinned() : 0;
	if (err) {
		result->unpinned = err > 0;
		return err < 0 ? err : 0;
	}
	lock = pins_lock(true);
	if (lock < 0)
		return lock;
	err = attachments_read(&links, &n);
	if (!err)
		err = all ? detach_all(links, n, result) : detach_dev(what, links, n, result);
	free(links);
	close(lock);
	return err;
}

static int run(int argc, char **argv)
{
	struct result result = {};
	bool all = argc == 2 && !strcmp(argv[1], "all");
	const char *what = argv[argc - 1];

	if (!all && (argc != 3 || strcmp(argv[1], "dev")))
		return bad_usage(&verb_detach, "expected dev INTERFACE, or all");
	if (!all && !ifname_valid(what))
		return bad_usage(&verb_detach, "found \"%s\", expected the name of an interface",
				 what);
	if (detach(what, all, &result))
		return EXIT_FAILED;
	print_result(what, &result);
	return EXIT_DONE;
}

const struct verb verb_detach = {
	.name = "detach",
	.usage = "dev INTERFACE | all",
	.summary = "take the program off an interface",
	.help = "The list stays pinned, also after the last interface: the next attach enforces\n"
		"it again. all detaches every interface and removes list, sessions, sightings and\n"
		"counters; the journal keeps the list for the next attach. If there are\n"
		"no pins, all unbinds the list from the module.\n\n"
		"examples:\n"
		"  xeir detach dev eth1\n"
		"  xeir detach all\n",
	.run = run,
};
