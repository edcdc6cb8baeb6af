//! Settings that an account, or each region of it, has one of: what the blueprint's rules come to, and how each is looked for.

use std::collections::{BTreeMap, BTreeSet};

use crate::cloud::AccountAccess;
use crate::facts::{Look, Question};
use crate::kinds::read::Seen;
use crate::kinds::shared::fold::Fold;
use crate::kinds::shared::opt_in;
use crate::kinds::shared::places::Accounts;
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::site::{Purpose, Site, access, lost_access};
use crate::kinds::shared::survey::Survey;
use crate::model::{AccountRule, Address, Desired, Found, Observed, Wanted};
use crate::outline::{Entry, LeftOut, Map, Node, Outline};

/// Reports what is there of the settings of a kind that the blueprint's rules are about. `question` asks for the setting that the rule is about in the account that is entered so, in the region.
pub(in crate::kinds) fn recognize<R, Q>(
    desired: &Desired,
    look: &Look<'_>,
    observed: &mut Observed,
    question: impl Fn(&AccountRule, AccountAccess, String) -> Q,
) where
    R: Resource + 'static,
    Q: Question<Answer = Seen<Option<R>>>,
{
    let settings = settings(R::KIND, desired, observed);
    // Found once: there may be thousands of accounts, and as many opt-ins.
    let to_come = opt_in::to_come(desired, observed);
    let management = observed.bindings.id(&Address::management()).map(str::to_owned);
    for (address, Setting { rule, account }) in settings {
        let id = observed.bindings.id(&account).map(str::to_owned);
        let Some(id) = id.filter(|_| observed.has_open(&account)) else { continue };
        let region = rule.region.clone().unwrap_or_else(|| desired.settings.home_region.clone());
        if to_come.contains(&(id.clone(), region.clone())) {
            continue;
        }
        let access = access(desired, &account, &id, management.as_deref(), Purpose::Look);
        match look.at(question(rule, access, region.clone())) {
            None | Some(Seen::Open(None)) => {}
            Some(Seen::Closed(shut)) => lost_access(&Site { account, region }, shut, [address], observed),
            Some(Seen::Open(Some(setting))) => {
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

/// How a kind's settings are written.
pub(in crate::kinds) struct SettingFormat<R> {
    /// The key in an entry of `account_settings`.
    pub key: &'static str,
    /// The setting of an account as others may have it too.
    pub common: fn(R, &Address) -> R,
    /// What is said of one, in a region where it has one, for these accounts.
    pub value: fn(&R, Option<&str>, &BTreeSet<Address>) -> Node,
}

/// Writes the settings of a kind, each with the accounts that have it.
pub(in crate::kinds) fn outline<R: Resource>(survey: &Survey<'_>, outline: &mut Outline, said: &SettingFormat<R>) {
    name_what_is_not_known::<R>(survey, outline);
    let fold = Fold::of(survey);
    for ((body, region), accounts) in alike(survey, outline, said) {
        let Some(setting) = serde_json::from_str(&body).ok().and_then(|body| R::of(&body)) else { continue };
        let places = fold.places(&accounts, &BTreeSet::new());
        let targets: Vec<String> = places.iter().filter_map(|place| place.written(&fold, outline)).flatten().collect();
        if targets.is_empty() {
            continue;
        }
        let value = (said.value)(&setting, region.as_deref(), &accounts);
        let entry: Map = [("in", Node::texts(targets)), (said.key, value)].into_iter().collect();
        outline.account_settings.items.push(Entry::new("", entry.in_one_line()).saying(fold.comment(&places)));
    }
}

/// The settings that were found, each by its fields and region, with the accounts that have it.
type EqualSettings = BTreeMap<(String, Option<String>), BTreeSet<Address>>;

fn alike<R: Resource>(survey: &Survey<'_>, outline: &mut Outline, said: &SettingFormat<R>) -> EqualSettings {
    let mut alike = EqualSettings::new();
    for found in survey.of(R::KIND, outline) {
        let (Some(account), Some(setting)) = (&found.parent, R::of(&found.body)) else { continue };
        let region = found.address.parts().into_iter().nth(1);
        let body = serde_json::to_string(&(said.common)(setting, account).body()).unwrap_or_default();
        alike.entry((body, region)).or_default().insert(account.clone());
    }
    alike
}

/// What could not be looked at.
fn name_what_is_not_known<R: Resource>(survey: &Survey<'_>, outline: &mut Outline) {
    let waiting = survey.observed.waiting.iter().filter(|address| address.prefix() == R::KIND);
    for address in waiting {
        let account = address.parts().into_iter().next().map(|name| Address::account(&name));
        let manual = survey.observed.findings.manual.iter().find(|manual| manual.address == account);
        let why = manual.map_or_else(|| "the account cannot be entered".to_owned(), |manual| manual.what.clone());
        outline.leave_out(address.clone(), LeftOut::not_known(why, "let landing into the account, then import again"));
    }
}
