//! Instances of stack sets: stacks in members' accounts and regions.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::begun::{StartedOperation, begin, repeated};
use super::errors::limit_exceeded;
use super::owner::{set_mut, set_name, set_view};
use super::targets::Targets;
use crate::aws_error::{Answer, ApiError};
use crate::model::stack_sets::{Action, Instance, Row, StackSet};
use crate::request::Request;
use crate::service::{Operation, operation};
use crate::services::cloudformation::common::{PAGES, time};
use crate::services::cloudformation::errors::invalid;

pub(super) const OPERATIONS: &[Operation] = &[
    operation("CreateStackInstances", create_stack_instances),
    operation("UpdateStackInstances", update_stack_instances),
    operation("DeleteStackInstances", delete_stack_instances),
    operation("DescribeStackInstance", describe_stack_instance),
    operation("ListStackInstances", list_stack_instances),
];

/// Parameters with other values than the stack set's; `None` keeps the value that there is.
type Overrides = BTreeMap<String, Option<String>>;

fn overrides(request: &Request<'_>) -> Result<Overrides, ApiError> {
    let row = |row: &Value| {
        let text = |name: &str| row.get(name).and_then(Value::as_str);
        let previous = text("UsePreviousValue") == Some("true");
        let value = text("ParameterValue").unwrap_or_default().to_owned();
        Some((text("ParameterKey")?.to_owned(), (!previous).then_some(value)))
    };
    let given: Overrides = request.input.list("ParameterOverrides").iter().filter_map(row).collect();
    let known = &set_view(request)?.wanted.parameters;
    match given.keys().find(|name| !known.contains_key(*name)) {
        Some(unknown) => Err(invalid(format!("Parameters: [{unknown}] do not exist in the template"))),
        None => Ok(given),
    }
}

/// Makes whole units targets: from now on accounts that enter them are followed, whatever accounts are left out now.
fn create_stack_instances(request: &mut Request<'_>) -> Answer {
    let name = set_name(request)?;
    if let Some(again) = repeated(request, Action::Create)? {
        return Ok(again);
    }
    let targets = Targets::of(request, true)?;
    let overrides = overrides(request)?;
    if targets.regions.is_empty() {
        return Err(invalid("At least one region is required"));
    }
    let rows = new_rows(request, &targets);
    let most = request.state.quotas.stack_instances;
    if set_view(request)?.all_instances().count() + rows.len() > most {
        return Err(limit_exceeded(format!("Limit for stack instances has been exceeded: {most}")));
    }
    let id = begin(request, &name, StartedOperation { action: Action::Create, rows: rows.clone(), retain: false })?;
    let set = set_mut(request, &name)?;
    for unit in &targets.units {
        set.targets.entry(unit.clone()).or_default().extend(targets.regions.iter().cloned());
    }
    add(request, &name, &rows, &id)?;
    let set = set_mut(request, &name)?;
    override_parameters(set, &rows, &overrides);
    note_members(request, &name)?;
    Ok(json!({"OperationId": id}))
}

fn new_rows(request: &Request<'_>, targets: &Targets) -> Vec<Row> {
    let organization = request.state.organization.as_ref();
    let accounts = organization.map(|organization| targets.accounts(organization)).unwrap_or_default();
    let places = targets.regions.iter().flat_map(|region| accounts.iter().map(move |account| (region, account)));
    places.map(|(region, (account, unit))| Row::pending(account, region, unit)).collect()
}

/// Puts the instances of `rows` into the stack set, without stacks so far.
fn add(request: &mut Request<'_>, name: &str, rows: &[Row], operation: &str) -> Result<(), ApiError> {
    let uuids: Vec<String> = rows.iter().map(|_| request.state.stack_sets.new_id()).collect();
    let set = set_mut(request, name)?;
    for (row, uuid) in rows.iter().zip(uuids) {
        expect_instance(set, row, &uuid, operation);
    }
    Ok(())
}

/// The instance of a row is to come, or to be brought to what it is to be.
pub(super) fn expect_instance(set: &mut StackSet, row: &Row, uuid: &str, operation: &str) {
    let stack_name = format!("StackSet-{}-{uuid}", set.name);
    let of_account = set.instances.entry(row.account.clone()).or_default();
    let new = || Instance { stack_name, ..Instance::default() };
    let instance = of_account.entry(row.region.clone()).or_insert_with(new);
    instance.unit.clone_from(&row.unit);
    instance.await_operation(operation);
}

/// Gives the instances of `rows` these overrides and no others, if there are any.
fn override_parameters(set: &mut StackSet, rows: &[Row], overrides: &Overrides) {
    if overrides.is_empty() {
        return;
    }
    for row in rows {
        if let Some(instance) = set.instance_mut(&row.account, &row.region) {
            let before = std::mem::take(&mut instance.overrides);
            let value = |name: &String, given: &Option<String>| given.clone().or_else(|| before.get(name).cloned());
            let all = overrides.iter().filter_map(|(name, given)| Some((name.clone(), value(name, given)?)));
            instance.overrides = all.collect();
        }
    }
}

/// Remembers which accounts are below the targets, so that only what changes from now on is followed.
fn note_members(request: &mut Request<'_>, name: &str) -> Result<(), ApiError> {
    let organization = request.state.organization.clone();
    let set = set_mut(request, name)?;
    set.members = organization.map(|organization| set.covered(&organization)).unwrap_or_default();
    Ok(())
}

/// The instances that the request is about; all, if it names none.
pub(super) fn chosen(request: &Request<'_>) -> Result<Vec<Row>, ApiError> {
    let targets = Targets::of(request, false)?;
    let organization = request.state.organization.as_ref();
    let accounts = organization.map(|organization| targets.accounts(organization)).unwrap_or_default();
    let set = set_view(request)?;
    let asked = |account: &String, region: &String, instance: &Instance| {
        let named = targets.is_empty()
            || accounts.contains_key(account)
            || (targets.are_whole_units() && targets.units.contains(&instance.unit));
        named && (targets.regions.is_empty() || targets.regions.contains(region))
    };
    let instances = set.all_instances().filter(|(account, region, instance)| asked(account, region, instance));
    Ok(instances.map(|(account, region, instance)| Row::pending(account, region, &instance.unit)).collect())
}

/// Marks every instance that works as outdated; those of the operation have their turn in it.
pub(super) fn outdate(set: &mut StackSet, operation: &str) {
    let rows = set.operations.iter().find(|other| other.id == operation).map(|operation| operation.rows.clone());
    for instance in set.instances.values_mut().flat_map(BTreeMap::values_mut) {
        if instance.status != "INOPERABLE" {
            "OUTDATED".clone_into(&mut instance.status);
        }
    }
    for row in rows.unwrap_or_default() {
        if let Some(instance) = set.instance_mut(&row.account, &row.region) {
            instance.await_operation(operation);
        }
    }
}

fn update_stack_instances(request: &mut Request<'_>) -> Answer {
    let name = set_name(request)?;
    if let Some(again) = repeated(request, Action::Update)? {
        return Ok(again);
    }
    let (rows, overrides) = (chosen(request)?, overrides(request)?);
    let id = begin(request, &name, StartedOperation { action: Action::Update, rows: rows.clone(), retain: false })?;
    let set = set_mut(request, &name)?;
    override_parameters(set, &rows, &overrides);
    for row in &rows {
        if let Some(instance) = set.instance_mut(&row.account, &row.region) {
            instance.await_operation(&id);
        }
    }
    Ok(json!({"OperationId": id}))
}

/// Takes instances away, and their stacks unless they are retained. Whole units are no targets any more.
fn delete_stack_instances(request: &mut Request<'_>) -> Answer {
    let name = set_name(request)?;
    if let Some(again) = repeated(request, Action::Delete)? {
        return Ok(again);
    }
    request.input.text("RetainStacks")?;
    let retain = request.input.flag("RetainStacks");
    let targets = Targets::of(request, false)?;
    if targets.is_empty() || targets.regions.is_empty() {
        return Err(invalid("DeploymentTargets and Regions are required"));
    }
    let rows = chosen(request)?;
    let id = begin(request, &name, StartedOperation { action: Action::Delete, rows: rows.clone(), retain })?;
    let set = set_mut(request, &name)?;
    if targets.are_whole_units() {
        for unit in &targets.units {
            set.untarget(unit, &targets.regions);
        }
    }
    for row in &rows {
        if let Some(instance) = set.instance_mut(&row.account, &row.region) {
            instance.await_operation(&id);
        }
    }
    note_members(request, &name)?;
    Ok(json!({"OperationId": id}))
}

impl StackSet {
    fn untarget(&mut self, unit: &str, regions: &std::collections::BTreeSet<String>) {
        if let Some(of_unit) = self.targets.get_mut(unit) {
            of_unit.retain(|region| !regions.contains(region));
            if of_unit.is_empty() {
                self.targets.remove(unit);
            }
        }
    }
}

fn show(set: &StackSet, account: &str, region: &str, instance: &Instance) -> Value {
    let drift = if instance.drift.status.is_empty() { "NOT_CHECKED" } else { &instance.drift.status };
    json!({
        "StackSetId": set.id,
        "Account": account,
        "Region": region,
        "StackId": (!instance.stack_id.is_empty()).then_some(&instance.stack_id),
        "OrganizationalUnitId": instance.unit,
        "Status": instance.status,
        "StackInstanceStatus": {"DetailedStatus": instance.detailed_status},
        "StatusReason": instance.reason,
        "DriftStatus": drift,
        "LastDriftCheckTimestamp": instance.drift.checked.map(time),
        "LastOperationId": instance.last_operation,
    })
}

fn describe_stack_instance(request: &mut Request<'_>) -> Answer {
    let set = set_view(request)?;
    let (account, region) = (request.input.text("StackInstanceAccount")?, request.input.text("StackInstanceRegion")?);
    let instance = set.instance(account, region).ok_or_else(|| {
        let message = format!("Stack instance not found for account {account} and region {region}");
        ApiError::new("StackInstanceNotFoundException", message).with_status(404)
    })?;
    let mut shown = show(set, account, region, instance);
    let overrides = instance.overrides.iter();
    let overrides = overrides.map(|(name, value)| json!({"ParameterKey": name, "ParameterValue": value}));
    shown["ParameterOverrides"] = overrides.collect();
    Ok(json!({"StackInstance": shown}))
}

fn list_stack_instances(request: &mut Request<'_>) -> Answer {
    let set = set_view(request)?;
    let account = request.input.optional("StackInstanceAccount")?;
    let region = request.input.optional("StackInstanceRegion")?;
    let filters = request.input.list("Filters");
    let asked = |shown: &Value| {
        account.is_none_or(|account| shown["Account"] == account)
            && region.is_none_or(|region| shown["Region"] == region)
            && filters.iter().all(|filter| fits(filter, shown))
    };
    let shown = set.all_instances().map(|(account, region, instance)| show(set, account, region, instance));
    let shown: Vec<Value> = shown.filter(asked).collect();
    PAGES.page(request, "Summaries", &shown, Value::clone)
}

fn fits(filter: &Value, shown: &Value) -> bool {
    let actual = match filter.get("Name").and_then(Value::as_str).unwrap_or_default() {
        "DETAILED_STATUS" => &shown["StackInstanceStatus"]["DetailedStatus"],
        "LAST_OPERATION_ID" => &shown["LastOperationId"],
        "DRIFT_STATUS" => &shown["DriftStatus"],
        _ => return false,
    };
    filter.get("Values") == Some(actual)
}
