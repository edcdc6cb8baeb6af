//! What a change set would do, read whole and compared with what the plan showed.

use std::time::Duration;

use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::operation::describe_change_set::DescribeChangeSetOutput;
use aws_sdk_cloudformation::types::{
    Change, ChangeAction, ChangeSetStatus, EvaluationType, PolicyAction, Replacement, RequiresRecreation,
    ResourceChange,
};
use serde_json::Value;

use crate::cloud::{AwsError, Explain};
use crate::kinds::shared::deployment::{MAY_REPLACE, TAKES_AWAY};
use crate::kinds::shared::wait::Wait;
use crate::kinds::{WriteContext, WriteError};
use crate::model::{self, Address};

/// How long CloudFormation may work out a change set. It takes seconds, and minutes with many nested stacks.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

/// A change set that CloudFormation has finished working out.
#[derive(Debug)]
pub(in crate::kinds) struct ComputedChangeSet {
    /// Its last page, which has all but the changes.
    pub about: DescribeChangeSetOutput,
    /// The changes of all pages.
    pub changes: Vec<Change>,
    /// What the change sets of nested stacks would do, by the nested stack's name in its template.
    pub nested: Vec<(String, Vec<Change>)>,
}

impl ComputedChangeSet {
    /// Whether it can be executed.
    pub fn is_ready(&self) -> bool {
        self.about.status() == Some(&ChangeSetStatus::CreateComplete)
    }
}

/// The wait for a change set of this resource.
pub(in crate::kinds) fn wait_for_it<'a>(context: &'a WriteContext, address: &'a Address) -> Wait<'a> {
    Wait::new(context, address, PATIENCE)
}

/// The change set of this name, or with this ARN, once CloudFormation has worked it out.
///
/// # Errors
/// When AWS refuses, or takes longer than the wait allows.
pub(in crate::kinds) async fn worked_out(
    client: &Client,
    stack: &str,
    name: &str,
    mut wait: Wait<'_>,
) -> Result<ComputedChangeSet, WriteError> {
    loop {
        let (about, changes) = pages(client, Some(stack), name).await?;
        let is_over = matches!(about.status(), Some(ChangeSetStatus::CreateComplete | ChangeSetStatus::Failed));
        if is_over {
            let nested = nested(client, &changes).await?;
            return Ok(ComputedChangeSet { about, changes, nested });
        }
        wait.next("CloudFormation works out the change set").await?;
    }
}

/// The change set as it is, with the changes of all of its pages.
async fn pages(
    client: &Client,
    stack: Option<&str>,
    name: &str,
) -> Result<(DescribeChangeSetOutput, Vec<Change>), AwsError> {
    let (mut changes, mut next) = (Vec::new(), None);
    loop {
        let request = client.describe_change_set().set_stack_name(stack.map(str::to_owned)).change_set_name(name);
        let page = request.set_next_token(next).send().await.explain("cloudformation:DescribeChangeSet")?;
        changes.extend(page.changes().iter().cloned());
        next = page.next_token().map(str::to_owned);
        if next.is_none() {
            return Ok((page, changes));
        }
    }
}

/// What the change sets of nested stacks would do, which are worked out with the change set of the stack that has them.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/change-sets-for-nested-stacks.html>
async fn nested(client: &Client, changes: &[Change]) -> Result<Vec<(String, Vec<Change>)>, AwsError> {
    let mut found = Vec::new();
    let mut open = sets_within("", changes);
    while let Some((path, set)) = open.pop() {
        let (_, inner) = pages(client, None, &set).await?;
        open.extend(sets_within(&path, &inner));
        found.push((path, inner));
    }
    Ok(found)
}

/// The nested stacks that changes are of, and the ARNs of their change sets.
fn sets_within(path: &str, changes: &[Change]) -> Vec<(String, String)> {
    let resources = changes.iter().filter_map(Change::resource_change);
    let sets = resources.filter_map(|change| {
        let dot = if path.is_empty() { "" } else { "." };
        Some((format!("{path}{dot}{}", change.logical_resource_id()?), change.change_set_id()?.to_owned()))
    });
    sets.collect()
}

/// What a change does to a resource that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::kinds) enum Effect {
    /// It creates one, or changes one that stays.
    Harmless,
    /// It creates another one in its place, or may do so.
    Replaces,
    /// It takes the resource out of the stack.
    Removes,
    /// What CloudFormation says can mean anything.
    Unclear,
}

/// What a change does, by the worst that CloudFormation says of it.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html>
pub(in crate::kinds) fn effect(change: &ResourceChange) -> Effect {
    match change.action() {
        Some(ChangeAction::Add) => Effect::Harmless,
        Some(ChangeAction::Remove) => Effect::Removes,
        // What is inside of it, no one has worked out.
        Some(ChangeAction::Modify) if is_nested(change) && change.change_set_id().is_none() => Effect::Replaces,
        Some(ChangeAction::Modify) if may_replace(change) => Effect::Replaces,
        Some(ChangeAction::Modify) => Effect::Harmless,
        // Imports are never asked for, and `Dynamic` is what CloudFormation does not know before.
        _ => Effect::Unclear,
    }
}

/// The type of resource that is a stack itself.
const NESTED: &str = "AWS::CloudFormation::Stack";

fn is_nested(change: &ResourceChange) -> bool {
    change.resource_type() == Some(NESTED)
}

/// Whether a template has stacks in it, whose change sets are to be worked out too.
pub(in crate::kinds) fn has_nested(template: &Value) -> bool {
    let resources = template.get("Resources").and_then(Value::as_object).into_iter().flatten();
    resources.into_iter().any(|(_, resource)| resource["Type"] == NESTED)
}

/// Whether a modified resource is replaced, may be replaced, or is not said to stay.
fn may_replace(change: &ResourceChange) -> bool {
    let by_policy = matches!(
        change.policy_action(),
        Some(PolicyAction::ReplaceAndDelete | PolicyAction::ReplaceAndRetain | PolicyAction::ReplaceAndSnapshot)
    );
    by_policy
        || change.replacement() != Some(&Replacement::False)
        || change.details().iter().any(|detail| recreates(detail) && is_decided(detail))
}

fn recreates(detail: &aws_sdk_cloudformation::types::ResourceChangeDetail) -> bool {
    detail.target().and_then(|target| target.requires_recreation()) == Some(&RequiresRecreation::Always)
}

/// A dynamic value may turn out to be what it was: of those `Replacement` says whether they count.
fn is_decided(detail: &aws_sdk_cloudformation::types::ResourceChangeDetail) -> bool {
    detail.evaluation() == Some(&EvaluationType::Static)
}

/// What the changes would do to resources that exist and the plan's change did not show, in words.
pub(in crate::kinds) fn unseen(set: &ComputedChangeSet, shown: &model::Change) -> Vec<String> {
    let own = set.changes.iter().filter_map(|change| unseen_one(change.resource_change(), shown));
    own.chain(set.nested.iter().flat_map(|(path, changes)| unseen_within(path, changes, shown))).collect()
}

/// What the change set of a nested stack would do that no plan shows: a plan does not know what is in it, only that it may be
/// replaced.
fn unseen_within(path: &str, changes: &[Change], shown: &model::Change) -> Vec<String> {
    let outermost = path.split('.').next().unwrap_or(path);
    if is_replacement_shown(outermost, shown) || is_removal_shown(outermost, shown) {
        return Vec::new();
    }
    let harmful = changes.iter().filter(|change| change.resource_change().map(effect) != Some(Effect::Harmless));
    let id = |change: &Change| change.resource_change()?.logical_resource_id().map(str::to_owned);
    harmful.map(|change| format!("remove or replace {path}.{}", id(change).unwrap_or_default())).collect()
}

fn unseen_one(change: Option<&ResourceChange>, shown: &model::Change) -> Option<String> {
    // A change that is of no resource is of a hook or of something newer.
    let Some(change) = change else { return Some("do something that is no change of a resource".into()) };
    let id = change.logical_resource_id().unwrap_or("a resource without a name");
    match effect(change) {
        Effect::Harmless => None,
        Effect::Removes => (!is_removal_shown(id, shown)).then(|| format!("remove {id}")),
        Effect::Replaces => (!is_replacement_shown(id, shown)).then(|| format!("replace {id}")),
        Effect::Unclear => {
            let action = change.action().map_or("unknown", |action| action.as_str());
            Some(format!("do something to {id} that is not known before ({action})"))
        }
    }
}

fn is_removal_shown(id: &str, shown: &model::Change) -> bool {
    shown.field(&format!("resources.{id}")).is_some_and(|field| field.after.is_null())
}

fn is_replacement_shown(id: &str, shown: &model::Change) -> bool {
    let names = |path: &str| {
        let listed = shown.field(path).and_then(|field| field.before.as_array());
        listed.into_iter().flatten().filter_map(Value::as_str)
    };
    names(TAKES_AWAY).chain(names(MAY_REPLACE)).any(|name| name == id)
}

#[cfg(test)]
mod tests {
    use aws_sdk_cloudformation::types::{ResourceChangeDetail, ResourceTargetDefinition};
    use serde_json::json;

    use super::*;
    use crate::model::{Action, FieldChange};

    fn change(action: &str, replacement: Option<&str>) -> ResourceChange {
        ResourceChange::builder()
            .action(ChangeAction::from(action))
            .logical_resource_id("A")
            .resource_type("AWS::SNS::Topic")
            .set_replacement(replacement.map(Replacement::from))
            .build()
    }

    fn detail(recreation: &str, evaluation: &str) -> ResourceChangeDetail {
        let target = ResourceTargetDefinition::builder().requires_recreation(RequiresRecreation::from(recreation));
        ResourceChangeDetail::builder().target(target.build()).evaluation(EvaluationType::from(evaluation)).build()
    }

    fn whole(change: ResourceChange) -> Change {
        Change::builder().resource_change(change).build()
    }

    fn set_of(changes: &[Change]) -> ComputedChangeSet {
        ComputedChangeSet {
            about: DescribeChangeSetOutput::builder().build(),
            changes: changes.to_vec(),
            nested: Vec::new(),
        }
    }

    fn shown(fields: &[(&str, Value, Value)]) -> model::Change {
        let field = |(path, before, after): &(&str, Value, Value)| FieldChange {
            path: (*path).to_owned(),
            before: before.clone(),
            after: after.clone(),
        };
        model::Change {
            fields: fields.iter().map(field).collect(),
            ..model::Change::new(Action::Update, "stack", Address::parse("stack/a/s/r"))
        }
    }

    #[test]
    fn only_a_change_set_that_is_complete_is_ready() {
        let is_ready = |status: Option<&str>| {
            let about = DescribeChangeSetOutput::builder().set_status(status.map(ChangeSetStatus::from)).build();
            ComputedChangeSet { about, ..set_of(&[]) }.is_ready()
        };
        assert!(is_ready(Some("CREATE_COMPLETE")));
        for status in [None, Some("FAILED"), Some("CREATE_IN_PROGRESS"), Some("DELETE_COMPLETE")] {
            assert!(!is_ready(status), "{status:?}");
        }
    }

    #[test]
    fn only_what_stays_for_certain_is_harmless() {
        for (action, replacement, expected) in [
            ("Add", None, Effect::Harmless),
            ("Modify", Some("False"), Effect::Harmless),
            ("Modify", Some("True"), Effect::Replaces),
            ("Modify", Some("Conditional"), Effect::Replaces),
            ("Modify", Some("Perhaps"), Effect::Replaces),
            ("Modify", None, Effect::Replaces),
            ("Remove", None, Effect::Removes),
            ("Import", None, Effect::Unclear),
            ("Dynamic", None, Effect::Unclear),
            ("SyncWithActual", None, Effect::Unclear),
            ("Explode", None, Effect::Unclear),
        ] {
            assert_eq!(effect(&change(action, replacement)), expected, "{action} {replacement:?}");
        }
        assert_eq!(effect(&ResourceChange::builder().build()), Effect::Unclear);
    }

    #[test]
    fn details_and_policies_that_say_more_than_the_summary_count() {
        let with = |detail| {
            let change = change("Modify", Some("False"));
            ResourceChange::builder()
                .set_action(change.action().cloned())
                .set_replacement(change.replacement().cloned())
                .details(detail)
                .build()
        };
        assert_eq!(effect(&with(detail("Always", "Static"))), Effect::Replaces);
        assert_eq!(effect(&with(detail("Always", "Dynamic"))), Effect::Harmless);
        assert_eq!(effect(&with(detail("Never", "Static"))), Effect::Harmless);
        for policy in ["ReplaceAndDelete", "ReplaceAndRetain", "ReplaceAndSnapshot"] {
            let change = ResourceChange::builder()
                .action(ChangeAction::Modify)
                .replacement(Replacement::False)
                .policy_action(PolicyAction::from(policy));
            assert_eq!(effect(&change.build()), Effect::Replaces, "{policy}");
        }
    }

    #[test]
    fn a_removal_counts_as_shown_only_where_the_plan_removes_the_resource() {
        let changes = [whole(change("Remove", None))];
        let unseen_by = |fields: &[(&str, Value, Value)]| unseen(&set_of(&changes), &shown(fields));
        assert_eq!(unseen_by(&[]), ["remove A"]);
        assert_eq!(unseen_by(&[("resources.A", json!({}), json!({}))]), ["remove A"]);
        assert_eq!(unseen_by(&[("resources.B", json!({}), Value::Null)]), ["remove A"]);
        assert_eq!(unseen_by(&[("takes_away", json!(["A"]), Value::Null)]), ["remove A"]);
        assert_eq!(unseen_by(&[("resources.A", json!({}), Value::Null)]), [""; 0]);
    }

    #[test]
    fn a_replacement_counts_as_shown_only_where_the_plan_names_it() {
        for replacement in ["True", "Conditional"] {
            let changes = [whole(change("Modify", Some(replacement)))];
            let unseen_by = |fields: &[(&str, Value, Value)]| unseen(&set_of(&changes), &shown(fields));
            assert_eq!(unseen_by(&[]), ["replace A"]);
            assert_eq!(unseen_by(&[("resources.A", json!({}), json!({}))]), ["replace A"]);
            assert_eq!(unseen_by(&[("takes_away", json!(["B"]), Value::Null)]), ["replace A"]);
            assert_eq!(unseen_by(&[("retains", json!(["A"]), Value::Null)]), ["replace A"]);
            assert_eq!(unseen_by(&[("takes_away", json!(["B", "A"]), Value::Null)]), [""; 0]);
            assert_eq!(unseen_by(&[("may_replace", json!(["A"]), Value::Null)]), [""; 0]);
        }
    }

    #[test]
    fn every_change_is_looked_at_and_what_is_no_resource_is_unseen() {
        let changes = [
            whole(change("Add", None)),
            whole(change("Modify", Some("False"))),
            whole(change("Remove", None)),
            whole(change("Import", None)),
            Change::builder().build(),
        ];
        assert_eq!(
            unseen(&set_of(&changes), &shown(&[])),
            [
                "remove A",
                "do something to A that is not known before (Import)",
                "do something that is no change of a resource"
            ]
        );
    }

    fn nested_change(set: Option<&str>) -> ResourceChange {
        ResourceChange::builder()
            .action(ChangeAction::Modify)
            .logical_resource_id("N")
            .resource_type("AWS::CloudFormation::Stack")
            .replacement(Replacement::False)
            .set_change_set_id(set.map(str::to_owned))
            .build()
    }

    #[test]
    fn what_a_nested_stacks_change_set_would_do_counts() {
        assert_eq!(effect(&nested_change(None)), Effect::Replaces, "no one has worked out what is inside");
        assert_eq!(effect(&nested_change(Some("arn:set"))), Effect::Harmless);
        let changes = [whole(nested_change(Some("arn:set"))), whole(change("Modify", Some("False")))];
        assert_eq!(sets_within("", &changes), [("N".to_owned(), "arn:set".to_owned())]);
        assert_eq!(sets_within("M", &changes), [("M.N".to_owned(), "arn:set".to_owned())]);
        let with = |inner: &[Change], fields: &[(&str, Value, Value)]| {
            let nested = vec![("N.M".to_owned(), inner.to_vec())];
            unseen(&ComputedChangeSet { nested, ..set_of(&changes) }, &shown(fields))
        };
        let (removal, harmless) = ([whole(change("Remove", None))], [whole(change("Modify", Some("False")))]);
        assert_eq!(with(&removal, &[]), ["remove or replace N.M.A"]);
        assert_eq!(with(&harmless, &[]), [""; 0]);
        assert_eq!(with(&removal, &[("may_replace", json!(["N"]), Value::Null)]), [""; 0]);
        assert_eq!(with(&removal, &[("resources.A", json!({}), Value::Null)]), ["remove or replace N.M.A"]);
        assert!(has_nested(&json!({"Resources": {"N": {"Type": "AWS::CloudFormation::Stack"}}})));
        assert!(!has_nested(&json!({"Resources": {"N": {"Type": "AWS::SNS::Topic"}}})));
    }
}
