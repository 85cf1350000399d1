// SPDX-License-Identifier: GPL-2.0-only
#include "journal/actor.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define NOBODY ((uid_t)-1) /* logged in, as with cron and timers */

static uid_t login_uid(void)
{
	FILE *file = fopen("/proc/self/loginuid", "re");
	unsigned int uid;
	int n = file ? fscanf(file, "%u", &uid) : 0;

	if (file)
		fclose(file);
	return n == 1 ? uid : NOBODY;
}

static size_t print_user(uid_t uid, char *text, size_t size)
{
	const struct passwd *user = getpwuid(uid);
	int len = user ? snprintf(text, size, "%s", user->pw_name) :
			 snprintf(text, size, "uid %u", uid);

	return len < 0 || (size_t)len >= size ? size - 1 : (size_t)len;
}

const char *actor_text(char text[ACTOR_TEXT])
{
	uid_t login = login_uid(), uid = geteuid();
	size_t len = print_user(uid, text, ACTOR_TEXT / 2);

	if (login != NOBODY && login != uid) {
		text[len++] = '/';
		print_user(login, text + len, ACTOR_TEXT - len);
	}
	return text;
}
