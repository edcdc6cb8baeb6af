use std::collections::BTreeSet;

use clap::Args;
use serde_json::{Value, json};

use super::super::arguments::Format;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::session::Session;
use crate::kinds::{KINDS, Kind};
use crate::model::partition_of;

/// Print the least IAM policy that plan and apply need
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// Only what plan needs
    #[arg(long)]
    read_only: bool,
}

/// What the lease takes, on its one parameter.
const LEASE: [&str; 2] = ["ssm:GetParameter", "ssm:PutParameter"];
/// The one action that can be confined to AWS's own roles.
const SERVICE_LINKED_ROLE: &str = "iam:CreateServiceLinkedRole";

pub(in super::super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    session.only(&[Format::Text, Format::Json], "permissions")?;
    let region = session.global.region.as_deref().unwrap_or_default();
    session.out.json(&document(arguments.read_only, partition_of(region)))?;
    Ok(Exit::DONE)
}

/// The identity policy, for the management account.
fn document(read_only: bool, partition: &str) -> Value {
    let actions = |of: fn(&dyn Kind) -> &'static [&'static str]| -> BTreeSet<&'static str> {
        KINDS.iter().flat_map(|kind| of(*kind)).copied().collect()
    };
    let reads = actions(|kind| kind.reads());
    let mut statements = vec![json!({"Sid": "Read", "Effect": "Allow", "Action": reads, "Resource": "*"})];
    if !read_only {
        let mut writes: BTreeSet<&str> = actions(|kind| kind.writes()).difference(&reads).copied().collect();
        let makes_roles = writes.remove(SERVICE_LINKED_ROLE);
        statements.push(json!({"Sid": "Write", "Effect": "Allow", "Action": writes, "Resource": "*"}));
        if makes_roles {
            statements.push(json!({
                "Sid": "ServiceLinkedRoles", "Effect": "Allow", "Action": [SERVICE_LINKED_ROLE],
                "Resource": format!("arn:{partition}:iam::*:role/aws-service-role/*")
            }));
        }
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
    fn a_policy_fits_into_a_role() {
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: 10,240 characters inline.
        assert!(document(false, "aws").to_string().len() < 10_240);
    }
}
