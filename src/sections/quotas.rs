//! What a blueprint says of quotas: on policies by their type, on requests by their operation.

use landing_blueprint::Spanned;
use landing_policy::services;

use super::blueprint::Blueprint;
use super::organization::QuotaSection;
use crate::declaration::Declaration;
use crate::kinds::{reads, writes};
use crate::model::{Counted, Operations, OwnRate, PolicyQuota, REQUEST_RATES, RequestRate};

/// Takes the quotas of the organization.
pub(super) fn take(blueprint: &Blueprint, declaration: &mut Declaration) {
    for (name, quota) in &blueprint.organization.quotas {
        if name.contains(':') {
            take_rate(name, quota, declaration);
        } else {
            take_policy_quota(name, quota, declaration);
        }
    }
}

fn take_policy_quota(name: &Spanned<String>, quota: &QuotaSection, declaration: &mut Declaration) {
    let Some(policy_type) = crate::kinds::section::policy::policy_type(name, declaration) else { return };
    if quota.per_second.is_some() || quota.burst.is_some() {
        let message = format!("`{}` is a policy type: it has no `per_second` and no `burst`", name.value);
        let help = "write them of an operation, such as `organizations:DescribePolicy`";
        declaration.mistake("quota", name.place, message, help);
    }
    let quota = PolicyQuota { size: quota.size(), per_target: quota.per_target() };
    declaration.desired.settings.quotas.insert(policy_type.api_name().into(), quota);
    declaration.quotas = declaration.quotas.clone().changed(policy_type, quota.size, quota.per_target);
}

fn take_rate(name: &Spanned<String>, quota: &QuotaSection, declaration: &mut Declaration) {
    if quota.size().is_some() || quota.per_target().is_some() {
        let message = format!("`{}` is an operation: it has no `size` and no `per_target`", name.value);
        declaration.mistake("quota", name.place, message, "write them of a policy type, such as `scp`");
    }
    let Some(per_second) = quota.per_second else {
        let message = format!("the quota of `{}` lacks `per_second`", name.value);
        return declaration.mistake("quota", name.place, message, "write how many requests AWS takes a second");
    };
    if is_known(name, declaration) && counts_alone(name, declaration) {
        let rate = OwnRate { per_second, burst: quota.burst };
        declaration.desired.settings.request_rates.put(name, rate);
    }
}

/// Whether the name is of an operation, or of several, that landing may call.
fn is_known(name: &Spanned<String>, declaration: &mut Declaration) -> bool {
    let (service, operation) = name.split_once(':').unwrap_or((name, ""));
    let mut called: Vec<&str> = called_services().collect();
    called.sort_unstable();
    called.dedup();
    if !called.iter().any(|known| known.eq_ignore_ascii_case(service)) {
        let otherwise = format!("landing calls {}", called.join(", "));
        declaration.unknown("service that landing calls", service, name.place, called.iter().copied(), &otherwise);
        return false;
    }
    let start = operation.strip_suffix('*').unwrap_or(operation);
    let is_plain = start.chars().all(|c| c.is_ascii_alphanumeric());
    let found = services().look_up_action(name);
    if is_plain && !operation.is_empty() && (operation == "*" || found.is_found()) {
        return true;
    }
    let otherwise = "write one operation as AWS's API names it, or the beginning of several and `*` behind it";
    let help = found.question().filter(|_| is_plain).unwrap_or_else(|| otherwise.into());
    declaration.mistake("unknown-name", name.place, format!("no operation is called `{}`", name.value), help);
    false
}

/// The services that landing calls, by the prefixes that IAM gives them; some more than once.
fn called_services() -> impl Iterator<Item = &'static str> {
    let of_kinds = reads().chain(writes()).filter_map(|action| action.split_once(':')).map(|(service, _)| service);
    of_kinds.chain(REQUEST_RATES.iter().map(|row| row.service).filter(|service| *service != "*")).chain(["ssm", "s3"])
}

/// Whether AWS counts the operations of the name by themselves, or all of a service are named.
fn counts_alone(name: &Spanned<String>, declaration: &mut Declaration) -> bool {
    let (service, operation) = name.split_once(':').unwrap_or((name, ""));
    let row = RequestRate::of(&service.to_lowercase(), operation);
    if row.counted == Counted::EachOperation || row.operations != Operations::All || operation == "*" {
        return true;
    }
    let message = format!("AWS counts all requests to `{service}` together, not those of `{operation}` alone");
    declaration.mistake("quota", name.place, message, format!("write `{service}:*`"));
    false
}

#[cfg(test)]
mod tests {
    use super::super::declare_text;
    use crate::model::Settings;

    fn settings(quotas: &str) -> Result<Settings, Vec<String>> {
        let text = format!(
            "version: 1\nname: b\norganization: {{regions: [eu-west-1], quotas: {{{quotas}}}}}\naccounts: []\n"
        );
        let said = |failed: landing_blueprint::Failed| {
            let shown = failed.diagnostics.render(&failed.sources, false, 200);
            failed.diagnostics.iter().map(|it| it.message.clone()).chain([shown]).collect()
        };
        declare_text("landing.yaml", &text).map(|declared| declared.desired.settings).map_err(|failed| said(*failed))
    }

    #[test]
    fn rates_are_said_by_operation_by_beginning_and_by_service() {
        let said = "scp: {per_target: 12}, organizations:DescribePolicy: {per_second: 10, burst: 20}, \
                    organizations:List*: {per_second: 7.5}, sso:*: {per_second: 40}";
        let settings = settings(said).unwrap();
        let of = |service, operation| settings.request_rates.of(service, operation).map(|it| (it.per_second, it.burst));
        assert_eq!(of("organizations", "DescribePolicy"), Some((10.0, Some(20.0))));
        assert_eq!(of("organizations", "ListAccounts"), Some((7.5, None)));
        assert_eq!(of("sso", "*"), Some((40.0, None)));
        assert_eq!(of("organizations", "AttachPolicy"), None);
        assert_eq!(settings.quotas.len(), 1, "those of policies are beside them");
    }

    #[test]
    fn what_cannot_be_a_rate_is_refused_where_it_is_written() {
        let refused = |quotas: &str, message: &str, help: &str| {
            let said = settings(quotas).unwrap_err();
            let shown = said.last().unwrap();
            assert!(said[0] == message, "{said:?}");
            assert!(shown.contains(help) && shown.contains("landing.yaml:3:"), "{shown}");
        };
        let zero = |number: &str| format!("organizations:ListRoots: {{per_second: {number}}}");
        let least = "`organization.quotas.organizations:ListRoots.per_second` must be at least 0.01";
        refused(&zero("0"), least, "");
        refused(&zero("-1"), least, "");
        refused(
            "organizations:ListRoots: {per_second: 1, burst: 0}",
            &least.replace("per_second", "burst").replace("0.01", "1.0"),
            "",
        );
        refused(
            "organizations:DescribPolicy: {per_second: 1}",
            "no operation is called `organizations:DescribPolicy`",
            "did you mean `organizations:DescribePolicy`?",
        );
        refused(
            "organisations:ListRoots: {per_second: 1}",
            "no service that landing calls is called `organisations`",
            "did you mean `organizations`?",
        );
        refused(
            "organizations:*Policy: {per_second: 1}",
            "no operation is called `organizations:*Policy`",
            "the beginning of several and `*` behind it",
        );
        refused(
            "sso:ListInstances: {per_second: 1}",
            "AWS counts all requests to `sso` together, not those of `ListInstances` alone",
            "write `sso:*`",
        );
        refused(
            "organizations:ListRoots: {burst: 3}",
            "the quota of `organizations:ListRoots` lacks `per_second`",
            "how many requests AWS takes a second",
        );
        refused(
            "organizations:ListRoots: {per_second: 3, size: 3}",
            "`organizations:ListRoots` is an operation: it has no `size` and no `per_target`",
            "such as `scp`",
        );
        refused(
            "scp: {per_second: 3}",
            "`scp` is a policy type: it has no `per_second` and no `burst`",
            "such as `organizations:DescribePolicy`",
        );
    }
}
