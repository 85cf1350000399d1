// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/report_scope.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/report_rows.h"
#include "host/attachments.h"
#include "lib/opt.h"
#include "lib/say.h"
#include "lib/version.h"

static const char *const limits[] = {
	"It is of this host only. What other hosts of the network stopped is in their reports.",
	"xeir checks GTP-C messages that carry an IMEI, IMSI or MSISDN on the interfaces above. "
	"Traffic on other paths is not seen.",
	"An identifier is as the network reported it. Whether a handset was cloned or its IMEI "
	"changed cannot be seen.",
	"At least means that the value is a lower bound: attempts after the last snapshot of a "
	"boot, and those of entries that were removed, are not counted.",
	"Times are those of this host's clock.",
	"The journal is a chain of hashes. It shows later changes to whoever has kept an earlier "
	"head, and does not prevent them.",
};

static json_t *limits_json(void)
{
	json_t *array = json_array();

	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++)
		json_array_append_new(array, json_string(limits[i]));
	return array;
}

static json_t *interfaces_json(void)
{
	struct attachment *links = NULL;
	json_t *array = json_array();
	size_t n = 0;

	if (attachments_read(&links, &n)) {
		json_decref(array);
		return NULL;
	}
	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, json_pack("{s:s, s:s}", "interface", links[i].ifname,
						       "direction",
						       links[i].egress ? "egress" : "ingress"));
	free(links);
	return array;
}

static json_t *files_json(const struct report_query *query)
{
	return report_rows_json(
		query,
		"SELECT a.record, a.time, a.verb, who AS actor, a.file,"
		" ifnull(detail ->> 'sha256', detail ->> 'digest') AS sha256,"
		" detail ->> '$.signature.issuer' AS signer,"
		" detail ->> '$.signature.key_id' AS key_id,"
		" CASE json_type(detail, '$.reason') WHEN 'array' THEN (SELECT group_concat(value,"
		"  '; ') FROM json_each(detail, '$.reason')) ELSE detail ->> 'reason' END AS reason"
		" FROM arrival a JOIN record r ON r.id = a.record ORDER BY a.record");
}

static json_t *journal_json(const struct report_query *query)
{
	json_t *rows = report_rows_json(query, "SELECT id AS records, lower(hex(hash)) AS head"
					       " FROM record ORDER BY id DESC LIMIT 1");
	json_t *journal = json_incref(json_array_get(rows, 0));

	if (journal)
		json_object_set_new(journal, "file", json_of_text(query->store->path));
	json_decref(rows);
	return journal;
}

static json_t *first_json(const struct report_query *query)
{
	json_t *rows = report_rows_json(query, "SELECT moment FROM moment WHERE what = 'received'");
	json_t *from = json_object_get(json_array_get(rows, 0), "moment");

	from = from ? json_incref(from) : json_null();
	json_decref(rows);
	return from;
}

int report_add_scope(const struct report_query *query, json_t *report)
{
	char host[HOST_NAME_MAX + 1] = "";
	int bad;

	gethostname(host, sizeof(host) - 1);
	bad = json_object_set_new(report, "operator",
				  opt.operator_name ? json_string(opt.operator_name) : json_null());
	bad |= json_object_set_new(report, "host", json_of_text(host));
	bad |= json_object_set_new(report, "version", json_string(XEIR_VERSION));
	bad |= json_object_set_new(report, "interfaces", interfaces_json());
	bad |= json_object_set_new(report, "from", first_json(query));
	bad |= json_object_set_new(report, "files", files_json(query));
	bad |= json_object_set_new(report, "journal", journal_json(query));
	bad |= json_object_set_new(report, "limits", limits_json());
	return bad ? -EIO : 0;
}
