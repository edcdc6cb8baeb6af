//! The accounts of an organization as data, with the blueprint's names where there is one.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::plan::{PlanError, look_who_asks};
use crate::cloud::Cloud;
use crate::facts::{Facts, Look, read_until_complete};
use crate::kinds::read::{Account, Accounts, IdentityCenter};
use crate::kinds::{entered_by, name_of, observe};
use crate::model::{
    Access, AccessPortal, AccountListing, Address, DEFAULT_ACCESS_ROLE, Desired, ListedAccount, Observed, Owner,
    Presence, Role, body_tags,
};

/// How Control Tower is called as an owner.
const CONTROL_TOWER: &str = "AWS Control Tower";

/// Reads the accounts, and with `people` who may work in them.
///
/// # Errors
/// When AWS refuses a read, and when the caller is none that landing works for.
pub async fn look_at_accounts(
    cloud: &Arc<Cloud>,
    facts: &mut Facts,
    desired: &Desired,
    people: bool,
) -> Result<AccountListing, PlanError> {
    look_who_asks(cloud, facts).await?;
    let narrow = narrow(desired, people);
    let (observed, accounts, portal) = read_until_complete(cloud, facts, |look| {
        let observed = observe(&narrow, look);
        let accounts = accounts(&observed, look);
        (observed, accounts, people.then(|| portal(look)).flatten())
    })
    .await?;
    Ok(AccountListing {
        organization: observed.bindings.id(&Address::organization()).map(str::to_owned),
        accounts: listed(desired, &observed, &accounts),
        missing: missing(desired, &observed),
        access: access(&observed, &accounts),
        portal,
    })
}

/// No more of a blueprint than names units and accounts, so that nothing else is asked for. Without its name nothing is
/// looked for that it may have had.
fn narrow(desired: &Desired, people: bool) -> Desired {
    let mut narrow = Desired { resources: desired.resources.clone(), ..Desired::default() };
    let kept = [Role::Unit, Role::Account].map(name_of);
    narrow.resources.retain(|_, wanted| kept.contains(&wanted.kind.as_str()));
    narrow.settings.home_region.clone_from(&desired.settings.home_region);
    narrow.settings.access_role = DEFAULT_ACCESS_ROLE.into();
    narrow.settings.surveys = people;
    narrow
}

fn accounts(observed: &Observed, look: &Look<'_>) -> Vec<Account> {
    let is_there = observed.found.contains_key(&Address::organization());
    let accounts = is_there.then(|| look.at(Accounts)).flatten();
    accounts.cloned().unwrap_or_default()
}

fn portal(look: &Look<'_>) -> Option<AccessPortal> {
    let center = look.at(IdentityCenter)?.as_ref()?;
    Some(AccessPortal { directory: center.identity_store.clone(), region: center.region.clone() })
}

fn listed(desired: &Desired, observed: &Observed, accounts: &[Account]) -> Vec<ListedAccount> {
    let mut listed: Vec<ListedAccount> =
        accounts.iter().filter_map(|account| one(desired, observed, account)).collect();
    listed.sort_by(|a, b| (&a.key, &a.id).cmp(&(&b.key, &b.id)));
    listed
}

fn one(desired: &Desired, observed: &Observed, account: &Account) -> Option<ListedAccount> {
    let address = observed.bindings.address(&account.id)?;
    let management = observed.bindings.id(&Address::management()) == Some(account.id.as_str());
    let found = observed.get(address);
    let has_roles = !management && !desired.settings.access_role.is_empty();
    Some(ListedAccount {
        key: address.name(),
        name: account.name.clone(),
        id: account.id.clone(),
        email: account.email.clone(),
        path: path(observed.accounts.get(address)),
        status: account.state.clone(),
        management,
        owner: found.and_then(|found| owner(&found.owner)),
        access_role: has_roles.then(|| entered_by(desired, address)),
        tags: found.map(|found| body_tags(&found.body)).unwrap_or_default(),
    })
}

/// `Workloads/Dev` for `ou/Workloads/Dev`.
fn path(parent: Option<&Address>) -> String {
    let parent = parent.cloned().unwrap_or_else(Address::root);
    parent.as_str().split_once('/').map_or(parent.as_str(), |(_, path)| path).to_owned()
}

fn owner(owner: &Owner) -> Option<String> {
    match owner {
        Owner::Other(blueprint) => Some(blueprint.clone()),
        Owner::ControlTower => Some(CONTROL_TOWER.into()),
        Owner::Unmanaged | Owner::Shared | Owner::This { .. } => None,
    }
}

/// What the blueprint has and no one can use yet.
fn missing(desired: &Desired, observed: &Observed) -> Vec<String> {
    let wanted = desired.of(Address::is_account).filter(|wanted| wanted.presence == Presence::Present);
    let missing = wanted.filter(|wanted| !observed.accounts.contains_key(&wanted.address));
    missing.map(|wanted| wanted.address.name()).collect()
}

/// Who has which permission set in which account that is in use, by the assignments that there are.
fn access(observed: &Observed, accounts: &[Account]) -> Vec<Access> {
    let mut held: BTreeMap<(String, String), Access> = BTreeMap::new();
    for (set, principal, account) in observed.found.keys().filter_map(Address::assigned) {
        let id = observed.bindings.id(&account);
        if !accounts.iter().any(|it| Some(it.id.as_str()) == id && !it.is_closed()) {
            continue;
        }
        // The management account may be called by its role.
        let account = id.and_then(|id| observed.bindings.address(id)).unwrap_or(&account).name();
        let key = (account, set.name());
        let access = held.entry(key.clone()).or_insert_with(|| Access {
            account: key.0,
            permission_set: key.1,
            groups: Vec::new(),
            users: Vec::new(),
        });
        let is_group = principal.prefix() == Address::group("").prefix();
        let principals = if is_group { &mut access.groups } else { &mut access.users };
        principals.push(principal.name());
    }
    held.into_values().collect()
}
