mod personas;

use insta::assert_snapshot;
use landing_policy::{OrganizationContext, PolicyType, check_identity, lint};
use serde_json::{Value, json};

use crate::model::{Address, Desired};
use crate::sections::declare_text;
use crate::template::permission_sets;

const HEAD: &str = "version: 1
name: ours
organization: {home_region: eu-west-1, account_email: \"{name}@example.com\"}
organizational_units: {Workloads: {accounts: [dev]}}
stacks: {limit: {template: ml-boundary, in: [Workloads]}}
";

fn wanted(sets: &str) -> Desired {
    match declare_text("landing.yaml", &format!("{HEAD}identity: {{permission_sets: {sets}}}\n")) {
        Ok(declared) => declared.desired,
        Err(failed) => panic!("{}", failed.diagnostics.render(&failed.sources, false, 100)),
    }
}

fn body(desired: &Desired, name: &str) -> Value {
    let set = desired.get(&Address::permission_set(name)).unwrap_or_else(|| panic!("{name} is not wanted"));
    Value::Object(set.body.clone())
}

fn reported(sets: &str, head: &str) -> String {
    match declare_text("landing.yaml", &format!("{head}identity:\n  permission_sets: {sets}\n")) {
        Ok(declared) => declared.warnings.render(&declared.sources, false, 100),
        Err(failed) => failed.diagnostics.render(&failed.sources, false, 100),
    }
}

#[test]
fn every_built_in_set_can_be_used_by_its_name_alone() {
    let names: Vec<&str> = permission_sets().iter().map(|set| set.name).collect();
    let desired = wanted(&format!("[{}]", names.join(", ")));
    for name in names {
        let body = body(&desired, name);
        let allows =
            ["managed_policies", "inline_policy"].iter().any(|key| body[*key].is_object() || body[*key][0].is_string());
        assert!(allows && body["description"].is_string(), "{name}: {body}");
    }
}

#[test]
fn in_a_map_a_name_without_rights_is_the_built_in_one_and_keys_take_the_place_of_its_own() {
    let listed = body(&wanted("[administrator]"), "administrator");
    assert_eq!(body(&wanted("{administrator: }"), "administrator"), listed);
    assert_eq!(body(&wanted("{administrator: {}}"), "administrator"), listed);
    let shorter = body(&wanted("{administrator: {session: 2h}}"), "administrator");
    assert_eq!((&shorter["session"], &shorter["managed_policies"]), (&json!("PT2H"), &listed["managed_policies"]));
    let ours = body(&wanted("{ours: {template: administrator, description: Ours}}"), "ours");
    assert_eq!((&ours["description"], &ours["session"]), (&json!("Ours"), &listed["session"]));
}

#[test]
fn a_set_of_no_template_grants_nothing_although_a_built_in_one_has_its_name() {
    let empty = json!({"name": "billing", "session": "PT1H", "managed_policies": [], "customer_managed_policies": [], "tags": {}});
    assert_eq!(body(&wanted("{billing: {template: none}}"), "billing"), empty);
    let bounded = body(&wanted("{read-only: {template: none, session: 8h, tags: {a: b}}}"), "read-only");
    assert_eq!(
        (&bounded["session"], &bounded["tags"], &bounded["managed_policies"]),
        (&json!("PT8H"), &json!({"a": "b"}), &json!([]))
    );
    assert_ne!(body(&wanted("{billing: }"), "billing"), empty);
    assert!(reported("[none]", HEAD).contains("`none` is no template"), "{}", reported("[none]", HEAD));
}

#[test]
fn a_set_that_says_what_it_allows_gets_nothing_from_the_built_in_one_of_its_name() {
    let own = body(&wanted("{ml-devops: {managed_policies: [ReadOnlyAccess]}}"), "ml-devops");
    assert_eq!(own.get("inline_policy"), None);
    assert_eq!(own.get("boundary"), None);
}

#[test]
fn what_is_not_there_is_reported_at_its_place() {
    assert_snapshot!(reported("[administrater, read-only]", HEAD));
}

#[test]
fn a_boundary_that_no_stack_makes_is_reported() {
    assert_eq!(reported("[ml-devops]", HEAD), "");
    let without = HEAD.replace("stacks: {limit: {template: ml-boundary, in: [Workloads]}}\n", "");
    assert_snapshot!(reported("[ml-devops]", &without));
}

#[test]
fn policies_that_stacks_make_come_before_what_names_them() {
    let desired = wanted("[ml-devops, administrator]");
    let needs = |name: &str| desired.get(&Address::permission_set(name)).unwrap().needs.clone();
    assert!(needs("ml-devops").contains(&Address::stack_set("limit")));
    assert!(!needs("administrator").contains(&Address::stack_set("limit")));
}

/// Of a policy that allows, only some rules of the linter speak: those that say that something does not exist, or never
/// matches.
#[test]
fn built_in_policies_are_such_as_iam_takes_and_name_only_what_exists() {
    let names: Vec<&str> = permission_sets().iter().map(|set| set.name).collect();
    let desired = wanted(&format!("[{}]", names.join(", ")));
    let mut policies = 0;
    for name in names {
        let body = body(&desired, name);
        let Some(policy) = body.get("inline_policy") else { continue };
        policies += 1;
        assert!(check_identity(policy).is_empty(), "{name}: {:?}", check_identity(policy));
        let findings = lint(policy, PolicyType::ServiceControl, &OrganizationContext::default());
        let findings: Vec<String> = findings
            .iter()
            .filter(|finding| finding.code.name().starts_with("unknown") || finding.code.name().contains("never"))
            .map(|finding| format!("{} {} {}", finding.code.name(), finding.path, finding.message))
            .collect();
        assert!(findings.is_empty(), "{name}: {findings:#?}");
    }
    assert_eq!(policies, 3);
}

#[test]
fn personas_hand_roles_to_sagemaker_alone_and_use_keys_only_through_services() {
    let desired = wanted("[ml-data-engineer, ml-data-scientist, ml-devops]");
    for name in ["ml-data-engineer", "ml-data-scientist", "ml-devops"] {
        let body = body(&desired, name);
        assert_eq!(body["boundary"], json!({"customer_managed": {"name": "ml-boundary", "path": "/"}}), "{name}");
        for statement in body["inline_policy"]["Statement"].as_array().unwrap() {
            let (actions, condition) = (statement["Action"].to_string(), &statement["Condition"]);
            if actions.contains("iam:PassRole") {
                assert_eq!(condition["StringEquals"]["iam:PassedToService"], "sagemaker.amazonaws.com", "{name}");
            }
            if actions.contains("kms:Decrypt") {
                assert!(condition["StringLike"].get("kms:ViaService").is_some(), "{name}");
            }
            if actions.contains("kms:CreateGrant") {
                assert_eq!(condition["Bool"]["kms:GrantIsForAWSResource"], "true", "{name}");
            }
            assert!(!actions.contains("\"*\"") && !actions.contains(":*\""), "{name}: {actions}");
        }
    }
}

#[test]
fn a_variable_in_the_account_of_an_arn_is_a_mistake_of_the_inline_policy() {
    let arn = "arn:aws:sagemaker:*:${aws:PrincipalAccount}:app/*";
    let policy =
        json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sagemaker:*", "Resource": arn}});
    let said = reported(&format!("{{ours: {{inline_policy: {policy}}}}}"), HEAD);
    assert!(said.contains("inline policy of ours at /Statement/Resource"), "{said}");
    assert!(said.contains("has the variable `${aws:PrincipalAccount}` in its account"), "{said}");
    let fine = policy.to_string().replace("${aws:PrincipalAccount}", "${account/dev}");
    assert_eq!(reported(&format!("{{ours: {{inline_policy: {fine}}}}}"), HEAD), "");
}
