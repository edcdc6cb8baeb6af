use std::collections::{BTreeMap, BTreeSet};

use super::{Action, Address, Body};

/// Everything that there is in an organization: as a blueprint says by itself, as it was found, or as a plan leaves it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inventory {
    /// `o-…`, where it is known.
    pub organization: Option<String>,
    /// The management account where it is one of the accounts below, by its address.
    pub management: Option<Address>,
    /// All things by their addresses. Who has a permission set is here by the place that it is given for: a unit stands
    /// for the accounts in it.
    pub things: BTreeMap<Address, Thing>,
}

/// One thing of an inventory.
#[derive(Clone, Debug, PartialEq)]
pub struct Thing {
    /// The name of its kind: `organizational-unit`.
    pub kind: String,
    /// AWS's id, where it has one already.
    pub id: Option<String>,
    /// How it is, in its kind's fields.
    pub body: Body,
    /// Where it is: an account's unit, the account of a stack.
    pub parent: Option<Address>,
    /// The units and accounts that have something of it by being where they are: a policy's target, the units of a stack
    /// set, those that a stack shares subnets with.
    pub covers: BTreeSet<Address>,
    /// The regions in which each of these places has it, for a stack set.
    pub regions: BTreeMap<Address, BTreeSet<String>>,
    /// What the plan does to it; absent where it is and stays as it is, and where there is no plan.
    pub mark: Option<Action>,
    /// How it was before, where the plan changes it.
    pub before: Option<Body>,
}
