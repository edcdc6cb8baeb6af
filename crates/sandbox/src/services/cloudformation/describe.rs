//! Reading stacks, their resources and their events.

use serde_json::{Value, json};

use super::common::{PAGES, place, time};
use super::errors::{invalid, stack_not_found};
use crate::aws_error::{Answer, ApiError};
use crate::model::cloudformation::{Drift, Event, Stack, StackResource, Wanted};
use crate::request::Request;
use crate::service::{Operation, operation};
use crate::tags::Tags;

pub(super) const OPERATIONS: &[Operation] = &[
    operation("DescribeStacks", describe_stacks),
    operation("ListStacks", list_stacks),
    operation("DescribeStackEvents", describe_stack_events),
    operation("DescribeStackResource", describe_stack_resource),
    operation("DescribeStackResources", describe_stack_resources),
    operation("ListStackResources", list_stack_resources),
];

/// The stack that a request names: one that is there by its name, or any by its id.
pub(super) fn stack_of<'a>(request: &'a Request<'_>) -> Result<&'a Stack, ApiError> {
    let name = request.input.text("StackName")?;
    request.state.stacks.find(&place(request), name).ok_or_else(|| stack_not_found(name))
}

/// The parameters of a stack, those with NoEcho hidden.
pub(super) fn parameters(wanted: &Wanted) -> Vec<Value> {
    let show = |(name, value): (&String, &String)| {
        let value = if wanted.hidden.contains(name) { "****" } else { value };
        json!({"ParameterKey": name, "ParameterValue": value})
    };
    wanted.parameters.iter().map(show).collect()
}

pub(super) fn tags(tags: &Tags) -> Vec<Value> {
    tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect()
}

fn drift_of_stack(drift: &Drift) -> Value {
    let status = if drift.status.is_empty() { "NOT_CHECKED" } else { &drift.status };
    json!({"StackDriftStatus": status, "LastCheckTimestamp": drift.checked.map(time)})
}

fn drift_of_resource(drift: &Drift) -> Value {
    let status = if drift.status.is_empty() { "NOT_CHECKED" } else { &drift.status };
    json!({"StackResourceDriftStatus": status, "LastCheckTimestamp": drift.checked.map(time)})
}

fn show_stack(stack: &Stack) -> Value {
    let outputs = stack.outputs.iter().map(|output| {
        json!({
            "OutputKey": output.key,
            "OutputValue": output.value,
            "Description": output.description,
            "ExportName": output.export,
        })
    });
    json!({
        "StackId": stack.id,
        "StackName": stack.name,
        "Description": stack.description,
        "Parameters": parameters(&stack.wanted),
        "CreationTime": time(stack.created),
        "LastUpdatedTime": stack.updated.map(time),
        "DeletionTime": stack.deleted.map(time),
        "StackStatus": stack.status,
        "StackStatusReason": stack.status_reason,
        "DisableRollback": stack.disable_rollback,
        "NotificationARNs": stack.wanted.notifications,
        "Capabilities": stack.wanted.capabilities,
        "Outputs": outputs.collect::<Vec<_>>(),
        "RoleARN": stack.wanted.role,
        "Tags": tags(&stack.wanted.tags),
        "EnableTerminationProtection": stack.termination_protection,
        "DriftInformation": drift_of_stack(&stack.drift),
    })
}

/// One stack, or all that are there.
fn describe_stacks(request: &mut Request<'_>) -> Answer {
    if request.input.optional("StackName")?.is_some_and(|name| !name.is_empty()) {
        return Ok(json!({"Stacks": [show_stack(stack_of(request)?)]}));
    }
    let stacks = request.state.stacks.in_place(&place(request)).into_iter().flat_map(|all| all.stacks.values());
    let stacks: Vec<_> = stacks.collect();
    PAGES.page(request, "Stacks", &stacks, |stack| show_stack(stack))
}

/// All stacks, those that are gone included, or those in some statuses.
fn list_stacks(request: &mut Request<'_>) -> Answer {
    let statuses = request.input.texts("StackStatusFilter");
    let asked = |stack: &&Stack| statuses.is_empty() || statuses.contains(&stack.status.as_str());
    let all = request.state.stacks.in_place(&place(request));
    let all = all.into_iter().flat_map(|all| all.stacks.values().chain(all.deleted.iter().rev()));
    let stacks: Vec<_> = all.filter(asked).collect();
    PAGES.page(request, "StackSummaries", &stacks, |stack| {
        json!({
            "StackId": stack.id,
            "StackName": stack.name,
            "TemplateDescription": stack.description,
            "CreationTime": time(stack.created),
            "LastUpdatedTime": stack.updated.map(time),
            "DeletionTime": stack.deleted.map(time),
            "StackStatus": stack.status,
            "StackStatusReason": stack.status_reason,
            "DriftInformation": drift_of_stack(&stack.drift),
        })
    })
}

/// The newest first.
fn describe_stack_events(request: &mut Request<'_>) -> Answer {
    let stack = stack_of(request)?;
    let events: Vec<&Event> = stack.events.iter().rev().collect();
    PAGES.page(request, "StackEvents", &events, |event| {
        json!({
            "StackId": stack.id,
            "EventId": event.id,
            "StackName": stack.name,
            "LogicalResourceId": event.logical,
            "PhysicalResourceId": event.physical,
            "ResourceType": event.kind,
            "Timestamp": time(event.time),
            "ResourceStatus": event.status,
            "ResourceStatusReason": event.reason,
            "ClientRequestToken": event.token,
        })
    })
}

/// What all views of a resource have in common.
fn show_resource(logical: &str, resource: &StackResource) -> Value {
    json!({
        "LogicalResourceId": logical,
        "PhysicalResourceId": (!resource.physical.is_empty()).then_some(&resource.physical),
        "ResourceType": resource.kind,
        "ResourceStatus": resource.status,
        "ResourceStatusReason": resource.reason,
        "DriftInformation": drift_of_resource(&resource.drift),
    })
}

fn show_in_stack(stack: &Stack, logical: &str, resource: &StackResource, stamp: &str) -> Value {
    let mut shown = show_resource(logical, resource);
    shown["StackId"] = stack.id.as_str().into();
    shown["StackName"] = stack.name.as_str().into();
    shown[stamp] = time(resource.updated);
    shown
}

fn describe_stack_resource(request: &mut Request<'_>) -> Answer {
    let stack = stack_of(request)?;
    let logical = request.input.text("LogicalResourceId")?;
    let missing = || invalid(format!("Resource {logical} does not exist for stack {}", stack.name));
    let resource = stack.resources.get(logical).ok_or_else(missing)?;
    let mut shown = show_in_stack(stack, logical, resource, "LastUpdatedTimestamp");
    shown["Metadata"] = resource.metadata.as_ref().map(Value::to_string).into();
    Ok(json!({"StackResourceDetail": shown}))
}

fn describe_stack_resources(request: &mut Request<'_>) -> Answer {
    let stack = match request.input.optional("PhysicalResourceId")? {
        Some(physical) if request.input.optional("StackName")?.is_none() => owner(request, physical)?,
        _ => stack_of(request)?,
    };
    let asked = request.input.optional("LogicalResourceId")?;
    let resources = stack.resources.iter().filter(|(logical, _)| asked.is_none_or(|asked| asked == *logical));
    let shown: Vec<Value> =
        resources.map(|(logical, resource)| show_in_stack(stack, logical, resource, "Timestamp")).collect();
    Ok(json!({"StackResources": shown}))
}

/// The stack that a physical resource belongs to.
fn owner<'a>(request: &'a Request<'_>, physical: &str) -> Result<&'a Stack, ApiError> {
    let stacks = request.state.stacks.in_place(&place(request));
    let mut stacks = stacks.into_iter().flat_map(|all| all.stacks.values());
    let owns = |stack: &&Stack| stack.resources.values().any(|resource| resource.physical == physical);
    stacks.find(owns).ok_or_else(|| invalid(format!("Stack for {physical} does not exist")))
}

fn list_stack_resources(request: &mut Request<'_>) -> Answer {
    let stack = stack_of(request)?;
    let resources: Vec<_> = stack.resources.iter().collect();
    PAGES.page(request, "StackResourceSummaries", &resources, |(logical, resource)| {
        let mut shown = show_resource(logical, resource);
        shown["LastUpdatedTimestamp"] = time(resource.updated);
        shown
    })
}
