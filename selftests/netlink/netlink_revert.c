// SPDX-License-Identifier: GPL-2.0-only
/* REVERT: what one commit changed, and no later one. */
#include <errno.h>

#include <netlink/attr.h>

#include "netlink/netlink_test.h"

static struct reply revert(struct client *c, uint32_t generation)
{
	struct nl_msg *msg = request(c, XEIR_CMD_REVERT, 0);

	nla_put_u32(msg, XEIR_A_GENERATION, generation);
	return exchange(c, msg);
}

/* One commit that lists the IMEIs from @first to @last by @directive. */
static bool list_some(struct client *c, unsigned int first, unsigned int last, uint32_t directive)
{
	struct xeir_side side = drop_side(directive);
	bool done = !command(c, XEIR_CMD_BEGIN).error;

	for (unsigned int i = first; i <= last && done; i++) {
		struct xeir_key key = imei(i);

		done = !put(c, &key, &side).error;
	}
	return done && !command(c, XEIR_CMD_COMMIT).error;
}

/* The directive that lists it; 0: none, and it takes no capacity. */
static uint32_t directive_of(const struct maps *m, unsigned int i)
{
	struct xeir_key key = imei(i);
	struct xeir_entry entry;

	return maps_entry(m, &key, &entry) ? entry.after.directive : 0;
}

static void refusals(struct client *c)
{
	is_refused(command(c, XEIR_CMD_REVERT), EINVAL, "generation", "REVERT of nothing");
	is_done(command(c, XEIR_CMD_BEGIN), "BEGIN");
	is_refused(revert(c, 2), EBUSY, "open", "REVERT while a transaction is open");
	is_done(command(c, XEIR_CMD_ABORT), "ABORT");
}

void test_revert(void)
{
	struct maps m = maps_new(8);
	struct reply a;
	struct client *c;

	new_netns();
	c = client_open();
	is_refused(revert(c, 1), ENXIO, "no maps", "REVERT with nothing bound");
	is_done(bind_all(c, &m), "BIND");
	point(list_some(c, 1, 2, 6), "IMEIs 1 and 2 are listed");
	point(list_some(c, 2, 4, 7), "2 is changed, 3 and 4 are added");
	point(list_some(c, 4, 5, 8), "4 is changed, 5 is added");
	refusals(c);
	a = revert(c, 2);
	is_done(a, "REVERT of the second");
	point(a.value[XEIR_A_ADDED] == 0 && a.value[XEIR_A_CHANGED] == 1 &&
		      a.value[XEIR_A_REMOVED] == 1 && a.value[XEIR_A_ENTRIES] == 4 &&
		      a.value[XEIR_A_GENERATION] == 4,
	      "reports one changed, one removed, four left, as generation 4");
	point(directive_of(&m, 1) == 6 && directive_of(&m, 2) == 6, "2 is as before, like 1");
	point(!directive_of(&m, 3), "3 is gone");
	point(directive_of(&m, 4) == 8 && directive_of(&m, 5) == 8, "what came later stays");
	point(maps_control(&m).live == 4 && maps_control(&m).entries == 4 &&
		      !maps_control(&m).pending,
	      "the control says so");
	a = revert(c, 2);
	point(!a.error && !a.value[XEIR_A_CHANGED] && !a.value[XEIR_A_REMOVED],
	      "a second time there is nothing to do");
	is_done(command(c, XEIR_CMD_UNBIND), "UNBIND");
	client_close(c);
	maps_close(&m);
}
