use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Cover, Deployment, Kind, OccupancyContext, Pending, Step, WriteContext, WriteError, read};
use crate::cloud::AccountAccess;
use crate::facts::Look;
use crate::kinds::shared::cover::places_in;
use crate::kinds::shared::deployed::Templated;
use crate::kinds::shared::deployment::{changed_outputs, deployment_differences, is_destructive, shared_with};
use crate::kinds::shared::drift::{DRIFT, Place, fields, is_drift};
use crate::kinds::shared::noticed::is_noticed;
use crate::kinds::shared::opt_in;
use crate::kinds::shared::ownership::{judge_adoption, owner};
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::site::{KnownDeployments, Purpose, Site, access, lost_access};
use crate::kinds::shared::survey::Survey;
use crate::model::{
    Action, Address, Bindings, Body, Desired, FieldChange, Found, KindInfo, Observed, Owner, Refusal, Risk, Tags,
    Undetected, Wanted, body_name,
};
use crate::outline::Outline;
use leftover::{LEFTOVER, LeftoverAction, is_leftover};
use recovery::{Recovery, recovery};
use resource::{Leftover, Stack};
use standing::StackOwnership;

mod change_set;
mod drift;
mod failure;
mod kind_info;
mod lag;
mod leftover;
mod others;
mod outline;
mod outputs;
mod recovery;
pub(crate) mod resource;
mod standing;
mod validation;
mod write;

/// CloudFormation stacks, each in one account and region: `stack/management/org-trail/eu-west-1`.
pub(super) struct Stacks;

impl Kind for Stacks {
    fn name(&self) -> &'static str {
        Stack::KIND
    }

    fn kind_info(&self) -> &'static KindInfo {
        &kind_info::KIND_INFO
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        if !observed.found.contains_key(&Address::organization()) {
            return;
        }
        let management = observed.bindings.id(&Address::management()).map(str::to_owned);
        let Some(sites) = sites(desired, look, observed) else { return };
        let taken = outputs::taken(desired);
        let Some(records) = look.at(read::DeploymentRecord(desired.blueprint.clone())) else { return };
        let records = KnownDeployments::from_text(records);
        let to_come = opt_in::to_come(desired, observed);
        for (site, is_recorded) in &sites {
            let Some(id) = observed.bindings.id(&site.account).map(str::to_owned) else { continue };
            if to_come.contains(&(id.clone(), site.region.clone())) {
                continue;
            }
            let access = access(desired, &site.account, &id, management.as_deref(), Purpose::Look);
            let question = read::StacksIn { access: access.clone(), region: site.region.clone() };
            match look.at(question) {
                None => {}
                Some(read::Seen::Closed(shut)) => leave_out(desired, site, shut, observed),
                Some(read::Seen::Open(stacks)) => {
                    let (access, records, taken) = (&access, is_recorded.then_some(&records), &taken);
                    let looked = StackLocation { desired, look, site, access, records, taken };
                    observed.findings.refusals.extend(standing::claimants(desired, site, stacks));
                    for stack in stacks {
                        match standing::is_in(stack, &id, &site.region) {
                            true => looked.add(observed, stack),
                            false => observed.findings.untrusted.push(standing::elsewhere(site, stack, &id)),
                        }
                    }
                }
            }
        }
    }

    fn differ(&self, wanted: &Wanted, found: &Found) -> Vec<FieldChange> {
        if let Some(left) = Leftover::of(&found.body) {
            return vec![FieldChange { path: LEFTOVER.into(), before: left.leftover.into(), after: Value::Null }];
        }
        let differences = deployment_differences(&wanted.body, &found.body);
        let reported =
            |field: FieldChange| if field.path == DRIFT { fields(DRIFT, &field.before) } else { vec![field] };
        differences.into_iter().flat_map(reported).collect()
    }

    fn invalidated_outputs(&self, wanted: &Wanted, found: &Found) -> Vec<Address> {
        let changed = changed_outputs(&wanted.body, &found.body);
        changed.iter().map(|output| wanted.address.output_named(output)).collect()
    }

    fn judge(&self, action: Action, fields: &[FieldChange], _: Option<&Found>) -> (Risk, String) {
        match action {
            Action::Create => (Risk::None, "no stack of this name is there".into()),
            Action::Delete => (Risk::Destructive, "no longer in the blueprint".into()),
            _ if fields.iter().any(|field| field.path == LEFTOVER) => {
                (Risk::Destructive, "the stack left by a failed operation is deleted and created again".into())
            }
            _ if fields.iter().any(is_destructive) => {
                (Risk::Destructive, "the template deletes resources, or replaces them or may do so".into())
            }
            Action::Adopt => {
                let changed = (!fields.is_empty()).then(|| self.judge(Action::Update, fields, None));
                (judge_adoption(fields, changed).0, "exists, not managed by landing".into())
            }
            _ if fields.iter().any(is_drift) => (Risk::Disruptive, "resources drifted from the template".into()),
            _ if fields.iter().any(|field| field.path == "status") => match fields.iter().find_map(recovery_of) {
                Some(recovery) => (Risk::Disruptive, recovery.reason().into()),
                None => (Risk::None, "CloudFormation has not finished with it".into()),
            },
            _ if !is_noticed(fields) => (Risk::None, "it differs, and no running resource is affected".into()),
            _ => (Risk::Disruptive, "it differs".into()),
        }
    }

    /// What the stack shares with units: an account that leaves them cannot use it any more.
    /// <https://docs.aws.amazon.com/ram/latest/userguide/working-with-sharing-stop.html>
    fn covers(&self, address: &Address, body: &Body, bindings: &Bindings) -> Option<Cover> {
        let places = places_in(&shared_with(body), bindings);
        (!places.is_empty()).then(|| Cover { what: address.clone(), places, is_taken_away: true })
    }

    fn deployments(&self, wanted: &Wanted, scene: &OccupancyContext<'_>) -> Vec<Deployment> {
        deployment(self, wanted, scene).into_iter().collect()
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
            "cloudformation:DescribeStacks",
            "cloudformation:GetTemplate",
            "cloudformation:DescribeStackResourceDrifts",
            "cloudformation:DetectStackDrift",
            // AWS asks for these two before it looks for drift.
            "cloudformation:DetectStackResourceDrift",
            "cloudformation:BatchDescribeTypeConfigurations",
            "cloudformation:DescribeStackDriftDetectionStatus",
            "cloudformation:ListStackResources",
            "cloudformation:ListChangeSets",
            "cloudformation:DescribeChangeSet",
            "ssm:GetParameter",
            "sts:AssumeRole",
        ]
    }

    fn writes(&self) -> &'static [&'static str] {
        &[
            "cloudformation:CreateChangeSet",
            "cloudformation:DescribeChangeSet",
            "cloudformation:ExecuteChangeSet",
            "cloudformation:DeleteChangeSet",
            "cloudformation:DescribeStackEvents",
            "cloudformation:DescribeEvents",
            "cloudformation:DeleteStack",
            "cloudformation:ContinueUpdateRollback",
            "cloudformation:RollbackStack",
            "cloudformation:UpdateTerminationProtection",
            "organizations:DescribeAccount",
            "s3:GetObject",
            "s3:PutObject",
            "ssm:PutParameter",
        ]
    }
}

/// The stack, where it is not as it is wanted in an account that is there.
fn deployment(kind: &Stacks, wanted: &Wanted, scene: &OccupancyContext<'_>) -> Option<Deployment> {
    let account = wanted.parent.as_ref()?;
    let Site { region, .. } = Site::of(&wanted.address, account)?;
    let id = scene.id(account)?;
    if opt_in::is_to_come(id, &region, scene.desired, scene.observed) {
        return None;
    }
    let management = scene.observed.bindings.id(&Address::management());
    let access = access(scene.desired, account, id, management, Purpose::Look);
    let Some(read::Seen::Open(_)) = scene.look.at(read::StacksIn { access, region: region.clone() }) else {
        return None;
    };
    let found = scene.observed.found.get(&wanted.address);
    let is_quiet = found.is_some_and(|found| kind.differ(wanted, found).is_empty());
    let own_stack = body_name(&wanted.body)?.to_owned();
    (!is_quiet).then(|| Deployment { account: account.clone(), region, is_there: found.is_some(), own_stack })
}

/// Everywhere that the blueprint has stacks or has had some, and whether its own records say so; for a survey, that any
/// blueprint has had some. `None` while that is being asked.
fn sites(desired: &Desired, look: &Look<'_>, observed: &Observed) -> Option<BTreeMap<Site, bool>> {
    let others = observed.found.values().filter_map(|found| match &found.owner {
        Owner::Other(blueprint) if desired.settings.surveys => Some(blueprint),
        _ => None,
    });
    let blueprints: BTreeSet<&String> = others.chain([&desired.blueprint]).collect();
    // All are looked for before any is waited for, so that they are asked at once.
    let known: Vec<_> =
        blueprints.into_iter().map(|name| (name, look.at(read::DeploymentRecord(name.clone())))).collect();
    let wanted = desired.of_kind(Stack::KIND).filter_map(|it| Site::of(&it.address, it.parent.as_ref()?));
    let all = wanted.chain(surveyed(desired, observed));
    let mut sites: BTreeMap<Site, bool> = all.map(|site| (site, false)).collect();
    for (blueprint, known) in known {
        let is_own = *blueprint == desired.blueprint;
        for site in earlier(blueprint, desired, observed, &KnownDeployments::from_text(known?)) {
            *sites.entry(site).or_default() |= is_own;
        }
    }
    Some(sites)
}

/// Every open account in the regions that are surveyed.
fn surveyed(desired: &Desired, observed: &Observed) -> impl Iterator<Item = Site> {
    let management = observed.bindings.id(&Address::management());
    let is_member = |account: &&Address| observed.bindings.id(account) != management && observed.has_open(account);
    let members = observed.accounts.keys().filter(is_member).cloned();
    let accounts: Vec<Address> = members.chain([Address::management()]).collect();
    let regions = desired.settings.surveyed_regions.iter();
    regions.flat_map(move |region| {
        accounts.clone().into_iter().map(move |account| Site { account, region: region.clone() })
    })
}

/// Where a blueprint, which may be another than the one that is wanted, has had stacks.
fn earlier(blueprint: &str, desired: &Desired, observed: &Observed, deployment_record: &KnownDeployments) -> Vec<Site> {
    let management = observed.bindings.id(&Address::management());
    let sites = deployment_record.stacks().flat_map(|(region, id)| {
        let accounts: Vec<Address> = match observed.bindings.address(id) {
            _ if Some(id) == management => vec![Address::management()],
            Some(account) => vec![account.clone()],
            None if id == KnownDeployments::ALL => {
                let accounts = desired.of_kind("account").map(|wanted| wanted.address.clone());
                accounts.chain(of_others(blueprint, observed)).chain([Address::management()]).collect()
            }
            None => Vec::new(),
        };
        accounts.into_iter().map(|account| Site { account, region: region.to_owned() })
    });
    sites.collect()
}

/// The accounts of another blueprint.
fn of_others(blueprint: &str, observed: &Observed) -> impl Iterator<Item = Address> {
    let theirs = Owner::Other(blueprint.to_owned());
    let accounts = observed.found.values().filter(move |found| found.kind == "account" && found.owner == theirs);
    accounts.map(|found| found.address.clone())
}

/// Stacks in a place that cannot be looked at can only be waited for.
fn leave_out(desired: &Desired, site: &Site, shut: &read::Shut, observed: &mut Observed) {
    let of_site = |wanted: &&Wanted| {
        Site::of(&wanted.address, &site.account).as_ref() == Some(site) && wanted.parent.as_ref() == Some(&site.account)
    };
    let waiting: Vec<Address> = desired.of_kind(Stack::KIND).filter(of_site).map(|it| it.address.clone()).collect();
    if waiting.is_empty() {
        if !desired.settings.surveyed_regions.is_empty() {
            let address = Address::new(Stack::KIND, [&site.account.name(), &site.region]);
            observed.findings.undetected.push(Undetected { address, why: shut.why.clone() });
        }
        return;
    }
    lost_access(site, shut, waiting, observed);
}

fn recovery_of(field: &FieldChange) -> Option<Recovery> {
    recovery(field.before.as_str().filter(|_| field.path == "status")?)
}

/// Whether CloudFormation is done with a stack and updates it.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html>
fn is_at_rest(status: &str) -> bool {
    matches!(
        status,
        "CREATE_COMPLETE"
            | "UPDATE_COMPLETE"
            | "UPDATE_ROLLBACK_COMPLETE"
            | "IMPORT_COMPLETE"
            | "IMPORT_ROLLBACK_COMPLETE"
    )
}

/// One account and region that is looked at.
struct StackLocation<'a> {
    desired: &'a Desired,
    look: &'a Look<'a>,
    site: &'a Site,
    access: &'a AccountAccess,
    /// The blueprint's own records, where they name it.
    records: Option<&'a KnownDeployments>,
    /// The outputs that something in the blueprint takes.
    taken: &'a BTreeSet<Address>,
}

impl StackLocation<'_> {
    fn add(&self, observed: &mut Observed, stack: &read::StackFacts) {
        if stack.status == "DELETE_COMPLETE" {
            return;
        }
        let address = standing::natural(self.site, &stack.name);
        let (by_tags, tags) = owner(self.desired, &address, stack.tags.clone());
        let is_recorded = self.records.is_some_and(|records| records.knows_stack(&stack.name));
        match standing::standing(self.desired, self.site, is_recorded, stack) {
            StackOwnership::Wanted(_) if is_leftover(&stack.status) => {
                self.add_leftover(observed, &address, by_tags, stack)
            }
            StackOwnership::Wanted(_) => self.add_found(observed, &address, (by_tags, tags), stack, true),
            StackOwnership::Dropped => self.add_found(observed, &address, (by_tags, tags), stack, self.surveys()),
            StackOwnership::Claims(claimed) => {
                observed.findings.untrusted.push(standing::untrusted(self.site, stack, &claimed))
            }
            StackOwnership::Other if self.surveys() && by_tags != Owner::Unmanaged => {
                self.add_found(observed, &address, (by_tags, tags), stack, true);
            }
            StackOwnership::Other | StackOwnership::OfASet if self.is_imported() => {
                self.add_unowned(observed, &address, tags, stack)
            }
            StackOwnership::Other | StackOwnership::OfASet => {}
        }
    }

    fn surveys(&self) -> bool {
        self.desired.settings.surveys
    }

    /// Whether all stacks are read to be written down.
    fn is_imported(&self) -> bool {
        !self.desired.settings.surveyed_regions.is_empty()
    }

    /// A stack that no blueprint has.
    fn add_unowned(&self, observed: &mut Observed, address: &Address, tags: Tags, stack: &read::StackFacts) {
        match others::deployed_by(stack) {
            Some(owner) => {
                observed.findings.stacks_of_others.entry(owner).or_default().insert(address.clone());
            }
            None if is_leftover(&stack.status) => {
                observed.findings.refusals.push(leftover::unsayable(address, &stack.status));
            }
            None => self.add_found(observed, address, (Owner::Unmanaged, tags), stack, true),
        }
    }

    /// The template, and its text where it is written down.
    fn template(&self, stack: &read::StackFacts, is_written: bool) -> Option<(Value, Option<String>)> {
        let (access, region) = (self.access.clone(), self.site.region.clone());
        let template = read::StackTemplate { access, region, id: stack.id.clone() };
        if !is_written {
            return Some((self.look.at(template)?.clone(), None));
        }
        let text = self.look.at(read::StackTemplateText(template))?;
        Some((read::template(text), Some(text.clone())))
    }

    /// A stack that can only be deleted, in the place of one that is wanted.
    fn add_leftover(&self, observed: &mut Observed, address: &Address, by_tags: Owner, stack: &read::StackFacts) {
        let Some(contents) = self.look.at(self.contents_of(stack)) else { return };
        let owner = leftover::owner_of(self.desired, address, (&stack.status, by_tags), contents);
        let held = match leftover::fate(&owner, contents) {
            LeftoverAction::Deleted => return,
            LeftoverAction::Shown(held) => held,
            // The engine refuses what is another blueprint's.
            LeftoverAction::Stays if matches!(owner, Owner::Other(_)) => Vec::new(),
            LeftoverAction::Stays => {
                return observed.findings.refusals.push(leftover::refusal(address, &stack.id, &stack.status));
            }
        };
        let left = Leftover {
            name: stack.name.clone(),
            region: self.site.region.clone(),
            leftover: format!("{} with {}", stack.status, held.join(", ")),
        };
        self.put(observed, address, owner, stack, left.body());
    }

    /// A stack as it is; `is_read` has its template read as well.
    fn add_found(
        &self,
        observed: &mut Observed,
        address: &Address,
        (owner, tags): (Owner, Tags),
        stack: &read::StackFacts,
        is_read: bool,
    ) {
        let (access, region) = (self.access, &self.site.region);
        let is_written = self.is_imported() && owner == Owner::Unmanaged;
        let template = if is_read { self.template(stack, is_written) } else { Some((Value::Null, None)) };
        let Some((template, template_text)) = template else { return };
        let place = Place { access, region, id: &stack.id };
        let drift = drift::recognize(self.desired, self.look, observed, (address, &owner), (&place, stack));
        let found = Stack {
            name: stack.name.clone(),
            template,
            template_text,
            capabilities: if is_written { stack.capabilities.clone() } else { Vec::new() },
            parameters: stack.parameters.clone(),
            tags,
            region: region.clone(),
            termination_protection: stack.termination_protection,
            status: (!is_at_rest(&stack.status)).then(|| stack.status.clone()),
            drift,
        };
        if matches!(owner, Owner::This { .. }) {
            self.bind_outputs(observed, address, stack, &found);
        }
        self.put(observed, address, owner, stack, found.into_body());
    }

    /// Gives the outputs to others, as far as they are what they stand for.
    fn bind_outputs(&self, observed: &mut Observed, address: &Address, stack: &read::StackFacts, found: &Stack) {
        let checked = outputs::checked(stack, found);
        for (name, value) in checked.usable {
            observed.bindings.bind_output(address.output_named(&name), value);
        }
        for (name, fault) in checked.faults {
            let output = address.output_named(&name);
            if self.taken.contains(&output) {
                let value = stack.outputs.get(&name).map_or("", String::as_str);
                let (message, help) = outputs::refused(&output, value, &fault);
                observed.findings.refusals.push(Refusal {
                    code: "output".into(),
                    address: Some(address.clone()),
                    message,
                    help,
                });
            }
        }
    }

    fn put(&self, observed: &mut Observed, address: &Address, owner: Owner, stack: &read::StackFacts, fields: Body) {
        observed.add(Found {
            kind: Stack::KIND.into(),
            id: stack.id.clone(),
            owner,
            body: fields,
            parent: Some(self.site.account.clone()),
            attached_to: vec![self.site.account.clone()],
            address: address.clone(),
        });
    }

    fn contents_of(&self, stack: &read::StackFacts) -> read::ContentsOf {
        let (access, region) = (self.access.clone(), self.site.region.clone());
        read::ContentsOf { access, region, id: stack.id.clone() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::shared::fields::body;

    fn field(path: &str, before: Value) -> FieldChange {
        FieldChange { path: path.into(), before, after: Value::Null }
    }

    #[test]
    fn a_change_is_as_dangerous_as_what_it_takes() {
        for (action, path, risk) in [
            (Action::Create, "template", Risk::None),
            (Action::Delete, "", Risk::Destructive),
            (Action::Update, LEFTOVER, Risk::Destructive),
            (Action::Adopt, LEFTOVER, Risk::Destructive),
            (Action::Update, "takes_away", Risk::Destructive),
            (Action::Update, "may_replace", Risk::Destructive),
            (Action::Adopt, "takes_away", Risk::Destructive),
            (Action::Update, "retains", Risk::Disruptive),
            (Action::Adopt, "tags.a", Risk::Disruptive),
            (Action::Adopt, "resources.A", Risk::Disruptive),
            (Action::Adopt, "termination_protection", Risk::None),
            (Action::Update, "tags.a", Risk::None),
            (Action::Update, "drift.Topic", Risk::Disruptive),
            (Action::Update, "status", Risk::None),
            (Action::Update, "resources.A", Risk::Disruptive),
        ] {
            assert_eq!(Stacks.judge(action, &[field(path, json!("x"))], None).0, risk, "{action:?} {path}");
        }
    }

    #[test]
    fn a_leftover_differs_by_what_is_left_of_it_alone() {
        let address = Address::stack("logs", "archive", "eu-west-1");
        let left = "CREATE_FAILED with Bucket".to_owned();
        let left = Leftover { name: "archive".into(), region: "eu-west-1".into(), leftover: left };
        let found = Found {
            address: address.clone(),
            kind: "stack".into(),
            id: "arn".into(),
            owner: Owner::This { stale: None },
            body: left.body(),
            parent: None,
            attached_to: Vec::new(),
        };
        let wanted = Wanted::new("stack", address, body([("name", json!("archive")), ("template", json!({}))]));
        assert_eq!(Stacks.differ(&wanted, &found), [field(LEFTOVER, json!("CREATE_FAILED with Bucket"))]);
    }

    #[test]
    fn a_stack_is_at_rest_when_its_last_operation_ended_well_or_was_undone() {
        for status in [
            "CREATE_COMPLETE",
            "UPDATE_COMPLETE",
            "UPDATE_ROLLBACK_COMPLETE",
            "IMPORT_COMPLETE",
            "IMPORT_ROLLBACK_COMPLETE",
        ] {
            assert!(is_at_rest(status), "{status}");
        }
        for status in
            ["CREATE_FAILED", "ROLLBACK_COMPLETE", "UPDATE_FAILED", "UPDATE_ROLLBACK_FAILED", "UPDATE_IN_PROGRESS", ""]
        {
            assert!(!is_at_rest(status), "{status}");
        }
    }
}
