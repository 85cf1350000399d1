// SPDX-License-Identifier: GPL-2.0-only
#include "lib/transaction.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <string.h>

#include <xeir/messages.h>
#include <xeir/ports.h>

#define FRAME_ROOM (MSG_MAX + 128)

static void put(unsigned char **at, const void *octets, size_t n)
{
	memcpy(*at, octets, n);
	*at += n;
}

static void put16(unsigned char **at, unsigned int n)
{
	put(at, (unsigned char[]){ n >> 8, n }, 2);
}

static void to_be32(__u32 n, unsigned char *octets)
{
	n = htonl(n);
	memcpy(octets, &n, 4);
}

static void put_ip(unsigned char **at, const struct node *from, const struct node *to, size_t len)
{
	unsigned char address[16];
	const bool ipv6 = !from->ipv4;

	put(at, "\x02\0\0\0\0\2\x02\0\0\0\0\1", 12);
	put16(at, ipv6 ? ETH_P_IPV6 : ETH_P_IP);
	put(at, ipv6 ? "\x60\0\0\0" : "\x45\0", ipv6 ? 4 : 2);
	put16(at, (ipv6 ? 8 : 28) + len);
	if (ipv6)
		put(at, "\x11\x40", 2);
	else
		put(at, "\0\0\0\0\x40\x11\0\0", 8);
	tables_address(from, ipv6, address);
	put(at, address + (ipv6 ? 0 : 12), ipv6 ? 16 : 4);
	tables_address(to, ipv6, address);
	put(at, address + (ipv6 ? 0 : 12), ipv6 ? 16 : 4);
}

size_t frame_message(const struct node *from, __u16 source, const struct node *to,
		     __u16 destination, unsigned char *frame)
{
	unsigned char *at = frame;

	put_ip(&at, from, to, msg_len);
	put16(&at, source);
	put16(&at, destination);
	put16(&at, 8 + msg_len);
	put16(&at, 0);
	put(&at, msg, msg_len);
	return at - frame;
}

static bool is_host(const struct node *at)
{
	return (at->ipv4 ? at->ipv4 & 0xff : at->ipv6) == 2;
}

struct seen send_message(const struct node *from, __u16 source, const struct node *to,
			 __u16 destination)
{
	unsigned char frame[FRAME_ROOM];
	size_t len = frame_message(from, source, to, destination, frame);

	return tables_see(!is_host(to), frame, len);
}

struct seen send_request(const struct transaction *x)
{
	msg_set_length();
	return send_message(&x->requester, x->port, &x->responder, XEIR_GTPC_PORT);
}

struct seen send_response(const struct transaction *x)
{
	msg_set_length();
	return send_message(&x->responder, XEIR_GTPC_PORT, &x->requester, x->port);
}

void begin_message(const struct transaction *x, __u8 type, __u32 teid)
{
	unsigned char head[12] = { x->version == 2 ? 0x48 : 0x32, type };
	size_t n = 12;

	msg_len = 0;
	to_be32(teid, head + 4);
	to_be32(x->sequence << (x->version == 2 ? 8 : 16), head + 8);
	if (x->version == 2 && type <= XEIR_GTP_ECHO_RESPONSE) {
		/* these have no TEID */
		head[0] = 0x40;
		memmove(head + 4, head + 8, 4);
		n = 8;
	}
	msg_add(head, n);
}

void add_octet_v2(__u8 type, __u8 instance, __u8 value)
{
	msg_add_v2(type, instance, &value, 1);
}

void add_cause_v2(__u8 cause)
{
	msg_add_v2(2, 0, (unsigned char[]){ cause, 0 }, 2);
}

void add_f_teid(__u8 instance, const struct f_teid *end)
{
	unsigned char value[25] = { (end->at.ipv4 ? 0x80 : 0) | (end->at.ipv6 ? 0x40 : 0) };
	size_t n = 5;

	to_be32(end->teid, value + 1);
	if (end->at.ipv4) {
		to_be32(end->at.ipv4, value + n);
		n += 4;
	}
	if (end->at.ipv6) {
		tables_address(&end->at, true, value + n);
		n += 16;
	}
	msg_add_v2(87, instance, value, n);
}

void add_bearer(__u8 instance, __u8 ebi, __u8 cause, const struct bearer_end *ends, size_t n)
{
	const size_t start = msg_len;

	msg_add_v2(93, instance, NULL, 0);
	add_octet_v2(73, 0, ebi);
	if (cause)
		add_cause_v2(cause);
	for (size_t i = 0; i < n; i++)
		add_f_teid(ends[i].instance, &ends[i].end);
	msg[start + 1] = (msg_len - start - 4) >> 8;
	msg[start + 2] = msg_len - start - 4;
}

void add_octet_v1(__u8 type, __u8 value)
{
	msg_add_v1(type, &value, 1);
}

void add_teid_v1(__u8 type, __u32 teid)
{
	unsigned char value[4];

	to_be32(teid, value);
	msg_add_v1(type, value, sizeof(value));
}

static void add_gsn(const struct node *at, bool ipv6)
{
	unsigned char address[16];

	tables_address(at, ipv6, address);
	msg_add_v1(133, address + (ipv6 ? 0 : 12), ipv6 ? 16 : 4);
}

void add_ends_v1(const struct f_teid *control, const struct f_teid *user)
{
	if (user->teid)
		add_teid_v1(16, user->teid);
	if (control->teid)
		add_teid_v1(17, control->teid);
	for (int ipv6 = 0; ipv6 < 2; ipv6++) {
		if (ipv6 ? !control->at.ipv6 : !control->at.ipv4)
			continue;
		add_gsn(&control->at, ipv6);
		add_gsn(&user->at, ipv6);
	}
}

static void create_request_v2(const struct pdn *p)
{
	const struct bearer_end user = { 2, p->user[XEIR_REQUESTER] };

	if (p->imsi)
		msg_add_v2(1, 0, p->imsi, 8);
	if (p->msisdn)
		msg_add_v2(76, 0, p->msisdn, 8);
	if (p->imei)
		msg_add_v2(75, 0, p->imei, 8);
	if (p->recovery[XEIR_REQUESTER])
		add_octet_v2(3, 0, p->recovery[XEIR_REQUESTER]);
	msg_add_v2(71, 0, p->apn ? p->apn : "\x08internet", p->apn ? strlen(p->apn) : 9);
	add_octet_v2(82, 0, 6);
	add_f_teid(0, &p->control[XEIR_REQUESTER]);
	add_bearer(0, p->ebi, 0, &user, 1);
}

static void create_request_v1(const struct pdn *p)
{
	unsigned char msisdn[9] = { 0x91 };

	if (p->imsi)
		msg_add_v1(2, p->imsi, 8);
	if (p->recovery[XEIR_REQUESTER])
		add_octet_v1(14, p->recovery[XEIR_REQUESTER]);
	add_octet_v1(20, p->ebi);
	msg_add_v1(131, p->apn ? p->apn : "\x08internet", p->apn ? strlen(p->apn) : 9);
	add_ends_v1(&p->control[XEIR_REQUESTER], &p->user[XEIR_REQUESTER]);
	if (p->msisdn) {
		memcpy(msisdn + 1, p->msisdn, 8);
		msg_add_v1(134, msisdn, sizeof(msisdn));
	}
	msg_add_v1(151, "\1", 1);
	if (p->imei)
		msg_add_v1(154, p->imei, 8);
}

void create_request(const struct transaction *x, const struct pdn *p)
{
	begin_message(x, x->version == 2 ? XEIR_GTPV2_CREATE_SESSION : XEIR_GTPV1_CREATE_PDP, 0);
	if (x->version == 2)
		create_request_v2(p);
	else
		create_request_v1(p);
}

void create_response(const struct transaction *x, const struct pdn *p, __u8 cause)
{
	const struct bearer_end user = { 2, p->user[XEIR_RESPONDER] };

	begin_message(x,
		      x->version == 2 ? XEIR_GTPV2_CREATE_SESSION_RESPONSE :
					XEIR_GTPV1_CREATE_PDP_RESPONSE,
		      p->control[XEIR_REQUESTER].teid);
	if (x->version == 2) {
		add_cause_v2(cause);
		if (p->recovery[XEIR_RESPONDER])
			add_octet_v2(3, 0, p->recovery[XEIR_RESPONDER]);
		add_f_teid(1, &p->control[XEIR_RESPONDER]);
		add_bearer(0, p->ebi, cause, &user, 1);
		return;
	}
	add_octet_v1(1, cause);
	if (p->recovery[XEIR_RESPONDER])
		add_octet_v1(14, p->recovery[XEIR_RESPONDER]);
	add_ends_v1(&p->control[XEIR_RESPONDER], &p->user[XEIR_RESPONDER]);
}

bool set_up(struct transaction *x, const struct pdn *p)
{
	x->sequence++;
	create_request(x, p);
	if (!send_request(x).passed)
		return false;
	create_response(x, p, x->version == 2 ? ACCEPTED_V2 : ACCEPTED_V1);
	return send_response(x).passed;
}

size_t frame_user(const struct f_teid *end, __u8 type, unsigned char *frame)
{
	const struct node from = { end->at.ipv4 ? 0x0a620063 : 0, 0x63 };

	msg_len = 0;
	msg_add((unsigned char[]){ 0x30, type, 0, 20 }, 4);
	msg_add("\0\0\0\0", 4);
	to_be32(end->teid, msg + 4);
	msg_add("\x45\0\0\x14\0\0\0\0\x40\x01\0\0\x0a\0\0\1\x0a\0\0\2", 20);
	return frame_message(&from, 40000, &end->at, XEIR_GTPU_PORT, frame);
}

struct seen send_user(const struct f_teid *end, __u8 type)
{
	unsigned char frame[FRAME_ROOM];
	size_t len = frame_user(end, type, frame);

	return tables_see(!is_host(&end->at), frame, len);
}
