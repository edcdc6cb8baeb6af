use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::session::Session;
use crate::kinds::resource::{Account, Resource};
use crate::kinds::{reads, writes};
use crate::model::{Address, DEFAULT_ACCESS_ROLE, Desired, Roles, partition_of, references};

/// Print the IAM policy that plan and apply need
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// A blueprint whose role and bucket names replace the default ones
    blueprint: Option<PathBuf>,
    /// Only what plan needs
    #[arg(long)]
    read_only: bool,
}

pub(in super::super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let region = session.global.region.as_deref().unwrap_or_default();
    let names = match &arguments.blueprint {
        Some(path) => Names::of(&session.declare(path)?.desired, arguments.read_only),
        None => Names::usual(partition_of(region), arguments.read_only),
    };
    session.out.json(&document(arguments.read_only, &names))?;
    Ok(Exit::DONE)
}

/// What the policy names beside actions.
struct Names {
    partition: &'static str,
    /// The roles that accounts are entered by.
    roles: BTreeSet<String>,
    /// The bucket of templates that are too large for a request, `*` where it is not known.
    bucket: String,
}

impl Names {
    /// As landing makes them. Reading takes the role for it alone: the one that comes with an account administers it.
    fn usual(partition: &'static str, read_only: bool) -> Names {
        let Roles { plan, apply } = Roles::usual();
        let further = [apply, DEFAULT_ACCESS_ROLE.to_owned()].into_iter().filter(|_| !read_only);
        Names { partition, roles: further.chain([plan]).collect(), bucket: "*".to_owned() }
    }

    /// As a blueprint has them. Where it makes no role for reading, plan reads by the role that comes with an account.
    fn of(desired: &Desired, read_only: bool) -> Names {
        let settings = &desired.settings;
        let own = settings.roles.iter().cloned();
        let accounts = desired.of(Address::is_account).filter_map(|wanted| Account::of(&wanted.body)?.access_role);
        let access = accounts.chain([settings.access_role.clone()]).filter(|role| !role.is_empty());
        let roles: BTreeSet<String> = match settings.roles {
            Some(_) if read_only => own.map(|roles| roles.plan).collect(),
            _ => own.flat_map(|roles| [roles.plan, roles.apply]).chain(access).collect(),
        };
        let bucket = settings.template_bucket.as_deref().filter(|name| references(&json!(name)).is_empty());
        Names {
            partition: settings.partition(),
            roles: roles.into_iter().collect(),
            bucket: bucket.unwrap_or("*").to_owned(),
        }
    }

    /// Where an action is needed: the statement's name, and the resources. `other` is the name where that is everywhere.
    fn place(&self, action: &str, other: &'static str) -> (&'static str, Vec<String>) {
        let arn = |rest: &str| format!("arn:{}:{rest}", self.partition);
        let role = |name: &String| arn(&format!("iam::*:role/{name}"));
        match action {
            "sts:AssumeRole" => ("Accounts", self.roles.iter().map(role).collect()),
            // The lease, where landing has made resources, and who applied what.
            "ssm:GetParameter" | "ssm:GetParameterHistory" | "ssm:PutParameter" => (
                "Parameters",
                ["lock", "whereabouts/*", "history/*"].map(|it| arn(&format!("ssm:*:*:parameter/landing/{it}"))).into(),
            ),
            "s3:GetObject" | "s3:PutObject" => {
                ("Templates", vec![arn(&format!("s3:::{}/landing/templates/*", self.bucket))])
            }
            "iam:CreateServiceLinkedRole" => ("ServiceLinkedRoles", vec![arn("iam::*:role/aws-service-role/*")]),
            "iam:GetSAMLProvider" => {
                ("IdentityCenterProvider", vec![arn("iam::*:saml-provider/AWSSSO_*_DO_NOT_DELETE")])
            }
            _ if is_of_identity_center(action) => {
                ("IdentityCenterRoles", vec![arn("iam::*:role/aws-reserved/sso.amazonaws.com/*")])
            }
            _ => (other, vec!["*".to_owned()]),
        }
    }
}

/// Whether an action is there for the roles that Identity Center makes in the management account.
fn is_of_identity_center(action: &str) -> bool {
    let is_of_account = ["PasswordPolicy", "AccountAlias", "Organizations"].iter().any(|word| action.contains(word));
    action.starts_with("iam:") && !is_of_account && !reads().any(|read| read == action)
}

/// The identity policy, for the management account.
fn document(read_only: bool, names: &Names) -> Value {
    // `landing history` reads what no kind does, and so do `landing drift`, which says who changed what differs, and `explain`.
    let others = ["ssm:GetParameterHistory", "cloudtrail:LookupEvents", "organizations:DescribeEffectivePolicy"];
    let reads: BTreeSet<&str> = reads().chain(others).collect();
    // The lease is taken by no kind.
    let writes: BTreeSet<&str> = writes().chain(["ssm:PutParameter"]).filter(|it| !reads.contains(it)).collect();
    let mut statements: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for action in &reads {
        statements.entry(names.place(action, "Read")).or_default().push(action);
    }
    for action in writes.iter().filter(|_| !read_only) {
        statements.entry(names.place(action, "Write")).or_default().push(action);
    }
    let statements: Vec<Value> =
        statements.iter().map(|((name, resources), actions)| statement(name, resources, actions)).collect();
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn statement(name: &str, resources: &[String], actions: &[&str]) -> Value {
    let resource = if resources == ["*"] { json!("*") } else { json!(resources) };
    json!({"Sid": name, "Effect": "Allow", "Action": actions, "Resource": resource})
}

#[cfg(test)]
mod tests;
