// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: netlink_test [xeir.ko]
 *
 * The family "xeir" as its header defines it, tested from outside. Naming the module's file,
 * here or in XEIR_MODULE, lets the test load it, and unload it also while it is in use;
 * in the end it is loaded if it was before.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "netlink/netlink_test.h"
#include "lib/tap.h"

int main(int argc, char **argv)
{
	const char *ko = argc > 1 ? argv[1] : getenv("XEIR_MODULE");
	bool loaded = false;
	struct client *c;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (geteuid())
		return tap_skip_all("needs root");
	c = client_open();
	if (!c && ko) {
		if (module_load(ko)) {
			perror(ko);
			return tap_skip_all("the module cannot be loaded");
		}
		loaded = true;
		c = client_open();
	}
	if (!c)
		return tap_skip_all("the module is not loaded");
	client_close(c);

	test_bind();
	test_hook();
	test_sweep();
	test_held_sweep();
	test_entries();
	test_transactions();
	test_dumps();
	test_revert();
	test_ends();
	test_privilege();
	test_notices();
	test_storm();
	if (ko) {
		test_unload(ko);
		test_sweep_unload(ko);
	} else {
		point_skipped("unloading", "the module's file is not named");
	}
	if (loaded)
		point(!module_unload(), "the module unloads");
	return points_done();
}
