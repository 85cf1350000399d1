// SPDX-License-Identifier: GPL-2.0-only
/*
 * The XDP program and the shared headers, built natively, on generated frames with
 * a tenth of the handsets listed, lawful ones and spoilt ones: identical action and
 * rule for each.
 */
#include <stdlib.h>
#include <string.h>

#include "generated.h"
#include "native.h"
#include "tap.h"

#define FRAMES 10000
#define LISTED (GENERATED_IMEIS / 10)

static struct judge_entry entries[LISTED];

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct xeir_key));
}

static void list_a_tenth(void)
{
	for (int i = 0; i < LISTED; i++) {
		unsigned char octets[8];

		generated_imei(i, octets);
		entries[i].key.kind = XEIR_KIND_IMEI;
		memcpy(entries[i].key.id, octets, XEIR_IMEI_OCTETS);
		entries[i].side.action = i % 4 ? XEIR_ACTION_DROP : XEIR_ACTION_WATCH;
	}
	qsort(entries, LISTED, sizeof(*entries), compare);
}

/* A few bits turned at chance, behind the Ethernet addresses. */
static void spoil(unsigned char *frame, size_t len)
{
	for (unsigned int bits = 1 + chance(6); bits; bits--)
		frame[12 + chance(len - 12)] ^= 1 << chance(8);
}

/* Frames whose verdicts are not the same; at the end of the run, how many got each rule. */
static int differences(const struct xeir_config *config, bool spoilt, unsigned long rules[])
{
	int differ = 0;

	for (int i = 0; i < FRAMES; i++) {
		unsigned char frame[GENERATED_ROOM];
		size_t len = generated_frame(frame);
		struct judged here, there;

		if (spoilt)
			spoil(frame, len);
		here = native_frame(frame, len, config, entries, LISTED);
		there = judge_frame(frame, len);
		rules[here.rule]++;
		if (here.action == there.action && here.rule == there.rule)
			continue;
		if (differ++ < 10)
			printf("# frame %d: natively action %d, rule %d; by XDP %d, %d\n", i,
			       here.action, here.rule, there.action, there.rule);
	}
	return differ;
}

static void parity(const char *what, const struct xeir_config *config, bool spoilt)
{
	unsigned long rules[XEIR_RULE_MAX + 2] = {};

	judge_configure(config);
	tap_ok(!differences(config, spoilt, rules), "%s: %d frames are judged alike", what, FRAMES);
	tap_ok(rules[XEIR_RULE_IMEI] > FRAMES / 100, "%s: %lu of them for a listed IMEI", what,
	       rules[XEIR_RULE_IMEI]);
	tap_ok(rules[XEIR_RULE_NOT_LISTED] > FRAMES / 20, "%s: %lu are not listed", what,
	       rules[XEIR_RULE_NOT_LISTED]);
	if (spoilt)
		tap_ok(rules[XEIR_RULE_MALFORMED] > FRAMES / 50, "%s: %lu are malformed", what,
		       rules[XEIR_RULE_MALFORMED]);
}

int main(void)
{
	struct xeir_config config = XEIR_CONFIG_DEFAULT;
	const char *why = NULL;

	if (!judge_open(&why)) {
		if (why)
			return tap_skip_all(why);
		tap_ok(false, "the XDP program loads");
		return tap_done();
	}
	generated_seed(1);
	list_a_tenth();
	judge_list(entries, LISTED);
	parity("as configured at first", &config, false);
	parity("bits turned", &config, true);
	config.knobs[XEIR_KNOB_NO_IMEI] = XEIR_ACTION_DROP;
	config.knobs[XEIR_KNOB_MALFORMED] = XEIR_ACTION_DROP;
	config.knobs[XEIR_KNOB_FRAGMENT] = XEIR_ACTION_WATCH;
	memset(config.emergency, 0, sizeof(config.emergency));
	parity("every knob turned, no emergency APN", &config, false);
	parity("every knob and bits turned", &config, true);
	judge_close();
	return tap_done();
}
