/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The programs, loaded and pinned with their maps. Calls return a descriptor or 0,
 * or a negative errno after complain().
 */
#ifndef XEIR_HOST_BPF_LOAD_H
#define XEIR_HOST_BPF_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "host/capacity.h"

#define PROGRAM_PIN	"xeir_ingress"
#define EGRESS_PIN	"xeir_egress"
#define HOOK_PIN	"xeir_hook"
#define SWEEP_PIN	"xeir_sweep"

/* Prefix of a pin that will replace the one without it. */
#define NEXT_PIN	"next-"

/* The next program of an interface's filter. */
#define NEXT_ATTACHMENT_PIN	NEXT_PIN "egress"

/* What is pinned, or what of it to unpin. */
struct pinned {
	bool maps;
	bool program;	/* all programs */
};

/*
 * Pin the maps and programs that are not pinned yet. Maps that are there are kept; @capacity
 * is for new ones. @made: what was not there before.
 */
int bpf_load_pin(const struct capacity *capacity, struct pinned *made);

/* Unpin; what is not there is no error. */
int bpf_load_unpin(const struct pinned *gone);

/*
 * Load the programs of this xeir over the pinned maps, and pin them as NEXT_PIN...; maps that
 * are new to it are made. With opt.dry_run nothing is pinned.
 */
int bpf_load_pin_next(void);

/* Rename them, in place of the others. */
int bpf_load_advance(void);

/* Is the program with the BPF id @id the same code as the one pinned as @pin? */
bool bpf_load_is_like(uint32_t id, const char *pin);

/* BPF id of the program that is pinned as @pin; 0: there is none. */
uint32_t bpf_load_program_id(const char *pin);

#endif /* XEIR_HOST_BPF_LOAD_H */
