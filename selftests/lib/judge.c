// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "lib/judge.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/pkt_cls.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <xeir/list.h>
#include <xeir/verdict.h>

#include "xeir.skel.h"

#define FRAME_MAX 9000
#define LO 1 /* index of the loopback interface, in every network namespace */

static struct xeir_bpf *skel;
static struct ring_buffer *events;
static int sender = -1;
static const struct judge_entry *list;
static size_t list_len;
static struct xeir_config config = XEIR_CONFIG_DEFAULT;

static int quiet(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level, (void)format, (void)args;
	return 0;
}

bool judge_open(enum judge_program last, const char **why)
{
	libbpf_set_print(quiet);
	skel = xeir_bpf__open();
	if (skel) {
		bpf_program__set_autoload(skel->progs.xeir_egress, last >= JUDGE_EGRESS);
		bpf_program__set_autoload(skel->progs.xeir_hook, last >= JUDGE_HOOK);
		bpf_program__set_autoload(skel->progs.xeir_sweep, false);
	}
	if (!skel || bpf_map__set_max_entries(skel->maps.xeir_list, 4096) ||
	    bpf_map__set_max_entries(skel->maps.xeir_copies, libbpf_num_possible_cpus()) ||
	    xeir_bpf__load(skel)) {
		*why = geteuid() ? "loading the XDP program needs root" : NULL;
		return false;
	}
	judge_configure(&config);
	return true;
}

void judge_configure(const struct xeir_config *wanted)
{
	__u32 zero = 0;

	config = *wanted;
	if (skel)
		bpf_map_update_elem(bpf_map__fd(skel->maps.xeir_config), &zero, &config, BPF_ANY);
}

void judge_close(void)
{
	ring_buffer__free(events);
	xeir_bpf__destroy(skel);
}

static void empty_bpf_list(int fd)
{
	struct xeir_key key;

	while (!bpf_map_get_next_key(fd, NULL, &key))
		bpf_map_delete_elem(fd, &key);
}

void judge_list(const struct judge_entry *entries, size_t n)
{
	int fd;

	list = entries;
	list_len = n;
	if (!skel)
		return;
	fd = bpf_map__fd(skel->maps.xeir_list);
	empty_bpf_list(fd);
	for (size_t i = 0; i < n; i++) {
		struct xeir_entry e = { .after = entries[i].side };

		bpf_map_update_elem(fd, &entries[i].key, &e, BPF_ANY);
	}
}

static __always_inline int xeir_list_side(const void *unused, const struct xeir_key *key,
					  struct xeir_side *side)
{
	(void)unused;
	for (size_t i = 0; i < list_len; i++) {
		if (memcmp(&list[i].key, key, sizeof(*key)))
			continue;
		*side = list[i].side;
		return !xeir_side_ended(side, time(NULL));
	}
	return 0;
}

struct judged judge_native(const unsigned char *msg, size_t len, struct xeir_gtpc *m)
{
	const struct xeir_bytes bytes = { .start = msg, .end = msg + len };
	struct xeir_gtpc second = {};
	struct xeir_verdict v = {}, of_second = {};
	struct xeir_bytes rest = bytes;
	__u32 off;

	memset(m, 0, sizeof(*m));
	xeir_judge(&bytes, len, &config, NULL, m, &v);
	off = xeir_second_message(&bytes, len);
	if (off) {
		rest.start += off;
		xeir_judge(&rest, len - off, &config, NULL, &second, &of_second);
		if (xeir_second_counts(&v, &of_second))
			v = of_second;
	}
	return (struct judged){ .action = v.action, .rule = v.rule };
}

static const struct bpf_program *program_of(enum judge_program program)
{
	switch (program) {
	case JUDGE_EGRESS:
		return skel->progs.xeir_egress;
	case JUDGE_HOOK:
		return skel->progs.xeir_hook;
	default:
		return skel->progs.xeir_ingress;
	}
}

struct judged judge_turned(enum judge_program program, const unsigned char *frame, size_t len,
			   unsigned char *out, size_t *room)
{
	/* the return code to the kernel; in a test run the hook cannot respond */
	static const int codes[][XEIR_ACTION_MAX + 1] = {
		[JUDGE_INGRESS] = { XDP_PASS, XDP_PASS, XDP_TX, XDP_DROP },
		[JUDGE_EGRESS] = { TC_ACT_UNSPEC, TC_ACT_UNSPEC, TC_ACT_REDIRECT, TC_ACT_SHOT },
		[JUDGE_HOOK] = { TC_ACT_OK, TC_ACT_OK, -2, TC_ACT_SHOT },
	};
	struct xeir_counter before[XEIR_RULE_MAX + 1], after[XEIR_RULE_MAX + 1];
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame, .data_size_in = len, .data_out = out,
		    .data_size_out = *room);
	struct judged v = { .rule = XEIR_RULE_MAX + 1 };

	counters_read(bpf_map__fd(skel->maps.xeir_counters), before);
	if (bpf_prog_test_run_opts(bpf_program__fd(program_of(program)), &opts))
		return v;
	counters_read(bpf_map__fd(skel->maps.xeir_counters), after);
	*room = opts.data_size_out;
	v = counters_verdict(before, after);
	if ((int)opts.retval != codes[program][v.action])
		v.rule = XEIR_RULE_MAX + 1;
	return v;
}

struct judged judge_by(enum judge_program program, const unsigned char *frame, size_t len)
{
	size_t room = 0;

	return judge_turned(program, frame, len, NULL, &room);
}

/* A namespace of our own with nothing but loopback, and the program where that sends. */
static bool attach_egress(void)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = LO, .attach_point = BPF_TC_EGRESS);
	LIBBPF_OPTS(bpf_tc_opts, opts, .prog_fd = bpf_program__fd(skel->progs.xeir_egress));
	struct ifreq up = { .ifr_name = "lo", .ifr_flags = IFF_UP };

	if (unshare(CLONE_NEWNET))
		return false;
	sender = socket(AF_PACKET, SOCK_RAW, 0);
	return sender >= 0 && !ioctl(sender, SIOCSIFFLAGS, &up) && !bpf_tc_hook_create(&hook) &&
	       !bpf_tc_attach(&hook, &opts);
}

struct judged judge_sent(const unsigned char *frame, size_t len)
{
	const struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_ifindex = LO };
	struct xeir_counter before[XEIR_RULE_MAX + 1], after[XEIR_RULE_MAX + 1];
	const struct judged none = { .rule = XEIR_RULE_MAX + 1 };
	struct judged v;
	ssize_t sent;

	if (sender < 0 && !attach_egress())
		return none;
	counters_read(bpf_map__fd(skel->maps.xeir_counters), before);
	sent = sendto(sender, frame, len, 0, (const struct sockaddr *)&to, sizeof(to));
	counters_read(bpf_map__fd(skel->maps.xeir_counters), after);
	v = counters_verdict(before, after);
	/* a packet socket gets an error for what a filter drops */
	if (v.action == XEIR_ACTION_DROP ? sent != -1 || errno != ENOBUFS : sent != (ssize_t)len)
		return none;
	return v;
}

static int keep_event(void *kept, void *event, size_t octets)
{
	memcpy(kept, event, octets);
	return 0;
}

bool judge_event(struct xeir_event *event)
{
	static struct xeir_event kept;

	if (!events)
		events = ring_buffer__new(bpf_map__fd(skel->maps.xeir_events), keep_event, &kept,
					  NULL);
	if (ring_buffer__consume(events) != 1)
		return false;
	*event = kept;
	return true;
}

__u64 judge_hits(const struct xeir_key *key)
{
	struct xeir_hits hits = {};

	bpf_map_lookup_elem(bpf_map__fd(skel->maps.xeir_hits), key, &hits);
	return hits.packets;
}

struct xeir_traffic judge_traffic(const struct xeir_traffic_key *key)
{
	int cpus = libbpf_num_possible_cpus();
	struct xeir_traffic per_cpu[cpus], sum = {};

	if (bpf_map_lookup_elem(bpf_map__fd(skel->maps.xeir_traffic), key, per_cpu))
		return sum;
	for (int cpu = 0; cpu < cpus; cpu++)
		for (int a = 0; a <= XEIR_ACTION_MAX; a++)
			sum.packets[a] += per_cpu[cpu].packets[a];
	return sum;
}

struct judged judge_frame(const unsigned char *frame, size_t len)
{
	return judge_by(JUDGE_INGRESS, frame, len);
}

struct xeir_counter judge_repeat(const unsigned char *frame, size_t len, int times, __u8 rule)
{
	struct xeir_counter before[XEIR_RULE_MAX + 1], after[XEIR_RULE_MAX + 1];
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame, .data_size_in = len,
		    .repeat = times);

	counters_read(bpf_map__fd(skel->maps.xeir_counters), before);
	bpf_prog_test_run_opts(bpf_program__fd(skel->progs.xeir_ingress), &opts);
	counters_read(bpf_map__fd(skel->maps.xeir_counters), after);
	for (int a = 0; a <= XEIR_ACTION_MAX; a++)
		after[rule].packets[a] -= before[rule].packets[a];
	after[rule].lost -= before[rule].lost;
	return after[rule];
}

size_t judge_wrap(const unsigned char *msg, size_t len, unsigned char *frame)
{
	struct ethhdr eth = { .h_proto = htons(ETH_P_IP) };
	struct iphdr ip = {
		.version = 4,
		.ihl = 5,
		.ttl = 64,
		.protocol = IPPROTO_UDP,
		.tot_len = htons(sizeof(ip) + sizeof(struct udphdr) + len),
		.saddr = htonl(0x0a630001),
		.daddr = htonl(0x0a630002),
	};
	struct udphdr udp = {
		.source = htons(40364),
		.dest = htons(XEIR_GTPC_PORT),
		.len = htons(sizeof(udp) + len),
	};

	memcpy(frame, &eth, sizeof(eth));
	memcpy(frame + sizeof(eth), &ip, sizeof(ip));
	memcpy(frame + sizeof(eth) + sizeof(ip), &udp, sizeof(udp));
	memcpy(frame + sizeof(eth) + sizeof(ip) + sizeof(udp), msg, len);
	return sizeof(eth) + sizeof(ip) + sizeof(udp) + len;
}

struct judged judge_bpf(const unsigned char *msg, size_t len)
{
	unsigned char frame[FRAME_MAX];

	if (len > FRAME_MAX - 64)
		return (struct judged){ .rule = XEIR_RULE_MAX + 1 };
	return judge_frame(frame, judge_wrap(msg, len, frame));
}
