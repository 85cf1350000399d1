// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/rollback.h"

#include <errno.h>
#include <stdio.h>

#include "cmd/change_print.h"
#include "lib/opt.h"
#include "policy/rollback.h"
#include "transport/transport_open.h"

static void print_kept(const json_t *kept)
{
	json_t *by;
	size_t i;

	json_array_foreach(kept, i, by) {
		const json_t *directive = json_object_get(by, "directive");
		json_int_t n = json_integer_value(json_object_get(by, "entries"));

		printf("%" JSON_INTEGER_FORMAT " of them stay%s listed by ", n, n == 1 ? "s" : "");
		if (json_is_null(directive))
			puts("an entry without a directive");
		else
			printf("directive %" JSON_INTEGER_FORMAT "\n",
			       json_integer_value(directive));
	}
}

int directive_rollback(uint32_t directive)
{
	struct transport *t = transport_open();
	json_t *kept = json_array();
	struct outcome outcome;
	int err = t ? rollback(t, directive, kept, &outcome) : -EIO;

	if (!err) {
		change_print(t, &outcome, NULL, json_pack("{s:O}", "kept", kept));
		if (!opt.json)
			print_kept(kept);
	}
	if (t)
		t->ops->close(t);
	json_decref(kept);
	return change_status(err);
}
