use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::model::{Address, Desired};
use crate::sections::declare_text;

const HEAD: &str = "version: 1
name: ours
organization: {regions: [eu-west-1], account_email: \"{name}@example.com\"}
organizational_units:
  Workloads: {organizational_units: {Dev: {accounts: [dev]}}}
  audit: {accounts: [audit]}
accounts: [old, {name: gone, state: closed}]
";

fn wanted(identity: &str) -> Desired {
    match declare_text("landing.yaml", &format!("{HEAD}{identity}")) {
        Ok(declared) => declared.desired,
        Err(failed) => panic!("{}", failed.diagnostics.render(&failed.sources, false, 100)),
    }
}

fn complaints(identity: &str) -> String {
    let failed = declare_text("landing.yaml", &format!("{HEAD}{identity}")).expect_err("it is full of mistakes");
    failed.diagnostics.render(&failed.sources, false, 100)
}

#[test]
fn a_permission_set_is_wanted_in_awss_terms() {
    let desired = wanted(
        "identity:
  permission_sets:
    admin:
      description: All of it
      session: 90m
      managed_policies: [job-function/ViewOnlyAccess, AdministratorAccess, arn:aws:iam::aws:policy/AdministratorAccess]
      customer_managed_policies: [mine, {name: theirs, path: /teams/}]
      inline_policy: {Version: \"2012-10-17\", Statement: {Effect: Deny, Action: \"s3:*\", Resource: \"arn:aws:s3:::${account/dev}\"}}
      boundary: {customer_managed: limit}
      tags: {team: platform}
      was: administrator
",
    );
    let set = desired.get(&Address::permission_set("admin")).expect("it is wanted");
    assert_eq!(
        Value::Object(set.body.clone()),
        json!({
            "name": "admin",
            "description": "All of it",
            "session": "PT1H30M",
            "managed_policies": ["arn:aws:iam::aws:policy/AdministratorAccess", "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"],
            "customer_managed_policies": [{"name": "mine", "path": "/"}, {"name": "theirs", "path": "/teams/"}],
            "inline_policy": {
                "Version": "2012-10-17",
                "Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::${account/dev}"},
            },
            "boundary": {"customer_managed": {"name": "limit", "path": "/"}},
            "tags": {"team": "platform"},
        })
    );
    assert_eq!(set.was, [Address::permission_set("administrator")]);
    assert!(set.needs.contains(&Address::account("dev")), "{:?}", set.needs);
}

#[test]
fn rules_say_who_has_what_where_and_groups_are_wanted_by_being_named() {
    let desired = wanted(
        "identity:
  permission_sets: {admin: {exclusive: false}, reader: }
  groups: {described: {description: Some people}}
  assignments:
    team: {admin: [root, management], reader: [Workloads/Dev]}
    group/described: {reader: [account/audit]}
    user/ann@example.com: {reader: [dev]}
",
    );
    let identity = desired.settings.identity.as_ref().expect("there is a section");
    let rules: Vec<String> = identity
        .assignments
        .iter()
        .map(|rule| format!("{} {} {}", rule.principal, rule.permission_set, rule.target))
        .collect();
    assert_eq!(
        rules,
        [
            "group/team permission-set/admin root",
            "group/team permission-set/admin management",
            "group/team permission-set/reader ou/Workloads/Dev",
            "group/described permission-set/reader account/audit",
            "user/ann%40example.com permission-set/reader account/dev",
        ]
    );
    assert_eq!(identity.assignments[0].source.as_deref(), Some("landing.yaml:12"));
    assert_eq!(identity.shared, [Address::permission_set("admin")]);
    let groups: Vec<_> = desired.of_kind("group").map(|group| group.address.to_string()).collect();
    assert_eq!(groups, ["group/described", "group/team"]);
    assert!(desired.get(&Address::parse("trusted-access/sso.amazonaws.com")).is_some());
}

#[test]
fn every_mistake_is_shown_at_its_place() {
    assert_snapshot!(complaints(
        "identity:
  source: external
  permission_sets:
    a name that is much too long for AWS: {session: 13h, relay_state: https://exämple.com}
    admin:
      description: Ωmega
      session: a day
      managed_policies: [\"Read Only\", arn:aws:iam::111111111111:policy/mine]
      customer_managed_policies: [{name: mine, path: teams}, \"a b\"]
      boundary: {managed: ReadOnlyAccess, customer_managed: limit}
      inline_policy: {Version: \"2012-10-17\", Statement: {Effect: Allow, Principal: \"*\", Action: s3, Resource: \"*\"}}
      tags: {\"aws:mine\": x}
    reader: {inline_policy: {file: missing.json}, boundary: {}}
  groups: {team: {description: We know better}}
  assignments:
    team: {admni: [root], reader: [Workloads/Dve, audit, gone, nothing]}
    user/: {reader: [root]}
"
    ));
}

#[test]
fn what_is_more_than_aws_takes_is_counted() {
    let policies = vec!["ReadOnlyAccess"; 21];
    let actions: Vec<String> = (0..600).map(|n| format!("s3:GetSomething{n:04}")).collect();
    assert_snapshot!(complaints(&format!(
        "identity:\n  permission_sets:\n    admin:\n      managed_policies: {policies:?}\n      inline_policy: {{Version: \"2012-10-17\", Statement: {{Effect: Allow, Action: {actions:?}, Resource: \"*\"}}}}\n"
    ))
    .lines()
    .filter(|line| !line.contains(" | "))
    .collect::<Vec<_>>()
    .join("\n"));
}
