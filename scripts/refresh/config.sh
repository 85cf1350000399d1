# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # what is set here is used by those that source it
# refresh.conf, read as text and never executed:
#
#	key = value	# before the first source: applies to all
#	[source]
#	key = value

# Of each key: its default, the pattern of its value, and the pattern in words.
declare -A default=() pattern=() expected=() conf=()
sources=()

key() {
	default[$1]=$2 pattern[$1]=$3 expected[$1]=$4
}

declare_keys() {
	local path='/[A-Za-z0-9._/+@=-]*' name='[A-Za-z0-9_][A-Za-z0-9._-]*' host
	local period='[1-9][0-9]{0,6}[smhd]?' sidecar='(minisig|sha256|count)' said

	host="($name@)?$name"
	said="seconds, or a number with s, m, h or d"
	key timeout 15m "$period" "$said"
	key stall 30s "$period" "$said"
	key alarm-after 2d "$period" "$said"
	said="a file, from /"
	key ca "" "$path" "$said"
	key cert "" "$path" "$said"
	key key "" "$path" "$said"
	key known-hosts "" "$path" "$said"
	key netrc "" "$path" "$said"
	key state /var/lib/xeir/refresh "$path" "a directory, from /"
	key metrics /var/lib/node_exporter/textfile_collector "none|$path" \
		"a directory, from /, or none"
	key url "" "https?://[^[:space:]@/]+/[^[:space:]]+|(sftp|rsync|rsync\+ssh)://$host(:[0-9]+)?\
$path|/[A-Za-z0-9._/+@=*?-]*" \
		"https://, sftp://, rsync:// or rsync+ssh:// with host and path, or a path"
	key kind full "full|delta" "full or delta"
	key issuer "" "[[:graph:]]{1,63}" "1 to 63 printable characters without a blank"
	key directive "" "[1-9][0-9]{0,9}" "a number"
	key format "" "[a-z0-9-]+" "the name of a format of xeir"
	key map "" "[[:print:]]+=[[:print:]]+" "COLUMN=NAME,..."
	key breaker "" "[0-9]+/[0-9]+" "N/SECONDS"
	key sidecar "" "$sidecar( $sidecar)*" "some of: minisig sha256 count"
	key max-size 100M "[1-9][0-9]{0,8}[KMG]?" "octets, or a number with K, M or G"
	key insecure no "yes|no" "yes or no"
}
declare_keys

# The value of a key: of the current source, else of all sources, else the default.
value() {
	printf '%s' "${conf[$source.$1]-${conf[.$1]-${default[$1]}}}"
}

has() {
	[[ $(value "$1") ]]
}

seconds() {
	local text
	text=$(value "$1")
	case $text in
	*m) echo $((${text%m} * 60)) ;;
	*h) echo $((${text%h} * 3600)) ;;
	*d) echo $((${text%d} * 86400)) ;;
	*) echo "${text%s}" ;;
	esac
}

octets() {
	local text
	text=$(value "$1")
	case $text in
	*K) echo $((${text%K} << 10)) ;;
	*M) echo $((${text%M} << 20)) ;;
	*G) echo $((${text%G} << 30)) ;;
	*) echo "$text" ;;
	esac
}

# $1, without the blanks around it.
trim() {
	local text=$1
	text=${text#"${text%%[![:space:]]*}"}
	printf '%s' "${text%"${text##*[![:space:]]}"}"
}

take_section() {
	local name=$1
	[[ $name =~ ^[A-Za-z0-9_-]{1,32}$ ]] ||
		die "$at: found source \"$name\", expected 1 to 32 letters, digits, - or _"
	[[ " ${sources[*]} " != *" $name "* ]] || die "$at: found source \"$name\" a second time"
	sources+=("$name")
	source=$name
}

known_keys() {
	printf '%s\n' "${!pattern[@]}" | sort | paste -sd ' '
}

take_key() {
	local name=$1 text=$2
	[[ $name && ${pattern[$name]-} ]] ||
		die "$at: found key \"$name\", expected one of: $(known_keys)"
	[[ $text =~ ^(${pattern[$name]})$ ]] ||
		die "$at: found $name \"$text\", expected ${expected[$name]}"
	[[ ! ${conf[$source.$name]+set} ]] || die "$at: found $name a second time"
	case $name in
	state | metrics)
		[[ ! $source ]] || die "$at: found $name in a source, expected it before the first"
		;;
	url) [[ $source ]] || die "$at: found url, expected [source] before it" ;;
	esac
	conf[$source.$name]=$text
}

read_config() {
	local line number=0
	source=
	[[ -f $config && -r $config ]] || die "$config: cannot be read"
	while IFS= read -r line || [[ $line ]]; do
		number=$((number + 1)) at=$config:$number
		line=$(trim "$line")
		case $line in
		'' | '#'*) ;;
		'['*']') line=${line#[} && take_section "${line%]}" ;;
		*=*) take_key "$(trim "${line%%=*}")" "$(trim "${line#*=}")" ;;
		*) die "$at: found \"$line\", expected [source], key = value or a comment" ;;
		esac
	done <"$config"
	[[ ${sources[*]-} ]] || die "$config: names no source"
	check_sources
}

# Faults that show only when keys are taken together.
check_sources() {
	local issuer
	declare -A whole=()
	for source in "${sources[@]}"; do
		at="$config: [$source]"
		has url || die "$at has no url"
		[[ $(value url) != @(http|rsync)://* || $(value insecure) = yes ]] ||
			die "$at: the server of $(value url) is not authenticated; insecure = yes allows it"
		[[ $(value url) != @(sftp|rsync+ssh)://* ]] || has known-hosts ||
			die "$at has no known-hosts"
		[[ $(value kind) = full ]] || continue
		issuer=$(value issuer)
		[[ ! ${whole[.$issuer]-} ]] ||
			die "$at is the full list of ${issuer:-all}, and so is [${whole[.$issuer]}]:" \
				"each would unlist the entries of the other"
		whole[.$issuer]=$source
	done
}
