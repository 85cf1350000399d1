/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules: a message, the list and the configuration in, what becomes of the
 * message and why out. Pure; compiled for BPF, kernel and tool.
 *
 * First match wins:
 *	1. emergency: passes
 *	2. an exception for this IMEI and IMSI: passes
 *	3. the IMEI, 4. its TAC, 5. the MSISDN or the IMSI is listed: its action
 *	6. more than is looked at: dropped
 *	7. a fragment, malformed, no usable IMEI: the knob's action
 *	8. passes
 *
 * Several IMEIs: the strictest verdict counts, and one that is not usable counts
 * before one that is not listed, for receivers choose which of them they believe.
 * An identity read before a message breaks is judged.
 */
#ifndef XEIR_VERDICT_H
#define XEIR_VERDICT_H

#include <xeir/emergency.h>
#include <xeir/gtpc.h>

struct xeir_verdict {
	struct xeir_key key;	/* of the entry that decided, if one did */
	__u32 directive;
	__u8 action;		/* enum xeir_action */
	__u8 spared;		/* the one that it would be, were enforcement on; else PASS */
	__u8 rule;		/* enum xeir_rule */
	__u8 imei;		/* index of the message's IMEI that it rests on */
	__u8 second;		/* not 0: it is about the datagram's second message */
};

/*
 * What the list says of @key: 1 and *@side, or 0. Every includer has its own list and so
 * brings its own body; @list is handed through.
 */
static __always_inline int xeir_list_side(const void *list, const struct xeir_key *key,
					  struct xeir_side *side);

/* The first 14 digits of an IMEI of the message, as the IMEI IE has them; 0: not in the buffer. */
static __always_inline int xeir_read_imei(const struct xeir_bytes *b, const struct xeir_gtpc *m,
					  __u32 which, __u8 *id)
{
	const __u8 *p = xeir_at(b, m->imei[which].off, XEIR_IMEI_OCTETS);

	if (!p)
		return 0;
	for (int i = 0; i < XEIR_IMEI_OCTETS; i++)
		id[i] = p[i];
	if (!(m->shifted >> which & 1))
		return 1;
	p = xeir_at(b, m->imei[which].off + XEIR_IMEI_OCTETS, 1);
	if (!p)
		return 0;
	for (int i = 0; i < XEIR_IMEI_OCTETS; i++)
		id[i] = id[i] >> 4 | (i + 1 < XEIR_IMEI_OCTETS ? id[i + 1] : p[0]) << 4;
	return 1;
}

/* NOT_LISTED, or why no entry can ever name the IMEI @id. */
static __always_inline __u8 xeir_imei_rule(const __u8 *id)
{
	__u64 octets = xeir_imei_octets(id);

	if (!octets || octets == 0x00ffffffffffffffULL)
		return XEIR_RULE_NULL_IMEI;
	if (xeir_imei_is_hex(octets))
		return XEIR_RULE_HEX_IMEI;
	return XEIR_RULE_NOT_LISTED;
}

/*
 * An octet of a number as a key has it: digits up to the first filler, then F alone. 15 digits are
 * the most that E.164 and TS 23.003 cl. 2.2 allow; a 16th nibble is no digit, whatever it holds.
 */
static int xeir_number_step(__u32 i, void *ctx)
{
	struct xeir_taking *t = ctx;
	__u8 octet = xeir_octet_of(t, i, 0xff);

	if (i >= XEIR_NUMBER_OCTETS)
		return 1;
	if ((octet & 0x0f) == 0x0f || (i && t->to[xeir_index(i - 1, XEIR_NUMBER_OCTETS)] >= 0xf0))
		octet = 0xff;
	if (i == XEIR_NUMBER_OCTETS - 1)
		octet |= 0xf0;
	t->to[xeir_index(i, XEIR_NUMBER_OCTETS)] = octet;
	return 0;
}

static __always_inline void xeir_read_number(const struct xeir_bytes *b, struct xeir_span span,
					     __u8 *id)
{
	struct xeir_taking t = { .bytes = *b, .span = span, .to = id };

	xeir_repeat(XEIR_NUMBER_OCTETS, xeir_number_step, &t);
}

static __always_inline void xeir_read_numbers(const struct xeir_bytes *b, struct xeir_gtpc *m)
{
	struct xeir_span msisdn = m->msisdn;

	/* GTPv0 and v1 lead with a type of number */
	if (m->version < 2 && msisdn.len) {
		msisdn.off++;
		msisdn.len--;
	}
	xeir_read_number(b, msisdn, m->msisdn_id);
	xeir_read_number(b, m->imsi, m->imsi_id);
}

static __always_inline void xeir_take(struct xeir_verdict *v, __u8 rule,
				      const struct xeir_key *key, const struct xeir_side *side)
{
	v->key = *key;
	v->rule = rule;
	v->action = side->action;
	v->directive = side->directive;
}

/* May this IMSI use the IMEI @imei? */
static __always_inline int xeir_is_excepted(const struct xeir_gtpc *m, const struct xeir_key *imei,
					    const void *list)
{
	struct xeir_key key = {};
	struct xeir_side side;

	key.kind = XEIR_KIND_EXCEPTION;
	__builtin_memcpy(key.id, imei->id, XEIR_IMEI_OCTETS);
	__builtin_memcpy(key.id + XEIR_IMEI_OCTETS, m->imsi_id, XEIR_NUMBER_OCTETS);
	return xeir_list_side(list, &key, &side);
}

static __always_inline void xeir_judge_imei(const struct xeir_bytes *b, const struct xeir_gtpc *m,
					    __u32 which, const void *list, struct xeir_verdict *v)
{
	struct xeir_key key = {};
	struct xeir_side side;

	key.kind = XEIR_KIND_IMEI;
	v->imei = which;
	v->rule = XEIR_RULE_MALFORMED;
	if (!xeir_read_imei(b, m, which, key.id))
		return;
	v->rule = xeir_imei_rule(key.id);
	if (v->rule != XEIR_RULE_NOT_LISTED)
		return;
	if (xeir_is_excepted(m, &key, list)) {
		v->rule = XEIR_RULE_EXCEPTION;
		return;
	}
	if (xeir_list_side(list, &key, &side)) {
		xeir_take(v, XEIR_RULE_IMEI, &key, &side);
		return;
	}
	key.kind = XEIR_KIND_TAC;
	for (int i = XEIR_TAC_OCTETS; i < XEIR_IMEI_OCTETS; i++)
		key.id[i] = 0;
	if (xeir_list_side(list, &key, &side))
		xeir_take(v, XEIR_RULE_TAC, &key, &side);
}

/* Did an entry of the list decide? */
static __always_inline int xeir_rule_lists(__u8 rule)
{
	return rule == XEIR_RULE_IMEI || rule == XEIR_RULE_TAC || rule == XEIR_RULE_EXCEPTION ||
	       rule == XEIR_RULE_MSISDN || rule == XEIR_RULE_IMSI;
}

/* Of two rules about IMEIs of one message, the higher rank counts when their actions are one. */
static __always_inline int xeir_rule_rank(__u8 rule)
{
	if (rule == XEIR_RULE_NO_IMEI)
		return 0;
	if (rule == XEIR_RULE_NOT_LISTED)
		return 1;
	return xeir_rule_lists(rule) ? 3 : 2;
}

/* The IMEIs of a message being judged; @worst is the strictest verdict so far. */
struct xeir_judging {
	struct xeir_bytes bytes;
	const struct xeir_gtpc *m;
	const void *list;
	struct xeir_verdict *worst;
};

static int xeir_imei_step(__u32 i, void *ctx)
{
	struct xeir_judging *j = ctx;
	struct xeir_verdict v = {};

	if (i >= XEIR_IMEIS || i >= j->m->imeis)
		return 1;
	xeir_judge_imei(&j->bytes, j->m, xeir_index(i, XEIR_IMEIS), j->list, &v);
	if (v.action > j->worst->action ||
	    xeir_rule_rank(v.rule) > xeir_rule_rank(j->worst->rule))
		*j->worst = v;
	return 0;
}

/* The strictest of the message's IMEIs, or why none is usable. */
static __always_inline void xeir_judge_imeis(const struct xeir_bytes *b, const struct xeir_gtpc *m,
					     const void *list, struct xeir_verdict *v)
{
	struct xeir_judging j = { .bytes = *b, .m = m, .list = list, .worst = v };

	v->rule = m->short_imeis ? XEIR_RULE_SHORT_IMEI : XEIR_RULE_NO_IMEI;
	xeir_repeat(XEIR_IMEIS, xeir_imei_step, &j);
}

static __always_inline void xeir_judge_number(const __u8 *id, __u8 kind, const void *list,
					      struct xeir_verdict *v)
{
	struct xeir_key key = {};
	struct xeir_side side;

	key.kind = kind;
	__builtin_memcpy(key.id, id, XEIR_NUMBER_OCTETS);
	if (xeir_list_side(list, &key, &side) && side.action > v->action)
		xeir_take(v, kind == XEIR_KIND_IMSI ? XEIR_RULE_IMSI : XEIR_RULE_MSISDN, &key,
			  &side);
}

static __always_inline void xeir_judge_numbers(const struct xeir_gtpc *m, const void *list,
					       struct xeir_verdict *v)
{
	if (m->msisdn.len)
		xeir_judge_number(m->msisdn_id, XEIR_KIND_MSISDN, list, v);
	if (m->imsi.len)
		xeir_judge_number(m->imsi_id, XEIR_KIND_IMSI, list, v);
}

/* No entry names the message: is there a reason not to trust it all the same? */
static __always_inline void xeir_judge_unlisted(const struct xeir_gtpc *m, __u8 flags,
						const struct xeir_config *config,
						struct xeir_verdict *v)
{
	if (m->fragment) {
		v->rule = XEIR_RULE_FRAGMENT;
		v->action = m->hooked ? XEIR_ACTION_PASS : config->knobs[XEIR_KNOB_FRAGMENT];
	} else if (m->malformed) {
		v->rule = XEIR_RULE_MALFORMED;
		v->action = config->knobs[XEIR_KNOB_MALFORMED];
	} else if (v->rule == XEIR_RULE_NO_IMEI &&
		   (!(flags & XEIR_MSG_IMEI) || xeir_is_secondary(m))) {
		v->rule = XEIR_RULE_NOT_LISTED;
	} else if (v->rule != XEIR_RULE_NOT_LISTED) {
		v->action = config->knobs[XEIR_KNOB_NO_IMEI];
	}
}

/* Judge a message that was walked in @b. */
static __always_inline void xeir_judge_walked(const struct xeir_bytes *b, struct xeir_gtpc *m,
					      __u8 flags, const struct xeir_config *config,
					      const void *list, struct xeir_verdict *v)
{
	if (xeir_is_emergency(b, m, flags, config)) {
		v->rule = XEIR_RULE_EMERGENCY;
		return;
	}
	xeir_read_numbers(b, m);
	xeir_judge_imeis(b, m, list, v);
	if (!xeir_rule_lists(v->rule))
		xeir_judge_numbers(m, list, v);
	if (v->action == XEIR_ACTION_DROP)
		return;
	/* no lawful message has that many, and one of them was not looked at */
	if (m->imeis > XEIR_IMEIS || m->crowded) {
		v->action = XEIR_ACTION_DROP;
		v->rule = XEIR_RULE_CROWDED;
		v->directive = 0;
	} else if (!xeir_rule_lists(v->rule)) {
		xeir_judge_unlisted(m, flags, config, v);
	}
}

/* What becomes of a verdict where enforcement is not on. */
static __always_inline void xeir_spare(const struct xeir_config *config, struct xeir_verdict *v)
{
	if (config->enforce == XEIR_ENFORCE_ON || v->action <= XEIR_ACTION_WATCH)
		return;
	v->spared = v->action;
	v->action = config->enforce == XEIR_ENFORCE_WATCH ? XEIR_ACTION_WATCH : XEIR_ACTION_PASS;
}

/* Read and judge the message at the start of @b, of which UDP gives @octets, into @m and @v. */
static __always_inline void xeir_judge(const struct xeir_bytes *b, __u32 octets,
				       const struct xeir_config *config, const void *list,
				       struct xeir_gtpc *m, struct xeir_verdict *v)
{
	__u8 flags;

	v->rule = XEIR_RULE_NO_SETUP;
	xeir_gtpc_header(b, octets, m);
	/* a first fragment too short to say what it is of */
	if (!m->known && m->fragment) {
		xeir_judge_unlisted(m, 0, config, v);
		xeir_spare(config, v);
		return;
	}
	flags = m->known ? xeir_message_flags(m->version, m->type) : 0;
	if (!flags || (m->answer && !(flags & XEIR_MSG_ANSWER)))
		return;
	xeir_gtpc_walk(b, m);
	xeir_judge_walked(b, m, flags, config, list, v);
	xeir_spare(config, v);
}

/*
 * Where a second message starts behind the first, TS 29.274 cl. 5.5.1; 0: there is none. The
 * standard allows it behind two responses only, but what receivers do with others is theirs.
 */
static __always_inline __u32 xeir_second_message(const struct xeir_bytes *b, __u32 octets)
{
	const __u8 *p = xeir_at(b, 0, 4);
	__u32 off;

	if (!p || p[0] >> 5 != 2 || !(p[0] & 0x10))
		return 0;
	off = 4 + xeir_be16(p + 2);
	return off < octets ? off : 0;
}

/* Of the verdicts on both messages of a datagram, is it that on the second that counts? */
static __always_inline int xeir_second_counts(const struct xeir_verdict *first,
					      const struct xeir_verdict *second)
{
	return second->action > first->action || second->spared > first->spared ||
	       first->rule == XEIR_RULE_NO_SETUP;
}

#endif /* XEIR_VERDICT_H */
