//! Accounts, units and regions in which a guardrail does not hold although it is enabled above them.

use std::collections::BTreeSet;

use landing_blueprint::Place;
use landing_policy::PolicyType;
use serde_json::{Map, Value, json};

use super::enable::Enabled;
use crate::declaration::Declaration;
use crate::declaration::except::Except;
use crate::declaration::targets::{self, Target};
use crate::model::{Address, Excluded};
use crate::template::Rendered;

/// What is excluded from a guardrail at `target`, by what the blueprint has: accounts by their tags too.
pub(super) fn excluded(enabled: &Enabled, target: &Address, declaration: &mut Declaration) -> Excluded {
    let Some(value) = &enabled.except else { return Excluded::default() };
    let place = enabled.place;
    match serde_json::from_value::<Except>(value.clone()) {
        Ok(except) => {
            let mut excluded = except.resolve(place, declaration);
            let known = excluded.accounts.places.clone();
            excluded.accounts.places.extend(by_tags(&excluded, target, place, declaration));
            excluded.accounts.tags.clear();
            check_places(enabled, target, known.iter(), declaration);
            excluded
        }
        Err(error) => {
            let message = format!("guardrail {}: `except`: {error}", enabled.guardrail.id);
            let help = "write `except: [UNIT, ACCOUNT]` or `except: {in: […], regions: […], tags: {KEY: VALUE}}`";
            declaration.mistake("guardrail", place, message, help);
            Excluded::default()
        }
    }
}

/// The accounts of the blueprint at `target` that tags exclude.
fn by_tags(excluded: &Excluded, target: &Address, place: Place, declaration: &Declaration) -> Vec<Address> {
    let (address, mut except) = (target.clone(), excluded.accounts.clone());
    except.places.clear();
    targets::accounts(&Target { address, place, except }, declaration).1
}

/// What is excluded lies below the target; a guardrail that is excluded as a whole is not enabled at all.
fn check_places<'a>(
    enabled: &Enabled,
    target: &Address,
    places: impl Iterator<Item = &'a Address>,
    declaration: &mut Declaration,
) {
    let parent = |place: &Address| declaration.desired.get(place).and_then(|wanted| wanted.parent.clone());
    let is_below = |place: &Address| match place.is_account() {
        true => parent(place).is_none_or(|parent| parent.is_below(target)) && place != target,
        false => place.is_management() || (place.is_below(target) && place != target),
    };
    let elsewhere: Vec<&str> = places.filter(|place| !is_below(place)).map(Address::as_str).collect();
    if !elsewhere.is_empty() {
        let message = format!(
            "guardrail {} excludes {}, which is not below {target}",
            enabled.guardrail.id,
            elsewhere.join(", ")
        );
        declaration.mistake("target", enabled.place, message, "take it out of `except`");
    }
}

/// The policies that a guardrail comes to without what is excluded: a statement that denies gets conditions by which it does
/// not hold there. What stacks hold stays as it is: the stacks have other targets.
///
/// # Errors
/// Where that cannot be said by conditions.
pub(super) fn exclude(rendered: Rendered, excluded: &Excluded) -> Result<Rendered, String> {
    match rendered {
        _ if *excluded == Excluded::default() => Ok(rendered),
        Rendered::Statements(policy_type, statements) => {
            let conditions = conditions(policy_type, excluded);
            let statements = statements.into_iter().map(|statement| with(statement, &conditions));
            Ok(Rendered::Statements(policy_type, statements.collect::<Result<_, _>>()?))
        }
        Rendered::Policy(policy_type, mut content) => {
            let decides = matches!(policy_type, PolicyType::ServiceControl | PolicyType::ResourceControl);
            let Some(statements) = content.get_mut("Statement").filter(|_| decides) else {
                return Err("`except` is for what denies requests, and for rules and hooks".to_owned());
            };
            let conditions = conditions(policy_type, excluded);
            let all = statements.take();
            *statements = match all {
                Value::Array(all) => all.into_iter().map(|it| with(it, &conditions)).collect::<Result<_, _>>()?,
                one => with(one, &conditions)?,
            };
            Ok(Rendered::Policy(policy_type, content))
        }
        Rendered::Rule(..) | Rendered::Hook(_) => Ok(rendered),
    }
}

/// An operator, a key, and the values that it must not have.
type Condition = (&'static str, &'static str, Vec<String>);

/// The conditions under which a request is not excluded: all of them hold together. Each holds too where the request lacks its
/// key, so that the guardrail holds where it is not known whose a request is.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
fn conditions(policy_type: PolicyType, excluded: &Excluded) -> Vec<Condition> {
    // SCPs bind the principals of accounts, RCPs their resources. The management account is bound by neither.
    let (account, paths) = match policy_type {
        PolicyType::ResourceControl => ("aws:ResourceAccount", "aws:ResourceOrgPaths"),
        _ => ("aws:PrincipalAccount", "aws:PrincipalOrgPaths"),
    };
    let places = &excluded.accounts.places;
    let accounts = places.iter().filter(|place| place.is_account()).map(|place| format!("${{{place}}}"));
    // A path names what an account lies in, from the organization down: o-a1b2/r-ab12/ou-ab12-11111111/.
    let units =
        places.iter().filter(|place| place.is_unit()).map(|place| format!("${{organization}}/*/${{{place}}}/*"));
    let all = [
        ("StringNotEquals", account, accounts.collect::<Vec<_>>()),
        ("ForAllValues:StringNotLike", paths, units.collect()),
        ("StringNotEquals", "aws:RequestedRegion", excluded.regions.iter().cloned().collect()),
    ];
    all.into_iter().filter(|(_, _, values)| !values.is_empty()).collect()
}

/// A statement with these conditions beside its own.
fn with(mut statement: Value, conditions: &[Condition]) -> Result<Value, String> {
    let Some(map) = statement.as_object_mut().filter(|_| !conditions.is_empty()) else { return Ok(statement) };
    if map.get("Effect").and_then(Value::as_str) != Some("Deny") {
        return Err("`except` is for statements that deny: one that allows would allow less".to_owned());
    }
    let of_statement = map.entry("Condition").or_insert_with(|| json!({}));
    if let Some(all) = of_statement.as_object_mut() {
        conditions.iter().for_each(|condition| add(all, condition));
    }
    Ok(statement)
}

/// Adds a condition. Of an operator that negates, the values of one key are such that none may be: those of both are joined.
/// Operators and keys are the same in whatever case they are written.
fn add(all: &mut Map<String, Value>, (operator, key, values): &Condition) {
    let keys = entry(all, operator, || json!({}));
    let Some(keys) = keys.as_object_mut() else { return };
    let present = entry(keys, key, || json!([]));
    let own: Vec<String> = match &*present {
        Value::Array(own) => own.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::String(own) => vec![own.clone()],
        _ => Vec::new(),
    };
    let joined: BTreeSet<String> = own.into_iter().chain(values.iter().cloned()).collect();
    *present = joined.into_iter().collect();
}

/// The value under a name, whatever the case of its letters.
fn entry<'a>(map: &'a mut Map<String, Value>, name: &str, new: impl FnOnce() -> Value) -> &'a mut Value {
    let known = map.keys().find(|known| known.eq_ignore_ascii_case(name)).cloned();
    map.entry(known.unwrap_or_else(|| name.to_owned())).or_insert_with(new)
}

#[cfg(test)]
mod tests;
