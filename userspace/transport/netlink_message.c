// SPDX-License-Identifier: GPL-2.0-only
#include "transport/netlink_message.h"

#include <errno.h>
#include <string.h>

#include "lib/identifier.h"
#include "lib/say.h"

int netlink_message_no_module(void)
{
	complain("the kernel has no netlink family \"%s\": load the module (modprobe xeir) or use "
		 "--transport bpf",
		 XEIR_GENL_NAME);
	return -ENOENT;
}

int netlink_message_refused(const struct genl *genl, const struct xeir_key *key, int err)
{
	const char *why = genl->sentence[0] ? genl->sentence : strerror(-err);
	char text[IDENTIFIER_TEXT];

	if (err == -EPERM && !genl->sentence[0])
		why = "not permitted; root (CAP_NET_ADMIN) is needed";
	if (key) {
		identifier_text(key, text);
		complain("%s: %s", text, why);
	} else {
		complain("the module refused: %s", why);
	}
	return err;
}

static int put_key(struct nlmsghdr *nlh, const struct xeir_key *key)
{
	size_t len = xeir_key_octets(key->kind);

	return mnl_attr_put_u32_check(nlh, GENL_MESSAGE_MAX, XEIR_ENTRY_A_KIND, key->kind) &&
	       mnl_attr_put_check(nlh, GENL_MESSAGE_MAX, XEIR_ENTRY_A_KEY, len, key->id);
}

static int put_side(struct nlmsghdr *nlh, const struct xeir_side *side)
{
	return mnl_attr_put_u32_check(nlh, GENL_MESSAGE_MAX, XEIR_ENTRY_A_ACTION, side->action) &&
	       (!side->directive ||
		mnl_attr_put_u32_check(nlh, GENL_MESSAGE_MAX, XEIR_ENTRY_A_DIRECTIVE,
				       side->directive)) &&
	       (!side->expiry ||
		mnl_attr_put_u32_check(nlh, GENL_MESSAGE_MAX, XEIR_ENTRY_A_EXPIRY, side->expiry));
}

int netlink_message_put_entry(struct nlmsghdr *nlh, const struct xeir_key *key,
			      const struct xeir_side *side)
{
	struct nlattr *nest = mnl_attr_nest_start_check(nlh, GENL_MESSAGE_MAX, XEIR_A_ENTRY);

	if (!nest)
		return 0;
	if (!put_key(nlh, key) || (side && !put_side(nlh, side))) {
		mnl_attr_nest_cancel(nlh, nest);
		return 0;
	}
	mnl_attr_nest_end(nlh, nest);
	return 1;
}

int netlink_message_read_outcome(const struct nlmsghdr *nlh, void *arg)
{
	struct outcome *outcome = arg;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		uint32_t *to = NULL;

		switch (mnl_attr_get_type(attr)) {
		case XEIR_A_GENERATION:
			to = &outcome->generation;
			break;
		case XEIR_A_ADDED:
			to = &outcome->added;
			break;
		case XEIR_A_CHANGED:
			to = &outcome->changed;
			break;
		case XEIR_A_REMOVED:
			to = &outcome->removed;
			break;
		case XEIR_A_ENTRIES:
			to = &outcome->entries;
			break;
		case XEIR_A_CUT:
			to = &outcome->cut;
			outcome->swept = true;
			break;
		case XEIR_A_FREED:
			to = &outcome->freed;
			break;
		}
		if (to && mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
			*to = mnl_attr_get_u32(attr);
	}
	return 0;
}

int netlink_message_read_entry(const struct nlattr *attr, void *arg)
{
	struct entry *entry = arg;
	size_t len = mnl_attr_get_payload_len(attr);
	int type = mnl_attr_get_type(attr);

	if (type == XEIR_ENTRY_A_KEY && len <= sizeof(entry->key.id))
		memcpy(entry->key.id, mnl_attr_get_payload(attr), len);
	else if (mnl_attr_validate(attr, MNL_TYPE_U32) < 0)
		return MNL_CB_OK;
	else if (type == XEIR_ENTRY_A_KIND)
		entry->key.kind = mnl_attr_get_u32(attr);
	else if (type == XEIR_ENTRY_A_ACTION)
		entry->side.action = mnl_attr_get_u32(attr);
	else if (type == XEIR_ENTRY_A_DIRECTIVE)
		entry->side.directive = mnl_attr_get_u32(attr);
	else if (type == XEIR_ENTRY_A_EXPIRY)
		entry->side.expiry = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

struct counter {
	uint32_t rule;
	struct xeir_counter values;
};

static int read_counter_attr(const struct nlattr *attr, void *arg)
{
	struct counter *counter = arg;
	int type = mnl_attr_get_type(attr);

	if (type == XEIR_COUNTER_A_RULE && mnl_attr_validate(attr, MNL_TYPE_U32) >= 0)
		counter->rule = mnl_attr_get_u32(attr);
	if (mnl_attr_validate(attr, MNL_TYPE_U64) < 0)
		return MNL_CB_OK;
	if (type >= XEIR_COUNTER_A_PASS && type <= XEIR_COUNTER_A_DROP)
		counter->values.packets[type - XEIR_COUNTER_A_PASS] = mnl_attr_get_u64(attr);
	else if (type == XEIR_COUNTER_A_LOST)
		counter->values.lost = mnl_attr_get_u64(attr);
	else if (type == XEIR_COUNTER_A_NOT_ENFORCED)
		counter->values.not_enforced = mnl_attr_get_u64(attr);
	return MNL_CB_OK;
}

int netlink_message_read_stats(const struct nlmsghdr *nlh, void *arg)
{
	struct netlink_stats *stats = arg;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		struct counter counter = { .rule = UINT32_MAX };
		int type = mnl_attr_get_type(attr);

		if (type == XEIR_A_COUNTER) {
			mnl_attr_parse_nested(attr, read_counter_attr, &counter);
			if (counter.rule <= XEIR_RULE_MAX)
				stats->figures.counters[counter.rule] = counter.values;
		} else if (mnl_attr_validate(attr, MNL_TYPE_U32) < 0) {
			continue;
		} else if (type == XEIR_A_GENERATION) {
			stats->figures.generation = mnl_attr_get_u32(attr);
		} else if (type == XEIR_A_ENTRIES) {
			stats->figures.entries = mnl_attr_get_u32(attr);
		} else if (type == XEIR_A_CAPACITY) {
			stats->figures.capacity = mnl_attr_get_u32(attr);
		} else if (type == XEIR_A_LIST_ID) {
			stats->list_id = mnl_attr_get_u32(attr);
		}
	}
	return 0;
}
