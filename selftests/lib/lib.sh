# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # what is set here is used by those that source it
# What the end-to-end tests and the demo share: undo with each do, polls, TAP, and this laboratory
#
#	  namespace access		     namespace core
#	sgsnemu, gtp2_client  -- access0 === core0 [xeir] -- osmo-ggsn, gtp2_responder
#	      10.99.0.1, fd99::1	10.99.0.2 and .3, fd99::2
#
# Source it with `set -eu`. Namespaces, files and pins are this process's own, so that any number
# of such runs go side by side.

# The tests, and the tree that they test: what the Makefile took of it, in a kernel tree.
selftests=$(realpath "$(dirname "${BASH_SOURCE[0]}")/..")
root=$selftests/xeir
[[ -d $root ]] || root=$(dirname "$selftests")
in_netns=$selftests/lib/in_netns	# nsenter, with less to load at each of a thousand starts
access=xeir-access-$$
core=xeir-core-$$
access4=10.99.0.1 core4=10.99.0.2 pgw4=10.99.0.3
access6=fd99::1 core6=fd99::2
gateway=172.16.222.1	# of the subscribers, at the far end of the tunnel

# --- undo with each do -----------------------------------------------------------------------

undo=()

# Run this at the end, the last one first, however the end comes.
defer() {
	undo+=("$*")
}

undo_all() {
	local status=$? i

	trap '' INT TERM HUP
	trap - EXIT
	set +e
	for ((i = ${#undo[@]} - 1; i >= 0; i--)); do
		eval "${undo[i]}"
	done
	exit $status
}
trap undo_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

declare -A running=()

# start LOG NAMESPACE COMMAND...: in the background; its process id is in $started.
start() {
	local log=$1 ns=$2
	shift 2
	"$in_netns" "$ns" "$@" >"$log" 2>&1 </dev/null &
	started=$!
	disown $started	# or bash reports how it ended
	running[$started]=1
	defer stop "$started"
}

# End what start began.
stop() {
	[[ ${running[$1]-} ]] || return 0
	unset "running[$1]"
	kill "$1" 2>/dev/null || true
	poll 2 gone "$1" || { kill -KILL "$1" 2>/dev/null && poll 2 gone "$1"; } || true
}

gone() {
	local state

	read -r _ _ state _ 2>/dev/null <"/proc/$1/stat" || return 0
	[[ $state == Z ]]
}

# --- polls -----------------------------------------------------------------------------------

# Until the command succeeds, for so many seconds at most.
poll() {
	local end=$((${EPOCHREALTIME/[.,]/} + $1 * 1000000))
	shift
	until "$@"; do
		((${EPOCHREALTIME/[.,]/} < end)) || return 1
		sleep 0.05
	done
}

contains() {
	grep -qs -- "$2" "$1"
}

# jq 1.6 compiles its own library at each start, which takes 0.3 s in an emulated machine.
if command -v gojq >/dev/null; then
	jq() {
		gojq "$@"
	}
fi

# --- how often --------------------------------------------------------------------------------

# rounds SHORT LONG [BRIEF]: how often to repeat in `make check`, in `make check-long`, and in an
# emulated machine of `make check`.
rounds() {
	if [[ ${XEIR_LONG-} ]]; then
		echo "$2"
	elif [[ ${XEIR_BRIEF-} ]]; then
		echo "${3-$1}"
	else
		echo "$1"
	fi
}

# --- TAP -------------------------------------------------------------------------------------

tests=0 failures=0

skip_all() {
	echo "1..0 # SKIP $*"
	exit 4
}

# check WHAT COMMAND...: one test, passed when the command succeeds. A function as command must
# chain its steps with &&: bash ignores `set -e` in it.
check() {
	local what=$1
	shift
	tests=$((tests + 1))
	if "$@" >"$tmp/output" 2>&1; then
		echo "ok $tests - $what"
	else
		failures=$((failures + 1))
		echo "not ok $tests - $what"
		{ echo "$*"; tail -n 20 "$tmp/output"; } | sed 's/^/# /'
	fi
}

is() {
	[[ $1 == "$2" ]] || {
		echo "found '$1', expected '$2'"
		return 1
	}
}

# exits STATUS SENTENCE COMMAND...: so, with that on stderr.
exits() {
	local status=$1 sentence=$2 found=0
	shift 2
	"$@" >"$tmp/out" 2>"$tmp/err" || found=$?
	cat "$tmp/err"
	is "$found" "$status" && contains "$tmp/err" "$sentence"
}

finish() {
	echo "1..$tests"
	((failures == 0)) || exit 1
	exit 0
}

# --- the laboratory --------------------------------------------------------------------------

# Why it cannot be built here, if so.
lab_missing() {
	local tool

	if ((EUID != 0)) || ! unshare --net true 2>/dev/null; then
		echo "network namespaces need root"
		return
	fi
	for tool in ip jq "$@"; do
		command -v "$tool" >/dev/null || {
			echo "$tool is not installed"
			return
		}
	done
	for tool in "$root/userspace/xeir" "$in_netns" "$selftests"/peers/gtp2_{client,responder}; do
		[[ -x $tool ]] || {
			echo "$tool is not built: make all"
			return
		}
	done
}

# lab_needs TOOL...: skip all tests where they cannot run.
lab_needs() {
	local why
	why=$(lab_missing "$@")
	[[ -z $why ]] || skip_all "$why"
}

in_access() {
	"$in_netns" "$access" "$@"
}

in_core() {
	"$in_netns" "$core" "$@"
}

# The tool, on the core's host.
xeir() {
	in_core "$root/userspace/xeir" "$@"
}

# with_fault N COMMAND...: the tool there, which meets $fault (kill) at its N-th call of $of (all);
# see faults/fault_at.c.
with_fault() {
	local n=$1
	shift
	in_core env LD_PRELOAD="$selftests/faults/fault_at.so" FAULT_AT="$n" \
		FAULT="${fault:-kill}" FAULT_OF="${of:-all}" "$root/userspace/xeir" "$@"
}

lab_files() {
	tmp=$(mktemp -d "${TMPDIR:-/tmp}/xeir.XXXXXX")
	defer "rm -rf '$tmp'"
	export XEIR_JOURNAL=$tmp/journal.db
}

# A BPF file system to pin in, and our own directory there.
lab_pins() {
	local bpffs=/sys/fs/bpf

	if [[ $(stat -f -c %T $bpffs 2>/dev/null) != bpf_fs ]]; then
		bpffs=$tmp/bpf
		mkdir "$bpffs"
		mount -t bpf xeir "$bpffs"
		defer "umount '$bpffs'"
	fi
	export XEIR_PINS=$bpffs/xeir-$$
	defer "rm -rf '$XEIR_PINS'"
}

# Nothing is left of what was listed and set, in the journal neither.
forget_all() {
	xeir detach all --yes && rm -f "$XEIR_JOURNAL"*
}

lab_side() {
	local ns=$1 dev=$2 addr4=$3 addr6=$4

	ip -n "$ns" addr add "$addr4/24" dev "$dev"
	ip -n "$ns" addr add "$addr6/64" dev "$dev" nodad
	ip -n "$ns" link set lo up
	ip -n "$ns" link set "$dev" up
}

lab_net() {
	ip netns add "$access"
	defer "ip netns del $access"
	ip netns add "$core"
	defer "ip netns del $core"
	ip link add access0 netns "$access" type veth peer name core0 netns "$core"
	lab_side "$access" access0 $access4 $access6
	lab_side "$core" core0 $core4 $core6
	ip -n "$core" addr add $pgw4/24 dev core0
}

lab_up() {
	lab_files
	lab_pins
	lab_net
}

# --- what xeir prints ------------------------------------------------------------------------

# prints_json [STATUS] FILTER JSON ARGUMENT...: the tool's JSON, through jq. It exits 0 or so.
prints_json() {
	local status=0 filter json found=0
	if [[ $1 == [0-9] ]]; then
		status=$1
		shift
	fi
	filter=$1 json=$2
	shift 2
	xeir --json "$@" >"$tmp/out" 2>"$tmp/err" || found=$?
	cat "$tmp/out" "$tmp/err"
	is "$(jq -c "$filter" "$tmp/out")" "$json" && is "$found" "$status"
}

# prints STATUS PATTERN ARGUMENT...: the tool, for people, on stdout or stderr.
prints() {
	local status=$1 pattern=$2 found=0
	shift 2
	xeir "$@" >"$tmp/out" 2>&1 || found=$?
	cat "$tmp/out"
	is "$found" "$status" && contains "$tmp/out" "$pattern"
}

# expire_soon ARGUMENT...: the tool, with an expiry as near as it takes it on this machine.
expire_soon() {
	local seconds
	for seconds in 2 4 8 16 32; do
		xeir "$@" expiry "$(date -u -d "+$seconds seconds" +%FT%TZ)" && return
	done
	return 1
}

# status_is FILTER JSON: of status, through jq.
status_is() {
	is "$(xeir --json status | jq -c "$1")" "$2"
}

# warns PATTERN: one of the warnings of status.
warns() {
	xeir --json status | jq -r '.warnings[]' >"$tmp/warnings" && contains "$tmp/warnings" "$1"
}

sql() {
	sqlite3 "$XEIR_JOURNAL" "$@"
}

# Packets that it has dropped.
dropped() {
	xeir --json stats | jq '[.rules[].drop] | add'
}

# How the tool is to reach the list: through the module, where it is loaded.
lab_transport() {
	if [[ -d /sys/module/xeir ]]; then
		echo netlink
	else
		echo bpf
	fi
}

# events_are N CONDITION: that many events of the monitor meet a jq condition.
events_are() {
	is "$(jq -s "map(select($2)) | length" "$tmp/events")" "$1" || {
		cat "$tmp/events"
		return 1
	}
}

monitor_start() {
	start "$tmp/events" "$core" "$root/userspace/xeir" --json monitor --backlog
}

# --- GTPv1: osmo-ggsn and sgsnemu ------------------------------------------------------------

ggsn_config() {
	cat <<-EOF
	log stderr
	 logging color 0
	 logging level all info
	line vty
	 no login
	 bind 127.0.0.1 4260
	ggsn ggsn0
	 gtp state-dir $tmp/ggsn
	 gtp bind-ip $core4
	 apn internet
	  gtpu-mode tun
	  tun-device tun4
	  type-support v4
	  ip prefix dynamic 172.16.222.0/24
	  ip ifconfig $gateway/24
	  ip dns 0 192.0.2.53
	  no shutdown
	 default-apn internet
	 no shutdown ggsn
	EOF
}

ggsn_start() {
	[[ -c /dev/net/tun ]] || modprobe tun 2>/dev/null || true
	mkdir "$tmp/ggsn" "$tmp/sgsn"
	ggsn_config >"$tmp/ggsn.cfg"
	start "$tmp/ggsn.log" "$core" osmo-ggsn -c "$tmp/ggsn.cfg"
	poll 10 contains "$tmp/ggsn.log" "GGSN(ggsn0): Successfully started"
}

# client_start LOG IMEISV IMSI [OPTION...]
# The state directory stays the same: sgsnemu's sequence numbers must not come again, or the GGSN
# takes a new request for a repeated one.
client_start() {
	start "$1" "$access" stdbuf -oL sgsnemu --listen $access4 --remote $core4 \
		--statedir "$tmp/sgsn" --pidfile "$tmp/sgsnemu.pid" --imeisv "$2" --imsi "$3" \
		--msisdn 46702123456 --apn internet "${@:4}"
	client=$started
}

# It ignores SIGTERM while it waits.
client_kill() {
	kill -KILL "$client" 2>/dev/null || true
	stop "$client"
}

# session_start IMEISV IMSI [OPTION...]: one context that pings on and on, until client_kill; $log
# shows what comes back.
session_start() {
	gtp1_sessions=$((${gtp1_sessions:-0} + 1))
	log=$tmp/session-$gtp1_sessions.log
	client_start "$log" "$1" "$2" --contexts 1 --pinghost $gateway --pingcount 100000 \
		--pingrate 20 "${@:3}"
	poll 20 contains "$log" "bytes from $gateway"
}

# gtp1_try IMEISV [SECONDS]: ask the GGSN for one context, ping the gateway through it. $outcome is
# then "accepted, address A, N pings answered", "rejected: cause C" or "no response". sgsnemu sends its request once
# and never gives up, so that SECONDS (3) are our patience.
gtp1_try() {
	local imei=$1 patience=${2:-3} log

	gtp1_tries=$((${gtp1_tries:-0} + 1))
	log=$tmp/sgsnemu-$gtp1_tries.log
	client_start "$log" "$imei" "2400101234567$((10 + gtp1_tries))" --contexts 1 \
		--pinghost $gateway --pingcount 2 --pingrate 10
	outcome="no response"
	poll 20 contains "$log" "Waiting for response"
	if poll "$patience" contains "$log" "Received create PDP context response"; then
		gtp1_outcome "$log"
	fi
	client_kill
}

# What the client has heard, as $outcome.
gtp1_outcome() {
	local log=$1 cause address pings

	cause=$(sed -n 's/.*create PDP context response. Cause value: //p' "$log")
	if [[ $cause ]]; then
		outcome="rejected: cause $cause"
		return
	fi
	poll 3 contains "$log" "Received delete PDP context response" || true
	address=$(sed -n 's/.*received EUA with IP address: //p' "$log")
	pings=$(grep -c "bytes from $gateway" "$log") || true
	outcome="accepted, address $address, $pings pings answered"
}

# How many contexts the GGSN says it has created.
ggsn_contexts() {
	grep -c "Successful PDP Context Creation" "$tmp/ggsn.log" || true
}

# --- GTPv2: our own peers --------------------------------------------------------------------

responder_start() {
	local addr=$1 log=$2
	shift 2
	start "$log" "$core" "$selftests/peers/gtp2_responder" "$addr" "$@"
	poll 5 contains "$log" "^ready"
}

# gtp2_try ADDR IMEI [OPTION...]: one Create Session Request; $outcome is what the client says.
gtp2_try() {
	local addr=$1 imei=$2
	shift 2
	outcome=$(in_access "$selftests/peers/gtp2_client" --remote "$addr" --imei "$imei" "$@") ||
		true
}
