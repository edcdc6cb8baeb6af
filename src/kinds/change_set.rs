//! What a change set would do, read whole and compared with what the plan showed.

use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::operation::describe_change_set::DescribeChangeSetOutput;
use aws_sdk_cloudformation::types::{
    Change, ChangeAction, ChangeSetStatus, EvaluationType, PolicyAction, Replacement, RequiresRecreation,
    ResourceChange,
};
use serde_json::Value;

use super::deployment::{MAY_REPLACE, TAKES_AWAY};
use super::write::pause;
use crate::cloud::{AwsError, Explain};
use crate::model;

/// A change set that CloudFormation has finished working out.
#[derive(Debug)]
pub(super) struct WorkedOut {
    /// Its last page, which has all but the changes.
    pub about: DescribeChangeSetOutput,
    /// The changes of all pages.
    pub changes: Vec<Change>,
}

impl WorkedOut {
    /// Whether it can be executed.
    pub fn is_ready(&self) -> bool {
        self.about.status() == Some(&ChangeSetStatus::CreateComplete)
    }
}

/// The change set of this name, or with this ARN, once CloudFormation has worked it out.
///
/// # Errors
/// When AWS refuses.
pub(super) async fn worked_out(client: &Client, stack: &str, name: &str) -> Result<WorkedOut, AwsError> {
    let mut nth = 0;
    loop {
        let (mut changes, mut next) = (Vec::new(), None);
        let about = loop {
            let request = client.describe_change_set().stack_name(stack).change_set_name(name);
            let page = request.set_next_token(next).send().await.explain("cloudformation:DescribeChangeSet")?;
            changes.extend(page.changes().iter().cloned());
            next = page.next_token().map(str::to_owned);
            if next.is_none() {
                break page;
            }
        };
        let is_over = matches!(about.status(), Some(ChangeSetStatus::CreateComplete | ChangeSetStatus::Failed));
        if is_over {
            return Ok(WorkedOut { about, changes });
        }
        pause(nth).await;
        nth += 1;
    }
}

/// What a change does to a resource that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Effect {
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
pub(super) fn effect(change: &ResourceChange) -> Effect {
    match change.action() {
        Some(ChangeAction::Add) => Effect::Harmless,
        Some(ChangeAction::Remove) => Effect::Removes,
        Some(ChangeAction::Modify) if may_replace(change) => Effect::Replaces,
        Some(ChangeAction::Modify) => Effect::Harmless,
        // Imports are never asked for, and `Dynamic` is what CloudFormation does not know before.
        _ => Effect::Unclear,
    }
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
pub(super) fn unseen(changes: &[Change], shown: &model::Change) -> Vec<String> {
    changes.iter().filter_map(|change| unseen_one(change.resource_change(), shown)).collect()
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
    use crate::model::{Action, Address, FieldChange, Risk};

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

    fn shown(fields: &[(&str, Value, Value)]) -> model::Change {
        let field = |(path, before, after): &(&str, Value, Value)| FieldChange {
            path: (*path).to_owned(),
            before: before.clone(),
            after: after.clone(),
        };
        model::Change {
            address: Address::parse("stack/a/s/r"),
            kind: "stack".into(),
            action: Action::Update,
            fields: fields.iter().map(field).collect(),
            risk: Risk::Destructive,
            reason: String::new(),
            source: None,
            reaches: 0,
            accounts: Vec::new(),
            gains: Vec::new(),
            loses: Vec::new(),
            needs: Vec::new(),
            parent: None,
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
        let unseen_by = |fields: &[(&str, Value, Value)]| unseen(&changes, &shown(fields));
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
            let unseen_by = |fields: &[(&str, Value, Value)]| unseen(&changes, &shown(fields));
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
            unseen(&changes, &shown(&[])),
            [
                "remove A",
                "do something to A that is not known before (Import)",
                "do something that is no change of a resource"
            ]
        );
    }
}
