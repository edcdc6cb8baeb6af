"""What AWS's models do not say, each with its source."""

# The services whose model has another name than requests are signed for.
SERVICES = {
    "sso": "sso-admin",
    "tagging": "resourcegroupstaggingapi",
    "access-analyzer": "accessanalyzer",
}

# Operations that have the method and path of another one, and are answered at another endpoint: that of S3's directory buckets.
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListDirectoryBuckets.html
ELSEWHERE = {"ListDirectoryBuckets"}

# What the sandbox answers where it does not simulate something, or injects a failure.
INTERNAL = {"UnknownOperationException", "InternalFailure", "ServiceUnavailable", "NotImplemented"}

# Errors that any operation of a service may answer, and that its model does not repeat.
COMMON_ERRORS = {
    # EC2's model has no errors at all. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    "ec2": {"AuthFailure", "OptInRequired", "RequestLimitExceeded", "UnauthorizedOperation"},
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html
    "cloudformation": {"AccessDenied", "InvalidClientTokenId", "OptInRequired", "Throttling", "ValidationError"},
    # Terraform's provider meets it where no account administers Firewall Manager.
    # https://github.com/hashicorp/terraform-provider-aws/issues/23249
    "fms": {"AccessDeniedException"},
    # GuardDuty answers what any service does that refuses credentials or a caller.
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    "guardduty": {"AccessDeniedException", "UnrecognizedClientException"},
    # https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
    "iam": {"AccessDenied", "InvalidClientTokenId"},
    # https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    "s3": {"AccessDenied", "NoSuchBucket"},
    # https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
    "sts": {"AccessDenied", "InvalidClientTokenId", "Throttling", "ValidationError"},
    # Services of JSON protocols answer it to a caller without permission; the page "Common Errors" of each says so, as
    # https://docs.aws.amazon.com/systems-manager/latest/APIReference/CommonErrors.html
    # https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/CommonErrors.html
    **{
        service: {"AccessDeniedException"}
        for service in (
            "cloudtrail",
            "config",
            "health",
            "kms",
            "logs",
            "networkmanager",
            "ram",
            "resourcegroupstaggingapi",
            "securityhub",
            "ssm",
        )
    },
}

# Where the model is narrower than AWS: the operation, how a finding begins, the source.
NARROWER = [
    (
        "sso-admin:GetInlinePolicyForPermissionSet",
        "answer.InlinePolicy has 0 characters",
        # "it is possible for an empty inline policy to be returned"
        "https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_GetInlinePolicyForPermissionSet.html",
    ),
    (
        "sso-admin:GetInlinePolicyForPermissionSet",
        "answer.InlinePolicy is ''",
        "https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_GetInlinePolicyForPermissionSet.html",
    ),
    # Organizations gives its ids all small letters: o-[a-z0-9]{10,32}.
    *(
        (
            f"networkmanager:{operation}",
            "answer.OrganizationStatus.OrganizationId is 'o-",
            "https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html",
        )
        for operation in ("ListOrganizationServiceAccessStatus", "StartOrganizationServiceAccessUpdate")
    ),
    # The events of a stack have all states of a stack.
    *(
        (
            "cloudformation:DescribeStackEvents",
            f"answer.StackEvents[].ResourceStatus is '{status}'",
            "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html",
        )
        for status in (
            "REVIEW_IN_PROGRESS",
            "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
            "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        )
    ),
]


def is_known(operation, finding):
    return any(operation == name and finding.startswith(start) for name, start, _source in NARROWER)


def is_common(service, code):
    return code in INTERNAL or code in COMMON_ERRORS.get(service, ())
