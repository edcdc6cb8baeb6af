use std::sync::Arc;
use std::time::SystemTime;

use tokio::sync::watch;

use super::event::Listener;
use super::execute::execute;
use super::history;
use super::lease::{Lease, LeaseError};
use super::outcome::{Failure, Outcome};
use super::plan::{Draft, PlanError, look_and_draft, look_who_asks};
use super::shown::{stale, unseen};
use super::targets::Unmatched;
use crate::cloud::{AwsError, Cloud};
use crate::facts::Facts;
use crate::kinds::{Step, WriteContext, expand, remember};
use crate::model::{Action, Address, BlueprintId, Desired, Plan, Presence, Refusal};

/// What an apply is given.
pub struct Applying {
    /// Where the changes are made.
    pub cloud: Arc<Cloud>,
    /// What the blueprint wants.
    pub desired: Desired,
    /// Which blueprint it is.
    pub blueprint: BlueprintId,
    /// A plan that is done exactly or not at all.
    pub saved: Option<Plan>,
    /// Only these resources and what they need; all where it is empty.
    pub targets: Vec<Address>,
    /// Whether deletions may be carried out.
    pub allow_destroy: bool,
    /// Takes a held lease without watching it.
    pub break_lock: bool,
    /// Who applies, for those who meet the lease.
    pub holder: String,
    /// Hears what happens.
    pub listener: Listener,
    /// Becomes true when no new change shall be begun.
    pub stop: watch::Receiver<bool>,
}

/// Asked with the plan before anything is done.
pub type Consent<'a> = &'a mut (dyn FnMut(&Plan) -> bool + Send);

/// What came of an apply.
#[derive(Debug)]
pub struct Applied {
    /// What was to be done.
    pub plan: Plan,
    /// What became of it.
    pub outcome: Outcome,
    /// Whether another apply took over the lease on the way.
    pub lost_lease: bool,
    /// What came up on the way and was not done, because the plan did not show it.
    pub unseen: Vec<Address>,
    /// The ARN of the caller.
    pub caller: Option<String>,
    /// Why there is no record of it in the history, where it had something to do.
    pub unrecorded: Option<String>,
}

impl Applied {
    /// Whether everything was done that the blueprint says.
    pub fn is_complete(&self) -> bool {
        self.outcome.is_complete() && self.plan.manual.is_empty() && self.unseen.is_empty() && !self.lost_lease
    }
}

/// Why nothing was done.
#[derive(Debug)]
pub enum ApplyError {
    /// A call failed before the first change.
    Aws(AwsError),
    /// Guards said no; with the plan, where there is one.
    Refused {
        /// The plan, where there is one to show.
        plan: Option<Box<Plan>>,
        /// Why it is not carried out; never empty.
        refusals: Vec<Refusal>,
    },
    /// The saved plan is for another state of the organization.
    Stale(Vec<String>),
    /// Targets match nothing.
    Unmatched(Vec<Unmatched>),
    /// Another apply holds the lease and is alive.
    Held {
        /// Who that is.
        holder: String,
    },
    /// The plan was shown and not agreed to.
    Declined,
    /// It was reported to stop before there was a plan.
    Interrupted,
}

impl From<AwsError> for ApplyError {
    fn from(error: AwsError) -> ApplyError {
        ApplyError::Aws(error)
    }
}

impl From<PlanError> for ApplyError {
    fn from(error: PlanError) -> ApplyError {
        match error {
            PlanError::Aws(error) => ApplyError::Aws(error),
            PlanError::Refused(refusal) => ApplyError::Refused { plan: None, refusals: vec![refusal] },
            PlanError::Unmatched(unmatched) => ApplyError::Unmatched(unmatched),
        }
    }
}

impl From<LeaseError> for ApplyError {
    fn from(error: LeaseError) -> ApplyError {
        match error {
            LeaseError::Held { holder } => ApplyError::Held { holder },
            LeaseError::Aws(error) => ApplyError::Aws(error),
        }
    }
}

/// Looks, plans, asks and does, all under the lease, and gives it back.
///
/// # Errors
/// When nothing was done: see [`ApplyError`]. Failures of changes are part of the outcome.
pub async fn apply(applying: Applying, consent: Consent<'_>) -> Result<Applied, ApplyError> {
    let (applied, lease) = apply_and_hold(applying, consent).await;
    if let Some(lease) = lease {
        lease.release().await;
    }
    applied
}

/// As [`apply`], but leaves it to the caller to give the lease back, where it was taken: giving it back may take five
/// seconds, in which the result can be shown.
pub async fn apply_and_hold(applying: Applying, consent: Consent<'_>) -> (Result<Applied, ApplyError>, Option<Lease>) {
    let lease = match take_lease(&applying).await {
        Ok(lease) => lease,
        Err(error) => return (Err(error), None),
    };
    (under_lease(&applying, &lease, consent).await, Some(lease))
}

async fn take_lease(applying: &Applying) -> Result<Lease, ApplyError> {
    // The lease is written only by someone who may. What was seen before it was held counts for nothing after.
    look_who_asks(&applying.cloud, &mut Facts::default()).await?;
    Ok(Lease::take(&applying.cloud, &applying.holder, applying.break_lock, &applying.listener).await?)
}

async fn under_lease(applying: &Applying, lease: &Lease, consent: Consent<'_>) -> Result<Applied, ApplyError> {
    applying.cloud.new_accounts.wait_for_them();
    let draft = tokio::select! {
        draft = look(applying) => draft?,
        // Reading can be stopped at any moment.
        () = reported_to_stop(applying.stop.clone()) => return Err(ApplyError::Interrupted),
    };
    admit(applying.saved.as_ref(), &draft, applying.allow_destroy)?;
    if !consent(&draft.plan) {
        return Err(ApplyError::Declined);
    }
    let (shown, begun) = (draft.plan.clone(), SystemTime::now());
    let mut applied = carry_out(applying, draft, lease).await?;
    if leads_further(&applied) {
        go_on(applying, lease, &mut applied).await;
        applied.lost_lease = *lease.lost().borrow();
    }
    applied.unrecorded = history::record(applying, &shown, begun, &applied).await;
    applied.plan.api_calls = applying.cloud.meter.calls();
    Ok(applied)
}

async fn look(applying: &Applying) -> Result<Draft, PlanError> {
    let Applying { cloud, desired, blueprint, targets, .. } = applying;
    look_and_draft(cloud, &mut Facts::default(), desired, blueprint, targets).await
}

/// Whether a plan may be carried out, in the place of the one that was saved where there is one.
pub(super) fn admit(saved: Option<&Plan>, draft: &Draft, allow_destroy: bool) -> Result<(), ApplyError> {
    match saved {
        Some(saved) => match stale(saved, draft) {
            differences if differences.is_empty() => {}
            differences => return Err(ApplyError::Stale(differences)),
        },
        None if !draft.unmatched.is_empty() => return Err(ApplyError::Unmatched(draft.unmatched.clone())),
        None => {}
    }
    let refusals = refusals(&draft.plan, allow_destroy);
    if refusals.is_empty() {
        return Ok(());
    }
    Err(ApplyError::Refused { plan: Some(Box::new(draft.plan.clone())), refusals })
}

/// Why a plan is not carried out: what the guards say, and destruction that was not allowed.
pub(super) fn refusals(plan: &Plan, allow_destroy: bool) -> Vec<Refusal> {
    plan.refusals.iter().cloned().chain(forbidden(plan, allow_destroy)).collect()
}

/// Whether what was waited for may be there now: with a new organization come services that nothing else enables, such as
/// Identity Center where it was enabled for the account before.
pub(super) fn leads_further(applied: &Applied) -> bool {
    let is_new = applied.outcome.done.contains(&(Address::organization(), Action::Create));
    let is_stopped = applied.outcome.interrupted || applied.lost_lease;
    is_new && !applied.plan.waiting.is_empty() && applied.outcome.is_complete() && !is_stopped
}

/// Does what the plan showed as waiting, as far as that is possible now. What was done stays done, whatever comes of it.
async fn go_on(applying: &Applying, lease: &Lease, applied: &mut Applied) {
    match second(applying, lease, applied).await {
        Ok(further) => {
            applied.outcome.extend(further.outcome);
            applied.unseen = further.unseen;
            applied.plan.manual = further.plan.manual;
            applied.plan.waiting = further.plan.waiting;
            applied.plan.changes.extend(further.plan.changes);
        }
        Err(error) => applied.outcome.failed.extend(hindered(&applied.plan, &error)),
    }
}

async fn second(applying: &Applying, lease: &Lease, applied: &Applied) -> Result<Applied, ApplyError> {
    let mut draft = look(applying).await?;
    let unseen = unseen(applying.saved.as_ref().unwrap_or(&applied.plan), &draft);
    draft.plan.changes.retain(|change| !unseen.contains(&change.address));
    let refusals = refusals(&draft.plan, applying.allow_destroy);
    if !refusals.is_empty() {
        return Err(ApplyError::Refused { plan: None, refusals });
    }
    let further = carry_out(applying, draft, lease).await?;
    Ok(Applied { unseen: unseen.into_iter().collect(), ..further })
}

/// What waits and could not even be begun, and why.
pub(super) fn hindered(plan: &Plan, error: &ApplyError) -> Vec<Failure> {
    let failure = |address: Option<&Address>, error: String, help: Option<String>| Failure {
        address: address.cloned().unwrap_or_else(Address::organization),
        action: Action::Create,
        cause: error.clone(),
        error,
        help,
    };
    let awaited = plan.waiting.first().map(|waiting| &waiting.waits_for);
    match error {
        ApplyError::Aws(error) => vec![failure(awaited, error.to_string(), error.help())],
        ApplyError::Refused { refusals, .. } => refusals
            .iter()
            .map(|it| failure(it.address.as_ref().or(awaited), it.message.clone(), Some(it.help.clone())))
            .collect(),
        // Neither a lease nor an answer is asked for here, and targets match what they matched before.
        _ => vec![failure(awaited, "what waits could not be planned".into(), Some("run apply again".into()))],
    }
}

async fn carry_out(applying: &Applying, draft: Draft, lease: &Lease) -> Result<Applied, ApplyError> {
    let Applying { cloud, desired, .. } = applying;
    remember(cloud, desired, &draft.observed, &draft.plan.changes).await?;
    let outcome = make(applying, &draft, lease).await;
    let lost_lease = *lease.lost().borrow();
    let Draft { plan, caller, .. } = draft;
    Ok(Applied { plan, outcome, lost_lease, unseen: Vec::new(), caller, unrecorded: None })
}

/// Ends when `stop` becomes true, and never where that cannot happen any more.
pub(super) async fn reported_to_stop(mut stop: watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Nothing is destroyed unasked: one such change without the flag, and nothing at all is done.
pub(super) fn forbidden(plan: &Plan, allow_destroy: bool) -> Option<Refusal> {
    let destroyed: Vec<&str> = plan
        .changes
        .iter()
        .filter(|change| change.risk.needs_permission())
        .map(|change| change.address.as_str())
        .collect();
    if destroyed.is_empty() || allow_destroy {
        return None;
    }
    Some(Refusal {
        code: "destruction".into(),
        address: None,
        message: format!("the plan destroys {}", destroyed.join(", ")),
        help: "read the plan; if it is meant, run apply again with --allow-destroy".into(),
    })
}

async fn make(applying: &Applying, draft: &Draft, lease: &Lease) -> Outcome {
    let listener = Arc::clone(&applying.listener);
    let report = {
        let listener = Arc::clone(&listener);
        move |address: &Address, message: String| {
            listener(super::event::Event::Progress { address: address.clone(), message });
        }
    };
    let management = draft.plan.organization.management_account.clone().unwrap_or_default();
    let context = WriteContext::new(
        Arc::clone(&applying.cloud),
        Arc::new(applying.desired.clone()),
        &management,
        draft.observed.bindings.clone(),
        report,
    );
    let stop = either(applying.stop.clone(), lease.lost());
    execute(steps(&applying.desired, draft), Arc::new(context), listener, stop).await
}

/// Each change of the plan, with what its kind needs to make it.
pub(super) fn steps(desired: &Desired, draft: &Draft) -> Vec<Step> {
    let desired = expand(desired, &draft.observed);
    draft
        .plan
        .changes
        .iter()
        .map(|change| Step {
            change: change.clone(),
            wanted: desired.get(&change.address).cloned().filter(|wanted| {
                // Letting go of an account is reported from closing it by nothing being wanted.
                change.action != Action::Delete || wanted.presence == Presence::Absent
            }),
            found: draft.observed.get(&change.address).cloned(),
        })
        .collect()
}

/// True as soon as one of both is. Ends with anyone who listens.
pub(super) fn either(one: watch::Receiver<bool>, other: watch::Receiver<bool>) -> watch::Receiver<bool> {
    let (sender, receiver) = watch::channel(*one.borrow() || *other.borrow());
    tokio::spawn(async move {
        tokio::select! {
            () = reported_to_stop(one) => {
                sender.send_replace(true);
            }
            () = reported_to_stop(other) => {
                sender.send_replace(true);
            }
            () = sender.closed() => {}
        }
    });
    receiver
}
