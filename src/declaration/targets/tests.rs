use landing_blueprint::{Diagnostics, salvage_text};

use super::*;
use crate::model::Body;

fn declaration() -> Declaration {
    let text = "version: 1\n";
    let loaded = salvage_text::<serde_json::Value>("landing.yaml", text).unwrap_or_else(|_| panic!("it is YAML"));
    let mut declaration = Declaration::new(loaded.sources, Diagnostics::new());
    declaration.desired.add(Wanted::new("organizational-unit", Address::parse("ou/W"), Body::new()));
    declaration.desired.add(Wanted::new("organizational-unit", Address::parse("ou/W/Dev"), Body::new()));
    for (account, parent, env) in [("a", "ou/W", "prod"), ("b", "ou/W/Dev", "dev"), ("c", "root", "dev")] {
        let body = Body::from_iter([("tags".to_owned(), serde_json::json!({"env": env}))]);
        declaration.desired.add(Wanted::new("account", Address::account(account), body).under(Address::parse(parent)));
    }
    declaration
}

fn exclusion(places: &[&str], env: &[&str]) -> Exclusion {
    let values: std::collections::BTreeSet<String> = env.iter().map(|value| (*value).to_owned()).collect();
    Exclusion {
        places: places.iter().map(|place| Address::parse(place)).collect(),
        tags: Some(("env".to_owned(), values)).filter(|(_, values)| !values.is_empty()).into_iter().collect(),
    }
}

/// The accounts of each target and those that are excluded from it, and the codes of what is wrong.
fn resolved(written: &[&str], except: &Exclusion) -> (Vec<String>, Vec<&'static str>) {
    let mut declaration = declaration();
    let written: Vec<Spanned<String>> = written.iter().map(|text| Spanned::from(*text)).collect();
    let targets = resolve_all(&written, except, &mut declaration);
    let names = |accounts: Vec<Address>| accounts.iter().map(Address::name).collect::<Vec<_>>().join("");
    let shown = targets.iter().map(|target| {
        let (within, out) = accounts(target, &declaration);
        let management = if target.except.places.contains(&Address::management()) { " members" } else { "" };
        format!("{}{management}: {} without {}", target.address, names(within), names(out))
    });
    (shown.collect(), declaration.diagnostics.iter().map(|it| it.code).collect())
}

#[test]
fn targets_are_places_without_what_is_excluded() {
    for (written, except, expected) in [
        (&["root"][..], exclusion(&[], &[]), &["root: abc without "][..]),
        (&["members", "management"], exclusion(&[], &[]), &["root members: abc without ", "management:  without "]),
        (&["W", "c"], exclusion(&["account/a"], &[]), &["ou/W: b without a", "account/c: c without "]),
        (&["members"], exclusion(&["ou/W/Dev"], &[]), &["root members: ac without b"]),
        (&["W"], exclusion(&[], &["dev"]), &["ou/W: a without b"]),
    ] {
        assert_eq!(resolved(written, &except), (expected.iter().map(|it| (*it).to_owned()).collect(), Vec::new()));
    }
}

#[test]
fn a_target_that_is_excluded_itself_is_a_mistake_and_an_exclusion_elsewhere_doubtful() {
    for (written, except, targets, codes) in [
        ("W/Dev", exclusion(&["ou/W"], &[]), 0, &["target"][..]),
        ("b", exclusion(&["ou/W"], &[]), 0, &["target"]),
        ("b", exclusion(&[], &["dev"]), 0, &["target"]),
        ("management", exclusion(&["management"], &[]), 0, &["target"]),
        ("W", exclusion(&["account/c"], &[]), 1, &["except"]),
        ("W", exclusion(&["management"], &[]), 1, &["except"]),
        ("W/Dev", exclusion(&["account/a"], &[]), 1, &["except"]),
        ("root", exclusion(&["management", "account/c", "ou/W/Dev"], &[]), 1, &[]),
    ] {
        let (found, reported) = resolved(&[written], &except);
        assert_eq!((found.len(), reported.as_slice()), (targets, codes), "{written} {except:?}");
    }
}
