use std::collections::{BTreeMap, BTreeSet};

use landing_blueprint::{Entries, Place, Spanned, did_you_mean};
use landing_cloudformation::{declared_parameters, parameter_text};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::declaration::Declaration;
use crate::declaration::target;
use crate::kinds::resource::{self, Values};
use crate::model::Address;

/// Other values of parameters for single accounts and regions, over `parameters`. The template declares them under `Parameters`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ParametersBy {
    /// By account, as `in` names it, or by one in a unit that `in` names. They go before those by region.
    accounts: Entries<Entries<Spanned<Value>>>,
    /// By region.
    #[schemars(extend("x-form" = "by-region"))]
    regions: Entries<Entries<Spanned<Value>>>,
}

/// What gets a stack.
pub(super) struct Reached<'a> {
    /// The stack's name.
    pub name: &'a str,
    /// The accounts that get a stack each.
    pub accounts: &'a [(Address, Place)],
    /// The units that get a stack set.
    pub units: &'a [(Address, Place)],
    /// The accounts of the units that get none.
    pub left_out: &'a BTreeSet<Address>,
    pub regions: &'a BTreeSet<String>,
    pub template: &'a Value,
}

impl ParametersBy {
    /// The values as CloudFormation takes them. What names an account or region that does not get the stack, or a parameter
    /// that it does not have, is a mistake.
    pub fn resolve(&self, reached: &Reached<'_>, declaration: &mut Declaration) -> resource::ParametersBy {
        let mut by = resource::ParametersBy::default();
        for (written, values) in &self.accounts {
            let account = reached.account(written, declaration);
            let values = reached.values(values, declaration);
            by.accounts.extend(account.map(|account| (account, values)));
        }
        for (region, values) in &self.regions {
            reached.check_region(region, declaration);
            by.regions.insert(region.value.clone(), reached.values(values, declaration));
        }
        by
    }
}

impl Reached<'_> {
    fn account(&self, written: &Spanned<String>, declaration: &mut Declaration) -> Option<Address> {
        let account = target::resolve(written, declaration)?;
        let parent = declaration.desired.get(&account).and_then(|wanted| wanted.parent.clone());
        let is_in_a_unit = || parent.is_some_and(|parent| self.units.iter().any(|(unit, _)| parent.is_below(unit)));
        let is_reached = self.accounts.iter().any(|(other, _)| *other == account)
            || is_in_a_unit() && !self.left_out.contains(&account);
        if account.is_any_account() && is_reached {
            return Some(account);
        }
        let (message, help) = match account.is_any_account() {
            true => (
                format!("{account} does not get the stack {}", self.name),
                "name it, or a unit that it is in, under the stack's `in`",
            ),
            false => (format!("{account} is no account"), "name accounts here: what holds for all is `parameters`"),
        };
        declaration.mistake("parameters-by", written.place, message, help);
        None
    }

    fn check_region(&self, region: &Spanned<String>, declaration: &mut Declaration) {
        if self.regions.contains(&region.value) {
            return;
        }
        let near = did_you_mean(region, self.regions.iter().map(String::as_str));
        let help = near.map_or_else(
            || "add it to the stack's `regions`, or remove it here".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        let message = format!("the stack {} is not for the region `{}`", self.name, region.value);
        declaration.mistake("parameters-by", region.place, message, help);
    }

    fn values(&self, values: &Entries<Spanned<Value>>, declaration: &mut Declaration) -> Values {
        let given = values.iter().map(|(name, value)| (name.value.clone(), self.value(name, value, declaration)));
        given.collect::<Vec<_>>().into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    fn value(&self, name: &Spanned<String>, value: &Spanned<Value>, declaration: &mut Declaration) -> Option<String> {
        let declared: BTreeMap<String, bool> =
            declared_parameters(self.template).into_iter().map(|it| (it.name, it.no_echo)).collect();
        let Some(no_echo) = declared.get(&name.value) else {
            let near =
                did_you_mean(name, declared.keys().map(String::as_str)).map(|near| format!("did you mean `{near}`?"));
            let help = near.unwrap_or_else(|| {
                "declare it under the template's `Parameters`: what fills places in the template's text is the same everywhere".into()
            });
            let message = format!("the template of the stack {} declares no parameter {}", self.name, name.value);
            declaration.mistake("parameters-by", name.place, message, help);
            return None;
        };
        let Some(text) = parameter_text(&value.value) else {
            let message = format!("the parameter {} is neither a text nor a list of texts", name.value);
            declaration.mistake(
                "parameters-by",
                value.place,
                message,
                "write a text, a number, true, false or a list of these",
            );
            return None;
        };
        if *no_echo && !text.starts_with("{{resolve:") {
            declaration.sources.hide(value.place, &text);
            let message = format!("the parameter {} is not echoed, and its value is written here", name.value);
            declaration.mistake(
                "secret",
                value.place,
                message,
                "write a reference such as {{resolve:secretsmanager:NAME}}",
            );
        }
        Some(text)
    }
}

#[cfg(test)]
mod tests;
