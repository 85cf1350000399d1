// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replace the running programs, over the same maps. Each attachment changes from one program to
 * the next atomically, so that whenever this stops, each has one of them. A pin NEXT_PIN...
 * shows that it has not ended.
 */
#include "host/replace.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
#include <xeir/maps.h>

#include "host/attachments.h"
#include "host/bpf_load.h"
#include "host/module.h"
#include "host/nf_links.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "transport/pins.h"

struct replacing {
	struct attachment *attachments;
	size_t n;
	struct replaced done;
};

static const char *next_pin(const struct attachment *attachment)
{
	return attachment->egress ? NEXT_PIN EGRESS_PIN : NEXT_PIN PROGRAM_PIN;
}

/* A filter of tc can be changed only in its network namespace; links from anywhere. */
static bool is_out_of_reach(const struct attachment *attachment)
{
	return attachment->egress && !attachment->ifindex;
}

static void report_left(struct replacing *r, const struct attachment *attachment)
{
	if (bpf_load_is_like(attachment->program_id, next_pin(attachment)))
		return;
	r->done.left++;
	complain("egress of %s is in another network namespace or gone, and keeps its program %u; "
		 "run this there too, or remove it with: xeir detach dev %s",
		 attachment->ifname, attachment->program_id, attachment->ifname);
}

static int replace_attachments(struct replacing *r)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct attachment *attachment = &r->attachments[i];
		int err;

		if (is_out_of_reach(attachment)) {
			report_left(r, attachment);
			continue;
		}
		if (!attachment->ifindex)
			continue;
		err = attachment_replace(attachment);
		/* a former version has no records */
		if (!err && *attachment->now && !attachment->egress)
			err = attachment_record_netns(attachment->ifname);
		if (err)
			return err;
		r->done.replaced++;
	}
	return 0;
}

/* The attachments now, each with its program. */
static void report_broken_off(struct replacing *r)
{
	free(r->attachments);
	if (attachments_read(&r->attachments, &r->n))
		return;
	for (size_t i = 0; i < r->n; i++) {
		const struct attachment *attachment = &r->attachments[i];
		bool is_new = attachment->program_id == bpf_load_program_id(next_pin(attachment));

		complain("%s of %s runs program %u, the %s one",
			 attachment->egress ? "egress" : "ingress", attachment->ifname,
			 attachment->program_id, is_new ? "new" : "old");
	}
	complain("all go on enforcing; finish with: xeir attach --replace");
}

static int replace_places(struct replacing *r)
{
	int err = nf_links_replace();

	if (!err)
		err = module_hand_over();
	if (!err)
		err = replace_attachments(r);
	if (err) {
		report_broken_off(r);
		return err;
	}
	return bpf_load_advance();
}

static int replace_locked(struct replacing *r)
{
	int err = attachments_read(&r->attachments, &r->n);

	r->done.unbound = !pins_has(PIN_NAME(XEIR_MAP_BINDINGS));
	if (!err)
		err = bpf_load_pin_next();
	if (err || opt.dry_run)
		return err;
	return replace_places(r);
}

int replace_all(struct replaced *done)
{
	struct replacing r = {};
	int turn = pins_lock_attachments(), lock, err;

	if (turn < 0)
		return turn;
	lock = pins_lock(true);
	err = lock < 0 ? lock : replace_locked(&r);
	free(r.attachments);
	if (lock >= 0)
		close(lock);
	close(turn);
	*done = r.done;
	return err;
}
