//! Units that are deleted while one like it is created: perhaps the same under another name.

use std::collections::{BTreeMap, BTreeSet};

use super::clean::clean;
use crate::model::{Action, Address, Change, Note, Plan};

/// A note for each unit that is created and may be one that is deleted.
pub(super) fn renamed(plan: &Plan) -> Vec<Note> {
    let units = |action: Action| {
        plan.changes
            .iter()
            .filter(move |change| change.action == action && change.address.is_unit())
            .map(|it| &it.address)
    };
    let changed = Changed::of(&plan.changes);
    let hint = |new: &Address| {
        let old = units(Action::Delete).find(|old| changed.may_be(old, new))?;
        let name = clean(&old.name());
        Some(Note {
            address: Some(new.clone()),
            what: format!(
                "if this is {} under another name, write `was: {name}` in it: then it is renamed in place, with its accounts, \
                 policies and stacks, and not deleted",
                clean(old.as_str())
            ),
            about: Vec::new(),
        })
    };
    units(Action::Create).filter_map(hint).collect()
}

/// What of a plan's changes shows which units are the same.
struct Changed<'p> {
    /// From where to where accounts are moved.
    moves: BTreeSet<(&'p str, &'p str)>,
    /// The names of the units in each unit, of those that are changed.
    units: BTreeMap<Address, BTreeSet<String>>,
}

impl<'p> Changed<'p> {
    fn of(changes: &'p [Change]) -> Changed<'p> {
        let parents = changes.iter().filter_map(|change| change.field("parent"));
        let moves = parents.filter_map(|field| Some((field.before.as_str()?, field.after.as_str()?))).collect();
        let mut units: BTreeMap<Address, BTreeSet<String>> = BTreeMap::new();
        for unit in changes.iter().map(|change| &change.address).filter(|address| address.is_unit()) {
            units.entry(unit.parent_unit()).or_default().insert(unit.name());
        }
        Changed { moves, units }
    }

    /// Whether one may be the other: both are in the same place, and accounts go from one to the other, or both have units of
    /// the same names, or their names are alike.
    fn may_be(&self, old: &Address, new: &Address) -> bool {
        let below = |unit: &Address| self.units.get(unit);
        old.parent_unit() == new.parent_unit()
            && (self.moves.contains(&(old.as_str(), new.as_str()))
                || below(old).is_some() && below(old) == below(new)
                || have_like_names(old, new))
    }
}

/// So many letters of a name say which it is.
const ENOUGH: usize = 4;

/// `Policy Staging` and `Staging`, `Workload` and `Workloads`, `sand-box` and `Sandbox`.
fn have_like_names(old: &Address, new: &Address) -> bool {
    let letters = |address: &Address| -> String {
        address.name().chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let (old, new) = (letters(old), letters(new));
    let shorter = old.chars().count().min(new.chars().count());
    old == new || shorter >= ENOUGH && (old.contains(&new) || new.contains(&old))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::report::tests::example::{change, quiet};

    fn unit(path: &str, action: Action) -> Change {
        change(&format!("ou/{path}"), "organizational-unit", action, "")
    }

    fn hints(changes: Vec<Change>) -> Vec<String> {
        renamed(&Plan { changes, ..quiet() }).into_iter().map(|note| note.what).collect()
    }

    fn pair(old: &str, new: &str) -> Vec<Change> {
        vec![unit(old, Action::Delete), unit(new, Action::Create)]
    }

    #[test]
    fn a_unit_of_a_similar_name_may_be_the_same() {
        let expected = "if this is ou/Policy Staging under another name, write `was: Policy Staging` in it: then it is renamed in \
                        place, with its accounts, policies and stacks, and not deleted";
        assert_eq!(hints(pair("Policy Staging", "Staging")), [expected]);
        assert_eq!(hints(pair("A/Workload", "A/Workloads")).len(), 1);
        assert_eq!(hints(pair("sand-box", "Sandbox")).len(), 1);
        assert_eq!(hints(pair("Dev", "Development")).len(), 0, "three letters");
        assert_eq!(hints(pair("Data", "Security")).len(), 0);
        assert_eq!(hints(pair("A/Workload", "B/Workloads")).len(), 0, "AWS moves no unit");
        assert_eq!(hints(vec![unit("Staging", Action::Create)]).len(), 0);
    }

    #[test]
    fn a_unit_that_gets_its_accounts_or_has_the_same_units_may_be_the_same() {
        let mut changes = pair("Old", "New");
        let moved = change("account/a", "account", Action::Move, "");
        changes.push(moved.clone().with("parent", json!("ou/Other"), json!("ou/New")));
        assert_eq!(hints(changes.clone()).len(), 0);
        changes.push(moved.with("parent", json!("ou/Old"), json!("ou/New")));
        assert_eq!(hints(changes).len(), 1);
        let mut changes = pair("Old", "New");
        changes.extend([unit("Old/Prod", Action::Delete), unit("New/Prod", Action::Create)]);
        assert_eq!(hints(changes.clone()).len(), 1);
        changes.push(unit("New/Dev", Action::Create));
        assert_eq!(hints(changes).len(), 0);
    }
}
