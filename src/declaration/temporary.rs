//! Exemptions that end: `exempt_roles: [Auditor, {name: Contractor, until: 2027-03-01}]`, of guardrails and of built-in templates.
//!
//! What a policy says before the end it says all the while, and what it says from then on holds from then on: both together deny
//! anyone who is not exempt, at any time and anyone who applies the blueprint by then.

use std::collections::BTreeSet;

use landing_blueprint::{Diagnostic, Place};
use serde_json::{Map, Value, json};

use super::{Declaration, until};
use crate::model::Until;

/// The key of the day at which something ends.
pub(crate) const UNTIL: &str = "until";

/// The parameter of guardrails and templates that names roles.
pub(crate) const EXEMPT_ROLES: &str = "exempt_roles";

/// The values of a guardrail or template from some day on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Phase {
    /// From when they hold; the first hold all the while.
    pub since: Option<Until>,
    pub given: Map<String, Value>,
}

/// A role that is exempt until some day.
struct Temporary {
    role: String,
    until: Until,
}

/// The values of a guardrail or template, those that hold all the while first: then every role is exempt that ever is. `what` is what
/// it is called in messages: `guardrail no-iam-users`.
pub(crate) fn phases(
    what: &str,
    given: &Map<String, Value>,
    place: Place,
    declaration: &mut Declaration,
) -> Vec<Phase> {
    let temporary: Vec<Temporary> = temporary(what, given, place, declaration);
    let always = Phase { since: None, given: exempting(given, |_| true, &temporary) };
    let ends: BTreeSet<Until> = temporary.iter().map(|it| it.until).collect();
    let later = ends
        .into_iter()
        .map(|end| Phase { since: Some(end), given: exempting(given, |role| role.until > end, &temporary) });
    std::iter::once(always).chain(later).collect()
}

fn temporary(what: &str, given: &Map<String, Value>, place: Place, declaration: &mut Declaration) -> Vec<Temporary> {
    let listed = given.get(EXEMPT_ROLES).and_then(Value::as_array).into_iter().flatten();
    let listed: Vec<&Value> = listed.filter(|item| !item.is_string()).collect();
    let mut all = Vec::new();
    for item in listed {
        let text = |key: &str| item.get(key).and_then(Value::as_str);
        let is_whole = item.as_object().is_some_and(|members| members.len() == 2);
        let (Some(role), Some(end), true) = (text("name"), text(UNTIL), is_whole) else {
            let message = format!("{what}: {item} is no role that is exempt");
            let help =
                "write the role's name, or `{name: ROLE, until: 2027-03-01}` for one that is exempt until that day";
            declaration.mistake("exemption", place, message, help);
            continue;
        };
        if let Some(until) = until::read(end, place, declaration) {
            warn_before_end(what, &format!("role {role} is"), until, place, declaration);
            all.push(Temporary { role: role.to_owned(), until });
        }
    }
    all
}

/// Says that an exemption ends soon, or has ended.
pub(crate) fn warn_before_end(what: &str, who_is: &str, until: Until, place: Place, declaration: &mut Declaration) {
    let today = declaration.desired.settings.today;
    let (message, help) = if until.has_passed(today) {
        let message = format!("{who_is} not exempt from {what} any more since {until}");
        (message, "remove the entry: it has no effect")
    } else if until.is_near(today) {
        let message = format!("{who_is} exempt from {what} until {until}");
        (message, "write a later day if it is to last longer")
    } else {
        return;
    };
    declaration.diagnostics.push(Diagnostic::warning("until", message).at(place).help(help));
}

/// The values with the roles that are exempt for good and those of the others that are so still.
fn exempting(
    given: &Map<String, Value>,
    is_still: impl Fn(&Temporary) -> bool,
    temporary: &[Temporary],
) -> Map<String, Value> {
    let mut values = given.clone();
    if let Some(Value::Array(listed)) = given.get(EXEMPT_ROLES) {
        let roles = listed.iter().filter(|item| item.is_string()).cloned();
        let still = temporary.iter().filter(|role| is_still(role)).map(|it| Value::from(it.role.as_str()));
        values.insert(EXEMPT_ROLES.to_owned(), roles.chain(still).collect());
    }
    values
}

/// What of the statements of a later phase is not said all the while, so that it holds from its day on.
pub(crate) fn from_then_on(statements: Vec<Value>, said: &[Value], since: Until) -> Vec<Value> {
    let new = statements.into_iter().filter(|statement| !said.contains(statement));
    new.map(|statement| beginning(statement, since)).collect()
}

/// The statement as it holds from the beginning of a day on, in UTC.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-currenttime>
fn beginning(mut statement: Value, since: Until) -> Value {
    if let Some(sid) = statement.get("Sid").and_then(Value::as_str) {
        statement["Sid"] = format!("{sid}From{}", since.to_string().replace('-', "")).into();
    }
    // Another condition on the time stays what it is: values of one key under one operator are alternatives.
    let operators = ["DateGreaterThanEquals", "DateGreaterThanEqualsIfExists"];
    let is_free = |operator: &&&str| statement["Condition"][**operator]["aws:CurrentTime"].is_null();
    let operator = operators.iter().find(is_free).unwrap_or(&operators[1]);
    statement["Condition"][*operator]["aws:CurrentTime"] = json!(format!("{since}T00:00:00Z"));
    statement
}

/// The names of all roles that a list ever exempts.
pub(crate) fn names(list: &Value) -> Vec<String> {
    let name = |item: &Value| item.as_str().or_else(|| item.get("name")?.as_str()).map(str::to_owned);
    list.as_array().into_iter().flatten().filter_map(name).collect()
}
