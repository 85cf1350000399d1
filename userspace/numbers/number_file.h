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
	struct number_update row; /* what each has that the file does not say */
	unsigned char digest[INPUT_DIGEST];
	uint64_t size;
};

/*
 * Its rows become updates. What is wrong with one is in @faults, for the caller to conclude from;
 * -EINVAL: the file could not be read to its end, said why. Other errors likewise.
 */
int number_file_read(struct number_file *file, struct number_updates *updates,
		     struct faults *faults);

#endif /* XEIR_NUMBERS_NUMBER_FILE_H */
