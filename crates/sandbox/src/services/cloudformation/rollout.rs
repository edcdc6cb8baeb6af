//! How a stack's resources are made, changed and removed, in order, and how that is undone.

use indexmap::IndexMap;
use landing_cloudformation::Update;
use serde_json::Value;

use super::site::{Records, Site, differing};
use super::template::model::Resource as Described;
use crate::model::cloudformation::{Drift, Event, Stack, StackResource, Wanted};
use crate::model::resources::{Place, Resource};
use crate::resources;
use crate::resources::kind::{Draft, ResourceType};
use crate::resources::resource_type;
use crate::shared::inventory;
use crate::state::State;
use crate::tags::Tags;

/// A resource that could not be made or changed.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    /// Nothing when the template as a whole or an output failed.
    pub(super) logical: Option<String>,
    pub(super) reason: String,
}

/// Something that was done and can be undone.
enum Step {
    Made { logical: String, kind: &'static ResourceType, physical: String },
    Changed { logical: String, kind: &'static ResourceType, physical: String, before: Box<Resource> },
}

/// What happened to a resource, and why.
type News<'a> = (&'a str, Option<String>);

/// The news of a resource that stays.
const SKIPPED: News<'static> = ("DELETE_SKIPPED", None);

/// A change of a stack's resources under way.
pub(super) struct Rollout<'a> {
    pub(super) state: &'a mut State,
    pub(super) stack: &'a mut Stack,
    pub(super) place: &'a Place,
    pub(super) now: u64,
    steps: Vec<Step>,
    /// What is to be removed once everything else is done.
    obsolete: Vec<(String, StackResource)>,
}

impl<'a> Rollout<'a> {
    pub(super) fn new(state: &'a mut State, stack: &'a mut Stack, place: &'a Place, now: u64) -> Self {
        Self { state, stack, place, now, steps: Vec::new(), obsolete: Vec::new() }
    }

    /// Makes the stack's resources what `wanted` says; with `revert_drift` the actual ones too. What is to go goes
    /// only with [`Rollout::clean_up`].
    ///
    /// # Errors
    /// The first resource that fails.
    pub(super) fn advance(&mut self, wanted: &Wanted, revert_drift: bool) -> Result<(), Failure> {
        let whole = |reason| Failure { logical: None, reason };
        let site = Site::new(self.state, self.place, self.stack, wanted).map_err(whole)?;
        let chosen = site.resources().map_err(whole)?;
        for logical in &chosen {
            let described = &site.template.resources[logical];
            let step = site.properties(logical, &Records(&self.stack.resources));
            let step =
                step.and_then(|properties| self.settle_one(logical, described, properties, wanted, revert_drift));
            step.map_err(|reason| Failure { logical: Some(logical.clone()), reason })?;
        }
        self.retire(&chosen);
        let outputs = site.outputs(&Records(&self.stack.resources)).map_err(whole)?;
        let imports = site.imports(&Records(&self.stack.resources)).map_err(whole)?;
        super::exports::check(self.state, self.place, self.stack, &outputs).map_err(whole)?;
        self.stack.outputs = outputs;
        self.stack.imports = imports;
        self.stack.description.clone_from(&site.template.description);
        self.stack.wanted = wanted.clone();
        Ok(())
    }

    /// Takes what the template has no more out of the stack, and puts the rest in the template's order.
    fn retire(&mut self, chosen: &[String]) {
        let mut records = std::mem::take(&mut self.stack.resources);
        let kept: IndexMap<String, StackResource> =
            chosen.iter().filter_map(|logical| records.swap_remove_entry(logical)).collect();
        records.reverse();
        self.obsolete.extend(records);
        self.stack.resources = kept;
    }

    fn settle_one(
        &mut self,
        logical: &str,
        described: &Described,
        properties: Value,
        wanted: &Wanted,
        revert_drift: bool,
    ) -> Result<(), String> {
        let Some(kind) = resource_type(&described.kind) else {
            let reason = resources::not_simulated(&described.kind);
            self.record(logical, described, String::new(), properties);
            return Err(self.fail(logical, "CREATE_FAILED", reason));
        };
        let tags = if kind.taggable { wanted.tags.clone() } else { Tags::new() };
        let Some(record) = self.stack.resources.get(logical).cloned().filter(|record| !record.physical.is_empty())
        else {
            return self.make(logical, described, kind, properties, &tags);
        };
        let actual = inventory::find(self.state, self.place, kind.name, &record.physical).cloned();
        let before = if revert_drift {
            let Some(actual) = &actual else {
                return self.make(logical, described, kind, properties, &tags);
            };
            expected_part(&actual.properties, &record.properties, &properties)
        } else {
            record.properties.clone()
        };
        let changed = differing(&before, &properties);
        let retagged = kind.taggable && self.stack.wanted.tags != wanted.tags;
        if changed.iter().any(|name| kind.update(name, &before, &properties) == Update::Replacement) {
            self.replace(logical, described, kind, properties, &tags)
        } else if !changed.is_empty() || retagged {
            self.change(logical, described, kind, properties, &changed, &tags)
        } else {
            self.record(logical, described, record.physical, properties);
            Ok(())
        }
    }

    fn make(
        &mut self,
        logical: &str,
        described: &Described,
        kind: &'static ResourceType,
        properties: Value,
        tags: &Tags,
    ) -> Result<(), String> {
        self.record(logical, described, String::new(), properties.clone());
        self.report_outcome(logical, ("CREATE_IN_PROGRESS", None));
        self.stack.generation += 1;
        let made = {
            let partition = self.state.partition.clone();
            let draft = draft(self.place, self.stack, &partition, kind, logical, &properties);
            resources::create(self.state, &draft, tags)
        };
        let physical = made.map_err(|reason| self.fail(logical, "CREATE_FAILED", reason))?;
        self.record(logical, described, physical.clone(), properties);
        self.report_outcome(logical, ("CREATE_COMPLETE", None));
        self.steps.push(Step::Made { logical: logical.to_owned(), kind, physical });
        Ok(())
    }

    fn change(
        &mut self,
        logical: &str,
        described: &Described,
        kind: &'static ResourceType,
        properties: Value,
        changed: &[String],
        tags: &Tags,
    ) -> Result<(), String> {
        self.report_outcome(logical, ("UPDATE_IN_PROGRESS", None));
        let physical = self.stack.resources.get(logical).map(|record| record.physical.clone()).unwrap_or_default();
        let before = inventory::find(self.state, self.place, kind.name, &physical).cloned();
        let done = {
            let partition = self.state.partition.clone();
            let draft = draft(self.place, self.stack, &partition, kind, logical, &properties);
            resources::update(self.state, &draft, &physical, changed, tags)
        };
        done.map_err(|reason| self.fail(logical, "UPDATE_FAILED", reason))?;
        self.record(logical, described, physical.clone(), properties);
        self.report_outcome(logical, ("UPDATE_COMPLETE", None));
        if let Some(before) = before {
            self.steps.push(Step::Changed { logical: logical.to_owned(), kind, physical, before: Box::new(before) });
        }
        Ok(())
    }

    /// Makes a new resource and retires the old one. A name that the template fixes cannot be used twice.
    fn replace(
        &mut self,
        logical: &str,
        described: &Described,
        kind: &'static ResourceType,
        properties: Value,
        tags: &Tags,
    ) -> Result<(), String> {
        let requested = "Requested update requires the creation of a new physical resource; hence creating one.";
        self.report_outcome(logical, ("UPDATE_IN_PROGRESS", Some(requested.into())));
        let Some(old) = self.stack.resources.get(logical).cloned() else {
            return self.make(logical, described, kind, properties, tags);
        };
        self.stack.generation += 1;
        let made = {
            let partition = self.state.partition.clone();
            let draft = draft(self.place, self.stack, &partition, kind, logical, &properties);
            let same_name = draft.physical() == old.physical;
            if same_name { Err(custom_name(&old.physical)) } else { resources::create(self.state, &draft, tags) }
        };
        let physical = made.map_err(|reason| self.fail(logical, "UPDATE_FAILED", reason))?;
        self.record(logical, described, physical.clone(), properties);
        self.report_outcome(logical, ("UPDATE_COMPLETE", None));
        self.steps.push(Step::Made { logical: logical.to_owned(), kind, physical });
        let policy = described.update_replace_policy.clone();
        self.obsolete.push((logical.to_owned(), StackResource { deletion_policy: policy, ..old }));
        Ok(())
    }

    /// Writes down what a resource of the stack is now.
    fn record(&mut self, logical: &str, described: &Described, physical: String, properties: Value) {
        let actual = inventory::find(self.state, self.place, &described.kind, &physical);
        let attributes = actual.map(|actual| actual.attributes.clone()).unwrap_or_default();
        let record = self.stack.resources.entry(logical.to_owned()).or_default();
        record.kind.clone_from(&described.kind);
        record.physical = physical;
        record.properties = properties;
        record.attributes = attributes;
        record.metadata.clone_from(&described.metadata);
        record.deletion_policy.clone_from(&described.deletion_policy);
        record.drift = Drift::default();
    }

    /// Reports what became of a resource.
    fn report_outcome(&mut self, logical: &str, (status, reason): News<'_>) {
        let Some(record) = self.stack.resources.get_mut(logical) else {
            return;
        };
        status.clone_into(&mut record.status);
        record.reason.clone_from(&reason);
        record.updated = self.now;
        let (physical, kind) = (record.physical.clone(), record.kind.clone());
        self.report(logical, &physical, &kind, (status, reason));
    }

    fn report(&mut self, logical: &str, physical: &str, kind: &str, (status, reason): News<'_>) {
        self.stack.report(Event {
            logical: logical.to_owned(),
            physical: physical.to_owned(),
            kind: kind.to_owned(),
            status: status.to_owned(),
            reason,
            time: self.now,
            ..Event::default()
        });
    }

    fn fail(&mut self, logical: &str, status: &str, reason: String) -> String {
        self.report_outcome(logical, (status, Some(reason.clone())));
        reason
    }

    /// Removes what is obsolete, unless its policy retains it. What cannot be removed stays, outside of the stack.
    pub(super) fn clean_up(&mut self) {
        for (logical, record) in std::mem::take(&mut self.obsolete) {
            let news = if retains(&record) { SKIPPED } else { self.remove(&record) };
            self.report(&logical, &record.physical, &record.kind, news);
        }
    }

    fn remove(&mut self, record: &StackResource) -> (&'static str, Option<String>) {
        let Some(kind) = resource_type(&record.kind) else {
            return ("DELETE_COMPLETE", None);
        };
        match resources::delete(self.state, self.place, kind, &record.physical) {
            Ok(()) => ("DELETE_COMPLETE", None),
            Err(reason) => ("DELETE_FAILED", Some(reason)),
        }
    }

    /// Undoes a creation: everything that was made goes, the last first, unless its policy retains it.
    pub(super) fn undo_creation(&mut self) {
        let logicals: Vec<String> = self.stack.resources.keys().rev().cloned().collect();
        for logical in logicals {
            let record = self.stack.resources.get(&logical).cloned().unwrap_or_default();
            let kept = record.deletion_policy.as_deref() == Some("Retain") && !record.physical.is_empty();
            let news = if kept { SKIPPED } else { self.remove(&record) };
            self.report_outcome(&logical, news);
        }
    }

    /// Undoes an update: everything is as it was in `before`.
    pub(super) fn undo_update(&mut self, before: &IndexMap<String, StackResource>) {
        let mut news = Vec::new();
        for step in std::mem::take(&mut self.steps).into_iter().rev() {
            match step {
                Step::Made { logical, kind, physical } => {
                    // What cannot be deleted stays, outside of the stack.
                    let _ = resources::delete(self.state, self.place, kind, &physical);
                    news.push((logical, physical, kind.name, "DELETE_COMPLETE"));
                }
                Step::Changed { logical, kind, physical, before } => {
                    resources::restore(self.state, self.place, kind, &physical, *before);
                    news.push((logical, physical, kind.name, "UPDATE_COMPLETE"));
                }
            }
        }
        for (logical, physical, kind, status) in news {
            self.report(&logical, &physical, kind, (status, None));
        }
        self.obsolete.clear();
        self.stack.resources.clone_from(before);
    }

    /// Deletes all resources, the last first, except those in `keep`; the logical ids of those that could not go.
    pub(super) fn delete_all(&mut self, keep: &[String]) -> Vec<String> {
        let mut failed = Vec::new();
        let logicals: Vec<String> = self.stack.resources.keys().rev().cloned().collect();
        for logical in logicals {
            let record = self.stack.resources.get(&logical).cloned().unwrap_or_default();
            let kept = keep.contains(&logical) || retains(&record);
            let news = if kept { SKIPPED } else { self.remove(&record) };
            if news.0 == "DELETE_FAILED" {
                failed.push(logical.clone());
            }
            self.report_outcome(&logical, news);
        }
        failed
    }
}

fn draft<'a>(
    place: &'a Place,
    stack: &'a Stack,
    partition: &'a str,
    kind: &'static ResourceType,
    logical: &'a str,
    properties: &'a Value,
) -> Draft<'a> {
    Draft {
        kind,
        place,
        partition,
        stack_name: &stack.name,
        stack_id: &stack.id,
        logical,
        properties,
        generation: stack.generation,
    }
}

/// Of the actual properties those that a template speaks of, before or after.
pub(super) fn expected_part(actual: &Value, before: &Value, after: &Value) -> Value {
    let spoken = |name: &String| before.get(name).is_some() || after.get(name).is_some();
    let members = actual.as_object().into_iter().flatten().filter(|(name, _)| spoken(name));
    Value::Object(members.map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// Whether a resource outlives its stack. RetainExceptOnCreate makes a difference only where a creation is undone.
fn retains(record: &StackResource) -> bool {
    let policy = record.deletion_policy.as_deref();
    !record.physical.is_empty() && (policy == Some("Retain") || policy == Some("RetainExceptOnCreate"))
}

fn custom_name(physical: &str) -> String {
    format!(
        "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename \
            {physical} and update the stack again."
    )
}
