// SPDX-License-Identifier: GPL-2.0-only
/*
 * Other programs in the place of those that run, over the same maps. Each place changes hands
 * by itself, from one program to the next, so that whenever this ends, each has one of them.
 * What is pinned as NEXT_PIN... tells that it has not ended.
 */
#include "host/replace.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

#include "host/attachments.h"
#include "host/bpf_load.h"
#include "host/module.h"
#include "host/nf_links.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "transport/pins.h"

struct replacing {
	struct attachment *links;
	size_t n;
	size_t replaced;
	size_t left; /* that only their own network namespace can reach */
};

static const char *next_pin(const struct attachment *link)
{
	return link->egress ? NEXT_PIN EGRESS_PIN : NEXT_PIN PROGRAM_PIN;
}

/* A filter of tc is reached from its own network namespace only; links are from anywhere. */
static bool is_out_of_reach(const struct attachment *link)
{
	return link->egress && !link->ifindex;
}

static void tell_left(struct replacing *r, const struct attachment *link)
{
	if (bpf_load_is_like(link->program_id, next_pin(link)))
		return;
	r->left++;
	complain("egress of %s is in another network namespace or gone, and keeps its program %u; "
		 "run this there too, or forget it by: xeir detach dev %s",
		 link->ifname, link->program_id, link->ifname);
}

static int replace_links(struct replacing *r)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct attachment *link = &r->links[i];
		int err;

		if (is_out_of_reach(link)) {
			tell_left(r, link);
			continue;
		}
		if (!link->ifindex)
			continue;
		err = attachment_replace(link);
		if (err)
			return err;
		r->replaced++;
	}
	return 0;
}

/* The links as they are now, each with the program that it runs. */
static void tell_broken_off(struct replacing *r)
{
	free(r->links);
	if (attachments_read(&r->links, &r->n))
		return;
	for (size_t i = 0; i < r->n; i++) {
		const struct attachment *link = &r->links[i];
		bool is_new = link->program_id == bpf_load_program_id(next_pin(link));

		complain("%s of %s runs program %u, the %s one",
			 link->egress ? "egress" : "ingress", link->ifname, link->program_id,
			 is_new ? "new" : "old");
	}
	complain("all go on enforcing; finish it by: xeir attach --replace");
}

static int replace_places(struct replacing *r)
{
	int err = nf_links_replace();

	if (!err)
		err = module_hand_over();
	if (!err)
		err = replace_links(r);
	if (err) {
		tell_broken_off(r);
		return err;
	}
	return bpf_load_advance();
}

static int replace_locked(struct replacing *r)
{
	int err = attachments_read(&r->links, &r->n);

	if (!err)
		err = bpf_load_pin_next();
	if (err || opt.dry_run)
		return err;
	return replace_places(r);
}

static void tell(const struct replacing *r)
{
	if (opt.json) {
		json_t *answer =
			json_pack("{s:I, s:I, s:b}", "replaced", (json_int_t)r->replaced, "left",
				  (json_int_t)r->left, "dry_run", (int)opt.dry_run);

		json_dumpf(answer, stdout, JSON_COMPACT);
		puts("");
		json_decref(answer);
		return;
	}
	if (opt.dry_run)
		puts("the programs can be replaced");
	else
		printf("%zu program%s replaced, the list and all that is known of sessions kept\n",
		       r->replaced, r->replaced == 1 ? "" : "s");
}

int replace_all(void)
{
	struct replacing r = {};
	int lock, err;

	lock = pins_lock(true);
	if (lock < 0)
		return EXIT_FAILED;
	err = replace_locked(&r);
	free(r.links);
	close(lock);
	if (err)
		return EXIT_FAILED;
	tell(&r);
	return r.left ? EXIT_FAILED : EXIT_DONE;
}
