//! The changes of a plan by what they cost, riskiest first: what decides whether it is applied.

mod lines;

use std::collections::BTreeMap;

pub use lines::consent_text;
pub(super) use lines::summary_lines;

use super::alike::{Apart, apart, label, places};
use super::clean::clean;
use super::naming::{kind_word, subject, verb};
use super::sentence::{count, plural};
use crate::model::{Action, Change, Plan, Risk};

/// What a plan does, by risk. Every change is in one of its parts.
#[derive(Debug, PartialEq)]
pub(super) struct RiskSummary<'p> {
    /// Irreversible, destructive and disruptive changes, in this order; only those that occur.
    pub groups: Vec<RiskGroup<'p>>,
    /// The other changes, counted.
    pub rest: Vec<Tally>,
}

/// The changes of one risk.
#[derive(Debug, PartialEq)]
pub(super) struct RiskGroup<'p> {
    pub risk: Risk,
    /// Folded where they are alike.
    pub items: Vec<RiskItem<'p>>,
}

/// Changes that do the same to resources of one kind, for the same reason; at least one.
#[derive(Debug, PartialEq)]
pub(super) struct RiskItem<'p> {
    pub changes: Vec<&'p Change>,
    pub action: Action,
    /// What is done: `delete`, `attach`, `close`.
    pub verb: &'static str,
    /// Why, where the change says so.
    pub reason: String,
    /// How many accounts all of them reach together.
    pub accounts: usize,
}

/// How many changes do the same to resources of one kind: `create 8 accounts`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tally {
    pub action: Action,
    pub verb: &'static str,
    /// Of one of them: `account`.
    pub noun: String,
    pub changes: usize,
}

impl Tally {
    /// What is done how often: `8 accounts`, `trusted access 9 times`.
    pub fn what(&self) -> String {
        match (self.changes, plural(&self.noun)) {
            (1, _) => format!("1 {}", self.noun),
            (changes, uncountable) if uncountable == self.noun => format!("{} {changes} times", self.noun),
            (changes, nouns) => format!("{changes} {nouns}"),
        }
    }
}

/// Sums up what a plan's changes cost.
pub(super) fn risk_summary(plan: &Plan) -> RiskSummary<'_> {
    let risks = [Risk::Irreversible, Risk::Destructive, Risk::Disruptive];
    let of = |risk: Risk| plan.changes.iter().filter(move |change| change.risk == risk);
    let groups = risks.map(|risk| RiskGroup { risk, items: items(of(risk)) });
    RiskSummary {
        groups: groups.into_iter().filter(|group| !group.items.is_empty()).collect(),
        rest: tallies(of(Risk::None)),
    }
}

impl RiskSummary<'_> {
    /// How many changes have this risk; none are counted of those without a risk.
    pub fn number(&self, risk: Risk) -> usize {
        self.groups.iter().filter(|group| group.risk == risk).map(RiskGroup::number).sum()
    }

    /// How many changes require `--allow-destroy`, such as `1 irreversible and 2 destructive`; none where no change does.
    pub fn destroying(&self) -> Option<String> {
        let numbers = [Risk::Irreversible, Risk::Destructive].map(|risk| (self.number(risk), risk.word()));
        let risks = numbers.iter().filter(|(number, _)| *number > 0).map(|(number, word)| format!("{number} {word}"));
        Some(risks.collect::<Vec<_>>().join(" and ")).filter(|text| !text.is_empty())
    }

    /// The same with its noun: `1 irreversible and 2 destructive changes`.
    pub fn destruction(&self) -> Option<String> {
        let is_one = self.number(Risk::Irreversible) + self.number(Risk::Destructive) == 1;
        self.destroying().map(|risks| format!("{risks} {}", if is_one { "change" } else { "changes" }))
    }
}

impl RiskGroup<'_> {
    /// How many changes there are in it.
    pub fn number(&self) -> usize {
        self.items.iter().map(|item| item.changes.len()).sum()
    }
}

impl RiskItem<'_> {
    /// Why, where that is worth reading: a plan does not say of what is new why it is new.
    pub fn why(&self) -> Option<&str> {
        Some(self.reason.as_str()).filter(|reason| self.action != Action::Create && !reason.is_empty())
    }

    /// `reaches 3 accounts`; none where it reaches none.
    pub fn reach(&self) -> Option<String> {
        (self.accounts > 0).then(|| format!("reaches {}", count(self.accounts, "account", "accounts")))
    }

    /// What is changed, as it is written in a sentence: addresses, and once for what is alike in many places: `ou/Old`,
    /// `stack budget in 300 accounts`.
    pub fn names(&self) -> Vec<String> {
        let mut alike: BTreeMap<String, Vec<(&Change, Apart)>> = BTreeMap::new();
        for change in &self.changes {
            let apart = apart(change);
            let key = if apart.place.is_some() { apart.name.clone() } else { change.address.to_string() };
            alike.entry(key).or_default().push((change, apart));
        }
        alike.into_values().flat_map(|changes| named(&changes)).collect()
    }
}

/// So many resources that are alike are named one by one.
const NAMED: usize = 2;

fn named(changes: &[(&Change, Apart)]) -> Vec<String> {
    match changes {
        [(change, apart), ..] if changes.len() > NAMED => {
            vec![format!("{} in {}", label(change, apart), places(changes.iter().map(|(_, apart)| apart)))]
        }
        few => few.iter().map(|(change, _)| address_of(change) + &losses(change)).collect(),
    }
}

/// So many resources that a stack loses are named.
const NAMED_LOSSES: usize = 3;

/// ` (deletes or replaces Vpc, SubnetA and 2 more)`: what an update of a stack takes from it.
fn losses(change: &Change) -> String {
    let lists = [("takes_away", "deletes or replaces"), ("may_replace", "may replace")];
    let list = |path: &str| change.field(path)?.before.as_array().filter(|names| !names.is_empty());
    let Some((names, words)) = lists.into_iter().find_map(|(path, words)| Some((list(path)?, words))) else {
        return String::new();
    };
    let shown: Vec<String> = names.iter().take(NAMED_LOSSES).filter_map(|name| name.as_str()).map(clean).collect();
    let more = names.len().saturating_sub(NAMED_LOSSES);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!(" ({words} {}{more})", shown.join(", "))
}

/// What is attached to a place is written with the place: `scp/guard to ou/A`.
fn address_of(change: &Change) -> String {
    let word = if change.action == Action::Delete { "from" } else { "to" };
    match change.address.split_target() {
        Some((what, target)) if change.address.assigned().is_none() => {
            format!("{} {word} {}", subject(&what), subject(&target))
        }
        _ => subject(&change.address),
    }
}

fn items<'p>(changes: impl Iterator<Item = &'p Change>) -> Vec<RiskItem<'p>> {
    let mut items: Vec<RiskItem<'p>> = Vec::new();
    let mut known: BTreeMap<(Action, String, &str, &str), usize> = BTreeMap::new();
    for change in changes {
        let key = (change.action, kind_word(change), verb(change), change.reason.as_str());
        if let Some(nth) = known.get(&key) {
            items[*nth].changes.push(change);
            continue;
        }
        known.insert(key, items.len());
        let reason = clean(&change.reason);
        items.push(RiskItem { changes: vec![change], action: change.action, verb: verb(change), reason, accounts: 0 });
    }
    for item in &mut items {
        item.accounts = reached(&item.changes);
    }
    items
}

/// Accounts that several changes reach count once, where the changes name them.
fn reached(changes: &[&Change]) -> usize {
    let mut names: Vec<&str> = changes.iter().flat_map(|change| change.accounts.iter().map(String::as_str)).collect();
    names.sort_unstable();
    names.dedup();
    names.len().max(changes.iter().map(|change| change.reaches).max().unwrap_or(0))
}

/// How many of these changes do the same to resources of one kind, in the order of the actions, most first.
pub(super) fn tallies<'p>(changes: impl Iterator<Item = &'p Change>) -> Vec<Tally> {
    let mut numbers: BTreeMap<(Action, &'static str, String), usize> = BTreeMap::new();
    for change in changes {
        *numbers.entry((change.action, verb(change), kind_word(change))).or_default() += 1;
    }
    let mut tallies: Vec<Tally> = numbers
        .into_iter()
        .map(|((action, verb, noun), changes)| Tally { action, verb, noun: clean(&noun), changes })
        .collect();
    tallies.sort_by_key(|tally| (tally.action, tally.verb, std::cmp::Reverse(tally.changes)));
    tallies
}

#[cfg(test)]
mod tests;
