use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Value, json};

use super::read::{self, StackInstanceFacts, StackSetFacts};
use super::{Cover, Deployment, Kind, OccupancyContext, Pending, Step, WriteContext, WriteError};
use crate::facts::Look;
use crate::kinds::shared::deployed::Templated;
use crate::kinds::shared::deployment::{deployment_differences, is_destructive, one_by_one};
use crate::kinds::shared::drift::{DRIFT, is_drift};
use crate::kinds::shared::noticed::is_noticed;
use crate::kinds::shared::ownership::{judge_adoption, owner};
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::site::KnownDeployments;
use crate::kinds::shared::survey::Survey;
use crate::model::{
    Action, Address, Bindings, Body, Desired, FieldChange, Found, KindInfo, Observed, Owner, Presence, Refusal, Risk,
    Tags, Wanted,
};
use crate::outline::Outline;
use resource::{
    AUTO_DEPLOYMENT, AutoDeployment, EXCEPT, INSTANCES, LEAVING, OVERRIDES, PARAMETERS_BY, PREFERENCES, ParametersBy,
    StackSet, TAG_EXCEPT, TARGETS, Targeting,
};

mod again;
mod deployments;
mod drift;
mod ended;
mod except;
mod kind_info;
mod missing;
mod moving;
mod operation;
mod outline;
mod overrides;
mod preferences;
mod progress;
pub(crate) mod resource;
mod revert;
pub(crate) mod section;
mod targets;
mod write;

/// Service-managed stack sets of CloudFormation: `stack-set/budget`, a stack in every account of some units.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-concepts.html>
pub(super) struct StackSets;

/// The fields of a change that say what becomes of the stacks that the stack set is to leave.
const KEEPS: &str = "keeps_stacks";
const DELETES: &str = "deletes_stacks";

impl Kind for StackSets {
    fn name(&self) -> &'static str {
        StackSet::KIND
    }

    fn kind_info(&self) -> &'static KindInfo {
        &kind_info::KIND_INFO
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        if !observed.found.contains_key(&Address::organization()) {
            return;
        }
        let Some(known) = look.at(read::DeploymentRecord(desired.blueprint.clone())) else { return };
        for name in names(desired, look, &KnownDeployments::from_text(known)) {
            if let Some(Some(set)) = look.at(read::StackSetNamed(name)) {
                add(desired, look, observed, set);
            }
        }
        moving::report_progress(desired, observed);
    }

    fn differ(&self, wanted: &Wanted, found: &Found) -> Vec<FieldChange> {
        let fields = deployment_differences(&wanted.body, &found.body).into_iter();
        let (leaving, mut fields): (Vec<_>, Vec<_>) = fields
            .filter(|field| ![PREFERENCES, PARAMETERS_BY, OVERRIDES].contains(&field.path.as_str()))
            .partition(|field| field.path == LEAVING);
        fields.extend(overrides::differences(&wanted.body, &found.body));
        // It comes with the tags of ownership.
        fields.retain(|field| found.owner != Owner::Unmanaged || field.path != format!("tags.{TAG_EXCEPT}"));
        fields.extend(leaving.into_iter().map(|field| left_behind(wanted, field.before)));
        let told_one_by_one = |field: FieldChange| match field.path.as_str() {
            TARGETS => one_by_one(&field),
            DRIFT => drift::reported(&field.before),
            INSTANCES => one_by_one(&FieldChange { after: all_current(&field.before), ..field }),
            _ => vec![field],
        };
        fields.into_iter().flat_map(told_one_by_one).collect()
    }

    fn judge(&self, action: Action, fields: &[FieldChange], found: Option<&Found>) -> (Risk, String) {
        let any = |wrong: fn(&FieldChange) -> bool| fields.iter().any(wrong);
        let (risk, reason) = match action {
            Action::Create => (Risk::None, "no stack set of this name is there"),
            Action::Delete if retains(fields, found) => {
                (Risk::Disruptive, "no longer in the blueprint; its stacks are retained")
            }
            Action::Delete => (Risk::Destructive, "no longer in the blueprint; its stacks are deleted with it"),
            _ if any(is_destructive) => {
                (Risk::Destructive, "the template deletes resources, or replaces them or may do so")
            }
            _ if any(loses_a_target) && !retains(fields, found) => {
                (Risk::Destructive, "it targets fewer units, accounts or regions; their stacks are deleted")
            }
            _ if any(was_half_deleted) => (Risk::Destructive, "stacks that could not be deleted are deleted first"),
            Action::Adopt => {
                let changed = (!fields.is_empty()).then(|| self.judge(Action::Update, fields, found));
                (judge_adoption(fields, changed).0, "exists, not managed by landing")
            }
            _ if any(loses_a_target) => {
                (Risk::Disruptive, "it targets fewer units, accounts or regions; their stacks are retained")
            }
            _ if fields.iter().all(is_drift) => (Risk::Disruptive, "resources of its stacks drifted from the template"),
            _ if fields.iter().all(missing::is_shown) => {
                (Risk::None, "accounts with values of their own have no stack of it yet")
            }
            _ if fields.iter().all(|field| is_member(field, INSTANCES)) => {
                (Risk::Disruptive, "AWS could not deploy all of its stacks")
            }
            _ if fields.iter().all(|field| is_member(field, TARGETS) || missing::is_shown(field)) => {
                (Risk::None, "it targets more units or regions")
            }
            _ if !any(is_drift) && !any(|field| is_member(field, INSTANCES)) && !is_noticed(&own_fields(fields)) => {
                (Risk::None, "it differs, and no running resource is affected")
            }
            _ => (Risk::Disruptive, "it differs"),
        };
        (risk, reason.into())
    }

    /// An account that leaves the units of a stack set keeps its stacks where they are retained, or no one follows it.
    fn covers(&self, address: &Address, body: &Body, _bindings: &Bindings) -> Option<Cover> {
        let Targeting { targets, auto, .. } = Targeting::of(body);
        let auto = auto?;
        let is_taken_away = auto.enabled && !auto.retains_stacks();
        let places = targets.into_keys().collect();
        Some(Cover { what: address.clone(), places, is_taken_away })
    }

    fn regions(&self, body: &Body) -> BTreeMap<Address, BTreeSet<String>> {
        Targeting::of(body).targets
    }

    fn leaves_out(&self, body: &Body) -> BTreeSet<Address> {
        Targeting::of(body).except
    }

    fn deployments(&self, wanted: &Wanted, scene: &OccupancyContext<'_>) -> Vec<Deployment> {
        deployments::of(wanted, scene, |found| !self.differ(wanted, found).is_empty())
    }

    fn outline(&self, survey: &Survey<'_>, outline: &mut Outline) {
        outline::outline(survey, outline);
    }

    fn write<'a>(&'a self, step: &'a Step, context: &'a WriteContext) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            match step.change.action {
                Action::Delete => write::delete(step, context).await,
                _ => write::put(step, context).await,
            }
        })
    }

    fn reads(&self) -> &'static [&'static str] {
        &[
            "cloudformation:DescribeStackSet",
            "cloudformation:DescribeStackInstance",
            "cloudformation:ListStackInstances",
            "cloudformation:ListStackSetAutoDeploymentTargets",
            "cloudformation:ListStackSets",
            "cloudformation:DetectStackSetDrift",
            "cloudformation:DescribeStackSetOperation",
            "cloudformation:ListStackSetOperationResults",
            "cloudformation:DescribeStackResourceDrifts",
            "ssm:GetParameter",
            "sts:AssumeRole",
        ]
    }

    fn writes(&self) -> &'static [&'static str] {
        &[
            "cloudformation:CreateStackSet",
            "cloudformation:UpdateStackSet",
            "cloudformation:DeleteStackSet",
            "cloudformation:CreateStackInstances",
            "cloudformation:UpdateStackInstances",
            "cloudformation:DeleteStackInstances",
            "cloudformation:ListStackSetOperations",
            "cloudformation:TagResource",
            "cloudformation:UntagResource",
            "s3:GetObject",
            "s3:PutObject",
            "ssm:PutParameter",
        ]
    }
}

/// The names of the stack sets that the blueprint has or has had: no other is of interest but for a survey.
fn names(desired: &Desired, look: &Look<'_>, deployment_record: &KnownDeployments) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = desired.of_kind(StackSet::KIND).map(|wanted| wanted.address.name()).collect();
    names.extend(deployment_record.stack_sets().map(str::to_owned));
    if names.remove(KnownDeployments::ALL) || desired.settings.surveys {
        names.extend(look.at(read::StackSetNames).into_iter().flatten().cloned());
    }
    names
}

fn add(desired: &Desired, look: &Look<'_>, observed: &mut Observed, set: &StackSetFacts) {
    let address = Address::stack_set(&set.name);
    let (owner, tags) = owner(desired, &address, set.tags.clone());
    let wanted = desired.get(&address).filter(|wanted| wanted.presence == Presence::Present);
    if wanted.is_none() && !matches!(owner, Owner::This { .. }) && !desired.settings.surveys {
        return;
    }
    if !set.is_service_managed {
        observed.findings.refusals.push(self_managed(&address));
        return;
    }
    if !drift::is_looked_for(desired, look, observed, &owner, set) {
        return;
    }
    let (listed, instances) =
        (look.at(read::StackSetTargets(set.id.clone())), look.at(read::StackInstancesOf(set.id.clone())));
    let (Some(listed), Some(instances)) = (listed, instances) else { return };
    let to_be = wanted.map(|wanted| Targeting::of(&wanted.body)).unwrap_or_default();
    let address_of = |id: &str| observed.bindings.address(id).cloned();
    let targets = targets::of_units(set, listed, instances, &to_be.targets, address_of);
    let leaving = leaving(&targets, wanted, instances, observed);
    let except = except::found(&to_be, wanted, (&targets, &tags), instances, observed, desired.settings.surveys);
    let overrides = match is_asked_for_overrides(desired, wanted, &owner, set) {
        true => overrides::recognize(&set.id, instances, look, observed),
        false => Some(BTreeMap::new()),
    };
    let Some(parameter_overrides) = overrides else { return };
    let mut attached_to: Vec<Address> = targets.keys().cloned().collect();
    attached_to.push(Address::new("trusted-access", [targets::SERVICE]));
    let missing = match wanted {
        _ if desired.settings.surveys => missing::uneven(&targets, instances, observed),
        Some(wanted) => missing::recognize(wanted, &targets, instances, (desired, observed)),
        None => BTreeMap::new(),
    };
    let found = StackSet {
        parameter_overrides,
        deployment_targets: targets,
        except,
        drift: drift::recognize(desired, look, observed, instances),
        instances: stuck(instances, observed).into_iter().chain(missing).collect(),
        leaving: leaving.iter().map(|it| it.place.clone()).collect(),
        ..definition(set, tags)
    };
    refuse_doubles(&address, wanted, &leaving, observed);
    observed.add(Found {
        kind: StackSet::KIND.into(),
        id: set.id.clone(),
        owner,
        body: found.into_body(),
        parent: Some(Address::organization()),
        attached_to,
        address,
    });
}

/// Whether each instance is asked for the values that it has for itself, which takes a call: where the blueprint gives some,
/// the set is unmanaged so far, or everything is looked at.
fn is_asked_for_overrides(desired: &Desired, wanted: Option<&Wanted>, owner: &Owner, set: &StackSetFacts) -> bool {
    let by = wanted.and_then(|wanted| ParametersBy::deserialize(wanted.body.get(PARAMETERS_BY)?).ok());
    let is_whole = match owner {
        Owner::This { .. } => desired.settings.deep,
        Owner::Unmanaged => wanted.is_some() || !desired.settings.surveyed_regions.is_empty(),
        _ => false,
    };
    by.is_some_and(|by| !by.is_empty()) || is_whole && !set.parameters.is_empty()
}

/// A stack in a unit and region that the stack set is for and is to be for no more.
#[derive(Debug, PartialEq, Eq)]
struct RemovedDeployment {
    /// `account/a in eu-west-1`.
    place: String,
    /// Whether the set is to be for the account by another unit. AWS takes the stack out of the set all the same: leaving a
    /// unit takes the stacks of all accounts below it.
    comes_back: bool,
}

fn leaving(
    targets: &targets::Regions<Address>,
    wanted: Option<&Wanted>,
    instances: &[StackInstanceFacts],
    observed: &Observed,
) -> Vec<RemovedDeployment> {
    let Some(Targeting { targets: wanted, except, .. }) = wanted.map(|wanted| Targeting::of(&wanted.body)) else {
        return Vec::new();
    };
    let lost = targets::without(targets, &wanted);
    let is_for = |targets: &targets::Regions<Address>, account: &Address, region: &String| {
        let place = observed.accounts.get(account);
        targets.iter().any(|(unit, regions)| place.is_some_and(|it| it.is_below(unit)) && regions.contains(region))
    };
    let stacks = instances.iter().filter(|instance| !instance.stack.is_empty()).filter_map(|instance| {
        let account = observed.bindings.address(&instance.account)?;
        let is_excluded = except.contains(account);
        let comes_back = is_for(&wanted, account, &instance.region) && !is_excluded;
        let place = format!("{account} in {}", instance.region);
        (is_excluded || is_for(&lost, account, &instance.region)).then_some(RemovedDeployment { place, comes_back })
    });
    stacks.collect()
}

/// Refuses to leave stacks where new ones would be created beside them.
fn refuse_doubles(address: &Address, wanted: Option<&Wanted>, leaving: &[RemovedDeployment], observed: &mut Observed) {
    let retains = wanted.is_some_and(|wanted| Targeting::of(&wanted.body).retains_stacks());
    let places: Vec<&str> = leaving.iter().filter(|it| it.comes_back).map(|it| it.place.as_str()).collect();
    if retains && !places.is_empty() {
        observed.findings.refusals.push(Refusal {
            code: "left-over-stacks".into(),
            address: Some(address.clone()),
            message: format!(
                "{address} is for other units from now on, to which these accounts belong too: {}. AWS takes their stacks out \
                 of the set first, and as they are retained new ones would be created beside them",
                places.join(", ")
            ),
            help: "keep the unit that is named now and add units beside it, or write `auto_deployment: \
                   {retain_stacks_on_account_removal: false}`, which deletes these stacks and creates them again"
                .into(),
        });
    }
}

/// What becomes of the stacks that the stack set leaves.
fn left_behind(wanted: &Wanted, stacks: Value) -> FieldChange {
    let retains = Targeting::of(&wanted.body).retains_stacks();
    FieldChange { path: if retains { KEEPS } else { DELETES }.into(), before: stacks, after: Value::Null }
}

/// What a stack set makes of an account, with the tags that are the blueprint's business.
fn definition(set: &StackSetFacts, tags: Tags) -> StackSet {
    StackSet {
        name: set.name.clone(),
        template: set.template.clone(),
        parameters: set.parameters.clone(),
        tags,
        auto_deployment: auto_deployment(set),
        ..StackSet::default()
    }
}

/// AWS says nothing about retention where it follows no accounts.
fn auto_deployment(set: &StackSetFacts) -> AutoDeployment {
    if !set.follows_accounts {
        return AutoDeployment::default();
    }
    AutoDeployment {
        enabled: true,
        retain_stacks_on_account_removal: Some(set.retains_stacks),
        depends_on: set.depends_on.clone(),
    }
}

/// The instances that AWS could not bring to what they are to be, and why. Closed accounts have no need of any.
fn stuck(instances: &[StackInstanceFacts], observed: &Observed) -> BTreeMap<String, String> {
    let stuck = instances.iter().filter(|instance| instance.is_stuck());
    let reported = stuck.filter_map(|instance| {
        let account = observed.bindings.address(&instance.account).filter(|account| observed.has_open(account))?;
        let reason = instance.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        let status = format!("{} {}", instance.status, instance.detailed_status);
        Some((format!("{account}.{}", instance.region), format!("{}{reason}", status.trim_end())))
    });
    reported.collect()
}

/// What instances are to be in place of what they are.
fn all_current(instances: &Value) -> Value {
    let keys = instances.as_object().into_iter().flatten().map(|(key, _)| key.clone());
    Value::Object(keys.map(|key| (key, json!("CURRENT"))).collect())
}

fn self_managed(address: &Address) -> Refusal {
    Refusal {
        code: "self-managed".into(),
        address: Some(address.clone()),
        message: format!("a stack set of this name is there whose permissions are self-managed: {address}"),
        help: "give the stack another name in the blueprint, or delete that stack set".into(),
    }
}

/// The fields that are about the stacks themselves, and not about where they are.
fn own_fields(fields: &[FieldChange]) -> Vec<FieldChange> {
    fields.iter().filter(|field| !is_member(field, TARGETS) && !missing::is_shown(field)).cloned().collect()
}

fn is_member(field: &FieldChange, of: &str) -> bool {
    field.path.strip_prefix(of).is_some_and(|rest| rest.starts_with('.'))
}

/// Whether a field says that a unit is no target any more, has fewer regions, or more accounts are left out.
fn loses_a_target(field: &FieldChange) -> bool {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let lacks = |of: &Value, from: &Value| list(from).iter().any(|it| !list(of).contains(it));
    match field.path.as_str() {
        EXCEPT => lacks(&field.before, &field.after),
        _ => is_member(field, TARGETS) && lacks(&field.after, &field.before),
    }
}

fn was_half_deleted(field: &FieldChange) -> bool {
    is_member(field, INSTANCES) && field.before.as_str().is_some_and(|before| before.starts_with("INOPERABLE"))
}

/// Whether stacks outlive their instances: what the blueprint says from now on, or what the stack set says.
fn retains(fields: &[FieldChange], found: Option<&Found>) -> bool {
    match fields.iter().find(|field| field.path == AUTO_DEPLOYMENT) {
        Some(changed) => AutoDeployment::deserialize(&changed.after).is_ok_and(|auto| auto.retains_stacks()),
        None => found.is_some_and(|found| Targeting::of(&found.body).retains_stacks()),
    }
}

#[cfg(test)]
mod tests;
