use std::collections::{BTreeMap, BTreeSet};

use super::super::read::{Groups, ProvisionedTo};
use super::deleted::Deleted;
use super::read::{self, Principal};
use super::resource::Assignment;
use super::rules::{self, Ruled};
use super::ways::{Way, fewest_calls};
use super::write;
use crate::facts::Look;
use crate::kinds::shared::identity_center::Center;
use crate::kinds::shared::resource::Resource;
use crate::model::{Address, Desired, Found, Observed, Owner, Undetected, Until};

/// A look for the assignments of the permission sets that are the blueprint's.
pub(super) struct Search<'a> {
    pub desired: &'a Desired,
    pub look: &'a Look<'a>,
    pub center: &'a Center,
    pub ruled: &'a BTreeMap<Address, Ruled<'a>>,
    pub ended: &'a BTreeMap<Address, Until>,
}

/// AWS's id of a permission set, and of an account that it is assigned in; or `GROUP` or `USER`, and an id of the directory.
type Held = (String, String);

/// Permission sets by their ARN.
type Sets = BTreeMap<String, Address>;

/// Groups and users, with their ids in the directory.
type Principals = BTreeMap<Address, String>;

impl Search<'_> {
    /// Asks in the way that takes fewer calls: for what the principals of the blueprint have, and then for everyone else who has its
    /// sets, where a set is in an account that none of those explains; or for everyone in each account that a set is in. A deep
    /// look asks in both ways.
    pub fn find_all(&self, observed: &mut Observed) {
        let sets = self.sets(observed);
        if sets.is_empty() {
            return;
        }
        let principals = self.principals(observed);
        let are_known = self.are_principals_known();
        let way = self.way(&principals);
        let are_principals_asked = way == Way::Principals || self.desired.settings.sees_everything();
        // While it is not known what principals have, it is not known which pairs they leave unexplained.
        let explained = match are_principals_asked {
            true => self.find_held(observed, &sets, &principals).filter(|_| are_known),
            false => Some(BTreeSet::new()),
        };
        let mut deleted = Deleted::default();
        let ruled = if way == Way::Pairs { self.ruled_accounts(observed) } else { BTreeMap::new() };
        let none = BTreeSet::new();
        for (arn, set) in &sets {
            let ruled = ruled.get(set).unwrap_or(&none);
            let explained = explained.as_ref();
            let pairs = Pairs { arn, set, way, ruled, explained, are_known, principals: &principals };
            match is_control_towers(observed, set) {
                false => self.find_in_accounts(observed, &pairs, &mut deleted),
                true if way == Way::Pairs => self.find_of_control_tower(observed, &pairs),
                true => {}
            }
        }
        observed.findings.notes.extend(deleted.notes());
    }

    /// A survey asks by principal: no blueprint says how many assignments there are. Of recorded facts, the way is taken that
    /// they answer.
    fn way(&self, principals: &Principals) -> Way {
        let is_answered = |(principal, id): (&Address, &String)| self.look.knows(&self.assignments_of(principal, id));
        match self.desired.settings.surveys {
            true => Way::Principals,
            false if self.look.is_recorded() && !principals.iter().all(is_answered) => Way::Pairs,
            false => fewest_calls(self.desired, self.ruled),
        }
    }

    /// Whether the ids of all groups and of the users that the blueprint names are known, as far as they are there. Before, nothing
    /// is explained by them, and who has an id may be one of them.
    fn are_principals_known(&self) -> bool {
        let store = || self.center.store.clone();
        let mut users = rules::principals(self.desired).filter(|principal| principal.prefix() == "user");
        let is_known = |user: &Address| self.look.at(read::UserNamed { store: store(), name: user.name() }).is_some();
        self.look.at(Groups(store())).is_some() && users.all(is_known)
    }

    /// Whether everyone who has a set is asked for in each of its accounts, whatever principals have.
    fn is_read_in_pairs(&self, observed: &Observed, set: &Address) -> bool {
        !is_control_towers(observed, set) && (self.desired.settings.deep || self.is_adopted(observed, set))
    }

    /// Adds what the principals have. Gives the pairs that this explains, or nothing while some of it is not known.
    fn find_held(&self, observed: &mut Observed, sets: &Sets, principals: &Principals) -> Option<BTreeSet<Held>> {
        let mut explained: BTreeSet<Held> = BTreeSet::new();
        let mut is_complete = true;
        for (principal, id) in principals {
            let Some(held) = self.look.at(self.assignments_of(principal, id)) else {
                is_complete = false;
                continue;
            };
            for (set, account) in held.iter().filter(|(set, _)| sets.contains_key(set)) {
                explained.insert((set.clone(), account.clone()));
                self.add(observed, &sets[set], principal, id, account);
            }
        }
        is_complete.then_some(explained)
    }

    fn assignments_of(&self, principal: &Address, id: &str) -> read::AssignmentsOf {
        let (instance, principal_type) = (self.center.instance.clone(), write::principal_type(principal));
        read::AssignmentsOf { instance, principal_type, principal: id.to_owned() }
    }

    /// Asks for everyone who has a set, in those of its accounts where that is to be known. Nothing is managed in an account that
    /// is closed or has left.
    fn find_in_accounts(&self, observed: &mut Observed, pairs: &Pairs<'_>, deleted: &mut Deleted) {
        let question = ProvisionedTo { id: self.center.set(pairs.arn), outdated: false };
        let Some(provisioned) = self.look.at(question) else { return };
        let accounts: BTreeSet<&str> = provisioned.iter().chain(pairs.ruled).map(String::as_str).collect();
        let is_whole = pairs.way == Way::Pairs || self.is_read_in_pairs(observed, pairs.set);
        for account in accounts {
            match pairs.explains(account) {
                _ if !is_open(observed, account) => {}
                _ if is_whole => self.find_everyone(observed, pairs, account, deleted),
                Some(false) => self.find_everyone(observed, pairs, account, deleted),
                Some(true) => observed.findings.deep_pairs += usize::from(!self.is_shared(pairs.set)),
                None => {}
            }
        }
    }

    /// The ids of the accounts in which rules give each set to a group or user.
    fn ruled_accounts(&self, observed: &Observed) -> BTreeMap<&Address, BTreeSet<String>> {
        let mut ruled: BTreeMap<&Address, BTreeSet<String>> = BTreeMap::new();
        for it in self.ruled.values() {
            let account = observed.bindings.id(&it.account).map(str::to_owned);
            ruled.entry(&it.rule.permission_set).or_default().extend(account);
        }
        ruled
    }

    /// Who else has a set of Control Tower's is its business: the set is looked for where the blueprint assigns it.
    fn find_of_control_tower(&self, observed: &mut Observed, pairs: &Pairs<'_>) {
        let question = ProvisionedTo { id: self.center.set(pairs.arn), outdated: false };
        let assigned = self.ruled.keys().chain(self.ended.keys()).filter_map(Address::assigned);
        let assigned: BTreeSet<Address> =
            assigned.filter(|(set, ..)| set == pairs.set).map(|(.., account)| account).collect();
        for account in self.look.at(question).into_iter().flatten() {
            if observed.bindings.address(account).is_some_and(|account| assigned.contains(account)) {
                self.find_ours(observed, pairs, account);
            }
        }
    }

    /// Adds what the blueprint's principals have of a set in an account.
    fn find_ours(&self, observed: &mut Observed, pairs: &Pairs<'_>, account: &str) {
        for (_, id) in self.look.at(self.assignments_in(pairs, account)).into_iter().flatten() {
            let principal = observed.bindings.address(id).cloned();
            if let Some(principal) = principal.filter(|principal| pairs.principals.contains_key(principal)) {
                self.add(observed, pairs.set, &principal, id, account);
            }
        }
    }

    fn assignments_in(&self, pairs: &Pairs<'_>, account: &str) -> read::AssignmentsIn {
        read::AssignmentsIn { id: self.center.set(pairs.arn), account: account.to_owned() }
    }

    /// Whatever others assign of a set that is adopted would go: the plan that adopts it shows all of that.
    fn is_adopted(&self, observed: &Observed, set: &Address) -> bool {
        let is_nobodys = observed.found.get(set).is_some_and(|found| found.owner == Owner::Unmanaged);
        is_nobodys && !self.is_shared(set) && self.desired.resources.contains_key(set)
    }

    fn is_shared(&self, set: &Address) -> bool {
        self.desired.settings.identity.as_ref().is_some_and(|identity| identity.shared.contains(set))
    }

    /// The permission sets that are the blueprint's or will be, by their ARN; all of them for a survey.
    fn sets(&self, observed: &Observed) -> Sets {
        let found = observed.found.values().filter(|found| found.kind == "permission-set");
        let ours = found.filter(|found| match found.owner {
            Owner::This { .. } => true,
            Owner::Unmanaged | Owner::ControlTower if self.desired.resources.contains_key(&found.address) => true,
            _ => self.desired.settings.surveys,
        });
        ours.map(|found| (found.id.clone(), found.address.clone())).collect()
    }

    /// The groups and users that the blueprint names or that are its own, with their ids; for a survey every group.
    fn principals(&self, observed: &Observed) -> Principals {
        let groups = observed.found.values().filter(|found| found.kind == "group").map(|found| &found.address);
        let every = observed.bindings.iter().map(|(address, _)| address);
        let every = every.filter(|it| self.desired.settings.surveys && it.prefix() == "group");
        let named = rules::principals(self.desired).chain(groups).chain(every);
        named.filter_map(|address| Some((address.clone(), observed.bindings.id(address)?.to_owned()))).collect()
    }

    /// Adds everyone who has a set in an account.
    fn find_everyone(&self, observed: &mut Observed, pairs: &Pairs<'_>, account: &str, deleted: &mut Deleted) {
        let set = pairs.set;
        let Some(everyone) = self.look.at(self.assignments_in(pairs, account)) else { return };
        observed.findings.deep_pairs += usize::from(self.is_read_by_a_deep_look_only(observed, pairs, everyone));
        for (kind, id) in everyone {
            let by_id = || Address::new(&kind.to_ascii_lowercase(), [id]);
            if let Some(known) = observed.bindings.address(id).cloned() {
                self.add(observed, set, &known, id, account);
                continue;
            }
            if !pairs.are_known {
                continue;
            }
            let (store, principal_type) = (self.center.store.clone(), kind.clone());
            match self.look.at(read::PrincipalWithId { store, principal_type, id: id.clone() }) {
                None => {}
                Some(Principal::Named(name)) => {
                    let principal = Address::new(&kind.to_ascii_lowercase(), [name]);
                    self.add(observed, set, &principal, id, account);
                }
                Some(Principal::Deleted) => self.add_deleted(observed, set, &by_id(), (id, account), deleted),
                Some(Principal::NotTold(why)) => self.add_untold(observed, set, &by_id(), (id, account), why),
            }
        }
    }

    /// Whether a look that is not deep would leave a pair out, since one of the blueprint's principals explains it.
    fn is_read_by_a_deep_look_only(&self, observed: &Observed, pairs: &Pairs<'_>, everyone: &[Held]) -> bool {
        let explains = |(_, id): &Held| {
            observed.bindings.address(id).is_some_and(|principal| pairs.principals.contains_key(principal))
        };
        self.desired.settings.deep
            && pairs.way == Way::Principals
            && !self.is_shared(pairs.set)
            && !self.is_adopted(observed, pairs.set)
            && everyone.iter().any(explains)
    }

    /// Adds one assignment, unless it is in an account that is closed or has left.
    fn add(&self, observed: &mut Observed, set: &Address, principal: &Address, id: &str, account: &str) {
        let Some((address, account)) = place(observed, set, principal, account) else { return };
        let ended = self.ended.get(&address).map(|until| format!("the blueprint assigned it until {until}"));
        let owner = match self.ruled.contains_key(&address) || ended.is_some() {
            false if is_control_towers(observed, set) => Owner::ControlTower,
            false if self.is_shared(set) => Owner::Unmanaged,
            _ => Owner::This { stale: None },
        };
        observed.add_unbound(found(address, [set, principal, &account], id, owner, ended));
    }

    /// Adds an assignment to a user or group that was deleted. AWS keeps it. It stays unless the blueprint says otherwise, or
    /// its permission set is to go.
    fn add_deleted(
        &self,
        observed: &mut Observed,
        set: &Address,
        principal: &Address,
        (id, account): (&str, &str),
        deleted: &mut Deleted,
    ) {
        let Some((address, account)) = place(observed, set, principal, account) else { return };
        let unassigns = self.desired.settings.identity.as_ref().is_some_and(|identity| identity.unassigns_deleted);
        let is_to_go = self.desired.get(set).is_none() && !self.desired.settings.surveys;
        let owner = if unassigns || is_to_go { Owner::This { stale: None } } else { Owner::Unmanaged };
        if owner == Owner::Unmanaged {
            deleted.note(&address, set, principal, &account);
        }
        let why = format!("its {} was deleted from the directory", principal.prefix());
        observed.add_unbound(found(address, [set, principal, &account], id, owner, Some(why)));
    }

    /// Adds an assignment of which it is not known whether its user or group was deleted: it stays.
    fn add_untold(
        &self,
        observed: &mut Observed,
        set: &Address,
        principal: &Address,
        (id, account): (&str, &str),
        why: &str,
    ) {
        let Some((address, account)) = place(observed, set, principal, account) else { return };
        let why = format!("who has it: {why}");
        observed.findings.undetected.push(Undetected { address: address.clone(), why });
        observed.add_unbound(found(address, [set, principal, &account], id, Owner::Unmanaged, None));
    }
}

/// A permission set whose accounts are asked for everyone who has it.
struct Pairs<'a> {
    arn: &'a str,
    set: &'a Address,
    way: Way,
    /// The ids of the accounts in which rules give the set to a group or user, where everyone is asked for by pairs.
    ruled: &'a BTreeSet<String>,
    /// The pairs that the blueprint's principals explain; none while that is not known.
    explained: Option<&'a BTreeSet<Held>>,
    /// Whether the ids of all groups and users are known that may be `principals`.
    are_known: bool,
    principals: &'a Principals,
}

impl Pairs<'_> {
    /// Whether the blueprint's principals explain that the set is in an account; nothing while that is not known.
    fn explains(&self, account: &str) -> Option<bool> {
        let pair = (self.arn.to_owned(), account.to_owned());
        self.explained.map(|explained| explained.contains(&pair))
    }
}

fn is_open(observed: &Observed, account: &str) -> bool {
    observed.bindings.address(account).is_some_and(|account| observed.has_open(account))
}

/// The address of an assignment and its account, unless that is closed or has left.
fn place(observed: &Observed, set: &Address, principal: &Address, account: &str) -> Option<(Address, Address)> {
    let account = observed.bindings.address(account).filter(|account| observed.has_open(account))?;
    Some((Address::assignment(set, principal, account), account.clone()))
}

/// An assignment of a permission set to a principal, with the id in the directory, in an account.
fn found(address: Address, of: [&Address; 3], id: &str, owner: Owner, unwanted: Option<String>) -> Found {
    Found {
        address,
        kind: Assignment::KIND.into(),
        id: id.to_owned(),
        owner,
        body: Assignment { unwanted }.body(),
        parent: Some(of[2].clone()),
        attached_to: of.map(Clone::clone).to_vec(),
    }
}

fn is_control_towers(observed: &Observed, set: &Address) -> bool {
    observed.found.get(set).is_some_and(|found| found.owner == Owner::ControlTower)
}
