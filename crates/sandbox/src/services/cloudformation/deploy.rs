//! Stacks that a service brings to what they are to be, as stack sets do.

use std::collections::BTreeMap;

use super::errors::NO_UPDATES;
use super::lifecycle::{Creation, Update, begin_creation, begin_deletion, begin_update, finish};
use super::template::assign::Given;
use crate::aws_error::ApiError;
use crate::model::cloudformation::{Stack, Wanted};
use crate::model::resources::Place;
use crate::state::State;
use crate::tags::Tags;

/// What a service wants done with a stack, in any account and region.
#[derive(Clone, Debug)]
pub(crate) enum Deployment {
    /// Create it, or update it where it is.
    Put { template: String, parameters: BTreeMap<String, String>, tags: Tags, capabilities: Vec<String> },
    /// Delete it; one that is not there counts as deleted.
    Delete,
}

/// How a deployment ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Deployed {
    /// The stack's ARN; empty when there was none to delete.
    pub(crate) stack_id: String,
    /// The stack's status at the end, such as `UPDATE_COMPLETE`.
    pub(crate) status: String,
    /// What failed, as stack sets word it: `ResourceLogicalId:…, ResourceType:…, ResourceStatusReason:…`.
    pub(crate) failure: Option<String>,
}

/// Brings the stack `name` in `place` to what `deployment` says, from beginning to end, as stack sets do with the
/// stacks of their instances: no progress is seen, an update that changes nothing succeeds, and a stack that is left
/// over from a failed creation (`ROLLBACK_COMPLETE`) is deleted and created again. What the stack holds, its events
/// and its resources are afterwards as those of any other stack.
///
/// # Errors
/// What CreateStack, UpdateStack or DeleteStack would refuse: invalid templates and parameters, missing capabilities,
/// quotas, a stack that is busy. A stack that fails is no error but a [`Deployed`] with its `failure`.
pub(crate) fn deploy(
    state: &mut State,
    place: &Place,
    name: &str,
    deployment: &Deployment,
    now: u64,
) -> Result<Deployed, ApiError> {
    let existing = state.stacks.in_place(place).and_then(|all| all.stacks.get(name)).cloned();
    let id = match (deployment, existing) {
        (Deployment::Delete, None) => return Ok(Deployed { status: "DELETE_COMPLETE".into(), ..Deployed::default() }),
        (Deployment::Delete, Some(stack)) => {
            begin_deletion(state, place, &stack.id, Vec::new(), None, now)?;
            stack.id
        }
        (Deployment::Put { .. }, Some(stack)) if stack.status != "ROLLBACK_COMPLETE" => {
            let wanted = checked(deployment, Some(&stack.wanted))?;
            match begin_update(state, place, &stack.id, Update::to(wanted), now) {
                Err(error) if error.message == NO_UPDATES => {
                    return Ok(Deployed { stack_id: stack.id, status: stack.status, failure: None });
                }
                begun => begun?,
            }
            stack.id
        }
        (Deployment::Put { .. }, leftover) => {
            let wanted = checked(deployment, None)?;
            if let Some(stack) = leftover {
                begin_deletion(state, place, &stack.id, Vec::new(), None, now)?;
                finish(state, place, name, now);
            }
            begin_creation(state, place, name, Creation { wanted, ..Creation::default() }, now)?
        }
    };
    finish(state, place, name, now);
    Ok(ended(state, place, &id))
}

fn checked(deployment: &Deployment, previous: Option<&Wanted>) -> Result<Wanted, ApiError> {
    let Deployment::Put { template, parameters, tags, capabilities } = deployment else {
        return Ok(Wanted::default());
    };
    let given = parameters.iter().map(|(name, value)| (name.clone(), Given::Value(value.clone())));
    Wanted::check(template.clone(), &given.collect(), tags.clone(), capabilities.clone(), previous)
}

fn ended(state: &State, place: &Place, id: &str) -> Deployed {
    let Some(stack) = state.stacks.find(place, id) else {
        return Deployed { stack_id: id.to_owned(), ..Deployed::default() };
    };
    let good = ["CREATE_COMPLETE", "UPDATE_COMPLETE", "DELETE_COMPLETE"].contains(&stack.status.as_str());
    Deployed { stack_id: id.to_owned(), status: stack.status.clone(), failure: (!good).then(|| first_failure(stack)) }
}

/// The first failure of the last operation.
fn first_failure(stack: &Stack) -> String {
    let beginning = |status: &str| ["CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"].contains(&status);
    let start = stack.events.iter().rposition(|event| event.physical == stack.id && beginning(&event.status));
    let events = &stack.events[start.unwrap_or_default()..];
    let failed = events.iter().find(|event| event.status.ends_with("_FAILED") && event.physical != stack.id);
    match failed {
        Some(event) => format!(
            "ResourceLogicalId:{}, ResourceType:{}, ResourceStatusReason:{}.",
            event.logical,
            event.kind,
            event.reason.as_deref().unwrap_or_default()
        ),
        None => events.iter().find_map(|event| event.reason.clone()).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOPIC: &str = "Resources: {T: {Type: AWS::SNS::Topic, Properties: {TopicName: alarms}}}";

    fn put(template: &str) -> Deployment {
        Deployment::Put {
            template: template.to_owned(),
            parameters: BTreeMap::new(),
            tags: Tags::new(),
            capabilities: Vec::new(),
        }
    }

    fn run(state: &mut State, deployment: &Deployment) -> Deployed {
        let place = Place { account: "222222222222".into(), region: "eu-west-1".into() };
        deploy(state, &place, "StackSet-a", deployment, 0).unwrap()
    }

    #[test]
    fn a_deployment_runs_to_its_end_in_any_account() {
        let mut state = State::default();
        assert_eq!(run(&mut state, &put(TOPIC)).status, "CREATE_COMPLETE");
        assert!(state.resources["222222222222"]["eu-west-1"].contains_key("AWS::SNS::Topic"));
        assert_eq!(run(&mut state, &put(TOPIC)).status, "CREATE_COMPLETE");
        assert_eq!(run(&mut state, &put(&TOPIC.replace("alarms", "alerts"))).status, "UPDATE_COMPLETE");
        assert_eq!(run(&mut state, &Deployment::Delete).status, "DELETE_COMPLETE");
        assert!(state.resources["222222222222"]["eu-west-1"].is_empty());
    }

    #[test]
    fn a_failed_deployment_names_the_resource_and_may_be_tried_again() {
        let mut state = State::default();
        let failed = run(&mut state, &put("Resources: {R: {Type: AWS::Example::Robot}}"));
        assert_eq!(failed.status, "ROLLBACK_COMPLETE");
        let reason = "ResourceLogicalId:R, ResourceType:AWS::Example::Robot, ResourceStatusReason:not simulated: \
                      AWS::Example::Robot.";
        assert_eq!(failed.failure.as_deref(), Some(reason));
        assert_eq!(run(&mut state, &put(TOPIC)).status, "CREATE_COMPLETE");
    }
}
