// SPDX-License-Identifier: GPL-2.0-only
/*
 * The session tables with two CPUs at once: two threads, each on its CPU, send transactions of the
 * same few sessions past the programs, and a third one changes the list and sweeps. After each
 * round the model of lib/invariants.h must be true of the maps. First the same on one CPU, where
 * it is checked after each step.
 *
 * usage: two_cpus_test [SEED [ROUNDS]]
 *
 * The seed decides what is sent, not which CPU comes first.
 */
#define _GNU_SOURCE
#include "unit/two_cpus.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "lib/invariants.h"
#include "lib/tap.h"

#define CPUS 2
#define STEPS 64 /* of a round: an event on each CPU */
#define MEET 8 /* the steps that both CPUs begin at once: each so many */

/* What a round sends: step by step, and what each CPU does in it. */
static struct event events[STEPS][CPUS];

static struct random of_round, of_list;
static __u32 sequence;

/* Of the round: responses sent that may change something, by each CPU. */
static unsigned int responses[CPUS];

/* Half of the time both CPUs are about one session, and half of these send the same. */
static void choose_events(bool change)
{
	for (int i = 0; i < STEPS; i++) {
		const unsigned int how = random_below(&of_round, 4);
		struct event *e = events[i];

		for (int cpu = 0; cpu < CPUS; cpu++) {
			e[cpu] = event_random(&of_round, change);
			e[cpu].sequence = ++sequence;
		}
		if (how < 2)
			e[1].slot = e[0].slot;
		if (!how) {
			e[1] = e[0];
			e[1].delay = random_below(&of_round, 2000);
		}
	}
}

/* A commit of the tool, and what it does then. */
static void change_list(void)
{
	slot_list(random_below(&of_list, SLOTS), random_below(&of_list, 2));
	tables_sweep();
}

static unsigned int answered(void)
{
	struct xeir_transaction_key key;
	struct xeir_transaction x;
	const int map = tables_map("xeir_pending");
	unsigned int n = 0;

	for (int more = bpf_map_get_next_key(map, NULL, &key); !more;
	     more = bpf_map_get_next_key(map, &key, &key))
		n += !bpf_map_lookup_elem(map, &key, &x) && x.answered;
	return n;
}

/* Responses that were counted as of no use. */
static __u64 useless(void)
{
	return tables_tally(XEIR_TALLY_UNSOLICITED) + tables_tally(XEIR_TALLY_RETRANSMITTED);
}

/* Each response is the answer of one transaction, or is counted; @before is useless(). */
static void check_once(struct breaches *b, __u64 before)
{
	const unsigned int sent = responses[0] + responses[1], done = answered();
	const __u64 counted = useless() - before;

	if (done + counted != sent)
		breach(b, INVARIANT_ONCE, "%u responses, %u transactions answered, %llu counted",
		       sent, done, counted);
}

static void clear(const char *name)
{
	const int map = tables_map(name);
	__u8 key[64];

	while (!bpf_map_get_next_key(map, NULL, key))
		bpf_map_delete_elem(map, key);
}

static void clear_tables(void)
{
	static const struct xeir_cut_teids bits;
	static const struct xeir_cutting cutting;
	__u64 none[libbpf_num_possible_cpus()];
	const __u32 zero = 0;

	memset(none, 0, sizeof(none));
	clear("xeir_sessions");
	clear("xeir_bearers");
	clear("xeir_bindings");
	bpf_map_update_elem(tables_map("xeir_cut_teids"), &zero, &bits, BPF_ANY);
	bpf_map_update_elem(tables_map("xeir_cutting"), &zero, &cutting, BPF_ANY);
	for (__u32 tally = 0; tally < XEIR_TALLIES; tally++)
		bpf_map_update_elem(tables_map("xeir_tallies"), &tally, none, BPF_ANY);
}

/* No breach is found twice, and the transactions never fill their table. */
static void end_round(const struct breaches *b)
{
	clear("xeir_pending");
	if (b->seen)
		clear_tables();
}

/* --- on one CPU ------------------------------------------------------------------------------ */

static void one_step(struct event *e, struct breaches *b)
{
	const int first = random_below(&of_round, CPUS);
	__u64 before = useless();

	memset(responses, 0, sizeof(responses));
	for (int i = 0; i < CPUS; i++) {
		responses[i] = event_send(&e[i ^ first]);
		if (!random_below(&of_round, 4))
			change_list();
	}
	invariants_check(b);
	check_once(b, before);
	before = invariants_digest();
	for (int i = 0; i < CPUS; i++)
		event_send_again(&e[i]);
	tables_sweep();
	if (invariants_digest() != before)
		breach(b, INVARIANT_NOTHING_ELSE, "a repeated response did");
	end_round(b);
}

static void one_cpu(unsigned int rounds, struct breaches *b)
{
	for (unsigned int round = 0; round < rounds; round++) {
		choose_events(true);
		for (int i = 0; i < STEPS; i++)
			one_step(events[i], b);
	}
}

/* --- on two CPUs ----------------------------------------------------------------------------- */

/* Of a round: what each CPU does at each step, and how far it has come. */
static struct cpu {
	pthread_t thread;
	int number; /* of the processor */
	atomic_uint steps;
} cpus[CPUS];

static bool again; /* send what changes nothing */
static atomic_bool ended;

/* Wait for the other CPU, so that both begin the step at once. */
static void meet(int i, unsigned int step)
{
	atomic_store(&cpus[i].steps, step + 1);
	while (atomic_load(&cpus[!i].steps) <= step)
		sched_yield();
}

static void *send_events(void *arg)
{
	const int i = (struct cpu *)arg - cpus;
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(cpus[i].number, &one);
	pthread_setaffinity_np(pthread_self(), sizeof(one), &one);
	for (unsigned int step = 0; step < STEPS; step++) {
		if (!(step % MEET))
			meet(i, step);
		if (again)
			event_send_again(&events[step][i]);
		else
			responses[i] += event_send(&events[step][i]);
	}
	return NULL;
}

static void *sweep(void *changes)
{
	while (!atomic_load(&ended)) {
		if (changes)
			change_list();
		else
			tables_sweep();
		sched_yield();
	}
	return NULL;
}

/* All events on both CPUs, and sweeps beside them, of a list that changes or not. */
static void run(bool changes)
{
	pthread_t sweeper;

	again = !changes;
	atomic_store(&ended, false);
	memset(responses, 0, sizeof(responses));
	for (int i = 0; i < CPUS; i++)
		atomic_store(&cpus[i].steps, 0);
	pthread_create(&sweeper, NULL, sweep, changes ? &of_list : NULL);
	for (int i = 0; i < CPUS; i++)
		pthread_create(&cpus[i].thread, NULL, send_events, &cpus[i]);
	for (int i = 0; i < CPUS; i++)
		pthread_join(cpus[i].thread, NULL);
	atomic_store(&ended, true);
	pthread_join(sweeper, NULL);
}

static void two_cpus(unsigned int rounds, struct breaches *b)
{
	__u64 before;

	for (unsigned int round = 0; round < rounds; round++) {
		before = useless();
		choose_events(true);
		run(true);
		invariants_check(b);
		check_once(b, before);
		before = invariants_digest();
		run(false);
		if (invariants_digest() != before)
			breach(b, INVARIANT_NOTHING_ELSE, "a repeated response or a sweep did");
		end_round(b);
	}
}

/* The first processors that this process may run on; false: there is but one. */
static bool find_cpus(void)
{
	cpu_set_t may;
	int n = 0;

	sched_getaffinity(0, sizeof(may), &may);
	for (int cpu = 0; cpu < CPU_SETSIZE && n < CPUS; cpu++)
		if (CPU_ISSET(cpu, &may))
			cpus[n++].number = cpu;
	return n == CPUS;
}

/* --- the report ------------------------------------------------------------------------------ */

/*
 * What two CPUs break today, as it is checked first and done then: docs/design.md, "Known limits".
 * Such a breach is printed, and is no failure. One CPU breaks none.
 */
static const bool known[INVARIANTS] = {
	[INVARIANT_ONCE] = true,    [INVARIANT_BINDING_UP] = true, [INVARIANT_OWN_ENDS] = true,
	[INVARIANT_HELD] = true,    [INVARIANT_BEARERS] = true,	   [INVARIANT_CUT] = true,
	[INVARIANT_TALLIES] = true,
};

static void report(const struct breaches *b, const char *where, unsigned int checks,
		   const bool *excused)
{
	for (int i = 0; i < INVARIANTS; i++) {
		if (b->found[i])
			printf("# %s: %s: not so in %u of %u checks, first: %s\n", where,
			       invariant_names[i], b->found[i], checks, b->first[i]);
		if (!excused || !excused[i])
			tap_ok(!b->found[i], "%s: %s", where, invariant_names[i]);
		else if (!b->found[i])
			printf("# %s: %s: known to break, held in %u checks\n", where,
			       invariant_names[i], checks);
	}
}

static __u64 choose_seed(const char *given)
{
	__u64 seed = 16;

	if (given)
		return strtoull(given, NULL, 10);
	if (getenv("XEIR_LONG"))
		getrandom(&seed, sizeof(seed), 0);
	return seed;
}

static void test(unsigned int rounds)
{
	struct breaches one = {}, two = {};

	one_cpu(rounds / 2, &one);
	report(&one, "one CPU", rounds / 2 * STEPS, NULL);
	clear_tables();
	if (!find_cpus()) {
		tap_skip("two CPUs", "there is but one");
		return;
	}
	two_cpus(rounds, &two);
	report(&two, "two CPUs", rounds, known);
}

int main(int argc, char **argv)
{
	const __u64 seed = choose_seed(argc > 1 ? argv[1] : NULL);
	const char *why = NULL;

	if (!tables_open(&(struct capacity){ TABLES_ROOM, .sessions = 1024 }, &why)) {
		if (why)
			return tap_skip_all(why);
		tap_ok(false, "the programs are loaded");
		return tap_done();
	}
	printf("# seed %llu\n", seed);
	of_round.state = of_list.state = seed | 1;
	test(argc > 2 ? strtoul(argv[2], NULL, 10) : getenv("XEIR_LONG") ? 2000 : 20);
	tables_close();
	return tap_done();
}
