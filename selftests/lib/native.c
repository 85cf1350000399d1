// SPDX-License-Identifier: GPL-2.0-only
#include "lib/native.h"

#include <stdlib.h>
#include <string.h>

#include <xeir/packet.h>
#include <xeir/verdict.h>

struct list {
	const struct judge_entry *entries;
	size_t n;
};

/* Of entries, or of a key and an entry, which starts with its key. */
static int compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct xeir_key));
}

void native_list(struct judge_entry entries[NATIVE_LISTED])
{
	memset(entries, 0, NATIVE_LISTED * sizeof(*entries));
	for (int i = 0; i < NATIVE_LISTED; i++) {
		unsigned char octets[8];

		generated_imei(i, octets);
		entries[i].key.kind = XEIR_KIND_IMEI;
		memcpy(entries[i].key.id, octets, XEIR_IMEI_OCTETS);
		entries[i].side.action = 1 + i % XEIR_ACTION_MAX;
		entries[i].side.directive = i;
	}
	qsort(entries, NATIVE_LISTED, sizeof(*entries), compare);
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

static int find(const struct xeir_bytes *b, struct xeir_datagram *d, __u8 *rule)
{
	__u32 type, ip = xeir_skip_tags(b, offsetof(struct ethhdr, h_proto), &type);

	if (!ip || (type != ETH_P_IP && type != ETH_P_IPV6))
		return 0;
	return xeir_find_datagram(b, ip, type == ETH_P_IP ? 4 : 6, d, rule);
}

size_t native_packet(const unsigned char *frame, size_t len)
{
	const struct xeir_bytes b = { .start = frame, .end = frame + len };
	__u32 type, ip = xeir_skip_tags(&b, offsetof(struct ethhdr, h_proto), &type);

	if (!ip || ip >= len)
		return 0;
	return frame[ip] >> 4 == (type == ETH_P_IP ? 4 : type == ETH_P_IPV6 ? 6 : -1) ? ip : 0;
}

/* A message, and the verdict on it. */
struct message {
	struct xeir_gtpc gtpc;
	struct xeir_verdict verdict;
};

static struct message judge(const struct xeir_bytes *b, const struct xeir_datagram *d, __u32 start,
			    const struct xeir_config *config, const struct list *list)
{
	struct message m = {
		.gtpc.start = start,
		.gtpc.fragment = d->fragment,
		.gtpc.response_only = !start && !xeir_is_gtpc_port(d->destination),
	};

	xeir_judge(b, d->octets - start, config, list, &m.gtpc, &m.verdict);
	return m;
}

static struct message judge_datagram(const struct xeir_bytes *octets, const struct xeir_datagram *d,
				     const struct xeir_config *config, const struct list *list)
{
	struct xeir_bytes b = xeir_datagram_bytes(octets, d);
	struct message first = judge(&b, d, 0, config, list), second;
	__u32 off = xeir_second_message(&b, d->octets);

	if (!off)
		return first;
	/* a second message beyond the buffer is judged as an empty one */
	b.start = off < b.end - b.start ? b.start + off : b.end;
	second = judge(&b, d, off, config, list);
	return xeir_second_counts(&first.verdict, &second.verdict) ? second : first;
}

struct native native_frame(const unsigned char *frame, size_t len, const struct xeir_config *config,
			   const struct judge_entry *entries, size_t n)
{
	const struct xeir_bytes octets = { .start = frame, .end = frame + len };
	const struct list list = { .entries = entries, .n = n };
	struct message m = { .verdict.rule = XEIR_RULE_NOT_GTP_C };
	struct xeir_datagram d = {};
	int found = find(&octets, &d, &m.verdict.rule);

	if (found == XEIR_FOUND_GTPU) {
		m.verdict.rule = XEIR_RULE_GTP_U;
	} else if (found) {
		m = judge_datagram(&octets, &d, config, &list);
	} else if (m.verdict.rule == XEIR_RULE_TOO_MANY) {
		m.verdict.action = XEIR_ACTION_DROP;
		xeir_apply_enforcement(config, &m.verdict);
	}
	return (struct native){
		.v = { .action = m.verdict.action, .rule = m.verdict.rule },
		.key = m.verdict.key,
		.directive = m.verdict.directive,
		.message = m.gtpc,
	};
}
