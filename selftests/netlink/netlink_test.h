/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests of the protocol share. */
#ifndef XEIR_NETLINK_TEST_H
#define XEIR_NETLINK_TEST_H

#include "netlink/nl_client.h"

struct maps {
	int list, control, counters;
};

/* A program has no list of its own: every test makes its maps, in a namespace of its own. */
struct maps maps_new(unsigned int entries);
void maps_close(struct maps *m);
struct xeir_control maps_control(const struct maps *m);
bool maps_entry(const struct maps *m, const struct xeir_key *key, struct xeir_entry *entry);
int maps_write(const struct maps *m, const struct xeir_key *key, const struct xeir_entry *entry);
unsigned int maps_size(const struct maps *m);
void new_netns(void);

struct reply bind_all(struct client *c, const struct maps *m);

/* A program that the maps may be bound with, and BIND with it. */
int hook_new(const struct maps *m);
struct reply bind_hook(struct client *c, const struct maps *m, int hook);

/* The map of what a sweep found, a sweep, and BIND with it; @hook: -1 for none. */
int cutting_new(const char *name);
int sweep_new(const struct maps *m, int cutting);
struct reply bind_sweep(struct client *c, const struct maps *m, int hook, int sweep);
/* Lists the n-th IMEI in a transaction, and ends that by @cmd. */
struct reply list_and(struct client *c, unsigned int n, int cmd);

struct xeir_key imei(unsigned int n);	/* the n-th of the test's IMEIs */
struct xeir_side drop_side(uint32_t directive);

/* A client with its maps bound, in a new namespace. */
struct client *client_bound(const struct maps *m);

/* Test points; netlink_fixture.c counts the plan. @why: part of the extack message expected. */
bool __attribute__((format(printf, 2, 3))) point(bool ok, const char *what, ...);
void point_skipped(const char *what, const char *why);
void is_done(struct reply a, const char *what);
void is_refused(struct reply a, int error, const char *why, const char *what);
int points_done(void);	/* the exit status of the program */

void test_bind(void);
void test_hook(void);
void test_sweep(void);
void test_held_sweep(void);
void test_entries(void);
void test_transactions(void);
void test_dumps(void);
void test_revert(void);
void test_ends(void);
void test_privilege(void);
void test_notices(void);
void test_storm(void);

/* @ko: the module's file; it is unloaded, and loaded again. */
void test_unload(const char *ko);
void test_sweep_unload(const char *ko);
int module_load(const char *ko);
int module_unload(void);

#endif /* XEIR_NETLINK_TEST_H */
