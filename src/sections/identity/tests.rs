use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::model::{Address, Desired};
use crate::sections::{declare_text, declare_text_on};

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

/// The rules of a section: their target, what they exclude, their end and where they are written.
fn rules(assignments: &str) -> Vec<String> {
    let identity =
        format!("identity:\n  permission_sets: {{admin: }}\n  assignments:\n    team:\n      admin: {assignments}\n");
    let desired = wanted(&identity);
    let shown = desired.assignment_rules().iter().map(|rule| {
        let except: Vec<&str> = rule.except.places.iter().map(Address::as_str).collect();
        let until = rule.until.map(|until| until.to_string()).unwrap_or_default();
        format!(
            "{} [{}] {:?} {until} {}",
            rule.target,
            except.join(" "),
            rule.except.tags,
            rule.source.as_deref().unwrap_or("-")
        )
    });
    shown.collect()
}

#[test]
fn an_assignment_may_exclude_and_end() {
    let line = "landing.yaml:12";
    assert_eq!(
        rules("[members, dev]"),
        [format!("root [management] {{}}  {line}"), format!("account/dev [] {{}}  {line}")]
    );
    assert_eq!(
        rules("[root, {in: [Workloads, members], except: [dev], until: 2027-03-01}]"),
        [
            format!("root [] {{}}  {line}"),
            format!("ou/Workloads [account/dev] {{}} 2027-03-01 {line}"),
            format!("root [account/dev management] {{}} 2027-03-01 {line}"),
        ]
    );
    assert_eq!(
        rules("[{in: root, except: {in: [Workloads/Dev, management], tags: {env: prod, stage: [a, b]}}}]"),
        [format!("root [management ou/Workloads/Dev] {{\"env\": {{\"prod\"}}, \"stage\": {{\"a\", \"b\"}}}}  {line}")]
    );
}

#[test]
fn what_is_wrong_with_exclusions_and_ends_is_reported() {
    for (entry, expected) in [
        ("{except: [dev]}", "missing: the assignment is for no place"),
        ("{in: root, until: 2027-02-30}", "date: `until: 2027-02-30` is no day of the calendar"),
        ("{in: root, except: [dve]}", "unknown-name: no organizational unit or account is called `dve`"),
        ("{in: dev, except: [Workloads]}", "target: `dev` is excluded as a whole"),
        ("{in: Workloads/Dev, except: Workloads}", "target: `Workloads/Dev` is excluded as a whole"),
        ("{in: members, except: root}", "target: `members` is excluded as a whole"),
        ("{in: root, except: {regions: [eu-west-1]}}", "region: an assignment has no regions to exclude"),
    ] {
        let text =
            format!("{HEAD}identity:\n  permission_sets: {{admin: }}\n  assignments: {{team: {{admin: [{entry}]}}}}\n");
        let failed = declare_text("landing.yaml", &text).expect_err(entry);
        let reported: Vec<String> =
            failed.diagnostics.iter().map(|it| format!("{}: {}", it.code, it.message)).collect();
        assert_eq!(reported, [expected], "{entry}");
    }
}

#[test]
fn an_end_that_has_come_and_an_exclusion_of_nothing_are_doubtful() {
    let warnings = |today: &str, entry: &str| {
        let text =
            format!("{HEAD}identity:\n  permission_sets: {{admin: }}\n  assignments: {{team: {{admin: [{entry}]}}}}\n");
        let declared = declare_text_on(today, "landing.yaml", &text).unwrap_or_else(|_| panic!("it can be used"));
        declared.warnings.iter().map(|it| format!("{}: {}", it.code, it.message)).collect::<Vec<_>>()
    };
    let ends = "{in: root, until: 2027-03-01}";
    assert_eq!(warnings("2027-02-28", ends), [""; 0]);
    assert_eq!(warnings("2027-03-01", ends), ["ended: the assignment has ended on 2027-03-01: it assigns nothing"]);
    let vain = "except: `except` names account/audit, management, which lies in none of these places";
    assert_eq!(warnings("2027-01-01", "{in: Workloads, except: [account/audit, dev, management]}"), [vain]);
    assert_eq!(warnings("2027-01-01", "{in: [Workloads, account/audit], except: [Workloads/Dev]}"), [""; 0]);
}

#[test]
fn what_becomes_of_assignments_to_those_who_were_deleted_is_said() {
    let unassigns = |more: &str| {
        let desired = wanted(&format!("identity: {{permission_sets: {{admin: }}{more}}}\n"));
        desired.settings.identity.is_some_and(|identity| identity.unassigns_deleted)
    };
    assert!(!unassigns("") && !unassigns(", deleted_principals: keep") && unassigns(", deleted_principals: unassign"));
}
