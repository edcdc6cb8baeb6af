use landing_policy::PolicyType;

use super::clean::clean;
use crate::model::{Action, Address, Change};

/// How a thing is called where it stands: in the tree or in its group.
pub(super) fn short_name(address: &Address) -> String {
    if let Some((permission_set, principal, _)) = address.assigned() {
        return clean(&format!("{} for {}", permission_set.name(), principal.name()));
    }
    match address.as_str().split('/').collect::<Vec<_>>().as_slice() {
        ["stack", _, name, region] => return clean(&format!("{name} in {region}")),
        ["ebs-encryption", _, region] => return clean(&format!("new volumes in {region}")),
        ["password-policy", _] => return "IAM users".into(),
        _ => {}
    }
    let own = address.hanging().map(|(what, _)| what);
    clean(&own.as_ref().unwrap_or(address).name())
}

/// What sort of thing it is, in AWS's words.
pub(super) fn kind_word(change: &Change) -> String {
    match change.kind.as_str() {
        "organizational-unit" => "OU".into(),
        "policy" | "attachment" => policy_word(change.address.prefix()),
        "ebs-encryption" => "EBS encryption".into(),
        "guardduty-administrator" => "GuardDuty administrator".into(),
        other => other.replace('-', " "),
    }
}

/// `SCP` for `scp`, `tag policy` for `tag-policy`.
pub(super) fn policy_word(prefix: &str) -> String {
    match PolicyType::from_address_prefix(prefix) {
        Some(PolicyType::ServiceControl | PolicyType::ResourceControl) => prefix.to_uppercase(),
        Some(PolicyType::AiOptOut) => "AI opt-out policy".into(),
        _ => prefix.replace('-', " "),
    }
}

/// What an account has by being where it is, in a few words.
pub(super) fn held(address: &Address) -> String {
    let name = short_name(address);
    match address.prefix() {
        "assignment" => name,
        "stack-set" => format!("stack set {name}"),
        "stack" => format!("shares of {}", subject(address)),
        prefix => format!("{} {name}", policy_word(prefix)),
    }
}

/// What happens to it, where the mark alone may not say it.
pub(super) fn deed(change: &Change) -> Option<&'static str> {
    let closes = change.field("state").is_some();
    match (change.kind.as_str(), change.action) {
        ("attachment", Action::Delete) => Some("detached"),
        ("account", Action::Delete) if closes => Some("closed"),
        ("account", Action::Delete) => Some("let go"),
        ("policy-type" | "region" | "trusted-access" | "root-access" | "ebs-encryption", Action::Delete) => {
            Some("disabled")
        }
        ("policy-type" | "region" | "trusted-access" | "root-access" | "ebs-encryption", Action::Create) => {
            Some("enabled")
        }
        ("organization", Action::Create) => Some("created"),
        (_, Action::Delete) => Some("deleted"),
        (_, Action::Adopt) => Some("adopted"),
        (_, Action::Move) => Some("moved"),
        (_, Action::Create | Action::Update) => None,
    }
}

/// A thing in a sentence of its own: its whole address, cleaned.
pub fn subject(address: &Address) -> String {
    clean(address.as_str())
}
