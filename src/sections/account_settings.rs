use landing_blueprint::{Place, Spanned};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::declaration::Declaration;
use super::one_or_many::OneOrMany;
use super::state::State;
use super::target;
use crate::model::{AccountRule, Address, Body, Presence};

/// Settings that accounts have of their own, and that no stack can make.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct AccountSettings {
    /// Units, accounts, `management` or `root`, which is every account. An account of several entries has the last one's.
    #[serde(rename = "in")]
    places: Option<OneOrMany>,
    /// What is asked of the passwords of IAM users.
    password_policy: Option<Spanned<PasswordPolicy>>,
    /// New EBS volumes are encrypted, whoever makes them.
    ebs_encryption: Option<Spanned<EbsEncryption>>,
}

/// What an account asks of the passwords of its IAM users.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct PasswordPolicy {
    /// Characters of a password.
    #[schemars(range(min = 6, max = 128))]
    minimum_length: u32,
    /// Whether it needs one that is neither letter nor digit.
    require_symbols: bool,
    /// Whether it needs a digit.
    require_numbers: bool,
    /// Whether it needs a capital letter.
    require_uppercase: bool,
    /// Whether it needs a small letter.
    require_lowercase: bool,
    /// Whether users may change their own.
    users_may_change: bool,
    /// Days after which it has to be changed; never unless given.
    #[schemars(range(min = 1, max = 1095))]
    max_age_days: Option<u32>,
    /// How many earlier ones it may not be.
    #[schemars(range(min = 1, max = 24))]
    reuse_prevention: u32,
    /// Whether only an administrator can change one that is too old.
    hard_expiry: bool,
    /// `absent` leaves AWS's own policy.
    state: State,
}

/// As the CIS AWS Foundations Benchmark asks; it does not ask for passwords that expire.
/// <https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-15>
impl Default for PasswordPolicy {
    fn default() -> PasswordPolicy {
        PasswordPolicy {
            minimum_length: 14,
            require_symbols: true,
            require_numbers: true,
            require_uppercase: true,
            require_lowercase: true,
            users_may_change: true,
            max_age_days: None,
            reuse_prevention: 24,
            hard_expiry: false,
            state: State::Present,
        }
    }
}

/// Whether new EBS volumes are encrypted without anybody asking for it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct EbsEncryption {
    /// The regions; the organization's unless given.
    regions: Option<OneOrMany>,
    /// The key, by its ARN or an alias that each account has (`alias/ebs`); AWS's own unless given.
    key: Option<String>,
    /// `absent` switches it off.
    state: State,
}

/// Wants the settings for every account at or below their places.
pub(super) fn declare(all: &[Spanned<AccountSettings>], declaration: &mut Declaration) {
    for settings in all {
        for (target, place) in targets(settings, declaration) {
            if let Some(policy) = &settings.password_policy {
                let body = policy.body();
                add("password-policy", body, None, policy.state, &target, place, declaration);
            }
            if let Some(encryption) = &settings.ebs_encryption {
                for region in encryption.regions(declaration) {
                    let body = encryption.body();
                    add("ebs-encryption", body, Some(region), encryption.state, &target, place, declaration);
                }
            }
        }
    }
}

fn targets(settings: &Spanned<AccountSettings>, declaration: &mut Declaration) -> Vec<(Address, Place)> {
    let Some(places) = &settings.places else { return vec![(Address::root(), settings.place)] };
    let resolved = places.0.iter().map(|place| (target::resolve(place, declaration), place.place));
    resolved.filter_map(|(address, place)| Some((address?, place))).collect()
}

fn add(
    kind: &str,
    body: Body,
    region: Option<String>,
    state: State,
    target: &Address,
    place: Place,
    declaration: &mut Declaration,
) {
    let source = place.is_somewhere().then(|| declaration.sources.at(place));
    let presence = if state == State::Present { Presence::Present } else { Presence::Absent };
    let rule = AccountRule { kind: kind.to_owned(), body, region, target: target.clone(), presence, source };
    declaration.desired.settings.account_rules.push(rule);
}

impl PasswordPolicy {
    fn body(&self) -> Body {
        let mut body = Body::new();
        body.insert("minimum_length".into(), json!(self.minimum_length));
        body.insert("require_symbols".into(), json!(self.require_symbols));
        body.insert("require_numbers".into(), json!(self.require_numbers));
        body.insert("require_uppercase".into(), json!(self.require_uppercase));
        body.insert("require_lowercase".into(), json!(self.require_lowercase));
        body.insert("users_may_change".into(), json!(self.users_may_change));
        body.insert("reuse_prevention".into(), json!(self.reuse_prevention));
        body.insert("hard_expiry".into(), json!(self.hard_expiry));
        if let Some(days) = self.max_age_days {
            body.insert("max_age_days".into(), json!(days));
        }
        body
    }
}

impl EbsEncryption {
    fn body(&self) -> Body {
        self.key.iter().map(|key| ("key".to_owned(), json!(key))).collect()
    }

    fn regions(&self, declaration: &mut Declaration) -> Vec<String> {
        let Some(regions) = &self.regions else { return declaration.desired.settings.regions.clone() };
        for region in &regions.0 {
            super::aws_names::check_region(region, declaration);
        }
        regions.0.iter().map(|region| region.value.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::sections::declare_text;

    fn rules(settings: &str) -> Vec<String> {
        let text = format!(
            "version: 1\nname: b\norganization: {{regions: [eu-west-1, us-east-1], account_email: '{{name}}@x.example'}}\n\
             organizational_units: {{W: {{accounts: [a]}}}}\naccount_settings:\n{settings}"
        );
        let Ok(declared) = declare_text("landing.yaml", &text) else { panic!("it has mistakes") };
        let rules = declared.desired.settings.account_rules.iter();
        let shown = rules.map(|rule| format!("{} {:?} {} {:?}", rule.kind, rule.region, rule.target, rule.presence));
        shown.collect()
    }

    #[test]
    fn settings_are_for_every_account_and_every_region_unless_they_say_where() {
        assert_eq!(
            rules(
                "- {password_policy: {}, ebs_encryption: {}}\n- {in: W, ebs_encryption: {regions: eu-west-1, state: absent}}"
            ),
            [
                "password-policy None root Present",
                "ebs-encryption Some(\"eu-west-1\") root Present",
                "ebs-encryption Some(\"us-east-1\") root Present",
                "ebs-encryption Some(\"eu-west-1\") ou/W Absent",
            ]
        );
    }
}
