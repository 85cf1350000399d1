/* SPDX-License-Identifier: GPL-2.0-only */
/* A file of numbers: one a line, or CSV with the column msisdn. */
#ifndef XEIR_NUMBERS_NUMBER_FILE_H
#define XEIR_NUMBERS_NUMBER_FILE_H

#include "directive/faults.h"
#include "directive/input.h"
#include "numbers/number_updates.h"

struct number_file {
	const char *path; /* "-": stdin */
	const char *country; /* the code that a number of national form stands for */
	bool results; /* each row is to have a result */
	struct number_update row; /* what each row has besides the columns of the file */
	unsigned char digest[INPUT_DIGEST];
	uint64_t size;
};

/*
 * Rows become updates, and faulty rows go to @faults. -EINVAL: the file cannot be read to its end.
 * This and other errors after complain().
 */
int number_file_read(struct number_file *file, struct number_updates *updates,
		     struct faults *faults);

#endif /* XEIR_NUMBERS_NUMBER_FILE_H */
