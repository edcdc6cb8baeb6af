//! Names that only AWS gives, checked against tables of what AWS had on a certain day: regions, services, managed policies,
//! actions and condition keys.
//!
//! The table of regions is complete, so an unknown region is an error. AWS adds to the others every week, so what they do
//! not have is a warning.

use std::collections::BTreeSet;

use landing_blueprint::{Diagnostic, Place, Spanned};
use landing_policy::{
    Lookup, PRINCIPALS_DATE, REGIONS_DATE, look_up_managed_policy, look_up_principal, look_up_region,
    managed_policies_date, may_be_newer_region, region_called, services,
};
use serde_json::{Map, Value};

use crate::declaration::Declaration;
use crate::model::partition_of;

/// How many different regions of a policy are looked up: AWS has fewer, and looking for what was meant takes long.
const MOST_REGIONS: usize = 200;
/// Where to name a region that is newer than the table.
const NEWER: &str = "name a region that is newer than this version of landing under `organization.extra_regions`";

/// Whether AWS has this region, in the partition of the home region.
pub(crate) fn check_region(region: &Spanned<String>, declaration: &mut Declaration) {
    if region_called(region).is_none() && !declaration.extra_regions.contains(&region.value) {
        let lookup = if declaration.may_suggest() { look_up_region(region) } else { Lookup::Unknown };
        let message = format!("no region is called `{}`, as of {REGIONS_DATE}", region.value);
        let help = match lookup.question() {
            Some(question) if may_be_newer_region(region) => format!("{question} Otherwise {NEWER}"),
            Some(question) => question,
            None if may_be_newer_region(region) => NEWER.to_owned(),
            None => {
                "write its code, such as eu-west-1; landing works in the partitions aws, aws-us-gov, aws-cn and aws-eusc".into()
            }
        };
        return declaration.mistake("region", region.place, message, help);
    }
    let home = declaration.desired.settings.home_region.clone();
    let (own, other) = (partition_of(&home), partition_of(region));
    if !home.is_empty() && own != other {
        let message = format!("{} is a region of the partition {other}, the home region {home} of {own}", region.value);
        declaration.mistake("region", region.place, message, "an organization lies in one partition: remove it");
    }
}

/// Whether this may be the code of a region that is newer than the table.
pub(crate) fn check_extra_region(region: &Spanned<String>, declaration: &mut Declaration) {
    if !look_up_region(region).is_found() && !may_be_newer_region(region) {
        let help = look_up_region(region).question().unwrap_or_else(|| "write its code, such as eu-west-1".into());
        declaration.mistake("region", region.place, format!("`{}` cannot be a newer region", region.value), help);
    }
}

/// Every account has the regions of before March 2019: AWS refuses to disable one of them.
/// <https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html>
pub(crate) fn check_opt_in(region: &Spanned<String>, is_on: bool, declaration: &mut Declaration) {
    check_region(region, declaration);
    if !is_on && region_called(region).is_some_and(|region| !region.is_opt_in) {
        let message = format!("{} is enabled in every account: AWS does not disable it", region.value);
        declaration.mistake("region", region.place, message, "deny it by the guardrail `region-restriction` instead");
    }
}

/// Whether this is the principal of a service that works with Organizations.
pub(crate) fn check_principal(service: &Spanned<String>, declaration: &mut Declaration) {
    if !service.contains('.') {
        let help = format!("write the service's principal, such as {}.amazonaws.com", service.value);
        let message = format!("`{}` is not a service principal", service.value);
        return declaration.mistake("service", service.place, message, help);
    }
    let message = format!(
        "no service that works with Organizations has the principal `{}`, as of {PRINCIPALS_DATE}",
        service.value
    );
    warn(|| look_up_principal(service), "service", service.place, message, declaration);
}

/// Whether AWS manages a policy of this path and name: `job-function/ViewOnlyAccess`.
pub(crate) fn check_managed_policy(path: &str, place: Place, declaration: &mut Declaration) {
    let message = format!("AWS manages no policy `{path}`, as of {}", managed_policies_date());
    warn(|| look_up_managed_policy(path), "managed-policy", place, message, declaration);
}

/// Whether a service has this action; `*` and `?` stand for anything.
pub(crate) fn check_action(action: &str, place: Place, declaration: &mut Declaration) {
    let message = format!("no service has the action `{action}`, as of {}", services().date());
    warn(|| services().look_up_action(action), "unknown-action", place, message, declaration);
}

/// The same where the action is asked about: one that is misspelled is an error, since no answer about it means anything.
pub(crate) fn require_action(action: &str, place: Place, declaration: &mut Declaration) {
    if !declaration.may_still_suggest() {
        return;
    }
    match services().look_up_action(action) {
        Lookup::Near(near) if declaration.may_suggest() => {
            let message = format!("no service has the action `{action}`, as of {}", services().date());
            declaration.mistake("unknown-action", place, message, format!("did you mean `{near}`?"));
        }
        _ => check_action(action, place, declaration),
    }
}

/// Whether some request carries this condition key.
pub(crate) fn check_key(key: &Spanned<String>, declaration: &mut Declaration) {
    let message = format!("no request carries the key `{}`, as of {}", key.value, services().date());
    warn(|| services().look_up_key(key), "unknown-condition-key", key.place, message, declaration);
}

/// Warns of a name that is not in its table. After so many that no one reads on, the rest is not looked up: looking for what
/// was meant takes long.
fn warn(
    look_up: impl FnOnce() -> Lookup,
    code: &'static str,
    place: Place,
    message: String,
    declaration: &mut Declaration,
) {
    if !declaration.may_still_suggest() {
        return;
    }
    let lookup = look_up();
    if !lookup.is_found() && declaration.may_suggest() {
        let help = lookup.question().unwrap_or_else(|| "check its spelling, unless it is newer than that".to_owned());
        declaration.diagnostics.push(Diagnostic::warning(code, message).at(place).help(help));
    }
}

/// Checks what a built-in template or guardrail is given, by the names of its parameters: `regions`, `exempt_actions`,
/// `apply_managed_policies`. References to other resources are left out.
pub(crate) fn check_given(given: &Map<String, Value>, place: Place, declaration: &mut Declaration) {
    for (name, value) in given {
        let before = declaration.diagnostics.iter().len();
        let is_of = |what: &str| is_named_for(what, name);
        for text in texts(value).filter(|text| !text.contains("${")) {
            if is_of("region") || is_of("regions") {
                check_region(&Spanned::new(text.to_owned(), place), declaration);
            } else if is_of("actions") {
                check_action(text, place, declaration);
            } else if is_of("managed_policies") {
                check_managed_policy(text, place, declaration);
            }
        }
        // Finding the key reads the file again.
        if declaration.diagnostics.iter().len() > before {
            let key = declaration.sources.key(place, name);
            declaration.diagnostics.move_rest(before, key);
        }
    }
}

/// Whether a parameter's name says that its values are of a sort: `regions` and `linked_regions` are regions.
pub(crate) fn is_named_for(what: &str, name: &str) -> bool {
    name.strip_suffix(what).is_some_and(|start| start.is_empty() || start.ends_with('_'))
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    items.iter().filter_map(Value::as_str)
}

/// The values of `aws:RequestedRegion` in a policy that are no region, with JSON pointers to them. Those with wildcards are
/// left out, and those that may be of a newer region.
pub(crate) fn wrong_regions(document: &Value) -> Vec<(String, String, String)> {
    let statements = &document["Statement"];
    let listed: Vec<(String, &Value)> = match statements {
        Value::Array(all) => all.iter().enumerate().map(|(at, one)| (format!("/Statement/{at}"), one)).collect(),
        one => vec![("/Statement".to_owned(), one)],
    };
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for (path, statement) in listed {
        for (operator, keys) in statement["Condition"].as_object().into_iter().flatten() {
            let keys = keys.as_object().into_iter().flatten();
            for (key, values) in keys.filter(|(key, _)| key.eq_ignore_ascii_case("aws:RequestedRegion")) {
                let at = format!("{path}/Condition/{}/{key}", operator.replace('~', "~0").replace('/', "~1"));
                let new = texts(values).filter(|text| seen.len() < MOST_REGIONS && seen.insert(*text));
                wrong.extend(new.filter_map(|text| Some((at.clone(), text.to_owned(), misspelt(text)?))));
            }
        }
    }
    wrong
}

/// The region that was probably meant by a text that is none.
fn misspelt(text: &str) -> Option<String> {
    let is_plain = !text.contains(['*', '?', '$']) && !may_be_newer_region(text);
    look_up_region(text).question().filter(|_| is_plain)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sections::declare_text;

    fn found(text: &str) -> Vec<String> {
        let text = format!("version: 1\nname: b\n{text}");
        let (diagnostics, sources) = match declare_text("landing.yaml", &text) {
            Ok(declared) => (declared.warnings, declared.sources),
            Err(failed) => (failed.diagnostics, failed.sources),
        };
        let line = |place: Option<Place>| sources.position(place.unwrap_or_default()).0;
        let shown = diagnostics.iter().map(|it| {
            format!("{} {}: {} | {}", it.severity.name(), line(it.place), it.message, it.help.as_deref().unwrap_or(""))
        });
        shown.collect()
    }

    #[test]
    fn a_region_that_does_not_exist_is_an_error_wherever_a_region_is_named() {
        let reported = "no region is called `us-eats-1`, as of 2026-11-27 | did you mean `us-east-1`?";
        for (text, line) in [
            ("organization: {home_region: us-eats-1}", 3),
            ("organization:\n  regions: [eu-west-1, us-eats-1]", 4),
            (
                "organization:\n  regions: [eu-west-1]\n  opt_in_regions: [us-eats-1]\naccounts: [{name: a, email: a@x.example}]",
                5,
            ),
            ("organization: {home_region: eu-west-1}\naccount_settings:\n- ebs_encryption: {regions: [us-eats-1]}", 5),
            ("organization: {home_region: eu-west-1}\nguardrails:\n- region-restriction: {regions: [us-eats-1]}", 5),
            (
                "organization:\n  home_region: eu-west-1\n  policies:\n  - {template: region-restriction, parameters: {regions: [us-eats-1]}}",
                6,
            ),
            (
                "organization: {home_region: eu-west-1}\nstacks:\n  budget:\n    in: [management]\n    parameters: {limit_usd: 1, emails: [a@x.example]}\n    regions: [us-eats-1]",
                8,
            ),
            ("organization: {home_region: eu-west-1}\nexpect:\n- {deny: ec2:RunInstances, region: us-eats-1}", 5),
        ] {
            let found = found(text);
            assert!(found.contains(&format!("error {line}: {reported}")), "{text}\n{found:#?}");
        }
    }

    #[test]
    fn a_newer_region_is_taken_where_the_blueprint_names_it_as_one() {
        let text = |extra: &str| format!("organization: {{regions: [eu-west-1, ap-southeast-8]{extra}}}");
        let [reported] = found(&text("")).try_into().expect("one error");
        assert!(
            reported.contains("no region is called `ap-southeast-8`")
                && reported.contains("`organization.extra_regions`"),
            "{reported}"
        );
        assert!(found(&text(", extra_regions: [ap-southeast-8]")).is_empty());
        let [reported] = found(&text(", extra_regions: [ap-southeast-8, us-eats-1]")).try_into().expect("one error");
        assert!(reported.contains("`us-eats-1` cannot be a newer region | did you mean `us-east-1`?"), "{reported}");
    }

    #[test]
    fn an_organization_lies_in_one_partition() {
        let [reported] = found("organization: {regions: [eu-west-1, cn-north-1]}").try_into().expect("one error");
        assert!(
            reported.contains("cn-north-1 is a region of the partition aws-cn, the home region eu-west-1 of aws"),
            "{reported}"
        );
        assert!(found("organization: {regions: [us-gov-west-1, us-gov-east-1]}").is_empty());
        assert!(found("organization: {regions: [cn-north-1, cn-northwest-1]}").is_empty());
        assert!(found("organization: {regions: [eusc-de-east-1]}").is_empty());
    }

    #[test]
    fn a_region_that_every_account_has_is_not_disabled() {
        let text = |region: &str| {
            format!(
                "organization: {{regions: [eu-west-1], opt_in_regions: [{{name: {region}, state: absent}}]}}\naccounts: [{{name: a, email: a@x.example}}]"
            )
        };
        assert!(found(&text("us-east-2"))[0].contains("us-east-2 is enabled in every account"));
        assert!(found(&text("eu-south-1")).is_empty());
    }

    #[test]
    fn what_may_be_newer_than_the_tables_is_a_warning_with_what_was_probably_meant() {
        for (text, reported) in [
            (
                "organization: {home_region: eu-west-1, trusted_access: [gaurdduty.amazonaws.com]}",
                "warning 3: no service that works with Organizations has the principal `gaurdduty.amazonaws.com`, as of 2026-11 | did you mean `guardduty.amazonaws.com`?",
            ),
            (
                "organization: {home_region: eu-west-1, delegated_administrators: [{service: newest.amazonaws.com, account: a}]}\naccounts: [{name: a, email: a@x.example}]",
                "warning 3: no service that works with Organizations has the principal `newest.amazonaws.com`, as of 2026-11 | check its spelling, unless it is newer than that",
            ),
            (
                "organization: {home_region: eu-west-1}\nidentity:\n  permission_sets:\n    s: {managed_policies: [ViewOnlyAccess]}",
                "warning 6: AWS manages no policy `ViewOnlyAccess`, as of 2026-09-30 | did you mean `job-function/ViewOnlyAccess`?",
            ),
            (
                "organization: {home_region: eu-west-1}\nexpect:\n- {allow: ec2:RunInstance}",
                "error 5: no service has the action `ec2:RunInstance`, as of 2026-09-23 | did you mean `ec2:RunInstances`?",
            ),
            (
                "organization: {home_region: eu-west-1}\nexpect:\n- {allow: ec2:RunInstances, context: {ec2:InstanceTyp: t3.micro}}",
                "warning 5: no request carries the key `ec2:InstanceTyp`, as of 2026-09-23 | did you mean `ec2:InstanceType`?",
            ),
            (
                "organization: {home_region: eu-west-1}\nguardrails:\n- region-restriction: {regions: [eu-west-1], exempt_actions: [cloudfrnt:*]}",
                "warning 5: no service has the action `cloudfrnt:*`, as of 2026-09-23 | did you mean `cloudfront:*`?",
            ),
        ] {
            assert_eq!(found(text), [reported], "{text}");
        }
    }

    #[test]
    fn a_policy_of_ones_own_is_reported_in_a_region_that_is_misspelt() {
        let document = json!({"Statement": [{"Condition": {"StringNotEquals": {
            "aws:requestedregion": ["eu-west-1", "us-eats-1", "ap-southeast-9", "eu-*", "${x}"]
        }}}]});
        let at = "/Statement/0/Condition/StringNotEquals/aws:requestedregion".to_owned();
        assert_eq!(wrong_regions(&document), [(at, "us-eats-1".to_owned(), "did you mean `us-east-1`?".to_owned())]);
        assert!(
            wrong_regions(&json!({"Statement": {"Condition": {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}}}))
                .is_empty()
        );
        let [reported] = found(
            "organization: {home_region: eu-west-1}\npolicies:\n  p:\n    content:\n      Version: '2012-10-17'\n      Statement:\n      - Effect: Deny\n        Action: '*'\n        Resource: '*'\n        Condition: {StringNotEquals: {aws:RequestedRegion: us-eats-1}}",
        )
        .try_into()
        .expect("one error");
        assert!(reported.starts_with("error 12: policy p: no region is called `us-eats-1`"), "{reported}");
    }
}
