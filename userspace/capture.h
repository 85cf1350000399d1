/* SPDX-License-Identifier: GPL-2.0-only */
/* The UDP datagrams to and from the GTP-C port in a capture file. */
#ifndef XEIR_CAPTURE_H
#define XEIR_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>
#include <xeir/gtpc.h>

struct datagram {
	unsigned long frame;	/* 1-based number in the capture */
	uint16_t source;
	uint16_t destination;
	struct xeir_bytes bytes;	/* from behind the UDP header to the end of the frame */
	uint32_t octets;		/* that its UDP header gives it */
};

struct capture;

/* @path "-" is stdin. NULL: no capture, said why. */
struct capture *capture_open(const char *path);
void capture_close(struct capture *capture);

/* 1: *datagram is the next one, until the next call; 0: the end; -EIO: damaged, said where. */
int capture_next(struct capture *capture, struct datagram *datagram);

/* Frames so far; of these, fragments behind the first of a UDP datagram, which hold no header. */
unsigned long capture_frames(const struct capture *capture);
unsigned long capture_fragments(const struct capture *capture);

#endif /* XEIR_CAPTURE_H */
