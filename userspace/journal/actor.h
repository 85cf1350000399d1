/* SPDX-License-Identifier: GPL-2.0-only */
/* The actor of an order: who gave the command. */
#ifndef XEIR_JOURNAL_ACTOR_H
#define XEIR_JOURNAL_ACTOR_H

#define ACTOR_TEXT 128

/*
 * The user of the process, and after a slash the user who logged in, if that is another one. The
 * latter is set by pam_loginuid, and survives sudo and su. Returns @text.
 */
const char *actor_text(char text[ACTOR_TEXT]);

#endif /* XEIR_JOURNAL_ACTOR_H */
