/* SPDX-License-Identifier: GPL-2.0-only */
/* One message, judged by the shared headers natively and by the XDP program. */
#ifndef XEIR_JUDGE_H
#define XEIR_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <xeir/gtpc.h>
#include <xeir/maps.h>

struct judge_entry {
	struct xeir_key key;
	struct xeir_side side;
};

struct judged {
	__u8 action;	/* enum xeir_action */
	__u8 rule;	/* enum xeir_rule */
};

/* Load the program; false where it is refused, and *why when that is no fault of its own. */
bool judge_open(const char **why);
void judge_close(void);

/* The configuration that both judge by from now on; the default until then. */
void judge_configure(const struct xeir_config *wanted);

/* The list that both judge by from now on. */
void judge_list(const struct judge_entry *entries, size_t n);

struct judged judge_native(const unsigned char *msg, size_t len, struct xeir_gtpc *m);
/* The rule is the one counter that moved; XEIR_RULE_MAX + 1 when not just one did. */
struct judged judge_bpf(const unsigned char *msg, size_t len);

/* Any frame, as it came in on an interface. */
struct judged judge_frame(const unsigned char *frame, size_t len);

/* The same; what the program made of it goes to @out. *@room: octets there, then those used. */
struct judged judge_turned(const unsigned char *frame, size_t len, unsigned char *out,
			   size_t *room);

/* The same frame so many times: what was counted under @rule meanwhile. */
struct xeir_counter judge_repeat(const unsigned char *frame, size_t len, int times, __u8 rule);

/* Around @msg: Ethernet, IPv4 and UDP to port 2123; octets written. */
size_t judge_wrap(const unsigned char *msg, size_t len, unsigned char *frame);

#endif /* XEIR_JUDGE_H */
