/* SPDX-License-Identifier: GPL-2.0-only */
/* The words for the enums of the UAPI. */
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

/* The kind that this word in front of an identifier means; 0: none. */
__u8 kind_of_word(const char *word, size_t len);

/* What an entry does: an exception passes, whatever its action. */
const char *entry_action(__u8 kind, __u8 action);

#endif /* XEIR_LIB_ENUM_NAMES_H */
