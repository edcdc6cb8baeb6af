//! The policies that accounts come to have along their paths, and what is wrong with them: what is invalid is written into the
//! state.

use serde_json::{Map, Value, json};

use super::accounts::existing;
use super::errors::invalid;
use super::pages::PAGES;
use crate::aws_error::{Answer, ApiError};
use crate::model::organizations::Organization;
use crate::request::Request;
use crate::service::{Operation, operation};

pub(super) const OPERATIONS: &[Operation] = &[
    operation("ListAccountsWithInvalidEffectivePolicy", list_accounts),
    operation("ListEffectivePolicyValidationErrors", list_errors),
    operation("DescribeEffectivePolicy", describe_effective_policy),
];

/// The type that the request names, which must be one that has effective policies.
fn policy_type(request: &Request<'_>) -> Result<String, ApiError> {
    let name = request.input.text("PolicyType")?;
    match name {
        "SERVICE_CONTROL_POLICY" | "RESOURCE_CONTROL_POLICY" => {
            Err(invalid("INVALID_ENUM_POLICY_TYPE", "You specified an invalid policy type string."))
        }
        _ => Ok(name.to_owned()),
    }
}

fn list_accounts(request: &mut Request<'_>) -> Answer {
    let name = policy_type(request)?;
    let organization = request.organization_view()?;
    let accounts = organization.invalid_policies.get(&name).into_iter().flat_map(|accounts| accounts.keys());
    let accounts: Vec<&String> = accounts.filter(|id| organization.accounts.contains_key(*id)).collect();
    let mut answer = PAGES.page(request, "Accounts", &accounts, |id| organization.show_account(id))?;
    answer["PolicyType"] = name.into();
    Ok(answer)
}

fn list_errors(request: &mut Request<'_>) -> Answer {
    let (name, account) = (policy_type(request)?, existing(request)?);
    let invalid = request.organization_view()?.invalid_policies.get(&name);
    let errors: &[Value] = invalid.and_then(|accounts| accounts.get(&account)).map_or(&[], Vec::as_slice);
    let mut answer = PAGES.page(request, "EffectivePolicyValidationErrors", errors, Value::clone)?;
    answer["PolicyType"] = name.into();
    answer["AccountId"] = json!(account);
    Ok(answer)
}

/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeEffectivePolicy.html>
fn describe_effective_policy(request: &mut Request<'_>) -> Answer {
    let (name, own) = (policy_type(request)?, request.caller.account.clone());
    let target = request.input.optional("TargetId")?.unwrap_or(&own).to_owned();
    let now = request.now;
    let organization = request.organization_view()?;
    if !organization.accounts.contains_key(&target) {
        return Err(ApiError::new("TargetNotFoundException", "You specified a target that doesn't exist."));
    }
    let merged = merged(organization, &name, &target).ok_or_else(|| {
        let message = "The effective policy of this type doesn't exist for the specified account.";
        ApiError::new("EffectivePolicyNotFoundException", message)
    })?;
    let content = merged.to_string();
    Ok(json!({"EffectivePolicy": {
        "PolicyContent": content, "LastUpdatedTimestamp": now, "TargetId": target, "PolicyType": name,
    }}))
}

/// What the policies of a type on the path of an account come to, those of the root first; nothing where there are none.
fn merged(organization: &Organization, kind: &str, account: &str) -> Option<Value> {
    let mut path: Vec<&str> = std::iter::successors(Some(account), |id| organization.parent(id)).collect();
    path.reverse();
    let at = |place: &&str| {
        let place = (*place).to_owned();
        organization.policies.values().filter(move |it| it.kind == kind && it.targets.contains(&place))
    };
    let contents = path.iter().flat_map(at).filter_map(|policy| serde_json::from_str(&policy.content).ok());
    contents.fold(None, |into: Option<Value>, policy: Value| {
        let mut into = into.unwrap_or_else(|| json!({}));
        inherit(&mut into, &policy);
        Some(into)
    })
}

/// Adds what a policy says to what those above it say. What these allow it to say is not looked at.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/policy-operators.html>
fn inherit(into: &mut Value, policy: &Value) {
    let Value::Object(says) = policy else {
        *into = policy.clone();
        return;
    };
    for (key, value) in says {
        match key.as_str() {
            "@@assign" => *into = value.clone(),
            "@@append" => *into = Value::Array(listed(into).into_iter().chain(listed(value)).collect()),
            "@@remove" => {
                let gone = listed(value);
                *into = Value::Array(listed(into).into_iter().filter(|it| !gone.contains(it)).collect());
            }
            control if control.starts_with("@@") => {}
            _ => {
                if !into.is_object() {
                    *into = Value::Object(Map::new());
                }
                inherit(&mut into[key], value);
            }
        }
    }
}

fn listed(value: &Value) -> Vec<Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.clone(),
        other => vec![other.clone()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_change_what_is_inherited() {
        let mut tags = json!({});
        let cost = |values: Value| json!({"tags": {"cost": {"tag_value": values}}});
        inherit(&mut tags, &json!({"tags": {"cost": {"tag_key": {"@@assign": "Cost"}}}}));
        inherit(&mut tags, &cost(json!({"@@assign": ["a", "b"], "@@operators_allowed_for_child_policies": ["@@all"]})));
        inherit(&mut tags, &cost(json!({"@@append": ["c"]})));
        inherit(&mut tags, &cost(json!({"@@remove": ["a"]})));
        assert_eq!(tags, json!({"tags": {"cost": {"tag_key": "Cost", "tag_value": ["b", "c"]}}}));
    }
}
