use landing_blueprint::{Place, Spanned};
use schemars::JsonSchema;
use serde::Deserialize;

use super::resource::{self, NAME};
use crate::declaration::Declaration;
use crate::declaration::name_or::NameOr;
use crate::declaration::state::State;
use crate::declaration::targets::{self, Target};
use crate::model::{Address, Presence};

/// An account's alias: a text, or a map that says that there is to be none.
pub(crate) type AccountAlias = NameOr<NoAlias>;

/// `state: absent` deletes the alias that an account has.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NoAlias", extend("x-form" = "no-alias"))]
pub(crate) struct NoAlias {
    /// `absent` deletes the alias.
    state: State,
}

impl AccountAlias {
    /// How it is to be.
    pub(crate) fn resource(&self) -> resource::AccountAlias {
        match self {
            NameOr::Name(alias) => resource::AccountAlias { alias: alias.value.clone() },
            NameOr::Map(_) => resource::AccountAlias::default(),
        }
    }

    pub(crate) fn state(&self) -> State {
        match self {
            NameOr::Name(_) => State::Present,
            NameOr::Map(map) => map.state,
        }
    }

    /// Whether it can be the alias of the accounts of the blueprint at or below the target, as far as their names are known.
    pub(crate) fn check(&self, target: &Target, declaration: &mut Declaration) {
        match self {
            NameOr::Map(map) if map.state == State::Present => {
                let help = "write the alias as a text, such as `alias: \"acme-{name}\"`";
                declaration.mistake("missing", map.place, "this alias is empty", help);
            }
            NameOr::Map(_) => {}
            NameOr::Name(alias) => check_text(alias, &self.resource(), target, declaration),
        }
    }
}

fn check_text(text: &Spanned<String>, alias: &resource::AccountAlias, target: &Target, declaration: &mut Declaration) {
    if !text.contains(NAME) && !target.address.is_any_account() {
        let message = format!("every account of {} would have the alias `{}`", target.address, text.value);
        let help = "no two accounts of AWS have one alias: write `{name}` in it, or name one account under `in`";
        return declaration.mistake("alias", text.place, message, help);
    }
    // Each fault of the text itself is reported once, whatever the accounts are called.
    if let Some(fault) = alias.named("name").fault() {
        return refuse(text.place, &text.value, fault, declaration);
    }
    for account in accounts(target, declaration) {
        let named = alias.named(&account.name());
        if let Some(fault) = named.fault() {
            refuse(text.place, &format!("{}` of {account}: `{}", text.value, named.alias), fault, declaration);
        }
    }
}

fn refuse(place: Place, alias: &str, fault: &str, declaration: &mut Declaration) {
    let help =
        "write another text, or a `key` for the account: AWS takes 3 to 63 lower-case letters, digits and hyphens";
    declaration.mistake("alias", place, format!("`{alias}` cannot be an alias: {fault}"), help);
}

fn accounts(target: &Target, declaration: &Declaration) -> Vec<Address> {
    let is_open =
        |account: &Address| declaration.desired.get(account).is_some_and(|wanted| wanted.presence == Presence::Present);
    targets::accounts(target, declaration).0.into_iter().filter(is_open).collect()
}
