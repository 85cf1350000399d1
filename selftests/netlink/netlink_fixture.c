// SPDX-License-Identifier: GPL-2.0-only
/* Maps, namespaces, test points and the module itself: what the tests of this room share. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "netlink/netlink_test.h"
#include "lib/tap.h"

struct maps maps_new(unsigned int entries)
{
	LIBBPF_OPTS(bpf_map_create_opts, mmapable, .map_flags = BPF_F_MMAPABLE);

	return (struct maps){
		.list = bpf_map_create(BPF_MAP_TYPE_HASH, "xeir_list", sizeof(struct xeir_key),
				       sizeof(struct xeir_entry), entries, NULL),
		.control = bpf_map_create(BPF_MAP_TYPE_ARRAY, "xeir_control", sizeof(__u32),
					  sizeof(struct xeir_control), 1, &mmapable),
		.counters =
			bpf_map_create(BPF_MAP_TYPE_PERCPU_ARRAY, "xeir_counters", sizeof(__u32),
				       sizeof(struct xeir_counter), XEIR_RULE_MAX + 1, NULL),
	};
}

void maps_close(struct maps *m)
{
	close(m->list);
	close(m->control);
	close(m->counters);
}

struct xeir_control maps_control(const struct maps *m)
{
	struct xeir_control control = {};
	__u32 first = 0;

	bpf_map_lookup_elem(m->control, &first, &control);
	return control;
}

bool maps_entry(const struct maps *m, const struct xeir_key *key, struct xeir_entry *entry)
{
	return !bpf_map_lookup_elem(m->list, key, entry);
}

int maps_write(const struct maps *m, const struct xeir_key *key, const struct xeir_entry *entry)
{
	return bpf_map_update_elem(m->list, key, entry, BPF_ANY);
}

unsigned int maps_size(const struct maps *m)
{
	struct xeir_key key, next;
	unsigned int n = 0;

	while (!bpf_map_get_next_key(m->list, n ? &key : NULL, &next)) {
		key = next;
		n++;
	}
	return n;
}

void new_netns(void)
{
	if (unshare(CLONE_NEWNET))
		perror("unshare");
}

struct reply bind_all(struct client *c, const struct maps *m)
{
	return bind_maps(c, m->list, m->control, m->counters);
}

struct client *client_bound(const struct maps *m)
{
	struct client *c;

	new_netns();
	c = client_open();
	is_done(bind_all(c, m), "BIND in a new namespace");
	return c;
}

struct xeir_key imei(unsigned int n)
{
	struct xeir_key key = { .kind = XEIR_KIND_IMEI, .id = { 0x53, 0x43 } };
	int i;

	for (i = 2; i < XEIR_IMEI_OCTETS; i++, n /= 100)
		key.id[i] = n % 10 | n / 10 % 10 << 4;
	return key;
}

struct xeir_side drop_side(uint32_t directive)
{
	return (struct xeir_side){ .action = XEIR_ACTION_DROP, .directive = directive };
}

bool point(bool ok, const char *what, ...)
{
	char text[200];
	va_list args;

	va_start(args, what);
	vsnprintf(text, sizeof(text), what, args);
	va_end(args);
	return tap_ok(ok, "%s", text);
}

void point_skipped(const char *what, const char *why)
{
	tap_skip(what, why);
}

void is_done(struct reply a, const char *what)
{
	if (!tap_ok(!a.error, "%s", what))
		printf("# %s: %s\n", strerror(-a.error), a.why);
}

void is_refused(struct reply a, int error, const char *why, const char *what)
{
	if (!tap_ok(a.error == -error && strstr(a.why, why), "%s: %s", what, strerror(error)))
		printf("# expected \"%s\", found %d (%s) \"%s\"\n", why, a.error,
		       strerror(-a.error), a.why);
}

int module_load(const char *ko)
{
	int fd = open(ko, O_RDONLY | O_CLOEXEC), err;

	if (fd < 0)
		return -1;
	err = syscall(SYS_finit_module, fd, "", 0);
	close(fd);
	return err;
}

int module_unload(void)
{
	return syscall(SYS_delete_module, "xeir", O_NONBLOCK);
}

int points_done(void)
{
	return tap_done();
}
