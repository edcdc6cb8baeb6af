mod full_access;
mod kind_info;
mod outline;
mod read;
mod resource;
pub(crate) mod section;

use std::time::Duration;

use landing_policy::PolicyType;

use super::read::{Root, TargetsOf};
use super::{Cover, Kind, Pending, Step, WriteContext, WriteError};
use crate::cloud::{AwsError, Explain};
use crate::facts::{Look, Question};
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::Survey;
use crate::kinds::shared::wait::Wait;
use crate::kinds::shared::write::done_already;
use crate::model::{
    Action, Address, Bindings, Body, Desired, FieldChange, Found, KindInfo, Note, Observed, Owner, Risk, Wanted,
};
use crate::outline::Outline;
use full_access::{FULL_ACCESS, FULL_ACCESS_ID};
use resource::Attachment;

/// Where policies are attached: `scp/region-guard@ou/Workloads`. Attachments of policies that are not ours are
/// none of our business, but for AWS's FullAWSAccess, which allow-lists take the place of.
pub(super) struct Attachments;

/// How long AWS may refuse to attach policies of a type that it says is enabled, or is enabling.
const PATIENCE: Duration = Duration::from_secs(900);

impl Kind for Attachments {
    fn name(&self) -> &'static str {
        Attachment::KIND
    }

    fn kind_info(&self) -> &'static KindInfo {
        &kind_info::KIND_INFO
    }

    fn has_address(&self, address: &Address) -> bool {
        PolicyType::from_address_prefix(address.prefix()).is_some() && address.split_target().is_some()
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        let policies = observed.found.values().filter(|found| found.kind == "policy");
        let attached: Vec<(Address, String, Owner)> = policies
            .filter_map(|policy| Some((policy.address.clone(), policy.id.clone(), owner(desired, policy)?)))
            .collect();
        for (policy, id, owner) in attached {
            for target in look.at(TargetsOf(id)).into_iter().flatten() {
                let Some(target) = observed.bindings.address(target).cloned() else { continue };
                insert(observed, &policy, &target, owner.clone());
            }
        }
        full_access::recognize(desired, look, observed);
        note_unbound(desired, observed);
    }

    /// FullAWSAccess is wanted back where an allow-list that landing put in its place goes.
    fn expand(&self, desired: &Desired, observed: &Observed) -> Vec<Wanted> {
        let policy = Address::new("scp", [FULL_ACCESS]);
        let back = |target: &Address| {
            let wanted = Attachment {}.wanted(policy.at(target));
            wanted.under(target.clone()).needing([target.clone()])
        };
        let lacking = observed.without_full_access.iter();
        lacking.filter(|target| full_access::gets_back(target, desired, observed)).map(back).collect()
    }

    fn judge(&self, action: Action, _fields: &[FieldChange], _found: Option<&Found>) -> (Risk, String) {
        match action {
            Action::Delete => (Risk::Disruptive, "the blueprint does not attach it here".into()),
            _ => (Risk::Disruptive, "it is not attached here".into()),
        }
    }

    fn covers(&self, address: &Address, _body: &Body, _bindings: &Bindings) -> Option<Cover> {
        let (policy, target) = address.split_target()?;
        Some(Cover::of(policy, target))
    }

    fn outline(&self, survey: &Survey<'_>, outline: &mut Outline) {
        outline::outline(survey, outline);
    }

    fn write<'a>(&'a self, step: &'a Step, context: &'a WriteContext) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            let Some((policy, target)) = step.change.address.split_target() else { return Ok(()) };
            let policy = if policy.name() == FULL_ACCESS { FULL_ACCESS_ID.into() } else { context.id(&policy)? };
            let target = context.id(&target)?;
            let client = &context.cloud.organizations;
            if step.change.action == Action::Delete {
                let request = client.detach_policy().policy_id(policy).target_id(target);
                let result = request.send().await.explain("organizations:DetachPolicy");
                return Ok(done_already(result, &["PolicyNotAttachedException"])?);
            }
            attach(step, context, &policy, &target).await
        })
    }

    fn reads(&self) -> &'static [&'static str] {
        &["organizations:ListTargetsForPolicy", "organizations:ListPoliciesForTarget"]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["organizations:AttachPolicy", "organizations:DetachPolicy"]
    }
}

/// No service or resource control policy binds the management account.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html>
fn note_unbound(desired: &Desired, observed: &mut Observed) {
    let management = observed.bindings.id(&Address::management());
    let is_its = |target: &Address| management.is_some() && observed.bindings.id(target) == management;
    let attached = desired.of_kind(Attachment::KIND).filter(|wanted| wanted.address.is_control_policy());
    let vain = attached.filter_map(|wanted| {
        let (policy, target) = wanted.address.split_target().filter(|(_, target)| is_its(target))?;
        let what = format!("{policy} has no effect on {target}, which is the management account");
        Some(Note { address: Some(wanted.address.clone()), what, about: vec![wanted.address.clone()] })
    });
    let vain: Vec<Note> = vain.collect();
    observed.findings.notes.extend(vain);
}

/// Attaches a policy as soon as its type is enabled.
async fn attach(step: &Step, context: &WriteContext, policy: &str, target: &str) -> Result<(), WriteError> {
    let mut wait = Wait::new(context, &step.change.address, PATIENCE);
    loop {
        let request = context.cloud.organizations.attach_policy().policy_id(policy).target_id(target);
        let result = request.send().await.explain("organizations:AttachPolicy");
        match done_already(result, &["DuplicatePolicyAttachmentException"]) {
            Err(error) if error.is("PolicyTypeNotEnabledException") && is_type_on(step, context).await? => {
                wait.next("AWS enables the policy type").await?;
            }
            other => return Ok(other?),
        }
    }
}

/// Whether the policy's type is enabled, or AWS is still enabling it.
async fn is_type_on(step: &Step, context: &WriteContext) -> Result<bool, AwsError> {
    let policy_type = PolicyType::from_address_prefix(step.change.address.prefix());
    let root = Root.ask(&context.cloud).await?;
    let mut on = root.policy_types.iter().chain(&root.changing);
    Ok(policy_type.is_some_and(|it| on.any(|name| name == it.api_name())))
}

/// Whose the attachments of a policy are: the policy's owner's, and the blueprint's where it adopts the policy; nothing where
/// they are not looked at.
fn owner(desired: &Desired, policy: &Found) -> Option<Owner> {
    let is_named = desired.resources.contains_key(&policy.address);
    match &policy.owner {
        Owner::ControlTower => (is_named || desired.settings.surveys).then_some(Owner::ControlTower),
        Owner::This { .. } => Some(Owner::This { stale: None }),
        _ if is_named => Some(Owner::This { stale: None }),
        other => desired.settings.surveys.then(|| other.clone()),
    }
}

fn insert(observed: &mut Observed, policy: &Address, target: &Address, owner: Owner) {
    let address = policy.at(target);
    observed.add_unbound(Found {
        id: address.to_string(),
        address,
        kind: Attachment::KIND.into(),
        owner,
        body: Attachment {}.body(),
        parent: Some(target.clone()),
        attached_to: vec![policy.clone(), target.clone()],
    });
}

#[cfg(test)]
mod tests;
