//! A blueprint that is being written: what each kind has to say of what was found, by its place, and its text as YAML.
//!
//! ```text
//! Observed ─► kinds/*/outline ─► Outline ─► import (folding, files) ─► YAML
//! ```

mod left_out;
mod node;
mod scalar;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::model::Address;

pub use left_out::{LeftOut, Why};
pub use node::{Entry, List, Map, Node};
pub use write::{Line, Text};

/// A blueprint that is being written.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    /// The section `organization`, and what holds for the root.
    pub organization: Map,
    /// The policies, by their keys.
    pub policies: Map,
    /// The key of each policy that is written.
    pub policy_keys: BTreeMap<Address, String>,
    /// What is said of each unit, without the units and accounts in it.
    pub units: BTreeMap<Address, Map>,
    /// What is said of each account.
    pub accounts: BTreeMap<Address, Account>,
    /// The entries of `account_settings`.
    pub account_settings: List,
    /// The section `identity`.
    pub identity: Map,
    /// The stacks, by their names.
    pub stacks: Map,
    /// Files beside the blueprint, by their paths from it.
    pub files: BTreeMap<String, File>,
    /// What was found and is not in the blueprint.
    pub left_out: BTreeMap<Address, LeftOut>,
    /// What a reader should know of something that is in it.
    pub remarks: BTreeSet<ReaderNote>,
    /// The blueprint that this is added to.
    beside: Option<ExistingBlueprint>,
}

/// A blueprint that something is added to.
#[derive(Clone, Debug, Default)]
pub struct ExistingBlueprint {
    /// What it has already of what was found.
    pub known: BTreeSet<Address>,
    /// The policies among that, each with what it is called where it is attached.
    pub policies: BTreeMap<Address, String>,
    /// The files that are there, by their paths from its folder.
    pub taken: BTreeSet<String>,
}

/// An account that is being written.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// `root` or its unit.
    pub parent: Option<Address>,
    /// What is said of it.
    pub said: Map,
}

/// A file beside the blueprint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Whose text it is.
    pub of: Address,
    /// What it holds.
    pub text: String,
}

/// What a reader should know of something that is in the blueprint.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReaderNote {
    /// What it is about.
    pub about: Address,
    /// What there is to know, and what may be done about it.
    pub text: String,
}

impl Outline {
    /// One that leaves out what is known to be impossible to say.
    #[must_use]
    pub fn without(left_out: BTreeMap<Address, LeftOut>) -> Outline {
        Outline { left_out, ..Outline::default() }
    }

    /// One that is added to a blueprint. Units and policies that it has are referred to.
    #[must_use]
    pub fn beside(beside: ExistingBlueprint, left_out: BTreeMap<Address, LeftOut>) -> Outline {
        let units = beside.known.iter().filter(|known| known.is_unit());
        Outline {
            units: units.map(|unit| (unit.clone(), Map::default())).collect(),
            policy_keys: beside.policies.clone(),
            beside: Some(beside),
            left_out,
            ..Outline::default()
        }
    }

    /// Whether it is added to a blueprint, which says by itself what holds for the organization as a whole.
    #[must_use]
    pub fn is_added(&self) -> bool {
        self.beside.is_some()
    }

    /// Whether the blueprint that this is added to has it already.
    #[must_use]
    pub fn is_known(&self, address: &Address) -> bool {
        self.beside.as_ref().is_some_and(|beside| beside.known.contains(address))
    }

    /// Whether a unit or account can be named as a target.
    #[must_use]
    pub fn has_place(&self, address: &Address) -> bool {
        self.units.contains_key(address) || self.accounts.contains_key(address) || self.is_known(address)
    }

    /// The units of the other blueprint are written where there is something to say of them or of what is in them.
    pub fn drop_units_without_news(&mut self) {
        let mut reported: BTreeSet<Address> = BTreeSet::new();
        let of_accounts = self.accounts.values().filter_map(|account| account.parent.as_ref());
        of_accounts.for_each(|parent| reported.extend(parent.path()));
        for (unit, said) in &self.units {
            if !self.is_known(unit) || !said.is_empty() {
                reported.extend(unit.path());
            }
        }
        self.units.retain(|unit, _| reported.contains(unit));
    }

    /// Whether this is not in the blueprint.
    pub fn leaves_out(&self, address: &Address) -> bool {
        self.left_out.contains_key(address)
    }

    /// Leaves something out, unless that is decided already.
    pub fn leave_out(&mut self, address: Address, left_out: LeftOut) {
        self.left_out.entry(address).or_insert(left_out);
    }

    /// Says what a reader should know of something that is in the blueprint.
    pub fn remark(&mut self, about: &Address, text: impl Into<String>) {
        self.remarks.insert(ReaderNote { about: about.clone(), text: text.into() });
    }

    /// What is said of the root, a unit or an account; `None` where that is not in the blueprint.
    pub fn place(&mut self, address: &Address) -> Option<&mut Map> {
        match *address == Address::root() {
            true => Some(&mut self.organization),
            false if address.is_unit() => self.units.get_mut(address),
            false => self.accounts.get_mut(address).map(|account| &mut account.said),
        }
    }

    /// Puts a document of a resource into a file of its own, and gives the file's path.
    pub fn document(&mut self, of: &Address, folder: &str, name: &str, document: &Value) -> String {
        let path = self.free_path(folder, name, "json");
        self.files.insert(path.clone(), File { of: of.clone(), text: pretty(document) });
        path
    }

    /// Puts a text of a resource into a file of its own, as it is, and gives the file's path.
    pub fn text(&mut self, of: &Address, folder: &str, name: &str, extension: &str, text: String) -> String {
        let path = self.free_path(folder, name, extension);
        self.files.insert(path.clone(), File { of: of.clone(), text });
        path
    }

    /// Whether a document is short enough to stand in the blueprint itself.
    #[must_use]
    pub fn is_short(document: &Value) -> bool {
        pretty(document).lines().count() <= MAX_LINES
    }

    /// A path for a file that no other has: `policies/deny-leaving.json`, with a number where that is taken.
    #[must_use]
    fn free_path(&self, folder: &str, name: &str, extension: &str) -> String {
        let slug = slug(name);
        let paths = (1..).map(|number: u32| match number {
            1 => format!("{folder}/{slug}.{extension}"),
            _ => format!("{folder}/{slug}-{number}.{extension}"),
        });
        // Paths are compared as file systems do that make no difference between capital and small letters; slugs have none.
        let is_there = |path: &String| self.beside.as_ref().is_some_and(|beside| beside.taken.contains(path));
        paths.into_iter().find(|path| !self.files.contains_key(path) && !is_there(path)).unwrap_or_default()
    }
}

/// Documents of more lines than this have a file of their own.
const MAX_LINES: usize = 6;

/// A document as people read it, its keys in AWS's order.
fn pretty(document: &Value) -> String {
    format!("{document:#}\n")
}

/// A name as a part of a path or of a value's name: `Deny leaving (new)` is `deny-leaving-new`.
#[must_use]
pub fn slug(name: &str) -> String {
    let slug = crate::model::slug(name);
    if slug.is_empty() { "unnamed".into() } else { slug }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_would_be_called_alike_get_numbers() {
        let mut outline = Outline::default();
        for expected in ["policies/deny-all.json", "policies/deny-all-2.json", "policies/deny-all-3.json"] {
            let path = outline.free_path("policies", "Deny: all", "json");
            assert_eq!(path, expected);
            outline.files.insert(path, File { of: Address::root(), text: String::new() });
        }
        assert_eq!(outline.free_path("policies", "日本", "json"), "policies/unnamed.json");
    }
}
