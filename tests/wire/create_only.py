"""Prints, for each resource type given, the properties that its schema says can only be given at creation."""

import json
import sys

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER


def create_only(resource_type):
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(region="us-east-1", resource_type=resource_type).schema
    return sorted(path.removeprefix("/properties/") for path in schema.get("createOnlyProperties", []))


json.dump({name: create_only(name) for name in sys.argv[1:]}, sys.stdout)
