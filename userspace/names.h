/* SPDX-License-Identifier: GPL-2.0-only */
/* The words that people and scripts read for the enums of the UAPI. */
#ifndef XEIR_NAMES_H
#define XEIR_NAMES_H

#include <linux/types.h>

const char *action_name(__u8 action);	/* pass, watch, reject, drop */
int action_value(const char *name);	/* -1: no such action */
const char *enforce_name(__u8 enforce);	/* on, watch, off */
int enforce_value(const char *name);	/* -1: no such word */
const char *rule_name(__u8 rule);	/* other, fragment, no-setup, not-listed, imei, tac, ... */
const char *kind_name(__u8 kind);	/* imei, tac */

#endif /* XEIR_NAMES_H */
