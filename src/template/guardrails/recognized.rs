//! Which guardrails a policy holds that was written without them.

use std::collections::BTreeSet;

use landing_policy::{PolicyType, decides_alike, denies_all_of};
use serde_json::{Map, Value, json};

use super::{Guardrail, Rendered, guardrails};

/// The built-in guardrails of which a policy denies all that they deny; of other types than service and resource control
/// policies, the one that says the same. By their names, in order.
///
/// Guardrails have their presets, the regions that the policy itself names, and exempt what the policy exempts besides what they
/// exempt anyway. That a policy is not named here does not mean that it allows what the guardrail denies: only what is certain
/// counts.
#[must_use]
pub fn guardrails_denying(content: &Value, policy_type: PolicyType) -> Vec<&'static str> {
    let around = around(content);
    let is_held = |guardrail: &&Guardrail| {
        let without_values = guardrail.parameters.values().all(|parameter| parameter.preset.is_some());
        without_values
            && guardrail.policy_type().ok().flatten() == Some(policy_type)
            && holds(guardrail, content, &around)
    };
    guardrails().iter().filter(is_held).map(|guardrail| guardrail.id.as_str()).collect()
}

/// The built-in guardrail that, with its presets and in an organization with these values, is this policy: which may then be said
/// to be it without a change of what it decides.
#[must_use]
pub fn guardrail_saying(content: &Value, policy_type: PolicyType, around: &Map<String, Value>) -> Option<&'static str> {
    let says = |guardrail: &&Guardrail| {
        let document = guardrail.document(&Map::new(), around);
        document.is_some_and(|(of, document)| of == policy_type && decides_alike(&document, content, policy_type))
    };
    guardrails().iter().find(says).map(|guardrail| guardrail.id.as_str())
}

impl Guardrail {
    /// The policy that it is by itself, with its type; none where it is no policy, or a value is missing.
    pub(super) fn document(
        &self,
        given: &Map<String, Value>,
        around: &Map<String, Value>,
    ) -> Option<(PolicyType, Value)> {
        if !self.wrong_values(given).is_empty() {
            return None;
        }
        match self.rendered(given, around).ok()? {
            Rendered::Statements(of, statements) => {
                Some((of, json!({"Version": "2012-10-17", "Statement": statements})))
            }
            Rendered::Policy(of, document) => Some((of, document)),
            Rendered::Rule(..) | Rendered::Hook(_) => None,
        }
    }
}

fn holds(guardrail: &Guardrail, content: &Value, around: &Map<String, Value>) -> bool {
    match guardrail.rendered(&Map::new(), around) {
        Ok(Rendered::Statements(_, statements)) => {
            denies_all_of(content, &json!({"Version": "2012-10-17", "Statement": statements}))
        }
        Ok(Rendered::Policy(of, document)) => decides_alike(content, &document, of),
        _ => false,
    }
}

/// What stands for the organization: the regions and the principals that the policy names, and the roles by which landing works.
/// That guardrails exempt more roles makes no difference here: it makes them deny less.
fn around(content: &Value) -> Map<String, Value> {
    let regions = named(content, "aws:requestedregion");
    let spared = named(content, "aws:principalarn");
    let partition = partition(content);
    let arn = |role: &str| format!("arn:{partition}:iam::*:role/{role}");
    let own = ["OrganizationAccountAccessRole", "landing-apply"].map(arn);
    Map::from_iter([
        ("home_region".to_owned(), json!(regions.first().cloned().unwrap_or_default())),
        ("regions".to_owned(), json!(regions)),
        ("access_role".to_owned(), json!("OrganizationAccountAccessRole")),
        ("partition".to_owned(), json!(partition)),
        ("spared".to_owned(), json!(spared)),
        ("exempt_anywhere".to_owned(), json!(spared)),
        ("landing".to_owned(), json!(own)),
        ("landing_roles".to_owned(), json!(own)),
        ("makers".to_owned(), json!(own)),
        ("log_archives".to_owned(), json!([])),
    ])
}

fn partition(content: &Value) -> &'static str {
    let text = content.to_string();
    let others = ["aws-cn", "aws-us-gov", "aws-eusc"];
    others.into_iter().find(|partition| text.contains(&format!("arn:{partition}:"))).unwrap_or("aws")
}

/// The values that conditions say a key must not have: what they exempt, or leave.
fn named(content: &Value, key: &str) -> Vec<String> {
    let statements = match content.get("Statement") {
        Some(Value::Array(statements)) => statements.as_slice(),
        Some(statement) => std::slice::from_ref(statement),
        None => &[],
    };
    let conditions = statements.iter().filter_map(|it| it.get("Condition")?.as_object()).flatten();
    let negated = conditions.filter(|(operator, _)| operator.to_lowercase().contains("not"));
    let keys = negated.filter_map(|(_, keys)| keys.as_object()).flatten();
    let values = keys.filter(|(name, _)| name.eq_ignore_ascii_case(key));
    let texts = values.filter_map(|(_, values)| landing_policy::strings(values)).flatten();
    texts.collect::<BTreeSet<_>>().into_iter().collect()
}

#[cfg(test)]
mod tests;
