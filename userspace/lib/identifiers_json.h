/* SPDX-License-Identifier: GPL-2.0-only */
/* Identifiers as a member of JSON, for example in the detail of a record. */
#ifndef XEIR_LIB_IDENTIFIERS_JSON_H
#define XEIR_LIB_IDENTIFIERS_JSON_H

#include <jansson.h>
#include <stddef.h>
#include <xeir/maps.h>

/* By kind, {"imei": ["49015420323751", ...], "tac": [...]}; of an exception its IMEI and IMSI. */
json_t *identifiers_json(const struct xeir_key *keys, size_t n);

#endif /* XEIR_LIB_IDENTIFIERS_JSON_H */
