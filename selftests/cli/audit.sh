#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The audit trail: which identifiers an order named.
# shellcheck disable=SC2086,SC2119,SC2317 # numbers have no blanks; functions are called through check
set -eu
# shellcheck source=selftests/lib/lib.sh
. "$(dirname "$0")/../lib/lib.sh"

lab_needs
lab_up
defer 'xeir detach all --yes >/dev/null'
xeir attach dev core0 >/dev/null

imei=490154203237518 other=353490069873319 imsi=404010123456789

# last DETAIL: the members of the last record that name something are these.
last() {
	prints_json 0 '.[-1].detail | del(.added, .changed, .removed, .guards, .forced)' "$1" journal
}

named() {
	xeir block $imei $other imsi $imsi msisdn +919812345678 &&
	last '{"imei":["35349006987331","49015420323751"],"imsi":["404010123456789"],"msisdn":["919812345678"]}' &&
	prints 0 '  block .*  imei=\["35349006987331","49015420323751"\]' journal
}
tacs() {
	xeir block tac 35349006-35349015 --yes &&
	prints_json 0 '.[-1].detail.tac | length' 10 journal &&
	prints 0 '  tac=\["353490..",.*,"353490..",5 more\]' journal
}
unlisted() {
	xeir unblock $other imsi $imsi &&
	last '{"imei":["35349006987331"],"imsi":["404010123456789"]}'
}
excepted() {
	xeir except add $imei imsi $imsi &&
	last '{"imei":["49015420323751"],"imsi":["404010123456789"],"op":"add"}' &&
	xeir except del $imei imsi $imsi &&
	last '{"imei":["49015420323751"],"imsi":["404010123456789"],"op":"del"}'
}
refused() {
	xeir protect add $other && prints 2 "refused by guard protected" block $other &&
	prints_json 0 '.[-1] | [.verb, .detail.verb, .detail.imei]' '["refused","block",["35349006987331"]]' journal
}
check "block names what it lists" named
check "of many, people see five" tacs
check "unblock names what it unlists" unlisted
check "except names handset and subscriber" excepted
check "a refused block names what it would list" refused
check "the records are in order" prints 0 "in order" journal verify
finish
