//! Stacks of one name, of which a blueprint says one template, one list of regions, and the accounts that have it.

use std::collections::{BTreeMap, BTreeSet};

use crate::kinds::shared::values_by::{Placed, Values, ValuesBy, most_common};
use crate::kinds::stack::resource::Stack;
use crate::model::Address;
use crate::outline::{LeftOut, Map, Node};

/// A stack in its place.
#[derive(Clone, Debug)]
pub(super) struct Sited {
    pub address: Address,
    /// The account that it is in, or `management`.
    pub account: Address,
    /// What the account is called in the blueprint.
    pub written: String,
    pub stack: Stack,
}

/// Stacks that one declaration says.
#[derive(Clone, Debug, Default)]
pub(super) struct StackGroup {
    /// In the order of their addresses.
    pub stacks: Vec<Sited>,
    parameters: Values,
    by: ValuesBy,
}

/// Stacks that are left out, each with the reason.
type Rest = Vec<(Address, LeftOut)>;

impl StackGroup {
    /// Most of some stacks of one name, and those that are not as these are.
    pub fn of(stacks: Vec<Sited>) -> (StackGroup, Rest) {
        let mut left_out = Rest::new();
        let reason = "stacks of this name in other accounts have another template, other tags or another protection, and a blueprint says one of a name";
        let stacks = keep(most(stacks, definition), reason, &mut left_out);
        let regions = regions_by_account(&stacks);
        let reason = "its account has the stack in other regions than other accounts, and a blueprint says the same regions of all";
        let mut stacks = keep(most(stacks, |sited| regions[&sited.account].clone()), reason, &mut left_out);
        let reason = "values of its parameters differ by region in this account alone";
        loop {
            let placed = placed(&stacks);
            let parameters = most_common(&placed);
            match ValuesBy::of(&parameters, &placed) {
                Ok(by) => return (StackGroup { stacks, parameters, by }, left_out),
                Err(uneven) => {
                    let parted = stacks.into_iter().partition(|sited| !uneven.contains(&sited.account));
                    stacks = keep(parted, reason, &mut left_out);
                }
            }
        }
    }

    /// What is said of them, but for the template and tags, which all have.
    pub fn said(&self) -> Map {
        let accounts: BTreeMap<&Address, &String> = self.stacks.iter().map(|it| (&it.account, &it.written)).collect();
        let regions: BTreeSet<&String> = self.stacks.iter().map(|it| &it.stack.region).collect();
        let mut said = Map::default();
        said.set("in", Node::texts(accounts.values()));
        said.set("regions", Node::texts(regions));
        let parameters: Map = self.parameters.iter().map(|(name, value)| (name.as_str(), Node::text(value))).collect();
        said.set("parameters", parameters.in_one_line());
        let written = |account: &Address| accounts.get(account).map(|written| (*written).clone());
        said.set("parameters_by", self.by.said(written).unwrap_or_default());
        if self.stacks.iter().any(|it| it.stack.termination_protection) {
            said.set("termination_protection", true);
        }
        said
    }
}

/// What all stacks of one declaration have in common. Templates are compared as CloudFormation reads them.
fn definition(sited: &Sited) -> (String, BTreeMap<String, String>, bool) {
    let Stack { template, tags, termination_protection, .. } = &sited.stack;
    (template.to_string(), tags.clone(), *termination_protection)
}

fn regions_by_account(stacks: &[Sited]) -> BTreeMap<Address, BTreeSet<String>> {
    let mut regions: BTreeMap<Address, BTreeSet<String>> = BTreeMap::new();
    for sited in stacks {
        regions.entry(sited.account.clone()).or_default().insert(sited.stack.region.clone());
    }
    regions
}

fn placed(stacks: &[Sited]) -> Placed {
    let place = |it: &Sited| ((it.account.clone(), it.stack.region.clone()), it.stack.parameters.clone());
    stacks.iter().map(place).collect()
}

/// The stacks with the key that most have, the first of several that as many have; and the others.
fn most<K: Ord + Clone>(stacks: Vec<Sited>, key: impl Fn(&Sited) -> K) -> (Vec<Sited>, Vec<Sited>) {
    let mut counted: Vec<(K, usize)> = Vec::new();
    for of in stacks.iter().map(&key) {
        match counted.iter_mut().find(|(known, _)| *known == of) {
            Some((_, count)) => *count += 1,
            None => counted.push((of, 1)),
        }
    }
    let chosen = counted.into_iter().rev().max_by_key(|(_, count)| *count).map(|(key, _)| key);
    stacks.into_iter().partition(|sited| chosen.as_ref() == Some(&key(sited)))
}

fn keep((kept, others): (Vec<Sited>, Vec<Sited>), reason: &str, left_out: &mut Rest) -> Vec<Sited> {
    let others = others.into_iter().map(|sited| sited.address);
    left_out.extend(
        others.map(|address| (address, LeftOut::not_expressible(reason, "leave it to the tool that deploys it"))),
    );
    kept
}
