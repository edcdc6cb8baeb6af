# Validates documents by JSON Schemas, with the validator of the package jsonschema.
#
# Standard input: {"schema": SCHEMA, "documents": {NAME: YAML or JSON}}. Prints {NAME: [{"at": PATH, "message": TEXT}]}, with an empty list
# for a document that is valid. The schema itself is checked by its draft's own schema.
#
# Plain scalars are read by YAML 1.2's core schema (https://yaml.org/spec/1.2.2/#103-core-schema), as editors read them.
import json
import re
import sys

import jsonschema
import yaml


class Core(yaml.SafeLoader):
    yaml_implicit_resolvers = {}


for tag, pattern in {
    "null": r"^(~|null|Null|NULL|)$",
    "bool": r"^(true|True|TRUE|false|False|FALSE)$",
    "int": r"^([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$",
    "float": r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$",
}.items():
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), None)
Core.add_constructor("tag:yaml.org,2002:int", lambda loader, node: whole(node.value))
Core.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(node.value))


def whole(text):
    return int(text, 0) if text[:2] in ("0o", "0x") else int(text)


# JSON has no keys but texts.
def as_json(value):
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    return [as_json(item) for item in value] if isinstance(value, list) else value


# JSON is YAML too, and read faster as what it is.
def read(text):
    return json.loads(text) if text[:1] in ("{", "[") else as_json(yaml.load(text, Loader=Core))


def mistakes(validator, text):
    found = validator.iter_errors(read(text))
    return [{"at": "/".join(map(str, error.absolute_path)), "message": error.message[:200]} for error in found]


asked = json.load(sys.stdin)
draft = jsonschema.validators.validator_for(asked["schema"])
draft.check_schema(asked["schema"])
validator = draft(asked["schema"])
json.dump({name: mistakes(validator, text) for name, text in asked["documents"].items()}, sys.stdout)
