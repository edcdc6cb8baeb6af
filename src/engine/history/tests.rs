use super::super::outcome::{Failure, Outcome};
use super::*;
use crate::model::{Action, Address, Change, Summary};

fn plan(changes: Vec<Change>) -> Plan {
    let bare = r#"{"format": "landing-plan/1", "blueprint": {"name": "ml", "sha256": "00ff", "commit": "c0ffee"}, "organization":
        {"id": null, "management_account": "111122223333"}, "summary": {"create": 0, "update": 0, "delete": 0, "adopt": 0,
        "move": 0, "unchanged": 1}, "changes": [], "manual": [], "unmanaged": [], "refusals": [], "api_calls": {"total": 1,
        "by_operation": {}}, "observed": {}}"#;
    let bare: Plan = serde_json::from_str(bare).unwrap();
    Plan { summary: Summary::of(&changes, 1), changes, ..bare }
}

fn change(action: Action, address: &str) -> Change {
    Change::new(action, "organizational-unit", Address::parse(address))
}

fn applied(plan: &Plan, outcome: Outcome) -> Applied {
    Applied {
        plan: plan.clone(),
        outcome,
        lost_lease: false,
        unseen: Vec::new(),
        caller: Some("arn:aws:sts::111122223333:assumed-role/ci/run-1".into()),
        unrecorded: None,
    }
}

fn failed(address: &str) -> Failure {
    Failure {
        address: Address::parse(address),
        action: Action::Update,
        error: "was refused: a secret".into(),
        cause: "refused".into(),
        help: None,
    }
}

#[test]
fn a_record_says_who_did_what_when_and_no_values() {
    let plan =
        plan(vec![change(Action::Create, "ou/A"), change(Action::Update, "ou/B"), change(Action::Delete, "ou/C")]);
    let outcome = Outcome {
        done: vec![(Address::parse("ou/A"), Action::Create)],
        failed: vec![failed("ou/B")],
        skipped: vec![Address::parse("ou/C")],
        ..Outcome::default()
    };
    let record = Record::of(&plan, &applied(&plan, outcome), "2026-11-29T12:00:00Z");
    let text = record.to_text();
    assert_eq!(Record::from_text(&text), Some(record.clone()));
    assert!(!text.contains("secret"), "{text}");
    assert_eq!((record.outcome, record.at.as_str()), (Ended::Part, "2026-11-29T12:00:00Z"));
    assert_eq!(record.caller, "arn:aws:sts::111122223333:assumed-role/ci/run-1");
    assert_eq!((record.blueprint.sha256.as_str(), record.blueprint.commit.as_deref()), ("00ff", Some("c0ffee")));
    assert_eq!(record.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(record.done, ["create ou/A"]);
    assert_eq!(record.not_done, ["update ou/B", "delete ou/C"]);
    assert_eq!((record.summary.create, record.summary.update, record.summary.delete), (1, 1, 1));
    assert_eq!(record.unnamed, 0);
}

#[test]
fn how_an_apply_ended_is_one_of_four() {
    let plan = plan(vec![change(Action::Create, "ou/A")]);
    let done = Outcome { done: vec![(Address::parse("ou/A"), Action::Create)], ..Outcome::default() };
    let stopped = Outcome { interrupted: true, remaining: vec![Address::parse("ou/A")], ..Outcome::default() };
    let ended = |applied: &Applied| Record::of(&plan, applied, "").outcome;
    assert_eq!(ended(&applied(&plan, done.clone())), Ended::Complete);
    assert_eq!(ended(&applied(&plan, stopped.clone())), Ended::Interrupted);
    assert_eq!(ended(&Applied { lost_lease: true, ..applied(&plan, stopped) }), Ended::LostLease);
    let failed = Outcome { failed: vec![failed("ou/A")], ..Outcome::default() };
    assert_eq!(ended(&applied(&plan, failed)), Ended::Part);
}

/// Names that compress little.
fn many(number: u64) -> Vec<Change> {
    let mut state = 7_u64;
    let mut name = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        format!("ou/{state:016x}{:016x}", state.rotate_left(17).wrapping_mul(state | 1))
    };
    (0..number).map(|_| change(Action::Create, &name())).collect()
}

#[test]
fn what_does_not_fit_is_packed_and_then_counted() {
    for (number, is_packed) in [(3, false), (120, true), (5000, true)] {
        let plan = plan(many(number));
        let done = plan.changes.iter().map(|change| (change.address.clone(), change.action)).collect();
        let record = Record::of(&plan, &applied(&plan, Outcome { done, ..Outcome::default() }), "2026-11-29T12:00:00Z");
        let text = record.to_text();
        assert!(text.len() <= 4096, "{number}: {}", text.len());
        assert_eq!(text.starts_with("zlib:"), is_packed, "{number}");
        let kept = Record::from_text(&unpack(&text).unwrap()).unwrap();
        assert_eq!(kept.done.len() + kept.unnamed, usize::try_from(number).unwrap());
        assert_eq!(kept.done[..], record.done[..kept.done.len()]);
        assert_eq!(kept.summary, record.summary);
        assert!(number < 5000 || (kept.unnamed > 0 && kept.done.len() > 50), "{}", kept.done.len());
    }
}

#[test]
fn what_landing_did_not_write_is_no_record() {
    for text in ["", "{}", "[]", "zlib:!", r#"{"format": "landing-record/2"}"#] {
        assert_eq!(unpack(text).and_then(|text| Record::from_text(&text)), None, "{text}");
    }
}
