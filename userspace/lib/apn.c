// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <string.h>
#include "lib/apn.h"

_Static_assert(APN_MIN == 3 && APN_MAX == 30, "APN_FORMS");

int apn_read(const char *text, size_t len, __u8 labels[XEIR_APN_OCTETS])
{
	size_t head = 0; /* of the present label */

	if (len < APN_MIN || len > APN_MAX)
		return -1;
	memset(labels, 0, XEIR_APN_OCTETS);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = text[i];

		if (isalnum(c) || c == '-') {
			labels[i + 1] = tolower(c);
			labels[head]++;
		} else if (c == '.' && labels[head]) {
			head = i + 1;
		} else {
			return -1;
		}
	}
	return labels[head] ? 0 : -1;
}
