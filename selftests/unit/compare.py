#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: compare.py OURS THEIRS

Compare what xeir reads in each frame of a capture with what tshark reads there, as decoder.sh has
both write it. Where they differ, rules of docs/differences.md must say why: they are tried in
their order, by name, and counted. Exits 1 when a difference is left.
"""
import collections
import dataclasses
import itertools
import json
import sys

COLUMNS = ("frame", "mei", "imeisv", "mm_imei", "mm_imeisv", "imsi", "msisdn", "tid", "message",
           "message_v2", "teid_ii", "rab", "ie", "instance")
IDENTITIES = ("imei", "imsi", "msisdn")
BEARER = [93, 73]  # a Bearer Context of the generator, up to the IMEI that some have
CONTEXTS = range(103, 109)
IES_V2 = {"imei": (75, *CONTEXTS), "imsi": (1,), "msisdn": (76,)}


@dataclasses.dataclass(frozen=True)
class Value:
    """An identity where the decoder shows it."""

    digits: str
    foreign: bool = False  # in an IE of another instance than 0
    grouped: bool = False  # in a grouped IE
    shifted: bool = False  # in a Mobile Identity


class Frame:
    """One frame, as the decoder reads it."""

    def __init__(self, line):
        fields = dict(zip(COLUMNS, line.rstrip("\n").split("\t"), strict=True))
        self.number = int(fields["frame"])
        self.fields = {name: [v for v in text.split(",") if v] for name, text in fields.items()}
        self.version = 2 if self.fields["message_v2"] else 0 if self.fields["tid"] else 1
        self.messages = len(self.fields["message"] + self.fields["message_v2"])

    def shown(self, name):
        """All digits shown of an identity, as they stand; the order of some is not known."""
        if name != "imei":
            return self.fields[name]
        return [v for column in ("mei", "imeisv", "mm_imei", "mm_imeisv")
                for v in self.fields[column]]

    def read_v2(self, name):
        """Each way to match the digits shown with the IEs that may have them."""
        ies = [int(n) for n in self.fields["ie"]]
        places = [i for i, ie in enumerate(ies) if ie in IES_V2[name]]
        digits = self.shown(name)
        contexts = [i for i in places if ies[i] in CONTEXTS]  # may have no IMEI
        for empty in itertools.combinations(contexts, len(places) - len(digits)):
            there = [i for i in places if i not in empty]
            yield [Value(d, foreign=self.fields["instance"][i] != "0",
                         grouped=name == "imei" and ies[max(i - 2, 0):i] == BEARER)
                   for d, i in zip(digits, there, strict=True)]

    def read(self, name):
        """Each way to take what is shown, as lists of values, one for each message."""
        if self.version == 2:
            ways = self.read_v2(name)
        elif name == "imei":
            own = [Value(d) for d in self.fields["imeisv"]]
            shifted = [Value(d, shifted=True)
                       for d in self.fields["mm_imei"] + self.fields["mm_imeisv"]]
            ways = [own + shifted, shifted + own]
        else:
            ways = [[Value(d) for d in self.shown(name)]]
        for way in ways:
            if self.messages == 1:
                yield [way]
            else:
                yield from ([way[:i], way[i:]] for i in range(len(way) + 1))


# --- the rules: values of one message of a frame in, those that xeir prints out ------------


def another_instance(_frame, _name, values, _row):
    return [v for v in values if not v.foreign]


def grouped(_frame, _name, values, _row):
    return [v for v in values if not v.grouped]


def tunnel_identifier(frame, name, values, _row):
    return [Value(frame.fields["tid"][0][:15])] if frame.version == 0 and name == "imsi" else values


def short_imei(_frame, name, values, _row):
    """Six octets have twelve digits; '?' alone is what the decoder shows of eight octets of F."""
    if name != "imei":
        return values
    return [v for v in values if len(v.digits) > 12 or v.digits == "?"]


def unusable(value):
    return "?" in value.digits[:14] or not value.digits.strip("0")


def one_of_several(_frame, name, values, row):
    """The first, or that IMEI on which the verdict rests."""
    if name == "imei" and row["rule"] in ("null-imei", "hex-imei"):
        values = [v for v in values if unusable(v)] or values
    return values[:1]


def long_imei(_frame, name, values, _row):
    if name != "imei":
        return values
    return [dataclasses.replace(v, digits=v.digits[:16]) for v in values]


def spare_digit(_frame, _name, values, _row):
    return [dataclasses.replace(v, digits=v.digits[:14]) if v.shifted and len(v.digits) == 15
            else v for v in values]


def searched(frame, name, values, row):
    """Octets that look like an IMEI, behind an IE whose length receivers do not agree about."""
    if name != "imei" or values or not frame.fields["teid_ii"] + frame.fields["rab"]:
        return values
    return [Value(row["imei"])] if row["imei"] else []


RULES = (another_instance, grouped, tunnel_identifier, short_imei, one_of_several, long_imei,
         spare_digit, searched)


def without_letters(digits):
    """Digits up to the filler, '?' for one that is none; tshark has one for the filler too."""
    digits = digits.partition("f")[0]
    return "".join(d if d.isdigit() else "?" for d in digits).rstrip("?")


def explain(frame, name, ours, rows):
    """The names of the rules that make the decoder's reading ours; None: there are none."""
    letters = [without_letters(d) for d in ours]
    for reading in frame.read(name):
        used = []
        for rule in RULES:
            becomes = [rule(frame, name, *of_one) for of_one in zip(reading, rows)]
            if becomes != reading:
                used.append(rule.__name__)
                reading = becomes
            theirs = [v.digits for values in reading for v in values]
            if theirs == ours:
                return used
            if [without_letters(d) for d in theirs] == letters:
                return [*used, "no_digit"]
    return None


def main():
    ours = collections.defaultdict(list)
    with open(sys.argv[1], encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            ours[row["frame"]].append(row)
    same, left, rules = collections.Counter(), collections.Counter(), collections.Counter()
    with open(sys.argv[2], encoding="utf-8") as lines:
        for frame in map(Frame, lines):
            rows = ours.pop(frame.number, [])
            if len(rows) != frame.messages:
                left["messages"] += 1
                print(f"frame {frame.number}: {frame.messages} messages, here {len(rows)}")
            for name in IDENTITIES:
                here = [row[name] for row in rows if row[name]]
                if here == frame.shown(name):
                    same[name] += bool(here)
                    continue
                used = explain(frame, name, here, rows)
                rules.update(used or [])
                if used is None:
                    left[name] += 1
                    if left[name] <= 10:
                        print(f"frame {frame.number}: {name} {frame.shown(name)}, here {here}")
    for name in IDENTITIES:
        print(f"{name}: the same in {same[name]} frames that have one")
    for rule, n in rules.most_common():
        print(f"{rule.replace('_', '-')}: {n} times")
    if ours:
        print(f"{len(ours)} frames that the decoder did not read")
    print(f"{sum(left.values())} differences without a rule")
    sys.exit(1 if ours or left or not sum(same.values()) else 0)


main()
