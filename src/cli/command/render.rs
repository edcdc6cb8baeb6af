use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::files::{Access, write_whole};
use super::super::global::BLUEPRINT;
use super::super::output::json_text;
use super::super::session::Session;
use crate::kinds::OfKind;
use crate::kinds::resource::{Deployed, PermissionSet, Resource};
use crate::model::{Desired, Presence, Role, Wanted, body_content, body_name, body_template, unmark_references};
use crate::report::{Line, Paint};

/// Write all policies and CloudFormation templates as files
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// The blueprint
    #[arg(default_value = BLUEPRINT)]
    blueprint: PathBuf,
    /// The folder to write into
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub(in super::super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let declared = session.declare(&arguments.blueprint)?;
    let mut text = String::new();
    for (file, content) in files(&declared.desired) {
        let path = arguments.out.join(file);
        write_whole(&path, &json_text(&content)?, Access::Usual)?;
        text += &format!("{}\n", Line::of(Paint::Added, "+ ").plain(path.display().to_string()).to_ansi());
    }
    if text.is_empty() {
        session.out.say("The blueprint has no policies, permission sets or stacks: no file was written.\n");
    }
    session.out.result(&text)?;
    Ok(Exit::DONE)
}

/// What is written, by its path in the folder. References to what only AWS knows stay as the blueprint has them.
fn files(desired: &Desired) -> BTreeMap<PathBuf, Value> {
    let mut files = BTreeMap::new();
    for wanted in desired.resources.values().filter(|wanted| wanted.presence == Presence::Present) {
        match (wanted.kind_info().role, body_content(&wanted.body)) {
            (Role::Policy, Some(content)) => drop(files.insert(policy_file(wanted), content.clone())),
            (Role::PermissionSet, _) => add_permission_set(wanted, &mut files),
            _ => {}
        }
        if let Some(template) = body_template(&wanted.body) {
            add_template(wanted, template, &mut files);
        }
    }
    files
}

/// `policies/scp/region-guard.json`.
fn policy_file(policy: &Wanted) -> PathBuf {
    Path::new("policies").join(policy.address.prefix()).join(format!("{}.json", file_name(policy)))
}

/// What the address has after its kind: the name, in a form that is safe in a path.
fn file_name(wanted: &Wanted) -> String {
    let address = wanted.address.as_str();
    let name = address.split_once('/').map_or(address, |(_, name)| name);
    name.strip_prefix('.').map_or_else(|| name.to_owned(), |rest| format!("%2E{rest}"))
}

/// `permission-sets/ml-devops.json`, and its inline policy alone in `policies/permission-set/ml-devops.json`, as linters of
/// IAM policies read it.
fn add_permission_set(set: &Wanted, files: &mut BTreeMap<PathBuf, Value>) {
    let file = Path::new("permission-sets").join(format!("{}.json", file_name(set)));
    files.insert(file, Value::Object(set.body.clone()));
    if let Some(policy) = PermissionSet::of(&set.body).and_then(|set| set.inline_policy) {
        files.insert(policy_file(set), policy);
    }
}

/// `stacks/budget.json`, and in `stacks/budget.parameters.json` what each deployment of it gets, by its address. All
/// deployments of one name have one template.
fn add_template(deployed: &Wanted, template: &Value, files: &mut BTreeMap<PathBuf, Value>) {
    let name = body_name(&deployed.body).unwrap_or_default();
    let file = |ending: &str| Path::new("stacks").join(format!("{name}{ending}"));
    files.insert(file(".json"), unmark_references(template));
    let given = files.entry(file(".parameters.json")).or_insert_with(|| json!({}));
    given[deployed.address.as_str()] = json!(Deployed::of(&deployed.body).parameters);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Address, Body};

    #[test]
    fn no_policy_name_leads_out_of_the_folder() {
        let file = |name: &str| policy_file(&Wanted::new("policy", Address::new("scp", [name]), Body::new()));
        assert_eq!(file("../../x"), Path::new("policies/scp/%2E.%2F..%2Fx.json"));
        assert_eq!(file("region-guard"), Path::new("policies/scp/region-guard.json"));
    }

    #[test]
    fn a_permission_set_is_a_file_and_its_inline_policy_another() {
        let policy = json!({"Version": "2012-10-17", "Statement": []});
        let body = json!({"name": "work", "inline_policy": policy}).as_object().cloned().unwrap_or_default();
        let mut desired = Desired::default();
        desired.add(Wanted::new("permission-set", Address::permission_set("work"), body.clone()));
        let plain = json!({"name": "read", "managed_policies": []}).as_object().cloned().unwrap_or_default();
        desired.add(Wanted::new("permission-set", Address::permission_set("read"), plain.clone()));
        let expected = [
            ("permission-sets/read.json", Value::Object(plain)),
            ("permission-sets/work.json", Value::Object(body)),
            ("policies/permission-set/work.json", policy),
        ];
        assert_eq!(files(&desired), expected.map(|(path, content)| (PathBuf::from(path), content)).into());
    }

    #[test]
    fn a_template_is_one_file_and_each_deployment_shows_its_parameters() {
        let mut desired = Desired::default();
        for (account, size) in [("audit", "1"), ("work", "2")] {
            let body = json!({"name": "s", "region": "eu-west-1", "template": {"Resources": {}}, "parameters": {"Size": size}});
            let body = body.as_object().cloned().unwrap_or_default();
            let address = Address::stack(account, "s", "eu-west-1");
            desired.add(Wanted::new("stack", address, body).under(Address::account(account)));
        }
        let given = json!({"stack/audit/s/eu-west-1": {"Size": "1"}, "stack/work/s/eu-west-1": {"Size": "2"}});
        let expected = [("stacks/s.json", json!({"Resources": {}})), ("stacks/s.parameters.json", given)];
        assert_eq!(files(&desired), expected.map(|(path, content)| (PathBuf::from(path), content)).into());
    }
}
