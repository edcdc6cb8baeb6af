use serde_json::Value;

use super::resource::PasswordPolicy;
use super::section;
use crate::kinds::shared::account_setting::{self, SettingFormat};
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::Survey;
use crate::outline::{Map, Node, Outline};

/// Writes the accounts' password policies.
pub(super) fn outline(survey: &Survey<'_>, outline: &mut Outline) {
    let said = SettingFormat {
        key: "password_policy",
        common: |policy, _| policy,
        value: |policy, _, _| said(policy).in_one_line().into(),
    };
    account_setting::outline(survey, outline, &said);
}

/// What is not as where nothing is said. IAM leaves out what it does not limit.
fn said(policy: &PasswordPolicy) -> Map {
    let (body, preset) = (policy.body(), section::PasswordPolicy::default().resource().body());
    let differs = |(key, value): &(&String, &Value)| preset.get(*key) != Some(value);
    body.iter().filter(differs).map(|(key, value)| (key.as_str(), Node::value(value))).collect()
}
