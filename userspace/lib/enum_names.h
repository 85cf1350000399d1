/* SPDX-License-Identifier: GPL-2.0-only */
/* The words that people and scripts read for the enums of the UAPI. */
#ifndef XEIR_LIB_ENUM_NAMES_H
#define XEIR_LIB_ENUM_NAMES_H

#include <stddef.h>
#include <linux/types.h>

const char *action_name(__u8 action);	/* pass, watch, reject, drop */
int action_value(const char *name);	/* -1: no such action */
const char *enforce_name(__u8 enforce);	/* on, permissive, off */
int enforce_value(const char *name);	/* -1: no such word */
const char *rule_name(__u8 rule);	/* not-gtp-c, fragment, not-listed, imei, tac, ... */
const char *kind_name(__u8 kind);	/* imei, tac, exception, msisdn, imsi */
const char *kind_title(__u8 kind);	/* IMEI, TAC, exception, MSISDN, IMSI */

/* The kind of the one number that this word names, which stands in front of it; 0: none. */
__u8 kind_of_word(const char *word, size_t len);

/* What an entry does: an exception, whose action means nothing, lets pass. */
const char *entry_action(__u8 kind, __u8 action);

#endif /* XEIR_LIB_ENUM_NAMES_H */
