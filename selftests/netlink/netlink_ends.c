// SPDX-License-Identifier: GPL-2.0-only
/* Sockets, namespaces and the module itself that end in the middle; privilege; notifications. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "netlink/netlink_test.h"

/* One listed IMEI, committed. */
static bool list_one(struct client *c)
{
	struct xeir_side side = drop_side(1);
	struct xeir_key key = imei(1);

	return !command(c, XEIR_CMD_BEGIN).error && !put(c, &key, &side).error &&
	       !command(c, XEIR_CMD_COMMIT).error;
}

/* Begins to unlist that one and to list another. */
static bool half_a_transaction(struct client *c)
{
	struct xeir_side side = drop_side(2);
	struct xeir_key key = imei(2);

	return !command(c, XEIR_CMD_BEGIN).error && !command(c, XEIR_CMD_FLUSH).error &&
	       !put(c, &key, &side).error;
}

static bool as_committed(const struct maps *m)
{
	struct xeir_control control = maps_control(m);
	struct xeir_key key = imei(1);
	struct xeir_entry entry;

	return maps_size(m) == 1 && maps_entry(m, &key, &entry) &&
	       entry.after.action == XEIR_ACTION_DROP && entry.after.directive == 1 &&
	       entry.generation <= control.live && control.live == 1 && !control.pending &&
	       control.entries == 1;
}

static bool exited_ok(pid_t child)
{
	int status;

	return waitpid(child, &status, 0) == child && WIFEXITED(status) && !WEXITSTATUS(status);
}

static void killed_client(struct client *c, struct client *listener, struct maps *m)
{
	struct reply a = { .index = ANY_INDEX };
	int ready[2];
	pid_t child;
	char byte;

	if (pipe(ready))
		return;
	child = fork();
	if (!child) {
		if (half_a_transaction(client_open()) && write(ready[1], "", 1) == 1)
			pause();
		_exit(1);
	}
	close(ready[1]);
	point(read(ready[0], &byte, 1) == 1 && maps_size(m) == 2,
	      "a client is in the middle of a transaction");
	close(ready[0]);
	is_refused(command(c, XEIR_CMD_BEGIN), EBUSY, "another socket", "another client's BEGIN");
	is_refused(command(c, XEIR_CMD_FLUSH), EINVAL, "another socket", "another client's FLUSH");
	is_refused(command(c, XEIR_CMD_COMMIT), EINVAL, "another socket",
		   "another client's COMMIT");
	is_refused(command(c, XEIR_CMD_ABORT), EINVAL, "another socket", "another client's ABORT");
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	point(as_committed(m), "it is killed, and nothing has changed");
	receive(listener, &a);
	point(a.cmd == XEIR_CMD_EVENT_NTF && a.value[XEIR_A_EVENT] == XEIR_EVENT_ABANDONED &&
		      a.value[XEIR_A_GENERATION] == 1,
	      "which is reported to the group \"events\"");
	is_done(command(c, XEIR_CMD_BEGIN), "the next client may begin");
	is_done(command(c, XEIR_CMD_ABORT), "and abort");
}

static void closed_socket(struct maps *m)
{
	struct client *d = client_open();

	point(half_a_transaction(d) && maps_size(m) == 2, "a socket is in the middle of one");
	client_close(d);
	point(as_committed(m), "it is closed, and nothing has changed");
}

static void unbound(struct client *c, struct maps *m)
{
	point(half_a_transaction(c), "in the middle of one");
	is_done(command(c, XEIR_CMD_UNBIND), "UNBIND");
	point(as_committed(m), "aborts it");
	is_refused(command(c, XEIR_CMD_COMMIT), ENXIO, "no maps", "COMMIT after UNBIND");
	is_done(bind_all(c, m), "BIND again");
	is_refused(command(c, XEIR_CMD_COMMIT), EINVAL, "no transaction", "COMMIT after BIND");
}

/* The maps are thawed when the namespace is gone for good, which takes a moment. */
static bool thawed(const struct maps *m)
{
	struct timespec ms = { .tv_nsec = 1000000 };
	struct xeir_entry entry = {};
	struct xeir_key key = imei(9);
	int i;

	for (i = 0; i < 10000; i++) {
		if (!maps_write(m, &key, &entry))
			return !bpf_map_delete_elem(m->list, &key);
		nanosleep(&ms, NULL);
	}
	return false;
}

static void ended_namespace(void)
{
	struct maps m = maps_new(8);
	struct client *c;
	pid_t child = fork();

	if (!child) {
		new_netns();
		c = client_open();
		_exit(bind_hook(c, &m, hook_new(&m)).error || !list_one(c) ||
		      !half_a_transaction(c));
	}
	point(exited_ok(child), "a namespace ends, with maps bound and a transaction open");
	point(thawed(&m), "bpf(2) may write its list then");
	point(!maps_control(&m).reassembled, "XDP sees that no hook is run");
	point(as_committed(&m), "which is the last that was committed");
	c = client_bound(&m);
	point(as_committed(&m), "and another namespace may have it");
	client_close(c);
	maps_close(&m);
}

void test_ends(void)
{
	struct maps m = maps_new(8);
	struct client *c = client_bound(&m), *listener = client_open();

	point(client_join(listener, XEIR_MCGRP_EVENTS), "there is a group \"events\"");
	point(list_one(c), "an IMEI is listed");
	killed_client(c, listener, &m);
	closed_socket(&m);
	unbound(c, &m);
	client_close(listener);
	client_close(c);
	maps_close(&m);
	ended_namespace();
}

static void drop_privilege(void)
{
	if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
		_exit(2);
}

static void own_user_namespace(void)
{
	drop_privilege();
	if (unshare(CLONE_NEWUSER))
		_exit(3);
}

static void own_namespaces(void)
{
	drop_privilege();
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		_exit(3);
}

/* Every command, and the dump last. */
#define TRIED (XEIR_CMD_STATS - XEIR_CMD_BIND + 2)

/*
 * A child that did @become tries every command, on @c or on a socket of its own. False
 * when it could not become that.
 */
static bool as_child(void (*become)(void), struct client *c, struct reply tried[TRIED])
{
	struct reply a;
	int fd[2], i;
	pid_t child;
	bool all = true;

	if (pipe(fd))
		return false;
	child = fork();
	if (!child) {
		become();
		c = c ? c : client_open();
		for (i = 0; i < TRIED; i++) {
			a = i == TRIED - 1 ? dump(c) : command(c, XEIR_CMD_BIND + i);
			all &= write(fd[1], &a, sizeof(a)) == sizeof(a);
		}
		_exit(!all);
	}
	close(fd[1]);
	for (i = 0; i < TRIED; i++)
		all &= read(fd[0], &tried[i], sizeof(*tried)) == sizeof(*tried);
	close(fd[0]);
	return exited_ok(child) && all;
}

static void all_refused(void (*become)(void), struct client *c, const char *who)
{
	struct reply tried[TRIED];
	int i;

	if (!as_child(become, c, tried)) {
		point_skipped(who, "user namespaces are not to be had");
		return;
	}
	for (i = 0; i < TRIED; i++)
		if (tried[i].error != -EPERM || !strstr(tried[i].why, "CAP_NET_ADMIN"))
			break;
	if (!point(i == TRIED, "%s: every command is refused with a sentence", who))
		printf("# command %d: %d \"%s\"\n", i + XEIR_CMD_BIND, tried[i].error,
		       tried[i].why);
}

void test_privilege(void)
{
	struct maps m = maps_new(8);
	struct client *c = client_bound(&m);
	struct reply tried[TRIED];

	point(list_one(c), "an IMEI is listed");
	all_refused(drop_privilege, NULL, "a user without privilege");
	all_refused(drop_privilege, c, "a user without privilege, on a socket of root's");
	all_refused(own_user_namespace, NULL, "root of a user namespace below");
	point(as_committed(&m), "nothing has changed");
	if (as_child(own_namespaces, NULL, tried))
		is_refused(tried[XEIR_CMD_STATS - XEIR_CMD_BIND], ENXIO, "no maps",
			   "root of a user namespace, in its own network namespace, is heard");
	else
		point_skipped("root of a user namespace", "user namespaces are not to be had");
	client_close(c);
	maps_close(&m);
}

static struct reply notice(struct client *listener)
{
	struct reply a = { .index = ANY_INDEX };

	if (!receive(listener, &a))
		a.error = -ETIMEDOUT;
	return a;
}

void test_notices(void)
{
	struct client *c, *list, *events;
	struct maps m = maps_new(8);
	struct reply a;

	new_netns();
	c = client_open();
	list = client_open();
	events = client_open();
	point(client_join(list, XEIR_MCGRP_LIST), "there is a group \"list\"");
	point(client_join(events, XEIR_MCGRP_EVENTS), "and a group \"events\"");

	bind_all(c, &m);
	a = notice(events);
	point(a.cmd == XEIR_CMD_EVENT_NTF && a.value[XEIR_A_EVENT] == XEIR_EVENT_BOUND &&
		      a.has[XEIR_A_GENERATION],
	      "BIND is reported");
	point(list_one(c), "an IMEI is listed");
	a = notice(list);
	point(a.cmd == XEIR_CMD_LIST_NTF && a.value[XEIR_A_GENERATION] == 1 &&
		      a.value[XEIR_A_ADDED] == 1 && a.has[XEIR_A_CHANGED] &&
		      a.has[XEIR_A_REMOVED] && a.value[XEIR_A_ENTRIES] == 1,
	      "COMMIT is reported");

	point(list_one(c), "the same again");
	command(c, XEIR_CMD_BEGIN);
	command(c, XEIR_CMD_FLUSH);
	command(c, XEIR_CMD_ABORT);
	command(c, XEIR_CMD_BEGIN);
	command(c, XEIR_CMD_FLUSH);
	command(c, XEIR_CMD_COMMIT);
	a = notice(list);
	point(a.value[XEIR_A_GENERATION] == 3 && a.value[XEIR_A_REMOVED] == 1,
	      "what changes nothing, or is aborted, is not");

	command(c, XEIR_CMD_UNBIND);
	a = notice(events);
	point(a.value[XEIR_A_EVENT] == XEIR_EVENT_UNBOUND && a.value[XEIR_A_GENERATION] == 3,
	      "UNBIND is reported");
	client_close(c);
	client_close(list);
	client_close(events);
	maps_close(&m);
}

void test_unload(const char *ko)
{
	struct maps m = maps_new(8);
	struct client *c;
	struct reply a;

	new_netns();
	c = client_open();
	is_done(bind_hook(c, &m, hook_new(&m)), "BIND with a hook in a new namespace");
	point(list_one(c) && half_a_transaction(c), "maps are bound, and a transaction is open");
	point(!module_unload(), "the module unloads");
	point(!maps_control(&m).reassembled, "XDP sees that no hook is run");
	point(as_committed(&m), "the list is the last that was committed");
	point(thawed(&m), "and bpf(2) may write it");
	client_close(c);

	point(!module_load(ko), "the module loads again");
	c = client_open();
	is_refused(command(c, XEIR_CMD_STATS), ENXIO, "no maps", "it has no maps then");
	is_done(bind_all(c, &m), "BIND of the same maps");
	a = dump(c);
	point(!a.error && a.listed == 1 && a.list[0].side.directive == 1, "the list is the same");
	reply_free(&a);
	client_close(c);
	maps_close(&m);
}
