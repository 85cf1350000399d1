// SPDX-License-Identifier: GPL-2.0-only
/*
 * XDP on ingress: a GTP-C request that asks for a session for a listed handset
 * stops here. Everything else passes, with as little work as its kind needs.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <stddef.h>

#include <bpf/bpf_helpers.h>

#include <xeir/list.h>
#include <xeir/packet.h>
#include <xeir/verdict.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, XEIR_LIST_DEFAULT_ENTRIES);
	__type(key, struct xeir_key);
	__type(value, struct xeir_entry);
} XEIR_MAP_LIST SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xeir_control);
} XEIR_MAP_CONTROL SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, XEIR_RULE_MAX + 1);
	__type(key, __u32);
	__type(value, struct xeir_counter);
} XEIR_MAP_COUNTERS SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, XEIR_EVENTS_BYTES);
} XEIR_MAP_EVENTS SEC(".maps");

/* The message in hand; xeir/gtpc.h says why it is no local variable. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xeir_gtpc);
} xeir_message SEC(".maps");

/*
 * A message that lies in several buffers, put together. Too large for a per-CPU map, so that
 * whoever loads the program makes as many as there are CPUs.
 */
struct xeir_copy {
	__u8 octets[XEIR_OFFSET_MASK + 1];
	__u8 beyond[16]; /* no message reaches here, but the verifier cannot know */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xeir_copy);
} xeir_copies SEC(".maps");

/* The generation that this packet is judged by. */
static __always_inline __u32 live_generation(void)
{
	__u32 zero = 0;
	struct xeir_control *control = bpf_map_lookup_elem(&XEIR_MAP_CONTROL, &zero);

	return control ? *(volatile __u32 *)&control->live : 0;
}

/*
 * An element may leave the list, and its memory serve another key, while it is
 * read here. So it is looked up again behind the reading, and read anew when
 * the key has another element by now.
 */
static __always_inline int xeir_list_side(const void *list, const struct xeir_key *key,
					  struct xeir_side *side)
{
	__u32 live = *(const __u32 *)list;
	struct xeir_entry *e;

	for (int i = 0; i < 4; i++) {
		e = bpf_map_lookup_elem(&XEIR_MAP_LIST, key);
		if (!e)
			return 0;
		*side = *xeir_entry_side(e, live);
		barrier();
		if (bpf_map_lookup_elem(&XEIR_MAP_LIST, key) == e)
			break;
	}
	if (side->action == XEIR_ACTION_PASS)
		return 0;
	/* TAI runs ahead of UTC by the leap seconds, so an entry may end that much early */
	return !side->until || !xeir_side_ended(side, bpf_ktime_get_tai_ns() / 1000000000ULL);
}

/* @room is a power of two, so that the verifier sees the bounds: 1 to @room. */
static __always_inline __u8 copy_span(struct xdp_md *ctx, __u32 message, struct xeir_span span,
				      void *to, __u32 room)
{
	__u32 last = span.len - 1;

	if (!span.len)
		return 0;
	if (last >= room)
		last = room - 1;
	xeir_hide(last);
	last &= room - 1;
	if (bpf_xdp_load_bytes(ctx, message + span.off, to, last + 1))
		return 0;
	return last + 1;
}

/* Tell of the message that was judged last. */
static __always_inline void emit(struct xdp_md *ctx, const struct xeir_datagram *d,
				 const struct xeir_verdict *v, struct xeir_counter *counter)
{
	__u32 zero = 0;
	const struct xeir_gtpc *m = bpf_map_lookup_elem(&xeir_message, &zero);
	struct xeir_event *ev;

	if (!m)
		return;
	ev = bpf_ringbuf_reserve(&XEIR_MAP_EVENTS, sizeof(*ev), 0);
	if (!ev) {
		counter->lost++;
		return;
	}
	__builtin_memset(ev, 0, sizeof(*ev));
	ev->time_ns = bpf_ktime_get_tai_ns();
	ev->ifindex = ctx->ingress_ifindex;
	ev->directive = v->directive;
	ev->teid = m->teid;
	ev->sequence = m->sequence;
	__builtin_memcpy(ev->peer, d->peer, sizeof(ev->peer));
	ev->peer_port = d->source;
	ev->version = m->version;
	ev->type = m->type;
	ev->action = v->action;
	ev->rule = v->rule;
	ev->imei_len = copy_span(ctx, d->off, m->imei[v->imei & (XEIR_IMEIS - 1)], ev->imei,
				 sizeof(ev->imei));
	ev->imsi_len = copy_span(ctx, d->off, m->imsi, ev->imsi, sizeof(ev->imsi));
	ev->msisdn_len = copy_span(ctx, d->off, m->msisdn, ev->msisdn, sizeof(ev->msisdn));
	bpf_ringbuf_submit(ev, 0);
}

/* The one way out: what is not counted here was not seen. */
static __always_inline int leave(struct xdp_md *ctx, const struct xeir_datagram *d,
				 const struct xeir_verdict *v)
{
	__u32 rule = v->rule;
	struct xeir_counter *counter = bpf_map_lookup_elem(&XEIR_MAP_COUNTERS, &rule);

	if (counter) {
		counter->packets[v->action & XEIR_ACTION_MAX]++;
		if (v->action != XEIR_ACTION_PASS)
			emit(ctx, d, v, counter);
	}
	return v->action == XEIR_ACTION_DROP ? XDP_DROP : XDP_PASS;
}

static __always_inline struct xeir_bytes frame_of(struct xdp_md *ctx)
{
	return (struct xeir_bytes){
		.start = (void *)(long)ctx->data,
		.end = (void *)(long)ctx->data_end,
	};
}

/*
 * The datagram for the GTP-C port in the frame; 0 and the rule by which it passes. A function
 * that the verifier checks on its own: its many ways do not multiply those of the judging.
 */
__noinline int xeir_find_gtpc(struct xdp_md *ctx, struct xeir_datagram *d, __u8 *rule)
{
	const struct xeir_bytes frame = frame_of(ctx);
	__u32 type, ip = xeir_skip_tags(&frame, offsetof(struct ethhdr, h_proto), &type);
	int found = 0;

	if (!d || !rule || !ip)
		return 0;
	if (type == ETH_P_IP)
		found = xeir_find_datagram(&frame, ip, 4, d, rule);
	else if (type == ETH_P_IPV6)
		found = xeir_find_datagram(&frame, ip, 6, d, rule);
	return found && d->destination == XEIR_GTPC_PORT;
}

/* Judge @bytes, which hold the datagram @d. */
static __always_inline int judge(const struct xeir_bytes *bytes, const struct xeir_datagram *d,
				 struct xeir_verdict *v)
{
	__u32 zero = 0, live = live_generation();
	struct xeir_gtpc *m = bpf_map_lookup_elem(&xeir_message, &zero);

	if (!m)
		return 0;
	__builtin_memset(m, 0, sizeof(*m));
	*v = xeir_judge(bytes, d->octets, &live, m);
	return 1;
}

__noinline int xeir_judge_frame(struct xdp_md *ctx, const struct xeir_datagram *d,
				struct xeir_verdict *v)
{
	struct xeir_bytes frame = frame_of(ctx), bytes;

	if (!d || !v)
		return 0;
	bytes = xeir_datagram_bytes(&frame, d);
	return judge(&bytes, d, v);
}

/* The same for a message that lies in several buffers of a frame. */
__noinline int xeir_judge_copy(struct xdp_md *ctx, const struct xeir_datagram *d,
			       struct xeir_verdict *v)
{
	__u32 cpu = bpf_get_smp_processor_id(), last;
	struct xeir_copy *copy = bpf_map_lookup_elem(&xeir_copies, &cpu);
	struct xeir_bytes bytes;

	if (!d || !v || !copy)
		return 0;
	last = bpf_xdp_get_buff_len(ctx) - d->off - 1;
	if (last > XEIR_OFFSET_MASK)
		last = XEIR_OFFSET_MASK;
	xeir_hide(last);
	last &= XEIR_OFFSET_MASK;
	if (bpf_xdp_load_bytes(ctx, d->off, copy->octets, last + 1))
		return 0;
	bytes.start = copy->octets;
	bytes.end = copy->octets + last + 1;
	return judge(&bytes, d, v);
}

static __always_inline int judge_datagram(struct xdp_md *ctx, const struct xeir_datagram *d,
					  struct xeir_verdict *v)
{
	if (bpf_xdp_get_buff_len(ctx) > ctx->data_end - ctx->data)
		return xeir_judge_copy(ctx, d, v);
	return xeir_judge_frame(ctx, d, v);
}

SEC("xdp.frags")
int xeir_ingress(struct xdp_md *ctx)
{
	struct xeir_verdict v = { .rule = XEIR_RULE_OTHER };
	struct xeir_datagram d = {};

	if (xeir_find_gtpc(ctx, &d, &v.rule) && !judge_datagram(ctx, &d, &v))
		v.rule = XEIR_RULE_MALFORMED;
	return leave(ctx, &d, &v);
}

char LICENSE[] SEC("license") = "GPL";
