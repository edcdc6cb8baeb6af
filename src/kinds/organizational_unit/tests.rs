use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::facts::Facts;
use crate::kinds::Kind;
use crate::model::Presence;

/// Units directly below the root that have none below them.
const LEAVES: usize = 12;

/// A blueprint with the unit `Top` and `Top/Below`, and with twelve units without any below them; AWS has all of these, and one
/// account in each of the twelve.
struct World {
    desired: Desired,
    facts: Facts,
    accounts: Vec<Value>,
    owned: Value,
}

fn at(address: &str) -> Address {
    Address::parse(address)
}

fn unit(address: &str) -> Wanted {
    let unit = OrganizationalUnit { name: at(address).name(), ..OrganizationalUnit::default() };
    unit.wanted(at(address)).under(at(address).parent_unit())
}

impl World {
    fn new() -> World {
        let mut desired = Desired { blueprint: "b".into(), ..Desired::default() };
        let leaves: Vec<String> = (0..LEAVES).map(|n| format!("Leaf{n}")).collect();
        for name in leaves.iter().map(String::as_str).chain(["Top", "Top/Below"]) {
            desired.add(unit(&format!("ou/{name}")));
        }
        let mut facts = Facts::default();
        let mut top = vec![json!({"id": "ou-top", "name": "Top"})];
        top.extend((0..LEAVES).map(|n| json!({"id": format!("ou-leaf{n}"), "name": format!("Leaf{n}")})));
        facts.put("organizations/units-of/r-1".into(), json!(top));
        facts.put("organizations/units-of/ou-top".into(), json!([{"id": "ou-below", "name": "Below"}]));
        facts.put("control-tower/landing-zone".into(), Value::Null);
        facts.put("organizations/trusted-access".into(), json!([]));
        let world = World { desired, facts, accounts: Vec::new(), owned: json!({}) };
        let all = leaves.iter().map(|name| (format!("ou-{}", name.to_lowercase()), format!("ou/{name}")));
        let all = all.chain([("ou-top".into(), "ou/Top".into()), ("ou-below".into(), "ou/Top/Below".into())]);
        let all: Vec<(String, String)> = all.collect();
        let world = all.into_iter().fold(world, |world, (id, address)| world.owns(&id, &address));
        (0..LEAVES).fold(world, |world, n| world.account(&["r-1", &format!("ou-leaf{n}")]))
    }

    /// Tags in the index.
    fn owns(mut self, id: &str, address: &str) -> World {
        self.owned[id] = json!({"landing:blueprint": "b", "landing:address": address});
        self
    }

    fn account(mut self, path: &[&str]) -> World {
        let id = format!("{:012}", self.accounts.len());
        self.accounts.push(
            json!({"id": id, "name": "a", "email": format!("{id}@example.com"), "state": "ACTIVE", "path": path}),
        );
        self
    }

    fn fact(mut self, key: &str, json: Value) -> World {
        self.facts.put(key.into(), json);
        self
    }

    /// The ids of the units whose lists are read beside those that are known, and how many are said to be left out.
    fn asked(mut self) -> (BTreeSet<String>, usize) {
        self.facts.put("organizations/accounts".into(), json!(self.accounts));
        self.facts.put("tag/owned".into(), self.owned);
        let mut observed = Observed::default();
        observed.bindings.bind(Address::root(), "r-1");
        let look = Look::new(&self.facts);
        OrganizationalUnits.recognize(&self.desired, &look, &mut observed);
        let missing = look.into_missing().into_keys();
        let lists = missing.filter_map(|key| key.strip_prefix("organizations/units-of/").map(str::to_owned));
        (lists.collect(), observed.findings.unlisted_units)
    }
}

fn ids(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

fn every_leaf() -> BTreeSet<String> {
    (0..LEAVES).map(|n| format!("ou-leaf{n}")).chain(["ou-below".into()]).collect()
}

#[test]
fn units_that_have_none_below_them_by_blueprint_and_accounts_are_not_asked_and_that_is_said() {
    assert_eq!(World::new().asked(), (ids(&[]), LEAVES + 1));
}

#[test]
fn a_unit_is_asked_where_an_account_is_deeper() {
    let deeper = World::new().account(&["r-1", "ou-leaf3", "ou-other", "ou-another"]);
    assert_eq!(deeper.asked(), (ids(&["ou-leaf3"]), 0), "the others follow once that is known");
    let known = World::new().account(&["r-1", "ou-leaf3", "ou-other"]);
    let known = known.fact("organizations/units-of/ou-leaf3", json!([{"id": "ou-other", "name": "Other"}]));
    assert_eq!(known.asked(), (ids(&["ou-other"]), 0), "the blueprint does not have it");
}

#[test]
fn every_unit_is_asked_where_places_of_accounts_or_tags_are_not_known() {
    assert_eq!(World::new().account(&[]).asked(), (every_leaf(), 0));
    let mut untagged = World::new();
    untagged.owned = Value::Null;
    assert_eq!(untagged.asked().1, 0);
    // A resource that is owned and not in the index: the index is late.
    let late = World::new()
        .fact("organizations/tags-of/123456789012", json!({"landing:blueprint": "b", "landing:address": "account/a"}));
    assert_eq!(late.asked(), (every_leaf(), 0));
}

#[test]
fn every_unit_is_asked_where_something_leads_to_an_unknown_one() {
    assert_eq!(World::new().owns("ou-lost", "ou/Leaf1/Lost").asked(), (every_leaf(), 0));
    let attached = World::new().fact("organizations/targets-of/p-1", json!(["ou-leaf1", "ou-lost"]));
    assert_eq!(attached.asked(), (every_leaf(), 0));
    let targeted = World::new().fact("cloudformation/targets-of/set:1", json!({"ou-lost": ["eu-west-1"]}));
    assert_eq!(targeted.asked(), (every_leaf(), 0));
}

#[test]
fn what_leads_to_no_unknown_unit_makes_no_unit_asked() {
    let world = World::new()
        .fact("organizations/targets-of/p-1", json!(["ou-leaf1", "r-1", "111111111111"]))
        .fact("organizations/targets-of/p-FullAWSAccess", json!(["ou-lost"]))
        .fact("cloudformation/targets-of/set:1", json!({"ou-leaf2": ["eu-west-1"]}));
    assert_eq!(world.asked(), (ids(&[]), LEAVES + 1));
    let mut others = World::new();
    others.owned["ou-lost"] = json!({"landing:blueprint": "another", "landing:address": "ou/Lost"});
    assert_eq!(others.asked(), (ids(&[]), LEAVES + 1));
}

#[test]
fn anyone_who_looks_deep_or_surveys_asks_every_unit() {
    let mut deep = World::new();
    deep.desired.settings.deep = true;
    assert_eq!(deep.asked(), (every_leaf(), 0));
    let mut surveying = World::new();
    surveying.desired.settings.surveys = true;
    assert_eq!(surveying.asked(), (every_leaf(), 0));
}

#[test]
fn a_unit_that_the_blueprint_has_not_or_has_as_absent_is_asked() {
    let mut dropped = World::new();
    dropped.desired.resources.remove(&at("ou/Leaf1"));
    assert_eq!(dropped.asked(), (ids(&["ou-leaf1"]), 0));
    let mut absent = World::new();
    absent.desired.add(Wanted { presence: Presence::Absent, ..unit("ou/Leaf2") });
    assert_eq!(absent.asked(), (ids(&["ou-leaf2"]), 0));
}

#[test]
fn a_unit_that_the_blueprint_had_units_below_is_asked() {
    let mut moved = World::new();
    moved.desired.add(Wanted { was: vec![at("ou/Leaf4/Old")], ..unit("ou/New") });
    assert_eq!(moved.asked(), (ids(&["ou-leaf4"]), 0));
}

#[test]
fn few_lists_are_read_whatever_they_show() {
    let mut few = World::new();
    for n in 10..LEAVES {
        few.desired.resources.remove(&at(&format!("ou/Leaf{n}")));
        few = few.fact(&format!("organizations/units-of/ou-leaf{n}"), json!([]));
    }
    few = few.fact("organizations/units-of/ou-below", json!([]));
    let (asked, left_out) = few.asked();
    assert_eq!((asked.len(), left_out), (0, 11), "eleven are left out");
    let mut few = World::new();
    for n in 9..LEAVES {
        few.desired.resources.remove(&at(&format!("ou/Leaf{n}")));
        few = few.fact(&format!("organizations/units-of/ou-leaf{n}"), json!([]));
    }
    let (asked, left_out) = few.asked();
    assert_eq!((asked.len(), left_out), (10, 0), "ten are not");
}
