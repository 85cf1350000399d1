// SPDX-License-Identifier: GPL-2.0-only
#include "native.h"

#include <stdlib.h>
#include <string.h>

#include <xeir/packet.h>
#include <xeir/verdict.h>

struct list {
	const struct judge_entry *entries;
	size_t n;
};

static int compare(const void *key, const void *entry)
{
	return memcmp(key, &((const struct judge_entry *)entry)->key, sizeof(struct xeir_key));
}

static __always_inline int xeir_list_side(const void *list, const struct xeir_key *key,
					  struct xeir_side *side)
{
	const struct list *l = list;
	const struct judge_entry *found =
		bsearch(key, l->entries, l->n, sizeof(*l->entries), compare);

	if (found)
		*side = found->side;
	return found != NULL;
}

static bool find(const struct xeir_bytes *b, struct xeir_datagram *d, __u8 *rule)
{
	__u32 type, ip = xeir_skip_tags(b, offsetof(struct ethhdr, h_proto), &type);

	if (!ip || (type != ETH_P_IP && type != ETH_P_IPV6))
		return false;
	return xeir_find_datagram(b, ip, type == ETH_P_IP ? 4 : 6, d, rule);
}

static void judge(const struct xeir_bytes *b, const struct xeir_datagram *d, __u32 start,
		  const struct xeir_config *config, const struct list *list, struct xeir_verdict *v)
{
	struct xeir_gtpc m = {
		.start = start,
		.fragment = d->fragment,
		.answer = !xeir_is_gtpc_port(d->destination),
	};

	xeir_judge(b, d->octets - start, config, list, &m, v);
}

struct judged native_frame(const unsigned char *frame, size_t len, const struct xeir_config *config,
			   const struct judge_entry *entries, size_t n)
{
	const struct xeir_bytes whole = { .start = frame, .end = frame + len };
	const struct list list = { .entries = entries, .n = n };
	struct xeir_verdict v = { .rule = XEIR_RULE_OTHER }, second = {};
	struct xeir_datagram d = {};
	struct xeir_bytes b;
	__u32 off;

	if (!find(&whole, &d, &v.rule)) {
		v.action = v.rule == XEIR_RULE_CROWDED ? XEIR_ACTION_DROP : XEIR_ACTION_PASS;
		return (struct judged){ .action = v.action, .rule = v.rule };
	}
	b = xeir_datagram_bytes(&whole, &d);
	judge(&b, &d, 0, config, &list, &v);
	off = xeir_second_message(&b, d.octets);
	if (off && off < b.end - b.start) {
		b.start += off;
		judge(&b, &d, off, config, &list, &second);
		if (xeir_second_counts(&v, &second))
			v = second;
	}
	return (struct judged){ .action = v.action, .rule = v.rule };
}
