use std::collections::BTreeMap;
use std::sync::LazyLock;

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
    // What happens inside another stack only its own change set tells.
    Type {
        name: "AWS::CloudFormation::Stack",
        create_only: &[],
        conditional: &["NotificationARNs", "Parameters", "TemplateURL", "TimeoutInMinutes"],
    },
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

/// The properties of a type of which another value makes another resource, always or sometimes.
struct Fixed<'a> {
    create_only: &'a [&'static str],
    conditional: &'a [&'static str],
}

/// All other types, made by `scripts/create_only.py`: a line each, without `AWS::`.
static OTHERS: &str = include_str!("../data/create_only.txt");

/// The properties of the types of [`OTHERS`], by type.
static BY_TYPE: LazyLock<BTreeMap<&'static str, Line>> = LazyLock::new(|| OTHERS.lines().filter_map(line).collect());

/// Properties that are fixed, and those of which only some changes make another resource.
type Line = (Vec<&'static str>, Vec<&'static str>);

fn line(line: &'static str) -> Option<(&'static str, Line)> {
    let mut words = line.split(' ');
    let name = words.next().filter(|name| !name.is_empty())?;
    let (conditional, create_only): (Vec<&str>, Vec<&str>) = words.partition(|word| word.starts_with('?'));
    Some((name, (create_only, conditional.into_iter().map(|word| word.trim_start_matches('?')).collect())))
}

fn fixed_of(resource_type: &str) -> Option<Fixed<'static>> {
    if let Some(known) = known(resource_type) {
        return Some(Fixed { create_only: known.create_only, conditional: known.conditional });
    }
    let (create_only, conditional) = BY_TYPE.get(resource_type.strip_prefix("AWS::")?)?;
    Some(Fixed { create_only, conditional })
}

/// What another value at this path of a resource's properties does. Of a type that no table has, nobody can tell.
pub(super) fn update(resource_type: &str, property: &str) -> Update {
    let within =
        |outer: &str, inner: &str| inner.strip_prefix(outer).is_some_and(|r| r.is_empty() || r.starts_with('/'));
    let Some(fixed) = fixed_of(resource_type) else {
        return if within("Tags", property) { Update::InPlace } else { Update::Depends };
    };
    if fixed.create_only.iter().any(|fixed| within(fixed, property)) {
        return Update::Replacement;
    }
    // The whole of something is different; what of it cannot be changed may still be the same.
    let mut partly = fixed.create_only.iter().filter(|fixed| within(property, fixed)).chain(fixed.conditional);
    if partly.any(|fixed| within(property, fixed) || within(fixed, property)) {
        return Update::Depends;
    }
    Update::InPlace
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_beside_the_built_in_ones_are_known_too() {
        for (resource_type, property, expected) in [
            ("AWS::Lambda::Function", "Code", Update::InPlace),
            ("AWS::Lambda::Function", "FunctionName", Update::Replacement),
            ("AWS::Lambda::Function", "Tags", Update::InPlace),
            ("AWS::DynamoDB::Table", "TableName", Update::Replacement),
            ("AWS::DynamoDB::Table", "KeySchema", Update::Depends),
            ("AWS::DynamoDB::Table", "ImportSourceSpecification/S3BucketSource", Update::Replacement),
            ("AWS::S3::Bucket", "BucketName", Update::Replacement),
            ("AWS::S3::Bucket", "BucketEncryption", Update::InPlace),
            ("AWS::EC2::VPC", "InstanceTenancy", Update::Depends),
            ("AWS::CloudFormation::Stack", "TemplateURL", Update::Depends),
            ("AWS::New::Thing", "A", Update::Depends),
            ("AWS::New::Thing", "Tags/0", Update::InPlace),
            ("AWS::New::Thing", "TagsOfMine", Update::Depends),
            ("Custom::Thing", "A", Update::Depends),
        ] {
            assert_eq!(update(resource_type, property), expected, "{resource_type} {property}");
        }
    }

    #[test]
    fn the_table_has_a_type_on_each_line() {
        assert!(BY_TYPE.len() > 1000 && BY_TYPE.len() == OTHERS.lines().count());
        assert!(BY_TYPE.keys().all(|name| name.split("::").count() == 2), "a type is SERVICE::RESOURCE");
    }
}
