#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""TAP: include/uapi/linux/xeir.h and docs/netlink/xeir.yaml say the same.

Names and numbers are read from the header's enums and defines, types and the attributes of each
command from the prose at its top.
"""
import pathlib
import re
import sys

try:
    import yaml
except ImportError:
    print("1..0 # SKIP python3-yaml is not installed")
    sys.exit(4)

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADER = pathlib.Path(sys.argv[1]) if len(sys.argv) > 2 else ROOT / "include/uapi/linux/xeir.h"
SPEC = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "docs/netlink/xeir.yaml"

ATTR_LINE = re.compile(r"\s+(XEIR_(?:\w+_)?A_\w+)\s+(\S.*)$")
TYPE = re.compile(r"(u32|u64|binary|nest)\b")


def header_enums(code):
    """enum name -> {constant: number}, without the sentinels that give the end."""
    enums = {}
    for name, body in re.findall(r"enum (\w+) \{(.*?)\};", code, re.S):
        body = re.sub(r"/\*.*?\*/", "", body, flags=re.S)
        number, values = 0, {}
        for item in filter(None, (part.strip() for part in body.split(","))):
            constant, _, given = (part.strip() for part in item.partition("="))
            if constant.startswith("__") or given.startswith("__"):
                continue
            number = int(given, 0) if given else number
            values[constant] = number
            number += 1
        enums[name] = values
    return enums


def header_defines(code):
    return dict(re.findall(r'^#define\s+(XEIR_\w+)\s+"?([^"\s/]+)', code, re.M))


def prose_types(prose):
    types = {}
    for line in prose.splitlines():
        found = ATTR_LINE.match(line)
        kind = found and TYPE.match(found[2])
        if not kind:
            continue
        types[found[1]] = kind[1]
        also = re.search(r"likewise ([A-Z, ]+)", found[2])
        for name in re.findall("[A-Z]+", also[1]) if also else []:
            types[found[1].rpartition("_")[0] + "_" + name] = kind[1]
    return types


def prose_commands(prose):
    """command -> [request, reply, multicast group]; a dump is a command "NAME dump".

    Attributes belong to the command named last, those after "Reply" to all that precede it in the
    paragraph.
    """
    named = {}
    for paragraph in re.split(r"\n\s*\n", prose):
        names, reply = [], False
        found = re.match(r' Multicast group "(\w+)": XEIR_CMD_(\w+)', paragraph)
        if found:
            named[found[2]] = [set(), set(), found[1]]
            names, reply = [found[2]], True
            if "attributes of its reply" in paragraph:
                named[found[2]][1] = named["COMMIT"][1]
        for line in paragraph.splitlines():
            start = re.match(r" XEIR_CMD_(\w+)(?: with (NLM_F_DUMP))?", line)
            if start:
                names = ([] if reply else names) + [start[1] + (" dump" if start[2] else "")]
                named[names[-1]] = [set(), set(), None]
            reply = (reply and not start) or "Reply:" in line or bool(start and start[2])
            for attr in re.findall(r"XEIR_A_(\w+)", line):
                for name in names if reply else names[-1:]:
                    named[name][reply].add(attr)
    return named


def c_name(*parts):
    return "".join(parts).upper().replace("-", "_")


def spec_enums(spec):
    enums = {}
    for item in spec["definitions"]:
        if item["type"] == "enum":
            prefix = "xeir-" + item["name"].removesuffix("-kind") + "-"
            enums["xeir_" + item["name"].replace("-", "_")] = {
                c_name(prefix, entry): number for number, entry in enumerate(item["entries"])}
    for space in spec["attribute-sets"] + [{
            "enum-name": spec["operations"]["enum-name"],
            "name-prefix": spec["operations"]["name-prefix"],
            "attributes": spec["operations"]["list"]}]:
        values, number = {c_name(space["name-prefix"], "unspec"): 0}, 1
        for item in space["attributes"]:
            number = item.get("value", number)
            values[c_name(space["name-prefix"], item["name"])] = number
            number += 1
        enums[space["enum-name"].replace("-", "_")] = values
    return enums


def spec_types(spec):
    return {c_name(space["name-prefix"], attr["name"]): attr["type"]
            for space in spec["attribute-sets"] for attr in space["attributes"]
            if attr["type"] != "pad"}


def spec_commands(spec):
    named, replies = {}, {}
    for op in spec["operations"]["list"]:
        for kind, suffix in (("do", ""), ("dump", " dump")):
            if kind not in op:
                continue
            sides = [{c_name(attr) for attr in (op[kind].get(side) or {}).get("attributes", [])}
                     for side in ("request", "reply")]
            named[c_name(op["name"]) + suffix] = [*sides, None]
            replies[op["name"], kind] = sides[1]
        if "notify" in op:
            named[c_name(op["name"])] = [set(), replies[op["notify"], "do"], op["mcgrp"]]
        if "event" in op:
            named[c_name(op["name"])] = [
                set(), {c_name(attr) for attr in op["event"]["attributes"]}, op["mcgrp"]]
    return named


def spec_defines(spec):
    defines = {c_name("xeir-", item["name"]): str(item["value"])
               for item in spec["definitions"] if item["type"] == "const"}
    for group in spec["mcast-groups"]["list"]:
        defines[c_name("xeir-mcgrp-", group["name"])] = group["name"]
    return defines


def spec_links(spec):
    """What the spec itself refers to and does not have."""
    names = {item["name"] for item in spec["definitions"]}
    spaces = {space["name"]: {attr["name"] for attr in space["attributes"]}
              for space in spec["attribute-sets"]}
    missing = set()
    for space in spec["attribute-sets"]:
        for attr in space["attributes"]:
            missing |= {attr["enum"]} - names if "enum" in attr else set()
            if attr["type"] == "nest":
                missing |= {attr["nested-attributes"]} - spaces.keys()
    for op in spec["operations"]["list"]:
        if not {"do", "dump", "event", "notify"} & op.keys():
            missing.add(op["name"] + ": do, dump, event or notify")
        if "attribute-set" in op:
            used = op.get("event", {}).get("attributes", [])
            for kind in ("do", "dump"):
                for side in (op.get(kind) or {}).values():
                    used = used + side["attributes"]
            missing |= set(used) - spaces[op["attribute-set"]]
    return {name: None for name in missing}


def differences(header, spec):
    out = []
    for name in sorted(header.keys() | spec.keys()):
        if header.get(name) != spec.get(name):
            out.append(f"{name}: header {header.get(name, 'nothing')}, "
                       f"yaml {spec.get(name, 'nothing')}")
    return out


def main():
    text = HEADER.read_text(encoding="utf-8")
    spec = yaml.safe_load(SPEC.read_text(encoding="utf-8"))
    prose, _, code = text.partition("#ifndef _UAPI_LINUX_XEIR_H")
    prose = re.sub(r"^ \*", "", prose, flags=re.M)

    checks = [("every constant and its number", header_enums(code), spec_enums(spec)),
              ("every define", header_defines(code), spec_defines(spec)),
              ("the type of every attribute", prose_types(prose), spec_types(spec)),
              ("the attributes of every command", prose_commands(prose), spec_commands(spec)),
              ("nothing named that is not there", {}, spec_links(spec))]

    failed = 0
    print(f"1..{len(checks)}")
    for number, (what, header, other) in enumerate(checks, 1):
        found = differences(header, other)
        failed += bool(found)
        print(f"{'not ' if found else ''}ok {number} - {what}")
        for line in found:
            print("#", line)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
