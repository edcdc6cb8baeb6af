//! What is said of one change.

use serde_json::json;

use super::example::change;
use crate::model::{Action, Address, Change, FieldChange};
use crate::report::naming::{deed, held, kind_word, short_name};
use crate::report::rows::reach;
use crate::report::tree::arrange;
use crate::report::wording::Wording;

const KINDS: [&str; 23] = [
    "organization",
    "root",
    "policy-type",
    "trusted-access",
    "organizational-unit",
    "account",
    "delegated-administrator",
    "resource-policy",
    "alternate-contact",
    "region",
    "root-access",
    "password-policy",
    "ebs-encryption",
    "policy",
    "attachment",
    "stack",
    "stack-set",
    "guardduty-administrator",
    "service-administrator",
    "permission-set",
    "group",
    "assignment",
    "trusted-token-issuer",
];

fn of(kind: &str, action: Action, field: &str) -> Change {
    let fields = match field {
        "" => Vec::new(),
        path => vec![FieldChange { path: path.into(), before: json!("a"), after: json!("b") }],
    };
    Change { fields, ..change("x/y", kind, action, "") }
}

/// The kinds of which something else is said than of most, with it.
fn unusual<'w>(usual: Option<&'w str>, say: impl Fn(&str) -> Option<&'w str>) -> Vec<(&'static str, Option<&'w str>)> {
    KINDS.into_iter().map(|kind| (kind, say(kind))).filter(|(_, word)| *word != usual).collect()
}

#[test]
fn what_a_plan_does_is_said_where_the_mark_does_not() {
    let deed = |action, field: &'static str| move |kind: &str| deed(&of(kind, action, field));
    let switched = ["policy-type", "trusted-access", "region", "root-access", "ebs-encryption"];
    let enabled = switched.map(|kind| (kind, Some("enabled")));
    let mut created = vec![("organization", Some("created"))];
    created.extend(enabled);
    assert_eq!(unusual(None, deed(Action::Create, "")), created);
    let deleted = [
        ("policy-type", Some("disabled")),
        ("trusted-access", Some("disabled")),
        ("account", Some("released")),
        ("region", Some("disabled")),
        ("root-access", Some("disabled")),
        ("ebs-encryption", Some("disabled")),
        ("attachment", Some("detached")),
    ];
    assert_eq!(unusual(Some("deleted"), deed(Action::Delete, "")), deleted);
    let mut ended = deleted;
    ended[2] = ("account", Some("closed"));
    assert_eq!(unusual(Some("deleted"), deed(Action::Delete, "state")), ended);
    assert_eq!(unusual(None, deed(Action::Update, "name")), []);
    assert_eq!(unusual(Some("adopted"), deed(Action::Adopt, "")), []);
    assert_eq!(unusual(Some("moved"), deed(Action::Move, "")), []);
}

#[test]
fn what_drift_finds_is_said_in_the_words_of_the_kind() {
    let found = |action, field: &'static str| move |kind: &str| Wording::Drift.deed(&of(kind, action, field));
    assert_eq!(
        unusual(Some("missing"), found(Action::Create, "")),
        [
            ("policy-type", Some("not enabled")),
            ("trusted-access", Some("not enabled")),
            ("region", Some("not enabled")),
            ("attachment", Some("not attached")),
        ]
    );
    assert_eq!(
        unusual(Some("not in the blueprint"), found(Action::Delete, "state")),
        [("attachment", Some("not wanted here")), ("assignment", Some("not wanted here"))]
    );
    assert_eq!(
        unusual(Some("changed"), found(Action::Update, "name")),
        [("organizational-unit", Some("renamed")), ("policy", Some("renamed"))]
    );
    assert_eq!(unusual(Some("changed"), found(Action::Update, "drift.Bucket")), [("stack", Some("drifted"))]);
    assert_eq!(unusual(Some("changed"), found(Action::Update, "tags.owner")), []);
    assert_eq!(unusual(Some("moved"), found(Action::Move, "parent")), []);
    assert_eq!(unusual(Some("not adopted"), found(Action::Adopt, "name")), []);
}

#[test]
fn resources_have_short_names_where_they_stand() {
    for (address, name) in [
        ("organization", "organization"),
        ("root", "root"),
        ("management", "management"),
        ("ou/A/R%2FD", "R/D"),
        ("account/audit", "audit"),
        ("scp/guard", "guard"),
        ("scp/guard@ou/A", "guard"),
        ("stack/audit/trail/eu-west-1", "trail in eu-west-1"),
        ("stack-set/base", "base"),
        ("ebs-encryption/audit/eu-west-1", "new volumes in eu-west-1"),
        ("password-policy/audit", "IAM users"),
        ("alternate-contact/audit/SECURITY", "SECURITY"),
        ("region/audit/ap-east-1", "ap-east-1"),
        ("assignment/read/group/team@account/audit", "read for team"),
        ("delegated-administrator/config.amazonaws.com/audit", "config.amazonaws.com: audit"),
        ("service-administrator/macie.amazonaws.com/eu-west-1", "eu-west-1"),
        ("trusted-token-issuer/ok\u{7}ta", "okta"),
    ] {
        assert_eq!(short_name(&Address::parse(address)), name, "{address}");
    }
}

#[test]
fn what_an_account_has_by_its_place_is_said_in_a_few_words() {
    for (address, words) in [
        ("scp/guard", "SCP guard"),
        ("tag-policy/cost", "tag policy cost"),
        ("stack-set/base", "stack set base"),
        ("stack/net/vpc/eu-west-1", "shares of stack/net/vpc/eu-west-1"),
        ("assignment/read/group/team@ou/A", "read for team"),
    ] {
        assert_eq!(held(&Address::parse(address)), words);
    }
}

#[test]
fn what_sort_it_is_is_said_in_the_words_of_aws() {
    let said = |address: &str, kind: &str| kind_word(&change(address, kind, Action::Create, ""));
    assert_eq!(said("ou/A", "organizational-unit"), "OU");
    assert_eq!(said("scp/guard@root", "attachment"), "SCP");
    assert_eq!(said("ai-opt-out-policy/none", "policy"), "AI opt-out policy");
    assert_eq!(said("ebs-encryption/a/eu-west-1", "ebs-encryption"), "EBS encryption");
    assert_eq!(said("issuer/okta", "trusted-token-issuer"), "trusted token issuer");
}

#[test]
fn how_many_accounts_are_reached_is_said_unless_it_is_in_one() {
    let reached = |address: &str, kind: &str, parent: &str| {
        let parent = Some(Address::parse(parent)).filter(|_| !parent.is_empty());
        reach(&Change { parent, reaches: 2, ..change(address, kind, Action::Create, "") })
    };
    let two = Some("2 accounts".to_owned());
    assert_eq!(reached("account/a", "account", "ou/A"), None);
    assert_eq!(reached("stack/a/trail/eu-west-1", "stack", "account/a"), None);
    assert_eq!(reached("stack/management/trail/eu-west-1", "stack", "management"), None);
    assert_eq!(reached("scp/guard@account/a", "attachment", "account/a"), two);
    assert_eq!(reached("ou/A", "organizational-unit", "root"), two);
    assert_eq!(reached("stack-set/base", "stack-set", ""), two);
}

#[test]
fn what_is_not_in_the_tree_stands_under_headings_in_their_order() {
    let mut plan = super::example::quiet();
    let changed = |address: &str, kind: &str| change(address, kind, Action::Create, "");
    plan.changes = vec![
        changed("zeta/a", "zeta-kind"),
        changed("delegated-administrator/config.amazonaws.com/a", "delegated-administrator"),
        changed("trusted-access/ram.amazonaws.com", "trusted-access"),
        changed("policy-type/TAG_POLICY", "policy-type"),
        changed("group/team", "group"),
        changed("permission-set/read", "permission-set"),
        changed("root-access/RootSessions", "root-access"),
        changed("stack-set/base", "stack-set"),
        changed("scp/guard", "policy"),
        changed("ou/A", "organizational-unit"),
        changed("account/a", "account"),
        changed("root", "root"),
        changed("organization", "organization"),
    ];
    let shown = arrange(&plan, None);
    let titles: Vec<&str> = shown.groups.iter().map(|group| group.title.as_str()).collect();
    assert_eq!(
        titles,
        [
            "Policies",
            "Stack sets",
            "Permission sets",
            "Groups",
            "Policy types",
            "Trusted access",
            "Delegated administrators",
            "root access",
            "zeta kind",
        ]
    );
}
