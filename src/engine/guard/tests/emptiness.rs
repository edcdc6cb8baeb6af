use crate::engine::scene::{OrganizationFixture, address, change};
use crate::model::{Action, Body, Owner, Presence, Wanted};

/// `ou/Old` goes.
fn scene() -> OrganizationFixture {
    let mut scene = OrganizationFixture::new();
    scene.unit("Old").unit("New");
    scene.changes.push(change(Action::Delete, "organizational-unit", "ou/Old"));
    scene
}

fn refusal(held: &str) -> Vec<String> {
    vec![format!("not-empty: ou/Old cannot be deleted: it holds {held}")]
}

#[test]
fn an_empty_unit_may_go() {
    assert!(scene().refused().is_empty());
}

#[test]
fn a_unit_that_holds_accounts_stays() {
    let mut scene = scene();
    scene.account("a", "ou/Old").account("b", "ou/New").account("c", "ou/Old");
    assert_eq!(scene.refused(), refusal("account/a, account/c"));
}

#[test]
fn a_unit_whose_accounts_all_leave_may_go() {
    let mut scene = scene();
    scene.account("a", "ou/Old").account("b", "ou/Old").moves("a", "ou/New");
    assert_eq!(scene.refused(), refusal("account/b"));
    scene.moves("b", "root");
    assert!(scene.refused().is_empty());
}

#[test]
fn an_account_that_comes_counts() {
    let mut scene = scene();
    scene.account("a", "ou/New").moves("a", "ou/Old");
    assert_eq!(scene.refused(), refusal("account/a"));
}

#[test]
fn a_closed_account_counts_until_the_blueprint_has_it_elsewhere() {
    let mut scene = scene();
    scene.closed_account("gone", "ou/Old");
    assert_eq!(scene.refused(), refusal("account/gone"));
    assert!(scene.refusals()[0].help.starts_with("write {name: gone, state: closed} in the unit that it is to go to"));
    let found =
        scene.finds("account", "account/gone", Owner::This { stale: None }, Some("ou/Old"), serde_json::json!({}));
    let found = found.clone();
    scene.observed.found.remove(&address("account/gone"));
    scene.observed.closed.insert(address("account/gone"), found);
    let wanted = Wanted::new("account", address("account/gone"), Body::new()).under(address("ou/New"));
    scene.wants(Wanted { presence: Presence::Absent, ..wanted });
    assert!(scene.refused().is_empty());
}

#[test]
fn the_help_names_what_is_to_be_written() {
    let mut scene = scene();
    scene.account("a", "ou/Old").unit("Old/Inner");
    let help = &scene.refusals()[0].help;
    assert_eq!(
        help,
        "write a in the unit that it is to go to; delete ou/Old/Inner, which this blueprint does not own; or keep the unit in \
         the blueprint"
    );
}

#[test]
fn a_unit_that_holds_units_stays_unless_they_go_too() {
    let mut scene = scene();
    scene.unit("Old/Inner");
    assert_eq!(scene.refused(), refusal("ou/Old/Inner"));
    scene.changes.push(change(Action::Delete, "organizational-unit", "ou/Old/Inner"));
    assert!(scene.refused().is_empty());
}

#[test]
fn a_unit_that_is_only_changed_may_hold_what_it_holds() {
    let mut scene = OrganizationFixture::new();
    scene.unit("Old").account("a", "ou/Old").unit("Old/Inner");
    scene.changes.push(change(Action::Update, "organizational-unit", "ou/Old"));
    // A change of another kind at the unit is no deletion of the unit.
    scene.changes.push(change(Action::Delete, "attachment", "scp/x@ou/Old"));
    scene.observed.found.remove(&address("policy-type/SERVICE_CONTROL_POLICY"));
    scene.policy("scp/x", crate::engine::scene::deny("s3:*"), &["ou/Old"]);
    assert!(scene.refused().is_empty());
}
