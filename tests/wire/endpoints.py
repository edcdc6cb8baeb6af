"""Where AWS's endpoint rules in botocore send requests. `endpoints.py SERVICE_ID…` writes
{SERVICE_ID: {REGION: {"": URL, "fips": URL, "dual_stack": URL, "fips dual_stack": URL}}}; what AWS does not have is null."""

import itertools
import json
import sys

import botocore.session
from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import EndpointProviderError

REGIONS = [
    "us-east-1", "us-west-2", "eu-west-1", "us-gov-west-1", "us-gov-east-1", "cn-north-1", "cn-northwest-1", "eusc-de-east-1",
]

session = botocore.session.get_session()
loader = session.get_component("data_loader")
partitions = loader.load_data("partitions")
# The names of folders are not those of services.
folders = {str(session.get_service_model(name).service_id): name for name in session.get_available_services()}


def url(provider, region, fips, dual_stack):
    try:
        return provider.resolve_endpoint(Region=region, UseFIPS=fips, UseDualStack=dual_stack).url
    except EndpointProviderError:
        return None


def endpoints(service):
    provider = EndpointProvider(loader.load_service_model(folders[service], "endpoint-rule-set-1"), partitions)
    kinds = list(itertools.product([False, True], repeat=2))

    def name(fips, dual_stack):
        return " ".join(word for word, is_on in [("fips", fips), ("dual_stack", dual_stack)] if is_on)

    return {region: {name(*kind): url(provider, region, *kind) for kind in kinds} for region in REGIONS}


json.dump({service: endpoints(service) for service in sys.argv[1:]}, sys.stdout)
