"""moto_stacks.py: moto's server with what its CloudFormation lacks: outputs and tags of stacks that change sets make,
change sets of stacks by ARN, protection against deletion, AWS::NoValue in lists, zones of other regions, parameters that
are lists, what buckets are beside their encryption, bucket policies and trails, tags of keys, and what moto_by_calls.py makes. What it
makes of a template's functions, and where, stays moto's own. It attaches no managed policies."""

import json
import socket

import moto_by_calls
from moto.cloudformation import parsing
from moto.cloudformation.models import CloudFormationBackend, Stack
from moto.cloudformation.responses import CloudFormationResponse
from moto.cloudtrail.models import cloudtrail_backends
from moto.core.common_models import CloudFormationModel
from moto.core.responses import ActionResult
from moto.events.models import EventBus
from moto.iam.access_control import PermissionResult
from moto.iam.models import SERVICE_NAME_CONVERSION, iam_backends
from moto.kms.models import Key, kms_backends
from moto.organizations.models import FakeDelegatedAdministrator, organizations_backends
from moto.ram.models import ResourceAccessManagerBackend, ResourceShare
from moto.s3.models import FakeBucket, s3_backends
from moto.server import main
from moto.utilities.utils import get_partition


def after(owner, name, then):
    """Has `then` follow a method, with its result and arguments."""
    stock = getattr(owner, name)

    def both(self, *arguments, **named):
        result = stock(self, *arguments, **named)
        then(self, result, *arguments, **named)
        return result

    setattr(owner, name, both)


def executed(backend, _, change_set_name, stack_name=None):
    change_set = backend.describe_change_set(change_set_name)
    stack = change_set.stack
    stack._parse_template()
    stack.output_map = stack._create_output_map()
    stack.parameters = change_set.parameters
    stack.tags = change_set.tags or {}


stock_change_set = CloudFormationBackend.create_change_set


def create_change_set(backend, stack_name, **order):
    """A stack is known by its ARN, too."""
    name = backend.get_stack(stack_name).name if stack_name.startswith("arn:") else stack_name
    return stock_change_set(backend, stack_name=name, **order)


def parameter_list(stack):
    """Values are texts, also those of lists."""
    values = stack.resource_map.resolved_parameters.items()
    text = [(name, ",".join(value) if isinstance(value, list) else str(value)) for name, value in values]
    return [{"ParameterKey": name, "ParameterValue": value} for name, value in text]


def update_termination_protection(response):
    stack = response.cloudformation_backend.get_stack(response._get_param("StackName"))
    stack.enable_termination_protection = response._get_bool_param("EnableTerminationProtection")
    return ActionResult({"StackId": stack.stack_id})


class Made:
    """What stands for a resource that moto has, but does not make from templates. moto finds its sorts by their base
    and their module."""

    @classmethod
    def has_cfn_attr(cls, attr):
        return attr == "Arn"

    @staticmethod
    def cloudformation_name_type():
        return ""


class BucketPolicy(Made, CloudFormationModel):
    __module__ = "moto.s3.models"

    def __init__(self, bucket):
        self.physical_resource_id = bucket

    @staticmethod
    def cloudformation_type():
        return "AWS::S3::BucketPolicy"

    @classmethod
    def create_from_cloudformation_json(cls, name, resource, account, region, **_):
        properties = resource["Properties"]
        policy = json.dumps(properties["PolicyDocument"]).encode()
        s3_backends[account][get_partition(region)].put_bucket_policy(properties["Bucket"], policy)
        return cls(properties["Bucket"])


class Trail(Made, CloudFormationModel):
    __module__ = "moto.cloudtrail.models"

    def __init__(self, trail):
        self.physical_resource_id = trail.trail_name
        self.arn = trail.arn

    @staticmethod
    def cloudformation_type():
        return "AWS::CloudTrail::Trail"

    @classmethod
    def create_from_cloudformation_json(cls, name, resource, account, region, **_):
        properties = resource["Properties"]
        backend = cloudtrail_backends[account][region]
        trail = backend.create_trail(
            name=properties["TrailName"],
            bucket_name=properties["S3BucketName"],
            s3_key_prefix=None,
            sns_topic_name=None,
            is_global=properties["IncludeGlobalServiceEvents"],
            is_multi_region=properties["IsMultiRegionTrail"],
            log_validation=properties["EnableLogFileValidation"],
            is_org_trail=properties["IsOrganizationTrail"],
            cw_log_group_arn=None,
            cw_role_arn=None,
            kms_key_id=properties["KMSKeyId"],
            tags_list=[],
        )
        if properties["IsLogging"]:
            backend.start_logging(properties["TrailName"])
        return cls(trail)

    def get_cfn_attribute(self, name):
        return self.arn


stock_clean = parsing.clean_json


def clean_json(value, resources):
    """Lists lose what is AWS::NoValue, and zones are those of the stack's region."""
    if value == {"Fn::GetAZs": ""}:
        value = {"Fn::GetAZs": resources["AWS::Region"]}
    cleaned = stock_clean(value, resources)
    return [item for item in cleaned if item is not None] if isinstance(value, list) else cleaned


stock_bucket = FakeBucket.create_from_cloudformation_json.__func__


def create_bucket(cls, name, resource, account, region, **more):
    bucket = stock_bucket(cls, name, resource, account, region, **more)
    backend = s3_backends[account][get_partition(region)]
    properties = resource["Properties"]
    backend.put_bucket_versioning(name, properties["VersioningConfiguration"]["Status"])
    backend.put_public_access_block(name, properties["PublicAccessBlockConfiguration"])
    if "ObjectLockConfiguration" in properties:
        kept = properties["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
        backend.put_object_lock_configuration(name, True, kept["Mode"], kept["Days"])
    return bucket


stock_key = Key.create_from_cloudformation_json.__func__


def create_key(cls, name, resource, account, region, **more):
    """A template names a tag by Key, the service by TagKey."""
    properties = dict(resource["Properties"])
    tags = properties.pop("Tags", [])
    key = stock_key(cls, name, {"Properties": properties}, account, region, **more)
    kms_backends[account][region].tag_resource(key.id, {tag["Key"]: tag["Value"] for tag in tags})
    return key


def the_organization(_):
    """Who shares is a member; moto would look for an organization of its own."""
    return organizations_backends[moto_by_calls.MANAGEMENT]["aws"]


def sharing_enabled(_, __):
    """AWS says so where trusted access is listed, and makes the role by which RAM works."""
    the_organization(None).enable_aws_service_access(ServicePrincipal="ram.amazonaws.com")
    roles = iam_backends[moto_by_calls.MANAGEMENT]["aws"]
    if "AWSServiceRoleForResourceAccessManager" not in [role.name for role in roles.get_roles()]:
        SERVICE_NAME_CONVERSION["ram"] = "ResourceAccessManager"
        roles.create_service_linked_role("ram.amazonaws.com", "", "")


parsing.clean_json = clean_json
ResourceShare.organizations_backend = property(the_organization)
after(ResourceAccessManagerBackend, "enable_sharing_with_aws_organization", sharing_enabled)
Key.create_from_cloudformation_json = classmethod(create_key)
EventBus.physical_resource_id = property(lambda bus: bus.name)
# AWS Config came to Organizations by two names; moto knows one.
FakeDelegatedAdministrator.SUPPORTED_SERVICES.append("config.amazonaws.com")
CloudFormationBackend.create_change_set = create_change_set
after(CloudFormationBackend, "execute_change_set", executed)
Stack.parameter_list = property(parameter_list)
CloudFormationResponse.update_termination_protection = update_termination_protection
FakeBucket.create_from_cloudformation_json = classmethod(create_bucket)
# moto takes every condition of a bucket's policy for met, so that a policy against plain HTTP would shut out everybody.
FakeBucket.get_permission = lambda bucket, action, resource: PermissionResult.NEUTRAL

def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


port = free_port()
moto_by_calls.url = f"http://127.0.0.1:{port}"
main(["-H", "127.0.0.1", "-p", str(port)])
