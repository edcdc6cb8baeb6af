//! Stack sets themselves: what their instances are to be.

use serde_json::{Value, json};

use super::begun::{StartedOperation, begin, repeated};
use super::drift;
use super::errors::{busy, limit_exceeded};
use super::instances::{chosen, outdate};
use super::owner::{check_may_change, set_mut, set_name, set_view, visible};
use crate::aws_error::{Answer, ApiError};
use crate::input::Input;
use crate::model::cloudformation::Stack;
use crate::model::stack_sets::{Action, AutoDeployment, StackSet};
use crate::request::Request;
use crate::service::{Operation, operation};
use crate::services::cloudformation::common::PAGES;
use crate::services::cloudformation::describe::{parameters, tags};
use crate::services::cloudformation::errors::invalid;
use crate::services::cloudformation::submission::wanted;

pub(super) const OPERATIONS: &[Operation] = &[
    operation("CreateStackSet", create_stack_set),
    operation("DescribeStackSet", describe_stack_set),
    operation("ListStackSets", list_stack_sets),
    operation("UpdateStackSet", update_stack_set),
    operation("DeleteStackSet", delete_stack_set),
];

/// Repeating the request that made a stack set answers the same again.
fn create_stack_set(request: &mut Request<'_>) -> Answer {
    check_model(&request.input)?;
    check_may_change(request)?;
    let name = checked_name(&request.input)?;
    let token = request.input.optional("ClientRequestToken")?.map(str::to_owned);
    if let Some(existing) = request.state.stack_sets.find(&request.region, &name) {
        if token.is_some() && existing.token == token {
            return Ok(json!({"StackSetId": existing.id}));
        }
        let message = format!("StackSet {name} already exists");
        return Err(ApiError::new("NameAlreadyExistsException", message).with_status(409));
    }
    let set = StackSet {
        description: request.input.optional("Description")?.map(str::to_owned),
        wanted: wanted(request, None)?,
        auto_deployment: auto_deployment(&request.input)?.unwrap_or_default(),
        managed_execution: managed_execution(&request.input).unwrap_or_default(),
        token,
        name: name.clone(),
        ..StackSet::default()
    };
    let (region, most) = (request.region.clone(), request.state.quotas.stack_sets);
    let id = format!("{name}:{}", request.state.stack_sets.new_id());
    let sets = request.state.stack_sets.regions.entry(region).or_default();
    if sets.len() >= most {
        return Err(limit_exceeded(format!("Limit for stack sets has been exceeded: {most}")));
    }
    sets.insert(name, StackSet { id: id.clone(), ..set });
    Ok(json!({"StackSetId": id}))
}

/// Stack sets whose roles their owner keeps in every account are another feature.
fn check_model(input: &Input) -> Result<(), ApiError> {
    let managed = input.optional("PermissionModel")? == Some("SERVICE_MANAGED");
    managed.then_some(()).ok_or_else(|| invalid("The sandbox simulates PermissionModel SERVICE_MANAGED alone."))
}

fn checked_name(input: &Input) -> Result<String, ApiError> {
    let name = input.bounded("StackSetName", 1, 128)?;
    let valid = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && name.starts_with(|first: char| first.is_ascii_alphabetic());
    valid.then(|| name.to_owned()).ok_or_else(|| {
        invalid(format!(
            "1 validation error detected: Value '{name}' at 'stackSetName' failed to satisfy constraint: Member must \
             satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
        ))
    })
}

fn auto_deployment(input: &Input) -> Result<Option<AutoDeployment>, ApiError> {
    let shape = input.structure("AutoDeployment");
    let flag = |name: &str| shape.get(name).and_then(Value::as_str).map(|text| text == "true");
    let listed = shape.get("DependsOn").and_then(Value::as_array);
    let depends_on: Vec<String> = listed.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    if let Some(wrong) = depends_on.iter().find(|arn| !arn.contains(":stackset/")) {
        return Err(invalid(format!("{wrong} is not the ARN of a stack set")));
    }
    match (flag("Enabled"), flag("RetainStacksOnAccountRemoval")) {
        (Some(false), Some(_)) => {
            Err(invalid("RetainStacksOnAccountRemoval can only be specified if automatic deployment is enabled"))
        }
        (Some(enabled), retain) => Ok(Some(AutoDeployment { enabled, retain: retain.unwrap_or_default(), depends_on })),
        (None, _) => Ok(None),
    }
}

fn managed_execution(input: &Input) -> Option<bool> {
    input.structure("ManagedExecution").get("Active").and_then(Value::as_str).map(|active| active == "true")
}

fn show_auto_deployment(set: &StackSet) -> Value {
    let AutoDeployment { enabled, retain, depends_on } = &set.auto_deployment;
    let depends_on = Some(depends_on).filter(|arns| !arns.is_empty());
    json!({
        "Enabled": enabled,
        "RetainStacksOnAccountRemoval": enabled.then_some(retain),
        "DependsOn": depends_on,
    })
}

fn describe_stack_set(request: &mut Request<'_>) -> Answer {
    let set = set_view(request)?;
    let regions: std::collections::BTreeSet<_> = set.targets.values().flatten().collect();
    let (partition, management) = (&request.state.partition, &request.state.management.id);
    let arn = format!("arn:{partition}:cloudformation:{}:{management}:stackset/{}", request.region, set.id);
    Ok(json!({"StackSet": {
        "StackSetName": set.name,
        "StackSetId": set.id,
        "StackSetARN": arn,
        "Description": set.description,
        "Status": "ACTIVE",
        "TemplateBody": set.wanted.template,
        "Parameters": parameters(&set.wanted),
        "Capabilities": set.wanted.capabilities,
        "Tags": tags(&set.wanted.tags),
        "PermissionModel": "SERVICE_MANAGED",
        "AutoDeployment": show_auto_deployment(set),
        "OrganizationalUnitIds": set.targets.keys().collect::<Vec<_>>(),
        "Regions": regions,
        "ManagedExecution": {"Active": set.managed_execution},
        "StackSetDriftDetectionDetails": drift::details(set),
    }}))
}

fn list_stack_sets(request: &mut Request<'_>) -> Answer {
    let wanted = request.input.optional("Status")?.is_none_or(|status| status == "ACTIVE");
    let sets = if wanted { visible(request)? } else { Vec::new() };
    PAGES.page(request, "Summaries", &sets, |set| {
        json!({
            "StackSetName": set.name,
            "StackSetId": set.id,
            "Description": set.description,
            "Status": "ACTIVE",
            "PermissionModel": "SERVICE_MANAGED",
            "AutoDeployment": show_auto_deployment(set),
            "ManagedExecution": {"Active": set.managed_execution},
            "DriftStatus": drift::status(set),
        })
    })
}

/// Changes what the instances are to be, and brings them there: all, or those that the request names. The others are
/// outdated from then on.
fn update_stack_set(request: &mut Request<'_>) -> Answer {
    let name = set_name(request)?;
    if let Some(again) = repeated(request, Action::Update)? {
        return Ok(again);
    }
    let previous = Stack { wanted: set_view(request)?.wanted.clone(), ..Stack::default() };
    let wanted = wanted(request, Some(&previous))?;
    let description = request.input.optional("Description")?.map(str::to_owned);
    let (auto, managed) = (auto_deployment(&request.input)?, managed_execution(&request.input));
    let rows = chosen(request)?;
    let id = begin(request, &name, StartedOperation { action: Action::Update, rows, retain: false })?;
    let set = set_mut(request, &name)?;
    set.wanted = wanted;
    set.description = description.or_else(|| set.description.take());
    set.auto_deployment = auto.unwrap_or_else(|| set.auto_deployment.clone());
    set.managed_execution = managed.unwrap_or(set.managed_execution);
    outdate(set, &id);
    Ok(json!({"OperationId": id}))
}

fn delete_stack_set(request: &mut Request<'_>) -> Answer {
    let name = set_name(request)?;
    let set = set_view(request)?;
    if let Some(running) = set.operations.iter().find(|operation| operation.is_active()) {
        return Err(busy(&running.id));
    }
    if !set.instances.is_empty() {
        return Err(ApiError::new("StackSetNotEmptyException", "StackSet is not empty").with_status(409));
    }
    let region = request.region.clone();
    if let Some(sets) = request.state.stack_sets.regions.get_mut(&region) {
        sets.remove(&name);
    }
    Ok(json!({}))
}
