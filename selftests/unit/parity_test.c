// SPDX-License-Identifier: GPL-2.0-only
/*
 * The shared headers, built natively, and the programs on the way in, on the way out and behind
 * reassembly, on generated frames with a tenth of the handsets listed, lawful frames and spoilt
 * ones: for each frame the same action, rule and entry, the same event and the same counts.
 *
 * usage: parity_test [SEED]
 */
#include <stdlib.h>
#include <string.h>

#include "lib/generated.h"
#include "lib/native.h"
#include "lib/tap.h"

#define FRAMES 10000
#define SKB_MAX 3584 /* octets that a test run of a program on an skb takes, at least */

static const char *const names[] = {
	[JUDGE_INGRESS] = "XDP",
	[JUDGE_EGRESS] = "egress",
	[JUDGE_HOOK] = "the hook",
};

#define PROGRAMS (sizeof(names) / sizeof(*names))

static struct judge_entry entries[NATIVE_LISTED];
static unsigned long long seed = 1;
static unsigned long rejected; /* and answered, by XDP */

/* A few bits turned at chance, behind the Ethernet addresses. */
static void spoil(unsigned char *frame, size_t len)
{
	for (unsigned int bits = 1 + chance(6); bits; bits--)
		frame[12 + chance(len - 12)] ^= 1 << chance(8);
}

/* What a program has made of a frame. */
struct outcome {
	struct judged v;
	__u64 hits; /* that the entry got which decided natively */
	__u64 traffic; /* counted as what the message is natively */
	bool emitted;
	struct xeir_event event; /* without what must differ */
};

static struct xeir_traffic_key traffic_key(enum judge_program program, const struct native *n)
{
	return (struct xeir_traffic_key){
		.ifindex = 1, /* that a test run has */
		.egress = program == JUDGE_EGRESS,
		.version = n->message.version,
		.type = n->message.type,
		.rule = n->v.rule,
	};
}

static struct outcome run(enum judge_program program, const unsigned char *data, size_t len,
			  const struct native *n)
{
	const struct xeir_traffic_key key = traffic_key(program, n);
	const struct xeir_traffic before = judge_traffic(&key);
	const __u64 hits = judge_hits(&n->key);
	struct outcome o = { .v = judge_by(program, data, len) };

	o.hits = judge_hits(&n->key) - hits;
	o.traffic = judge_traffic(&key).packets[o.v.action] - before.packets[o.v.action];
	o.emitted = judge_event(&o.event);
	o.event.time_ns = 0;
	o.event.action = 0;
	return o;
}

/* Of what is to be rejected: it is dropped where it cannot be answered. */
static __u8 expected_action(enum judge_program program, const struct native *n, __u8 on_ingress)
{
	if (n->v.action != XEIR_ACTION_REJECT)
		return n->v.action;
	if (program == JUDGE_HOOK)
		return XEIR_ACTION_DROP;
	return on_ingress == XEIR_ACTION_REJECT ? XEIR_ACTION_REJECT : XEIR_ACTION_DROP;
}

static bool as_expected(const struct outcome *o, const struct native *n, __u8 action)
{
	const bool counted = n->v.rule != XEIR_RULE_NOT_GTP_C && n->message.known;
	const bool emitted = counted && action != XEIR_ACTION_PASS;

	return o->v.action == action && o->v.rule == n->v.rule &&
	       o->hits == (counted && n->key.kind) && o->traffic == counted &&
	       o->emitted == emitted &&
	       (!emitted || (o->event.rule == n->v.rule && o->event.directive == n->directive &&
			     o->event.teid == n->message.teid));
}

static void complain(const char *name, const struct native *n, const struct outcome *o,
		     const unsigned char *frame, size_t len)
{
	printf("# natively action %d, rule %d; by %s %d, %d, %llu hits, %llu counted, %s event\n",
	       n->v.action, n->v.rule, name, o->v.action, o->v.rule, o->hits, o->traffic,
	       o->emitted ? "with" : "without");
	printf("# seed %llu: ", seed);
	for (size_t i = 0; i < len; i++)
		printf("%02x", frame[i]);
	putchar('\n');
}

/* Do all programs that can be given the frame agree on it? Counts those that were, in @given. */
static bool agree(const unsigned char *frame, size_t len, const struct native *n,
		  unsigned long given[])
{
	struct outcome o, xdp = {};

	for (size_t i = 0; i < PROGRAMS; i++) {
		const size_t off = i == JUDGE_HOOK ? native_packet(frame, len) : 0;

		if (i != JUDGE_INGRESS && (len > SKB_MAX || (i == JUDGE_HOOK && !off)))
			continue;
		given[i]++;
		o = run(i, frame + off, len - off, n);
		if (i == JUDGE_INGRESS) {
			xdp = o;
			rejected += o.v.action == XEIR_ACTION_REJECT;
		}
		if (as_expected(&o, n, expected_action(i, n, xdp.v.action)) &&
		    !memcmp(&o.event, &xdp.event, sizeof(o.event)))
			continue;
		complain(names[i], n, &o, frame, len);
		return false;
	}
	return true;
}

/* Frames that are not agreed on; how many were given to each program, and got each rule. */
static int differences(const struct xeir_config *config, bool spoilt, unsigned long given[],
		       unsigned long rules[])
{
	int differ = 0;

	for (int i = 0; i < FRAMES; i++) {
		unsigned char frame[GENERATED_ROOM];
		size_t len = generated_frame(frame);
		struct native n;

		if (spoilt)
			spoil(frame, len);
		n = native_frame(frame, len, config, entries, NATIVE_LISTED);
		rules[n.v.rule]++;
		if (differ < 10 && !agree(frame, len, &n, given))
			differ++;
	}
	return differ;
}

static void parity(const char *what, const struct xeir_config *config, bool spoilt)
{
	unsigned long rules[XEIR_RULE_MAX + 2] = {}, given[PROGRAMS] = {};

	judge_configure(config);
	tap_ok(!differences(config, spoilt, given, rules), "%s: %d frames are judged alike", what,
	       FRAMES);
	for (size_t i = 0; i < PROGRAMS; i++)
		tap_ok(given[i] > FRAMES / 10 * 8, "%s: %lu of them by %s", what, given[i],
		       names[i]);
	tap_ok(rules[XEIR_RULE_IMEI] > FRAMES / 100, "%s: %lu of them for a listed IMEI", what,
	       rules[XEIR_RULE_IMEI]);
	tap_ok(rules[XEIR_RULE_NOT_LISTED] > FRAMES / 20, "%s: %lu are not listed", what,
	       rules[XEIR_RULE_NOT_LISTED]);
	if (spoilt)
		tap_ok(rules[XEIR_RULE_MALFORMED] > FRAMES / 50, "%s: %lu are malformed", what,
		       rules[XEIR_RULE_MALFORMED]);
}

int main(int argc, char **argv)
{
	struct xeir_config config = XEIR_CONFIG_DEFAULT;
	const char *why = NULL;

	if (!judge_open(JUDGE_HOOK, &why)) {
		if (why)
			return tap_skip_all(why);
		tap_ok(false, "the programs load");
		return tap_done();
	}
	if (argc > 1)
		seed = strtoull(argv[1], NULL, 0);
	generated_seed(seed);
	native_list(entries);
	judge_list(entries, NATIVE_LISTED);
	config.rejects = UINT32_MAX;
	parity("as configured at first", &config, false);
	parity("bits turned", &config, true);
	config.knobs[XEIR_KNOB_NO_IMEI] = XEIR_ACTION_DROP;
	config.knobs[XEIR_KNOB_MALFORMED] = XEIR_ACTION_DROP;
	config.knobs[XEIR_KNOB_FRAGMENT] = XEIR_ACTION_WATCH;
	memset(config.emergency, 0, sizeof(config.emergency));
	parity("every knob turned, no emergency APN", &config, false);
	parity("every knob and bits turned", &config, true);
	config.enforce = XEIR_ENFORCE_PERMISSIVE;
	parity("only watched, bits turned", &config, true);
	tap_ok(rejected > FRAMES / 1000, "%lu frames got a response by XDP", rejected);
	judge_close();
	return tap_done();
}
