/* SPDX-License-Identifier: GPL-2.0-only */
/* The UDP datagrams to and from the GTP-C port in a capture file. */
#ifndef XEIR_LIB_CAPTURE_H
#define XEIR_LIB_CAPTURE_H

#include <xeir/packet.h>

struct capture;

/* @path "-" is stdin. NULL after complain(). */
struct capture *capture_open(const char *path);
void capture_close(struct capture *capture);

/*
 * 1: *datagram is the next one, *bytes what it holds, until the next call; 0: the end;
 * -EIO after complain(): damaged.
 */
int capture_next(struct capture *capture, struct xeir_datagram *datagram, struct xeir_bytes *bytes);

/* Frames so far; of these, fragments behind the first of a UDP datagram, which hold no header. */
unsigned long capture_frames(const struct capture *capture);
unsigned long capture_fragments(const struct capture *capture);

#endif /* XEIR_LIB_CAPTURE_H */
