use serde_json::{Value, json};

use super::*;
use crate::report::tests::example::{change, quiet};
use crate::report::tree::arrange;

/// A password policy of this length in this account.
fn password(account: &str, length: u64) -> Change {
    let address = format!("password-policy/{account}");
    let change = change(&address, "password-policy", Action::Create, "");
    let parent = Some(Address::account(account));
    Change { parent, ..change.with("minimum_length", Value::Null, json!(length)) }
}

fn stack(account: &str, region: &str, action: Action) -> Change {
    let change = change(&format!("stack/{account}/budget/{region}"), "stack", action, "");
    Change { parent: Some(Address::account(account)), ..change }
}

fn addresses(alike: &[Alike<'_>]) -> Vec<Vec<String>> {
    alike.iter().map(|it| it.changes.iter().map(|change| change.address.to_string()).collect()).collect()
}

#[test]
fn the_same_in_three_accounts_is_alike_and_another_value_is_not() {
    let changes = [password("a", 14), password("b", 14), password("c", 14), password("d", 16)];
    let all: Vec<&Change> = changes.iter().collect();
    let expected = [["password-policy/a", "password-policy/b", "password-policy/c"]];
    assert_eq!(addresses(&alike(&all, 3)), expected);
    assert_eq!(addresses(&alike(&all[1..], 3)), [[""; 0]; 0]);
}

#[test]
fn places_are_counted_and_not_regions() {
    let all = ["eu-west-1", "eu-west-2", "us-east-1"].map(|region| stack("a", region, Action::Create));
    assert!(alike(&all.iter().collect::<Vec<_>>(), 3).is_empty());
    let risky = Change { risk: Risk::Destructive, ..stack("b", "eu-west-1", Action::Create) };
    let two = [&all[0], &risky];
    assert!(alike(&two, 2).is_empty(), "another risk");
    let deleted = stack("b", "eu-west-1", Action::Delete);
    assert!(alike(&[&all[0], &deleted], 2).is_empty(), "another action");
}

#[test]
fn adoption_alone_is_alike_whatever_the_name() {
    let adopted = |name: &str| change(&format!("account/{name}"), "account", Action::Adopt, "");
    let changes = ["a", "b", "c"].map(adopted);
    let with_fields = adopted("d").with("name", json!("x"), json!("d"));
    let all: Vec<&Change> = changes.iter().chain([&with_fields]).collect();
    assert_eq!(addresses(&alike(&all, 3)), [["account/a", "account/b", "account/c"]]);
}

/// The tree of these changes once folded, a row each.
fn tree(changes: Vec<Change>) -> Vec<String> {
    fn rows(nodes: &[Node<'_>], depth: usize, out: &mut Vec<String>) {
        for node in nodes {
            let hidden = node.hidden.as_ref().map(|hidden| format!(" ({})", hidden.text(true))).unwrap_or_default();
            let also = if node.also.is_empty() { String::new() } else { format!(" +{}", node.also.len()) };
            out.push(format!("{}{}{also}{hidden}", " ".repeat(depth), node.address));
            rows(&node.children, depth + 1, out);
        }
    }
    let plan = crate::model::Plan { changes, ..quiet() };
    let mut out = Vec::new();
    rows(&fold(arrange(&plan, None)).tree, 0, &mut out);
    out
}

#[test]
fn regions_of_one_account_are_one_row_and_empty_places_go() {
    let mut changes = vec![stack("a", "eu-west-1", Action::Create), stack("a", "us-east-1", Action::Create)];
    changes.extend(["b", "c", "d"].map(|account| password(account, 14)));
    assert_eq!(tree(changes), ["account/a", " stack/a/budget/eu-west-1 +1"]);
}

#[test]
fn a_large_tree_shows_a_few_of_what_is_alike() {
    let account = |nth: usize, risk: Risk| {
        let change = change(&format!("account/a{nth:03}"), "account", Action::Create, "");
        Change { parent: Some(Address::unit(["U"])), risk, ..change }
    };
    let mut changes = vec![change("ou/U", "organizational-unit", Action::Create, "")];
    changes.extend((0..100).map(|nth| account(nth, Risk::None)));
    changes.push(account(100, Risk::Disruptive));
    let expected = [
        "root",
        " ou/U",
        "  account/a000",
        "  account/a001",
        "  account/a002",
        "  account/a003 (97 more accounts)",
        "  account/a100",
    ];
    assert_eq!(tree(changes.clone()), expected);
    changes.truncate(80);
    assert_eq!(tree(changes).len(), 81, "what is short is shown whole");
}
