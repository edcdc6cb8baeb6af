//! Words that several kinds use of what their addresses say.

use landing_policy::PolicyType;

use crate::model::Address;

/// `SCP` for `scp/region-guard`, `tag policy` for `tag-policy/cost@root`.
pub(in crate::kinds) fn policy_noun(address: &Address) -> String {
    let prefix = address.prefix();
    match PolicyType::from_address_prefix(prefix) {
        Some(PolicyType::ServiceControl | PolicyType::ResourceControl) => prefix.to_uppercase(),
        Some(PolicyType::AiOptOut) => "AI opt-out policy".into(),
        _ => prefix.replace('-', " "),
    }
}

/// `config` of an address whose first name is the principal `config.amazonaws.com`.
pub(in crate::kinds) fn service_word(address: &Address) -> String {
    let principal = address.parts().into_iter().next().unwrap_or_default();
    principal.split('.').next().unwrap_or_default().to_owned()
}
