// SPDX-License-Identifier: GPL-2.0-only
#include "late.h"

#include <dlfcn.h>
#include <stdlib.h>

#include "xeir.h"

void *late_symbol(const char *const libraries[], const char *name)
{
	void *symbol = NULL, *library = NULL;

	for (const char *const *at = libraries; *at && !library; at++)
		library = dlopen(*at, RTLD_LAZY | RTLD_LOCAL);
	if (library)
		symbol = dlsym(library, name);
	if (symbol)
		return symbol;
	complain("%s cannot be used: %s", libraries[0], dlerror());
	exit(EXIT_FAILED);
}
