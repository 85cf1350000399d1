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

/* Where a message may start in a frame; leaves the verifier room for the offsets within it. */
#define XEIR_MESSAGE_MASK 0x3fff

#define XEIR_EVENT_IMEI sizeof(((struct xeir_event *)0)->imei)

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
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xeir_config);
} XEIR_MAP_CONFIG SEC(".maps");

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

/* A message of the datagram in hand; xeir/gtpc.h says why it is no local variable. */
struct xeir_message {
	struct xeir_gtpc gtpc;
	struct xeir_verdict verdict;
	__u32 live; /* the generation that it is judged by */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct xeir_message);
} xeir_messages SEC(".maps");

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

/* The IMEI as its own IE would have it. */
static __always_inline __u8 copy_imei(struct xdp_md *ctx, __u32 message, const struct xeir_gtpc *m,
				      __u32 which, __u8 *to)
{
	__u8 octets[16] = {};
	__u8 len = copy_span(ctx, message, m->imei[which], octets, sizeof(octets));
	__u8 shifted = m->shifted >> which & 1;

	if (len > XEIR_EVENT_IMEI)
		len = XEIR_EVENT_IMEI;
	for (__u32 i = 0; i < XEIR_EVENT_IMEI; i++)
		to[i] = shifted ? octets[i] >> 4 | octets[i + 1] << 4 : octets[i];
	return len;
}

/* Tell of the message that the verdict is about. */
static __always_inline void emit(struct xdp_md *ctx, const struct xeir_datagram *d,
				 const struct xeir_verdict *v, struct xeir_counter *counter)
{
	__u32 which = v->second, start;
	const struct xeir_message *message = bpf_map_lookup_elem(&xeir_messages, &which);
	const struct xeir_gtpc *m;
	struct xeir_event *ev;

	if (!message)
		return;
	m = &message->gtpc;
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
	start = d->off + m->start;
	ev->imei_len = copy_imei(ctx, start, m, v->imei & (XEIR_IMEIS - 1), ev->imei);
	ev->imsi_len = copy_span(ctx, start, m->imsi, ev->imsi, sizeof(ev->imsi));
	ev->msisdn_len = copy_span(ctx, start, m->msisdn, ev->msisdn, sizeof(ev->msisdn));
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
		if (v->spared)
			counter->spared++;
		if (v->action != XEIR_ACTION_PASS)
			emit(ctx, d, v, counter);
	}
	return v->action >= XEIR_ACTION_REJECT ? XDP_DROP : XDP_PASS;
}

static __always_inline struct xeir_bytes frame_of(struct xdp_md *ctx)
{
	return (struct xeir_bytes){
		.start = (void *)(long)ctx->data,
		.end = (void *)(long)ctx->data_end,
	};
}

/*
 * The datagram of GTP-C in the frame; 0 and the rule why there is none. A function that the
 * verifier checks on its own: its many ways do not multiply those of the judging.
 */
__noinline int xeir_find_gtpc(struct xdp_md *ctx, struct xeir_datagram *d, __u8 *rule)
{
	const struct xeir_bytes frame = frame_of(ctx);
	__u32 type, ip = xeir_skip_tags(&frame, offsetof(struct ethhdr, h_proto), &type);

	if (!d || !rule || !ip)
		return 0;
	if (type == ETH_P_IP)
		return xeir_find_datagram(&frame, ip, 4, d, rule);
	if (type == ETH_P_IPV6)
		return xeir_find_datagram(&frame, ip, 6, d, rule);
	return 0;
}

/*
 * Judge the message at @bytes, @start octets into the datagram, as number @which of it. Returns 0
 * when it cannot be, 1, or where a second message starts and 1.
 */
static __always_inline int judge(const struct xeir_bytes *bytes, const struct xeir_datagram *d,
				 __u32 which, __u32 start)
{
	__u32 zero = 0, octets = d->octets - start;
	const struct xeir_config *config = bpf_map_lookup_elem(&XEIR_MAP_CONFIG, &zero);
	struct xeir_control *control = bpf_map_lookup_elem(&XEIR_MAP_CONTROL, &zero);
	struct xeir_message *m = bpf_map_lookup_elem(&xeir_messages, &which);

	if (!m || !config || !control)
		return 0;
	__builtin_memset(m, 0, sizeof(*m));
	m->gtpc.start = start;
	m->gtpc.fragment = d->fragment;
	m->gtpc.answer = !xeir_is_gtpc_port(d->destination);
	m->verdict.second = which;
	m->live = *(volatile __u32 *)&control->live;
	m->gtpc.hooked = control->hooked != 0;
	xeir_judge(bytes, octets, config, &m->live, &m->gtpc, &m->verdict);
	return 1 + xeir_second_message(bytes, octets);
}

__noinline int xeir_judge_frame(struct xdp_md *ctx, const struct xeir_datagram *d, __u32 which,
				__u32 start)
{
	struct xeir_bytes bytes = frame_of(ctx);

	if (!d || d->off + start > XEIR_MESSAGE_MASK)
		return 0;
	bytes.start += (d->off + start) & XEIR_MESSAGE_MASK;
	return judge(&bytes, d, which, start);
}

/* The same for a message that lies in several buffers of a frame. */
__noinline int xeir_judge_copy(struct xdp_md *ctx, const struct xeir_datagram *d, __u32 which,
			       __u32 start)
{
	__u32 cpu = bpf_get_smp_processor_id(), last;
	struct xeir_copy *copy = bpf_map_lookup_elem(&xeir_copies, &cpu);
	struct xeir_bytes bytes;

	if (!d || !copy)
		return 0;
	last = bpf_xdp_get_buff_len(ctx) - d->off - start - 1;
	if (last > XEIR_OFFSET_MASK)
		last = XEIR_OFFSET_MASK;
	xeir_hide(last);
	last &= XEIR_OFFSET_MASK;
	if (bpf_xdp_load_bytes(ctx, d->off + start, copy->octets, last + 1))
		return 0;
	bytes.start = copy->octets;
	bytes.end = copy->octets + last + 1;
	return judge(&bytes, d, which, start);
}

static __always_inline int judge_message(struct xdp_md *ctx, const struct xeir_datagram *d,
					 __u32 which, __u32 start)
{
	if (bpf_xdp_get_buff_len(ctx) > ctx->data_end - ctx->data)
		return xeir_judge_copy(ctx, d, which, start);
	return xeir_judge_frame(ctx, d, which, start);
}

/* The verdict on the datagram, or on why there is none to be judged. */
static __always_inline void judge_datagram(struct xdp_md *ctx, const struct xeir_datagram *d,
					   struct xeir_verdict *v)
{
	__u32 zero = 0, one = 1;
	struct xeir_message *first = bpf_map_lookup_elem(&xeir_messages, &zero);
	struct xeir_message *second = bpf_map_lookup_elem(&xeir_messages, &one);
	int next = judge_message(ctx, d, 0, 0);

	if (!next || !first || !second) {
		v->rule = XEIR_RULE_MALFORMED;
		return;
	}
	*v = first->verdict;
	if (next > 1 && judge_message(ctx, d, 1, next - 1) &&
	    xeir_second_counts(v, &second->verdict))
		*v = second->verdict;
}

/* Headers that hide what they wrap, in a number that no lawful sender needs. */
static __always_inline void refuse_headers(struct xeir_verdict *v)
{
	__u32 zero = 0;
	const struct xeir_config *config = bpf_map_lookup_elem(&XEIR_MAP_CONFIG, &zero);
	struct xeir_message *m = bpf_map_lookup_elem(&xeir_messages, &zero);

	if (!config || !m)
		return;
	__builtin_memset(m, 0, sizeof(*m));
	v->action = XEIR_ACTION_DROP;
	xeir_spare(config, v);
}

SEC("xdp.frags")
int xeir_ingress(struct xdp_md *ctx)
{
	struct xeir_verdict v = { .rule = XEIR_RULE_OTHER };
	struct xeir_datagram d = {};

	if (xeir_find_gtpc(ctx, &d, &v.rule))
		judge_datagram(ctx, &d, &v);
	else if (v.rule == XEIR_RULE_CROWDED)
		refuse_headers(&v);
	return leave(ctx, &d, &v);
}

char LICENSE[] SEC("license") = "GPL";
