"""Writes data/create_only.txt: for each resource type of CloudFormation the properties that can be given only when a
resource is made, from the resource provider schemas that cfn-lint carries.

    pip install cfn-lint && python scripts/create_only.py > data/create_only.txt

A line is a type without its `AWS::`, then its properties; one of which only some changes make another resource has a
question mark before it. Parts of a property that is a list have `*` in their path.
"""

import re

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

REGION = "us-east-1"


def paths(schema, member):
    found = schema.get(member, [])
    return {path.removeprefix("/properties/").replace("/properties/", "/").replace("/items/", "/*/") for path in found}


for name in sorted(PROVIDER_SCHEMA_MANAGER.get_resource_types(REGION)):
    if re.fullmatch(r"AWS::\w+::\w+", name):
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(region=REGION, resource_type=name).schema
        fixed, conditional = paths(schema, "createOnlyProperties"), paths(schema, "conditionalCreateOnlyProperties")
        print(" ".join([name.removeprefix("AWS::"), *sorted(fixed), *("?" + path for path in sorted(conditional - fixed))]))
