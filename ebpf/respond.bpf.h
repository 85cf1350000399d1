/* SPDX-License-Identifier: GPL-2.0-only */
/* Template, see xdp.bpf.h: turn a frame into the response to the request in it. */

/* Build the response to the rejected request; 0: it cannot or must not have one. */
__noinline int PATH_FN(prepare_response)(PATH_CTX *ctx, const struct xeir_datagram *d)
{
	__u32 zero = 0, at;
	const struct xeir_config *config = bpf_map_lookup_elem(&XEIR_MAP_CONFIG, &zero);
	const struct xeir_message *m = bpf_map_lookup_elem(&xeir_messages, &zero);
	struct xeir_responding *r = bpf_map_lookup_elem(&xeir_responses, &zero);
	__u8 octets[6]; /* the destination's MAC address, then the TEID */

	if (!d || !config || !m || !r || !xeir_may_respond_to(d, &m->gtpc))
		return 0;
	/* without a MAC header, the caller has checked that the packet was sent to one host */
	if (d->ip && (PATH_LOAD(ctx, 0, octets, ETH_ALEN) || octets[0] & 1))
		return 0;
	__builtin_memset(&r->response, 0, sizeof(r->response));
	at = xeir_response_teid(&m->gtpc);
	if (!at || !xeir_response_choose(&m->gtpc, config, &r->response) ||
	    PATH_LOAD(ctx, d->off + at, octets, 4))
		return 0;
	/* a TEID of 0 names nobody */
	if (!xeir_be32(octets) || !may_respond(r, config->rejects))
		return 0;
	xeir_response_build(d, &m->gtpc, octets, &r->response);
	return 1;
}

/* Turn the frame into the response that was built, with its VLAN tags; not 0: that failed. */
static __always_inline int PATH_FN(turn)(PATH_CTX *ctx, const struct xeir_datagram *d)
{
	__u32 zero = 0, last;
	struct xeir_responding *r = bpf_map_lookup_elem(&xeir_responses, &zero);
	__u8 mac[2 * ETH_ALEN], swapped[2 * ETH_ALEN];

	if (!r || PATH_LOAD(ctx, 0, mac, sizeof(mac)))
		return -1;
	__builtin_memcpy(swapped, mac + ETH_ALEN, ETH_ALEN);
	__builtin_memcpy(swapped + ETH_ALEN, mac, ETH_ALEN);
	last = r->response.len - 1;
	xeir_hide(last);
	last &= XEIR_RESPONSE_OCTETS - 1;
	/* without a MAC header, the response overwrites what was swapped */
	return PATH_RESIZE(ctx, d->ip + last + 1) || PATH_STORE(ctx, 0, swapped, sizeof(swapped)) ||
	       PATH_STORE(ctx, d->ip, r->response.octets, last + 1);
}
