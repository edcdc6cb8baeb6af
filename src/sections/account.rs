use landing_blueprint::{Diagnostic, Entries, Place, Spanned};
use schemars::JsonSchema;
use serde::Deserialize;

use super::enabled::Enabled;
use super::guardrail::{self, GuardrailUse};
use super::policy_use::{self, PolicyUse};
use crate::declaration::Declaration;
use crate::declaration::email::email_of;
use crate::declaration::name_or::NameOr;
use crate::declaration::state::Switch;
use crate::declaration::trust::trust_account_management;
use crate::declaration::{aws_names, tags};
use crate::kinds::resource::{Account, Resource};
use crate::kinds::section::alternate_contact;
use crate::kinds::section::alternate_contact::Contacts;
use crate::kinds::section::attachment::FullAccess;
use crate::model::{Address, DEFAULT_ACCESS_ROLE, Tags, Wanted, no_fields, slug};

/// The longest name that an account may have, and the longest key. A new one may have 50 characters, which only a plan can
/// hold it to: it knows which account is new.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html>
const MAX_NAME: usize = 128;
/// AWS's limits.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html>
const EMAIL_LENGTHS: std::ops::RangeInclusive<usize> = 6..=64;

/// An account: what it is called, or a map with more to say.
pub(super) type AccountEntry = NameOr<AccountSection>;

/// What can be said of an account.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Account", extend("x-form" = "allow-list"))]
pub(super) struct AccountSection {
    /// The name that AWS has for the account. A new account takes 1 to 50 printable ASCII characters.
    #[schemars(extend("x-form" = "account-name"))]
    name: Spanned<String>,
    /// What this blueprint calls the account, in addresses and wherever it is referred to, where that is not its name: two
    /// accounts may have one name.
    #[serde(default)]
    #[schemars(extend("x-form" = "account-name"))]
    key: Option<Spanned<String>>,
    /// Its email, by which it is known: no two accounts share one. `organization.account_email` gives it otherwise.
    #[serde(default)]
    #[schemars(extend("x-form" = "email"))]
    email: Option<Spanned<String>>,
    /// What the account was called in this blueprint: its earlier key, or its name where it had none.
    #[serde(default)]
    was: Option<Spanned<String>>,
    /// The id of an existing account that is invited instead of making one.
    #[serde(default)]
    #[schemars(extend("x-form" = "account-id"))]
    invite: Option<Spanned<String>>,
    /// `closed` closes the account, which no one can undo after 90 days.
    #[serde(default)]
    state: AccountState,
    /// Its tags, the only ones but those that `ignore_tags` leaves to others.
    #[serde(default)]
    #[schemars(extend("x-form" = "tags"))]
    tags: Entries<Spanned<String>>,
    /// Guardrails for the account: by name, by set or by level.
    #[serde(default)]
    #[schemars(extend("x-form" = "guardrails"))]
    guardrails: Vec<GuardrailUse>,
    /// Policies attached to the account itself.
    #[serde(default)]
    #[schemars(extend("x-form" = "attached-policies"))]
    policies: Vec<PolicyUse>,
    /// Whether AWS's FullAWSAccess is attached to the account. false detaches it: only what attached policies allow is allowed
    /// then. true attaches it where it is missing. Unless given, it stays as it is.
    #[serde(default)]
    full_aws_access: Option<Spanned<bool>>,
    /// true beside `full_aws_access: false`: no attached policy allows anything, on purpose, as in a unit for suspended accounts.
    #[serde(default)]
    allows_nothing: Option<Spanned<bool>>,
    /// Alternate contacts.
    #[serde(default)]
    contacts: Contacts,
    /// Regions that the account opts in to.
    #[serde(default)]
    #[schemars(extend("x-form" = "region"))]
    opt_in_regions: Vec<Switch>,
    /// The role by which it is entered, where that is not the organization's.
    #[serde(default)]
    access_role: Option<Spanned<String>>,
    /// Whether its IAM users may see bills; only new accounts take it.
    #[serde(default)]
    iam_user_access_to_billing: Option<bool>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum AccountState {
    /// It stays open.
    #[default]
    Open,
    /// It is closed, with `--allow-destroy` only. AWS support can reopen it for 90 days.
    Closed,
}

impl AccountSection {
    /// What the blueprint calls the account.
    fn key(&self) -> &Spanned<String> {
        self.key.as_ref().unwrap_or(&self.name)
    }
}

/// What the blueprint calls the account.
pub(super) fn key(entry: &AccountEntry) -> &Spanned<String> {
    match entry {
        NameOr::Name(name) => name,
        NameOr::Map(section) => section.key(),
    }
}

/// What is enabled for the account itself, where it says anything.
pub(super) fn enabled(entry: &AccountEntry) -> Option<Enabled<'_>> {
    match entry {
        NameOr::Name(_) => None,
        NameOr::Map(it) => Some(Enabled { guardrails: &it.guardrails, policies: &it.policies }),
    }
}

/// Enables the guardrails of one account, unless it is to be closed.
pub(super) fn declare_guardrails(entry: &AccountEntry, declaration: &mut Declaration) {
    if let NameOr::Map(section) = entry
        && section.state == AccountState::Open
    {
        guardrail::declare_uses(&Address::account(section.key()), &section.guardrails, declaration);
    }
}

/// What accounts have that do not say otherwise, by where they are.
pub(super) struct Inherited<'a> {
    /// Alternate contacts.
    pub contacts: &'a Contacts,
    /// Tags, those of nearer units over those of outer ones.
    pub tags: Tags,
}

impl Inherited<'_> {
    /// The same further down, where accounts have these tags.
    pub fn with(&self, account_tags: &Entries<Spanned<String>>, declaration: &mut Declaration) -> Self {
        tags::check(account_tags, declaration);
        let mut tags = self.tags.clone();
        tags.extend(tags::plain(account_tags));
        Inherited { contacts: self.contacts, tags }
    }
}

/// Wants one account in `parent`, and what hangs on it.
pub(super) fn declare(
    entry: &AccountEntry,
    parent: &Address,
    inherited: &Inherited<'_>,
    declaration: &mut Declaration,
) {
    let only_named;
    let section = match entry {
        NameOr::Map(section) => &section.value,
        NameOr::Name(name) => {
            only_named = AccountSection { name: name.clone(), ..AccountSection::default() };
            &only_named
        }
    };
    let key = section.key();
    let address = Address::account(key);
    check_name("name", &section.name, declaration);
    if section.key.is_some() {
        check_name("key", key, declaration);
    }
    let email = email(section, declaration);
    check_email(section, &email, declaration);
    let account = resource(section, email, &inherited.tags, declaration);
    let above = if *parent == Address::root() { Address::organization() } else { parent.clone() };
    let mut wanted = account
        .wanted(address.clone())
        .under(parent.clone())
        .needing([above])
        .present(section.state == AccountState::Open);
    if let Some(was) = &section.was {
        wanted.was.push(Address::account(was));
        // Without a key it is AWS's name that changes. With one only a plan knows whether it does.
        if section.key.is_none() {
            wanted.needs.push(trust_account_management(was.place, declaration));
        }
    }
    declaration.want(wanted, key.place);
    if section.state == AccountState::Closed {
        return;
    }
    let (attached, allows_nothing) = (section.full_aws_access.as_ref(), section.allows_nothing.as_ref());
    policy_use::declare_uses(&address, &section.policies, FullAccess { attached, allows_nothing }, declaration);
    alternate_contact::declare(&address, &section.contacts, inherited.contacts, declaration);
    declare_regions(&address, section, declaration);
}

fn resource(section: &AccountSection, email: String, inherited: &Tags, declaration: &mut Declaration) -> Account {
    let tags = tags::of_account(&section.tags, inherited, section.key().place, declaration);
    if let Some(id) = &section.invite {
        check_id(id, declaration);
    }
    let role = section.access_role.as_ref().map_or(&declaration.desired.settings.access_role, |role| &role.value);
    let billing = section.iam_user_access_to_billing.or(declaration.defaults.iam_user_access_to_billing);
    Account {
        name: section.name.value.clone(),
        email,
        tags,
        invite: section.invite.as_ref().map(|id| id.value.clone()),
        access_role: Some(role).filter(|role| *role != DEFAULT_ACCESS_ROLE).cloned(),
        iam_user_access_to_billing: billing.map(|allowed| if allowed { "ALLOW" } else { "DENY" }.to_owned()),
    }
}

fn declare_regions(account: &Address, section: &AccountSection, declaration: &mut Declaration) {
    let own: Vec<&str> = section.opt_in_regions.iter().map(|switch| switch.name().value.as_str()).collect();
    let defaults = declaration.defaults.opt_in_regions.clone();
    let others = defaults.iter().filter(|switch| !own.contains(&switch.name().value.as_str()));
    for switch in &section.opt_in_regions {
        aws_names::check_opt_in(switch.name(), switch.is_on(), declaration);
    }
    for switch in section.opt_in_regions.iter().chain(others) {
        let trusted = trust_account_management(switch.name().place, declaration);
        let address = Address::new("region", [&account.name(), &switch.name().value]);
        let wanted = Wanted::new("region", address, no_fields())
            .under(account.clone())
            .needing([account.clone(), trusted])
            .present(switch.is_on());
        declaration.want(wanted, switch.name().place);
    }
}

/// The account's own email, or one made from what it is called. An invited account has the one that it has.
fn email(section: &AccountSection, declaration: &mut Declaration) -> String {
    if let Some(email) = &section.email {
        return email.value.clone();
    }
    match &declaration.defaults.account_email {
        Some(pattern) if pattern.contains("{name}") && slug(section.key()).is_empty() => {
            let message = format!("`{}` gives `{{name}}` in `account_email` no letter or digit", section.key().value);
            let help = "write `email:` here, or a `key:` of ASCII letters";
            declaration.mistake("missing", section.key().place, message, help);
            String::new()
        }
        Some(pattern) => email_of(pattern, section.key()),
        None if section.invite.is_some() => String::new(),
        None => {
            let help = "write `email:` here, or `account_email: \"aws+{name}@example.com\"` under `organization`";
            let message = format!("the account {} has no email", section.key().value);
            declaration.mistake("missing", section.key().place, message, help);
            String::new()
        }
    }
}

/// AWS lists accounts of any name: anyone who owns one may have given it a name that CreateAccount takes no more.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html>
fn check_name(what: &str, name: &Spanned<String>, declaration: &mut Declaration) {
    let length = name.chars().count();
    if length == 0 || length > MAX_NAME {
        let message = format!("the account's {what} has {length} characters, and 1 to {MAX_NAME} are possible");
        declaration.mistake("too-long", name.place, message, format!("write another {what}"));
    }
    if let Some(bad) = name.chars().find(|c| c.is_control()) {
        let message = format!("the account's {what} has the control character {bad:?}");
        declaration.mistake("name", name.place, message, format!("write the {what} without it"));
    }
}

fn check_email(section: &AccountSection, email: &str, declaration: &mut Declaration) {
    if email.is_empty() {
        return;
    }
    let place = section.email.as_ref().map_or(section.key().place, |email| email.place);
    let well_formed = match email.split_once('@') {
        Some((local, domain)) => {
            !local.is_empty()
                && domain.contains('.')
                && !domain.starts_with('.')
                && !domain.ends_with('.')
                && !domain.contains('@')
                && email.chars().all(|c| c.is_ascii_graphic())
        }
        None => false,
    };
    let length = email.chars().count();
    if !well_formed {
        let message = format!("`{email}` is not an email");
        declaration.mistake("email", place, message, "write one like aws+name@example.com");
    } else if !EMAIL_LENGTHS.contains(&length) {
        let message = format!("the email `{email}` has {length} characters, AWS takes 6 to 64");
        declaration.mistake("too-long", place, message, "give the account a shorter `email:`");
    }
    check_double_email(section, email, place, declaration);
}

fn check_double_email(section: &AccountSection, email: &str, place: Place, declaration: &mut Declaration) {
    let address = Address::account(section.key());
    let first = declaration.emails.entry(email.to_ascii_lowercase()).or_insert_with(|| address.clone()).clone();
    if first == address {
        return;
    }
    let written = declaration.places.get(&first).copied().unwrap_or(place);
    declaration.diagnostics.push(
        Diagnostic::error("duplicate", format!("{first} has the email `{email}` too"))
            .at(place)
            .also(written, "first here")
            .help("AWS knows accounts by their email: give one of them another"),
    );
}

fn check_id(id: &Spanned<String>, declaration: &mut Declaration) {
    if id.len() != 12 || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        let message = format!("`{}` is not an account id", id.value);
        declaration.mistake("account-id", id.place, message, "write its 12 digits");
    }
}

#[cfg(test)]
mod tests;
