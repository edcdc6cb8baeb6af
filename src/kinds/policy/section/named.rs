//! Policies where they are attached: by their names, or written there.

use landing_blueprint::{Diagnostic, Place, Spanned};
use serde_json::Value;

use super::{PolicySection, declare_one, document, type_of};
use crate::declaration::Declaration;
use crate::kinds::policy::resource::Policy;
use crate::kinds::shared::resource::Resource;
use crate::model::Address;
use crate::template::{policies as policy_templates, policy as policy_template};

/// The policy of that name, or the built-in template of that name with its defaults.
pub(crate) fn named(name: &Spanned<String>, declaration: &mut Declaration) -> Option<Address> {
    if let Some(named) = declaration.named_policies.get(&name.value) {
        return named.clone();
    }
    if policy_template(name).is_some() {
        let section = PolicySection { template: Some(name.clone()), ..PolicySection::default() };
        return declare_again(name, &section, declaration);
    }
    let elsewhere = declaration.desired.of_kind(Policy::KIND).find(|policy| policy.address.name() == name.value);
    if let Some(elsewhere) = elsewhere {
        return Some(elsewhere.address.clone());
    }
    let names: Vec<String> = declaration
        .desired
        .of_kind(Policy::KIND)
        .map(|policy| policy.address.name())
        .chain(policy_templates().iter().map(|template| template.name.to_owned()))
        .collect();
    declaration.unknown("policy", name, name.place, names.iter().map(String::as_str), "write it under `policies`");
    None
}

/// The policy that is written where it is attached.
pub(crate) fn inline(section: &Spanned<PolicySection>, declaration: &mut Declaration) -> Option<Address> {
    if let Some(place) = section.guardrails_place() {
        let help = "name the guardrail under `guardrails`, or write the policy under `policies`";
        declaration.mistake("policy", place, "only a policy under `policies` can be said to be a guardrail", help);
        return None;
    }
    let stem = |file: &Spanned<String>| {
        let name = file.rsplit('/').next().unwrap_or(file);
        let name = name.split('.').next().unwrap_or(name).to_owned();
        Spanned::new(name, file.place)
    };
    let name = section.name.clone().or_else(|| section.file.as_ref().or(section.template.as_ref()).map(stem));
    let Some(name) = name else {
        declaration.mistake("policy", section.place, "the policy has no name", "write `name:` beside its `content`");
        return None;
    };
    declare_again(&name, section, declaration)
}

/// Wants a policy that may be written in several places, as long as it says the same in all of them.
fn declare_again(name: &Spanned<String>, section: &PolicySection, declaration: &mut Declaration) -> Option<Address> {
    let policy_type = type_of(section, declaration)?;
    let address = Address::new(policy_type.address_prefix(), [&name.value]);
    if declaration.desired.get(&address).is_none() {
        return declare_one(name, section, declaration);
    }
    let content = document(name, section, declaration)?.value;
    if differs(&address, section, &content, declaration) {
        let first = declaration.places.get(&address).copied().unwrap_or(Place::NOWHERE);
        let message = format!("{address} says something else here than where it is first written");
        declaration.diagnostics.push(
            Diagnostic::error("duplicate", message)
                .at(name.place)
                .label("another policy of this name")
                .also(first, "first here")
                .help("give one of them a `name:` of its own; a file or template gives its name unless there is one"),
        );
        return None;
    }
    Some(address)
}

/// Whether a policy says something else than the one that is wanted at `address`. What it does not say is the same.
fn differs(address: &Address, section: &PolicySection, content: &Value, declaration: &Declaration) -> bool {
    let Some(wanted) = declaration.desired.get(address) else { return false };
    let Some(policy) = Policy::of(&wanted.body) else { return false };
    let other_description = section.description.as_ref().is_some_and(|text| text.value != policy.description);
    let mut tags = section.tags.iter();
    let other_tag = tags.any(|(key, value)| policy.tags.get(&key.value) != Some(&value.value));
    let may_lock_out = declaration.desired.settings.may_lock_out.contains(address);
    let other_name = section.was.as_ref().is_some_and(|was| {
        let was = Address::new(address.prefix(), [&was.value]);
        !wanted.was.contains(&was)
    });
    policy.content != *content
        || other_description
        || other_tag
        || other_name
        || (section.may_lock_out && !may_lock_out)
}

#[cfg(test)]
mod tests {
    use crate::sections::declare_embedded;
    use landing_blueprint::{Diagnostics, Sources};

    const DENY: &str =
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "ec2:RunInstances", "Resource": "*"}}"#;
    const OTHER: &str =
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "iam:CreateUser", "Resource": "*"}}"#;

    /// Messages with the lines that each is about.
    fn reported(diagnostics: &Diagnostics, sources: &Sources) -> Vec<String> {
        let line = |place| sources.at(place);
        let reported = diagnostics.iter().map(|it| {
            let also: Vec<String> = it.also.iter().map(|(place, _)| line(*place)).collect();
            format!("{}: {} ({})", line(it.place.unwrap_or_default()), it.message, also.join(", "))
        });
        reported.collect()
    }

    fn mistakes(units: &str) -> Vec<String> {
        let text =
            format!("version: 1\nname: b\norganization: {{regions: [eu-west-1]}}\norganizational_units:\n{units}");
        let files =
            [("landing.yaml", text.as_str()), ("a/guard.json", DENY), ("b/guard.json", OTHER), ("c/guard.json", DENY)];
        match declare_embedded("landing.yaml", &files) {
            Ok(declared) => reported(&declared.warnings, &declared.sources),
            Err(failed) => reported(&failed.diagnostics, &failed.sources),
        }
    }

    const COLLIDES: &str = "scp/guard says something else here than where it is first written";

    #[test]
    fn policies_from_files_of_one_name_do_not_become_one() {
        let found = mistakes(
            "  A: {policies: [{file: a/guard.json}]}\n  B: {policies: [{file: b/guard.json}]}\n  C: {policies: [{file: c/guard.json}]}\n",
        );
        assert_eq!(found, [format!("landing.yaml:6: {COLLIDES} (landing.yaml:5)")]);
        assert!(
            mistakes("  A: {policies: [{file: a/guard.json}]}\n  C: {policies: [{file: c/guard.json}]}\n").is_empty()
        );
        let named = "  A: {policies: [{file: a/guard.json}]}\n  B: {policies: [{file: b/guard.json, name: other}]}\n";
        assert!(mistakes(named).is_empty());
    }

    #[test]
    fn a_policy_of_ones_own_and_a_file_of_its_name_do_not_become_one() {
        let policies =
            format!("  A: {{policies: [{{file: b/guard.json}}]}}\npolicies:\n  guard: {{content: {DENY}}}\n");
        let found = mistakes(&policies);
        assert_eq!(found, [format!("landing.yaml:5: {COLLIDES} (landing.yaml:7)")]);
    }

    #[test]
    fn a_template_with_other_parameters_does_not_become_one_with_the_first() {
        let one = |regions: &str| format!("{{template: region-restriction, parameters: {{regions: [{regions}]}}}}");
        let both = |first: &str, second: &str| {
            mistakes(&format!("  A: {{policies: [{first}]}}\n  B: {{policies: [{second}]}}\n"))
        };
        let reported = "landing.yaml:6: scp/region-restriction says something else here than where it is first written (landing.yaml:5)";
        assert_eq!(both(&one("eu-west-1"), &one("us-east-1")), [reported]);
        assert_eq!(both(&one("us-east-1"), "region-restriction"), [reported]);
        assert_eq!(both("region-restriction", &one("us-east-1")), [reported]);
        assert!(both(&one("eu-west-1"), "region-restriction").is_empty(), "the same comes out");
        assert!(both(&one("us-east-1"), &one("us-east-1")).is_empty());
    }

    #[test]
    fn what_is_said_beside_a_policy_must_be_the_same_too() {
        let both = |more: &str| {
            mistakes(&format!(
                "  A: {{policies: [{{file: a/guard.json, description: D, tags: {{t: x}}}}]}}\n  B: {{policies: [{{file: a/guard.json, {more}}}]}}\n"
            ))
        };
        for same in ["description: D", "tags: {t: x}", "type: scp"] {
            assert!(both(same).is_empty(), "{same}");
        }
        for other in ["description: E", "tags: {t: y}", "tags: {u: x}", "may_lock_out: true", "was: old"] {
            assert_eq!(both(other), [format!("landing.yaml:6: {COLLIDES} (landing.yaml:5)")], "{other}");
        }
    }
}
