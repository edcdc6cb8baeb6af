use std::collections::BTreeSet;

use landing_blueprint::{Diagnostic, Spanned};

use crate::declaration::Declaration;
use crate::model::{Address, Presence};

/// Stands for every account but the management account, where sections take several places.
pub(crate) const MEMBERS: &str = "members";

/// The place that a target names: `root`, `management`, the path of a unit (`Workloads/Dev`) or an account's name; with
/// `ou/` or `account/` before it where both would fit. Units and accounts must be declared before.
///
/// Gives `root`, `management`, `ou/…` or `account/…`. What names nothing, or more than one resource, is a mistake at the
/// target's place, and nothing is given.
pub(crate) fn resolve(target: &Spanned<String>, declaration: &mut Declaration) -> Option<Address> {
    if matches!(target.as_str(), "root" | "management") {
        warn_of_namesakes(target, declaration);
        return Some(Address::parse(target));
    }
    let meant: Vec<Address> = readings(target)
        .into_iter()
        .filter(|address| declaration.desired.get(address).is_some())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    match meant.as_slice() {
        [] => unknown(target, declaration),
        [one] if is_closed(one, declaration) => {
            let message = format!("{one} is to be closed: nothing can be in it");
            declaration.mistake("target", target.place, message, "remove it here, or from the account its `state`");
        }
        [one] => return Some(one.clone()),
        several => {
            let names: Vec<&str> = several.iter().map(Address::as_str).collect();
            let message = format!("`{}` is the name of {}", target.value, names.join(" and of "));
            declaration.mistake(
                "ambiguous",
                target.place,
                message,
                format!("write `{}` in full", names.join("` or `")),
            );
        }
    }
    None
}

/// Says what `root` and `management` stand for where an account or a unit is called so too.
pub(super) fn warn_of_namesakes(target: &Spanned<String>, declaration: &mut Declaration) {
    let namesakes = [Address::unit([target.as_str()]), Address::account(target)];
    let namesakes: Vec<Address> = namesakes.into_iter().filter(|it| declaration.desired.get(it).is_some()).collect();
    if namesakes.is_empty() {
        return;
    }
    let meaning = match target.as_str() {
        "root" => "the root, with every account",
        MEMBERS => "every account but the management account",
        _ => "the management account",
    };
    let names: Vec<&str> = namesakes.iter().map(Address::as_str).collect();
    let message = format!("`{}` is {meaning} here, not {}", target.value, names.join(" or "));
    let help = format!("write `{}` where that is meant, or give it another name", names.join("` or `"));
    declaration.diagnostics.push(Diagnostic::warning("ambiguous", message).at(target.place).help(help));
}

/// Every address that the text may stand for. A name that holds a `/` may be written as it is or as addresses have it.
pub(crate) fn readings(text: &str) -> Vec<Address> {
    let unit =
        |path: &str| [Address::unit(path.split('/')), Address::unit([path]), Address::parse(&format!("ou/{path}"))];
    let account = |name: &str| [Address::account(name), Address::parse(&format!("account/{name}"))];
    match text.split_once('/') {
        Some(("ou", path)) => unit(path).into(),
        Some(("account", name)) => account(name).into(),
        _ => unit(text).into_iter().chain(account(text)).collect(),
    }
}

fn is_closed(address: &Address, declaration: &Declaration) -> bool {
    declaration.desired.get(address).is_some_and(|wanted| wanted.presence == Presence::Absent)
}

fn unknown(target: &Spanned<String>, declaration: &mut Declaration) {
    let help = "write `root`, `management`, the path of a unit of this blueprint or the name of an account of it";
    if !declaration.may_still_suggest() {
        let message = format!("no organizational unit or account is called `{}`", target.value);
        return declaration.mistake("unknown-name", target.place, message, help);
    }
    let is_spelled_out = matches!(target.split_once('/'), Some(("ou" | "account", _)));
    let places = declaration.desired.resources.keys().filter(|known| matches!(known.prefix(), "ou" | "account"));
    let written = |place: &Address| match place.as_str().split_once('/') {
        Some((_, path)) if !is_spelled_out => path.to_owned(),
        _ => place.to_string(),
    };
    let given = ["root".to_owned(), "management".to_owned()];
    let known: Vec<String> = places.filter(|place| place.split_target().is_none()).map(written).chain(given).collect();
    declaration.unknown("organizational unit or account", target, target.place, known.iter().map(String::as_str), help);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Body, Wanted};
    use landing_blueprint::{Diagnostics, Sources, salvage_text};

    fn declaration() -> Declaration {
        let loaded = salvage_text::<serde_json::Value>("landing.yaml", "{}").unwrap_or_else(|_| panic!("it is YAML"));
        let sources: Sources = loaded.sources;
        let mut declaration = Declaration::new(sources, Diagnostics::new());
        let places = ["ou/Workloads", "ou/Workloads/Dev", "ou/audit", "account/audit", "ou/R%2FD", "account/one two"];
        for place in places {
            let address = Address::parse(place);
            let kind = if address.prefix() == "ou" { "organizational-unit" } else { "account" };
            declaration.desired.add(Wanted::new(kind, address, Body::new()));
        }
        declaration.desired.add(Wanted::new("account", Address::account("old"), Body::new()).present(false));
        declaration
    }

    #[test]
    fn names_and_paths_lead_to_what_they_name() {
        let mut declaration = declaration();
        for (text, address) in [
            ("root", "root"),
            ("management", "management"),
            ("Workloads/Dev", "ou/Workloads/Dev"),
            ("ou/audit", "ou/audit"),
            ("account/audit", "account/audit"),
            ("one two", "account/one two"),
            ("R/D", "ou/R%2FD"),
            ("R%2FD", "ou/R%2FD"),
        ] {
            assert_eq!(resolve(&Spanned::from(text), &mut declaration), Some(Address::parse(address)), "{text}");
        }
        assert!(!declaration.diagnostics.has_errors());
    }

    #[test]
    fn what_names_nothing_or_several_resources_or_something_closed_is_a_mistake() {
        for (text, code, help) in [
            ("Workloads/Dve", "unknown-name", "did you mean `Workloads/Dev`?"),
            ("ou/Workload", "unknown-name", "did you mean `ou/Workloads`?"),
            ("audit", "ambiguous", "write `account/audit` or `ou/audit` in full"),
            ("old", "target", "remove it here, or from the account its `state`"),
        ] {
            let mut declaration = declaration();
            assert_eq!(resolve(&Spanned::from(text), &mut declaration), None, "{text}");
            let found: Vec<_> = declaration.diagnostics.iter().map(|it| (it.code, it.help.clone())).collect();
            assert_eq!(found, [(code, Some(help.to_owned()))]);
        }
    }
}
