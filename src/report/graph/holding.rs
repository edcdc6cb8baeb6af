//! What holds for the root, a unit or an account by itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::kinds::OfKind;
use crate::model::{Action, Address, Body, Inventory, InventoryItem, Role, TAG_GUARDRAIL, body_tags};
use crate::report::clean::clean;
use crate::report::naming::noun_at;
use crate::template::{Behaviour, guardrail};

/// What type of resource holds, in the order in which it is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    /// Guardrails that stop what must not be.
    Preventive,
    /// Guardrails that find it.
    Detective,
    /// Guardrails that refuse it before it is deployed.
    Proactive,
    /// Policies that are no guardrails of the catalogue.
    Policy,
    /// Permission sets, and who has them.
    People,
    /// Stacks in every account of a unit.
    StackSet,
    /// Stacks in one account.
    Stack,
    /// What another account shares.
    Shared,
    /// The services that the account administers for the organization.
    Administers,
}

impl Sort {
    /// All of them, in order.
    pub const ALL: [Sort; 9] = [
        Sort::Preventive,
        Sort::Detective,
        Sort::Proactive,
        Sort::Policy,
        Sort::People,
        Sort::StackSet,
        Sort::Stack,
        Sort::Shared,
        Sort::Administers,
    ];

    /// What stands before what holds of this sort.
    pub fn label(self) -> &'static str {
        match self {
            Sort::Preventive => "Stops",
            Sort::Detective => "Finds",
            Sort::Proactive => "Refuses",
            Sort::Policy => "Policies",
            Sort::People => "People",
            Sort::StackSet => "In every account",
            Sort::Stack => "Stacks",
            Sort::Shared => "Shared with it",
            Sort::Administers => "Administers",
        }
    }

    /// The same in a legend.
    pub fn meaning(self) -> &'static str {
        match self {
            Sort::Preventive => "guardrail that stops",
            Sort::Detective => "guardrail that finds",
            Sort::Proactive => "guardrail that refuses what is deployed",
            Sort::Policy => "policy",
            Sort::People => "permission set: who has it",
            Sort::StackSet => "stack set: a stack in every account",
            Sort::Stack => "stack",
            Sort::Shared => "shared by another account",
            Sort::Administers => "administers a service",
        }
    }

    /// One word for classes of styles.
    pub fn class(self) -> &'static str {
        match self {
            Sort::Preventive => "stops",
            Sort::Detective => "finds",
            Sort::Proactive => "refuses",
            Sort::Policy => "policy",
            Sort::People => "people",
            Sort::StackSet => "set",
            Sort::Stack => "stack",
            Sort::Shared => "shared",
            Sort::Administers => "administers",
        }
    }
}

/// A policy or setting that holds at a place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Holding {
    pub sort: Sort,
    pub name: String,
    /// Who has a permission set; the regions of a stack; the account that shares.
    pub details: BTreeSet<String>,
    /// Whether it holds for the management account too where it is said of the root.
    pub binds_management: bool,
    pub mark: Option<Action>,
}

impl Holding {
    /// `read-only: developers, auditors`, `config-recorder (3 regions)`.
    pub fn text(&self) -> String {
        let details = || self.details.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        match self.sort {
            Sort::People => format!("{}: {}", self.name, details()),
            Sort::StackSet | Sort::Stack if self.details.len() > 1 => {
                format!("{} ({} regions)", self.name, self.details.len())
            }
            Sort::Shared => format!("{} of {}", self.name, details()),
            _ => self.name.clone(),
        }
    }

    /// Everything that is known of it, in a line.
    pub fn whole(&self) -> String {
        match self.sort {
            Sort::StackSet | Sort::Stack if !self.details.is_empty() => {
                let regions: Vec<&str> = self.details.iter().map(String::as_str).collect();
                format!("{} in {}", self.name, regions.join(", "))
            }
            Sort::Preventive | Sort::Detective | Sort::Proactive => match guardrail(&self.name) {
                Some(known) => format!("{}: {}", self.name, known.title),
                None => self.name.clone(),
            },
            _ => self.text(),
        }
    }
}

/// What holds by place, each by its sort and name.
pub(super) type Holdings = BTreeMap<Address, BTreeMap<(Sort, String), Holding>>;

/// What holds at each place by itself. The management account is called `management` there.
pub(super) fn holdings(inventory: &Inventory) -> Holdings {
    let mut found = Found { management: inventory.management.as_ref(), holdings: Holdings::new() };
    for (address, item) in &inventory.items {
        match item.kind_info().role {
            Role::Attachment => attachment(address, item, inventory, &mut found),
            Role::StackSet => stack_set(address, item, &mut found),
            Role::Stack => stack(address, item, &mut found),
            Role::Assignment => assignment(address, item, &mut found),
            _ => administrator(address, item, &mut found),
        }
    }
    found.holdings
}

struct Found<'i> {
    management: Option<&'i Address>,
    holdings: Holdings,
}

impl Found<'_> {
    /// Adds it, or what is more of it to one that is there.
    fn add(&mut self, place: &Address, holding: Holding) {
        let place = if self.management == Some(place) { Address::management() } else { place.clone() };
        let key = (holding.sort, holding.name.clone());
        let at = self.holdings.entry(place).or_default();
        match at.get_mut(&key) {
            Some(same) => {
                same.mark = if same.mark == holding.mark { same.mark } else { Some(Action::Update) };
                same.details.extend(holding.details);
                same.binds_management |= holding.binds_management;
            }
            None => drop(at.insert(key, holding)),
        }
    }
}

fn holding(sort: Sort, name: &str, mark: Option<Action>) -> Holding {
    Holding { sort, name: clean(name), details: BTreeSet::new(), binds_management: false, mark }
}

/// A policy of guardrails is reported as these; AWS's own that allows everything is not worth reporting.
fn attachment(address: &Address, item: &InventoryItem, inventory: &Inventory, found: &mut Found<'_>) {
    let Some((policy, target)) = address.split_target().filter(|(policy, _)| !policy.name().ends_with("FullAWSAccess"))
    else {
        return;
    };
    let binds_management = !policy.is_control_policy();
    let known = inventory.items.get(&policy);
    let guardrails = known.map(|known| guardrails_of(&known.body)).unwrap_or_default();
    if guardrails.is_empty() {
        let mark = item.mark.or(known.and_then(|known| known.mark));
        let name = format!("{} {}", noun_at(&policy), policy.name());
        return found.add(&target, Holding { binds_management, ..holding(Sort::Policy, &name, mark) });
    }
    let before = known.and_then(|known| known.before.as_ref());
    for (id, changes) in marked(guardrails, before) {
        let mark = item.mark.or(changes);
        found.add(&target, Holding { binds_management, ..holding(sort_of(&id, Sort::Preventive), &id, mark) });
    }
}

/// The guardrails of a changed resource, each with what becomes of it; nothing of those that stay as they are.
fn marked(guardrails: BTreeMap<String, String>, before: Option<&Body>) -> Vec<(String, Option<Action>)> {
    let before = before.map(guardrails_of);
    let mark = |id: &str, version: &str| match before.as_ref()?.get(id) {
        None => Some(Action::Create),
        Some(was) => (was != version).then_some(Action::Update),
    };
    let marks = guardrails.into_iter().map(|(id, version)| {
        let mark = mark(&id, &version);
        (id, mark)
    });
    marks.collect()
}

/// The guardrails in a policy or a stack with their versions, which its tags show.
fn guardrails_of(body: &Body) -> BTreeMap<String, String> {
    let tags = body_tags(body).into_iter();
    tags.filter_map(|(key, version)| Some((key.strip_prefix(TAG_GUARDRAIL)?.to_owned(), version))).collect()
}

/// One that is not in the catalogue is someone's own.
fn sort_of(id: &str, otherwise: Sort) -> Sort {
    guardrail(id).map_or(otherwise, |known| match known.behaviour {
        Behaviour::Preventive => Sort::Preventive,
        Behaviour::Detective => Sort::Detective,
        Behaviour::Proactive => Sort::Proactive,
    })
}

fn stack_set(address: &Address, item: &InventoryItem, found: &mut Found<'_>) {
    for place in &item.covers {
        let regions = item.regions.get(place).into_iter().flatten().map(|region| clean(region)).collect();
        deployed(Sort::StackSet, &address.name(), (place, regions), item, found);
    }
}

fn stack(address: &Address, item: &InventoryItem, found: &mut Found<'_>) {
    let parts = address.parts();
    let (Some(account), [_, name, region]) = (&item.parent, parts.as_slice()) else { return };
    deployed(Sort::Stack, name, (account, BTreeSet::from([clean(region)])), item, found);
    for place in &item.covers {
        let details = BTreeSet::from([clean(&account.name())]);
        found.add(place, Holding { details, ..holding(Sort::Shared, name, item.mark) });
    }
}

/// A stack, or the guardrails that are all there is in it, which its tags show.
fn deployed(
    sort: Sort,
    name: &str,
    (place, regions): (&Address, BTreeSet<String>),
    item: &InventoryItem,
    found: &mut Found<'_>,
) {
    let guardrails = guardrails_of(&item.body);
    if guardrails.is_empty() {
        return found.add(place, Holding { details: regions, ..holding(sort, name, item.mark) });
    }
    let whole = item.mark.filter(|mark| *mark == Action::Create);
    for (id, changes) in marked(guardrails, item.before.as_ref()) {
        let sort = sort_of(&id, Sort::Detective);
        found.add(place, Holding { details: regions.clone(), ..holding(sort, &id, whole.or(changes)) });
    }
}

fn assignment(address: &Address, item: &InventoryItem, found: &mut Found<'_>) {
    let Some((set, principal, place)) = address.assigned() else { return };
    let details = BTreeSet::from([clean(&principal.name())]);
    let people = Holding { details, binds_management: true, ..holding(Sort::People, &set.name(), item.mark) };
    found.add(&place, people);
}

fn administrator(address: &Address, item: &InventoryItem, found: &mut Found<'_>) {
    let (Some(account), Some(administered)) = (&item.parent, item.kind_info().administered) else { return };
    found.add(account, holding(Sort::Administers, &administered(address), item.mark));
}
