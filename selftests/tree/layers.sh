#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# scripts/layers finds nothing in this tree, and each way round the order of rooms in a copy of it.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

lab_files
copy=$tmp/copy
mkdir "$copy"
(cd "$root" && find bench ebpf fuzz include kmod scripts selftests userspace \
	\( -name '*.[ch]' ! -name '*.skel.h' -o -name rooms.txt \) -print0 |
	tar -c --null -T -) | tar -x -C "$copy"

layers() {
	"$root/scripts/layers" "$copy"
}

clean() {
	is "$(layers)" ""
}

# plant FILE LINE...: a file that was not there.
planted=()
plant() {
	planted+=("$copy/$1")
	mkdir -p "$(dirname "$copy/$1")"
	printf '%s\n' "${@:2}" >"$copy/$1"
}

# finds LINE...: exactly these faults of what is planted, which is removed then.
finds() {
	local status=0
	layers >"$tmp/faults" || status=$?
	rm -r "${planted[@]}"
	planted=()
	diff <(printf '%s\n' "$@") <(grep planted "$tmp/faults") && is "$status" 1
}

check "this tree is clean" clean

plant userspace/lib/planted.c '' '#include "cmd/verb.h"'
check "an include of a higher room" finds \
	"userspace/lib/planted.c:2: includes userspace/cmd/verb.h, and lib/ may not include cmd/"
plant userspace/lib/planted.c '  #  include "cmd/verb.h"'
check "indented" finds \
	"userspace/lib/planted.c:1: includes userspace/cmd/verb.h, and lib/ may not include cmd/"
plant userspace/lib/planted.c '#include <cmd/verb.h>'
check "in angle brackets" finds \
	"userspace/lib/planted.c:1: includes userspace/cmd/verb.h, and lib/ may not include cmd/"
plant userspace/lib/planted.c '#include "../cmd/verb.h"'
check "by a relative path" finds \
	"userspace/lib/planted.c:1: includes userspace/cmd/verb.h, and lib/ may not include cmd/"
plant include/xeir/planted.h '#include "lib/say.h"'
check "an include of a higher tree" finds \
	"include/xeir/planted.h:1: includes userspace/lib/say.h, and include/xeir/ may not include userspace/"
plant userspace/lib/planted.c '#define HEADER "cmd/verb.h"' '#include HEADER'
check "an include by a macro" finds \
	"userspace/lib/planted.c:2: includes by a macro, which is not found in include, ebpf, userspace, selftests"
plant userspace/lib/planted.c '#include "verb.h"'
check "an include by another search path" finds \
	"userspace/lib/planted.c:1: includes verb.h, which is not found in include, ebpf, userspace, selftests"
plant userspace/lib/planted.c '' 'int verb_planted(const char *name,' '		 int n);'
plant userspace/cmd/planted.c 'int verb_planted(const char *name, int n)' '{' '}'
check "a function of a higher room without its header" finds \
	"userspace/lib/planted.c:2: declares verb_planted(), which userspace/cmd/planted.c defines"

plant userspace/lib/planted_a.h '#include "lib/planted_b.h"'
plant userspace/lib/planted_b.h '' '#include "lib/planted_a.h"'
check "two headers of a room that include each other" finds \
	"userspace/lib/planted_a.h:1: includes userspace/lib/planted_b.h, whose includes lead back to userspace/lib/planted_a" \
	"userspace/lib/planted_b.h:2: includes userspace/lib/planted_a.h, whose includes lead back to userspace/lib/planted_b"
plant userspace/lib/planted_a.c '#include "lib/planted_b.h"'
plant userspace/lib/planted_a.h ''
plant userspace/lib/planted_b.c '#include "lib/planted_a.h"'
plant userspace/lib/planted_b.h ''
check "two files that call each other" finds \
	"userspace/lib/planted_a.c:1: includes userspace/lib/planted_b.h, whose includes lead back to userspace/lib/planted_a" \
	"userspace/lib/planted_b.c:1: includes userspace/lib/planted_a.h, whose includes lead back to userspace/lib/planted_b"

plant userspace/planted/planted.c ''
check "a room that rooms.txt does not name" finds \
	"userspace/planted/planted.c:1: userspace/planted is no room of scripts/rooms.txt"
check "nothing is left of what was planted" clean
finish
