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

/* A deadline: a date, or the midnight that begins it, means the end of that day. Likewise. */
int date_read_due(const char *text, size_t len, __u32 *due);

/* YYYYMMDD, as DIRBS has it in block_date: the start of that day. 0, or -1: it is none. */
int date_read_yyyymmdd(const char *text, size_t len, __u32 *date);

/* With seconds, so that reading it gives the same again; "" for 0. Returns @text. */
const char *date_text(__u32 date, char text[DATE_TEXT]);

#endif /* XEIR_LIB_DATES_H */
