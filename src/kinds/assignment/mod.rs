use std::collections::{BTreeMap, BTreeSet};

use super::read::ProvisionedTo;
use super::{Cover, Kind, Pending, Step, Workshop, WriteError};
use crate::facts::Look;
use crate::kinds::shared::identity_center::Center;
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::Survey;
use crate::model::{
    Action, Address, Bindings, Body, Desired, FieldChange, Found, Manual, Nature, Observed, Owner, Risk, Undetected,
    Until, Wanted,
};
use crate::outline::Outline;
use deleted::Deleted;
use read::Principal;
use resource::Assignment;

mod deleted;
mod nature;
mod outline;
mod read;
mod resource;
mod rules;
mod write;

use rules::Ruled;

/// Who has which permission set in which account: `assignment/administrator/group/platform-team@account/audit`.
///
/// The blueprint gives rules; what they come to depends on the accounts that are there. The assignments of a permission
/// set are the blueprint's if the set is, all of them unless it says `exclusive: false`.
pub(super) struct Assignments;

impl Kind for Assignments {
    fn name(&self) -> &'static str {
        Assignment::KIND
    }

    fn nature(&self) -> &'static Nature {
        &nature::NATURE
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        if let Some(center) = Center::known(observed) {
            let (ruled, ended) = (rules::ruled(desired, observed), rules::ended(desired, observed));
            find_users(desired, look, observed, &center);
            Search { desired, look, center: &center, ruled: &ruled, ended: &ended }.find_all(observed);
            observed.findings.notes.extend(rules::ending(desired, observed));
        }
    }

    fn expand(&self, desired: &Desired, observed: &Observed) -> Vec<Wanted> {
        rules::expand(desired, observed)
    }

    fn judge(&self, action: Action, _fields: &[FieldChange], found: Option<&Found>) -> (Risk, String) {
        let unwanted = || Assignment::of(&found?.body)?.unwanted;
        match action {
            Action::Delete => {
                (Risk::Disruptive, unwanted().unwrap_or_else(|| "the blueprint does not assign it here".into()))
            }
            _ => (Risk::None, "it is not assigned here".into()),
        }
    }

    fn covers(&self, address: &Address, _body: &Body, _bindings: &Bindings) -> Option<Cover> {
        let (_, account) = address.hanging()?;
        Some(Cover::of(address.clone(), account))
    }

    fn outline(&self, survey: &Survey<'_>, outline: &mut Outline) {
        outline::outline(survey, outline);
    }

    fn write<'a>(&'a self, step: &'a Step, shop: &'a Workshop) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(write::write(step, shop))
    }

    fn reads(&self) -> &'static [&'static str] {
        &[
            "sso:ListAccountAssignments",
            "sso:ListAccountAssignmentsForPrincipal",
            "sso:ListAccountsForProvisionedPermissionSet",
            "identitystore:GetUserId",
            "identitystore:DescribeGroup",
            "identitystore:DescribeUser",
        ]
    }

    fn writes(&self) -> &'static [&'static str] {
        &[
            "sso:CreateAccountAssignment",
            "sso:DescribeAccountAssignmentCreationStatus",
            "sso:DeleteAccountAssignment",
            "sso:DescribeAccountAssignmentDeletionStatus",
            "organizations:DescribeAccount",
            // In the management account Identity Center makes its roles with the caller's own permissions.
            // https://docs.aws.amazon.com/singlesignon/latest/userguide/iam-auth-access-using-id-policies.html
            "iam:AttachRolePolicy",
            "iam:CreateRole",
            "iam:DeleteRole",
            "iam:DeleteRolePolicy",
            "iam:DetachRolePolicy",
            "iam:GetRole",
            "iam:GetSAMLProvider",
            "iam:ListAttachedRolePolicies",
            "iam:ListRolePolicies",
            "iam:PutRolePolicy",
            "iam:UpdateRole",
            "iam:UpdateRoleDescription",
            // The boundary of a permission set becomes that of its roles.
            "iam:DeleteRolePermissionsBoundary",
            "iam:PutRolePermissionsBoundary",
        ]
    }
}

/// Binds the users that the rules name. One that the directory does not have, a person must add.
fn find_users(desired: &Desired, look: &Look<'_>, observed: &mut Observed, center: &Center) {
    for user in rules::principals(desired).filter(|principal| principal.prefix() == "user") {
        let question = read::UserNamed { store: center.store.clone(), name: user.name() };
        match look.at(question) {
            Some(Some(id)) => observed.bindings.bind(user.clone(), id.clone()),
            Some(None) if observed.waiting.insert(user.clone()) => observed.findings.manual.push(Manual {
                address: Some(user.clone()),
                what: format!("Identity Center knows no user {}: add the user, or correct the name", user.name()),
                link: Some("https://docs.aws.amazon.com/singlesignon/latest/userguide/addusers.html".into()),
            }),
            _ => {}
        }
    }
}

/// A look for the assignments of the permission sets that are the blueprint's.
struct Search<'a> {
    desired: &'a Desired,
    look: &'a Look<'a>,
    center: &'a Center,
    ruled: &'a BTreeMap<Address, Ruled<'a>>,
    ended: &'a BTreeMap<Address, Until>,
}

/// AWS's id of a permission set, and of an account that it is assigned in.
type Held = (String, String);

impl Search<'_> {
    /// Asks for what the principals of the blueprint have, then for whoever else has its sets: where a set is in an
    /// account that none of those explains, or in every account for a deep look.
    fn find_all(&self, observed: &mut Observed) {
        let sets = self.sets(observed);
        if sets.is_empty() {
            return;
        }
        let mut explained: BTreeSet<Held> = BTreeSet::new();
        let mut is_complete = true;
        let mut deleted = Deleted::default();
        for (principal, id) in self.principals(observed) {
            let Some(held) = self.held_by(&principal, &id) else {
                is_complete = false;
                continue;
            };
            for (set, account) in held.iter().filter(|(set, _)| sets.contains_key(set)) {
                explained.insert((set.clone(), account.clone()));
                self.add(observed, &sets[set], &principal, &id, account);
            }
        }
        for (arn, set) in &sets {
            // Who else has a set of Control Tower's is its business.
            if is_control_towers(observed, set) {
                continue;
            }
            let question = ProvisionedTo { id: self.center.set(arn), outdated: false };
            let Some(accounts) = self.look.at(question) else { continue };
            // Whatever others assign of a set that is adopted would go: the plan that adopts it shows all of that.
            let is_adopted = self.is_adopted(observed, set);
            for account in accounts {
                let is_explained = explained.contains(&(arn.clone(), account.clone()));
                let is_unread = is_explained && !is_adopted;
                observed.findings.deep_pairs += usize::from(is_unread && self.is_exclusive_in(observed, set, account));
                if is_complete && (self.desired.settings.deep || !is_unread) {
                    self.find_others(observed, arn, set, account, &mut deleted);
                }
            }
        }
        observed.findings.notes.extend(deleted.notes());
    }

    /// Whether the blueprint alone says who has the set in this account.
    fn is_exclusive_in(&self, observed: &Observed, set: &Address, account: &str) -> bool {
        let is_open = observed.bindings.address(account).is_some_and(|account| observed.has_open(account));
        is_open && !self.is_shared(set)
    }

    fn is_adopted(&self, observed: &Observed, set: &Address) -> bool {
        let is_nobodys = observed.found.get(set).is_some_and(|found| found.owner == Owner::Nobody);
        is_nobodys && !self.is_shared(set) && self.desired.resources.contains_key(set)
    }

    fn is_shared(&self, set: &Address) -> bool {
        self.desired.settings.identity.as_ref().is_some_and(|identity| identity.shared.contains(set))
    }

    /// The permission sets that are the blueprint's or will be, by their ARN; all of them for a survey.
    fn sets(&self, observed: &Observed) -> BTreeMap<String, Address> {
        let found = observed.found.values().filter(|found| found.kind == "permission-set");
        let ours = found.filter(|found| match found.owner {
            Owner::This { .. } => true,
            Owner::Nobody | Owner::ControlTower if self.desired.resources.contains_key(&found.address) => true,
            _ => self.desired.settings.surveys,
        });
        ours.map(|found| (found.id.clone(), found.address.clone())).collect()
    }

    /// The groups and users that the blueprint names or that are its own, with their ids; for a survey every group.
    fn principals(&self, observed: &Observed) -> BTreeMap<Address, String> {
        let groups = observed.found.values().filter(|found| found.kind == "group").map(|found| &found.address);
        let every = observed.bindings.iter().map(|(address, _)| address);
        let every = every.filter(|it| self.desired.settings.surveys && it.prefix() == "group");
        let named = rules::principals(self.desired).chain(groups).chain(every);
        named.filter_map(|address| Some((address.clone(), observed.bindings.id(address)?.to_owned()))).collect()
    }

    fn held_by(&self, principal: &Address, id: &str) -> Option<&Vec<Held>> {
        let (instance, principal_type) = (self.center.instance.clone(), write::principal_type(principal));
        self.look.at(read::AssignmentsOf { instance, principal_type, principal: id.to_owned() })
    }

    fn find_others(&self, observed: &mut Observed, arn: &str, set: &Address, account: &str, deleted: &mut Deleted) {
        let question = read::AssignmentsIn { id: self.center.set(arn), account: account.to_owned() };
        for (kind, id) in self.look.at(question).into_iter().flatten() {
            let by_id = || Address::new(&kind.to_ascii_lowercase(), [id]);
            if let Some(known) = observed.bindings.address(id).cloned() {
                self.add(observed, set, &known, id, account);
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

    /// Adds one assignment, unless it is in an account that is closed or has left.
    fn add(&self, observed: &mut Observed, set: &Address, principal: &Address, id: &str, account: &str) {
        let Some((address, account)) = place(observed, set, principal, account) else { return };
        let ended = self.ended.get(&address).map(|until| format!("the blueprint assigned it until {until}"));
        let owner = match self.ruled.contains_key(&address) || ended.is_some() {
            false if is_control_towers(observed, set) => Owner::ControlTower,
            false if self.is_shared(set) => Owner::Nobody,
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
        let owner = if unassigns || is_to_go { Owner::This { stale: None } } else { Owner::Nobody };
        if owner == Owner::Nobody {
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
        observed.add_unbound(found(address, [set, principal, &account], id, Owner::Nobody, None));
    }
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
        hangs_on: of.map(Clone::clone).to_vec(),
    }
}

fn is_control_towers(observed: &Observed, set: &Address) -> bool {
    observed.found.get(set).is_some_and(|found| found.owner == Owner::ControlTower)
}
