# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the tests of directive files share. No list is there to load into, so that a file in order
# ends in status 1. Source it behind lib.sh.
# shellcheck disable=SC2034 # names for the tests

tool=$root/userspace/xeir
[[ -x $tool && -x $selftests/cli/directive_probe ]] || skip_all "the tool is not built: make all"
for program in gzip zstd python3 prlimit jq; do
	command -v $program >/dev/null || skip_all "$program is not installed"
done
lab_files
cd "$tmp"
export XEIR_PINS=$tmp/none

ok1=490154203237518 ok2=353490069873319 ok3=001017006041712

# reads VERB FILE [OPTION...]: $status, and what it printed, in out and err.
reads() {
	status=0
	"$tool" --transport bpf "$@" >out 2>err || status=$?
}

# accepted VERB FILE [OPTION...]: the file is in order, and nothing is printed.
accepted() {
	reads "$@"
	is "$status" 4 && is "$(wc -l <err)" 1 && contains err "not on a BPF file system"
}

# refused FAULT VERB FILE [OPTION...]: this is a fault of the file, and nothing is applied.
refused() {
	local fault=$1
	shift
	reads "$@"
	is "$status" 2 && is "$(wc -c <out)" 0 && { grep -qFx -- "$fault" err || { cat err; false; }; }
}

# gives USE TEXT LINE... [-- ARGUMENT...]: the text, as d, is read as these lines of entries.
gives() {
	local use=$1 lines=()
	printf '%b' "$2" >d
	shift 2
	while (($#)) && [[ $1 != -- ]]; do
		lines+=("$1")
		shift
	done
	"$selftests/cli/directive_probe" "$use" d "${@:2}" >out &&
		is "$(grep -E '^(list|remove) ' out)" "$(printf '%s\n' "${lines[@]}")"
}

# faults USE TEXT FAULT... [-- ARGUMENT...]: the text, as d, is refused for these reasons alone.
faults() {
	local use=$1 lines=()
	printf '%b' "$2" >d
	shift 2
	while (($#)) && [[ $1 != -- ]]; do
		lines+=("d:$1")
		shift
	done
	! "$selftests/cli/directive_probe" "$use" d "${@:2}" 2>err &&
		is "$(grep '^d:' err)" "$(printf '%s\n' "${lines[@]}")"
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

l1="list imei 49015420323751" l2="list imei 35349006987331" l3="list imei 00101700604171"
