use serde_json::json;

use super::super::diff::Differences;
use super::super::targets::{limit, manual, unmatched};
use super::{OURS, at, change, desired, found, names, observed, waiting, wanted};
use crate::model::{Action, Address, Change, Desired, Manual, Observed, Owner};

/// Two units, one with an account that has a contact, a policy on each, and one without.
fn blueprint() -> Desired {
    desired([
        wanted("ou/A", "root", json!({})),
        wanted("ou/AB", "root", json!({})),
        wanted("ou/A/B", "ou/A", json!({})).needing([at("ou/A")]),
        wanted("account/x", "ou/A/B", json!({})).needing([at("ou/A/B")]),
        wanted("alternate-contact/x/SECURITY", "account/x", json!({})).needing([at("account/x")]),
        wanted("scp/p", "organization", json!({})),
        wanted("scp/p@ou/A/B", "ou/A/B", json!({})).needing([at("scp/p"), at("ou/A/B")]),
        wanted("scp/q", "organization", json!({})),
        wanted("scp/q@ou/AB", "ou/AB", json!({})).needing([at("scp/q"), at("ou/AB")]),
    ])
}

fn created(desired: &Desired) -> Vec<Change> {
    let made = |address: &Address| change(address.as_str(), Action::Create, &[]);
    desired.resources.values().map(|it| Change { parent: it.parent.clone(), ..made(&it.address) }).collect()
}

/// What is kept of the blueprint's creation, and how many changes are not.
fn kept(targets: &[&str]) -> (Vec<String>, usize) {
    let desired = blueprint();
    let mut differences = Differences { changes: created(&desired), ..Differences::default() };
    let targets: Vec<Address> = targets.iter().map(|target| at(target)).collect();
    let outside = limit(&mut differences, &targets, &desired, &Observed::default());
    (differences.changes.iter().map(|change| change.address.to_string()).collect(), outside)
}

#[test]
fn a_target_keeps_what_is_at_or_below_it_and_what_that_needs() {
    for (targets, expected) in [
        (&["ou/AB"][..], &["ou/AB", "scp/q", "scp/q@ou/AB"][..]),
        (&["scp/p"], &["scp/p"]),
        (&["account/x"], &["account/x", "alternate-contact/x/SECURITY", "ou/A", "ou/A/B"]),
        (&["ou/A/B"], &["account/x", "alternate-contact/x/SECURITY", "ou/A", "ou/A/B", "scp/p", "scp/p@ou/A/B"]),
        (&["alternate-contact/x/SECURITY"], &["account/x", "alternate-contact/x/SECURITY", "ou/A", "ou/A/B"]),
        (&["scp/q@ou/AB"], &["ou/AB", "scp/q", "scp/q@ou/AB"]),
        (&["ou/Nowhere"], &[]),
    ] {
        let (kept, outside) = kept(targets);
        assert_eq!(kept, expected, "{targets:?}");
        assert_eq!(outside, 9 - expected.len(), "{targets:?}");
    }
    assert_eq!(kept(&[]).0.len(), 9);
    assert_eq!(kept(&[]).1, 0);
    assert_eq!(kept(&["ou/AB", "scp/p"]).0, ["ou/AB", "scp/p", "scp/q", "scp/q@ou/AB"]);
}

#[test]
fn what_hangs_on_a_target_that_is_deleted_leaves_first() {
    let there =
        observed([found("scp/p", "organization", OURS, json!({})), found("scp/p@root", "scp/p", OURS, json!({}))]);
    let changes = vec![
        change("scp/p", Action::Delete, &[]),
        change("scp/p@root", Action::Delete, &[]),
        change("scp/q", Action::Delete, &[]),
    ];
    let mut differences = Differences { changes, ..Differences::default() };
    assert_eq!(limit(&mut differences, &[at("scp/p")], &Desired::default(), &there), 1);
    assert_eq!(names(differences.changes.iter().map(|change| &change.address)), ["scp/p", "scp/p@root"]);
}

#[test]
fn what_is_unchanged_or_waits_outside_of_the_targets_is_not_counted() {
    let desired = blueprint();
    let place = |address: &str| (at(address), desired.get(&at(address)).and_then(|it| it.parent.clone()));
    let waits =
        |address: &str| waiting(Change { parent: place(address).1, ..change(address, Action::Create, &[]) }, "root");
    let mut differences = Differences {
        unchanged: vec![place("ou/A"), place("ou/AB"), place("scp/q")],
        waiting: vec![waits("account/x"), waits("scp/q@ou/AB")],
        ..Differences::default()
    };
    assert_eq!(limit(&mut differences, &[at("ou/A")], &desired, &Observed::default()), 0);
    assert_eq!(differences.unchanged, [place("ou/A")]);
    assert_eq!(differences.waiting, [waits("account/x")]);
}

#[test]
fn a_person_is_asked_only_for_what_the_targets_need() {
    let desired = blueprint();
    let step = |address: Option<&str>| Manual { address: address.map(at), what: "do it".into(), link: None };
    let all = vec![step(None), step(Some("account/x")), step(Some("ou/AB")), step(Some("identity-center"))];
    let waits = vec![waiting(change("group/g", Action::Create, &[]), "identity-center")];
    let differences = Differences { waiting: waits, ..Differences::default() };
    let asked = |targets: &[Address]| -> Vec<Option<String>> {
        let kept = manual(all.clone(), &differences, targets, &desired);
        kept.into_iter().map(|manual| manual.address.map(|address| address.to_string())).collect()
    };
    assert_eq!(asked(&[at("ou/A")]), [None, Some("account/x".into()), Some("identity-center".into())]);
    assert_eq!(asked(&[]).len(), 4);
}

#[test]
fn targets_that_match_nothing_are_reported_each() {
    let desired = blueprint();
    let there = observed([
        found("ou/Old", "root", OURS, json!({})),
        found("account/theirs", "ou/Theirs", Owner::Unmanaged, json!({})),
        found("account/ours", "ou/Unmanaged", OURS, json!({})),
    ]);
    for (target, matches) in [
        ("ou/A", true),
        ("ou/A/B", true),
        ("account/x", true),
        ("scp/q@ou/AB", true),
        ("alternate-contact/x", true),
        ("root", true),
        ("ou/Old", true),
        // An account of ours is in it.
        ("ou/Unmanaged", true),
        ("ou/a", false),
        ("ou/A/", false),
        ("A", false),
        ("", false),
        ("account/theirs", false),
        ("ou/Theirs", false),
        ("account/y", false),
    ] {
        assert_eq!(unmatched(&[at(target)], &desired, &there).is_empty(), matches, "{target}");
    }
    let several = [at("ou/X"), at("ou/A"), at("account/y")];
    let left = unmatched(&several, &desired, &there);
    assert_eq!(names(left.iter().map(|it| &it.target)), ["ou/X", "account/y"]);
    assert!(left[0].known.contains(&at("ou/Old")) && left[0].known.contains(&at("root")));
    assert!(!left[0].known.contains(&at("account/theirs")));
}
