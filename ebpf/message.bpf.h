/* SPDX-License-Identifier: GPL-2.0-only */
/* The messages of the datagram in hand. */
#ifndef XEIR_MESSAGE_BPF_H
#define XEIR_MESSAGE_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <xeir/gtpc.h>
#include <xeir/packet.h>
#include <xeir/verdict.h>

/* xeir/gtpc.h says why it is no local variable. */
struct xeir_message {
	struct xeir_gtpc gtpc;
	struct xeir_verdict verdict;
	/* whose it is; of rule SESSION, whose the session is: */
	struct xeir_subscriber who;
	__u8 uli[XEIR_ULI_OCTETS];
	__u8 uli_len;
	struct xeir_transaction_key transaction; /* the exchange that it is of */
	__u32 live; /* the generation that it is judged by */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct xeir_message);
} xeir_messages SEC(".maps");

/* The packet in hand: too much for the stack, of which the calls behind it need theirs. */
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

/* A new packet, of which nothing is known; NULL is for the verifier. */
static __always_inline struct xeir_packet *take_packet(__u8 last_check)
{
	__u32 zero = 0;
	struct xeir_packet *p = bpf_map_lookup_elem(&xeir_packets, &zero);

	if (!p)
		return NULL;
	__builtin_memset(p, 0, sizeof(*p));
	p->datagram.last_check = last_check;
	p->verdict.rule = XEIR_RULE_NOT_GTPC;
	return p;
}

/* The exchange that the message @m of @d is of. */
static __always_inline void transaction_key(const struct xeir_datagram *d,
					    const struct xeir_gtpc *m, int answer,
					    struct xeir_transaction_key *key)
{
	__builtin_memset(key, 0, sizeof(*key));
	__builtin_memcpy(key->requester, answer ? d->local : d->peer, 16);
	__builtin_memcpy(key->responder, answer ? d->peer : d->local, 16);
	key->requester_port = answer ? d->destination : d->source;
	key->responder_port = answer ? d->source : d->destination;
	key->sequence = m->sequence;
	key->version = m->version;
}

/* For an event about a session: identities as the message would have had them. */
static __always_inline void identify_session(const struct xeir_subscriber *who, __u8 version,
					     struct xeir_event *ev)
{
	__u32 lead = version < 2;

	__builtin_memcpy(ev->imei, who->imei, sizeof(ev->imei));
	ev->imei_len = xeir_is_usable(who->imei) ? sizeof(who->imei) : 0;
	__builtin_memcpy(ev->imsi, who->imsi, sizeof(ev->imsi));
	ev->imsi_len = xeir_has_number(who->imsi) ? sizeof(who->imsi) : 0;
	if (!xeir_has_number(who->msisdn))
		return;
	/* GTPv1 has a type of number in front: international, E.164 */
	ev->msisdn[0] = 0x91;
	__builtin_memcpy(ev->msisdn + (lead & 1), who->msisdn, sizeof(who->msisdn));
	ev->msisdn_len = sizeof(who->msisdn) + (lead & 1);
}

#endif /* XEIR_MESSAGE_BPF_H */
