/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules: a message and the list in, what becomes of the message and why
 * out. Pure; compiled for BPF, kernel and tool.
 *
 * First match wins for one IMEI: its own entry, its TAC's. Several IMEIs: the
 * strictest verdict counts. An identity read before a message breaks is judged.
 */
#ifndef XEIR_VERDICT_H
#define XEIR_VERDICT_H

#include <xeir/gtpc.h>

struct xeir_verdict {
	__u32 directive;
	__u8 action;		/* enum xeir_action */
	__u8 rule;		/* enum xeir_rule */
	__u8 imei;		/* index of the message's IMEI that it rests on */
};

/*
 * What the list says of @key: 1 and *@side, or 0. Every includer has its own list and so
 * brings its own body; @list is handed through.
 */
static __always_inline int xeir_list_side(const void *list, const struct xeir_key *key,
					  struct xeir_side *side);

/* The key of 7 octets at @p, and NOT_LISTED, or why no entry can ever name it. */
static __always_inline __u8 xeir_imei_key(const __u8 *p, struct xeir_key *key)
{
	const __u64 eights = 0x0088888888888888ULL;
	__u64 digits = 0;

	key->kind = XEIR_KIND_IMEI;
	for (int i = 0; i < XEIR_IMEI_OCTETS; i++) {
		key->id[i] = p[i];
		digits |= (__u64)p[i] << (8 * i);
	}
	if (!digits || digits == 0x00ffffffffffffffULL)
		return XEIR_RULE_NULL_IMEI;
	/* a nibble above 9 has the 8 and the 4 or the 2 */
	if (digits & (digits << 1 | digits << 2) & eights)
		return XEIR_RULE_HEX_IMEI;
	return XEIR_RULE_NOT_LISTED;
}

static __always_inline void xeir_imei_to_tac(struct xeir_key *key)
{
	key->kind = XEIR_KIND_TAC;
	for (int i = XEIR_TAC_OCTETS; i < XEIR_IMEI_OCTETS; i++)
		key->id[i] = 0;
}

static __always_inline void xeir_judge_imei(const struct xeir_bytes *b, const struct xeir_gtpc *m,
					    __u32 which, const void *list, struct xeir_verdict *v)
{
	const __u8 *p = xeir_at(b, m->imei[which].off, XEIR_IMEI_OCTETS);
	__u8 rule = XEIR_RULE_IMEI;
	struct xeir_side side;
	struct xeir_key key;

	if (!p)
		return;
	v->rule = xeir_imei_key(p, &key);
	if (v->rule != XEIR_RULE_NOT_LISTED)
		return;
	if (!xeir_list_side(list, &key, &side)) {
		rule = XEIR_RULE_TAC;
		xeir_imei_to_tac(&key);
		if (!xeir_list_side(list, &key, &side))
			return;
	}
	v->rule = rule;
	v->action = side.action;
	v->directive = side.directive;
	v->imei = which;
}

static __always_inline int xeir_rule_lists(__u8 rule)
{
	return rule == XEIR_RULE_IMEI || rule == XEIR_RULE_TAC;
}

/* Judge a set-up message that was walked in @b. */
static __always_inline struct xeir_verdict xeir_judge_setup(const struct xeir_bytes *b,
							    const struct xeir_gtpc *m,
							    const void *list)
{
	struct xeir_verdict worst = { .rule = XEIR_RULE_NO_IMEI };

	if (m->short_imeis)
		worst.rule = XEIR_RULE_SHORT_IMEI;
	for (__u32 i = 0; i < XEIR_IMEIS; i++) {
		struct xeir_verdict v = {};

		if (i >= m->imeis)
			break;
		xeir_judge_imei(b, m, i, list, &v);
		if (v.action > worst.action || !xeir_rule_lists(worst.rule))
			worst = v;
	}
	if (worst.action == XEIR_ACTION_DROP)
		return worst;
	/* no lawful message names that many handsets, and one of them was not looked at */
	if (m->imeis > XEIR_IMEIS)
		return (struct xeir_verdict){ .action = XEIR_ACTION_DROP,
					      .rule = XEIR_RULE_CROWDED };
	if (m->malformed && !xeir_rule_lists(worst.rule))
		worst.rule = XEIR_RULE_MALFORMED;
	return worst;
}

/* Read and judge the datagram @b, @octets long by its UDP header, into @m. */
static __always_inline struct xeir_verdict xeir_judge(const struct xeir_bytes *b, __u32 octets,
						      const void *list, struct xeir_gtpc *m)
{
	xeir_gtpc_header(b, octets, m);
	if (!xeir_gtpc_is_setup(m))
		return (struct xeir_verdict){ .rule = XEIR_RULE_NO_SETUP };
	xeir_gtpc_walk(b, m);
	return xeir_judge_setup(b, m, list);
}

#endif /* XEIR_VERDICT_H */
