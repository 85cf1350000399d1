// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any octets as a GTP-C message, under any setting. In front of them two octets: settings, and
 * by how much UDP's length differs from what there is.
 */
#include <stdlib.h>

#include <xeir/verdict.h>

#define NEED(condition) ((condition) ? (void)0 : abort())

/* So many keys are listed that every rule is met, each key always with the same action. */
static __always_inline int xeir_list_side(const void *list, const struct xeir_key *key,
					  struct xeir_side *side)
{
	__u32 sum = key->kind;

	(void)list;
	for (int i = 0; i < XEIR_KEY_OCTETS_MAX; i++)
		sum = sum * 31 + key->id[i];
	*side = (struct xeir_side){ .action = 1 + sum % XEIR_ACTION_MAX, .directive = sum };
	return sum % 8 == 0;
}

static void configure(struct xeir_config *config, struct xeir_gtpc *m, __u8 settings)
{
	m->fragment = settings & 1;
	m->response_only = settings >> 1 & 1;
	m->reassembled = settings >> 2 & 1;
	for (int knob = 0; knob <= XEIR_KNOB_MAX; knob++)
		config->knobs[knob] = settings >> 3 & 3;
	config->enforce = (settings >> 5) % (XEIR_ENFORCE_MAX + 1);
}

static void judge(const struct xeir_bytes *b, __u32 octets, __u8 settings)
{
	struct xeir_config config = XEIR_CONFIG_DEFAULT;
	struct xeir_verdict v = {};
	struct xeir_gtpc m = {};

	configure(&config, &m, settings);
	xeir_judge(b, octets, &config, NULL, &m, &v);
	NEED(v.action <= XEIR_ACTION_MAX && v.rule <= XEIR_RULE_MAX && v.imei < XEIR_IMEIS);
	NEED(config.enforce == XEIR_ENFORCE_ON || v.action <= XEIR_ACTION_WATCH);
	NEED(v.rule != XEIR_RULE_OTHER_GTP_C || (!v.action && !v.not_enforced));
	NEED(m.imeis <= XEIR_IMEIS + 1);
}

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size)
{
	struct xeir_bytes b;
	__u32 octets, second;

	if (size < 2)
		return 0;
	b = (struct xeir_bytes){ .start = data + 2, .end = data + size };
	octets = size - 2 + (__s8)data[1];
	if (octets > 0xffff - 8)
		return 0;
	judge(&b, octets, data[0]);
	second = xeir_second_message(&b, octets);
	if (second && second < size - 2) {
		b.start += second;
		judge(&b, octets - second, data[0]);
	}
	return 0;
}
