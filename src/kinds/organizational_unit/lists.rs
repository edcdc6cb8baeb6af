//! Which units are asked for the units directly below them.

use std::collections::BTreeSet;

use super::resource::OrganizationalUnit;
use crate::facts::Look;
use crate::kinds::read::{Accounts, StackSetTargets, TargetsOf};
use crate::kinds::shared::ownership::{TagIndex, is_owned};
use crate::kinds::shared::resource::Resource;
use crate::model::{Address, Desired, Observed, Presence};

/// AWS answers ListOrganizationalUnitsForParent, one call for each unit, about five times a second, and most units have none
/// below them. So a unit is not asked where the blueprint has none below it and, by `Paths`, no account is in one; what is then
/// not seen are empty units of others.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html>
pub(super) enum Lists<'a> {
    /// Every unit is asked.
    All,
    /// Units that have units below them by what the blueprint says and by where accounts are.
    Some {
        desired: &'a Desired,
        /// The addresses of units that the blueprint has or had units below.
        by_blueprint: BTreeSet<Address>,
        /// The ids of units that accounts are below, but not directly.
        by_accounts: BTreeSet<&'a str>,
    },
}

/// So few lists take no time that is worth seeing less.
const FEW: usize = 10;

impl<'a> Lists<'a> {
    pub fn new(desired: &'a Desired, look: &Look<'a>, index: Option<&TagIndex<'_>>) -> Lists<'a> {
        // Without a trustworthy index nothing shows that a unit of ours is below one that is not asked.
        if desired.settings.sees_everything() || index.is_some_and(|index| index.believed().is_none()) {
            return Lists::All;
        }
        let accounts = look.at(Accounts).map(Vec::as_slice).unwrap_or_default();
        if accounts.iter().any(|account| account.path.is_empty()) {
            return Lists::All;
        }
        let units = desired.of_kind(OrganizationalUnit::KIND);
        let by_blueprint = units.flat_map(|it| std::iter::once(&it.address).chain(&it.was)).map(Address::parent_unit);
        let above = |path: &'a [String]| path.split_last().map(|(_, above)| above).unwrap_or_default();
        let by_accounts = accounts.iter().flat_map(|account| above(&account.path)).map(String::as_str);
        Lists::Some { desired, by_blueprint: by_blueprint.collect(), by_accounts: by_accounts.collect() }
    }

    /// Whether the unit, or the root, is asked. Of one that the blueprint does not have, or will not have, all is to be known.
    pub fn takes(&self, id: &str, address: &Address) -> bool {
        match self {
            Lists::All => true,
            Lists::Some { desired, by_blueprint, by_accounts } => {
                let is_kept = desired.get(address).is_some_and(|wanted| wanted.presence == Presence::Present);
                !is_kept || by_blueprint.contains(address) || by_accounts.contains(id)
            }
        }
    }
}

/// Whether the units that were left out are to be asked all the same: they are few, or something leads to a unit that is none of
/// those found. Units do not move, so that one of ours is where it was made, and its tags are in the index.
pub(super) fn are_wanted(
    left_out: usize,
    desired: &Desired,
    look: &Look<'_>,
    index: &TagIndex<'_>,
    observed: &Observed,
) -> bool {
    let is_unknown = |id: &str| id.starts_with("ou-") && observed.bindings.address(id).is_none();
    let of_ours = || {
        let owned = index.believed().into_iter().flatten().filter(|(_, tags)| is_owned(desired, tags));
        owned.map(|(id, _)| id.as_str()).any(is_unknown)
    };
    // AWS's own policies are on every target.
    let policies = || look.answered(TargetsOf::PREFIX).filter(|id| !id.ends_with("FullAWSAccess"));
    let of_policies = || {
        let targets = policies().filter_map(|id| look.at(TargetsOf(id.to_owned()))).flatten();
        targets.map(String::as_str).any(is_unknown)
    };
    let of_stack_sets = || {
        let sets = look.answered(StackSetTargets::PREFIX);
        sets.filter_map(|id| look.at(StackSetTargets(id.to_owned()))).flatten().any(|(unit, _)| is_unknown(unit))
    };
    left_out <= FEW || of_ours() || of_policies() || of_stack_sets()
}
