// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/monitor_print.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/address.h"
#include "lib/clock.h"
#include "lib/enum_names.h"
#include "lib/gtp_text.h"
#include "lib/opt.h"

#define TIME_TEXT 48

/* One event as text; NULL: the message does not have it. */
struct fields {
	char time[TIME_TEXT];
	char ifname[IF_NAMESIZE];
	char peer[INET6_ADDRSTRLEN];
	char imei_text[GTP_TEXT_DIGITS], imsi_text[GTP_TEXT_DIGITS], msisdn_text[GTP_TEXT_DIGITS];
	const char *imei, *imsi, *msisdn;
};

/* RFC 3339, UTC, with milliseconds. */
static void time_text(const struct timespec *at, char text[TIME_TEXT])
{
	struct tm tm;
	size_t len;

	gmtime_r(&at->tv_sec, &tm);
	len = strftime(text, TIME_TEXT, "%FT%T", &tm);
	snprintf(text + len, TIME_TEXT - len, ".%03ldZ", at->tv_nsec / 1000000);
}

static void now_text(char text[TIME_TEXT])
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	time_text(&now, text);
}

static size_t at_most(size_t n, size_t max)
{
	return n < max ? n : max;
}

static void event_fields(const struct xeir_event *event, struct fields *fields)
{
	struct timespec at = clock_of_tai(event->time_ns);

	time_text(&at, fields->time);
	if (!if_indextoname(event->ifindex, fields->ifname))
		snprintf(fields->ifname, sizeof(fields->ifname), "if%u", event->ifindex);
	address_text(event->peer, fields->peer);
	fields->imei = gtp_text_digits(event->imei, at_most(event->imei_len, sizeof(event->imei)),
				       fields->imei_text);
	fields->imsi = gtp_text_imsi(event->imsi, at_most(event->imsi_len, sizeof(event->imsi)),
				     fields->imsi_text);
	fields->msisdn = gtp_text_msisdn(event->version, event->msisdn,
					 at_most(event->msisdn_len, sizeof(event->msisdn)),
					 fields->msisdn_text);
}

static void print_json(json_t *object)
{
	json_dumpf(object, stdout, JSON_COMPACT);
	puts("");
	json_decref(object);
}

static void event_json(const struct xeir_event *event, const struct fields *fields)
{
	print_json(json_pack(
		"{s:s, s:s, s:s, s:s, s:i, s:i, s:i, s:s?, s:I, s:I, s:s?, s:s?, "
		"s:s?, s:s, s:s, s:o}",
		"event", "message", "time", fields->time, "interface", fields->ifname, "peer",
		fields->peer, "port", event->peer_port, "gtp", event->version, "type", event->type,
		"message", gtp_text_message(event->version, event->type), "sequence",
		(json_int_t)event->sequence, "teid", (json_int_t)event->teid, "imei", fields->imei,
		"imsi", fields->imsi, "msisdn", fields->msisdn, "action",
		action_name(event->action), "rule", rule_name(event->rule), "directive",
		event->directive ? json_integer(event->directive) : json_null()));
}

static void event_text(const struct xeir_event *event, const struct fields *fields)
{
	const char *name = gtp_text_message(event->version, event->type);
	bool v6 = strchr(fields->peer, ':');

	printf("%s %s %s%s%s:%u GTPv%u %s seq %u teid 0x%x", fields->time, fields->ifname,
	       v6 ? "[" : "", fields->peer, v6 ? "]" : "", event->peer_port, event->version,
	       name ? name : "message", event->sequence, event->teid);
	if (fields->imei)
		printf(" imei %s", fields->imei);
	if (fields->imsi)
		printf(" imsi %s", fields->imsi);
	if (fields->msisdn)
		printf(" msisdn %s", fields->msisdn);
	printf(" %s by %s", action_name(event->action), rule_name(event->rule));
	if (event->directive)
		printf(" of directive %u", event->directive);
	puts("");
}

/* The message before it was the one too many. */
static void print_tripped(const struct xeir_event *event, const struct fields *fields)
{
	if (opt.json)
		print_json(json_pack(
			"{s:s, s:s, s:o}", "event", "breaker", "time", fields->time, "directive",
			event->directive ? json_integer(event->directive) : json_null()));
	else if (event->directive)
		printf("%s BREAKER TRIPPED: directive %u is not enforced any more\n", fields->time,
		       event->directive);
	else
		printf("%s BREAKER TRIPPED: the last change is not enforced any more\n",
		       fields->time);
}

void monitor_print_event(const struct xeir_event *event)
{
	struct fields fields;

	event_fields(event, &fields);
	if (opt.json)
		event_json(event, &fields);
	else
		event_text(event, &fields);
	if (event->tripped)
		print_tripped(event, &fields);
}

static const char *module_event(uint32_t event)
{
	switch (event) {
	case XEIR_EVENT_BOUND:
		return "bound";
	case XEIR_EVENT_UNBOUND:
		return "unbound";
	case XEIR_EVENT_ABANDONED:
		return "abandoned";
	}
	return "unknown";
}

static void notice_json(const struct netlink_event *notice, const char *time)
{
	const struct outcome *outcome = &notice->outcome;

	if (notice->kind)
		print_json(json_pack("{s:s, s:s, s:s, s:I}", "event", "module", "time", time,
				     "what", module_event(notice->kind), "generation",
				     (json_int_t)outcome->generation));
	else
		print_json(json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I}", "event", "list", "time",
				     time, "generation", (json_int_t)outcome->generation, "added",
				     (json_int_t)outcome->added, "changed",
				     (json_int_t)outcome->changed, "removed",
				     (json_int_t)outcome->removed, "entries",
				     (json_int_t)outcome->entries));
}

void monitor_print_notice(const struct netlink_event *notice)
{
	const struct outcome *outcome = &notice->outcome;
	char time[TIME_TEXT];

	now_text(time);
	if (opt.json)
		notice_json(notice, time);
	else if (notice->kind)
		printf("%s module: %s, generation %u\n", time, module_event(notice->kind),
		       outcome->generation);
	else
		printf("%s list: %u added, %u changed, %u removed, %u entries, generation %u\n",
		       time, outcome->added, outcome->changed, outcome->removed, outcome->entries,
		       outcome->generation);
}

void monitor_print_lost(uint64_t events)
{
	char time[TIME_TEXT];

	now_text(time);
	if (opt.json)
		print_json(json_pack("{s:s, s:s, s:I}", "event", "lost", "time", time, "events",
				     (json_int_t)events));
	else
		printf("%s %llu events were lost\n", time, (unsigned long long)events);
}
