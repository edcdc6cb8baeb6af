use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use serde_json::{Value, json};

use super::super::arguments::Format;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::session::Session;
use crate::kinds::{reads, writes};
use crate::model::partition_of;

/// Print an IAM policy that allows what plan and apply call
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// Only what plan needs
    #[arg(long)]
    read_only: bool,
}

/// What the lease takes, on its one parameter.
const LEASE: [&str; 2] = ["ssm:GetParameter", "ssm:PutParameter"];

/// Where an action that writes is needed: the statement's name, and the resource after the partition.
fn confined(action: &str) -> (&'static str, &'static str) {
    match action {
        "iam:CreateServiceLinkedRole" => ("ServiceLinkedRoles", "iam::*:role/aws-service-role/*"),
        "iam:GetSAMLProvider" => ("IdentityCenterProvider", "iam::*:saml-provider/AWSSSO_*_DO_NOT_DELETE"),
        _ if action.starts_with("iam:")
            && (action.contains("PasswordPolicy") || action.contains("OrganizationsRoot")) =>
        {
            ("Write", "*")
        }
        _ if action.starts_with("iam:") => ("IdentityCenterRoles", "iam::*:role/aws-reserved/sso.amazonaws.com/*"),
        _ => ("Write", "*"),
    }
}

pub(in super::super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    session.only(&[Format::Text, Format::Json], "permissions")?;
    let region = session.global.region.as_deref().unwrap_or_default();
    session.out.json(&document(arguments.read_only, partition_of(region)))?;
    Ok(Exit::DONE)
}

/// The identity policy, for the management account.
fn document(read_only: bool, partition: &str) -> Value {
    let reads: BTreeSet<&str> = reads().collect();
    let mut statements = vec![json!({"Sid": "Read", "Effect": "Allow", "Action": reads, "Resource": "*"})];
    if !read_only {
        let writes: BTreeSet<&str> = writes().collect();
        let mut by_place: BTreeMap<_, Vec<&str>> = BTreeMap::new();
        for action in writes.difference(&reads) {
            by_place.entry(confined(action)).or_default().push(action);
        }
        statements.extend(by_place.into_iter().map(|((name, resource), actions)| {
            let resource = if resource == "*" { "*".into() } else { format!("arn:{partition}:{resource}") };
            json!({"Sid": name, "Effect": "Allow", "Action": actions, "Resource": resource})
        }));
        statements.push(json!({
            "Sid": "Lease", "Effect": "Allow", "Action": LEASE,
            "Resource": format!("arn:{partition}:ssm:*:*:parameter/landing/lock")
        }));
    }
    json!({"Version": "2012-10-17", "Statement": statements})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_needs_no_action_that_writes() {
        let reading = document(true, "aws").to_string();
        for verb in ["Create", "Delete", "Update", "Put", "Attach", "Enable"] {
            assert!(!reading.contains(&format!(":{verb}")), "{verb} in {reading}");
        }
        assert!(reading.contains("organizations:ListAccounts"));
    }

    #[test]
    fn the_lease_is_one_parameter_of_the_partition() {
        let writing = document(false, "aws-us-gov").to_string();
        assert!(writing.contains("arn:aws-us-gov:ssm:*:*:parameter/landing/lock"), "{writing}");
    }

    #[test]
    fn roles_are_made_only_where_aws_keeps_its_own() {
        let writing = document(false, "aws");
        let statements = writing["Statement"].as_array().expect("it is a list").iter().filter(|it| it["Sid"] != "Read");
        let is_of_roles =
            |action: &Value| action.as_str().is_some_and(|it| it.starts_with("iam:") && it.contains("Role"));
        let of_roles =
            |statement: &&Value| statement["Action"].as_array().is_some_and(|all| all.iter().any(is_of_roles));
        for statement in statements.filter(of_roles) {
            assert!(statement["Resource"].to_string().contains(":iam::*:"), "{statement}");
        }
    }

    #[test]
    fn a_policy_fits_into_a_role() {
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: 10,240 characters inline.
        assert!(document(false, "aws").to_string().len() < 10_240);
    }
}
