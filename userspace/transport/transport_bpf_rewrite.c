// SPDX-License-Identifier: GPL-2.0-only
#include "transport/transport_bpf_rewrite.h"

#include <errno.h>
#include <stdlib.h>
#include <xeir/list.h>

#include "transport/transport_bpf_batch.h"

/* What keys and entries a rewrite of the list makes of those that a writer left. */
struct rewrite {
	struct batch update;
	struct batch delete;
};

static int rewrite_finish(struct transport_bpf *v, struct rewrite *rewrite)
{
	int err = transport_bpf_batch_update(v, &rewrite->update);

	return err ? err : transport_bpf_batch_delete(v, &rewrite->delete);
}

/* Undo what is staged, and free what is spent. Returns 1 when the key stays listed. */
static int rewrite_one(struct transport_bpf *v, struct rewrite *rewrite, const struct xeir_key *key,
		       struct xeir_entry *entry)
{
	__u32 live = v->control->live;
	int err;

	if (xeir_entry_reached(entry, live)) {
		if (!xeir_entry_spent(entry))
			return 1;
		err = transport_bpf_batch_add(v, &rewrite->delete, key, entry,
					      transport_bpf_batch_delete);
		return err;
	}
	if (!xeir_entry_undo(entry, live))
		return transport_bpf_batch_add(v, &rewrite->delete, key, entry,
					       transport_bpf_batch_delete);
	err = transport_bpf_batch_add(v, &rewrite->update, key, entry, transport_bpf_batch_update);
	return err ? err : 1;
}

int transport_bpf_rewrite_recover(struct transport_bpf *v)
{
	struct rewrite *rewrite = calloc(1, sizeof(*rewrite));
	struct raw_list raw;
	__u32 entries = 0;
	int err = rewrite ? transport_bpf_list_read(v, &raw) : -ENOMEM;

	if (err) {
		free(rewrite);
		return err;
	}
	transport_bpf_list_wait();
	for (size_t i = 0; i < raw.n; i++) {
		err = rewrite_one(v, rewrite, &raw.keys[i], &raw.entries[i]);
		if (err < 0)
			break;
		entries += err;
	}
	if (err >= 0)
		err = rewrite_finish(v, rewrite);
	/*
	 * A program recognizes a replaced element by its address, which a second replacement
	 * could use again.
	 */
	transport_bpf_list_wait();
	if (!err) {
		v->control->entries = entries;
		v->control->pending = 0;
	}
	transport_bpf_list_free(&raw);
	free(rewrite);
	return err ? transport_bpf_list_failed("what a writer that died had begun cannot be undone",
					       err) :
		     0;
}

static void count_reverted(enum xeir_change change, struct outcome *outcome)
{
	outcome->added += change == XEIR_REMOVED;
	outcome->changed += change == XEIR_CHANGED;
	outcome->removed += change == XEIR_ADDED;
}

/*
 * In place, as programs take these entries for what they were before already: nothing is staged
 * that would count once more until the commit, or for good if that never came.
 */
static int revert_all(struct transport_bpf *v, struct raw_list *raw, uint32_t generation,
		      struct rewrite *rewrite, struct outcome *outcome)
{
	int err = 0;

	for (size_t i = 0; i < raw->n && err >= 0; i++) {
		struct xeir_entry *entry = &raw->entries[i];

		if (!xeir_entry_is_of(entry, generation, v->control->live))
			continue;
		count_reverted(xeir_entry_change(entry), outcome);
		if (xeir_entry_undo(entry, v->control->live))
			err = transport_bpf_batch_add(v, &rewrite->update, &raw->keys[i], entry,
						      transport_bpf_batch_update);
		else
			err = transport_bpf_batch_add(v, &rewrite->delete, &raw->keys[i], entry,
						      transport_bpf_batch_delete);
	}
	return err < 0 ? err : rewrite_finish(v, rewrite);
}

int transport_bpf_rewrite_revert(struct transport_bpf *v, uint32_t generation,
				 struct outcome *outcome)
{
	struct rewrite *rewrite = calloc(1, sizeof(*rewrite));
	struct raw_list raw;
	int err = rewrite ? transport_bpf_list_read(v, &raw) : -ENOMEM;

	if (!err) {
		/* until it is done, the next writer would count the entries anew */
		transport_bpf_list_set(&v->control->pending, 1);
		transport_bpf_list_wait();
		err = revert_all(v, &raw, generation, rewrite, outcome);
		transport_bpf_list_free(&raw);
	}
	free(rewrite);
	if (err)
		return transport_bpf_list_failed("the list cannot be put back", err);
	transport_bpf_list_set(&v->control->live, v->control->live + 1);
	v->control->entries += outcome->added - outcome->removed;
	transport_bpf_list_wait();
	transport_bpf_list_set(&v->control->pending, 0);
	return 0;
}
