/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEIR_LIB_VERSION_H
#define XEIR_LIB_VERSION_H

#define XEIR_VERSION "0.1"

#endif /* XEIR_LIB_VERSION_H */
