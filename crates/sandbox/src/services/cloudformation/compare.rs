//! What a submission would change in a stack: what change sets show, and whether an update has anything to do.

use std::collections::BTreeMap;

use landing_cloudformation::Update;
use serde_json::Value;

use super::change::{Action, Cause, Change, Detail, Drifted};
use super::rollout::expected_part;
use super::site::{Records, Site, differing};
use super::template::evaluate::Live;
use super::template::model::Template;
use super::template::references::{Reference, references};
use super::template::values::{KNOWN_AFTER_APPLY, is_known_later};
use crate::model::cloudformation::{Stack, StackResource, Wanted};
use crate::model::resources::Place;
use crate::resources::kind::ResourceType;
use crate::resources::resource_type;
use crate::shared::inventory;
use crate::state::State;

/// What a submission would change.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    /// In the template's order, what goes last.
    pub(super) changes: Vec<Change>,
    /// Whether outputs or the stack's tags change.
    beside: bool,
}

impl Comparison {
    /// Whether nothing would change.
    pub(super) fn is_empty(&self) -> bool {
        self.changes.is_empty() && !self.beside
    }
}

/// Compares what `stack` is with what it is to be; with `revert_drift`, what its resources really are.
///
/// # Errors
/// When the new template cannot be evaluated, or gives a resource another type.
pub(super) fn compare(
    state: &State,
    place: &Place,
    stack: &Stack,
    wanted: &Wanted,
    revert_drift: bool,
) -> Result<Comparison, String> {
    let site = Site::new(state, place, stack, wanted)?;
    let old = Template::parse(&stack.wanted.template).unwrap_or_default();
    check_types(stack, &site.template)?;
    let mut comparer =
        Comparer { state, place, stack, wanted, site: &site, old: &old, revert_drift, forecast: Forecast::of(stack) };
    let chosen = site.resources()?;
    let mut changes = Vec::new();
    for logical in &chosen {
        changes.extend(comparer.resource(logical)?);
    }
    let gone = stack.resources.iter().rev().filter(|(logical, _)| !chosen.contains(logical));
    changes.extend(gone.map(|(logical, record)| removed(logical, record)));
    let outputs = site.outputs(&comparer.forecast)?;
    let beside = outputs != stack.outputs || wanted.tags != stack.wanted.tags;
    Ok(Comparison { changes, beside })
}

fn check_types(stack: &Stack, template: &Template) -> Result<(), String> {
    let retyped = |(logical, record): &(&String, &StackResource)| {
        template.resources.get(*logical).is_some_and(|described| described.kind != record.kind)
    };
    let retyped: Vec<&str> = stack.resources.iter().filter(retyped).map(|(logical, _)| logical.as_str()).collect();
    if retyped.is_empty() {
        return Ok(());
    }
    let names = retyped.join(", ");
    Err(format!(
        "Update of resource type is not permitted. The new template modifies resource type of the \
            following resources: [{names}]"
    ))
}

fn removed(logical: &str, record: &StackResource) -> Change {
    let retained = record.deletion_policy.as_deref().is_some_and(|policy| policy.starts_with("Retain"));
    Change {
        physical: Some(record.physical.clone()),
        policy: Some(if retained { "Retain" } else { "Delete" }),
        before: Some(record.properties.clone()),
        ..Change::new(Action::Remove, logical, &record.kind)
    }
}

/// What is known of the resources before the change is made.
struct Forecast<'a> {
    records: Records<'a>,
    /// Resources that are new or replaced.
    unknown: BTreeMap<String, bool>,
}

impl<'a> Forecast<'a> {
    fn of(stack: &'a Stack) -> Self {
        Self { records: Records(&stack.resources), unknown: BTreeMap::new() }
    }

    fn is_unknown(&self, logical: &str) -> bool {
        self.unknown.contains_key(logical)
    }
}

impl Live for Forecast<'_> {
    fn id(&self, logical: &str) -> Option<String> {
        if self.is_unknown(logical) { Some(KNOWN_AFTER_APPLY.into()) } else { self.records.id(logical) }
    }

    fn attribute(&self, logical: &str, name: &str) -> Option<Value> {
        if self.is_unknown(logical) { Some(KNOWN_AFTER_APPLY.into()) } else { self.records.attribute(logical, name) }
    }
}

struct Comparer<'a> {
    state: &'a State,
    place: &'a Place,
    stack: &'a Stack,
    wanted: &'a Wanted,
    site: &'a Site,
    old: &'a Template,
    revert_drift: bool,
    forecast: Forecast<'a>,
}

impl Comparer<'_> {
    fn resource(&mut self, logical: &str) -> Result<Option<Change>, String> {
        let described = &self.site.template.resources[logical];
        let after = self.site.properties(logical, &self.forecast)?;
        let recorded = self.stack.resources.get(logical).filter(|record| !record.physical.is_empty());
        let (Some(record), Some(kind)) = (recorded, resource_type(&described.kind)) else {
            self.forecast.unknown.insert(logical.to_owned(), true);
            return Ok(Some(Change { after: Some(after), ..Change::new(Action::Add, logical, &described.kind) }));
        };
        let actual = inventory::find(self.state, self.place, kind.name, &record.physical);
        if self.revert_drift && actual.is_none() {
            self.forecast.unknown.insert(logical.to_owned(), true);
            let drifted = Some("DELETED");
            return Ok(Some(Change {
                after: Some(after),
                drifted,
                ..Change::new(Action::Add, logical, &described.kind)
            }));
        }
        let live = actual.map(|actual| &actual.properties).filter(|_| self.revert_drift);
        let change = self.modified(logical, record, kind, live, after);
        if change.as_ref().is_some_and(|change| change.replacement != Update::InPlace) {
            self.forecast.unknown.insert(logical.to_owned(), true);
        }
        Ok(change)
    }

    fn modified(
        &self,
        logical: &str,
        record: &StackResource,
        kind: &'static ResourceType,
        live: Option<&Value>,
        after: Value,
    ) -> Option<Change> {
        let before =
            live.map_or_else(|| record.properties.clone(), |live| expected_part(live, &record.properties, &after));
        let mut details: Vec<Detail> = Vec::new();
        for name in differing(&before, &after) {
            let drifted = live.and_then(|live| Drifted::of(&record.properties, live, &name));
            let mut found = self.causes(logical, &name, after.get(&name));
            if drifted.is_some() && record.properties.get(&name) == after.get(&name) {
                found = vec![(Cause::Drift, true)];
            }
            details.extend(found.into_iter().map(|(cause, is_static)| Detail {
                property: Some(name.clone()),
                attribute: if name == "Tags" { "Tags" } else { "Properties" },
                recreation: kind.update(&name, &before, &after),
                is_static,
                cause,
                before: before.get(&name).cloned(),
                after: after.get(&name).cloned(),
                drifted: drifted.clone(),
            }));
        }
        details.extend(self.attributes(logical, record, kind));
        let drifted = live.map(|live| {
            let expected = expected_part(live, &record.properties, &Value::Null);
            if differing(&expected, &record.properties).is_empty() { "IN_SYNC" } else { "MODIFIED" }
        });
        (!details.is_empty()).then(|| Change {
            physical: Some(record.physical.clone()),
            replacement: details.iter().map(Detail::replacement).max().unwrap_or(Update::InPlace),
            before: Some(before),
            after: Some(after),
            details,
            drifted,
            ..Change::new(Action::Modify, logical, kind.name)
        })
    }

    /// Changes of the attributes beside the properties: the stack's tags, metadata and the deletion policy.
    fn attributes(&self, logical: &str, record: &StackResource, kind: &ResourceType) -> Vec<Detail> {
        let described = &self.site.template.resources[logical];
        let retagged = kind.taggable && self.stack.wanted.tags != self.wanted.tags;
        let changed = [
            ("Tags", retagged),
            ("Metadata", described.metadata != record.metadata),
            ("DeletionPolicy", described.deletion_policy != record.deletion_policy),
        ];
        changed.into_iter().filter(|(_, changed)| *changed).map(|(attribute, _)| Detail::beside(attribute)).collect()
    }

    /// Why a property changes, and whether its new value is known.
    fn causes(&self, logical: &str, property: &str, after: Option<&Value>) -> Vec<(Cause, bool)> {
        let raw = self.site.template.resources[logical].properties.get(property);
        let before = self.old.resources.get(logical).and_then(|described| described.properties.get(property));
        let known = !after.is_some_and(is_known_later);
        let mut causes = Vec::new();
        if raw != before {
            causes.push((Cause::DirectModification, known));
        }
        for reference in raw.map(references).unwrap_or_default() {
            causes.extend(self.cause(reference).map(|cause| {
                let is_static = matches!(cause, Cause::Parameter(_)) && known;
                (cause, is_static)
            }));
        }
        if causes.is_empty() {
            causes.push((Cause::DirectModification, known));
        }
        causes
    }

    fn cause(&self, reference: Reference) -> Option<Cause> {
        let target = reference.target();
        let parameter = |wanted: &Wanted| wanted.parameters.get(target).cloned();
        let changed = parameter(self.wanted) != parameter(&self.stack.wanted);
        if self.site.template.parameters.contains_key(target) {
            return changed.then(|| Cause::Parameter(target.to_owned()));
        }
        if !self.forecast.is_unknown(target) {
            return None;
        }
        Some(match reference {
            Reference::Name(name) => Cause::Resource(name),
            Reference::Attribute(resource, name) => Cause::Attribute(format!("{resource}.{name}")),
        })
    }
}
