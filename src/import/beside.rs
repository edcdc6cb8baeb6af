//! An import that is added to a blueprint: what of what was found that has already, and how its files take in one more.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::declaration::Declared;
use crate::kinds::{expand, kind_info};
use crate::model::{Address, Change, Desired, FieldChange, Found, Observed, Owner, Role, Wanted};
use crate::outline::ExistingBlueprint;

/// A blueprint that what is new goes into.
#[derive(Clone, Debug)]
pub struct Base {
    /// The blueprint.
    pub declared: Arc<Declared>,
    /// The files that are there, by their paths from its folder: no other is called like one of them.
    pub taken: BTreeSet<String>,
}

impl Base {
    /// What the blueprint has already.
    pub(super) fn beside(&self, observed: &Observed) -> ExistingBlueprint {
        let known = known(&self.declared.desired, observed);
        let is_policy = |found: &&Found| kind_info(&found.kind).role == Role::Policy && known.contains(&found.address);
        let policies = observed.found.values().filter(is_policy);
        let policies = policies.map(|found| (found.address.clone(), found.address.name())).collect();
        ExistingBlueprint { known, policies, taken: self.taken.clone() }
    }

    /// The text of the blueprint's first file with one more file included. `None` where `include` is written in a way that cannot be
    /// added to line by line.
    #[must_use]
    pub fn including(&self, file: &str) -> Option<String> {
        let first = self.declared.sources.files().next()?;
        including(self.declared.sources.text(first), file)
    }
}

/// What the blueprint has, and what its rules want of what it has not.
fn known(desired: &Desired, observed: &Observed) -> BTreeSet<Address> {
    let ruled = with_new_places(desired, observed);
    let ruled = expand(&ruled, observed);
    let has = |address: &Address| desired.get(address).is_some();
    let is_new_place = |address: &Address| (address.is_unit() || address.is_account()) && !has(address);
    let is_known = |found: &&Found| {
        let address = &found.address;
        if is_new_place(address) {
            return false;
        }
        match (address.assigned(), address.split_target()) {
            (Some((set, _, account)), _) => ruled.get(address).is_some() || !is_new_place(&account) && has(&set),
            (None, Some((policy, target))) => has(address) || !is_new_place(&target) && has(&policy),
            (None, None) => ruled.get(address).is_some() || matches!(found.owner, Owner::This { .. }),
        }
    };
    observed.found.values().filter(is_known).map(|found| found.address.clone()).collect()
}

/// The blueprint with the units and accounts that it does not have, where they are.
fn with_new_places(desired: &Desired, observed: &Observed) -> Desired {
    let mut desired = desired.clone();
    let is_place = |found: &&Found| found.address.is_unit() || found.address.is_account();
    for found in observed.found.values().filter(is_place) {
        if desired.get(&found.address).is_none() {
            let wanted = Wanted::new(&found.kind, found.address.clone(), found.body.clone());
            desired.add(Wanted { parent: found.parent.clone(), ..wanted });
        }
    }
    desired
}

/// Whether a change of what is new follows from rules of the blueprint, such as tags that everything in a unit has, and not from
/// how it is written.
pub(super) fn is_of_rules(change: &Change) -> bool {
    let is_added_tag = |field: &FieldChange| field.path.starts_with("tags.") && field.before.is_null();
    !change.fields.is_empty() && change.fields.iter().all(is_added_tag)
}

/// A blueprint's text with one more file under `include`.
fn including(text: &str, file: &str) -> Option<String> {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    match lines.iter().position(|line| line.starts_with("include:")) {
        None => {
            let after = |key: &str| lines.iter().position(|line| line.starts_with(key)).map(|at| at + 1);
            let at = after("name:").or_else(|| after("version:"))?;
            end(&mut lines, at);
            lines.insert(at, format!("include: [{file}]\n"));
        }
        Some(at) => match lines[at]["include:".len()..].trim() {
            "" => {
                let last = last_item(&lines, at)?;
                let indent: String = lines[last].chars().take_while(|c| *c == ' ').collect();
                end(&mut lines, last + 1);
                lines.insert(last + 1, format!("{indent}- {file}\n"));
            }
            "[]" => lines[at] = format!("include: [{file}]\n"),
            list if list.starts_with('[') && list.ends_with(']') => {
                let inner = list[1..list.len() - 1].trim().trim_end_matches(',');
                lines[at] = format!("include: [{inner}, {file}]\n");
            }
            one if one.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c)) => {
                lines[at] = format!("include: [{one}, {file}]\n");
            }
            _ => return None,
        },
    }
    Some(lines.concat())
}

/// The last line of the list below `include:`, whose items are one line each.
fn last_item(lines: &[String], at: usize) -> Option<usize> {
    let below = lines.iter().enumerate().skip(at + 1);
    let below = below.take_while(|(_, line)| line.starts_with([' ', '-', '#']) || line.trim().is_empty());
    below.filter(|(_, line)| line.trim_start().starts_with("- ")).map(|(at, _)| at).last()
}

/// Ends the line before `at`, which the text may end with.
fn end(lines: &mut [String], at: usize) {
    if let Some(before) = at.checked_sub(1).and_then(|at| lines.get_mut(at))
        && !before.ends_with('\n')
    {
        before.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_more_file_is_included_however_the_others_are_written() {
        for (text, expected) in [
            ("version: 1\nname: a\norganization: {}\n", "version: 1\nname: a\ninclude: [n.yaml]\norganization: {}\n"),
            ("version: 1\nname: a", "version: 1\nname: a\ninclude: [n.yaml]\n"),
            ("name: a\ninclude: []\n", "name: a\ninclude: [n.yaml]\n"),
            ("name: a\ninclude: [b.yaml, 'c d.yaml',]\n", "name: a\ninclude: [b.yaml, 'c d.yaml', n.yaml]\n"),
            ("name: a\ninclude: units/b.yaml\n", "name: a\ninclude: [units/b.yaml, n.yaml]\n"),
            (
                "include:\n  - b.yaml # why\n\n  - c.yaml\nname: a\n",
                "include:\n  - b.yaml # why\n\n  - c.yaml\n  - n.yaml\nname: a\n",
            ),
            ("name: a\ninclude:\n- b.yaml", "name: a\ninclude:\n- b.yaml\n- n.yaml\n"),
        ] {
            assert_eq!(including(text, "n.yaml").as_deref(), Some(expected), "{text}");
        }
        for text in
            ["name: a\ninclude: [b.yaml,\n  c.yaml]\n", "name: a\ninclude: b.yaml # why\n", "include:\nname: a\n"]
        {
            assert_eq!(including(text, "n.yaml"), None, "{text}");
        }
    }
}
