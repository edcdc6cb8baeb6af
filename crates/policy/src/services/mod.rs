//! What AWS's services have: actions, condition keys, resource types, and CloudTrail's names of their calls.
//!
//! The data is that of `data/services.z`, made by `scripts/service_data.py`, which says how it is written. It is as
//! complete as AWS's documents of its day; what it does not have may be new. What CloudTrail calls otherwise is in
//! `data/cloudtrail.tsv`.

mod calls;
mod lookup;
mod managed_policies;
mod principals;
mod read;
mod regions;

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::value::{PARTS, Pattern};
pub use calls::{Need, Needs};
pub use lookup::Lookup;
pub use managed_policies::{look_up_managed_policy, managed_policies, managed_policies_date};
pub use principals::{PRINCIPALS_DATE, look_up_principal, service_principals};
pub use regions::{
    REGIONS_DATE, Region, has_form_of_region, look_up_region, may_be_newer_region, region_called, regions,
};

/// The services of AWS on a certain day.
#[derive(Debug, Default)]
pub struct Services {
    /// The day, as `2026-09-23`.
    pub(super) date: String,
    global_keys: Vec<Key>,
    services: HashMap<String, Service>,
    /// Prefixes of services by CloudTrail's event sources, where they differ.
    prefixes: HashMap<String, String>,
    /// Actions, as the table writes them, by prefix and event in lower case, where the names differ.
    events: HashMap<String, String>,
    /// Events that need no permission, by source and name in lower case.
    free_events: HashSet<String>,
}

/// One service.
#[derive(Debug, Default)]
pub(super) struct Service {
    /// Whether resource control policies reach its resources.
    pub has_rcps: bool,
    pub keys: Vec<Key>,
    pub resource_types: Vec<ResourceType>,
    pub actions: Vec<Action>,
    by_name: HashMap<String, usize>,
}

/// A condition key.
#[derive(Debug)]
pub(super) struct Key {
    /// The name, with `*` for what varies.
    pub name: String,
    pattern: Pattern,
    /// Whether it holds several values.
    pub is_list: bool,
}

/// A sort of resource.
#[derive(Debug)]
pub(super) struct ResourceType {
    /// Its ARN, with `*` for what varies.
    pub arn: Pattern,
    keys: Vec<usize>,
}

impl ResourceType {
    /// Whether a pattern of resources may match one of this sort.
    pub fn may_match(&self, pattern: &Pattern) -> bool {
        arns_meet(&self.arn, pattern)
    }
}

/// Whether some ARN matches both. Patterns with all parts of an ARN are compared part by part: no one means a `*` for the
/// region to stand for the service too.
pub(super) fn arns_meet(one: &Pattern, other: &Pattern) -> bool {
    let (own, parts) = (one.parts(PARTS), other.parts(PARTS));
    if own.len() == PARTS && parts.len() == PARTS {
        own.iter().zip(&parts).all(|(own, part)| own.meets(part))
    } else {
        one.meets(other)
    }
}

/// An action.
#[derive(Debug)]
pub(super) struct Action {
    /// The name without the service.
    pub name: String,
    /// The name in lower case.
    folded: String,
    resource_types: Vec<usize>,
    keys: Vec<usize>,
}

static SERVICES: LazyLock<Services> = LazyLock::new(|| {
    read::services(include_bytes!("../../data/services.z"), include_str!("../../data/cloudtrail.tsv"))
});

/// All services.
#[must_use]
pub fn services() -> &'static Services {
    &SERVICES
}

impl Services {
    /// The day of the data, as `2026-09-23`.
    #[must_use]
    pub fn date(&self) -> &str {
        &self.date
    }

    /// Whether resource control policies reach the resources of the service with this prefix.
    pub(super) fn has_rcps(&self, prefix: &str) -> bool {
        self.get(prefix).is_some_and(|service| service.has_rcps)
    }

    pub(super) fn get(&self, prefix: &str) -> Option<&Service> {
        self.services.get(prefix)
    }

    pub(super) fn prefixes(&self) -> impl Iterator<Item = &str> {
        self.services.keys().map(String::as_str)
    }

    /// The services whose prefix a text with wildcards matches, whatever its case.
    pub(super) fn matching(&self, prefix: &str) -> Vec<(&str, &Service)> {
        let pattern = Pattern::in_lower_case(prefix);
        if pattern.has_wildcards() {
            let all = self.services.iter().filter(|(name, _)| pattern.matches(name));
            return all.map(|(name, service)| (name.as_str(), service)).collect();
        }
        let one = self.services.get_key_value(&prefix.to_lowercase());
        one.map(|(name, service)| (name.as_str(), service)).into_iter().collect()
    }

    /// The key of all services with this name.
    pub(super) fn global_key(&self, name: &str) -> Option<&Key> {
        let name = name.to_lowercase();
        self.global_keys.iter().find(|key| key.pattern.matches(&name))
    }

    pub(super) fn global_keys(&self) -> &[Key] {
        &self.global_keys
    }
}

impl Service {
    /// The action with this name, whatever its case.
    pub fn action(&self, name: &str) -> Option<&Action> {
        self.by_name.get(&name.to_lowercase()).map(|index| &self.actions[*index])
    }

    /// The actions whose names a text with wildcards matches, whatever its case.
    pub fn matching(&self, name: &str) -> Vec<&Action> {
        let pattern = Pattern::in_lower_case(name);
        if pattern.has_wildcards() {
            return self.actions.iter().filter(|action| pattern.matches(&action.folded)).collect();
        }
        self.action(name).into_iter().collect()
    }

    /// The key with this name, whatever its case.
    pub fn key(&self, name: &str) -> Option<&Key> {
        let name = name.to_lowercase();
        self.keys.iter().find(|key| key.pattern.matches(&name))
    }

    /// The sorts of resources that an action is about; none for actions that take only `*`.
    pub fn resource_types_of<'a>(&'a self, action: &'a Action) -> impl Iterator<Item = &'a ResourceType> {
        action.resource_types.iter().filter_map(|index| self.resource_types.get(*index))
    }

    /// Whether it is known which actions carry a key of this service: AWS lists some keys without saying that.
    pub fn shows_who_carries(&self, key: &str) -> bool {
        self.actions.iter().any(|action| self.carries(action, key))
    }

    /// Whether requests for an action may carry a key of this service. Where AWS lists only `VolumeKmsKeyArn` for an
    /// action, its requests carry `VolumeKmsKey` as well.
    pub fn carries(&self, action: &Action, key: &str) -> bool {
        let key = key.to_lowercase();
        let arn = format!("{key}arn");
        let of_types = self.resource_types_of(action).flat_map(|kind| &kind.keys);
        let carried = action.keys.iter().chain(of_types).filter_map(|index| self.keys.get(*index));
        carried.into_iter().any(|known| known.pattern.matches(&key) || known.pattern.matches(&arn))
    }
}

/// The name that someone probably meant: one that differs in few letters.
pub(super) fn meant<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// The share of letters that must be the same.
    const ALIKE: f64 = 0.8;
    /// The longest name that is compared, in bytes: no service has a longer one.
    const LONGEST: usize = 200;
    if wrong.len() > LONGEST {
        return None;
    }
    let wrong = wrong.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::normalized_damerau_levenshtein(&wrong, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests;
