/* SPDX-License-Identifier: GPL-2.0-only */
/* Parts of session_test, and what they share. */
#ifndef XEIR_SELFTESTS_SESSION_H
#define XEIR_SELFTESTS_SESSION_H

#include "lib/transaction.h"

/* A test point; session_test.c counts the plan. */
bool point(bool ok, const char *what);

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Nodes: the host, its requester, and one more. */
#define HOST ((struct node){ 0x0a630002, 0 }) /* 10.99.0.2 */
#define SGW ((struct node){ 0x0a630001, 0 })
#define SGW2 ((struct node){ 0x0a630003, 0 })
/* Their user-plane addresses. */
#define HOST_U ((struct node){ 0x0a620002, 0 })
#define SGW_U ((struct node){ 0x0a620001, 0 })
#define SGW2_U ((struct node){ 0x0a620003, 0 })
#define ENB_U ((struct node){ 0x0a620004, 0 })

#define PORT 40364

#define GTPU_DATA 255

/* A transaction that @from begins with @to. */
struct transaction transaction_of(__u8 version, struct node from, struct node to);

/* Number @n of sessions that have nothing in common, between SGW and HOST. */
struct pdn pdn_of(__u8 n);

/* Is the session of @p in the table as @p says? */
bool is_up(const struct pdn *p);

/* Is the TEID of @end bound to the session with the responder's F-TEID @control? */
bool is_bound_to(const struct f_teid *control, const struct f_teid *end, enum xeir_plane plane);
bool is_unbound(const struct f_teid *end, enum xeir_plane plane);
bool same_end(const struct xeir_fteid *have, const struct f_teid *want);

/* Are all four TEIDs of @p bound to it, or to no session? */
bool has_all_bindings(const struct pdn *p);
bool has_no_bindings(const struct pdn *p);

/* Does user data to @end pass, and of @p either way? */
bool flows_to(const struct f_teid *end);
bool flows(const struct pdn *p);

/* The entry of a handset to be stopped. */
extern const struct xeir_side drop;

/* List the handset of @p or not, and sweep. */
void list_handset(const struct pdn *p);
void unlist_handset(const struct pdn *p);

/* Send the request in msg, then a response with only a cause, to @teid. */
bool do_simple(struct transaction *x, __u8 response_type, __u32 teid, __u8 cause);

void test_gtp1(void);
void test_gtp2(void);
void test_s11(void);
void test_responses(void);
void test_reuse(void);
void test_bindings(void);
void test_restart(void);
void test_cut(void);
void test_capacity(void);
void test_tricks(void);

#endif /* XEIR_SELFTESTS_SESSION_H */
