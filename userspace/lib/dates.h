/* SPDX-License-Identifier: GPL-2.0-only */
/* Dates: 2027-01-31 (as that day begins, UTC), 2027-01-31T08:00:00Z, or seconds. */
#ifndef XEIR_LIB_DATES_H
#define XEIR_LIB_DATES_H

#include <stddef.h>
#include <linux/types.h>

#define DATE_TEXT 24 /* size of the text of one */
#define DATE_FORMS "YYYY-MM-DD, YYYY-MM-DDTHH:MM:SSZ or seconds since 1970"

/* 0, or -1: it is none of these, or does not fit 32 bits. */
int date_read(const char *text, size_t len, __u32 *date);

/* What was expected in place of a text that is refused. */
const char *date_expected(const char *text, size_t len);

/* 9999-12-31 means that there is none: *expiry is 0. Likewise. */
int date_read_expiry(const char *text, size_t len, __u32 *expiry);

/* A deadline: a date, or the midnight that begins it, means the end of that day. Likewise. */
int date_read_due(const char *text, size_t len, __u32 *due);

/* YYYYMMDD, as DIRBS has it in block_date: the start of that day. 0, or -1: it is none. */
int date_read_yyyymmdd(const char *text, size_t len, __u32 *date);
const char *date_expected_yyyymmdd(const char *text, size_t len);

/* With seconds, so that reading it gives the same again; "" for 0. Returns @text. */
const char *date_text(__u32 date, char text[DATE_TEXT]);

#endif /* XEIR_LIB_DATES_H */
