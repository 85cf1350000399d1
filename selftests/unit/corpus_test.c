// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parser against the independent decoder's reading of real messages, and
 * the programs against the parser, for the same octets: with an empty list,
 * and with every IMEI of the corpus listed.
 */
#include <jansson.h>
#include <linux/if_ether.h>
#include <stdlib.h>
#include <string.h>

#include "lib/judge.h"
#include "lib/identifier.h"
#include "lib/tap.h"

#define MESSAGE_MAX 4096

/* Messages whose reading rightly differs from the decoder's. */
static const struct {
	const char *id;
	const char *field;
	const char *why;
} exceptions[] = {
	{ "77153e417b6587d3", "imsi",
	  "an Echo Request; the IMSI is that of the message piggybacked on it" },
};

static size_t from_hex(const char *hex, unsigned char *out)
{
	size_t n = strlen(hex) / 2;

	for (size_t i = 0; i < n && i < MESSAGE_MAX; i++)
		sscanf(hex + 2 * i, "%2hhx", &out[i]);
	return n;
}

/* Digits as the decoder prints them: '?' for what is none, up to the filler. */
static const char *digits(const unsigned char *msg, struct xeir_span span, size_t skip)
{
	static char text[2 * 256 + 1];
	size_t n = 0;

	if (span.len <= skip)
		return NULL;
	for (size_t i = skip; i < span.len && i < 256; i++) {
		for (int high = 0; high < 2; high++) {
			unsigned char nibble =
				high ? msg[span.off + i] >> 4 : msg[span.off + i] & 0x0f;

			if (nibble == 0x0f)
				break;
			text[n++] = nibble < 10 ? '0' + nibble : '?';
		}
	}
	text[n] = 0;
	return text;
}

static bool excepted(const char *id, const char *field)
{
	for (size_t i = 0; i < sizeof(exceptions) / sizeof(*exceptions); i++) {
		if (!strcmp(exceptions[i].id, id) && !strcmp(exceptions[i].field, field)) {
			printf("# %s %s: %s\n", id, field, exceptions[i].why);
			return true;
		}
	}
	return false;
}

static bool same(const json_t *row, const char *field, const char *ours)
{
	const char *theirs = json_string_value(json_object_get(row, field));
	const char *id = json_string_value(json_object_get(row, "id"));

	if (!theirs && !ours)
		return true;
	if (theirs && ours && !strcmp(theirs, ours))
		return true;
	if (excepted(id, field))
		return true;
	printf("# %s: decoder %s, here %s\n", field, theirs ?: "none", ours ?: "none");
	return false;
}

/* The walk of any message, a set-up or not. */
static void read_message(const unsigned char *msg, size_t len, struct xeir_gtpc *m)
{
	const struct xeir_bytes bytes = { .start = msg, .end = msg + len };

	memset(m, 0, sizeof(*m));
	xeir_gtpc_header(&bytes, len, m);
	xeir_gtpc_walk(&bytes, m);
}

static void check_reading(const json_t *row, const unsigned char *msg, size_t len)
{
	json_int_t version = json_integer_value(json_object_get(row, "version"));
	json_int_t type = json_integer_value(json_object_get(row, "msg_type"));
	const char *id = json_string_value(json_object_get(row, "id"));
	const json_t *off = json_object_get(row, "imei_off");
	struct xeir_gtpc m;
	bool ok;

	read_message(msg, len, &m);
	ok = m.version == version && m.type == type;
	ok &= same(row, "imei", digits(msg, m.imei[0], 0));
	ok &= !json_is_integer(off) || m.imei[0].off == json_integer_value(off);
	ok &= same(row, "imsi", digits(msg, m.imsi, 0));
	ok &= same(row, "msisdn", digits(msg, m.msisdn, m.version == 1));
	tap_ok(ok, "%s: GTPv%d message %d read as the decoder does", id, m.version, m.type);
}

static void check_parity(const json_t *row, const unsigned char *msg, size_t len, const char *with)
{
	static const char *const names[] = {
		[JUDGE_INGRESS] = "XDP",
		[JUDGE_EGRESS] = "egress",
		[JUDGE_HOOK] = "the hook",
	};
	const char *id = json_string_value(json_object_get(row, "id"));
	unsigned char frame[MESSAGE_MAX + 64];
	const size_t octets = judge_wrap(msg, len, frame);
	struct judged here, there;
	struct xeir_gtpc m;

	here = judge_native(msg, len, &m);
	for (int i = JUDGE_INGRESS; i <= JUDGE_HOOK; i++) {
		const size_t off = i == JUDGE_HOOK ? ETH_HLEN : 0;

		there = judge_by(i, frame + off, octets - off);
		tap_ok(here.action == there.action && here.rule == there.rule,
		       "%s: %s agrees, %s: action %d, rule %d", id, names[i], with, here.action,
		       here.rule);
	}
}

/* An entry for each IMEI that a message of the corpus carries. */
static size_t list_all(json_t **rows, size_t n, struct judge_entry *entries)
{
	unsigned char msg[MESSAGE_MAX];
	struct xeir_gtpc m;
	size_t listed = 0;

	for (size_t i = 0; i < n; i++) {
		size_t len = from_hex(json_string_value(json_object_get(rows[i], "hex")), msg);

		read_message(msg, len, &m);
		if (!m.imeis)
			continue;
		entries[listed].key.kind = XEIR_KIND_IMEI;
		memcpy(entries[listed].key.id, msg + m.imei[0].off, XEIR_IMEI_OCTETS);
		entries[listed++].side.action = XEIR_ACTION_DROP;
	}
	return listed;
}

static size_t load_rows(const char *path, json_t **rows, size_t room)
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t size = 0, n = 0;

	if (!file)
		return 0;
	while (n < room && getline(&line, &size, file) > 0) {
		rows[n] = json_loads(line, 0, NULL);
		if (rows[n])
			n++;
	}
	free(line);
	fclose(file);
	return n;
}

int main(int argc, char **argv)
{
	static json_t *rows[4096];
	static struct judge_entry entries[4096];
	const char *path = argc > 1 ? argv[1] : "../shared/corpus/messages.jsonl", *why = NULL;
	size_t n = load_rows(path, rows, 4096), listed;
	bool bpf;

	if (!n)
		return tap_skip_all("no corpus: give its messages.jsonl as the argument");
	bpf = judge_open(JUDGE_HOOK, &why);
	tap_ok(bpf || why, "the XDP program loads");
	listed = list_all(rows, n, entries);
	for (size_t i = 0; i < n; i++) {
		unsigned char msg[MESSAGE_MAX];
		size_t len = from_hex(json_string_value(json_object_get(rows[i], "hex")), msg);

		check_reading(rows[i], msg, len);
		if (!bpf) {
			tap_skip("XDP agrees", why ?: "no program");
			continue;
		}
		judge_list(NULL, 0);
		check_parity(rows[i], msg, len, "empty list");
		judge_list(entries, listed);
		check_parity(rows[i], msg, len, "all listed");
	}
	judge_close();
	return tap_done();
}
