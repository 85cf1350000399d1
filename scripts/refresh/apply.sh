# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # shared with those that source it
# Give a list to xeir, which checks its signature, SHA-256, count and age, and applies all of it or
# nothing.

tool_options() {
	local name
	options=(--json)
	for name in issuer directive format map breaker; do
		! has $name || options+=("--$name" "$(value $name)")
	done
	[[ " $(value sidecar) " != *" minisig "* ]] || options+=(--signature "$list.minisig")
	[[ ! $force ]] || options+=(--force "$force")
}

# Applied again, it would drop the same subscribers until the breaker trips again.
was_undone() {
	local refused
	refused=$(list_in "$home/refused")
	[[ ! $force && -f $home/refused/undone && $refused ]] && cmp -s "$list" "$refused"
}

keep_refused() {
	replace_dir "$part" "$home/refused"
	why+="; it is $home/refused/${list##*/}"
}

# The number may be in the signature or in the rows, so read it from the journal.
last_directive() {
	"$xeir" --json directive list | jq --arg issuer "$(value issuer)" \
		'map(select($issuer == "" or .issuer == $issuer)) | max_by([.received, .number]).number // 0'
}

note_applied() {
	local added removed
	{
		read -r 'status[entries]'
		read -r added
		read -r removed
		read -r 'status[pending]'
	} < <(jq '.entries, .added, .removed, .pending' <"$home/said")
	status[directive]=$(last_directive)
	status[changed]=$now
	text="applied, $added added, $removed removed, ${status[entries]} listed"
	replace_dir "$part" "$home/last"
}

apply() {
	local options result=0 verb=sync
	[[ $(value kind) = full ]] || verb=load
	if was_undone; then
		rm -rf "$part"
		why="the breaker has undone this list before; --force REASON applies it again"
		return 3
	fi
	tool_options
	"$xeir" $verb "${options[@]}" "$list" >"$home/said" 2>"$home/error" </dev/null || result=$?
	why=$(tail -n 2 "$home/error")
	case $result in
	0) note_applied ;;
	2) keep_refused ;;
	3) touch "$part/undone" && keep_refused ;;
	*) rm -rf "$part" && result=1 ;;
	esac
	return $result
}
