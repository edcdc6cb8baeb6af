//! What the stacks of the built-in blueprints make is allowed by the guardrails beside them: CloudFormation acts with the
//! rights of the role that enters the account, and service control policies bind that role.

use landing::hierarchy::Hierarchy;
use landing::model::{Address, DEFAULT_ACCESS_ROLE, Desired, Wanted};
use landing::sections::declare_text;
use landing_policy::{Asking, Decision};
use serde_json::Value;

use super::enforcement::blueprints;
use super::world::builtin;

/// What CloudFormation asks a service for when it makes, changes and deletes a resource of a type, without what it only reads:
/// `handlers` in the types' schemas.
/// <https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html#schema-properties-handlers>
const ACTIONS: &str = "
AWS::AccessAnalyzer::Analyzer access-analyzer:CreateAnalyzer access-analyzer:CreateArchiveRule access-analyzer:DeleteAnalyzer
AWS::Athena::NamedQuery athena:CreateNamedQuery athena:DeleteNamedQuery
AWS::Athena::WorkGroup athena:CreateWorkGroup athena:UpdateWorkGroup athena:DeleteWorkGroup
AWS::Budgets::Budget budgets:ModifyBudget
AWS::CloudFormation::HookTypeConfig cloudformation:SetTypeConfiguration
AWS::CloudFormation::TypeActivation cloudformation:ActivateType cloudformation:DeactivateType
AWS::CloudFormation::WaitConditionHandle
AWS::CloudTrail::Trail cloudtrail:CreateTrail cloudtrail:StartLogging cloudtrail:PutEventSelectors cloudtrail:UpdateTrail
AWS::Config::ConfigRule config:PutConfigRule config:DeleteConfigRule
AWS::Config::ConfigurationAggregator config:PutConfigurationAggregator config:DeleteConfigurationAggregator
AWS::Config::ConfigurationRecorder config:PutConfigurationRecorder config:StartConfigurationRecorder
AWS::Config::DeliveryChannel config:PutDeliveryChannel
AWS::Config::OrganizationConfigRule config:PutOrganizationConfigRule config:DeleteOrganizationConfigRule
AWS::ControlTower::EnabledControl controltower:EnableControl controltower:DisableControl
AWS::EC2::FlowLog ec2:CreateFlowLogs ec2:DeleteFlowLogs
AWS::EC2::InternetGateway ec2:CreateInternetGateway ec2:DeleteInternetGateway
AWS::EC2::Route ec2:CreateRoute ec2:DeleteRoute
AWS::EC2::RouteTable ec2:CreateRouteTable ec2:DeleteRouteTable
AWS::EC2::SecurityGroup ec2:CreateSecurityGroup ec2:DeleteSecurityGroup ec2:AuthorizeSecurityGroupIngress
AWS::EC2::SecurityGroupEgress ec2:AuthorizeSecurityGroupEgress ec2:RevokeSecurityGroupEgress
AWS::EC2::SecurityGroupIngress ec2:AuthorizeSecurityGroupIngress ec2:RevokeSecurityGroupIngress
AWS::EC2::Subnet ec2:CreateSubnet ec2:ModifySubnetAttribute ec2:DeleteSubnet
AWS::EC2::SubnetRouteTableAssociation ec2:AssociateRouteTable ec2:DisassociateRouteTable
AWS::EC2::VPC ec2:CreateVpc ec2:ModifyVpcAttribute ec2:DeleteVpc
AWS::EC2::VPCEndpoint ec2:CreateVpcEndpoint ec2:ModifyVpcEndpoint ec2:DeleteVpcEndpoints
AWS::EC2::VPCGatewayAttachment ec2:AttachInternetGateway ec2:DetachInternetGateway
AWS::Events::EventBus events:CreateEventBus events:DeleteEventBus
AWS::Events::EventBusPolicy events:PutPermission events:RemovePermission
AWS::Events::Rule events:PutRule events:PutTargets events:RemoveTargets events:DeleteRule
AWS::Glue::Database glue:CreateDatabase glue:UpdateDatabase glue:DeleteDatabase
AWS::Glue::Table glue:CreateTable glue:UpdateTable glue:DeleteTable
AWS::GuardDuty::Detector guardduty:CreateDetector guardduty:UpdateDetector iam:CreateServiceLinkedRole
AWS::GuardDuty::Member guardduty:CreateMembers guardduty:DeleteMembers
AWS::IAM::ManagedPolicy iam:CreatePolicy iam:CreatePolicyVersion iam:DeletePolicyVersion iam:DeletePolicy
AWS::IAM::OIDCProvider iam:CreateOpenIDConnectProvider iam:DeleteOpenIDConnectProvider
AWS::IAM::Role iam:CreateRole iam:PutRolePolicy iam:AttachRolePolicy iam:UpdateAssumeRolePolicy iam:TagRole iam:DeleteRole
AWS::IAM::ServiceLinkedRole iam:CreateServiceLinkedRole iam:DeleteServiceLinkedRole
AWS::KMS::Alias kms:CreateAlias kms:UpdateAlias kms:DeleteAlias
AWS::KMS::Key kms:CreateKey kms:EnableKeyRotation kms:PutKeyPolicy kms:TagResource
AWS::Logs::LogGroup logs:CreateLogGroup logs:PutRetentionPolicy
AWS::Logs::QueryDefinition logs:PutQueryDefinition logs:DeleteQueryDefinition
AWS::RAM::ResourceShare ram:CreateResourceShare ram:UpdateResourceShare ram:DeleteResourceShare
AWS::S3::Bucket s3:CreateBucket s3:PutEncryptionConfiguration s3:PutBucketVersioning s3:PutBucketPublicAccessBlock
AWS::S3::BucketPolicy s3:PutBucketPolicy
AWS::SNS::Subscription sns:Subscribe sns:Unsubscribe
AWS::SNS::Topic sns:CreateTopic sns:SetTopicAttributes sns:DeleteTopic
AWS::SNS::TopicPolicy sns:SetTopicAttributes
AWS::SageMaker::Domain sagemaker:CreateDomain sagemaker:UpdateDomain sagemaker:DeleteDomain
AWS::SageMaker::UserProfile sagemaker:CreateUserProfile sagemaker:DeleteUserProfile
AWS::SecurityHub::ConfigurationPolicy securityhub:CreateConfigurationPolicy securityhub:UpdateConfigurationPolicy
AWS::SecurityHub::DelegatedAdmin securityhub:EnableOrganizationAdminAccount
AWS::SecurityHub::FindingAggregator securityhub:CreateFindingAggregator securityhub:UpdateFindingAggregator
AWS::SecurityHub::Hub securityhub:EnableSecurityHub securityhub:UpdateSecurityHubConfiguration iam:CreateServiceLinkedRole
AWS::SecurityHub::OrganizationConfiguration securityhub:UpdateOrganizationConfiguration
AWS::SecurityHub::PolicyAssociation securityhub:StartConfigurationPolicyAssociation
";

fn actions(resource_type: &str) -> Vec<&'static str> {
    let mut rows = ACTIONS.lines().map(|line| line.split(' '));
    let row = rows.find_map(|mut words| (words.next() == Some(resource_type)).then_some(words));
    row.unwrap_or_else(|| panic!("say in ACTIONS what CloudFormation calls for {resource_type}")).collect()
}

/// The resource's ARN where guardrails ask for it: those with a name of their own.
fn arn(resource_type: &str, properties: &Value, account: &str) -> Option<String> {
    let name = |key: &str| properties[key].as_str();
    Some(match resource_type {
        "AWS::IAM::Role" => format!("arn:aws:iam::{account}:role/{}", name("RoleName")?),
        "AWS::IAM::ManagedPolicy" => format!("arn:aws:iam::{account}:policy/{}", name("ManagedPolicyName")?),
        "AWS::S3::Bucket" => format!("arn:aws:s3:::{}", name("BucketName")?),
        _ => return None,
    })
}

/// What the call says of the resource, by the condition keys of guardrails.
fn context(action: &str, properties: &Value) -> Vec<(String, Vec<String>)> {
    // What is known only in the account is some text.
    let text = |value: &Value| (!value.is_null()).then(|| value.as_str().unwrap_or("made-in-the-account").to_owned());
    let truth = |value: &Value| value.as_bool().map(|truth| truth.to_string());
    let given = |key: &str, value: Option<String>| (key.to_owned(), value.into_iter().collect());
    let mut context = match action {
        "sagemaker:CreateDomain" | "sagemaker:UpdateDomain" => vec![
            given("sagemaker:AppNetworkAccessType", text(&properties["AppNetworkAccessType"])),
            given("sagemaker:VolumeKmsKey", text(&properties["KmsKeyId"])),
            given("sagemaker:VpcSubnets", text(&properties["SubnetIds"])),
            given("sagemaker:VpcSecurityGroupIds", text(&properties["DefaultUserSettings"]["SecurityGroups"])),
        ],
        "ram:CreateResourceShare" | "ram:UpdateResourceShare" => {
            vec![given("ram:RequestedAllowsExternalPrincipals", truth(&properties["AllowExternalPrincipals"]))]
        }
        "iam:CreateRole" => vec![given("iam:PermissionsBoundary", text(&properties["PermissionsBoundary"]))],
        _ => Vec::new(),
    };
    // CloudFormation passes on the rights of anyone who made the stack.
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html
    context.push(given("aws:ViaAWSService", Some("true".into())));
    context.push(given("aws:CalledVia", Some("cloudformation.amazonaws.com".into())));
    context
}

/// Who makes what is in a stack or a stack set, in which accounts, in which regions.
struct Made<'a> {
    role: String,
    accounts: Vec<&'a Address>,
    regions: Vec<String>,
}

fn made<'a>(wanted: &Wanted, desired: &Desired, hierarchy: &'a Hierarchy) -> Option<Made<'a>> {
    let members = |place: &Address| {
        let within = hierarchy.within(place).into_iter();
        within.filter(|account| !hierarchy.is_management(account)).collect::<Vec<_>>()
    };
    match wanted.kind.as_str() {
        "stack" => Some(Made {
            role: desired.settings.roles.as_ref().map_or(DEFAULT_ACCESS_ROLE, |roles| &roles.apply).to_owned(),
            accounts: members(wanted.parent.as_ref()?),
            regions: vec![wanted.address.name()],
        }),
        "stack-set" => Some(Made {
            role: format!("stacksets-exec-{}", "0".repeat(32)),
            accounts: wanted
                .needs
                .iter()
                .filter(|need| matches!(need.prefix(), "ou" | "root"))
                .flat_map(members)
                .collect(),
            regions: desired.settings.regions.clone(),
        }),
        _ => None,
    }
}

/// Every call that the guardrails do not surely allow.
fn refused(desired: &Desired) -> (usize, Vec<String>) {
    let hierarchy = Hierarchy::declared(desired);
    let (mut asked, mut refused) = (0, Vec::new());
    for wanted in desired.resources.values() {
        let Some(made) = made(wanted, desired, &hierarchy) else { continue };
        let resources = wanted.body["template"]["Resources"].as_object().into_iter().flatten();
        for (name, resource) in resources {
            let resource_type = resource["Type"].as_str().expect("a resource has a type");
            for (account, region) in
                made.accounts.iter().flat_map(|at| made.regions.iter().map(move |region| (at, region)))
            {
                for action in actions(resource_type) {
                    let asking = Asking {
                        principal: format!("role/{}", made.role),
                        action: action.to_owned(),
                        resource: arn(resource_type, &resource["Properties"], hierarchy.id(account)),
                        region: (!is_global(action)).then(|| region.clone()),
                        context: context(action, &resource["Properties"]),
                    };
                    asked += 1;
                    let verdict = hierarchy.decide(&asking, account);
                    if verdict.decision != Decision::Allow {
                        let why = landing::hierarchy::because(&verdict);
                        refused.push(format!("{} {name} in {account} {region}: {action} {why}", wanted.address));
                    }
                }
            }
        }
    }
    (asked, refused)
}

fn is_global(action: &str) -> bool {
    action.starts_with("iam:") || action.starts_with("budgets:")
}

#[test]
fn guardrails_of_built_in_blueprints_allow_what_their_stacks_make() {
    for name in blueprints() {
        let declared = declare_text("landing.yaml", builtin(name)).expect("a built-in blueprint is right");
        let (asked, refused) = refused(&declared.desired);
        assert!(refused.is_empty(), "{name}: {} of {asked}:\n{}", refused.len(), refused.join("\n"));
    }
}

#[test]
fn a_guardrail_that_forbids_what_a_stack_makes_is_found() {
    let text = "version: 1\nname: b\norganization: {regions: [eu-west-1], account_email: 'a+{name}@example.com'}\n\
                policies:\n  no-analyzers:\n    content: {Version: '2012-10-17', Statement: {Effect: Deny, Action: 'access-analyzer:*', Resource: '*'}}\n\
                organizational_units:\n  A: {policies: [no-analyzers], accounts: [one]}\n  B: {accounts: [two]}\n\
                stacks:\n  access-analyzer: {in: [A, two]}\n";
    let declared = declare_text("landing.yaml", text).unwrap_or_else(|failed| panic!("{:?}", failed.diagnostics));
    let (asked, refused) = refused(&declared.desired);
    assert_eq!((asked, refused.len()), (12, 6), "two analyzers in two accounts, three calls each: {refused:#?}");
    assert!(
        refused[0].starts_with("stack-set/access-analyzer ExternalAccess in account/one eu-west-1"),
        "{}",
        refused[0]
    );
}
