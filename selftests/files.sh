#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What the tool reads, as files come: each format, packed or not, the damage that is refused, and
# files that mean harm. No list is there to load into, so that a file in order ends in status 1.
# shellcheck disable=SC2317 # functions are called through check
set -eu
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"

tool=$root/userspace/xeir
[[ -x $tool ]] || skip_all "the tool is not built: make all"
for program in gzip zstd python3 prlimit jq; do
	command -v $program >/dev/null || skip_all "$program is not installed"
done
lab_files
cd "$tmp"
export XEIR_PINS=$tmp/none

ok1=490154203237518 ok2=353490069873319 ok3=010170060417127

# reads VERB FILE [OPTION...]: $status, and what it said in out and err.
reads() {
	status=0
	"$tool" --via bpf "$@" >out 2>err || status=$?
}

# accepted VERB FILE [OPTION...]: the file is in order, and nothing is said of it.
accepted() {
	reads "$@"
	is "$status" 1 && is "$(wc -l <err)" 1 && says err "not on a BPF file system"
}

# refused FAULT VERB FILE [OPTION...]: this is a fault of the file, and nothing is applied.
refused() {
	local fault=$1
	shift
	reads "$@"
	is "$status" 2 && is "$(wc -c <out)" 0 && { grep -qFx -- "$fault" err || { cat err; false; }; }
}

# zipped ZIP FILE...
zipped() {
	python3 - "$@" <<-'EOF'
	import sys, zipfile
	with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as archive:
	    for name in sys.argv[2:]:
	        archive.write(name)
	EOF
}

# flip FILE AT TO: a copy in which the octet at this place is another one.
flip() {
	python3 - "$@" <<-'EOF'
	import sys
	data = bytearray(open(sys.argv[1], "rb").read())
	data[int(sys.argv[2])] ^= 0xff
	open(sys.argv[3], "wb").write(data)
	EOF
}

# --- packed ----------------------------------------------------------------------------------

printf '%s\n' $ok1 $ok2 >d.txt
printf 'imei,action\r\n%s,drop\r\n%s,watch\r\n' $ok1 $ok2 >d.csv
for text in d.txt d.csv; do
	gzip -k $text
	zstd -q $text
	zipped $text.zip $text
	for packed in $text.gz $text.zst $text.zip; do
		check "$packed" accepted load $packed
	done
done

by_stdin() {
	status=0
	"$tool" --via bpf load - <"$1" >out 2>err || status=$?
	is "$status" 1 && is "$(wc -l <err)" 1
}
check "gzip on stdin" by_stdin d.csv.gz
check "zip on stdin" by_stdin d.csv.zip

by_pipe() {
	mkfifo fifo
	(for ((i = 0; i < 40; i++)); do
		dd bs=1 skip=$i count=1 if=d.txt.gz status=none
	done; dd bs=1 skip=40 if=d.txt.gz status=none) >fifo &
	accepted load fifo
}
check "a pipe that gives an octet at a time" by_pipe

cat d.txt.gz d.txt.gz >twice.gz
check "gzip of two members" accepted load twice.gz
printf 'imei\n490154203237517\n' | gzip >fault.gz
check "a fault has the line of the text" \
	refused "fault.gz:2:15: found check digit 7, expected 8" load fault.gz
: | gzip >empty.gz
check "nothing in gzip" refused \
	"empty.gz:1:1: found the end of the file, expected a header line or a number" load empty.gz

mkdir __MACOSX
cp d.csv __MACOSX/._d.csv
zipped mac.zip d.csv __MACOSX/._d.csv
check "what macOS puts into a zip" accepted load mac.zip
zipped two.zip d.csv d.txt
check "two files in a zip" refused "two.zip:4:1: found more than one file in the zip, expected one" \
	load two.zip

# --- damaged ---------------------------------------------------------------------------------

head -c -9 d.csv.gz >cut.gz
check "gzip that is cut off" \
	refused "cut.gz:1:1: found damaged data (gzip that is cut off), expected a whole file" load cut.gz
flip d.csv.gz -6 crc.gz
check "gzip with a wrong checksum" \
	refused "crc.gz:1:1: found damaged data (incorrect data check), expected a whole file" load crc.gz
(cat d.csv.gz; echo more) >more.gz
check "gzip with something behind it" \
	refused "more.gz:1:1: found damaged data (incorrect header check), expected a whole file" \
	load more.gz
head -c -3 d.csv.zst >cut.zst
check "zstd that is cut off" \
	refused "cut.zst:1:1: found damaged data (Truncated zstd input), expected a whole file" load cut.zst
flip d.csv.zst -1 sum.zst
check "zstd with a wrong checksum" refused \
	"sum.zst:1:1: found damaged data (Zstd decompression failed: Restored data doesn't match checksum), expected a whole file" \
	load sum.zst
head -c 40 d.csv.zip >cut.zip
check "zip that is cut off" \
	refused "cut.zip:1:1: found damaged data (ZIP decompression failed (-5)), expected a whole file" load cut.zip

told_behind_others() {
	seq 100000 | gzip | head -c -8 >cut.gz
	reads load cut.gz
	is "$status" 2 && says err "found damaged data" && is "$(grep -c '^cut.gz:.* found' err)" 21 &&
		says err "^cut.gz: [0-9]* more"
}
check "damage is told behind 20 faults" told_behind_others

# --- with harm in mind -----------------------------------------------------------------------

# held COMMAND...: within so much memory and time.
held() {
	prlimit --as=$((400 << 20)) --cpu=20 -- "$@"
}

# harm FAULT COMMAND...: it gives the tool a file on stdin that is refused for this reason.
harm() {
	local fault=$1
	shift
	status=0
	"$@" 2>/dev/null | held "$tool" load - >out 2>err || status=${PIPESTATUS[1]}
	is "$status" 2 && { grep -qFx -- "$fault" err || { cat err; false; }; }
}

zeros_in_gzip() {
	head -c 2G /dev/zero | gzip -1
}
comments_in() {
	yes "# comment" | head -c 2G | "$@"
}
check "1 GiB in one line" \
	harm "-:1:1: found a line of over 65535 octets, expected text" head -c 1G /dev/zero
check "zeros in gzip" \
	harm "-:1:1: found a line of over 65535 octets, expected text" zeros_in_gzip
check "a bomb in gzip" harm \
	"-:107374184:1: found a text of over 1 GiB, expected a list" comments_in gzip -1
check "a bomb in zstd" harm \
	"-:1677723:1: found data that grows over 200 times when it is unpacked, expected a list" \
	comments_in zstd -q
check "a text without end" harm \
	"-:107374184:1: found a file of over 1 GiB, expected a list" yes "# comment"

stopped_in_a_pipe() {
	mkfifo endless
	(exec yes "# comment" >endless) 2>/dev/null &
	timeout -s INT 1 "$tool" load endless >out 2>err
	is $? 124 && is "$(wc -c <err)" 0
}
check "a pipe without end is stopped by ^C" stopped_in_a_pipe

many_faults() {
	yes x | head -n 10000000 >faults
	status=0
	held "$tool" load faults >out 2>err || status=$?
	is "$status" 2 && says err "10000000 faults; nothing of it is applied" && is "$(wc -l <err)" 22
	rm faults
}
check "10 million faults" many_faults

nuls() {
	(echo imei; head -c 60000 /dev/zero; echo) >nuls
	refused "nuls:2:1: found a NUL octet, expected text" load nuls
}
check "NULs" nuls

ln -s loop loop
loop() {
	reads load loop
	is "$status" 2 && says err "loop: Too many levels of symbolic links"
}
check "a symbolic link to itself" loop
ln -s d.csv link
check "a symbolic link to a list" accepted load link

finish
