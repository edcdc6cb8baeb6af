use serde_json::{Value, json};

use super::*;
use crate::model::TAG_ADDRESS;

fn desired() -> Desired {
    let mut desired = Desired { blueprint: "ours".into(), ..Desired::default() };
    desired.settings.ignore_tags = vec!["team:*".into()];
    desired
}

fn tags(pairs: &[(&str, &str)]) -> Tags {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn owner_of(pairs: &[(&str, &str)]) -> Owner {
    owner(&desired(), &Address::parse("scp/guard"), tags(pairs)).0
}

#[test]
fn what_has_no_ownership_tags_is_unmanaged() {
    assert_eq!(owner_of(&[]), Owner::Unmanaged);
    assert_eq!(owner_of(&[("owner", "ours")]), Owner::Unmanaged);
    // The address alone says nothing of a blueprint.
    assert_eq!(owner_of(&[(TAG_ADDRESS, "scp/guard")]), Owner::Unmanaged);
}

#[test]
fn a_resource_with_this_blueprints_tags_is_its_own() {
    assert_eq!(owner_of(&[(TAG_BLUEPRINT, "ours"), (TAG_ADDRESS, "scp/guard")]), Owner::This { stale: None });
}

#[test]
fn an_address_that_is_not_its_own_any_more_is_reported() {
    let stale = |address: &str| Owner::This { stale: Some(address.into()) };
    assert_eq!(owner_of(&[(TAG_BLUEPRINT, "ours"), (TAG_ADDRESS, "scp/old")]), stale("scp/old"));
    assert_eq!(owner_of(&[(TAG_BLUEPRINT, "ours")]), stale(""));
}

#[test]
fn another_blueprints_resource_is_not_ours_whatever_its_address_is() {
    let other = Owner::Other("theirs".into());
    assert_eq!(owner_of(&[(TAG_BLUEPRINT, "theirs"), (TAG_ADDRESS, "scp/guard")]), other);
    assert!(!is_owned(&desired(), &tags(&[(TAG_BLUEPRINT, "theirs")])));
    assert!(!is_owned(&desired(), &tags(&[])));
    assert!(is_owned(&desired(), &tags(&[(TAG_BLUEPRINT, "ours")])));
}

#[test]
fn only_the_users_own_tags_are_left_and_those_of_others_are_not_looked_at() {
    let all = tags(&[(TAG_BLUEPRINT, "ours"), (TAG_ADDRESS, "scp/guard"), ("a", "1"), ("team:x", "2"), ("aws:y", "3")]);
    let (_, left) = owner(&desired(), &Address::parse("scp/guard"), all);
    assert_eq!(left, tags(&[("a", "1")]));
}

#[test]
fn a_resource_is_tagged_as_wanted_by_its_address_or_an_earlier_one_of_the_same_blueprint() {
    let body = crate::model::Body::new();
    let wanted =
        Wanted { was: vec![Address::parse("scp/old")], ..Wanted::new("policy", Address::parse("scp/new"), body) };
    let is = |blueprint: &str, address: &str| {
        is_tagged_as(&desired(), &wanted, &tags(&[(TAG_BLUEPRINT, blueprint), (TAG_ADDRESS, address)]))
    };
    assert!(is("ours", "scp/new") && is("ours", "scp/old"));
    assert!(!is("ours", "scp/other") && !is("theirs", "scp/new"));
    assert!(!is_tagged_as(&desired(), &wanted, &Tags::new()));
}

fn field(path: &str, before: Value, after: Value) -> FieldChange {
    FieldChange { path: path.into(), before, after }
}

#[test]
fn adopting_what_is_as_wanted_changes_nothing() {
    assert_eq!(judge_adoption(&[], None), (Risk::None, "no blueprint owns it".into()));
    let added = [field("tags.a", Value::Null, json!("1"))];
    assert_eq!(judge_adoption(&added, None).0, Risk::None);
}

#[test]
fn adopting_that_removes_or_overwrites_tags_or_renames_says_so() {
    let removed = judge_adoption(&[field("tags.a", json!("1"), Value::Null)], None);
    assert_eq!(removed, (Risk::Disruptive, "no blueprint owns it; the blueprint does not have its tags a".into()));
    let overwritten = judge_adoption(&[field("tags.a", json!("1"), json!("2"))], None);
    assert_eq!(overwritten, (Risk::Disruptive, "no blueprint owns it; it has other values of the tags a".into()));
    let renamed = judge_adoption(&[field("name", json!("x"), json!("y"))], Some((Risk::None, "it is called x".into())));
    assert_eq!(renamed, (Risk::Disruptive, "no blueprint owns it; it is called x".into()));
}

#[test]
fn adopting_has_the_risk_and_the_reason_of_what_it_changes() {
    for risk in [Risk::None, Risk::Disruptive, Risk::Destructive] {
        let judged = judge_adoption(&[field("content", json!("x"), json!("y"))], Some((risk, "it says x".into())));
        assert_eq!(judged, (risk, "no blueprint owns it; it says x".into()));
    }
}

/// What is known of the tags of resources by the index and by asking them.
fn facts(index: Option<Value>, asked: &[(&str, Value)]) -> crate::facts::Facts {
    let mut facts = crate::facts::Facts::default();
    facts.put("tag/owned".into(), index.unwrap_or_default());
    for (id, tags) in asked {
        facts.put(format!("{}{id}", TagsOf::PREFIX), tags.clone());
    }
    facts
}

#[test]
fn the_index_is_believed_of_what_the_blueprint_does_not_name() {
    let facts = facts(Some(json!({"p-1": {"a": "1"}})), &[]);
    let look = Look::new(&facts);
    let index = TagIndex::new(&look).expect("it is known");
    assert_eq!(index.of("p-1", true), Some(tags(&[("a", "1")])));
    assert_eq!(index.of("p-2", false), Some(Tags::new()));
    assert!(look.misses_nothing());
    // What is named and not in the index is asked for itself.
    assert_eq!(index.of("p-2", true), None);
    assert!(!look.misses_nothing());
}

#[test]
fn what_a_resource_says_itself_goes_before_the_index() {
    let facts = facts(Some(json!({"p-1": {"a": "1"}})), &[("p-1", json!({"a": "2"}))]);
    let look = Look::new(&facts);
    assert_eq!(TagIndex::new(&look).expect("it is known").of("p-1", false), Some(tags(&[("a", "2")])));
}

#[test]
fn an_index_that_misses_something_owned_is_not_believed() {
    let believed = |index: Option<Value>, asked: &[(&str, Value)]| {
        let facts = facts(index, asked);
        let look = Look::new(&facts);
        TagIndex::new(&look).expect("it is known").of("p-9", false).is_some()
    };
    let owned = || json!({TAG_BLUEPRINT: "ours"});
    assert!(believed(Some(json!({"p-1": owned()})), &[("p-1", owned()), ("p-2", json!({"a": "1"}))]));
    assert!(!believed(Some(json!({"p-1": owned()})), &[("p-2", owned())]));
    assert!(!believed(None, &[]));
}

#[test]
fn an_empty_index_is_probed_and_another_is_not() {
    let asked = |index: Value| {
        let facts = facts(Some(index), &[]);
        let look = Look::new(&facts);
        TagIndex::new(&look).expect("it is known").probe((0..80).map(|_| "p-1").chain(["p-2"]));
        look.into_missing().len()
    };
    assert_eq!(asked(json!({"p-1": {}})), 0);
    // The same one many times: no more than the first fifty are asked.
    assert_eq!(asked(json!({})), 1);
}
