use serde_json::json;

use super::*;
use crate::model::FieldChange;

fn renamed(kind: &str, address: &str, parent: Option<&str>, before: &str, after: &str) -> Change {
    Change {
        fields: vec![FieldChange { path: "name".into(), before: json!(before), after: json!(after) }],
        parent: parent.map(Address::parse),
        ..Change::new(Action::Update, kind, Address::parse(address))
    }
}

fn scp(before: &str, after: &str) -> Change {
    renamed("policy", &format!("scp/{after}"), Some("organization"), before, after)
}

fn first(changes: &[Change]) -> Vec<String> {
    first_in_circles(changes).iter().map(ToString::to_string).collect()
}

#[test]
fn of_each_circle_one_goes_first() {
    assert_eq!(first(&[scp("b", "a"), scp("a", "b")]), ["scp/a"]);
    assert_eq!(first(&[scp("a", "b"), scp("b", "c"), scp("c", "a")]), ["scp/a"]);
    assert_eq!(first(&[scp("a", "b"), scp("b", "a"), scp("c", "d"), scp("d", "c")]), ["scp/a", "scp/c"]);
}

#[test]
fn a_chain_is_no_circle() {
    assert!(first(&[scp("a", "b"), scp("b", "c")]).is_empty());
    // Another's name leads into the circle: anyone who takes it just waits.
    assert_eq!(first(&[scp("a", "b"), scp("b", "a"), scp("x", "y")]), ["scp/a"]);
}

#[test]
fn names_are_in_the_way_only_beside_each_other() {
    let unit = |parent: &str, before: &str, after: &str| {
        renamed("organizational-unit", &format!("{parent}/{after}"), Some(parent), before, after)
    };
    assert_eq!(first(&[unit("ou/A", "x", "y"), unit("ou/A", "y", "x")]), ["ou/A/x"]);
    assert!(first(&[unit("ou/A", "x", "y"), unit("ou/B", "y", "x")]).is_empty());
    let rcp = renamed("policy", "rcp/a", Some("organization"), "b", "a");
    assert!(first(&[scp("a", "b"), rcp]).is_empty());
    let account =
        |before: &str, after: &str| renamed("account", &format!("account/{after}"), Some("root"), before, after);
    assert!(first(&[account("a", "b"), account("b", "a")]).is_empty());
}

#[test]
fn anyone_who_gets_a_temporary_name_is_noted() {
    let notes = notes(&[scp("b", "a"), scp("a", "b")]);
    assert_eq!(notes.len(), 1);
    assert_eq!(notes[0].address, Some(Address::parse("scp/b")));
    assert!(notes[0].what.starts_with("names change in a circle: scp/b has a temporary name"), "{}", notes[0].what);
}

#[test]
fn a_name_is_taken_from_anyone_who_has_it_and_gets_another() {
    let changes = [scp("a", "b"), scp("b", "c"), scp("x", "y")];
    let from: Vec<String> = holders(&changes).iter().map(|(taker, holder)| format!("{taker} from {holder}")).collect();
    assert_eq!(from, ["scp/b from scp/c"]);
}
