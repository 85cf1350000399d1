/* SPDX-License-Identifier: GPL-2.0-only */
/* The rules, on octets that a program has found. */
#ifndef XEIR_JUDGE_BPF_H
#define XEIR_JUDGE_BPF_H

#include "maps.bpf.h"

#define XEIR_EVENT_IMEI sizeof(((struct xeir_event *)0)->imei)

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
	/* the hooks see what is for this host */
	m->gtpc.hooked = control->hooked && !d->egress;
	m->verdict.second = which;
	m->live = *(volatile __u32 *)&control->live;
	xeir_judge(bytes, octets, config, &m->live, &m->gtpc, &m->verdict);
	return 1 + xeir_second_message(bytes, octets);
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

#endif /* XEIR_JUDGE_BPF_H */
