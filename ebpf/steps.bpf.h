/* SPDX-License-Identifier: GPL-2.0-only */
/* Template, see xdp.bpf.h: all steps, for a context that has the frame. */
#include "copy.bpf.h"
#include "frame.bpf.h"
#include "datagram.bpf.h"
#include "respond.bpf.h"
#include "emit.bpf.h"
#include "leave.bpf.h"

#undef PATH_CTX
#undef PATH_FN
#undef PATH_LENGTH
#undef PATH_LOAD
#undef PATH_STORE
#undef PATH_RESIZE
#undef PATH_IFINDEX
#undef PATH_JUDGE
