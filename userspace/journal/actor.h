/* SPDX-License-Identifier: GPL-2.0-only */
/* Who gives a command, for the journal. */
#ifndef XEIR_JOURNAL_ACTOR_H
#define XEIR_JOURNAL_ACTOR_H

#define ACTOR_TEXT 128

/*
 * The user as whom the tool runs, and behind a slash who logged in, if that is another one: what
 * pam_loginuid says, as it survives sudo and su. Returns @text.
 */
const char *actor_text(char text[ACTOR_TEXT]);

#endif /* XEIR_JOURNAL_ACTOR_H */
