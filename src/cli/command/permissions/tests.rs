use landing_policy::{AttachedPolicy, Decision, Level, Policy, Request, evaluate};

use super::*;
use crate::sections::declare_text;

const USER: &str = "arn:aws:iam::111111111111:user/landing";

fn usual(read_only: bool) -> Value {
    document(read_only, &Names::usual("aws", read_only))
}

fn of(blueprint: &str, read_only: bool) -> Value {
    let Ok(declared) = declare_text("landing.yaml", blueprint) else { panic!("it has mistakes") };
    document(read_only, &Names::of(&declared.desired, read_only))
}

/// Whether a user who has this policy alone may do this.
fn allows(policy: &Value, action: &str, resource: &str) -> bool {
    let policy = Policy::read(policy).expect("it is a policy");
    let level = Level { id: "it".into(), policies: vec![AttachedPolicy { name: "it".into(), policy }] };
    let decision = evaluate(&[level], &[], &Request::new(USER, action, Some(resource))).decision;
    assert_ne!(decision, Decision::Undecided, "{action} on {resource}");
    decision == Decision::Allow
}

fn role(name: &str) -> String {
    format!("arn:aws:iam::222222222222:role/{name}")
}

/// The roles among these that may be assumed.
fn entered<'a>(policy: &Value, roles: &[&'a str]) -> Vec<&'a str> {
    roles.iter().copied().filter(|name| allows(policy, "sts:AssumeRole", &role(name))).collect()
}

const ROLES: [&str; 6] =
    ["landing-plan", "landing-apply", "OrganizationAccountAccessRole", "Admin", "landing-plan-2", "Entry"];

#[test]
fn reading_needs_no_action_that_writes() {
    let reading = usual(true).to_string();
    for verb in ["Create", "Delete", "Update", "Put", "Attach", "Enable"] {
        assert!(!reading.contains(&format!(":{verb}")), "{verb} in {reading}");
    }
    assert!(reading.contains("organizations:ListAccounts"));
}

#[test]
fn accounts_are_entered_by_the_roles_that_landing_makes_or_knows() {
    assert_eq!(entered(&usual(true), &ROLES), ["landing-plan"]);
    assert_eq!(entered(&usual(false), &ROLES), ["landing-plan", "landing-apply", "OrganizationAccountAccessRole"]);
    assert!(!allows(&usual(false), "sts:AssumeRole", "*"));
}

#[test]
fn a_blueprint_names_the_roles_that_its_accounts_are_entered_by() {
    let head = "version: 1\nname: b\norganization: {home_region: eu-west-1, account_email: 'a+{name}@x.example'}\n\
                accounts: [one, {name: two, access_role: Entry}]\n";
    assert_eq!(entered(&of(head, true), &ROLES), ["OrganizationAccountAccessRole", "Entry"]);
    assert_eq!(entered(&of(head, false), &ROLES), ["OrganizationAccountAccessRole", "Entry"]);
    let with_roles = format!("{head}stacks: {{landing-roles: {{in: [management, one, two]}}}}\n");
    assert_eq!(entered(&of(&with_roles, true), &ROLES), ["landing-plan"]);
    let all = ["landing-plan", "landing-apply", "OrganizationAccountAccessRole", "Entry"];
    assert_eq!(entered(&of(&with_roles, false), &ROLES), all);
}

#[test]
fn parameters_are_landings_own() {
    let named = |name: &str| format!("arn:aws:ssm:eu-west-1:111111111111:parameter/{name}");
    for (name, expected) in [
        ("landing/lock", true),
        ("landing/whereabouts/ml", true),
        ("landing/history/ml", true),
        ("landing/other", false),
        ("db", false),
    ] {
        assert_eq!(allows(&usual(true), "ssm:GetParameter", &named(name)), expected, "{name}");
        assert_eq!(allows(&usual(false), "ssm:GetParameter", &named(name)), expected, "{name}");
        assert_eq!(allows(&usual(false), "ssm:PutParameter", &named(name)), expected, "{name}");
        assert!(!allows(&usual(true), "ssm:PutParameter", &named(name)), "{name}");
        assert_eq!(allows(&usual(true), "ssm:GetParameterHistory", &named(name)), expected, "{name}");
    }
}

#[test]
fn objects_are_templates_and_in_the_bucket_that_the_blueprint_names() {
    let put = |policy: &Value, place: &str| allows(policy, "s3:PutObject", &format!("arn:aws:s3:::{place}"));
    assert!(put(&usual(false), "any/landing/templates/a.json"));
    assert!(!put(&usual(false), "any/logs/a.json") && !put(&usual(true), "any/landing/templates/a.json"));
    let named = of("version: 1\nname: b\norganization: {home_region: eu-west-1, template_bucket: ours}\n", false);
    assert!(put(&named, "ours/landing/templates/a.json") && !put(&named, "any/landing/templates/a.json"));
}

#[test]
fn arns_are_of_the_partition() {
    let names = Names::usual(partition_of("us-gov-west-1"), false);
    let writing = document(false, &names).to_string();
    assert!(writing.contains("arn:aws-us-gov:ssm:*:*:parameter/landing/lock"), "{writing}");
    assert!(!writing.contains("arn:aws:"), "{writing}");
    let china = of("version: 1\nname: b\norganization: {home_region: cn-north-1}\n", true).to_string();
    assert!(china.contains("arn:aws-cn:iam::*:role/OrganizationAccountAccessRole"), "{china}");
}

#[test]
fn roles_are_made_only_where_aws_keeps_its_own() {
    let full = usual(false);
    for action in ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:DeleteRole"] {
        assert!(!allows(&full, action, &role("Admin")), "{action}");
        assert!(allows(&full, action, &role("aws-reserved/sso.amazonaws.com/x")), "{action}");
    }
    assert!(!allows(&full, "iam:CreateServiceLinkedRole", &role("Admin")));
    assert!(allows(&full, "iam:CreateServiceLinkedRole", &role("aws-service-role/ram.amazonaws.com/x")));
    assert!(allows(&full, "iam:UpdateAccountPasswordPolicy", "*"));
    assert!(allows(&full, "iam:CreateAccountAlias", "*") && allows(&full, "iam:DeleteAccountAlias", "*"));
    assert!(allows(&full, "iam:EnableOrganizationsRootSessions", "*"));
}

#[test]
fn a_policy_fits_into_a_role() {
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: 10,240 characters inline.
    assert!(usual(false).to_string().len() < 10_240);
}
