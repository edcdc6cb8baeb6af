//! What AWS Control Tower needs as it is, and what it makes of changes that are made without it.
//! <https://docs.aws.amazon.com/controltower/latest/userguide/getting-started-guidance.html>
//! <https://docs.aws.amazon.com/controltower/latest/userguide/governance-drift.html>

use landing_policy::PolicyType;

use super::Guarded;
use crate::hierarchy::full_access;
use crate::kinds::resource::{access_role, resources_of};
use crate::kinds::{OfKind, of_role};
use crate::model::{
    Action, Address, CONTROL_TOWER, CONTROL_TOWER_EXECUTION, Change, ControlTower, GovernedNote, Owner, Presence,
    Refusal, Role,
};

/// What the names of its stack sets begin with: a stack set or stack of such a name would take the place of one.
const ITS_STACKS: &str = "AWSControlTower";

/// Every change that takes from Control Tower what it governs by.
pub(super) fn guard(guarded: &Guarded<'_>) -> Vec<Refusal> {
    let Some(tower) = &guarded.observed.control_tower else { return Vec::new() };
    guarded.changes.iter().filter_map(|change| refuse(guarded, tower, change)).collect()
}

fn refuse(guarded: &Guarded<'_>, tower: &ControlTower, change: &Change) -> Option<Refusal> {
    let (what, help) = what_it_needs(guarded, tower, change)?;
    Some(Refusal {
        code: "control-tower".into(),
        address: Some(change.address.clone()),
        message: format!("{}: {what}", change.address),
        help: help.into(),
    })
}

fn what_it_needs(guarded: &Guarded<'_>, tower: &ControlTower, change: &Change) -> Option<(String, &'static str)> {
    let is_deleted = change.action == Action::Delete;
    let deregister = "deregister the unit in Control Tower first, or leave it as it is";
    match change.kind_info().role {
        Role::Unit if is_registered(guarded, tower, &change.address) => {
            let does = if is_deleted { "delete" } else { "rename" };
            let is_so = is_deleted || change.field("name").is_some();
            is_so.then(|| {
                (format!("the unit is registered with AWS Control Tower, the plan would {does} it"), deregister)
            })
        }
        Role::Attachment => attached_policies(guarded, tower, change),
        _ if is_deleted && change.address == Address::trusted_access(CONTROL_TOWER) => {
            Some(("AWS Control Tower governs the organization by it".into(), "decommission the landing zone first"))
        }
        _ if is_deleted && change.address == Address::policy_type(PolicyType::ServiceControl.api_name()) => {
            Some(("the controls of AWS Control Tower are such policies".into(), "leave the type enabled"))
        }
        Role::Stack | Role::StackSet if change.address.parts().iter().any(|part| part.starts_with(ITS_STACKS)) => {
            Some(("names like this are AWS Control Tower's".into(), "give the stack another name"))
        }
        _ => None,
    }
}

/// Its policies stay where they are, and registered units keep FullAWSAccess beside them.
fn attached_policies(guarded: &Guarded<'_>, tower: &ControlTower, change: &Change) -> Option<(String, &'static str)> {
    let (policy, target) = change.address.split_target()?;
    let does = if change.action == Action::Delete { "detach" } else { "attach" };
    if guarded.observed.found.get(&policy).is_some_and(|found| found.owner == Owner::ControlTower) {
        let help =
            "enable the control on the unit instead: `landing guardrails` and the template control-tower-controls";
        return Some((format!("the policy is AWS Control Tower's, the plan would {does} it"), help));
    }
    let takes_all = change.action == Action::Delete && policy == full_access();
    (takes_all && is_registered(guarded, tower, &target)).then(|| {
        let help = "remove `full_aws_access: false`, and deny what the unit must not do";
        ("AWS Control Tower needs FullAWSAccess on the units that are registered with it".into(), help)
    })
}

fn is_registered(guarded: &Guarded<'_>, tower: &ControlTower, unit: &Address) -> bool {
    guarded.observed.bindings.id(unit).is_some_and(|id| tower.registered.contains(id))
}

/// What a person should know of the plan in an organization that Control Tower governs, and what the blueprint says of it.
pub(super) fn notes(guarded: &Guarded<'_>) -> Vec<GovernedNote> {
    let says_so = guarded.desired.settings.control_tower;
    let Some(tower) = &guarded.observed.control_tower else {
        let is_missed = says_so && guarded.observed.found.contains_key(&Address::organization());
        let what = "the blueprint says that AWS Control Tower governs the organization, which does not trust it: set it up, \
                    or remove `control_tower: true`";
        return is_missed.then(|| GovernedNote { address: None, what: what.into() }).into_iter().collect();
    };
    let mut notes: Vec<GovernedNote> =
        guarded.changes.iter().filter_map(|change| note(guarded, tower, change)).collect();
    let binds = guarded.changes.iter().any(|it| it.is_a(Role::Attachment) && it.action == Action::Create);
    if !says_so && binds {
        let what = "write `control_tower: true` under `organization`, so that guardrails spare the roles by which Control \
                    Tower works in accounts";
        notes.push(GovernedNote { address: None, what: what.into() });
    }
    notes.extend(access(guarded, tower));
    notes.sort();
    notes
}

/// What may help where an account cannot be entered: Account Factory gives accounts another role than Organizations does.
/// <https://docs.aws.amazon.com/controltower/latest/userguide/roles-how.html>
fn access(guarded: &Guarded<'_>, tower: &ControlTower) -> Option<GovernedNote> {
    let is_enrolled = |account: &&Address| {
        guarded.places.before.get(*account).is_some_and(|unit| is_registered(guarded, tower, unit))
    };
    let waiting = of_role(guarded.desired, Role::Stack).filter(|it| guarded.observed.waiting.contains(&it.address));
    let account = waiting.filter_map(|stack| stack.parent.as_ref()).find(is_enrolled)?;
    let role = access_role(guarded.desired, account);
    (role != CONTROL_TOWER_EXECUTION).then(|| GovernedNote {
        address: Some(account.clone()),
        what: format!(
            "role {role} does not let landing in; accounts that Account Factory made have {CONTROL_TOWER_EXECUTION}: write it \
             as `access_role`, under `organization` or at the account"
        ),
    })
}

fn note(guarded: &Guarded<'_>, tower: &ControlTower, change: &Change) -> Option<GovernedNote> {
    let what = match change.kind_info().role {
        Role::Account => what_account_does(guarded, tower, change)?,
        Role::Stack if change.action == Action::Create && has_organization_trail(guarded, change) => {
            "Control Tower may have an organization trail already, aws-controltower-BaselineCloudTrail: a second one is paid \
             for; its log archive may do"
                .to_owned()
        }
        _ => return None,
    };
    Some(GovernedNote { address: Some(change.address.clone()), what })
}

fn what_account_does(guarded: &Guarded<'_>, tower: &ControlTower, change: &Change) -> Option<String> {
    let registered = |unit: &Address| is_registered(guarded, tower, unit);
    let enrolls = tower.enrolls == Some(true);
    let to = guarded.places.after.get(&change.address).filter(|unit| registered(unit));
    if change.action == Action::Create {
        let unit = to?;
        if enrolls {
            return Some(format!(
                "made without Account Factory in {unit}, which is registered: Control Tower enrolls it there"
            ));
        }
        return Some(format!(
            "made without Account Factory in {unit}, which is registered: unless Control Tower enrolls accounts by itself, \
             enroll it there or re-register the unit, so that its controls hold"
        ));
    }
    if change.field("state").is_some() {
        let unit = guarded.places.before.get(&change.address).filter(|unit| registered(unit))?;
        return Some(format!("in {unit}, which is registered: unmanage it in Control Tower before it is closed"));
    }
    change.field("parent")?;
    let from = guarded.places.before.get(&change.address).filter(|unit| registered(unit));
    match (from, to) {
        (Some(from), Some(to)) if enrolls => Some(format!(
            "moved from {from} to {to}, which are registered: Control Tower replaces its baselines and controls by those of {to}"
        )),
        (Some(from), None) if enrolls => Some(format!(
            "moved out of {from}, which is registered: Control Tower removes its baselines and controls from the account"
        )),
        (None, Some(to)) if enrolls => Some(format!(
            "moved into {to}, which is registered: Control Tower enrolls the account and deploys its baselines and controls"
        )),
        (Some(from), Some(to)) => Some(format!(
            "moved from {from} to {to}, which are registered: unless Control Tower enrolls accounts by itself it reports drift; \
             then update the account in Account Factory, or re-register {to}"
        )),
        (Some(from), None) => Some(format!(
            "moved out of {from}, which is registered: Control Tower reports drift, and its controls hold no more; unmanage it \
             there first"
        )),
        (None, Some(to)) => Some(format!(
            "moved into {to}, which is registered: unless Control Tower enrolls accounts by itself, enroll it there or \
             re-register the unit, so that its controls hold"
        )),
        (None, None) => None,
    }
}

fn has_organization_trail(guarded: &Guarded<'_>, change: &Change) -> bool {
    let wanted = guarded.desired.get(&change.address).filter(|wanted| wanted.presence == Presence::Present);
    let mut trails = wanted.into_iter().flat_map(|wanted| resources_of(&wanted.body, "AWS::CloudTrail::Trail"));
    trails.any(|properties| properties["IsOrganizationTrail"] == true)
}
