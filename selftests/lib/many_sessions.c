// SPDX-License-Identifier: GPL-2.0-only
#include "lib/many_sessions.h"

#include <string.h>

#include <xeir/ports.h>

static const struct node sgw = { 0x0a630001, 0 }, pgw = { 0x0a630002, 0 };
static const struct xeir_side drop = { .action = XEIR_ACTION_DROP, .directive = 1 };

void many_sessions_digits(unsigned int n, unsigned char id[9])
{
	memcpy(id, "\x53\x27\x11\x11\x11\x11\x11\xf1", 9);
	for (int i = 3; i < 7; i++, n /= 100)
		id[i] = n % 10 << 4 | n / 10 % 10;
}

struct pdn many_sessions_pdn(unsigned int n)
{
	static unsigned char id[9];
	const __u32 teid = 4 * (n + 1);

	many_sessions_digits(n, id);
	return (struct pdn){
		.imei = (const char *)id,
		.imsi = (const char *)id,
		.msisdn = (const char *)id,
		.control = { { teid, sgw }, { teid + 1, pgw } },
		.user = { { teid + 2, { 0x0a620001, 0 } }, { teid + 3, { 0x0a620002, 0 } } },
		.ebi = 5,
	};
}

bool many_sessions_set_up(unsigned int n)
{
	const struct transaction x = { sgw, pgw, 40364, n & 0xffffff, 2 };
	const struct pdn p = many_sessions_pdn(n);
	unsigned char frame[1024];
	size_t len;

	create_request(&x, &p);
	msg_set_length();
	len = frame_message(&sgw, x.port, &pgw, XEIR_GTPC_PORT, frame);
	if (!tables_passes(false, frame, len))
		return false;
	create_response(&x, &p, ACCEPTED_V2);
	msg_set_length();
	len = frame_message(&pgw, XEIR_GTPC_PORT, &sgw, x.port, frame);
	return tables_passes(true, frame, len);
}

void many_sessions_list(unsigned int n, unsigned int step, bool listed)
{
	unsigned char id[9];

	for (unsigned int i = 0; i < n; i++) {
		many_sessions_digits(i * step, id);
		if (listed)
			tables_list(XEIR_KIND_IMEI, id, &drop);
		else
			tables_unlist(XEIR_KIND_IMEI, id);
	}
}
