// SPDX-License-Identifier: GPL-2.0-only
#include "lib/decimal.h"

int decimal_read_u32(const char *text, size_t len, __u32 *number)
{
	__u64 value = 0;

	if (!len || len > 10)
		return -1;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	*number = value;
	return value > 0xffffffffu ? -1 : 0;
}
