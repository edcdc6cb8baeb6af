use super::*;
use crate::kinds::shared::fields::body;

fn body_of(targets: Value, auto: Value) -> Body {
    body([("name", json!("base")), (TARGETS, targets), (AUTO_DEPLOYMENT, auto)])
}

fn retained(is: bool) -> Value {
    json!({"enabled": true, "retain_stacks_on_account_removal": is})
}

fn wanted(body: Body) -> Wanted {
    Wanted::new("stack-set", Address::stack_set("base"), body)
}

fn found(body: Body) -> Found {
    Found {
        address: Address::stack_set("base"),
        kind: "stack-set".into(),
        id: "base:1".into(),
        owner: Owner::This { stale: None },
        body,
        parent: None,
        attached_to: Vec::new(),
    }
}

fn field(path: &str, before: Value, after: Value) -> FieldChange {
    FieldChange { path: path.into(), before, after }
}

fn instance(account: &str, region: &str, stack: &str) -> StackInstanceFacts {
    StackInstanceFacts {
        account: account.into(),
        region: region.into(),
        unit: String::new(),
        status: "CURRENT".into(),
        detailed_status: "SUCCEEDED".into(),
        reason: None,
        stack: stack.into(),
        drifted: false,
    }
}

/// Two accounts, in the units A and B/C.
fn observed() -> Observed {
    let mut observed = Observed::default();
    for (name, id, unit) in [("a", "1", Address::unit(["A"])), ("b", "2", Address::unit(["B", "C"]))] {
        observed.bindings.bind(Address::account(name), id);
        observed.accounts.insert(Address::account(name), unit);
    }
    observed
}

#[test]
fn the_stacks_of_units_and_regions_that_are_dropped_are_named() {
    let targets = |value: Value| Targeting::of(&body_of(value, retained(true))).targets;
    let before = targets(json!({"ou/A": ["r1", "r2"], "ou/B": ["r1"]}));
    let instances = [instance("1", "r1", "arn:1"), instance("1", "r2", "arn:2"), instance("2", "r1", "arn:3")];
    let leave = |after: Value| -> Vec<String> {
        let wanted = wanted(body_of(after, retained(true)));
        let left = leaving(&before, Some(&wanted), &instances, &observed());
        left.into_iter().map(|it| format!("{}{}", it.place, if it.comes_back { " again" } else { "" })).collect()
    };
    assert_eq!(leave(json!({"ou/A": ["r1", "r2"], "ou/B": ["r1"]})), [""; 0]);
    assert_eq!(leave(json!({"ou/A": ["r1"], "ou/B": ["r1"]})), ["account/a in r2"]);
    assert_eq!(leave(json!({"ou/A": ["r1", "r2"]})), ["account/b in r1"]);
    assert_eq!(leave(json!({"root": ["r1"]})), ["account/a in r1 again", "account/a in r2", "account/b in r1 again"]);
    assert_eq!(leave(json!({})).len(), 3);
    assert_eq!(leaving(&before, None, &instances, &observed()), []);
    let none = [instance("1", "r2", "")];
    assert_eq!(leaving(&before, Some(&wanted(body_of(json!({}), retained(true)))), &none, &observed()), []);
}

#[test]
fn stacks_that_would_be_doubled_are_refused_where_they_are_retained() {
    let leaving = |comes_back: bool| vec![RemovedDeployment { place: "account/a in r1".into(), comes_back }];
    for (retain, comes_back, refused) in [(true, true, true), (true, false, false), (false, true, false)] {
        let mut observed = observed();
        let wanted = wanted(body_of(json!({}), retained(retain)));
        refuse_doubles(&Address::stack_set("base"), Some(&wanted), &leaving(comes_back), &mut observed);
        assert_eq!(!observed.findings.refusals.is_empty(), refused, "{retain} {comes_back}");
    }
}

#[test]
fn what_becomes_of_them_depends_on_retention() {
    for (retain, path) in [(true, "keeps_stacks"), (false, "deletes_stacks")] {
        let (wanted, mut before) = (
            wanted(body_of(json!({"ou/A": ["r1"]}), retained(retain))),
            body_of(json!({"ou/A": ["r1", "r2"]}), retained(retain)),
        );
        before.insert(LEAVING.into(), json!(["account/a in r2"]));
        let fields = StackSets.differ(&wanted, &found(before));
        let paths: Vec<&str> = fields.iter().map(|field| field.path.as_str()).collect();
        assert_eq!(paths, ["deployment_targets.ou/A", path]);
        assert_eq!(fields[1].before, json!(["account/a in r2"]));
    }
}

#[test]
fn a_change_is_as_dangerous_as_what_it_takes() {
    let of = |retain: bool| found(body_of(json!({}), retained(retain)));
    let fewer = field("deployment_targets.ou/A", json!(["r1", "r2"]), json!(["r1"]));
    let more = field("deployment_targets.ou/A", json!(["r1"]), json!(["r1", "r2"]));
    let taken = field("takes_away", json!(["A"]), Value::Null);
    let maybe = field("may_replace", json!(["A"]), Value::Null);
    let half = field("instances.account/a.r1", json!("INOPERABLE: x"), json!("CURRENT"));
    let stuck = field("instances.account/a.r1", json!("OUTDATED: x"), json!("CURRENT"));
    let missing = field("instances.account/a.r1", json!("MISSING"), json!("CURRENT"));
    let tags = field("tags.a", json!("x"), json!("y"));
    for (action, fields, retain, risk) in [
        (Action::Create, vec![], true, Risk::None),
        (Action::Delete, vec![], true, Risk::Disruptive),
        (Action::Delete, vec![], false, Risk::Destructive),
        (Action::Update, vec![fewer.clone()], true, Risk::Disruptive),
        (Action::Update, vec![fewer.clone()], false, Risk::Destructive),
        (Action::Update, vec![more.clone()], false, Risk::None),
        (Action::Update, vec![missing.clone()], false, Risk::None),
        (Action::Update, vec![more.clone(), missing.clone()], false, Risk::None),
        (Action::Update, vec![missing.clone(), stuck.clone()], false, Risk::Disruptive),
        (Action::Update, vec![missing, tags.clone()], false, Risk::Disruptive),
        (Action::Update, vec![more, tags.clone()], false, Risk::None),
        (Action::Update, vec![taken.clone()], true, Risk::Destructive),
        (Action::Adopt, vec![taken], true, Risk::Destructive),
        (Action::Update, vec![maybe], true, Risk::Destructive),
        (Action::Update, vec![half], true, Risk::Destructive),
        (Action::Update, vec![stuck], true, Risk::Disruptive),
        (Action::Adopt, vec![], true, Risk::None),
        (Action::Update, vec![tags], true, Risk::None),
    ] {
        assert_eq!(StackSets.judge(action, &fields, Some(&of(retain))).0, risk, "{action:?} {fields:?} {retain}");
    }
    // What the blueprint says from now on counts, and not what was.
    let changed = field("auto_deployment", retained(true), retained(false));
    assert_eq!(StackSets.judge(Action::Update, &[fewer, changed], Some(&of(true))).0, Risk::Destructive);
}

#[test]
fn instances_that_aws_does_not_bring_along_are_stuck() {
    for (status, detailed, expected) in [
        ("CURRENT", "SUCCEEDED", false),
        ("OUTDATED", "FAILED", true),
        ("OUTDATED", "CANCELLED", true),
        ("OUTDATED", "PENDING", false),
        ("OUTDATED", "RUNNING", false),
        ("OUTDATED", "SKIPPED_SUSPENDED_ACCOUNT", false),
        ("INOPERABLE", "INOPERABLE", true),
        ("CURRENT", "FAILED", false),
    ] {
        let instance =
            StackInstanceFacts { status: status.into(), detailed_status: detailed.into(), ..instance("1", "r", "") };
        assert_eq!(instance.is_stuck(), expected, "{status} {detailed}");
        assert_eq!(instance.is_inoperable(), status == "INOPERABLE");
    }
}
