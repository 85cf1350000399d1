/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEIR_CMD_SAVE_H
#define XEIR_CMD_SAVE_H

/* Where save writes and restore reads when no file is given. */
#define SAVE_DIR	"/var/lib/xeir"
#define SAVE_FILE	SAVE_DIR "/list.csv"

#endif /* XEIR_CMD_SAVE_H */
