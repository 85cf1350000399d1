/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pin directory (opt.pins): where programs, maps and links outlive the tool.
 * Calls return a descriptor or 0, or a negative errno after complain().
 */
#ifndef XEIR_TRANSPORT_PINS_H
#define XEIR_TRANSPORT_PINS_H

#include <stdbool.h>
#include <xeir/maps.h>

/* Text of a map-name macro of xeir/maps.h. */
#define PIN_NAME_(x) #x
#define PIN_NAME(x) PIN_NAME_(x)

/* Is the directory, or its parent when it is not there, on a BPF file system? */
int pins_check(void);

/* Does that file system end with this mount namespace? Reports nothing. */
bool pins_private(void);

/* Lock the directory against other tools until the descriptor is closed. */
int pins_lock(bool exclusive);

/*
 * Of attach, detach and replace, one at a time: until the descriptor is closed. It is taken in
 * front of the journal, which is in front of pins_lock().
 */
int pins_lock_attachments(void);

/* The same; the directory is made, if its parent is a BPF file system. *made: it was not there. */
int pins_create_locked(bool *made);

/* With that lock: remove the directory, unless something is pinned there. */
int pins_remove_directory(void);

/* Open what is pinned there as @name; -ENOENT: nothing is attached. */
int pins_open(const char *name);

/* Is something pinned there as @name? Reports nothing. */
bool pins_has(const char *name);

/* Remove the pin @name; it is no error when there is none. */
int pins_remove(const char *name);

/* @path, of at least PATH_MAX octets, becomes the path of @name there. */
void pins_path(char *path, const char *name);

#endif /* XEIR_TRANSPORT_PINS_H */
