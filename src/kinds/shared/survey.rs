//! What was found, for the caller that writes it into a blueprint.

use std::collections::{BTreeMap, BTreeSet};

use crate::declaration::target;
use crate::model::{Address, Found, Observed, Owner};
use crate::outline::{LeftOut, Outline};

/// What was found of an organization, and how it is to be written.
pub struct Survey<'a> {
    /// Everything that was found. It names every resource.
    pub observed: &'a Observed,
    /// `aws`, `aws-us-gov` or another partition.
    pub partition: &'a str,
    /// The root, units and accounts that lack FullAWSAccess.
    pub without_full_access: &'a BTreeSet<Address>,
    /// Whether assignments are written for units where all accounts in them have them.
    pub folds: bool,
    /// The units that a permission set is meant for as a whole, by the set and who has it: written so even for one account.
    pub whole_units: &'a BTreeMap<(Address, Address), BTreeSet<Address>>,
}

impl<'a> Survey<'a> {
    /// The resources of a kind that are to be written, in the order of their addresses; those that are others' or that are left
    /// out already are named in the outline.
    pub(in crate::kinds) fn of<'s>(&'s self, kind: &str, outline: &mut Outline) -> Vec<&'a Found> {
        let found = self.observed.found.values().filter(|found| found.kind == kind);
        let mut ours = Vec::new();
        for found in found {
            if outline.is_known(&found.address) {
                continue;
            }
            if let Some(left_out) = of_others(found) {
                outline.leave_out(found.address.clone(), left_out);
            }
            if !outline.leaves_out(&found.address) {
                ours.push(found);
            }
        }
        ours
    }

    /// The accounts that are open, and where each is.
    pub(in crate::kinds) fn open_accounts(&self) -> impl Iterator<Item = (&'a Address, &'a Address)> {
        let observed = self.observed;
        observed.accounts.iter().filter(|(account, _)| observed.has_open(account))
    }
}

/// Why something that others own is not in the blueprint.
fn of_others(found: &Found) -> Option<LeftOut> {
    match &found.owner {
        Owner::Unmanaged | Owner::Shared => None,
        // Units are referred to; nothing is written on them.
        Owner::ControlTower if found.address.is_unit() => None,
        Owner::ControlTower => Some(LeftOut::of_others("it is AWS Control Tower's", "nothing: Control Tower keeps it")),
        Owner::Other(blueprint) => Some(LeftOut::of_others(
            format!("the blueprint {blueprint} has it"),
            "nothing, or release it from that blueprint first",
        )),
        Owner::This { .. } => Some(LeftOut::of_others(
            "a blueprint of this name has it already",
            "take another `--name`, or `--into` the blueprint that has it",
        )),
    }
}

/// Why something in a unit or account of which nothing can be said is left out.
pub(in crate::kinds) fn within(parent: &Address, outline: &Outline) -> LeftOut {
    if outline.is_known(parent) {
        let reason =
            format!("the blueprint has {parent} already, and another file cannot add to what it says of an account");
        return LeftOut::not_expressible(reason, format!("write it by hand where {parent} stands"));
    }
    LeftOut::not_expressible(format!("it is in {parent}, which is left out"), format!("see what is said of {parent}"))
}

/// What stands for a root, unit or account where a target is written; `None` where that is not in the blueprint.
pub(in crate::kinds) fn target(address: &Address, outline: &Outline) -> Option<String> {
    if *address == Address::root() {
        return Some(address.to_string());
    }
    let is_there = |it: &Address| outline.has_place(it);
    if !is_there(address) {
        return None;
    }
    let parts = address.parts();
    let short = parts.join("/");
    let is_word = matches!(short.as_str(), "root" | "management" | "members");
    let meant: BTreeSet<Address> = target::readings(&short).into_iter().filter(is_there).collect();
    Some(if is_word || meant.len() != 1 || parts.iter().any(|part| part.contains('/')) {
        address.to_string()
    } else {
        short
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outline::{Account, Map};

    #[test]
    fn targets_are_written_by_their_names_and_in_full_where_these_are_not_enough() {
        let mut outline = Outline::default();
        for unit in ["ou/Workloads", "ou/Workloads/Dev", "ou/audit", "ou/root", "ou/R%2FD"] {
            outline.units.insert(Address::parse(unit), Map::default());
        }
        for account in ["account/audit", "account/one two", "account/management"] {
            outline.accounts.insert(Address::parse(account), Account::default());
        }
        for (address, written) in [
            ("root", Some("root")),
            ("ou/Workloads/Dev", Some("Workloads/Dev")),
            ("ou/audit", Some("ou/audit")),
            ("account/audit", Some("account/audit")),
            ("account/one two", Some("one two")),
            ("account/management", Some("account/management")),
            ("ou/root", Some("ou/root")),
            ("ou/R%2FD", Some("ou/R%2FD")),
            ("account/gone", None),
        ] {
            assert_eq!(target(&Address::parse(address), &outline).as_deref(), written, "{address}");
        }
    }
}
