/// What changing one property of a resource does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Update {
    /// The resource stays.
    InPlace,
    /// The resource may stay.
    Depends,
    /// Another one takes its place.
    Replacement,
}

/// A type's properties that can only be given when a resource is made: another value makes another resource.
struct Type {
    name: &'static str,
    create_only: &'static [&'static str],
    /// Those of which only some changes make another resource.
    conditional: &'static [&'static str],
}

const fn fixed(name: &'static str, create_only: &'static [&'static str]) -> Type {
    Type { name, create_only, conditional: &[] }
}

/// The types that the built-in templates use and a few that go with them, from `createOnlyProperties` and
/// `conditionalCreateOnlyProperties` of their schemas as of November 2026.
/// <https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html>
const TYPES: &[Type] = &[
    Type {
        name: "AWS::AccessAnalyzer::Analyzer",
        create_only: &["AnalyzerName", "Type"],
        conditional: &["AnalyzerConfiguration"],
    },
    fixed("AWS::Athena::NamedQuery", &["Database", "Description", "Name", "QueryString", "WorkGroup"]),
    fixed("AWS::Athena::WorkGroup", &["Name"]),
    fixed("AWS::Budgets::Budget", &["Budget/BudgetName", "NotificationsWithSubscribers"]),
    fixed("AWS::CloudFormation::HookTypeConfig", &["ConfigurationAlias"]),
    fixed("AWS::CloudFormation::TypeActivation", &["LoggingConfig"]),
    fixed("AWS::CloudFormation::WaitConditionHandle", &[]),
    fixed("AWS::CloudTrail::Trail", &["TrailName"]),
    fixed("AWS::Config::ConfigRule", &["ConfigRuleName"]),
    fixed("AWS::Config::ConfigurationAggregator", &["ConfigurationAggregatorName"]),
    fixed("AWS::Config::ConfigurationRecorder", &["Name", "StartedOnCreate"]),
    fixed("AWS::Config::DeliveryChannel", &["Name"]),
    fixed("AWS::Config::OrganizationConfigRule", &["OrganizationConfigRuleName"]),
    fixed("AWS::ControlTower::EnabledControl", &["ControlIdentifier", "TargetIdentifier"]),
    fixed(
        "AWS::EC2::FlowLog",
        &[
            "DeliverCrossAccountRole",
            "DeliverLogsPermissionArn",
            "DestinationOptions",
            "LogDestination",
            "LogDestinationType",
            "LogFormat",
            "LogGroupName",
            "MaxAggregationInterval",
            "ResourceId",
            "ResourceType",
            "TagFieldSpecifications",
            "TrafficType",
        ],
    ),
    fixed("AWS::EC2::InternetGateway", &[]),
    fixed(
        "AWS::EC2::Route",
        &["DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId", "RouteTableId"],
    ),
    fixed("AWS::EC2::RouteTable", &["VpcId"]),
    fixed("AWS::EC2::SecurityGroup", &["GroupDescription", "GroupName", "VpcId"]),
    fixed(
        "AWS::EC2::SecurityGroupEgress",
        &[
            "CidrIp",
            "CidrIpv6",
            "DestinationPrefixListId",
            "DestinationSecurityGroupId",
            "FromPort",
            "GroupId",
            "IpProtocol",
            "ToPort",
        ],
    ),
    fixed(
        "AWS::EC2::SecurityGroupIngress",
        &[
            "CidrIp",
            "CidrIpv6",
            "FromPort",
            "GroupId",
            "GroupName",
            "IpProtocol",
            "SourcePrefixListId",
            "SourceSecurityGroupId",
            "SourceSecurityGroupName",
            "SourceSecurityGroupOwnerId",
            "ToPort",
        ],
    ),
    Type {
        name: "AWS::EC2::Subnet",
        create_only: &[
            "AvailabilityZone",
            "AvailabilityZoneId",
            "CidrBlock",
            "Ipv4IpamPoolId",
            "Ipv4NetmaskLength",
            "Ipv6IpamPoolId",
            "Ipv6Native",
            "Ipv6NetmaskLength",
            "OutpostArn",
            "VpcId",
        ],
        conditional: &["Ipv6CidrBlock"],
    },
    fixed("AWS::EC2::SubnetRouteTableAssociation", &["RouteTableId", "SubnetId"]),
    Type {
        name: "AWS::EC2::VPC",
        create_only: &["CidrBlock", "Ipv4IpamPoolId", "Ipv4NetmaskLength", "VpcEncryptionControl"],
        conditional: &["InstanceTenancy"],
    },
    fixed(
        "AWS::EC2::VPCEndpoint",
        &[
            "DnsOptions/PrivateDnsPreference",
            "DnsOptions/PrivateDnsSpecifiedDomains",
            "ResourceConfigurationArn",
            "ServiceName",
            "ServiceNetworkArn",
            "ServiceRegion",
            "VpcEndpointType",
            "VpcId",
        ],
    ),
    fixed("AWS::EC2::VPCGatewayAttachment", &["VpcId"]),
    fixed("AWS::Events::EventBus", &["Name"]),
    fixed("AWS::Events::EventBusPolicy", &["EventBusName", "StatementId"]),
    Type { name: "AWS::Events::Rule", create_only: &["Name"], conditional: &["EventBusName"] },
    fixed("AWS::Glue::Database", &["DatabaseName"]),
    fixed("AWS::Glue::Table", &["CatalogId", "DatabaseName", "Name", "TableInput/Name"]),
    fixed("AWS::GuardDuty::Detector", &[]),
    fixed("AWS::GuardDuty::Member", &["DetectorId", "MemberId"]),
    fixed("AWS::IAM::ManagedPolicy", &["Description", "ManagedPolicyName", "Path"]),
    fixed("AWS::IAM::OIDCProvider", &["Url"]),
    fixed("AWS::IAM::Role", &["Path", "RoleName"]),
    fixed("AWS::IAM::ServiceLinkedRole", &["AWSServiceName", "CustomSuffix"]),
    fixed("AWS::KMS::Alias", &["AliasName"]),
    fixed("AWS::KMS::Key", &[]),
    fixed("AWS::Logs::LogGroup", &["LogGroupName"]),
    fixed("AWS::Logs::QueryDefinition", &[]),
    fixed("AWS::RAM::ResourceShare", &["ResourceShareConfiguration/RetainSharingOnAccountLeaveOrganization"]),
    fixed("AWS::S3::Bucket", &["BucketName", "BucketNamePrefix", "BucketNamespace"]),
    fixed("AWS::S3::BucketPolicy", &["Bucket"]),
    Type {
        name: "AWS::SNS::Subscription",
        create_only: &["Endpoint", "Protocol", "TopicArn"],
        conditional: &["Region"],
    },
    fixed("AWS::SNS::Topic", &["FifoTopic", "TopicName"]),
    fixed("AWS::SNS::TopicPolicy", &[]),
    fixed("AWS::SSM::Parameter", &["Name"]),
    Type {
        name: "AWS::SageMaker::Domain",
        create_only: &[
            "AuthMode",
            "DomainName",
            "DomainSettings/RStudioServerProDomainSettings/DefaultResourceSpec",
            "KmsKeyId",
        ],
        conditional: &["VpcId"],
    },
    fixed(
        "AWS::SageMaker::UserProfile",
        &[
            "DomainId",
            "SingleSignOnUserIdentifier",
            "SingleSignOnUserValue",
            "UserProfileName",
            "UserSettings/RStudioServerProAppSettings/AccessStatus",
            "UserSettings/RStudioServerProAppSettings/UserGroup",
        ],
    ),
    fixed("AWS::SecurityHub::ConfigurationPolicy", &[]),
    fixed("AWS::SecurityHub::DelegatedAdmin", &["AdminAccountId"]),
    fixed("AWS::SecurityHub::FindingAggregator", &[]),
    fixed("AWS::SecurityHub::Hub", &[]),
    fixed("AWS::SecurityHub::OrganizationConfiguration", &[]),
    fixed("AWS::SecurityHub::PolicyAssociation", &["TargetId", "TargetType"]),
];

/// The properties of a type, as paths such as `Budget/BudgetName`, of which another value makes another resource;
/// `None` for a type that is not known here.
#[must_use]
pub fn create_only(resource_type: &str) -> Option<&'static [&'static str]> {
    known(resource_type).map(|known| known.create_only)
}

fn known(resource_type: &str) -> Option<&'static Type> {
    TYPES.iter().find(|known| known.name == resource_type)
}

/// What another value at this path of a resource's properties does. Tags are changed in place everywhere.
pub(super) fn update(resource_type: &str, property: &str) -> Update {
    if property == "Tags" || property.starts_with("Tags/") {
        return Update::InPlace;
    }
    let Some(known) = known(resource_type) else { return Update::Depends };
    let within =
        |outer: &str, inner: &str| inner.strip_prefix(outer).is_some_and(|r| r.is_empty() || r.starts_with('/'));
    if known.create_only.iter().any(|fixed| within(fixed, property)) {
        return Update::Replacement;
    }
    // The whole of something is different; what of it cannot be changed may still be the same.
    let mut partly = known.create_only.iter().filter(|fixed| within(property, fixed)).chain(known.conditional);
    if partly.any(|fixed| within(property, fixed) || within(fixed, property)) {
        return Update::Depends;
    }
    Update::InPlace
}
