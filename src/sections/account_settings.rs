use landing_blueprint::{Place, Spanned};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::declaration::Declaration;
use crate::declaration::one_or_many::OneOrMany;
use crate::declaration::state::State;
use crate::declaration::target;
use crate::kinds::resource::Resource;
use crate::kinds::section::ebs_encryption::EbsEncryption;
use crate::kinds::section::password_policy::PasswordPolicy;
use crate::model::{AccountRule, Address, Presence};

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

/// Wants the settings for every account at or below their places.
pub(super) fn declare(all: &[Spanned<AccountSettings>], declaration: &mut Declaration) {
    for settings in all {
        for (target, place) in targets(settings, declaration) {
            if let Some(policy) = &settings.password_policy {
                add(&policy.resource(), None, policy.state, &target, place, declaration);
            }
            if let Some(encryption) = &settings.ebs_encryption {
                for region in encryption.regions(declaration) {
                    add(&encryption.resource(), Some(region), encryption.state, &target, place, declaration);
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

fn add<R: Resource>(
    setting: &R,
    region: Option<String>,
    state: State,
    target: &Address,
    place: Place,
    declaration: &mut Declaration,
) {
    let source = place.is_somewhere().then(|| declaration.sources.at(place));
    let presence = if state == State::Present { Presence::Present } else { Presence::Absent };
    let (kind, body) = (R::KIND.to_owned(), setting.body());
    let rule = AccountRule { kind, body, region, target: target.clone(), presence, source };
    declaration.desired.settings.account_rules.push(rule);
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
