/* SPDX-License-Identifier: GPL-2.0-only */
/* The packet that a program works on, and its messages: in per-CPU maps, too large for the stack.
 */
#ifndef XEIR_MESSAGE_BPF_H
#define XEIR_MESSAGE_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <xeir/gtpc.h>
#include <xeir/packet.h>
#include <xeir/verdict.h>

#define XEIR_EVENT_IMEI sizeof(((struct xeir_event *)0)->imei)

/* In a map also for the verifier's sake, see struct xeir_walk. */
struct xeir_message {
	struct xeir_gtpc gtpc;
	struct xeir_verdict verdict;
	/* of the message; where the rule is SESSION, of the session */
	struct xeir_subscriber subscriber;
	__u8 uli[XEIR_ULI_OCTETS];
	__u8 uli_len;
	struct xeir_transaction_key transaction; /* that it is of */
	__u32 live; /* the generation that it is judged by */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct xeir_message);
} xeir_messages SEC(".maps");

struct xeir_packet {
	struct xeir_datagram datagram;
	struct xeir_verdict verdict;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xeir_packet);
} xeir_packets SEC(".maps");

/* Begin with a packet of which nothing is known. NULL cannot be, but the verifier needs it. */
static __always_inline struct xeir_packet *take_packet(__u8 last_check)
{
	__u32 zero = 0;
	struct xeir_packet *p = bpf_map_lookup_elem(&xeir_packets, &zero);

	if (!p)
		return NULL;
	__builtin_memset(p, 0, sizeof(*p));
	p->datagram.last_check = last_check;
	p->verdict.rule = XEIR_RULE_NOT_GTP_C;
	return p;
}

/* The identities of a session for an event, as a message of GTP @version would have them. */
static __always_inline void identify_session(const struct xeir_subscriber *subscriber, __u8 version,
					     struct xeir_event *ev)
{
	__u32 lead = version < 2;

	__builtin_memcpy(ev->imei, subscriber->imei, sizeof(ev->imei));
	ev->imei_len = xeir_is_usable(subscriber->imei) ? sizeof(subscriber->imei) : 0;
	__builtin_memcpy(ev->imsi, subscriber->imsi, sizeof(ev->imsi));
	ev->imsi_len = xeir_has_number(subscriber->imsi) ? sizeof(subscriber->imsi) : 0;
	if (!xeir_has_number(subscriber->msisdn))
		return;
	/* GTPv1 has a type of number in front: international, E.164 */
	ev->msisdn[0] = 0x91;
	__builtin_memcpy(ev->msisdn + (lead & 1), subscriber->msisdn, sizeof(subscriber->msisdn));
	ev->msisdn_len = sizeof(subscriber->msisdn) + (lead & 1);
}

#endif /* XEIR_MESSAGE_BPF_H */
