/* SPDX-License-Identifier: GPL-2.0-only */
/* What people take for a list of identifiers: archives, workbooks and pages that hold one. */
#ifndef XEIR_DIRECTIVE_FOREIGN_H
#define XEIR_DIRECTIVE_FOREIGN_H

#include <stddef.h>

struct foreign {
	const char *found, *expected;
};

/* By the first octets of a text; NULL: it may be a list. */
const struct foreign *foreign_text(const char *text, size_t len);

/* By the name of a file in a zip; NULL: that may be a list. */
const struct foreign *foreign_member(const char *name);

#endif /* XEIR_DIRECTIVE_FOREIGN_H */
