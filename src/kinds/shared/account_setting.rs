//! Settings that an account, or each region of it, has one of: what the blueprint's rules come to, and how each is looked for.

use std::collections::BTreeMap;

use crate::cloud::Entrance;
use crate::facts::{Look, Question};
use crate::kinds::read::Seen;
use crate::kinds::shared::opt_in;
use crate::kinds::shared::places::Accounts;
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::site::{Purpose, Site, entrance, shut_out};
use crate::model::{AccountRule, Address, Desired, Found, Observed, Wanted};

/// Tells what is there of the settings of a kind that the blueprint's rules are about. `question` asks for the setting that the rule is about in the account that is entered so, in the region.
pub(in crate::kinds) fn recognize<R, Q>(
    desired: &Desired,
    look: &Look<'_>,
    observed: &mut Observed,
    question: impl Fn(&AccountRule, Entrance, String) -> Q,
) where
    R: Resource + 'static,
    Q: Question<Answer = Seen<Option<R>>>,
{
    let settings = settings(R::KIND, desired, observed);
    let management = observed.bindings.id(&Address::management()).map(str::to_owned);
    for (address, Setting { rule, account }) in settings {
        let id = observed.bindings.id(&account).map(str::to_owned);
        let Some(id) = id.filter(|_| observed.has_open(&account)) else { continue };
        let region = rule.region.clone().unwrap_or_else(|| desired.settings.home_region.clone());
        if opt_in::is_to_come(&id, &region, desired, observed) {
            continue;
        }
        let entrance = entrance(desired, &account, &id, management.as_deref(), Purpose::Look);
        match look.at(question(rule, entrance, region.clone())) {
            None | Some(Seen::There(None)) => {}
            Some(Seen::Closed(shut)) => shut_out(&Site { account, region }, shut, [address], observed),
            Some(Seen::There(Some(setting))) => {
                let id = address.name();
                observed.add_unbound(Found::shared(R::KIND, address, id, setting.body(), account));
            }
        }
    }
}

/// What the rules of a kind want, once the plan is done.
pub(in crate::kinds) fn expand<R: Resource>(desired: &Desired, observed: &Observed) -> Vec<Wanted> {
    let settings = settings(R::KIND, desired, observed);
    settings.into_iter().map(|(address, setting)| setting.wanted(address, desired)).collect()
}

struct Setting<'a> {
    rule: &'a AccountRule,
    account: Address,
}

/// What the rules of a kind come to, once the plan is done: the last for an account holds.
fn settings<'a>(kind: &str, desired: &'a Desired, observed: &Observed) -> BTreeMap<Address, Setting<'a>> {
    let mut settings = BTreeMap::new();
    let mut rules = desired.settings.account_rules.iter().filter(|rule| rule.kind == kind).peekable();
    if rules.peek().is_none() {
        return settings;
    }
    let accounts = Accounts::after(desired, observed);
    for rule in rules {
        for account in accounts.at(&rule.target, &rule.except) {
            let name = account.name();
            let address = Address::new(&rule.kind, [Some(&name), rule.region.as_ref()].into_iter().flatten());
            settings.insert(address, Setting { rule, account: account.clone() });
        }
    }
    settings
}

impl Setting<'_> {
    fn wanted(self, address: Address, desired: &Desired) -> Wanted {
        let Setting { rule, account } = self;
        let opted_in = rule.region.as_ref().map(|region| Address::new("region", [&account.name(), region]));
        let needs = opted_in.filter(|region| desired.get(region).is_some()).into_iter().chain([account.clone()]);
        Wanted {
            presence: rule.presence,
            source: rule.source.clone(),
            ..Wanted::new(&rule.kind, address, rule.body.clone()).under(account.clone()).needing(needs)
        }
    }
}
