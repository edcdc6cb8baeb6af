use landing_policy::{Asking, Decision};
use serde_json::{Value, json};

use super::*;
use crate::model::{Body, Expectation, Wanted};

fn body(value: Value) -> Body {
    value.as_object().cloned().unwrap_or_default()
}

fn policy(address: &str, statement: Value) -> Wanted {
    let content = json!({"Version": "2012-10-17", "Statement": [statement]});
    Wanted::new("policy", Address::parse(address), body(json!({"content": content})))
}

fn attached(policy: &str, target: &str, present: bool) -> Wanted {
    let address = Address::parse(policy).at(&Address::parse(target));
    Wanted::new("attachment", address, Body::new()).present(present)
}

/// Accounts `dev` in `ou/Work/Dev` and `audit` under the root; `scp/guard` on `ou/Work` denies with `condition`.
fn desired(effect: &str, action: &str, condition: Value) -> Desired {
    let mut desired = Desired::default();
    desired.settings.home_region = "eu-west-1".into();
    let account = |name: &str, parent: &str| {
        Wanted::new("account", Address::account(name), Body::new()).under(Address::parse(parent))
    };
    let statement =
        json!({"Sid": "Guard", "Effect": effect, "Action": action, "Resource": "*", "Condition": condition});
    for wanted in [
        account("dev", "ou/Work/Dev"),
        account("audit", "root"),
        policy("scp/guard", statement),
        attached("scp/guard", "ou/Work", true),
    ] {
        desired.add(wanted);
    }
    desired
}

fn expect(denied: bool, action: &str, places: &[&str]) -> Expectation {
    Expectation {
        denied,
        actions: vec![action.into()],
        principal: "role/anyone".into(),
        places: places.iter().map(|place| Address::parse(place)).collect(),
        ..Expectation::default()
    }
}

fn asking(principal: &str, action: &str) -> Asking {
    Asking { principal: principal.into(), action: action.into(), ..Asking::default() }
}

#[test]
fn policies_hold_for_what_lies_below() {
    let hierarchy = Hierarchy::declared(&desired("Deny", "s3:*", json!({})));
    let decide =
        |account: &str| hierarchy.decide(&asking("role/x", "s3:GetObject"), &Address::account(account)).decision;
    assert_eq!((decide("dev"), decide("audit")), (Decision::Deny, Decision::Allow));
}

#[test]
fn without_full_access_only_what_is_allowed_is() {
    let mut desired = desired("Allow", "s3:*", json!({}));
    desired.add(attached("scp/FullAWSAccess", "ou/Work", false));
    let hierarchy = Hierarchy::declared(&desired);
    let verdict = |action: &str| hierarchy.decide(&asking("role/x", action), &Address::account("dev"));
    assert_eq!(verdict("s3:GetObject").decision, Decision::Allow);
    assert_eq!(because(&verdict("ec2:RunInstances")), "nothing attached to ou/Work allows it");
}

#[test]
fn what_the_tree_shows_is_known_and_what_is_given_counts_before_it() {
    for (condition, given, expected) in [
        (json!({"StringEquals": {"aws:PrincipalOrgID": "${organization}"}}), None, Decision::Deny),
        (json!({"StringNotEquals": {"aws:ResourceAccount": "${account/dev}"}}), None, Decision::Allow),
        (json!({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}), None, Decision::Deny),
        (json!({"StringLike": {"aws:PrincipalOrgPaths": "*/ou/Work/*"}}), None, Decision::Deny),
        (
            json!({"StringEquals": {"aws:PrincipalOrgID": "o-other"}}),
            Some(("aws:PrincipalOrgID", "o-other")),
            Decision::Deny,
        ),
        (json!({"StringEquals": {"aws:PrincipalTag/team": "red"}}), None, Decision::Undecided),
    ] {
        let hierarchy = Hierarchy::declared(&desired("Deny", "s3:*", condition.clone()));
        let context = given.map(|(key, value): (&str, &str)| (key.to_owned(), vec![value.to_owned()]));
        let asking = Asking { context: context.into_iter().collect(), ..asking("role/x", "s3:GetObject") };
        assert_eq!(hierarchy.decide(&asking, &Address::account("dev")).decision, expected, "{condition}");
    }
}

#[test]
fn short_principals_are_those_of_the_account() {
    let role = "arn:aws:iam::${account/dev}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_admin_*";
    for (principal, arn) in [
        ("role/a/b", "arn:aws:iam::${account/dev}:role/a/b"),
        ("root", "arn:aws:iam::${account/dev}:root"),
        ("permission-set/admin", role),
        ("arn:aws:iam::${account/dev}:user/u", "arn:aws:iam::${account/dev}:user/u"),
    ] {
        let hierarchy = Hierarchy::declared(&desired("Deny", "*", json!({"ArnLike": {"aws:PrincipalArn": arn}})));
        let verdict = hierarchy.decide(&asking(principal, "s3:GetObject"), &Address::account("dev"));
        assert_eq!(verdict.decision, Decision::Deny, "{principal}");
    }
}

#[test]
fn roles_of_permission_sets_are_in_the_region_of_identity_center() {
    let denies = |region: &str, found: Option<&str>| {
        let role = format!("arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/{region}AWSReservedSSO_admin_*");
        let mut hierarchy = Hierarchy::declared(&desired("Deny", "*", json!({"ArnLike": {"aws:PrincipalArn": role}})));
        hierarchy.found_identity_center(found.map(str::to_owned));
        let asking = asking("permission-set/admin", "s3:GetObject");
        hierarchy.decide(&asking, &Address::account("dev")).decision == Decision::Deny
    };
    assert!(denies("eu-central-1/", Some("eu-central-1")) && !denies("eu-west-1/", Some("eu-central-1")));
    assert!(denies("", Some("us-east-1")) && !denies("us-east-1/", Some("us-east-1")));
    // Not looked for, it may be anywhere.
    assert!(denies("eu-west-1/", None) && denies("eu-central-1/", None) && denies("", None));
    assert!(denies("*/", None) && denies("*", None));
}

#[test]
fn global_services_are_called_in_their_region() {
    let condition = json!({"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}});
    let hierarchy = Hierarchy::declared(&desired("Deny", "*", condition));
    let decide = |action: &str| hierarchy.decide(&asking("role/x", action), &Address::account("dev")).decision;
    assert_eq!((decide("iam:CreateRole"), decide("s3:GetObject")), (Decision::Deny, Decision::Allow));
}

#[test]
fn resource_control_policies_hold_for_services_and_by_the_resource_s_account() {
    let mut desired = desired("Deny", "ec2:*", json!({}));
    let condition = json!({"Bool": {"aws:PrincipalIsAWSService": "true"}});
    let statement =
        json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": condition});
    desired.add(policy("rcp/perimeter", statement));
    desired.add(attached("rcp/perimeter", "ou/Work", true));
    let hierarchy = Hierarchy::declared(&desired);
    let decide = |account: &str| {
        hierarchy.decide(&asking("logging.s3.amazonaws.com", "s3:PutObject"), &Address::account(account))
    };
    assert_eq!(decide("dev").decision, Decision::Deny);
    assert_eq!(decide("audit").decision, Decision::Allow);
    assert_eq!(hierarchy.decide(&asking("role/x", "s3:PutObject"), &Address::account("dev")).decision, Decision::Allow);
}

#[test]
fn a_broken_expectation_names_the_statement_and_the_accounts() {
    let hierarchy = Hierarchy::declared(&desired("Deny", "s3:*", json!({})));
    let texts = |expectation| broken(&expectation, &hierarchy).iter().map(ToString::to_string).collect::<Vec<_>>();
    let allowed = texts(expect(false, "s3:GetObject", &["root"]));
    assert_eq!(
        allowed,
        ["s3:GetObject is denied in account/dev: statement 1 of scp/guard (Guard), attached to ou/Work, denies it"]
    );
    let denied = texts(expect(true, "ec2:RunInstances", &["root"]));
    assert_eq!(denied, ["ec2:RunInstances is allowed in account/audit and 1 more: no policy denies it"]);
    assert!(texts(expect(true, "s3:GetObject", &["ou/Work"])).is_empty());
}

#[test]
fn what_cannot_be_decided_does_not_hold() {
    let condition = json!({"StringEquals": {"aws:PrincipalTag/team": "red"}});
    let hierarchy = Hierarchy::declared(&desired("Deny", "s3:*", condition));
    for denied in [true, false] {
        let expectation = expect(denied, "s3:GetObject", &["account/dev"]);
        let broken = broken(&expectation, &hierarchy);
        assert_eq!(broken.len(), 1);
        assert!(broken[0].help().contains("aws:PrincipalTag/team"), "{}", broken[0].help());
    }
}

#[test]
fn a_unit_without_accounts_is_held_against_those_to_come() {
    let mut desired = desired("Deny", "s3:*", json!({"StringEquals": {"aws:PrincipalOrgID": "${organization}"}}));
    desired.add(Wanted::new("organizational-unit", Address::parse("ou/Empty"), Body::new()));
    desired.add(attached("scp/guard", "ou/Empty", true));
    let hierarchy = Hierarchy::declared(&desired);
    assert!(broken(&expect(true, "s3:GetObject", &["ou/Empty"]), &hierarchy).is_empty());
    assert_eq!(
        broken(&expect(true, "ec2:RunInstances", &["ou/Empty"]), &hierarchy)[0].to_string(),
        "ec2:RunInstances is allowed in ou/Empty: no policy denies it"
    );
}
