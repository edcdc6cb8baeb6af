"""moto_identity.py: moto's server with what its Identity Center lacks and every reader of permission sets needs: their
tags, their boundary (moto keeps none) and the filter of provisioned accounts (what moto provisions is the latest)."""

import json

from moto.server import main
from moto.ssoadmin.exceptions import ResourceNotFoundException
from moto.ssoadmin.responses import SSOAdminResponse


def permission_set(response):
    find = response.ssoadmin_backend._find_permission_set
    return find(response._get_param("InstanceArn"), response._get_param("ResourceArn"))


def list_tags_for_resource(response):
    return json.dumps({"Tags": permission_set(response).tags or []})


def tag_resource(response):
    tags = {tag["Key"]: tag for tag in (permission_set(response).tags or []) + response._get_param("Tags")}
    permission_set(response).tags = list(tags.values())
    return "{}"


def untag_resource(response):
    keys = response._get_param("TagKeys")
    permission_set(response).tags = [tag for tag in permission_set(response).tags or [] if tag["Key"] not in keys]
    return "{}"


def get_permissions_boundary_for_permission_set(response):
    raise ResourceNotFoundException("no boundary")


stock = SSOAdminResponse.list_accounts_for_provisioned_permission_set


def list_accounts_for_provisioned_permission_set(response):
    outdated = response._get_param("ProvisioningStatus") == "LATEST_PERMISSION_SET_NOT_PROVISIONED"
    return json.dumps({"AccountIds": []}) if outdated else stock(response)


for operation in [
    list_tags_for_resource,
    tag_resource,
    untag_resource,
    get_permissions_boundary_for_permission_set,
    list_accounts_for_provisioned_permission_set,
]:
    setattr(SSOAdminResponse, operation.__name__, operation)

main(["-H", "127.0.0.1", "-p", "0"])
