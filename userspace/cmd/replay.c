// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <jansson.h>
#include <time.h>
#include <xeir/list.h>
#include <xeir/verdict.h>

#include "cmd/verb.h"
#include "directive/memory_list.h"
#include "lib/capture.h"
#include "lib/enum_names.h"
#include "lib/gtp_text.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "transport/pinned_config.h"

/* 15 digits and a filler, or an IMEISV's 16; a longer IE has no more digits. */
#define IMEI_OCTETS 8

struct replay {
	struct memory_list list;
	struct xeir_config config;
	uint32_t now;
	unsigned long messages;
	unsigned long verdicts[XEIR_ACTION_MAX + 1];
};

/* What a message says, as text; NULL: it does not. */
struct identity {
	char imei_text[GTP_TEXT_DIGITS], imsi_text[GTP_TEXT_DIGITS], msisdn_text[GTP_TEXT_DIGITS];
	char apn_text[GTP_TEXT_APN];
	const char *imei, *imsi, *msisdn, *apn;
};

static __always_inline int xeir_list_side(const void *list, const struct xeir_key *key,
					  struct xeir_side *side)
{
	const struct replay *replay = list;
	const struct xeir_side *found = memory_list_side(&replay->list, key);

	if (!found || xeir_side_ended(found, replay->now))
		return 0;
	*side = *found;
	return 1;
}

/* The octets of @span that the capture holds. */
static size_t held(const struct xeir_bytes *b, struct xeir_span span, const __u8 **start)
{
	size_t room = b->end - b->start;

	if (span.off >= room)
		return 0;
	*start = b->start + span.off;
	return span.len < room - span.off ? span.len : room - span.off;
}

/* The IMEI that the verdict rests on, as its own IE would have it: octets. */
static size_t imei_octets(const struct xeir_bytes *b, const struct xeir_gtpc *m, __u8 which,
			  __u8 octets[IMEI_OCTETS])
{
	const __u8 *p = NULL;
	size_t n = held(b, m->imei[which], &p);
	bool shifted = m->shifted >> which & 1;

	n = n > (size_t)IMEI_OCTETS + shifted ? IMEI_OCTETS : n - (n && shifted);
	for (size_t i = 0; i < n; i++)
		octets[i] = shifted ? p[i] >> 4 | p[i + 1] << 4 : p[i];
	return n;
}

static void identify(const struct xeir_bytes *b, const struct xeir_gtpc *m,
		     const struct xeir_verdict *v, struct identity *id)
{
	__u8 imei[IMEI_OCTETS];
	const __u8 *p = NULL;
	size_t n;

	n = imei_octets(b, m, v->imei, imei);
	id->imei = gtp_text_digits(imei, n, id->imei_text);
	n = held(b, m->imsi, &p);
	id->imsi = gtp_text_imsi(p, n, id->imsi_text);
	n = held(b, m->msisdn, &p);
	id->msisdn = gtp_text_msisdn(m->version, p, n, id->msisdn_text);
	n = held(b, m->apn, &p);
	id->apn = gtp_text_apn(p, n, id->apn_text);
}

static void print_json(unsigned long frame, const struct xeir_gtpc *m, const struct identity *id,
		       const struct xeir_verdict *v)
{
	json_t *object = json_pack("{s:I, s:i, s:i, s:s?, s:s?, s:s?, s:s?, s:s, s:s}", "frame",
				   (json_int_t)frame, "gtp", m->version, "type", m->type, "imei",
				   id->imei, "imsi", id->imsi, "msisdn", id->msisdn, "apn", id->apn,
				   "action", action_name(v->action), "rule", rule_name(v->rule));

	json_dumpf(object, stdout, JSON_COMPACT);
	puts("");
	json_decref(object);
}

static void print_row(unsigned long frame, const struct xeir_gtpc *m, const struct identity *id,
		      const struct xeir_verdict *v)
{
	const char *name = gtp_text_message(m->version, m->type);
	char number[16];

	snprintf(number, sizeof(number), "type %u", m->type);
	printf("%8lu  GTPv%u  %-28s  %-16s  %-15s  %-7s %s\n", frame, m->version,
	       name ? name : number, id->imei ? id->imei : "-", id->imsi ? id->imsi : "-",
	       action_name(v->action), rule_name(v->rule));
}

static void print_result(struct replay *replay, unsigned long frame, const struct xeir_bytes *b,
			 const struct xeir_gtpc *m, const struct xeir_verdict *v)
{
	struct identity id;

	replay->messages++;
	replay->verdicts[v->action]++;
	identify(b, m, v, &id);
	if (opt.json)
		print_json(frame, m, &id, v);
	else
		print_row(frame, m, &id, v);
}

/* The message at the start of @b, number 0 or 1 of its datagram. */
static bool replay_message(struct replay *replay, unsigned long frame,
			   const struct xeir_datagram *d, const struct xeir_bytes *b,
			   uint32_t octets)
{
	struct xeir_gtpc m = {
		.fragment = d->fragment,
		.response_only = octets == d->octets && !xeir_is_gtpc_port(d->destination),
	};
	struct xeir_verdict v = {};

	xeir_judge(b, octets, &replay->config, replay, &m, &v);
	if (!m.known)
		return false;
	/* what is not judged is read all the same, for its identities */
	if (!m.walked)
		xeir_gtpc_walk(b, &m);
	print_result(replay, frame, b, &m, &v);
	return true;
}

static void replay_datagram(struct replay *replay, unsigned long frame,
			    const struct xeir_datagram *d, const struct xeir_bytes *b)
{
	struct xeir_bytes second = *b;
	uint32_t off;

	if (!replay_message(replay, frame, d, b, d->octets))
		return;
	off = xeir_second_message(b, d->octets);
	if (!off || off >= b->end - b->start)
		return;
	second.start += off;
	replay_message(replay, frame, d, &second, d->octets - off);
}

static void summarize(const struct replay *replay, const struct capture *capture)
{
	const char *would = "";

	printf("%lu messages in %lu frames", replay->messages, capture_frames(capture));
	for (int action = XEIR_ACTION_MAX; action >= 0; action--) {
		printf("%s %s %lu", *would ? "," : ": would", action_name(action),
		       replay->verdicts[action]);
		would = " ";
	}
	puts("");
	if (capture_fragments(capture))
		printf("%lu later IP fragments of UDP were not checked\n",
		       capture_fragments(capture));
}

static int replay_capture(struct replay *replay, struct capture *capture)
{
	struct xeir_datagram datagram;
	struct xeir_bytes bytes;
	int got;

	while ((got = capture_next(capture, &datagram, &bytes)) > 0)
		replay_datagram(replay, capture_frames(capture), &datagram, &bytes);
	if (!opt.json)
		summarize(replay, capture);
	return got ? EXIT_FAILED : EXIT_DONE;
}

static int run(int argc, char **argv)
{
	struct replay replay = { .config = XEIR_CONFIG_DEFAULT, .now = time(NULL) };
	struct capture *capture;
	int err, status;

	if (argc != 2)
		return bad_usage(&verb_replay, "one capture is expected");
	capture = capture_open(argv[1]);
	if (!capture)
		return EXIT_BAD;
	if (opt.list)
		err = memory_list_of_file(opt.list, &replay.list);
	else
		err = memory_list_of_enforced(&replay.list);
	if (!err && !opt.list)
		err = pinned_config_read(&replay.config);
	if (!err)
		status = replay_capture(&replay, capture);
	else
		status = opt.list ? EXIT_BAD : EXIT_FAILED;
	memory_list_free(&replay.list);
	capture_close(capture);
	return status;
}

const struct verb verb_replay = {
	.name = "replay",
	.usage = "FILE.pcap|FILE.pcapng",
	.summary = "filter the messages of a capture, nothing attached",
	.help = "Prints what becomes of each GTP-C message by the enforced list and settings, or\n"
		"by the file of --list and the default settings, which needs no privilege. Only\n"
		"requests to UDP port 2123 can be dropped; responses are shown as passing.\n\n"
		"examples:\n"
		"  xeir --list directive.csv replay busy-hour.pcapng\n"
		"  xeir --json replay busy-hour.pcapng | jq -c 'select(.action == \"drop\")'\n",
	.run = run,
};
