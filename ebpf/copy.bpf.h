/* SPDX-License-Identifier: GPL-2.0-only */
/* Template, see xdp.bpf.h: judge a message that does not lie in one buffer. */

/* judge() for a message @start octets into the datagram, which is copied first. */
__noinline int PATH_FN(judge_copy)(PATH_CTX *ctx, const struct xeir_datagram *d, __u32 which,
				   __u32 start)
{
	__u32 cpu = bpf_get_smp_processor_id(), last;
	struct xeir_copy *copy = bpf_map_lookup_elem(&xeir_copies, &cpu);
	struct xeir_bytes bytes;

	if (!d || !copy)
		return 0;
	last = PATH_LENGTH(ctx) - d->off - start - 1;
	if (last > XEIR_OFFSET_MASK)
		last = XEIR_OFFSET_MASK;
	xeir_hide(last);
	last &= XEIR_OFFSET_MASK;
	if (PATH_LOAD(ctx, d->off + start, copy->octets, last + 1))
		return 0;
	bytes.start = copy->octets;
	bytes.end = copy->octets + last + 1;
	return judge(&bytes, d, which, start);
}
