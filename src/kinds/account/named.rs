use std::collections::HashMap;

use super::read::Account as AccountFacts;
use super::resource::Account;
use crate::kinds::shared::resource::Resource;
use crate::model::{Desired, Refusal, Wanted};

/// The accounts of the blueprint by what an existing one is known by: its id where the blueprint gives it, its
/// email otherwise.
pub(super) struct Named<'a> {
    by_id: HashMap<String, &'a Wanted>,
    /// With the id that the blueprint gives it beside.
    by_email: HashMap<String, (&'a Wanted, Option<String>)>,
}

impl<'a> Named<'a> {
    pub fn new(desired: &'a Desired) -> Named<'a> {
        let (mut by_id, mut by_email) = (HashMap::new(), HashMap::new());
        for wanted in desired.of_kind(Account::KIND) {
            let Some(account) = Account::of(&wanted.body) else { continue };
            by_id.extend(account.invite.clone().map(|id| (id, wanted)));
            by_email.insert(account.email.to_lowercase(), (wanted, account.invite));
        }
        Named { by_id, by_email }
    }

    pub fn find(&self, account: &AccountFacts) -> Option<&'a Wanted> {
        self.by_id(account).or_else(|| Some(self.by_email(account)?.0))
    }

    fn by_id(&self, account: &AccountFacts) -> Option<&'a Wanted> {
        self.by_id.get(&account.id).copied()
    }

    fn by_email(&self, account: &AccountFacts) -> Option<&(&'a Wanted, Option<String>)> {
        self.by_email.get(&account.email.to_lowercase())
    }

    /// An account that is one of the blueprint's by its email and another by its id, or one of the blueprint's that two
    /// accounts are: the root user of a member may change its email.
    pub fn doubt(&self, account: &AccountFacts, accounts: &[AccountFacts]) -> Option<Refusal> {
        let (wanted, invited) = self.by_email(account)?;
        let invited = invited.as_ref().filter(|id| **id != account.id);
        let other = invited.filter(|id| accounts.iter().any(|account| account.id == **id));
        let message = match (self.by_id(account).filter(|it| it.address != wanted.address), other) {
            (Some(by_id), _) => {
                format!("account {} is {} by its id and {} by its email", account.id, by_id.address, wanted.address)
            }
            (None, Some(other)) => format!(
                "{} is account {other} by its id and account {} by its email {}",
                wanted.address, account.id, account.email
            ),
            _ => return None,
        };
        Some(Refusal {
            code: "claimed-twice".into(),
            address: Some(wanted.address.clone()),
            message,
            help: "correct `invite` or `email` in the blueprint, so that both name the same account".into(),
        })
    }
}

/// The id of an account that the blueprint invites instead of making it.
pub(super) fn invited(wanted: &Wanted) -> Option<String> {
    Account::of(&wanted.body)?.invite
}
