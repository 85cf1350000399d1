// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: datapath FILTER
 *
 * Cost of a received packet in xeir's program and in those it is compared with. FILTER is the id of
 * the program that xdp-filter has attached to an interface; it drops packets to UDP port 2123.
 *
 * Packets of user traffic are the same each time. Each Create Session Request differs and is of
 * another handset; all figures include the time to write that into the packet.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include <xeir/list.h>

#include "bench.h"
#include "lib/many_sessions.h"
#include "handset.bpf.h"
#include "renew.skel.h"
#include "request.h"

#define G_PDU 255
#define SESSIONS 20000
#define CUT 10000
#define HANDSETS 2000000
#define TURNS (1 << 18) /* handsets that set sessions up */
#define OTHER (1 << 23) /* from here on they are not listed */
#define USERS 8
#define REPEAT 1000000
#define REQUESTS 1000000
#define EVENTS 8192 /* that the ring has room for */

/* The writing of requests, and what they are handed to. */
struct sender {
	struct renew_bpf *skel;
	struct request request;
};

static struct frame users[USERS];
static struct sender to_bare, to_filter, lawful, listed;
static int bare_pass, filter;
static struct ring_buffer *events;

static int bare(int returns)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = returns },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = BPF_XDP);
	int fd = bpf_prog_load(BPF_PROG_TYPE_XDP, "bare", "GPL", insns, 2, &opts);

	if (fd < 0)
		give_up("a bare program cannot be loaded");
	return fd;
}

static void send_renewed(struct sender *s, int program, bool frags, __u32 first)
{
	const __u32 zero = 0;

	request_build(&s->request);
	s->skel = renew_bpf__open();
	if (!s->skel)
		give_up("the sender cannot be opened");
	s->skel->rodata->sequence = s->request.sequence;
	s->skel->rodata->imei = s->request.imei;
	s->skel->rodata->imsi = s->request.imsi;
	s->skel->rodata->first = first;
	s->skel->rodata->turns = 1U << (31 - __builtin_clz(shrunk(TURNS)));
	if (frags)
		bpf_program__set_flags(s->skel->progs.renew, BPF_F_XDP_HAS_FRAGS);
	if (renew_bpf__load(s->skel))
		give_up("the sender cannot be loaded");
	if (bpf_map_update_elem(bpf_map__fd(s->skel->maps.measured), &zero, &program, BPF_ANY))
		give_up("a program cannot be handed what is sent");
}

static double ns_renewed(const struct sender *s, unsigned int packets, int returns)
{
	return ns_a_packet(bpf_program__fd(s->skel->progs.renew), &s->request.frame, 1, packets,
			   returns);
}

/* Of the dropped: the ring is emptied each time that it is about to be full. */
static double ns_told(const struct sender *s, unsigned int packets)
{
	const unsigned int batch = packets < EVENTS ? packets : EVENTS;
	unsigned int batches = packets / batch;
	double sum = 0;

	for (unsigned int i = 0; i < batches; i++) {
		sum += ns_renewed(s, batch, XDP_DROP);
		if (ring_buffer__consume(events) != (int)batch)
			give_up("not every packet had an event");
	}
	return sum / batches;
}

static int on_event(void *ctx, void *event, size_t octets)
{
	(void)ctx, (void)event, (void)octets;
	return 0;
}

static void handset_key(__u32 n, struct xeir_key *key)
{
	const __u32 digits = handset_digits(n);

	*key = (struct xeir_key){ .kind = XEIR_KIND_IMEI };
	memcpy(key->id, HANDSET_TAC, 3);
	memcpy(key->id + 3, &digits, 4);
}

/* As the writer of a list of IMEIs leaves it. */
static void rule_out_others(void)
{
	struct xeir_control control = {};
	const __u32 zero = 0;

	xeir_list_begins(&control);
	xeir_list_gets(&control, XEIR_KIND_IMEI);
	if (bpf_map_update_elem(tables_map("xeir_control"), &zero, &control, BPF_ANY))
		give_up("the control cannot be written");
}

/* Handsets from CUT on have packets that pass, also while those below are cut. */
static void set_up_users(void)
{
	const unsigned int cut = shrunk(CUT);

	for (unsigned int n = 0; n < shrunk(SESSIONS); n++)
		if (!many_sessions_set_up(n))
			give_up("a set-up was stopped");
	for (unsigned int i = 0; i < USERS; i++) {
		const struct pdn p = many_sessions_pdn(cut + i % cut);

		users[i].len = frame_user(&p.user[XEIR_RESPONDER], G_PDU, users[i].octets);
	}
}

static void measure_users(void)
{
	const unsigned int cut = shrunk(CUT), repeat = shrunk(REPEAT);
	const int ours = tables_program(false);

	sample("user.bare", ns_a_packet(bare_pass, users, USERS, repeat, XDP_PASS));
	sample("user.filter", ns_a_packet(filter, users, USERS, repeat, XDP_PASS));
	sample("user.xeir", ns_a_packet(ours, users, USERS, repeat, XDP_PASS));
	many_sessions_list(cut, 1, true);
	if (tables_sweep().cut != cut)
		give_up("not the sessions that are listed are cut");
	sample("user.cutting", ns_a_packet(ours, users, USERS, repeat, XDP_PASS));
	many_sessions_list(cut, 1, false);
	if (tables_sweep().cut)
		give_up("sessions are still cut");
}

static void remember_sightings(bool wanted)
{
	struct xeir_config config = XEIR_CONFIG_DEFAULT;

	config.sightings = wanted;
	tables_configure(&config);
}

/*
 * A request that passes is always kept until it is answered; "recorded" adds the sighting. The
 * session is made by the response, which is another packet.
 */
static void measure_requests(void)
{
	const unsigned int packets = shrunk(REQUESTS);

	sample("create.bare", ns_renewed(&to_bare, packets, XDP_DROP));
	sample("create.filter", ns_renewed(&to_filter, packets, XDP_DROP));
	remember_sightings(false);
	sample("create.judged", ns_renewed(&lawful, packets, XDP_PASS));
	remember_sightings(true);
	sample("create.recorded", ns_renewed(&lawful, packets, XDP_PASS));
	sample("create.dropped", ns_told(&listed, packets));
}

static void open_all(void)
{
	const char *why = "the programs cannot be loaded";
	const struct capacity room = { .entries = shrunk(HANDSETS) + shrunk(CUT),
				       .sessions = shrunk(SESSIONS),
				       .sightings = shrunk(XEIR_SIGHTINGS_DEFAULT) };

	if (!tables_open(&room, &why))
		give_up("%s", why);
	events = ring_buffer__new(tables_map("xeir_events"), on_event, NULL, NULL);
	if (!events)
		give_up("the events cannot be read");
	fill_list(tables_map("xeir_list"), shrunk(HANDSETS), handset_key);
	rule_out_others();
	set_up_users();
	bare_pass = bare(XDP_PASS);
	send_renewed(&to_bare, bare(XDP_DROP), false, OTHER);
	send_renewed(&to_filter, filter, false, OTHER);
	send_renewed(&lawful, tables_program(false), true, OTHER);
	send_renewed(&listed, tables_program(false), true, 0);
	/* where a program is attached, a test run need not patch the kernel's call to it first */
	if (!bpf_program__attach_xdp(listed.skel->progs.renew, if_nametoindex("lo")))
		give_up("a program cannot be attached to lo");
}

int main(int argc, char **argv)
{
	if (argc != 2)
		give_up("usage: datapath FILTER");
	filter = bpf_prog_get_fd_by_id(strtoul(argv[1], NULL, 10));
	if (filter < 0)
		give_up("there is no program %s", argv[1]);
	open_all();
	for (unsigned int round = 0; round < rounds(); round++) {
		measure_users();
		measure_requests();
	}
	tables_close();
	return 0;
}
