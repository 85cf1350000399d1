/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XEIR_CMD_MONITOR_H
#define XEIR_CMD_MONITOR_H

/* Remove what a monitor leaves in the pin directory for the next one to lock. */
void monitor_forget(void);

#endif /* XEIR_CMD_MONITOR_H */
