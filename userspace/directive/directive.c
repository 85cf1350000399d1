// SPDX-License-Identifier: GPL-2.0-only
#include "directive/directive.h"

#include <stdlib.h>
#include <string.h>

void directive_free(struct directive *directive)
{
	metadata_free(&directive->metadata);
	free(directive->puts);
	free(directive->removes);
	json_decref(directive->signature);
	json_decref(directive->faults);
	memset(directive, 0, sizeof(*directive));
}
