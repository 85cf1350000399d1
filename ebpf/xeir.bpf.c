// SPDX-License-Identifier: GPL-2.0-only
/*
 * XDP on ingress: a GTP-C request that asks for a session for a listed handset
 * stops here. Everything else passes, with as little work as its kind needs.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <stddef.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include <xeir/list.h>
#include <xeir/verdict.h>

#define IP_OFFSET 0x1fff

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

/* What a packet is, found on the way in. */
struct packet {
	struct xdp_md *ctx;
	__u8 peer[16];
	__u32 gtpc_off; /* of the GTP-C message in the frame */
	__u16 peer_port;
};

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
static __always_inline __u8 copy_span(struct packet *pkt, struct xeir_span span, void *to,
				      __u32 room)
{
	__u32 last = span.len - 1;

	if (!span.len)
		return 0;
	if (last >= room)
		last = room - 1;
	xeir_hide(last);
	last &= room - 1;
	if (bpf_xdp_load_bytes(pkt->ctx, pkt->gtpc_off + span.off, to, last + 1))
		return 0;
	return last + 1;
}

static __always_inline void emit(struct packet *pkt, const struct xeir_gtpc *m,
				 const struct xeir_verdict *v, struct xeir_counter *counter)
{
	struct xeir_event *ev = bpf_ringbuf_reserve(&XEIR_MAP_EVENTS, sizeof(*ev), 0);

	if (!ev) {
		counter->lost++;
		return;
	}
	__builtin_memset(ev, 0, sizeof(*ev));
	ev->time_ns = bpf_ktime_get_tai_ns();
	ev->ifindex = pkt->ctx->ingress_ifindex;
	ev->directive = v->directive;
	ev->teid = m->teid;
	ev->sequence = m->sequence;
	__builtin_memcpy(ev->peer, pkt->peer, sizeof(ev->peer));
	ev->peer_port = pkt->peer_port;
	ev->version = m->version;
	ev->type = m->type;
	ev->action = v->action;
	ev->rule = v->rule;
	ev->imei_len =
		copy_span(pkt, m->imei[v->imei & (XEIR_IMEIS - 1)], ev->imei, sizeof(ev->imei));
	ev->imsi_len = copy_span(pkt, m->imsi, ev->imsi, sizeof(ev->imsi));
	ev->msisdn_len = copy_span(pkt, m->msisdn, ev->msisdn, sizeof(ev->msisdn));
	bpf_ringbuf_submit(ev, 0);
}

/* The one way out: what is not counted here was not seen. */
static __always_inline int leave(struct packet *pkt, const struct xeir_gtpc *m,
				 const struct xeir_verdict *v)
{
	__u32 rule = v->rule;
	struct xeir_counter *counter = bpf_map_lookup_elem(&XEIR_MAP_COUNTERS, &rule);

	if (counter) {
		counter->packets[v->action & XEIR_ACTION_MAX]++;
		if (m && v->action != XEIR_ACTION_PASS)
			emit(pkt, m, v, counter);
	}
	return v->action == XEIR_ACTION_DROP ? XDP_DROP : XDP_PASS;
}

/* Octets of the IPv4 header when UDP follows, or 0 and why it is not looked at. */
static __always_inline __u32 pass_ipv4(struct packet *pkt, struct iphdr *ip, void *end, __u8 *rule)
{
	static const __u8 mapped[12] = { [10] = 0xff, [11] = 0xff };

	if ((void *)(ip + 1) > end || ip->protocol != IPPROTO_UDP || ip->ihl < 5)
		return 0;
	if (ip->frag_off & bpf_htons(IP_OFFSET)) {
		*rule = XEIR_RULE_FRAGMENT;
		return 0;
	}
	__builtin_memcpy(pkt->peer, mapped, sizeof(mapped));
	__builtin_memcpy(pkt->peer + sizeof(mapped), &ip->saddr, sizeof(ip->saddr));
	return ip->ihl * 4;
}

static __always_inline __u32 pass_ipv6(struct packet *pkt, struct ipv6hdr *ip, void *end)
{
	if ((void *)(ip + 1) > end || ip->nexthdr != IPPROTO_UDP)
		return 0;
	__builtin_memcpy(pkt->peer, &ip->saddr, sizeof(ip->saddr));
	return sizeof(*ip);
}

/* The UDP header of a datagram to the GTP-C port, or NULL. */
static __always_inline struct udphdr *find_gtpc(struct packet *pkt, __u8 *rule)
{
	void *data = (void *)(long)pkt->ctx->data, *end = (void *)(long)pkt->ctx->data_end;
	struct ethhdr *eth = data;
	struct udphdr *udp;
	__u32 octets = 0;

	if ((void *)(eth + 1) > end)
		return NULL;
	if (eth->h_proto == bpf_htons(ETH_P_IP))
		octets = pass_ipv4(pkt, (void *)(eth + 1), end, rule);
	else if (eth->h_proto == bpf_htons(ETH_P_IPV6))
		octets = pass_ipv6(pkt, (void *)(eth + 1), end);
	udp = data + sizeof(*eth) + octets;
	if (!octets || (void *)(udp + 1) > end || udp->dest != bpf_htons(XEIR_GTPC_PORT))
		return NULL;
	pkt->peer_port = bpf_ntohs(udp->source);
	pkt->gtpc_off = sizeof(*eth) + octets + sizeof(*udp);
	return udp;
}

SEC("xdp")
int xeir_ingress(struct xdp_md *ctx)
{
	struct xeir_verdict v = { .rule = XEIR_RULE_OTHER };
	struct packet pkt = { .ctx = ctx };
	__u32 zero = 0, live, octets;
	struct xeir_bytes bytes;
	struct udphdr *udp = find_gtpc(&pkt, &v.rule);
	struct xeir_gtpc *m;

	if (!udp)
		return leave(&pkt, NULL, &v);
	m = bpf_map_lookup_elem(&xeir_message, &zero);
	if (!m)
		return leave(&pkt, NULL, &v);
	__builtin_memset(m, 0, sizeof(*m));

	bytes.start = (void *)(udp + 1);
	bytes.end = (void *)(long)ctx->data_end;
	octets = bpf_ntohs(udp->len);
	octets = octets > sizeof(*udp) ? octets - sizeof(*udp) : 0;
	live = live_generation();
	v = xeir_judge(&bytes, octets, &live, m);
	return leave(&pkt, m, &v);
}

char LICENSE[] SEC("license") = "GPL";
