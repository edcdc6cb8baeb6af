use landing_blueprint::Spanned;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::declaration::Declaration;
use crate::declaration::except::Except;
use crate::declaration::one_or_many::OneOrMany;
use crate::declaration::state::State;
use crate::declaration::targets::{self, Target};
use crate::kinds::resource::Resource;
use crate::kinds::section::account_alias::AccountAlias;
use crate::kinds::section::ebs_encryption::EbsEncryption;
use crate::kinds::section::password_policy::PasswordPolicy;
use crate::model::{AccountRule, Address, Excluded, Exclusion, Presence};

/// Settings that accounts have of their own, and that no stack can make.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct AccountSettings {
    /// Units, accounts, `management`, `root`, which is every account, or `members`, which is every one but the management
    /// account. An account of several entries has the last one's.
    #[serde(rename = "in")]
    #[schemars(extend("x-form" = "target"))]
    places: Option<OneOrMany>,
    /// The accounts and regions there that the settings are not for.
    except: Option<Except>,
    /// What is asked of the passwords of IAM users.
    password_policy: Option<Spanned<PasswordPolicy>>,
    /// New EBS volumes are encrypted, regardless of who makes them.
    ebs_encryption: Option<Spanned<EbsEncryption>>,
    /// The alias that sign-in addresses have in place of the account's id. `{name}` stands for what the blueprint calls the account,
    /// in lower-case letters, digits and hyphens: its key, or its name. A map with `state: absent` deletes the alias.
    #[schemars(extend("x-form" = "alias"))]
    alias: Option<AccountAlias>,
}

/// Wants the settings for every account at or below their places that is not excluded.
pub(super) fn declare(all: &[Spanned<AccountSettings>], declaration: &mut Declaration) {
    for settings in all {
        let except = settings.except.as_ref();
        let Excluded { accounts, regions } =
            except.map(|except| except.resolve(settings.place, declaration)).unwrap_or_default();
        for target in targets(settings, &accounts, declaration) {
            if let Some(policy) = &settings.password_policy {
                add(&policy.resource(), None, policy.state, &target, declaration);
            }
            if let Some(encryption) = &settings.ebs_encryption {
                for region in encryption.regions(declaration).into_iter().filter(|region| !regions.contains(region)) {
                    add(&encryption.resource(), Some(region), encryption.state, &target, declaration);
                }
            }
            if let Some(alias) = &settings.alias {
                alias.check(&target, declaration);
                add(&alias.resource(), None, alias.state(), &target, declaration);
            }
        }
    }
}

fn targets(settings: &Spanned<AccountSettings>, except: &Exclusion, declaration: &mut Declaration) -> Vec<Target> {
    let everywhere = [Spanned::new(Address::root().to_string(), settings.place)];
    let places = settings.places.as_ref().map_or(everywhere.as_slice(), |places| places.0.as_slice());
    targets::resolve_all(places, except, declaration)
}

fn add<R: Resource>(setting: &R, region: Option<String>, state: State, target: &Target, declaration: &mut Declaration) {
    let Target { address, place, except } = target;
    let source = place.is_somewhere().then(|| declaration.sources.at(*place));
    let presence = if state == State::Present { Presence::Present } else { Presence::Absent };
    let (kind, body) = (R::KIND.to_owned(), setting.body());
    let (target, except) = (address.clone(), except.clone());
    let rule = AccountRule { kind, body, region, target, except, presence, source };
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
        assert_eq!(
            rules("- {alias: 'x-{name}'}\n- {in: a, alias: shop}\n- {in: management, alias: {state: absent}}"),
            [
                "account-alias None root Present",
                "account-alias None account/a Present",
                "account-alias None management Absent",
            ]
        );
    }

    /// The line and message of the only mistake.
    fn mistake(settings: &str) -> String {
        let text = format!(
            "version: 1\nname: b\norganization: {{regions: [eu-west-1], account_email: '{{name}}@x.example'}}\n\
             organizational_units: {{W: {{accounts: [a, {{name: 会計, email: k@x.example}}]}}}}\naccount_settings:\n{settings}"
        );
        let failed = declare_text("landing.yaml", &text).expect_err("it has a mistake");
        let line = |place: Option<landing_blueprint::Place>| failed.sources.position(place.unwrap_or_default()).0;
        let reported: Vec<String> =
            failed.diagnostics.iter().map(|it| format!("{}: {}", line(it.place), it.message)).collect();
        assert_eq!(reported.len(), 1, "{reported:?}");
        reported[0].clone()
    }

    #[test]
    fn an_alias_that_cannot_be_one_is_a_mistake_at_its_place() {
        let letters = "an alias has lower-case letters, digits and hyphens";
        for (settings, reported) in [
            ("- {in: a}\n- {in: W, alias: acme}", "7: every account of ou/W would have the alias `acme`".to_owned()),
            ("- {alias: acme}", "6: every account of root would have the alias `acme`".to_owned()),
            ("- {in: a, alias: Acme}", format!("6: `Acme` cannot be an alias: {letters}")),
            ("- {in: W, alias: 'A-{name}'}", format!("6: `A-{{name}}` cannot be an alias: {letters}")),
            (
                "- {in: W, alias: 'acme-{name}'}",
                "6: `acme-{name}` of account/会計: `acme-` cannot be an alias: an alias has hyphens one by one, and neither \
                 first nor last"
                    .to_owned(),
            ),
            ("- {in: a, alias: {state: present}}", "6: this alias is empty".to_owned()),
        ] {
            assert_eq!(mistake(settings), reported, "{settings}");
        }
        assert_eq!(rules("- {in: a, alias: 'acme-{name}'}").len(), 1);
    }

    #[test]
    fn what_is_excluded_stays_with_each_rule_and_regions_have_none() {
        let text = "version: 1\nname: b\norganization: {regions: [eu-west-1, us-east-1], account_email: '{name}@x.example'}\n\
                    organizational_units: {W: {accounts: [a, b]}}\naccount_settings:\n\
                    - {in: members, except: {in: a, regions: us-east-1, tags: {env: [dev, test]}}, password_policy: {}, ebs_encryption: {}}\n\
                    - {except: [W], password_policy: {}}\n";
        let Ok(declared) = declare_text("landing.yaml", text) else { panic!("it has mistakes") };
        let rules = declared.desired.settings.account_rules.iter();
        let shown = rules.map(|rule| {
            let except = serde_json::to_string(&rule.except).unwrap_or_default();
            format!("{} {:?} {} {except}", rule.kind, rule.region, rule.target)
        });
        let members = r#"root {"places":["account/a","management"],"tags":{"env":["dev","test"]}}"#;
        assert_eq!(
            shown.collect::<Vec<_>>(),
            [
                format!("password-policy None {members}"),
                format!("ebs-encryption Some(\"eu-west-1\") {members}"),
                r#"password-policy None root {"places":["ou/W"]}"#.to_owned(),
            ]
        );
    }
}
