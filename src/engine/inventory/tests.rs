use serde_json::json;

use super::*;
use crate::engine::scene::{OrganizationFixture, address, body, change, field, id};
use crate::model::Owner;

fn inventory(scene: &OrganizationFixture) -> Inventory {
    after(&scene.observed, &scene.desired, &scene.changes)
}

fn item(inventory: &Inventory, at: &str) -> InventoryItem {
    inventory.items.get(&address(at)).unwrap_or_else(|| panic!("no {at}")).clone()
}

#[test]
fn what_is_declared_is_all_that_the_blueprint_wants() {
    let mut scene = OrganizationFixture::new();
    let unit = |name: &str| Wanted::new("organizational-unit", address(name), body(json!({"name": name})));
    scene.wants(unit("ou/A").under(address("root")));
    scene.wants(Wanted { presence: Presence::Absent, ..unit("ou/B") });
    let declared = declared(&scene.desired);
    assert!(declared.items.contains_key(&address("ou/A")) && !declared.items.contains_key(&address("ou/B")));
    let a = item(&declared, "ou/A");
    assert_eq!((a.kind.as_str(), a.id, a.parent), ("organizational-unit", None, Some(address("root"))));
}

#[test]
fn what_a_plan_makes_and_changes_is_marked() {
    let mut scene = OrganizationFixture::new();
    scene.unit("A").unit("Same").account("a", "ou/A");
    let wants = |name: &str| {
        Wanted::new("organizational-unit", address(name), body(json!({"name": "new"}))).under(address("root"))
    };
    scene.wants(wants("ou/A")).wants(wants("ou/New")).wants(wants("ou/Unchanged"));
    scene.changes = vec![
        change(Action::Update, "organizational-unit", "ou/A"),
        change(Action::Create, "organizational-unit", "ou/New"),
    ];
    let inventory = inventory(&scene);
    let a = item(&inventory, "ou/A");
    assert_eq!((a.id, a.mark), (Some(id("ou/A")), Some(Action::Update)));
    assert_eq!((a.body, a.before), (body(json!({"name": "new"})), Some(body(json!({"name": "A"})))));
    let new = item(&inventory, "ou/New");
    assert_eq!((new.id, new.mark, new.before), (None, Some(Action::Create), None));
    assert_eq!(item(&inventory, "ou/Same").mark, None);
    assert!(!inventory.items.contains_key(&address("ou/Unchanged")), "the plan does not make it");
    assert_eq!(inventory.management, Some(address("account/boss")));
    assert_eq!(inventory.organization, Some(id("organization")));
}

#[test]
fn what_a_plan_deletes_is_gone_but_accounts_that_are_let_go_of() {
    let mut scene = OrganizationFixture::new();
    scene.unit("A").account("dropped", "root").account("closed", "root");
    let closes = vec![field("state", json!("open"), json!("closed"))];
    scene.changes = vec![
        change(Action::Delete, "organizational-unit", "ou/A"),
        change(Action::Delete, "account", "account/dropped"),
        Change { fields: closes, ..change(Action::Delete, "account", "account/closed") },
    ];
    let inventory = inventory(&scene);
    assert!(!inventory.items.contains_key(&address("ou/A")));
    assert!(!inventory.items.contains_key(&address("account/closed")));
    assert_eq!(item(&inventory, "account/dropped").mark, None);
}

#[test]
fn closed_accounts_are_not_shown_whatever_happens_to_them() {
    let mut scene = OrganizationFixture::new();
    scene.unit("A").account("gone", "root");
    let closed = scene.observed.found.remove(&address("account/gone")).expect("it was added");
    scene.observed.closed.insert(closed.address.clone(), closed);
    scene.moves("gone", "ou/A");
    assert!(!inventory(&scene).items.contains_key(&address("account/gone")));
}

#[test]
fn assignments_are_shown_by_their_rules_and_not_by_account() {
    let mut scene = OrganizationFixture::new();
    scene.account("a", "root");
    scene.finds("assignment", "assignment/s/group/g@account/a", Owner::Unmanaged, Some("account/a"), json!({}));
    scene.changes = vec![change(Action::Delete, "assignment", "assignment/s/group/g@account/a")];
    let wanted = Wanted::new("assignment", address("assignment/s/group/new@account/a"), Body::new());
    scene.wants(wanted.under(address("account/a")));
    scene.changes.push(change(Action::Update, "assignment", "assignment/s/group/new@account/a"));
    let inventory = inventory(&scene);
    let shown: Vec<&str> = inventory.items.keys().map(Address::as_str).filter(|it| it.contains("group/")).collect();
    assert_eq!(shown, [""; 0]);
}
