// SPDX-License-Identifier: GPL-2.0-only
/* Any octets as a frame, from Ethernet on. */
#include <stdlib.h>

#include "lib/native.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static const struct xeir_config config = XEIR_CONFIG_DEFAULT;
	static const struct judge_entry entry = {
		.key = { XEIR_KIND_IMEI, { 0x53, 0x43, 0x09, 0x60, 0x89, 0x37, 0x13 } },
		.side.action = XEIR_ACTION_DROP,
	};
	struct judged v = native_frame(data, size, &config, &entry, 1).v;

	/* with this list nothing else is stopped */
	if (v.action && v.rule != XEIR_RULE_IMEI && v.rule != XEIR_RULE_TOO_MANY)
		abort();
	return 0;
}
