//! Actions that no service has
//! (<https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>).

use super::code::Code;
use super::finding::Finding;
use crate::policy::services::{Service, Services, meant, services};
use crate::policy::value::Pattern;
use crate::policy::view::{Item, Policy};

pub(super) fn find(policy: &Policy<'_>) -> Vec<Finding> {
    let items = policy.statements.iter().flat_map(|statement| &statement.actions.items);
    items.filter_map(|item| unknown(item, services())).collect()
}

fn unknown(item: &Item, services: &Services) -> Option<Finding> {
    let (prefix, name) = item.text.split_once(':')?;
    let prefix_pattern = Pattern::in_lower_case(prefix);
    let found: Vec<&Service> = services.matching(&prefix_pattern).map(|(_, service)| service).collect();
    if found.is_empty() {
        let finding = unknown_finding(item, format!("no service has the prefix `{prefix}`"), services);
        return Some(offer(finding, meant(prefix, services.prefixes()), |better| format!("{better}:{name}")));
    }
    let name_pattern = Pattern::in_lower_case(name);
    let exists = |service: &&Service| match name_pattern.has_wildcards() {
        false => service.action(name).is_some(),
        true => service.actions.iter().any(|action| name_pattern.matches(&action.name.to_lowercase())),
    };
    if found.iter().any(exists) {
        return None;
    }
    let known = found.iter().flat_map(|service| &service.actions).map(|action| action.name.as_str());
    let better = (!name_pattern.has_wildcards()).then(|| meant(name, known)).flatten();
    let finding = unknown_finding(item, format!("no action is called `{}`", item.text), services);
    Some(offer(finding, better, |better| format!("{prefix}:{better}")))
}

fn unknown_finding(item: &Item, message: String, services: &Services) -> Finding {
    Finding::new(Code::UnknownAction, &item.path, format!("{message}, as of {}", services.date()))
}

fn offer(finding: Finding, better: Option<&str>, whole: impl Fn(&str) -> String) -> Finding {
    match better.map(whole) {
        Some(action) => finding.help(format!("did you mean `{action}`?")).fix(format!("\"{action}\"")),
        None => finding.help("it matches nothing unless it is newer than this table"),
    }
}
