# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# xdp-filter on an interface, dropping what goes to GTP-C's port of UDP, with the features that need
# least. Where libxdp's dispatcher cannot be used, as on kernels without freplace, its program is
# on the interface itself, which is less work.
#
# Source it first: it locks and pins by fixed names, so that the part has its own file systems.

if [[ ! ${BENCH_MOUNTS-} ]]; then
	BENCH_MOUNTS=own exec unshare -m -- "$0"
fi
mount -t tmpfs bench /run
mount -t bpf bench /sys/fs/bpf

# filter_load NAMESPACE INTERFACE
filter_load() {
	nsenter --net="/run/netns/$1" -- xdp-filter load -m native -f udp "$2"
	nsenter --net="/run/netns/$1" -- xdp-filter port 2123 -p udp -m dst
}

filter_unload() {
	nsenter --net="/run/netns/$1" -- xdp-filter unload "$2"
}

# The id of what is on the interface.
filter_program() {
	ip -n "$1" -j link show "$2" | jq '.[0].xdp.prog.id'
}
