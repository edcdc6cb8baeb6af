//! No step on the way denies less than both before and after: anyone who takes over a denial has it before it is given up.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use landing_policy::DenyScope;
use serde_json::Value;

use super::sequence::{DependencyReason, Sequence};
use crate::hierarchy::full_access;
use crate::kinds::OfKind;
use crate::model::{Action, Address, Change, Desired, Observed, Presence, Role, Wanted, body_content};

/// Adds to `sequence` what keeps denied whatever is denied before and after.
///
/// Every policy that is attached on an account's path provides denials, from when it is attached, says so and the account is
/// there, until it is detached, says otherwise or the account leaves. So does a list of what is allowed, until more is
/// allowed. Where a request is denied before and after, and by nothing all the while, what ends a denial needs what
/// starts the one that takes over.
pub(super) fn keep(changes: &[Change], desired: &Desired, observed: &Observed, sequence: &mut Sequence) {
    let organization = Organization::new(changes, desired, observed);
    if !organization.changes_denials() {
        return;
    }
    let mut seen = BTreeSet::new();
    let mut handovers = Vec::new();
    for account in organization.accounts() {
        let sides = organization.sides(&account);
        if seen.insert(sides.places()) {
            handovers.extend(organization.handovers(&sides));
        }
    }
    // Those with one way first: the others may go around them.
    handovers.sort_by_key(|handover| handover.ways.len());
    handovers.iter().for_each(|handover| handover.order(sequence));
}

/// A denial that one provider hands to another.
struct Handover<'a> {
    /// What must come before what, for any two providers that can do it.
    ways: Vec<Vec<Edge<'a>>>,
    /// Whether every request that one of both denies is certain to be denied by the other.
    is_certain: bool,
}

impl Handover<'_> {
    fn order(&self, sequence: &mut Sequence) {
        let is_open = |(end, start): &Edge<'_>| !sequence.waits_for(start, end);
        let open = self.ways.iter().find(|way| way.iter().all(is_open));
        // Where two denials only overlap, it is not certain that any request is meant by both: no plan is refused for that.
        let chosen = open.or_else(|| self.ways.first().filter(|_| self.is_certain));
        for (end, start) in chosen.into_iter().flatten() {
            sequence.need(end, (*start).clone(), DependencyReason::Denial);
        }
    }
}

/// A denial by its place in the list of all.
type Id = usize;

/// A denial at one level on an account's path, and the changes at which it starts or ends there; none where it holds
/// all the while.
#[derive(Debug)]
struct Provider<'a> {
    denial: Id,
    /// The level, where it is a list of what is allowed there.
    list: Option<Address>,
    changes: Vec<&'a Address>,
}

/// An account's path before and after.
struct Sides<'a> {
    before: BTreeSet<Address>,
    after: BTreeSet<Address>,
    /// The change that moves it.
    moved: Option<&'a Address>,
}

impl Sides<'_> {
    fn places(&self) -> (BTreeSet<Address>, BTreeSet<Address>, Option<Address>) {
        (self.before.clone(), self.after.clone(), self.moved.cloned())
    }
}

/// A policy as it is or as it will be.
#[derive(Clone, Debug, Default)]
struct PolicyState {
    denials: Vec<Id>,
    allows: Vec<String>,
}

struct Organization<'a> {
    changes: &'a [Change],
    desired: &'a Desired,
    observed: &'a Observed,
    denials: RefCell<Vec<DenyScope>>,
    compared: RefCell<HashMap<(Id, Id), (bool, bool)>>,
    /// What policies say, where they do, before and after.
    says: BTreeMap<Address, [Option<PolicyState>; 2]>,
    /// The changes of what policies say.
    rewritten: BTreeMap<Address, &'a Address>,
    /// Policies and targets: what happens to an attachment.
    attachments: BTreeMap<(Address, Address), Attached<'a>>,
    /// Where anything is attached.
    targets: BTreeSet<Address>,
}

/// An attachment before and after, and the change between them.
#[derive(Clone, Copy, Debug)]
struct Attached<'a> {
    before: bool,
    after: bool,
    change: Option<&'a Address>,
}

fn decides(policy: &Address) -> bool {
    policy.is_control_policy()
}

impl<'a> Organization<'a> {
    fn new(changes: &'a [Change], desired: &'a Desired, observed: &'a Observed) -> Organization<'a> {
        let mut organization = Organization {
            changes,
            desired,
            observed,
            denials: RefCell::default(),
            compared: RefCell::default(),
            says: BTreeMap::new(),
            rewritten: BTreeMap::new(),
            attachments: BTreeMap::new(),
            targets: BTreeSet::new(),
        };
        organization.attach();
        organization.targets = organization.attachments.keys().map(|(_, target)| target.clone()).collect();
        organization.read();
        organization
    }

    fn attach(&mut self) {
        let deciding = |address: &Address| address.split_target().filter(|(policy, _)| decides(policy));
        for place in self.observed.found.keys().filter_map(deciding) {
            self.attachments.insert(place, Attached { before: true, after: true, change: None });
        }
        for change in self.changes {
            let Some(place) = deciding(&change.address) else { continue };
            let before = self.attachments.contains_key(&place);
            let after = change.action != Action::Delete;
            let change = Some(&change.address).filter(|_| before != after);
            self.attachments.insert(place, Attached { before, after, change });
        }
    }

    fn read(&mut self) {
        let policies: BTreeSet<Address> = self.attachments.keys().map(|(policy, _)| policy.clone()).collect();
        for policy in policies {
            let change = self.changes.iter().find(|change| change.address == policy);
            let found = self.observed.found.get(&policy).and_then(|found| body_content(&found.body));
            let wanted = self.desired.get(&policy).and_then(|wanted| body_content(&wanted.body));
            let wanted = wanted.map(|content| self.observed.bindings.resolve_value(content));
            let before = found.map(|content| self.says(content));
            let says_new = change.filter(|change| change.field("content").is_some());
            let after = match says_new {
                Some(_) => wanted.as_ref().map(|content| self.says(content)),
                None => before.clone(),
            };
            // One that is created is attached afterwards.
            let rewrites = says_new.filter(|change| change.action != Action::Create);
            self.rewritten.extend(rewrites.map(|change| (policy.clone(), &change.address)));
            self.says.insert(policy, [before, after]);
        }
    }

    fn says(&self, content: &Value) -> PolicyState {
        let denials = DenyScope::all_of(content).into_iter().map(|denial| self.id(denial)).collect();
        PolicyState { denials, allows: DenyScope::allowed(content) }
    }

    fn id(&self, denial: DenyScope) -> Id {
        let mut denials = self.denials.borrow_mut();
        denials.iter().position(|known| *known == denial).unwrap_or_else(|| {
            denials.push(denial);
            denials.len() - 1
        })
    }

    /// Whether one covers the other, and whether they meet.
    fn compare(&self, one: Id, other: Id) -> (bool, bool) {
        let compare = || {
            let denials = self.denials.borrow();
            (denials[one].covers(&denials[other]), denials[one].meets(&denials[other]))
        };
        *self.compared.borrow_mut().entry((one, other)).or_insert_with(compare)
    }

    fn covers(&self, one: Id, other: Id) -> bool {
        one == other || self.compare(one, other).0
    }

    /// Whether any change may end a denial.
    fn changes_denials(&self) -> bool {
        let detaches = self.attachments.values().any(|attached| attached.change.is_some());
        detaches || !self.rewritten.is_empty() || self.changes.iter().any(is_move)
    }

    /// Accounts that are there now.
    fn accounts(&self) -> Vec<Address> {
        self.observed.accounts.keys().cloned().collect()
    }

    fn sides(&self, account: &Address) -> Sides<'a> {
        let place = self.observed.accounts.get(account).cloned().unwrap_or_else(Address::root);
        let change = self.changes.iter().find(|change| change.address == *account).filter(|change| is_move(change));
        let path = |place: &Address| place.path().into_iter().chain([account.clone()]).collect::<BTreeSet<_>>();
        let after = change.and_then(|change| change.parent.clone()).unwrap_or_else(|| place.clone());
        let levels = |places: BTreeSet<Address>| places.into_iter().filter(|it| self.targets.contains(it)).collect();
        Sides { before: levels(path(&place)), after: levels(path(&after)), moved: change.map(|change| &change.address) }
    }

    /// What denies on one side of the plan: 0 is before, 1 after.
    fn providers(&self, sides: &Sides<'a>, side: usize) -> Vec<Provider<'a>> {
        let (here, there) = if side == 0 { (&sides.before, &sides.after) } else { (&sides.after, &sides.before) };
        let mut providers = Vec::new();
        for target in here {
            let moved = sides.moved.filter(|_| !there.contains(target));
            for (policy, attached) in self.attached_to(target, side) {
                let changes = moved.into_iter().chain(attached.change).collect::<Vec<_>>();
                providers.extend(self.of_policy(policy, side, &changes));
            }
            providers.extend(self.of_list(target, side, moved));
        }
        providers
    }

    fn attached_to<'b>(
        &'b self,
        target: &'b Address,
        side: usize,
    ) -> impl Iterator<Item = (&'b Address, Attached<'a>)> {
        let here = self.attachments.iter().filter(move |((_, at), _)| at == target);
        let is_attached = move |attached: &Attached<'a>| if side == 0 { attached.before } else { attached.after };
        here.filter(move |(_, attached)| is_attached(attached)).map(|((policy, _), attached)| (policy, *attached))
    }

    fn of_policy(&self, policy: &Address, side: usize, changes: &[&'a Address]) -> Vec<Provider<'a>> {
        let Some([before, after]) = self.says.get(policy) else { return Vec::new() };
        let (here, there) = if side == 0 { (before, after) } else { (after, before) };
        let provider = |denial: &Id| {
            let is_kept = there.iter().flat_map(|says| &says.denials).any(|other| self.covers(*other, *denial));
            let rewritten = self.rewritten.get(policy).copied().filter(|_| !is_kept);
            Provider { denial: *denial, list: None, changes: changes.iter().copied().chain(rewritten).collect() }
        };
        here.iter().flat_map(|says| &says.denials).map(provider).collect()
    }

    /// What a list of what is allowed at `target` denies. It ends when more is allowed there, and starts when less is.
    fn of_list(&self, target: &Address, side: usize, moved: Option<&'a Address>) -> Option<Provider<'a>> {
        let allowed = self.allowed(target, side)?;
        let denial = self.id(DenyScope::of_all_but(&allowed)?);
        let full = full_access();
        let attachments = self.attachments.iter().filter(|((policy, at), _)| at == target && policy.is_scp());
        let widening = attachments.flat_map(|((policy, _), attached)| {
            let says = self.says.get(policy);
            let says = |side: usize| says.and_then(|says| says[side].as_ref()).map_or(&[][..], |says| &says.allows);
            let allows_more = |one: &[String], other: &[String]| one.iter().any(|action| !other.contains(action));
            let is_full = *policy == full;
            // Seen from before, what comes allows more; seen from after, so does what goes.
            let comes = if side == 0 { !attached.before } else { !attached.after };
            let attaches = attached.change.filter(|_| comes && (is_full || !says(1 - side).is_empty()));
            let rewrites = self.rewritten.get(policy).copied().filter(|_| allows_more(says(1 - side), says(side)));
            attaches.into_iter().chain(rewrites)
        });
        Some(Provider { denial, list: Some(target.clone()), changes: moved.into_iter().chain(widening).collect() })
    }

    /// The actions that are allowed at `target`, where not everything is.
    fn allowed(&self, target: &Address, side: usize) -> Option<Vec<String>> {
        let attached = self.attached_to(target, side).map(|(policy, _)| policy);
        let policies: Vec<&Address> = attached.filter(|policy| policy.is_scp()).collect();
        let says = policies.iter().filter_map(|policy| self.says.get(*policy)?[side].as_ref());
        let allowed: Vec<String> = says.flat_map(|says| says.allows.iter().cloned()).collect();
        let full = full_access();
        let is_full = policies.iter().any(|policy| **policy == full);
        // Where nothing of the blueprint's allows anything, FullAWSAccess does, unless it is known to be missing.
        (!is_full && (self.lacks_full_access(target) || !allowed.is_empty())).then_some(allowed)
    }

    /// Whether FullAWSAccess is known to be missing on `target` before or after.
    fn lacks_full_access(&self, target: &Address) -> bool {
        let goes = |wanted: &Wanted| wanted.presence == Presence::Absent;
        self.observed.without_full_access.contains(target)
            || self.desired.get(&full_access().at(target)).is_some_and(goes)
    }

    fn handovers(&self, sides: &Sides<'a>) -> Vec<Handover<'a>> {
        let before = self.providers(sides, 0);
        let after = self.providers(sides, 1);
        let mut settled: BTreeSet<(Id, Id)> = BTreeSet::new();
        let mut handovers = Vec::new();
        for ending in before.iter().filter(|it| !it.changes.is_empty()) {
            for starting in after.iter().filter(|it| !it.changes.is_empty()) {
                let pair = (ending.denial, starting.denial);
                let same_list = ending.list.is_some() && ending.list == starting.list;
                // A list that becomes another one never allows more than both together.
                if !same_list && settled.insert(pair) && self.compare(pair.0, pair.1).1 {
                    handovers.extend(self.handover(pair, &before, &after));
                }
            }
        }
        handovers
    }

    /// How what both denials of a pair match stays denied, by any two providers that cover it. `None` where it does anyway.
    fn handover(&self, pair: (Id, Id), before: &[Provider<'a>], after: &[Provider<'a>]) -> Option<Handover<'a>> {
        let covering = |it: &&Provider<'a>| self.covers(it.denial, pair.0) || self.covers(it.denial, pair.1);
        let ending: Vec<&Provider<'a>> = before.iter().filter(covering).collect();
        let starting: Vec<&Provider<'a>> = after.iter().filter(covering).collect();
        let ways = ending.iter().flat_map(|ending| starting.iter().map(move |starting| edges(ending, starting)));
        let ways: Vec<Vec<Edge<'a>>> = ways.collect();
        let is_certain = self.covers(pair.0, pair.1) || self.covers(pair.1, pair.0);
        (!ways.iter().any(Vec::is_empty)).then_some(Handover { ways, is_certain })
    }
}

/// What ends a denial, and what starts the one that takes over.
type Edge<'a> = (&'a Address, &'a Address);

/// What must come before what, so that either provider denies at any time; nothing where one does all the while.
fn edges<'a>(ending: &Provider<'a>, starting: &Provider<'a>) -> Vec<Edge<'a>> {
    let each = ending.changes.iter().flat_map(|end| starting.changes.iter().map(move |start| (*end, *start)));
    each.filter(|(end, start)| end != start).collect()
}

/// Whether an account goes to another unit.
pub(super) fn is_move(change: &Change) -> bool {
    change.is_a(Role::Account) && change.action != Action::Create && change.field("parent").is_some()
}
