use std::collections::BTreeMap;

use super::claim::{Named, Subject};
use crate::model::{Address, Found, Observed};

/// What was found of the live organization, by what files call it.
pub(super) struct Live<'a> {
    pub observed: &'a Observed,
    ids: BTreeMap<&'a str, &'a Address>,
}

impl<'a> Live<'a> {
    pub fn new(observed: &'a Observed) -> Live<'a> {
        let bound = observed.bindings.iter().map(|(address, id)| (id, address));
        // The management account is `management` too; what it is called in a tree decides.
        let found = observed.found.values().map(|found| (found.id.as_str(), &found.address));
        let ids = bound.chain(found.filter(|(_, address)| address.split_target().is_none())).collect();
        Live { observed, ids }
    }

    /// What a file means. `None` where there is no such resource.
    pub fn resolve(&self, subject: &Subject) -> Option<Address> {
        match subject {
            Subject::Organization(id) => {
                let live = self.observed.bindings.id(&Address::organization());
                id.as_deref().is_none_or(|id| live == Some(id)).then(Address::organization)
            }
            Subject::Root => Some(Address::root()),
            Subject::Management => {
                self.observed.bindings.id(&Address::management()).and_then(|id| self.by_id(id, Address::is_account))
            }
            Subject::Account(named) => self.account(named),
            Subject::Unit(named) => self.unit(named),
            Subject::Policy(of_type, named) => {
                let by_id = named.id.as_deref().and_then(|id| self.by_id(id, |_| true));
                let prefix = of_type.map(|it| it.address_prefix());
                let is_of_type = |found: &Found| prefix.is_none_or(|prefix| found.address.prefix() == prefix);
                by_id.or_else(|| self.called(named, |found| found.kind == "policy" && is_of_type(found)))
            }
            Subject::FullAccess(place) => self.resolve(place),
            Subject::Attachment(policy, place) => Some(self.resolve(policy)?.at(&self.resolve(place)?)),
            Subject::PermissionSet(named) => {
                let by_id = named.id.as_deref().and_then(|id| self.by_id(id, |_| true));
                by_id.or_else(|| Some(Address::new("permission-set", [named.name.first()?])))
            }
            Subject::Principal(kind, named) => {
                let by_id = named.id.as_deref().and_then(|id| self.by_id(id, |_| true));
                by_id.or_else(|| Some(Address::new(kind, [named.name.first()?])))
            }
            Subject::Assignment(set, principal, account) => {
                let (set, principal) = (self.resolve(set)?, self.resolve(principal)?);
                Some(Address::assignment(&set, &principal, &self.resolve(account)?))
            }
            Subject::Delegated(service, account) => {
                let account = self.resolve(account)?;
                Some(Address::new("delegated-administrator", [service.as_str(), account.name().as_str()]))
            }
            Subject::Contact(account, contact) => {
                let account = self.resolve(account)?;
                Some(Address::new("alternate-contact", [account.name().as_str(), contact.as_str()]))
            }
            Subject::Alias(account) => Some(Address::new("account-alias", [self.resolve(account)?.name()])),
            Subject::Of(_, address) => Some(Address::parse(address)),
        }
    }

    /// AWS's id of a resource.
    pub fn id(&self, address: &Address) -> Option<&str> {
        let found = self.observed.found.get(address).map(|found| found.id.as_str());
        self.observed.bindings.id(address).or(found)
    }

    /// What a resource is in.
    pub fn parent(&self, address: &Address) -> Option<&Address> {
        let found = self.observed.found.get(address).and_then(|found| found.parent.as_ref());
        self.observed.accounts.get(address).or(found)
    }

    fn by_id(&self, id: &str, fits: impl Fn(&Address) -> bool) -> Option<Address> {
        let bound = self.observed.bindings.address(id);
        bound.into_iter().chain(self.ids.get(id).copied()).find(|address| fits(address)).cloned()
    }

    fn account(&self, named: &Named) -> Option<Address> {
        let by_id = named.id.as_deref().and_then(|id| self.by_id(id, Address::is_account));
        by_id.or_else(|| self.of_email(named.email.as_deref()?)).or_else(|| {
            // An email that no account has is another account's, whatever that is called.
            let name = named.email.is_none().then_some(named)?;
            self.called(name, |found| found.kind == "account")
        })
    }

    /// Emails of accounts are unique, whatever letters they are written in.
    fn of_email(&self, email: &str) -> Option<Address> {
        let has = |found: &&Found| {
            found.body.get("email").and_then(|it| it.as_str()).is_some_and(|it| it.eq_ignore_ascii_case(email))
        };
        self.observed
            .found
            .values()
            .filter(|found| found.kind == "account")
            .find(has)
            .map(|found| found.address.clone())
    }

    fn unit(&self, named: &Named) -> Option<Address> {
        let by_id = named.id.as_deref().and_then(|id| self.by_id(id, Address::is_root_or_unit));
        let path = Address::unit(&named.name);
        by_id.or_else(|| Some(path).filter(|path| !named.name.is_empty() && self.observed.found.contains_key(path)))
    }

    /// The only resource of a name; where the letters' case decides, the one that has it.
    fn called(&self, named: &Named, fits: impl Fn(&Found) -> bool) -> Option<Address> {
        let name = named.name.last()?;
        let alike: Vec<(&str, &Address)> = self
            .observed
            .found
            .values()
            .filter(|found| fits(found))
            .filter_map(|found| Some((found.body.get("name")?.as_str()?, &found.address)))
            .filter(|(it, _)| it.eq_ignore_ascii_case(name))
            .collect();
        let mut same = alike.iter().filter(|(it, _)| it == name);
        match (same.next(), same.next(), alike.as_slice()) {
            (Some((_, address)), None, _) | (None, _, [(_, address)]) => Some((*address).clone()),
            _ => None,
        }
    }
}

impl Subject {
    /// The name of its kind.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Subject::Organization(_) => "organization",
            Subject::Root => "root",
            Subject::Management | Subject::Account(_) => "account",
            Subject::Unit(_) => "organizational-unit",
            Subject::Policy(..) => "policy",
            Subject::FullAccess(_) | Subject::Attachment(..) => "attachment",
            Subject::PermissionSet(_) => "permission-set",
            Subject::Principal(..) => "group",
            Subject::Assignment(..) => "assignment",
            Subject::Delegated(..) => "delegated-administrator",
            Subject::Contact(..) => "alternate-contact",
            Subject::Alias(_) => "account-alias",
            Subject::Of(kind, _) => kind,
        }
    }

    /// What it is called, as the file has it.
    pub(super) fn called(&self) -> String {
        match self {
            Subject::Organization(id) => format!("organization {}", id.as_deref().unwrap_or_default()),
            Subject::Root => "root".into(),
            Subject::Management => "the management account".into(),
            Subject::Account(named) => format!("account {}", named.called()),
            Subject::Unit(named) => format!("unit {}", named.called()),
            Subject::Policy(_, named) => format!("policy {}", named.called()),
            Subject::FullAccess(place) => format!("FullAWSAccess on {}", place.called()),
            Subject::Attachment(policy, place) => format!("{} on {}", policy.called(), place.called()),
            Subject::PermissionSet(named) => format!("permission set {}", named.called()),
            Subject::Principal(kind, named) => format!("{kind} {}", named.called()),
            Subject::Assignment(set, who, account) => {
                format!("{} of {} in {}", set.called(), who.called(), account.called())
            }
            Subject::Delegated(service, account) => format!("{} as administrator of {service}", account.called()),
            Subject::Contact(account, contact) => format!("contact {contact} of {}", account.called()),
            Subject::Alias(account) => format!("alias of {}", account.called()),
            Subject::Of(_, address) => address.clone(),
        }
    }
}

impl Named {
    fn called(&self) -> String {
        let name = Some(self.name.join("/")).filter(|name| !name.is_empty());
        name.or_else(|| self.email.clone()).or_else(|| self.id.clone()).unwrap_or_default()
    }
}
