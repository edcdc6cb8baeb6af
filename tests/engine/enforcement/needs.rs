//! What a call takes: the actions, and the resources that they are for.
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>

use landing_sandbox::Attempt;
use serde_json::Value;

/// One action that a call takes.
#[derive(Debug)]
pub struct Need {
    pub action: String,
    /// The resource's ARN, `*` where the action has none or its policies here name none.
    pub resource: String,
    /// Condition keys of the action, with their values.
    pub context: Vec<(&'static str, String)>,
}

impl Need {
    fn of(action: impl Into<String>, resource: impl Into<String>) -> Need {
        Need { action: action.into(), resource: resource.into(), context: Vec::new() }
    }

    /// AWS's services make their roles with the caller's permission.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html>
    fn service_linked_role(call: &Attempt<'_>, service: &str, name: &str) -> Need {
        let role = format!("arn:aws:iam::{}:role/aws-service-role/{service}/{name}", call.account);
        let context = vec![("iam:AWSServiceName", service.to_owned())];
        Need { context, ..Need::of("iam:CreateServiceLinkedRole", role) }
    }
}

/// What AWS checks before it carries out a call.
pub fn needs(call: &Attempt<'_>) -> Vec<Need> {
    // Everybody may ask who they are.
    // https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    if call.operation == "GetCallerIdentity" {
        return Vec::new();
    }
    let action = format!("{}:{}", call.service, action_name(call));
    let mut needs = vec![Need::of(action, resource(call))];
    needs.extend(tagging(call));
    needs.extend(further(call));
    needs
}

/// S3's operations have other names than their actions, and one of Detective's.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html>,
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondetective.html>
fn action_name<'a>(call: &Attempt<'a>) -> &'a str {
    match (call.service, call.operation) {
        ("s3", "HeadBucket" | "ListObjectsV2") => "ListBucket",
        ("s3", "HeadObject") => "GetObject",
        ("s3", "ListBuckets") => "ListAllMyBuckets",
        ("detective", "ListOrganizationAdminAccounts") => "ListOrganizationAdminAccount",
        (_, operation) => operation,
    }
}

fn text<'a>(call: &Attempt<'a>, member: &str) -> &'a str {
    call.input.get(member).and_then(Value::as_str).unwrap_or_default()
}

fn resource(call: &Attempt<'_>) -> String {
    let Attempt { account, region, .. } = call;
    match call.service {
        "sts" => text(call, "RoleArn").to_owned(),
        "ssm" => format!("arn:aws:ssm:{region}:{account}:parameter/{}", text(call, "Name").trim_start_matches('/')),
        "s3" if text(call, "Bucket").is_empty() => "*".to_owned(),
        "s3" if text(call, "Key").is_empty() => format!("arn:aws:s3:::{}", text(call, "Bucket")),
        "s3" => format!("arn:aws:s3:::{}/{}", text(call, "Bucket"), text(call, "Key")),
        "iam" if call.input.contains_key("RoleName") => {
            format!("arn:aws:iam::{account}:role/{}", text(call, "RoleName"))
        }
        "cloudformation" => stack(call),
        _ => "*".to_owned(),
    }
}

fn stack(call: &Attempt<'_>) -> String {
    let Attempt { account, region, .. } = call;
    let arn = |kind: &str, name: &str| match name {
        "" => "*".to_owned(),
        _ if name.starts_with("arn:") => name.to_owned(),
        _ => format!("arn:aws:cloudformation:{region}:{account}:{kind}/{name}/0"),
    };
    match text(call, "StackSetName") {
        "" => arn("stack", text(call, "StackName")),
        name => arn("stackset", name),
    }
}

/// What is tagged as it is made takes the permission to tag, as the documentation of each operation's tags says.
fn tagging(call: &Attempt<'_>) -> Option<Need> {
    let tags = call.input.get("Tags")?;
    if tags.as_array().is_none_or(Vec::is_empty) {
        return None;
    }
    let action = match (call.service, call.operation) {
        ("organizations", _) => "organizations:TagResource",
        ("sso", "CreatePermissionSet") => "sso:TagResource",
        ("ssm", "PutParameter") => "ssm:AddTagsToResource",
        ("cloudformation", "CreateStackSet") => "cloudformation:TagResource",
        _ => return None,
    };
    Some(Need::of(action, resource(call)))
}

/// What else an operation takes.
fn further(call: &Attempt<'_>) -> Vec<Need> {
    let on_all = |actions: &[&str]| actions.iter().map(|action| Need::of(*action, "*")).collect::<Vec<_>>();
    let linked = |service, name| Need::service_linked_role(call, service, name);
    match (call.service, call.operation) {
        // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_org_create.html
        ("organizations", "CreateOrganization" | "EnableAllFeatures") => {
            vec![linked("organizations.amazonaws.com", "AWSServiceRoleForOrganizations")]
        }
        // https://docs.aws.amazon.com/ram/latest/userguide/getting-started-sharing.html#getting-started-sharing-orgs
        ("ram", "EnableSharingWithAwsOrganization") => {
            let mut needs = on_all(&["organizations:DescribeOrganization", "organizations:EnableAWSServiceAccess"]);
            needs.push(linked("ram.amazonaws.com", "AWSServiceRoleForResourceAccessManager"));
            needs
        }
        // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-activate-trusted-access.html
        ("cloudformation", "ActivateOrganizationsAccess") => {
            let mut needs = on_all(&["organizations:EnableAWSServiceAccess"]);
            let service = "stacksets.cloudformation.amazonaws.com";
            needs.push(linked(service, "AWSServiceRoleForCloudFormationStackSetsOrgAdmin"));
            needs
        }
        // https://docs.aws.amazon.com/health/latest/ug/using-service-linked-roles.html
        ("health", "EnableHealthServiceAccessForOrganization") => {
            let mut needs = on_all(&["organizations:EnableAWSServiceAccess"]);
            needs.push(linked("health.amazonaws.com", "AWSServiceRoleForHealth_Organizations"));
            needs
        }
        // https://docs.aws.amazon.com/network-manager/latest/tgwnm/nm-service-linked-roles.html
        ("networkmanager", "StartOrganizationServiceAccessUpdate") => {
            let mut needs = on_all(&["organizations:EnableAWSServiceAccess"]);
            needs.push(linked("networkmanager.amazonaws.com", "AWSServiceRoleForNetworkManager"));
            needs
        }
        ("notifications", "EnableNotificationsAccessForOrganization") => {
            on_all(&["organizations:EnableAWSServiceAccess"])
        }
        // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/detect-drift-stack.html
        ("cloudformation", "DetectStackDrift") => {
            let mut needs = on_all(&["cloudformation:BatchDescribeTypeConfigurations"]);
            needs.push(Need::of("cloudformation:DetectStackResourceDrift", resource(call)));
            needs
        }
        // https://docs.aws.amazon.com/guardduty/latest/ug/organizations_permissions.html
        ("guardduty", "EnableOrganizationAdminAccount") => on_all(&[
            "organizations:EnableAWSServiceAccess",
            "organizations:RegisterDelegatedAdministrator",
            "organizations:ListDelegatedAdministrators",
            "organizations:ListAWSServiceAccessForOrganization",
            "organizations:DescribeOrganizationalUnit",
            "organizations:DescribeAccount",
            "organizations:DescribeOrganization",
            "organizations:ListAccounts",
        ]),
        _ => Vec::new(),
    }
}
