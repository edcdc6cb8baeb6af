//! AWS Identity and Access Management.

use serde_json::{Value, json};

use super::kind::{Draft, ResourceType, resource};
use crate::ids;
use crate::model::resources::Place;
use crate::shared::inventory;
use crate::state::State;

pub(crate) const ROLE: &str = "AWS::IAM::Role";
pub(crate) const SERVICE_LINKED_ROLE: &str = "AWS::IAM::ServiceLinkedRole";
const ROLE_ID_LENGTH: usize = 17;

pub(super) const TYPES: &[ResourceType] = &[
    resource(ROLE, |draft| shortened(&draft.named("RoleName")))
        .global()
        .required(&["AssumeRolePolicyDocument"])
        .attributes(role)
        .check(role_is_free)
        .effect(assumable)
        .tagged(),
    resource("AWS::IAM::ManagedPolicy", policy_arn)
        .global()
        .required(&["PolicyDocument"])
        .attributes(|_, id| json!({"PolicyArn": id}))
        .check(policy_fits),
    resource("AWS::IAM::Policy", |draft| draft.generated())
        .global()
        .required(&["PolicyDocument", "PolicyName"])
        .check(attached),
    resource(SERVICE_LINKED_ROLE, service_linked_role).global().attributes(|_, id| json!({"RoleName": id})),
    resource("AWS::IAM::OIDCProvider", provider_arn).global().attributes(|_, id| json!({"Arn": id})).tagged(),
];

/// A role's name has at most 64 characters.
fn shortened(name: &str) -> String {
    name.chars().take(64).collect()
}

fn path<'a>(draft: &'a Draft<'_>) -> &'a str {
    draft.text("Path").unwrap_or("/")
}

fn role(draft: &Draft<'_>, id: &str) -> Value {
    let unique = ids::characters(&format!("{}/{id}", draft.place.account), ROLE_ID_LENGTH).to_uppercase();
    json!({"Arn": draft.global_arn("iam", &format!("role{}{id}", path(draft))), "RoleId": format!("AROA{unique}")})
}

/// Roles that were made without CloudFormation have their names too.
fn role_is_free(state: &State, draft: &Draft<'_>) -> Result<(), String> {
    let Some(name) = draft.text("RoleName") else {
        return Ok(());
    };
    let taken = state.roles.get(&draft.place.account).is_some_and(|roles| roles.contains(name));
    let own = inventory::find(state, draft.place, ROLE, name).is_some_and(|role| role.stack == draft.stack_id);
    if taken && !own {
        return Err(format!("Resource of type '{ROLE}' with identifier '{name}' already exists."));
    }
    Ok(())
}

/// Lets the role be assumed, as far as it trusts the caller.
fn assumable(state: &mut State, place: &Place, id: &str, role: Option<&Value>) {
    let roles = state.roles.entry(place.account.clone()).or_default();
    match role {
        Some(_) => roles.insert(id.to_owned()),
        None => roles.remove(id),
    };
}

/// Whether a role's trust policy lets the principals of an account assume it: by the account, one of its principals,
/// or anyone. Conditions count as fulfilled.
pub(crate) fn trusts(role: &Value, account: &str) -> bool {
    let statements = role.pointer("/AssumeRolePolicyDocument/Statement");
    let allows = |statement: &Value| statement.get("Effect").is_some_and(|effect| effect == "Allow");
    let names = |statement: &Value| match statement.get("Principal") {
        Some(Value::String(anyone)) => anyone == "*",
        Some(principals) => listed(principals.get("AWS")).iter().any(|principal| {
            *principal == "*" || *principal == account || principal.split(':').nth(4) == Some(account)
        }),
        None => false,
    };
    rows(statements).into_iter().any(|statement| allows(statement) && names(statement))
}

fn rows(value: Option<&Value>) -> Vec<&Value> {
    match value {
        Some(Value::Array(rows)) => rows.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    }
}

fn listed(value: Option<&Value>) -> Vec<&str> {
    rows(value).into_iter().filter_map(Value::as_str).collect()
}

fn policy_arn(draft: &Draft<'_>) -> String {
    draft.global_arn("iam", &format!("policy{}{}", path(draft), draft.named("ManagedPolicyName")))
}

/// A managed policy has at most 6,144 characters, white space not counted.
fn policy_fits(_: &State, draft: &Draft<'_>) -> Result<(), String> {
    let length = draft.properties.get("PolicyDocument").map_or(0, |document| document.to_string().len());
    if length <= 6_144 {
        return Ok(());
    }
    Err("Cannot exceed quota for PolicySize: 6144 (Service: Iam, Status Code: 409, Error Code: LimitExceeded)".into())
}

fn attached(_: &State, draft: &Draft<'_>) -> Result<(), String> {
    if ["Roles", "Users", "Groups"].iter().any(|name| draft.properties.get(*name).is_some()) {
        return Ok(());
    }
    Err("At least one of [Groups,Roles,Users] must be non-empty.".into())
}

/// One for each service, called after it as most are: `AWSServiceRoleForAccessAnalyzer`.
fn service_linked_role(draft: &Draft<'_>) -> String {
    let service = draft.text("AWSServiceName").unwrap_or_default().split('.').next().unwrap_or_default();
    let words = service.split('-').filter(|word| !word.is_empty());
    let name: String = words.map(|word| format!("{}{}", word[..1].to_uppercase(), &word[1..])).collect();
    let suffix = draft.text("CustomSuffix").map(|suffix| format!("_{suffix}")).unwrap_or_default();
    format!("AWSServiceRoleFor{name}{suffix}")
}

fn provider_arn(draft: &Draft<'_>) -> String {
    let url = draft.text("Url").unwrap_or_default();
    draft.global_arn("iam", &format!("oidc-provider/{}", url.trim_start_matches("https://")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_trusts_the_accounts_that_its_policy_names() {
        let role = |principal: Value| {
            let statement = json!({"Effect": "Allow", "Principal": principal});
            json!({"AssumeRolePolicyDocument": {"Statement": [statement]}})
        };
        assert!(trusts(&role(json!({"AWS": "arn:aws:iam::111111111111:root"})), "111111111111"));
        assert!(trusts(&role(json!({"AWS": ["222222222222", "*"]})), "111111111111"));
        assert!(!trusts(&role(json!({"AWS": "arn:aws:iam::222222222222:root"})), "111111111111"));
        assert!(!trusts(&role(json!({"Service": "ec2.amazonaws.com"})), "111111111111"));
    }
}
