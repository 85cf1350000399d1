/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules: from a message, the list and the configuration to a verdict, the action and
 * the rule that decided. Pure; compiled for BPF, kernel and tool.
 *
 * First match wins:
 *	1. emergency: passes
 *	2. an exception for this IMEI and IMSI: passes
 *	3. the IMEI, 4. its TAC, 5. the MSISDN or the IMSI is listed: its action
 *	6. more IMEIs, headers or octets than are checked: dropped
 *	7. a fragment, malformed, no valid IMEI: the action of the setting for it
 *	8. passes
 *
 * Several IMEIs: the strictest verdict counts, and an invalid IMEI counts before one that
 * is not listed, as each receiver chooses which of them it uses. Identities in front of an
 * error in the message are judged.
 */
#ifndef XEIR_VERDICT_H
#define XEIR_VERDICT_H

#include <xeir/emergency.h>
#include <xeir/gtpc.h>

struct xeir_verdict {
	struct xeir_key key;	/* of the entry that decided, if one did */
	__u32 directive;
	__u32 expiry;		/* of the entry, seconds since 1970-01-01 UTC, 0: no end */
	__u8 action;		/* enum xeir_action */
	__u8 not_enforced;	/* the action if enforcement were on; PASS: the same */
	__u8 rule;		/* enum xeir_rule */
	__u8 imei;		/* index of the IMEI of the message that decided */
	__u8 second;		/* not 0: it is about the datagram's second message */
	__u8 gtpu;		/* not 0: it is about a packet of GTP-U */
};

/*
 * Look @key up: 1 and *@side, or 0: not listed. Each includer defines it for its form of the list;
 * @list is what the includer passes to the rules.
 */
static __always_inline int xeir_list_side(const void *list, const struct xeir_key *key,
					  struct xeir_side *side);

/* NOT_LISTED, or why the IMEI @id is not valid, so that no entry can have it. */
static __always_inline __u8 xeir_imei_rule(const __u8 *id)
{
	__u64 octets = xeir_imei_octets(id);

	if (!octets || octets == 0x00ffffffffffffffULL)
		return XEIR_RULE_NULL_IMEI;
	if (xeir_imei_is_hex(octets))
		return XEIR_RULE_HEX_IMEI;
	return XEIR_RULE_NOT_LISTED;
}

static __always_inline void xeir_take(struct xeir_verdict *v, __u8 rule,
				      const struct xeir_key *key, const struct xeir_side *side)
{
	v->key = *key;
	v->rule = rule;
	v->action = side->action;
	v->directive = side->directive;
	v->expiry = side->expiry;
}

/* May this IMSI use the IMEI @imei? */
static __always_inline int xeir_is_excepted(const __u8 *imsi, const struct xeir_key *imei,
					    const void *list)
{
	struct xeir_key key = {};
	struct xeir_side side;

	key.kind = XEIR_KIND_EXCEPTION;
	__builtin_memcpy(key.id, imei->id, XEIR_IMEI_OCTETS);
	__builtin_memcpy(key.id + XEIR_IMEI_OCTETS, imsi, XEIR_NUMBER_OCTETS);
	return xeir_list_side(list, &key, &side);
}

/* Judge the IMEI of @key, used with the SIM @imsi. */
static __always_inline void xeir_judge_handset(struct xeir_key key, const __u8 *imsi,
					       const void *list, struct xeir_verdict *v)
{
	struct xeir_side side;

	v->rule = xeir_imei_rule(key.id);
	if (v->rule != XEIR_RULE_NOT_LISTED)
		return;
	if (xeir_is_excepted(imsi, &key, list)) {
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

static __always_inline void xeir_judge_imei(const struct xeir_gtpc *m, __u32 which,
					    const void *list, struct xeir_verdict *v)
{
	struct xeir_key key = {};

	v->imei = which;
	v->rule = XEIR_RULE_MALFORMED;
	if (m->unread_imeis >> which & 1)
		return;
	key.kind = XEIR_KIND_IMEI;
	__builtin_memcpy(key.id, m->imei_id[which], XEIR_IMEI_OCTETS);
	xeir_judge_handset(key, m->imsi_id, list, v);
}

/* Did an entry of the list decide? */
static __always_inline int xeir_rule_lists(__u8 rule)
{
	return rule == XEIR_RULE_IMEI || rule == XEIR_RULE_TAC || rule == XEIR_RULE_EXCEPTION ||
	       rule == XEIR_RULE_MSISDN || rule == XEIR_RULE_IMSI;
}

/* If two IMEIs of a message have the same action, the rule with the higher rank counts. */
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
	const struct xeir_gtpc *m;
	const void *list;
	struct xeir_verdict *worst;
};

static int xeir_imei_step(__u32 i, void *ctx)
{
	struct xeir_judging *j = ctx;
	struct xeir_verdict v = { .second = j->worst->second };

	if (i >= XEIR_IMEIS || i >= j->m->imeis)
		return 1;
	xeir_judge_imei(j->m, xeir_index(i, XEIR_IMEIS), j->list, &v);
	if (v.action > j->worst->action ||
	    xeir_rule_rank(v.rule) > xeir_rule_rank(j->worst->rule))
		*j->worst = v;
	return 0;
}

/* The strictest verdict on an IMEI of the message, or why none is valid. */
static __always_inline void xeir_judge_imeis(const struct xeir_gtpc *m, const void *list,
					     struct xeir_verdict *v)
{
	struct xeir_judging j = { .m = m, .list = list, .worst = v };

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

/* No entry is about the message: apply the settings for messages that cannot be judged. */
static __always_inline void xeir_judge_unlisted(const struct xeir_gtpc *m, __u8 flags,
						const struct xeir_config *config,
						struct xeir_verdict *v)
{
	if (m->fragment) {
		v->rule = XEIR_RULE_FRAGMENT;
		v->action = m->reassembled ? XEIR_ACTION_PASS : config->knobs[XEIR_KNOB_FRAGMENT];
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

/* Judge a message that was walked. */
static __always_inline void xeir_judge_walked(const struct xeir_gtpc *m, __u8 flags,
					      const struct xeir_config *config, const void *list,
					      struct xeir_verdict *v)
{
	if (xeir_is_emergency(m, flags)) {
		v->rule = XEIR_RULE_EMERGENCY;
		return;
	}
	xeir_judge_imeis(m, list, v);
	if (!xeir_rule_lists(v->rule))
		xeir_judge_numbers(m, list, v);
	if (v->action == XEIR_ACTION_DROP)
		return;
	/* no lawful message has that many, and one of them was not checked */
	if (m->imeis > XEIR_IMEIS || m->too_many) {
		v->action = XEIR_ACTION_DROP;
		v->rule = XEIR_RULE_TOO_MANY;
		v->directive = 0;
	} else if (!xeir_rule_lists(v->rule)) {
		xeir_judge_unlisted(m, flags, config, v);
	}
}

/* Change the action to what is done if enforcement is not on. */
static __always_inline void xeir_apply_enforcement(const struct xeir_config *config,
						   struct xeir_verdict *v)
{
	if (config->enforce == XEIR_ENFORCE_ON || v->action <= XEIR_ACTION_WATCH)
		return;
	v->not_enforced = v->action;
	v->action = config->enforce == XEIR_ENFORCE_PERMISSIVE ? XEIR_ACTION_WATCH :
								 XEIR_ACTION_PASS;
}

/* Flags of the message whose header is in @m; 0 also for a request on a port for responses. */
static __always_inline __u8 xeir_flags_of(const struct xeir_gtpc *m)
{
	__u8 flags = m->known ? xeir_message_flags(m->version, m->type) : 0;

	return m->response_only && !(flags & XEIR_MSG_RESPONSE) ? 0 : flags;
}

/* Read the message at the start of @b, of which UDP gives @octets, into @m. */
static __always_inline void xeir_read(const struct xeir_bytes *b, __u32 octets,
				      const struct xeir_config *config, struct xeir_gtpc *m)
{
	xeir_gtpc_header(b, octets, m);
	if (!(xeir_flags_of(m) & (XEIR_MSG_JUDGED | XEIR_MSG_TRACKED)))
		return;
	xeir_gtpc_walk(b, m);
	m->emergency_apn = xeir_is_emergency_apn(b, m, config);
}

/* Judge the message that was read into @m; xeir_apply_enforcement() is to follow. */
static __always_inline void xeir_judge_read(const struct xeir_gtpc *m,
					    const struct xeir_config *config, const void *list,
					    struct xeir_verdict *v)
{
	__u8 flags = xeir_flags_of(m);

	v->rule = XEIR_RULE_OTHER_GTP_C;
	/* a first fragment too short to say what it is of */
	if (!m->known && m->fragment)
		xeir_judge_unlisted(m, 0, config, v);
	else if (flags & XEIR_MSG_JUDGED)
		xeir_judge_walked(m, flags, config, list, v);
}

/* Read, judge, and apply enforcement. */
static __always_inline void xeir_judge(const struct xeir_bytes *b, __u32 octets,
				       const struct xeir_config *config, const void *list,
				       struct xeir_gtpc *m, struct xeir_verdict *v)
{
	xeir_read(b, octets, config, m);
	xeir_judge_read(m, config, list, v);
	xeir_apply_enforcement(config, v);
}

/* Is @imei valid, so that an entry can have it? */
static __always_inline int xeir_is_usable(const __u8 *imei)
{
	return xeir_imei_rule(imei) == XEIR_RULE_NOT_LISTED;
}

static __always_inline int xeir_has_number(const __u8 *id)
{
	return id[0] != 0xff;
}

/* Judge the subscriber of a session, by the same rules. */
static __always_inline void xeir_judge_subscriber(const struct xeir_subscriber *who,
						  const void *list, struct xeir_verdict *v)
{
	struct xeir_key key = {};

	key.kind = XEIR_KIND_IMEI;
	__builtin_memcpy(key.id, who->imei, XEIR_IMEI_OCTETS);
	xeir_judge_handset(key, who->imsi, list, v);
	if (xeir_rule_lists(v->rule))
		return;
	if (xeir_has_number(who->msisdn))
		xeir_judge_number(who->msisdn, XEIR_KIND_MSISDN, list, v);
	if (xeir_has_number(who->imsi))
		xeir_judge_number(who->imsi, XEIR_KIND_IMSI, list, v);
}

/*
 * Where a second message starts behind the first, TS 29.274 cl. 5.5.1; 0: there is none. The
 * standard allows it behind two responses only, but receivers may accept it behind others.
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

/* Is the verdict on the second message of a datagram the stricter one? */
static __always_inline int xeir_second_counts(const struct xeir_verdict *first,
					      const struct xeir_verdict *second)
{
	return second->action > first->action || second->not_enforced > first->not_enforced ||
	       first->rule == XEIR_RULE_OTHER_GTP_C;
}

#endif /* XEIR_VERDICT_H */
