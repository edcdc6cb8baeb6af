//! Actions that no service has
//! (<https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>).

use super::code::Code;
use super::finding::Finding;
use crate::services::{Service, Services, meant, services};
use crate::view::{Item, Policy};

/// For so many unknown actions of a policy the name is looked for that was meant: each is compared with hundreds.
const CORRECTED: usize = 100;

pub(super) fn find(policy: &Policy<'_>) -> Vec<Finding> {
    let items = policy.statements.iter().flat_map(|statement| &statement.actions.items);
    let unknown = items.filter_map(|item| Unknown::new(item, services()));
    unknown.enumerate().map(|(number, unknown)| unknown.finding(services(), number < CORRECTED)).collect()
}

/// An action that no service has.
struct Unknown<'p> {
    item: &'p Item,
    prefix: &'p str,
    name: &'p str,
    /// The services that its prefix names.
    services: Vec<&'static Service>,
}

impl<'p> Unknown<'p> {
    fn new(item: &'p Item, services: &'static Services) -> Option<Self> {
        let (prefix, name) = item.text.split_once(':')?;
        let services: Vec<&Service> = services.matching(prefix).into_iter().map(|(_, service)| service).collect();
        let exists = services.iter().any(|service| !service.matching(name).is_empty());
        (!exists).then_some(Self { item, prefix, name, services })
    }

    fn finding(&self, services: &Services, is_corrected: bool) -> Finding {
        let Self { item, prefix, .. } = self;
        let message = if self.services.is_empty() {
            format!("no service has the prefix `{prefix}`")
        } else {
            format!("no action is called `{}`", item.text)
        };
        let message = format!("{message}, as of {}", services.date());
        let finding = Finding::new(Code::UnknownAction, &item.path, message);
        match is_corrected.then(|| self.meant(services)).flatten() {
            Some(action) => finding.help(format!("did you mean `{action}`?")).fix(format!("\"{action}\"")),
            None => finding.help("it matches nothing unless it is newer than this table"),
        }
    }

    /// The action that was probably meant.
    fn meant(&self, services: &Services) -> Option<String> {
        let Self { prefix, name, .. } = self;
        if self.services.is_empty() {
            return Some(format!("{}:{name}", meant(prefix, services.prefixes())?));
        }
        if name.contains(['*', '?']) {
            return None;
        }
        let known = self.services.iter().flat_map(|service| &service.actions).map(|action| action.name.as_str());
        Some(format!("{prefix}:{}", meant(name, known)?))
    }
}
