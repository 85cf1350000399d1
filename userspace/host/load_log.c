// SPDX-License-Identifier: GPL-2.0-only
#include "host/load_log.h"

#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>

static FILE *kept;
static char *text;
static size_t size;

static int keep(enum libbpf_print_level level, const char *format, va_list args)
{
	return level == LIBBPF_WARN ? vfprintf(kept, format, args) : 0;
}

void load_log_begin(void)
{
	kept = open_memstream(&text, &size);
	if (kept)
		libbpf_set_print(keep);
}

void load_log_print(void)
{
	if (kept && !fflush(kept))
		fputs(text, stderr);
}

void load_log_end(void)
{
	libbpf_set_print(NULL);
	if (kept)
		fclose(kept);
	free(text);
	kept = NULL;
	text = NULL;
}
