// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tables of sessions, bearers and TEIDs, as requests and their responses make them when they
 * are run through the programs that are attached to interfaces otherwise.
 */
#include "unit/session_test.h"

#include <string.h>

#include "lib/tap.h"

bool point(bool ok, const char *what)
{
	return tap_ok(ok, "%s", what);
}

struct transaction transaction_of(__u8 version, struct node from, struct node to)
{
	static __u32 sequence = 0x1000;

	return (struct transaction){
		.requester = from,
		.responder = to,
		.port = PORT,
		.sequence = sequence += 0x100,
		.version = version,
	};
}

struct pdn pdn_of(__u8 n)
{
	static char numbers[256][3][9];
	const __u8 high = 0x10 | n / 100, low = (n / 10 % 10) << 4 | n % 10;
	const __u32 teid = 0x1000 * n;

	/* another model each */
	snprintf(numbers[n][0], 9, "\x53\x27%c%c\x42\x15\x83\xf7", high, low);
	snprintf(numbers[n][1], 9, "\x04\x04\x01\x21\x43%c%c\xf9", high, low);
	snprintf(numbers[n][2], 9, "\x19\x89\x21\x43\x65%c%c\xf9", high, low);
	return (struct pdn){
		.imei = numbers[n][0],
		.imsi = numbers[n][1],
		.msisdn = numbers[n][2],
		.control = { { teid + 1, SGW }, { teid + 2, HOST } },
		.user = { { teid + 3, SGW_U }, { teid + 4, HOST_U } },
		.ebi = 5,
	};
}

bool same_end(const struct xeir_fteid *have, const struct f_teid *want)
{
	unsigned char address[16];

	tables_address(&want->at, false, address);
	if (have->teid != want->teid || memcmp(have->ipv4, address + 12, 4))
		return false;
	memset(address, 0, sizeof(address));
	if (want->at.ipv6)
		tables_address(&want->at, true, address);
	return !memcmp(have->ipv6, address, sizeof(address));
}

static bool same_subscriber(const struct xeir_subscriber *who, const struct pdn *p)
{
	const char *apn = p->apn ? p->apn : "\x08internet";

	return !memcmp(who->imei, p->imei ? p->imei : "\0\0\0\0\0\0\0", 8) &&
	       !memcmp(who->imsi, p->imsi, 8) && !memcmp(who->msisdn, p->msisdn, 8) &&
	       !strncmp((const char *)who->apn, apn, sizeof(who->apn));
}

bool is_up(const struct pdn *p)
{
	const struct f_teid *name = &p->control[XEIR_RESPONDER];
	struct xeir_session s;
	struct xeir_bearer b;

	return tables_session(name, p->ebi, &s) && same_subscriber(&s.subscriber, p) &&
	       same_end(&s.control[XEIR_REQUESTER], &p->control[XEIR_REQUESTER]) &&
	       same_end(&s.control[XEIR_RESPONDER], &p->control[XEIR_RESPONDER]) &&
	       s.bearers >> p->ebi & 1 && tables_bearer(name, p->ebi, p->ebi, &b) &&
	       same_end(&b.end[XEIR_END_ACCESS], &p->user[XEIR_REQUESTER]) &&
	       same_end(&b.end[XEIR_END_ANCHOR], &p->user[XEIR_RESPONDER]);
}

/* To one of the addresses of @end. */
static bool owns_one(const struct f_teid *control, const struct f_teid *end, enum xeir_plane plane)
{
	unsigned char address[16];
	struct xeir_binding binding;

	tables_address(&control->at, !control->at.ipv4, address);
	return tables_binding(end, plane, &binding) && binding.teid == control->teid &&
	       !memcmp(binding.address, address, sizeof(address));
}

static struct f_teid only_ipv6(const struct f_teid *end)
{
	return (struct f_teid){ end->teid, { 0, end->at.ipv6 } };
}

bool is_bound_to(const struct f_teid *control, const struct f_teid *end, enum xeir_plane plane)
{
	const struct f_teid ipv6 = only_ipv6(end);

	return owns_one(control, end, plane) && (!end->at.ipv6 || owns_one(control, &ipv6, plane));
}

bool is_unbound(const struct f_teid *end, enum xeir_plane plane)
{
	const struct f_teid ipv6 = only_ipv6(end);
	struct xeir_binding binding;

	return !tables_binding(end, plane, &binding) &&
	       (!end->at.ipv6 || !tables_binding(&ipv6, plane, &binding));
}

bool has_all_bindings(const struct pdn *p)
{
	const struct f_teid *name = &p->control[XEIR_RESPONDER];

	for (int side = 0; side < XEIR_SIDES; side++)
		if (!is_bound_to(name, &p->control[side], XEIR_PLANE_CONTROL) ||
		    !is_bound_to(name, &p->user[side], XEIR_PLANE_USER))
			return false;
	return true;
}

bool has_no_bindings(const struct pdn *p)
{
	for (int side = 0; side < XEIR_SIDES; side++)
		if (!is_unbound(&p->control[side], XEIR_PLANE_CONTROL) ||
		    !is_unbound(&p->user[side], XEIR_PLANE_USER))
			return false;
	return true;
}

bool flows_to(const struct f_teid *end)
{
	return send_user(end, GTPU_DATA).passed;
}

bool flows(const struct pdn *p)
{
	return flows_to(&p->user[0]) && flows_to(&p->user[1]);
}

const struct xeir_side drop = { .action = XEIR_ACTION_DROP, .directive = 1 };

void list_handset(const struct pdn *p)
{
	tables_list(XEIR_KIND_IMEI, p->imei, &drop);
	tables_sweep();
}

void unlist_handset(const struct pdn *p)
{
	tables_unlist(XEIR_KIND_IMEI, p->imei);
	tables_sweep();
}

bool do_simple(struct transaction *x, __u8 response_type, __u32 teid, __u8 cause)
{
	if (!send_request(x).passed)
		return false;
	begin_message(x, response_type, teid);
	if (x->version == 2)
		add_cause_v2(cause);
	else
		add_octet_v1(1, cause);
	return send_response(x).passed;
}

int main(void)
{
	const char *why = NULL;

	if (!tables_open(&(struct capacity){ TABLES_ROOM, .sessions = 1024 }, &why)) {
		if (why)
			return tap_skip_all(why);
		tap_ok(false, "the programs are loaded");
		return tap_done();
	}
	test_gtp1();
	test_gtp2();
	test_s11();
	test_responses();
	test_reuse();
	test_bindings();
	test_restart();
	test_cut();
	test_tricks();
	test_capacity();
	tables_close();
	return tap_done();
}
