// SPDX-License-Identifier: GPL-2.0-only
/* Look up keys at random, half of them listed, as the rules do. */
#include "lookup.bpf.h"

#include "fast_path.bpf.h"

/* The fast path calls these, but no message is judged here. */
int xeir_check_session(const struct xeir_datagram *d, __u32 which)
{
	(void)d, (void)which;
	return 0;
}

static __always_inline int is_self_generated(const struct xeir_datagram *d, struct xeir_message *m)
{
	(void)d, (void)m;
	return 0;
}

const volatile __u32 listed;
__u64 found;

static int look_up(__u32 i, void *ctx)
{
	struct xeir_side side = {};
	struct xeir_key key;
	__u32 live = 0;

	(void)i, (void)ctx;
	nth_key(bpf_get_prandom_u32() % (2 * listed), &key);
	found += xeir_list_side(&live, &key, &side);
	return 0;
}

SEC("syscall")
int look_up_many(void *ctx)
{
	(void)ctx;
	bpf_loop(LOOKUPS, look_up, NULL, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
