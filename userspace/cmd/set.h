/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEIR_CMD_SET_H
#define XEIR_CMD_SET_H

#include <jansson.h>

/* A value of settings_json() as people read it. */
void setting_print(const json_t *value);

#endif /* XEIR_CMD_SET_H */
