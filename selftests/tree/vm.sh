#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# scripts/vm fails if the kernel complained, whatever the command returned. The VM here is a
# script that leaves a console and an exit status.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

lab_files
mkdir "$tmp/bin"
cat >"$tmp/bin/qemu-system-x86_64" <<-'QEMU'
	#!/bin/bash
	for arg; do
		case $arg in
		file:*/console) echo "$SAID" >"${arg#file:}" ;;
		*path=*/status) echo "$STATUS" >"${arg##*path=}" ;;
		esac
	done
QEMU
chmod +x "$tmp/bin/qemu-system-x86_64"

# ends STATUS SAID [COMMAND'S]: of scripts/vm, when the console holds SAID.
ends() {
	local status=0
	SAID=$2 STATUS=${3:-0} PATH=$tmp/bin:$PATH "$root/scripts/vm" true >/dev/null 2>&1 || status=$?
	is "$status" "$1"
}

check "a quiet kernel" ends 0 "[    1.0] xeir: loading out-of-tree module taints kernel."
check "a command that fails" ends 3 "" 3
check "a warning" ends 1 "[    1.0] WARNING: CPU: 0 PID: 1 at kmod/list.c:1"
check "the module uses what is deprecated" ends 1 "[  363.437744] workqueue: work func \
sweep_again [xeir] enqueued on deprecated workqueue. Use system_{percpu|dfl}_wq instead."
check "KASAN" ends 1 "[    1.0] BUG: KASAN: use-after-free in judge_ipv4+0x20/0x90 [xeir]"
check "lockdep" ends 1 "[    1.0] WARNING: possible circular locking dependency detected"
check "RCU" ends 1 "[    1.0] WARNING: suspicious RCU usage"
check "a sleep where none may be" ends 1 "[    1.0] BUG: sleeping function called from invalid \
context at kernel/locking/mutex.c:580"
check "a task that hangs" ends 1 "[    1.0] INFO: task xeir:1 blocked for more than 300 seconds."
check "an object freed in use" ends 1 "[    1.0] ODEBUG: free active (active state 0) object \
type: timer_list hint: delayed_work_timer_fn+0x0/0x40"
check "a leak" ends 1 "[    1.0] kmemleak: 1 new suspected memory leaks (see \
/sys/kernel/debug/kmemleak)"
check "a detector of leaks that is off" ends 1 "[    1.0] kmemleak: Kernel memory leak detector \
disabled"
check "a reference to a namespace" ends 1 "[    1.0] ref_tracker: leaked reference."
failed="[    1.0] xeir: vmalloc error: size 131072, page order 0, failed to allocate pages
[    1.0] Call Trace:
[    1.0]  </TASK>"
check "an allocation that fails" ends 0 "$failed"
check "a fault behind it" ends 1 "$failed
[    1.0] BUG: KASAN: use-after-free in xeir"
check "KASAN at work" ends 0 "[    1.0] kasan: KernelAddressSanitizer initialized"
check "lockdep at work" ends 0 "[    1.0] Lock dependency validator: Copyright (c) 2006 Red Hat, \
Inc., Ingo Molnar"
check "another module does" ends 0 "[    1.0] workqueue: work func other [9p] enqueued on \
deprecated workqueue. Use system_{percpu|dfl}_wq instead."
finish
