/* SPDX-License-Identifier: GPL-2.0-only */
/* What is wrong with a file: printed line by line, and collected as an array for JSON. */
#ifndef XEIR_DIRECTIVE_FAULTS_H
#define XEIR_DIRECTIVE_FAULTS_H

#include <jansson.h>

#define FAULTS_REPORTED 20	/* of a file; the rest is counted */

struct faults {
	const char *path;
	size_t n;
	size_t n_reported;
	json_t *array;	/* with opt.json; else NULL */
};

/* @format: "found ..., expected ...". Returns -EINVAL, for the caller to return. */
int fault(struct faults *faults, unsigned int line, unsigned int column, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The same for the file as a whole, which is reported however many were before. */
int fault_of_file(struct faults *faults, unsigned int line, unsigned int column, const char *format,
		  ...) __attribute__((format(printf, 4, 5)));

#endif /* XEIR_DIRECTIVE_FAULTS_H */
