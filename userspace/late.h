/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Libraries that few verbs call, loaded at the first call: with all that they load in turn, they
 * would take two thirds of the time in which the tool starts.
 */
#ifndef XEIR_LATE_H
#define XEIR_LATE_H

/* @name of the first of @libraries (NULL ends them) that is there; without one the tool ends. */
void *late_symbol(const char *const libraries[], const char *name);

/* That function, looked up once. */
#define LATE(libraries, function)						\
	({									\
		static __typeof__(&(function)) found;				\
		if (!found)							\
			found = (__typeof__(found))late_symbol(libraries,	\
							       #function);	\
		found;								\
	})

#endif /* XEIR_LATE_H */
