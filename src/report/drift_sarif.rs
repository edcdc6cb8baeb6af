//! Drift as code hosts take it, each difference at the blueprint's line.

use serde_json::{Value, json};

use super::author::author_text;
use super::naming::subject;
use super::sarif::{Found, log};
use crate::model::{Action, Change, Plan};

/// What differences are called: an id, a level and what it stands for.
const RULES: [(&str, &str, &str); 9] = [
    ("missing", "warning", "The blueprint has it and AWS does not"),
    ("differs", "warning", "It is not as the blueprint says"),
    ("left-over", "warning", "It is landing's and the blueprint does not have it"),
    ("not-owned", "warning", "It is there and is not landing's yet"),
    ("elsewhere", "warning", "The account is in another unit"),
    ("waiting", "warning", "It is missing, and something else comes first that apply does not make"),
    ("manual-step", "warning", "A person must act"),
    ("refused", "error", "Apply would refuse it"),
    ("unmanaged", "note", "It is there and no blueprint has it"),
];

/// What differs as a log in SARIF 2.1.0. What the blueprint does not write is shown at the first line of `blueprint`, since code
/// hosts refuse a log with a finding that has no place.
#[must_use]
pub fn drift_sarif(plan: &Plan, blueprint: &str) -> Value {
    let finding = |rule: &'static str, about: String, message: String, source: Option<&str>| {
        let level = RULES.iter().find(|(id, ..)| *id == rule).map_or("warning", |(_, level, _)| *level);
        let (file, line) = source.and_then(place).unwrap_or((blueprint.to_owned(), 1));
        let region = json!({"startLine": line});
        Found { rule: rule.to_owned(), level, message, file, region, about, fixes: None }
    };
    let changes = plan
        .changes
        .iter()
        .map(|it| finding(rule_of(it.action), it.address.to_string(), reported(it), it.source.as_deref()));
    let waiting = plan.waiting.iter().map(|it| {
        let message = format!("{}; it waits for {}", reported(&it.change), it.waits_for);
        finding("waiting", it.change.address.to_string(), message, it.change.source.as_deref())
    });
    let manual = plan.manual.iter().map(|it| {
        let link = it.link.as_deref().map(|link| format!(": {link}")).unwrap_or_default();
        finding("manual-step", it.what.clone(), format!("{}{link}", it.what), None)
    });
    let refused = plan.refusals.iter().map(|it| {
        let about = format!("{} {}", it.code, it.address.as_ref().map(ToString::to_string).unwrap_or_default());
        let source = it.address.as_ref().and_then(|address| plan.change(address)?.source.as_deref());
        finding("refused", about, format!("{}: {}", it.message, it.help), source)
    });
    let unmanaged = plan
        .unmanaged
        .iter()
        .map(|it| finding("unmanaged", it.to_string(), format!("{it} is there, and no blueprint has it"), None));
    log(&rules(), changes.chain(waiting).chain(manual).chain(refused).chain(unmanaged).collect())
}

fn rules() -> Vec<Value> {
    let rule = |(id, level, text): &(&str, &str, &str)| json!({"id": id, "shortDescription": {"text": text}, "defaultConfiguration": {"level": level}});
    RULES.iter().map(rule).collect()
}

fn rule_of(action: Action) -> &'static str {
    match action {
        Action::Create => "missing",
        Action::Update => "differs",
        Action::Delete => "left-over",
        Action::Adopt => "not-owned",
        Action::Move => "elsewhere",
    }
}

/// `account/dev differs in email, tags.owner: REASON`.
fn reported(change: &Change) -> String {
    let state = match change.action {
        Action::Create => "is missing",
        Action::Update => "differs",
        Action::Delete => "is landing's and not in the blueprint",
        Action::Adopt => "is there and not landing's yet",
        Action::Move => "is in another unit",
    };
    let fields: Vec<&str> = change.fields.iter().map(|field| field.path.as_str()).collect();
    let is_telling = matches!(change.action, Action::Update | Action::Adopt) && !fields.is_empty();
    let fields = if is_telling { format!(" in {}", fields.join(", ")) } else { String::new() };
    let reason = if change.reason.is_empty() { String::new() } else { format!(": {}", change.reason) };
    let who = change.changed_by.as_ref().map(|by| format!("; {}", author_text(by, true))).unwrap_or_default();
    format!("{} {state}{fields}{reason}{who}", subject(&change.address))
}

/// `landing.yaml:12` as a file and a line.
fn place(source: &str) -> Option<(String, u64)> {
    let (file, line) = source.rsplit_once(':')?;
    Some((file.to_owned(), line.parse().ok()?))
}

#[cfg(test)]
mod tests;
