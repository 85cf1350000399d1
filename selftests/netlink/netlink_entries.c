// SPDX-License-Identifier: GPL-2.0-only
/* What an entry must look like, and what a transaction does with those that do. */
#include <errno.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include "netlink/netlink_test.h"

#define MANY 20000
#define PER_MESSAGE 1600 /* 40 octets each: 64,000 in a message */

/* An entry attribute by attribute; a length or value of -1 leaves it out. */
struct wrong_entry {
	const char *what, *why;
	int error;
	long kind;
	int key_len;
	unsigned char key[15];
	long action;
};

#define GOOD_KEY                                         \
	{                                                \
		0x53, 0x43, 0x09, 0x60, 0x89, 0x37, 0x13 \
	}

static const struct wrong_entry wrong[] = {
	{ "no kind", "a kind and a key", EINVAL, -1, 7, GOOD_KEY, XEIR_ACTION_DROP },
	{ "no key", "a kind and a key", EINVAL, XEIR_KIND_IMEI, -1, {}, XEIR_ACTION_DROP },
	{ "no action", "needs an action", EINVAL, XEIR_KIND_IMEI, 7, GOOD_KEY, -1 },
	{ "kind 0", "no such kind", EOPNOTSUPP, 0, 7, GOOD_KEY, XEIR_ACTION_DROP },
	{ "kind 6", "no such kind", EOPNOTSUPP, 6, 7, GOOD_KEY, XEIR_ACTION_DROP },
	{ "kind 257", "no such kind", EOPNOTSUPP, 257, 7, GOOD_KEY, XEIR_ACTION_DROP },
	{ "an IMEI of 6 octets", "7 octets", EINVAL, XEIR_KIND_IMEI, 6, GOOD_KEY,
	  XEIR_ACTION_DROP },
	{ "an IMEI of 8 octets", "7 octets", EINVAL, XEIR_KIND_IMEI, 8, GOOD_KEY,
	  XEIR_ACTION_DROP },
	{ "an empty key", "7 octets", EINVAL, XEIR_KIND_IMEI, 0, {}, XEIR_ACTION_DROP },
	{ "a TAC of 7 octets", "4 (TAC)", EINVAL, XEIR_KIND_TAC, 7, GOOD_KEY, XEIR_ACTION_DROP },
	{ "a low nibble A",
	  "decimal",
	  EINVAL,
	  XEIR_KIND_IMEI,
	  7,
	  { 0x53, 0x4a, 0x09, 0x60, 0x89, 0x37, 0x13 },
	  XEIR_ACTION_DROP },
	{ "a high nibble F",
	  "decimal",
	  EINVAL,
	  XEIR_KIND_IMEI,
	  7,
	  { 0x53, 0x43, 0x09, 0x60, 0x89, 0x37, 0xf3 },
	  XEIR_ACTION_DROP },
	{ "zeros alone", "zeros", EINVAL, XEIR_KIND_IMEI, 7, {}, XEIR_ACTION_DROP },
	{ "a TAC of zeros", "zeros", EINVAL, XEIR_KIND_TAC, 4, {}, XEIR_ACTION_DROP },
	{ "action pass", "REMOVE", EINVAL, XEIR_KIND_IMEI, 7, GOOD_KEY, XEIR_ACTION_PASS },
	{ "an IMSI of 7 octets", "8 (MSISDN, IMSI)", EINVAL, XEIR_KIND_IMSI, 7, GOOD_KEY,
	  XEIR_ACTION_DROP },
	{ "an IMSI of 16 digits",
	  "decimal",
	  EINVAL,
	  XEIR_KIND_IMSI,
	  8,
	  { 0x04, 0x04, 0x01, 0x21, 0x43, 0x65, 0x87, 0x09 },
	  XEIR_ACTION_DROP },
	{ "an MSISDN with a digit behind the filler",
	  "decimal",
	  EINVAL,
	  XEIR_KIND_MSISDN,
	  8,
	  { 0x04, 0x04, 0xf1, 0x21, 0xff, 0xff, 0xff, 0xff },
	  XEIR_ACTION_DROP },
	{ "an MSISDN of no digit",
	  "decimal",
	  EINVAL,
	  XEIR_KIND_MSISDN,
	  8,
	  { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
	  XEIR_ACTION_DROP },
	{ "an exception that drops",
	  "an exception is watch",
	  EINVAL,
	  XEIR_KIND_EXCEPTION,
	  15,
	  { 0x53, 0x43, 0x09, 0x60, 0x89, 0x37, 0x13, 0x04, 0x04, 0x01, 0x21, 0x43, 0x65, 0x87,
	    0xf9 },
	  XEIR_ACTION_DROP },
	{ "action 4", "watch, reject or drop", EINVAL, XEIR_KIND_IMEI, 7, GOOD_KEY, 4 },
	{ "action 259", "watch, reject or drop", EINVAL, XEIR_KIND_IMEI, 7, GOOD_KEY, 259 },
};

static void refuse_entries(struct client *c)
{
	struct xeir_key key = imei(1);
	struct xeir_side side = drop_side(0);

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct nl_msg *m = request(c, XEIR_CMD_PUT, 0);
		const struct wrong_entry *w = &wrong[i];
		struct nlattr *nest;
		struct reply a;

		/* Index 2 of 4 entries. */
		add_entry(m, &key, &side);
		add_entry(m, &key, &side);
		nest = nla_nest_start(m, XEIR_A_ENTRY | NLA_F_NESTED);
		if (w->kind >= 0)
			nla_put_u32(m, XEIR_ENTRY_A_KIND, w->kind);
		if (w->key_len >= 0)
			nla_put(m, XEIR_ENTRY_A_KEY, w->key_len, w->key);
		if (w->action >= 0)
			nla_put_u32(m, XEIR_ENTRY_A_ACTION, w->action);
		nla_nest_end(m, nest);
		add_entry(m, &key, &side);
		a = exchange(c, m);
		is_refused(a, w->error, w->why, w->what);
		point(a.index == 2, "%s: the entry at fault is reported", w->what);
	}
}

static void refuse_messages(struct client *c)
{
	struct xeir_key key = imei(1);
	struct xeir_side side = drop_side(0);
	struct nl_msg *m;
	struct reply a;

	is_refused(command(c, XEIR_CMD_PUT), EINVAL, "no entry", "PUT without entries");
	is_refused(command(c, XEIR_CMD_REMOVE), EINVAL, "no entry", "REMOVE without entries");
	m = request(c, XEIR_CMD_REMOVE, 0);
	add_entry(m, &key, &side);
	a = exchange(c, m);
	is_refused(a, EINVAL, "nknown", "REMOVE with an action");
	point(a.index == 0, "the entry at fault is reported");
	m = request(c, XEIR_CMD_GET, 0);
	add_entry(m, &key, &side);
	is_refused(exchange(c, m), EINVAL, "nknown", "GET with an action");
	m = request(c, XEIR_CMD_GET, 0);
	add_entry(m, &key, NULL);
	add_entry(m, &key, NULL);
	is_refused(exchange(c, m), EINVAL, "just one", "GET of two entries");
	is_refused(command(c, XEIR_CMD_GET), EINVAL, "just one", "GET of none");
	m = request(c, XEIR_CMD_GET, NLM_F_DUMP);
	add_entry(m, &key, NULL);
	is_refused(exchange(c, m), EINVAL, "no attributes", "a dump with an entry");
	m = request(c, XEIR_CMD_PUT, 0);
	nla_put_u32(m, XEIR_A_GENERATION, 1);
	is_refused(exchange(c, m), EINVAL, "nknown", "PUT with an attribute not its own");
	m = request(c, XEIR_CMD_COMMIT, 0);
	nla_put_u32(m, XEIR_A_GENERATION, 1);
	is_refused(exchange(c, m), EINVAL, "", "COMMIT with an attribute");
	m = request(c, XEIR_CMD_PUT, 0);
	nla_put(m, XEIR_A_ENTRY, 4, &key);
	is_refused(exchange(c, m), EINVAL, "NLA_F_NESTED", "an entry that is no nest");
	is_refused(command(c, XEIR_CMD_LIST_NTF), EOPNOTSUPP, "", "a notice as a command");
	is_refused(command(c, XEIR_CMD_BEGIN), EBUSY, "this socket", "BEGIN twice");
}

void test_entries(void)
{
	struct maps m = maps_new(8);
	struct client *c = client_bound(&m);
	struct xeir_side side = drop_side(0);
	struct xeir_key key = imei(1);
	struct reply a;

	is_refused(put(c, &key, &side), EINVAL, "no transaction", "PUT without a transaction");
	is_refused(command(c, XEIR_CMD_COMMIT), EINVAL, "no transaction", "COMMIT without one");
	is_done(command(c, XEIR_CMD_BEGIN), "BEGIN");
	refuse_entries(c);
	refuse_messages(c);
	a = command(c, XEIR_CMD_ABORT);
	point(!a.error && a.value[XEIR_A_ADDED] == 1,
	      "entries before the wrong one had been taken");
	point(maps_size(&m) == 0, "ABORT leaves nothing");
	client_close(c);
	maps_close(&m);
}

static void is_result(struct reply a, unsigned int generation, unsigned int added,
		      unsigned int changed, unsigned int removed, unsigned int entries,
		      const char *what)
{
	if (!point(!a.error && a.value[XEIR_A_GENERATION] == generation &&
			   a.value[XEIR_A_ADDED] == added && a.value[XEIR_A_CHANGED] == changed &&
			   a.value[XEIR_A_REMOVED] == removed && a.value[XEIR_A_ENTRIES] == entries,
		   "%s: generation %u, added %u, changed %u, removed %u, entries %u", what,
		   generation, added, changed, removed, entries))
		printf("# found %d: %u, %u, %u, %u, %u\n", a.error, a.value[XEIR_A_GENERATION],
		       a.value[XEIR_A_ADDED], a.value[XEIR_A_CHANGED], a.value[XEIR_A_REMOVED],
		       a.value[XEIR_A_ENTRIES]);
}

static void begin(struct client *c)
{
	struct reply a = command(c, XEIR_CMD_BEGIN);

	if (a.error)
		is_done(a, "BEGIN");
}

/* Generation 1: IMEIs 1 to 3 and a TAC. */
static void first_commit(struct client *c, struct maps *m)
{
	struct xeir_side side = drop_side(7), until = { .action = XEIR_ACTION_WATCH, .expiry = 99 };
	struct xeir_key tac = { .kind = XEIR_KIND_TAC, .id = { 0x53, 0x43, 0x09, 0x60 } };
	struct xeir_entry entry;
	struct xeir_key key;
	struct reply a;
	int i;

	a = command(c, XEIR_CMD_BEGIN);
	point(!a.error && a.value[XEIR_A_GENERATION] == 1, "BEGIN returns the generation to come");
	point(maps_control(m).pending, "a transaction is marked in the control");
	for (i = 1; i <= 3; i++) {
		key = imei(i);
		is_done(put(c, &key, &side), "PUT");
	}
	is_done(put(c, &tac, &until), "PUT of a TAC");
	is_refused(get(c, &key), ENOENT, "not listed", "GET of what is not committed");
	point(maps_entry(m, &key, &entry) && entry.generation == 1 &&
		      entry.before.action == XEIR_ACTION_PASS && maps_control(m).live == 0,
	      "nor do packets meet it");
	is_result(command(c, XEIR_CMD_COMMIT), 1, 4, 0, 0, 4, "COMMIT");
	point(maps_control(m).live == 1 && !maps_control(m).pending, "it is live");

	a = get(c, &key);
	point(!a.error && a.listed == 1 && a.list[0].side.directive == 7 &&
		      a.list[0].side.action == XEIR_ACTION_DROP,
	      "GET of an IMEI");
	reply_free(&a);
	a = get(c, &tac);
	point(!a.error && a.listed == 1 && a.list[0].side.expiry == 99 &&
		      a.list[0].side.action == XEIR_ACTION_WATCH &&
		      !memcmp(&a.list[0].key, &tac, sizeof(tac)),
	      "GET of a TAC");
	reply_free(&a);
}

/* Generation 2 changes 1, leaves 2 as it is, removes 3, adds 4, and adds and removes 5. */
static void second_commit(struct client *c, struct maps *m)
{
	struct xeir_side same = drop_side(7), other = drop_side(8);
	struct xeir_key key[6];
	struct reply a;
	int i;

	for (i = 0; i < 6; i++)
		key[i] = imei(i);
	begin(c);
	put(c, &key[1], &other);
	put(c, &key[2], &same);
	is_done(remove_key(c, &key[3]), "REMOVE");
	is_done(remove_key(c, &key[0]), "REMOVE of what is not listed");
	put(c, &key[4], &same);
	put(c, &key[5], &same);
	remove_key(c, &key[5]);
	a = get(c, &key[3]);
	point(!a.error, "what is to be removed is still enforced");
	reply_free(&a);
	a = get(c, &key[1]);
	point(!a.error && a.list[0].side.directive == 7, "and what is to change is as it was");
	reply_free(&a);
	is_result(command(c, XEIR_CMD_COMMIT), 2, 1, 1, 1, 4, "COMMIT");
	point(maps_size(m) == 4, "what was removed has left the map");
	is_refused(get(c, &key[3]), ENOENT, "not listed", "GET of what was removed");
}

static void aborted(struct client *c, struct maps *m)
{
	struct xeir_side side = drop_side(9);
	struct xeir_key one = imei(1), three = imei(3);
	struct xeir_entry entry;
	struct reply a;

	begin(c);
	is_done(command(c, XEIR_CMD_FLUSH), "FLUSH");
	put(c, &one, &side);
	put(c, &three, &side);
	is_result(command(c, XEIR_CMD_ABORT), 2, 1, 1, 3, 4, "ABORT");
	point(maps_size(m) == 4 && maps_control(m).live == 2 && !maps_control(m).pending,
	      "nothing is left of it");
	point(maps_entry(m, &one, &entry) && entry.after.directive == 8 && entry.generation == 2,
	      "what it changed is as it was");
	begin(c);
	is_result(command(c, XEIR_CMD_COMMIT), 3, 0, 0, 0, 4, "the next COMMIT does not revive it");
	a = get(c, &one);
	point(!a.error && a.list[0].side.directive == 8, "and what packets meet is the same");
	reply_free(&a);
}

static void synced(struct client *c, struct maps *m)
{
	struct xeir_side same = drop_side(7), other = drop_side(10);
	struct xeir_key two = imei(2), four = imei(4), six = imei(6);

	begin(c);
	command(c, XEIR_CMD_FLUSH);
	put(c, &two, &same);
	put(c, &four, &other);
	put(c, &six, &other);
	is_result(command(c, XEIR_CMD_COMMIT), 4, 1, 1, 2, 3, "FLUSH and PUT");
	point(maps_size(m) == 3, "as many are in the map");
	begin(c);
	command(c, XEIR_CMD_FLUSH);
	is_result(command(c, XEIR_CMD_COMMIT), 5, 0, 0, 3, 0, "FLUSH");
	point(maps_size(m) == 0, "the map is empty");
}

static void full(struct client *c, struct maps *m)
{
	struct xeir_side side = drop_side(1), other = drop_side(2);
	struct nl_msg *msg = request(c, XEIR_CMD_PUT, 0);
	struct xeir_key key;
	struct reply a;
	int i;

	for (i = 0; i < 20; i++) {
		key = imei(i);
		add_entry(msg, &key, &side);
	}
	begin(c);
	a = exchange(c, msg);
	is_refused(a, ENOSPC, "full", "a 17th entry of 16");
	point(a.index == 16, "which one is reported");
	is_result(command(c, XEIR_CMD_COMMIT), 6, 16, 0, 0, 16, "COMMIT of those that fit");
	begin(c);
	for (i = 0; i < 16; i++) {
		key = imei(i);
		a = put(c, &key, &other);
		if (a.error)
			is_done(a, "PUT");
	}
	is_result(command(c, XEIR_CMD_COMMIT), 7, 0, 16, 0, 16, "a full list can be changed");
	a = command(c, XEIR_CMD_STATS);
	point(a.value[XEIR_A_CAPACITY] == 16 && a.value[XEIR_A_ENTRIES] == 16,
	      "STATS returns the capacity");
	point(maps_size(m) == 16, "the map holds 16");
}

static void counters(struct client *c, struct maps *m)
{
	int cpus = libbpf_num_possible_cpus();
	struct bpf_map_info info = {};
	struct xeir_counter each[cpus];
	__u32 len = sizeof(info), rule;
	struct reply a;
	int i;

	bpf_obj_get_info_by_fd(m->list, &info, &len);
	for (rule = 0; rule <= XEIR_RULE_MAX; rule++) {
		for (i = 0; i < cpus; i++)
			each[i] = (struct xeir_counter){ .packets = { rule + 1, 1ULL << 40, 3, 4 },
							 .lost = 5 };
		bpf_map_update_elem(m->counters, &rule, each, BPF_ANY);
	}
	a = command(c, XEIR_CMD_STATS);
	point(!a.error && a.value[XEIR_A_LIST_ID] == info.id, "STATS returns the list's BPF id");
	for (rule = 0; rule <= XEIR_RULE_MAX; rule++) {
		struct xeir_counter *sum = &a.counter[rule];

		if (sum->packets[XEIR_ACTION_PASS] != (rule + 1) * (__u64)cpus ||
		    sum->packets[XEIR_ACTION_WATCH] != (1ULL << 40) * cpus ||
		    sum->packets[XEIR_ACTION_REJECT] != 3ULL * cpus ||
		    sum->packets[XEIR_ACTION_DROP] != 4ULL * cpus || sum->lost != 5ULL * cpus)
			break;
	}
	point(rule > XEIR_RULE_MAX, "and every counter, summed over %d CPUs", cpus);
}

void test_transactions(void)
{
	struct maps m = maps_new(16);
	struct client *c = client_bound(&m);

	first_commit(c, &m);
	second_commit(c, &m);
	aborted(c, &m);
	synced(c, &m);
	full(c, &m);
	counters(c, &m);
	client_close(c);
	maps_close(&m);
}

static void put_many(struct client *c)
{
	struct reply a = { .index = ANY_INDEX };
	struct xeir_side side = drop_side(1);
	struct xeir_key key;
	int i, n;

	for (i = 0; i < MANY && !a.error; i += PER_MESSAGE) {
		struct nl_msg *m = request(c, XEIR_CMD_PUT, 0);

		for (n = i; n < i + PER_MESSAGE && n < MANY; n++) {
			key = imei(n);
			side.directive = n + 1;
			add_entry(m, &key, &side);
		}
		a = exchange(c, m);
	}
	is_done(a, "messages of 1,600 entries, 64,000 octets");
}

/* Every one of them just once, with its own directive. */
static bool complete(const struct reply *a)
{
	static bool seen[MANY];
	struct xeir_key key;
	unsigned int n;
	size_t i;

	memset(seen, 0, sizeof(seen));
	for (i = 0; i < a->listed; i++) {
		n = a->list[i].side.directive - 1;
		key = imei(n);
		if (n >= MANY || seen[n] || memcmp(&key, &a->list[i].key, sizeof(key)))
			return false;
		seen[n] = true;
	}
	return a->listed == MANY;
}

/* What @change does to a dump of which one buffer has been read. */
static void disturb(struct client *c, struct client *d, int change, bool commit, const char *what)
{
	struct reply a = { .index = ANY_INDEX };
	struct xeir_side side = drop_side(MANY);
	struct xeir_key key = imei(MANY - 1);

	begin(d);
	submit(c, request(c, XEIR_CMD_GET, NLM_F_DUMP));
	receive(c, &a);
	point(!a.done && !a.interrupted && a.listed, "a dump is under way");
	if (change == XEIR_CMD_PUT)
		put(d, &key, &side);
	else
		command(d, change);
	is_done(command(d, commit ? XEIR_CMD_COMMIT : XEIR_CMD_ABORT), what);
	while (!a.done && receive(c, &a))
		;
	point(a.done && !a.error && a.interrupted, "%s: the dump is flagged", what);
	reply_free(&a);
}

void test_dumps(void)
{
	struct maps m = maps_new(MANY);
	struct client *c = client_bound(&m), *d = client_open();
	struct reply a;

	a = dump(c);
	point(!a.error && a.messages == 1 && !a.listed && a.has[XEIR_A_GENERATION],
	      "the dump of an empty list is one message");
	begin(c);
	put_many(c);
	a = dump(c);
	point(!a.error && !a.listed, "a dump does not see an open transaction");
	is_result(command(c, XEIR_CMD_COMMIT), 1, MANY, 0, 0, MANY, "COMMIT");
	a = dump(c);
	point(!a.error && complete(&a), "the dump has every entry once");
	point(a.messages > 10 && !a.interrupted, "in %d messages, without the flag", a.messages);
	reply_free(&a);

	disturb(c, d, XEIR_CMD_PUT, true, "a change");
	disturb(c, d, XEIR_CMD_PUT, false, "an aborted change");
	a = dump(c);
	point(!a.error && complete(&a) && !a.interrupted, "the next dump is complete");
	reply_free(&a);
	disturb(c, d, XEIR_CMD_FLUSH, true, "a flush");
	point(maps_size(&m) == 0, "the map is empty");
	client_close(d);
	client_close(c);
	maps_close(&m);
}
