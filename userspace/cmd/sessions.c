// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cmd/verb.h"
#include "lib/address.h"
#include "lib/clock.h"
#include "lib/dates.h"
#include "lib/enum_names.h"
#include "lib/gtp_text.h"
#include "lib/location.h"
#include "lib/identifier.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "session/session.h"
#include "session/session_filter.h"
#include "transport/pins.h"

struct printing {
	struct session_filter filter;
	int bearers; /* the pinned map, with --json */
	size_t printed;
};

/* As people read it; "": it is not known. */
struct session_text {
	char imei[IDENTIFIER_TEXT];
	char svn[4]; /* software version, of an IMEISV */
	char imsi[IDENTIFIER_TEXT];
	char msisdn[IDENTIFIER_TEXT];
	char apn[GTP_TEXT_APN];
	char rat[RAT_TEXT];
	char peer[XEIR_SIDES][INET6_ADDRSTRLEN];
	char started[DATE_TEXT], seen[DATE_TEXT];
};

static void number_of(const __u8 *number, __u8 kind, char text[IDENTIFIER_TEXT])
{
	struct xeir_key key = { .kind = kind };

	memcpy(key.id, number, xeir_key_octets(kind));
	identifier_text(&key, text);
}

static void imei_of(const __u8 imei[8], struct session_text *text)
{
	static const __u8 none[8];
	__u8 svn = imei[XEIR_IMEI_OCTETS];

	if (!memcmp(imei, none, sizeof(none)))
		return;
	number_of(imei, XEIR_KIND_IMEI, text->imei);
	/* an IMEI without one has a filler there */
	if ((svn & 0xf) < 10 && svn >> 4 < 10)
		identifier_bcd(&svn, 1, text->svn);
}

static void read_session(const struct xeir_session *s, struct session_text *text)
{
	const char *labels = (const char *)s->subscriber.apn;

	memset(text, 0, sizeof(*text));
	imei_of(s->subscriber.imei, text);
	number_of(s->subscriber.imsi, XEIR_KIND_IMSI, text->imsi);
	number_of(s->subscriber.msisdn, XEIR_KIND_MSISDN, text->msisdn);
	gtp_text_apn(s->subscriber.apn, strnlen(labels, XEIR_APN_OCTETS), text->apn);
	rat_text(s->rat, text->rat);
	for (int side = 0; side < XEIR_SIDES; side++)
		address_text(s->peer[side], text->peer[side]);
	date_text(clock_of_tai(s->started_ns).tv_sec, text->started);
	date_text(clock_of_tai(s->seen_ns).tv_sec, text->seen);
}

static json_t *text_json(const char *text)
{
	return *text ? json_string(text) : json_null();
}

static json_t *ip_json(int family, const __u8 *address, size_t octets)
{
	static const __u8 none[16];
	char text[INET6_ADDRSTRLEN];

	if (!memcmp(address, none, octets))
		return json_null();
	return json_string(inet_ntop(family, address, text, sizeof(text)));
}

static json_t *fteid_json(const struct xeir_fteid *end)
{
	return json_pack("{s:I, s:o, s:o}", "teid", (json_int_t)end->teid, "ipv4",
			 ip_json(AF_INET, end->ipv4, sizeof(end->ipv4)), "ipv6",
			 ip_json(AF_INET6, end->ipv6, sizeof(end->ipv6)));
}

static json_t *side_json(const struct xeir_session *s, const struct session_text *text, int side)
{
	json_t *object = fteid_json(&s->control[side]);

	json_object_set_new(object, "peer", json_string(text->peer[side]));
	return object;
}

static json_t *bearer_json(const struct xeir_bearer *bearer, int ebi)
{
	static const char *const names[XEIR_ENDS] = {
		[XEIR_END_ACCESS] = "access",
		[XEIR_END_CORE] = "core",
		[XEIR_END_DIRECT] = "direct",
		[XEIR_END_ANCHOR] = "anchor",
	};
	json_t *object = json_pack("{s:i}", "ebi", ebi);

	for (int end = 0; end < XEIR_ENDS; end++)
		json_object_set_new(object, names[end],
				    bearer->end[end].teid ? fteid_json(&bearer->end[end]) :
							    json_null());
	return object;
}

static json_t *bearers_json(const struct session *session, int map)
{
	struct xeir_session_key key = session->key;
	json_t *array = json_array();

	for (int ebi = 0; ebi < XEIR_BEARERS; ebi++) {
		struct xeir_bearer bearer = {};

		key.bearer = ebi;
		/* one of which no end is known is there all the same */
		if (!(session->is.bearers >> ebi & 1))
			continue;
		bpf_map_lookup_elem(map, &key, &bearer);
		json_array_append_new(array, bearer_json(&bearer, ebi));
	}
	return array;
}

static json_t *session_json(const struct session *session, int bearers)
{
	const struct xeir_session *s = &session->is;
	struct session_text t;

	read_session(s, &t);
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:i, s:s, s:s, s:o, s:b, s:o, s:o, "
			 "s:o}",
			 "imei", text_json(t.imei), "svn", text_json(t.svn), "imsi",
			 text_json(t.imsi), "msisdn", text_json(t.msisdn), "apn", text_json(t.apn),
			 "rat", text_json(t.rat), "gtp", (int)s->version, "ebi",
			 (int)session->key.ebi, "started", t.started, "last_seen", t.seen, "cut",
			 s->cut ? json_string(action_name(s->cut)) : json_null(), "emergency",
			 (int)s->emergency, "requester", side_json(s, &t, XEIR_REQUESTER),
			 "responder", side_json(s, &t, XEIR_RESPONDER), "bearers",
			 bearers_json(session, bearers));
}

/* An object at a time: of a million sessions one tree would be many gigabytes. */
static int print_json(const struct session *session, void *arg)
{
	struct printing *printing = arg;
	json_t *object;

	if (!session_filter_passes(&printing->filter, &session->is))
		return 0;
	object = session_json(session, printing->bearers);
	fputs(printing->printed++ ? ",\n" : "\n", stdout);
	json_dumpf(object, stdout, JSON_COMPACT);
	json_decref(object);
	return ferror(stdout);
}

static const char *or_dash(const char *text)
{
	return *text ? text : "-";
}

static const char *state_of(const struct xeir_session *s)
{
	if (s->cut)
		return "cut";
	return s->emergency ? "emergency" : "-";
}

static int print_row(const struct session *session, void *arg)
{
	const struct xeir_session *s = &session->is;
	struct printing *printing = arg;
	struct session_text t;

	if (!session_filter_passes(&printing->filter, s))
		return 0;
	if (!printing->printed++)
		printf("%-14s  %-15s  %-15s  %-14s  %-3s  %-7s  %-15s  %-15s  %-7s  %-20s  %-20s  "
		       "%s\n",
		       "IMEI", "IMSI", "MSISDN", "APN", "GTP", "RAT", "REQUESTER", "RESPONDER",
		       "BEARERS", "STARTED", "LAST SEEN", "STATE");
	read_session(s, &t);
	printf("%-14s  %-15s  %-15s  %-14s  %3u  %-7s  %-15s  %-15s  %7d  %-20s  %-20s  %s\n",
	       or_dash(t.imei), or_dash(t.imsi), or_dash(t.msisdn), or_dash(t.apn), s->version,
	       or_dash(t.rat), t.peer[XEIR_REQUESTER], t.peer[XEIR_RESPONDER],
	       __builtin_popcount(s->bearers), t.started, t.seen, state_of(s));
	return ferror(stdout);
}

static int print_all_json(struct printing *printing)
{
	int err;

	printing->bearers = pins_open(PIN_NAME(XEIR_MAP_BEARERS));
	if (printing->bearers < 0)
		return printing->bearers;
	putchar('[');
	err = sessions_iterate(print_json, printing);
	close(printing->bearers);
	if (!err)
		puts(printing->printed ? "\n]" : "]");
	return err;
}

static int run(int argc, char **argv)
{
	struct printing printing = {};
	int err = session_filter_read(argc, argv, &printing.filter), status = EXIT_DONE;

	if (err)
		status = err == -EINVAL ? bad_usage(&verb_sessions, "%s", printing.filter.refusal) :
					  EXIT_FAILED;
	if (!status &&
	    (opt.json ? print_all_json(&printing) : sessions_iterate(print_row, &printing)))
		status = EXIT_FAILED;
	session_filter_free(&printing.filter);
	return status;
}

const struct verb verb_sessions = {
	.name = "sessions",
	.usage = SESSION_FILTER_USAGE,
	.summary = "print active sessions",
	.help = "Prints the sessions that were set up and have not ended, listed or not:\n"
		"subscriber, APN, radio access technology, the two signalling addresses, number\n"
		"of bearers, start, last message, and whether they are cut or for an emergency.\n"
		"Hidden: sessions idle longer than session-age, and those whose peer restarted.\n"
		"Operands select sessions that match one value of each word given; an APN is\n"
		"written with or without the operator's part. Not sorted.\n\n"
		"With --json an array of objects, with the control tunnels of both sides and the\n"
		"tunnels of each bearer: access is the end of the radio access or SGSN (on S5/S8\n"
		"the SGW), core the SGW's, direct the SGW's towards an RNC, anchor that of the\n"
		"PGW or GGSN.\n\n"
		"examples:\n"
		"  xeir sessions 490154203237518\n"
		"  xeir sessions apn internet peer 192.0.2.17 2001:db8::17\n"
		"  xeir sessions | sort\n"
		"  xeir sessions --json | jq -r '.[] | select(.cut) | .imsi'\n",
	.run = run,
};
