//! Policies that are said to be guardrails.

use landing_blueprint::{Entries, Place};
use landing_policy::PolicyType;
use serde_json::{Value, json};

use super::enable::{Held, enabled};
use super::in_policy;
use super::render;
use crate::declaration::{Declaration, OfGuardrails};
use crate::kinds::section::policy::PolicySection;
use crate::template::Rendered;

/// Takes down what each policy says of which the blueprint says which guardrails it is. To be called before the policies are
/// declared.
pub(in crate::sections) fn of_policies(policies: &Entries<PolicySection>, declaration: &mut Declaration) {
    for (_, section) in policies {
        let Some(place) = section.guardrails_place() else { continue };
        if let Some(policy) = policy(section, place, declaration) {
            declaration.of_guardrails.insert(place, policy);
        }
    }
}

fn policy(section: &PolicySection, place: Place, declaration: &mut Declaration) -> Option<OfGuardrails> {
    let all = enabled(section.guardrails(), declaration);
    if let Some(enabled) = all.iter().find(|enabled| enabled.except.is_some()) {
        let message =
            format!("guardrail {}: a policy by itself is nowhere, and excludes nothing", enabled.guardrail.id);
        let help =
            "write `except` where the guardrail is enabled: under `guardrails` of the root, a unit or an account";
        declaration.mistake("guardrail", place, message, help);
        return None;
    }
    let count = all.len();
    let held: Vec<Held> = all.into_iter().filter_map(|enabled| render(enabled, declaration)).collect();
    if held.is_empty() || held.len() < count {
        return None;
    }
    let made = together(&held);
    made.map_err(|message| {
        let help = "name guardrails of one type that are held by policies; enable others under `guardrails`";
        declaration.mistake("guardrail", place, message, help);
    })
    .ok()
}

/// The policy that guardrails are together.
fn together(held: &[Held]) -> Result<OfGuardrails, String> {
    let mut parts = held.iter().map(part).collect::<Result<Vec<_>, _>>()?.into_iter();
    let (policy_type, mut content) = parts.next().ok_or("there is no guardrail")?;
    for (nth, (other, document)) in parts.enumerate() {
        let both = || format!("{} and {}", held[0].enabled.guardrail.id, held[nth + 1].enabled.guardrail.id);
        let (Value::Array(statements), Value::Array(more)) = (&mut content["Statement"], &document["Statement"]) else {
            return Err(format!("guardrails {} cannot be one policy", both()));
        };
        if other != policy_type {
            return Err(format!("guardrails {} are policies of two types", both()));
        }
        statements.extend(more.iter().cloned());
    }
    let ids: Vec<&str> = held.iter().map(|held| held.enabled.guardrail.id.as_str()).collect();
    let description = match held {
        [one] => one.enabled.guardrail.title.clone(),
        _ => format!("Guardrails {}", ids.join(", ")),
    };
    let may_lock_out = held.iter().any(|held| held.enabled.guardrail.may_lock_out);
    let guardrails = held.iter().filter_map(|held| in_policy(held, policy_type)).collect();
    Ok(OfGuardrails { policy_type, content, description, may_lock_out, guardrails })
}

fn part(held: &Held) -> Result<(PolicyType, Value), String> {
    match &held.rendered {
        Rendered::Statements(of, statements) => Ok((*of, json!({"Version": "2012-10-17", "Statement": statements}))),
        Rendered::Policy(of, document) => Ok((*of, document.clone())),
        Rendered::Rule(..) | Rendered::Hook(_) => {
            Err(format!("guardrail {} is held by a stack and is no policy", held.enabled.guardrail.id))
        }
    }
}

#[cfg(test)]
mod tests;
