use std::collections::BTreeSet;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::against::leave_out_unknown;
use super::diff::compare;
use super::guard::{Guarded, governed, guard};
use super::hierarchies::{Hierarchies, without_full_access};
use super::moves;
use super::names;
use super::order::order;
use super::reach::Places;
use super::targets::{self, Unmatched};
use crate::cloud::{AwsError, Cloud};
use crate::facts::{Facts, Look, read_recorded, read_until_complete};
use crate::kinds::read::{Caller, CallerIdentity, Organization, TagsOf};
use crate::kinds::{OfKind, expand, kind, observe};
use crate::model::{
    Action, Address, ApiCalls, BlueprintId, Change, Depth, Desired, Found, Makers, Note, Observed, OrganizationId,
    Plan, Refusal, Risk, Summary, Wanted,
};

/// A plan and what it was made from, for the caller that carries it out.
#[derive(Debug)]
pub struct Draft {
    /// What people see and files keep.
    pub plan: Plan,
    /// The organization as it was found.
    pub observed: Observed,
    /// The targets that match nothing.
    pub unmatched: Vec<Unmatched>,
    /// The ARN of the caller, where it was asked for.
    pub caller: Option<String>,
}

/// Why there is no plan.
#[derive(Debug)]
pub enum PlanError {
    /// A read failed.
    Aws(AwsError),
    /// The caller is not one that landing works for.
    Refused(Refusal),
    /// Targets match nothing.
    Unmatched(Vec<Unmatched>),
}

impl From<AwsError> for PlanError {
    fn from(error: AwsError) -> PlanError {
        PlanError::Aws(error)
    }
}

/// Reads what the blueprint needs to know, and plans.
///
/// # Errors
/// When AWS refuses a read, when the caller is the root user or not in the management account, and when a target matches
/// nothing.
pub async fn look_and_plan(
    cloud: &Arc<Cloud>,
    facts: &mut Facts,
    desired: &Desired,
    blueprint: &BlueprintId,
    targets: &[Address],
) -> Result<Draft, PlanError> {
    let mut draft = look_and_draft(cloud, facts, desired, blueprint, targets).await?;
    match std::mem::take(&mut draft.unmatched) {
        unmatched if unmatched.is_empty() => Ok(draft),
        unmatched => Err(PlanError::Unmatched(unmatched)),
    }
}

/// As [`look_and_plan`], whether the targets match something or not: once a plan is done, what it deletes is gone.
///
/// # Errors
/// As there, but for targets.
pub(super) async fn look_and_draft(
    cloud: &Arc<Cloud>,
    facts: &mut Facts,
    desired: &Desired,
    blueprint: &BlueprintId,
    targets: &[Address],
) -> Result<Draft, PlanError> {
    look_who_asks(cloud, facts).await?;
    // Everything there is comes first: a draft made meanwhile would take most resources for missing, at great length.
    read_recorded(cloud, facts, |look| drop(observe(desired, look))).await?;
    let (mut drafted, missed) = read_recorded(cloud, facts, |look| {
        let drafted = draft(desired, look, blueprint, targets);
        (drafted, look.missed_since(0))
    })
    .await?;
    if let Some(recorded) = facts.recorded() {
        leave_out_unknown(&mut drafted, &missed, recorded)?;
    }
    drafted.plan.api_calls = cloud.meter.calls();
    Ok(drafted)
}

/// Reads which policies hold where, before and after a plan.
///
/// # Errors
/// When AWS refuses a read.
pub async fn look_at_policies(
    cloud: &Arc<Cloud>,
    facts: &mut Facts,
    desired: &Desired,
    draft: &Draft,
) -> Result<Hierarchies, PlanError> {
    let Draft { plan, observed, .. } = draft;
    let desired = expand(desired, observed);
    let places = Places::new(&desired, observed);
    let looked =
        read_until_complete(cloud, facts, |look| Hierarchies::look(&desired, observed, &places, &plan.changes, look))
            .await?;
    // Nothing is missing once everything was asked.
    Ok(looked.expect("what is settled is known"))
}

/// Reads which of the places that were found lack FullAWSAccess.
///
/// # Errors
/// When AWS refuses a read.
pub async fn look_at_full_access(
    cloud: &Arc<Cloud>,
    facts: &mut Facts,
    desired: &Desired,
    observed: &Observed,
) -> Result<BTreeSet<Address>, PlanError> {
    let looked = read_until_complete(cloud, facts, |look| without_full_access(desired, observed, look)).await?;
    Ok(looked.unwrap_or_default())
}

/// Reads who the caller is, and no more if that is not one that landing works for.
///
/// # Errors
/// As for [`look_and_plan`].
pub async fn look_who_asks(cloud: &Arc<Cloud>, facts: &mut Facts) -> Result<(), PlanError> {
    let (caller, organization) =
        read_until_complete(cloud, facts, |look| (look.at(Caller).cloned(), look.at(Organization).cloned())).await?;
    let management = organization.flatten().map(|organization| organization.management_account);
    match caller.and_then(|caller| check_caller(&caller, management.as_deref())) {
        Some(refusal) => Err(PlanError::Refused(refusal)),
        None => Ok(()),
    }
}

/// Plans from what is known; pure. What it looks for in vain makes it worth calling again.
pub fn draft(desired: &Desired, look: &Look<'_>, blueprint: &BlueprintId, targets: &[Address]) -> Draft {
    let caller = look.at(Caller).cloned();
    let mut observed = observe(desired, look);
    let desired = &*expand(desired, &observed);
    let mut differences = compare(desired, &observed);
    while unsettle(&differences.changes, desired, &mut observed) {
        differences = compare(desired, &observed);
    }
    confirm_tags(&differences.changes, &observed, look);
    let outside = targets::limit(&mut differences, targets, desired, &observed);
    let manual = targets::manual(observed.findings.manual.clone(), &differences, targets, desired);
    let places = Places::new(desired, &observed);
    let changes = &mut differences.changes;
    for change in changes.iter_mut().chain(differences.waiting.iter_mut().map(|waiting| &mut waiting.change)) {
        let reached = places.reached(change);
        change.reaches = reached.len();
        change.accounts = reached.iter().map(|account| account.name()).collect();
        if change.risk == Risk::Disruptive && places.binds_no_account(change) {
            change.risk = Risk::None;
        }
    }
    moves::explain_moves(changes, desired, &observed, look);
    let mut refusals = differences.refusals;
    refusals.extend(order(changes, desired, &observed));
    let guarded = Guarded { changes, desired, observed: &observed, places: &places };
    refusals.extend(guard(&guarded, look));
    let control_tower = governed(&guarded, differences.control_tower);
    refusals.sort();
    refusals.dedup();
    let summary =
        Summary { waiting: differences.waiting.len(), outside, ..Summary::of(changes, differences.unchanged.len()) };
    let notes = notes(changes, &observed);
    let plan = Plan {
        format: Plan::FORMAT.into(),
        blueprint: blueprint.clone(),
        organization: organization(&observed, caller.as_ref()),
        version: env!("CARGO_PKG_VERSION").into(),
        summary,
        changes: differences.changes,
        waiting: differences.waiting,
        manual: sorted(manual),
        depth: Depth {
            deep: desired.settings.deep,
            pairs: observed.findings.deep_pairs,
            units: observed.findings.unlisted_units,
        },
        unmanaged: differences.unmanaged,
        unmanaged_made_by: Makers::new(),
        control_tower,
        undetected: sorted(observed.findings.undetected.clone()),
        notes,
        untrusted: sorted(observed.findings.untrusted.clone()),
        refusals,
        api_calls: ApiCalls::default(),
        observed: observed
            .found
            .values()
            .chain(observed.closed.values())
            .map(|found| (found.address.clone(), digest(found)))
            .collect(),
        desired: None,
        replay: None,
        against: None,
        targets: targets.to_vec(),
    };
    let caller = caller.map(|caller| caller.arn);
    Draft { plan, unmatched: targets::unmatched(targets, desired, &observed), observed, caller }
}

fn sorted<T: Ord>(mut items: Vec<T>) -> Vec<T> {
    items.sort();
    items.dedup();
    items
}

/// What explains the changes.
fn notes(changes: &[Change], observed: &Observed) -> Vec<Note> {
    let is_about = |note: &Note, change: &Change| {
        let mut touched = std::iter::once(&change.address).chain(&change.parent);
        touched.any(|touched| note.about.contains(touched))
    };
    let explains = |note: &&Note| note.about.is_empty() || changes.iter().any(|change| is_about(note, change));
    let mut notes: Vec<Note> = observed.findings.notes.iter().filter(explains).cloned().collect();
    notes.extend(names::notes(changes));
    notes.sort();
    notes
}

/// Forgets what the changes will give other values, and returns whether any of it was known: anyone who takes such a value
/// differs as well, by one that is known after apply.
fn unsettle(changes: &[Change], desired: &Desired, observed: &mut Observed) -> bool {
    let mut unsettled = Vec::new();
    for change in changes.iter().filter(|change| matches!(change.action, Action::Update | Action::Adopt)) {
        let both = desired.get(&change.address).zip(observed.found.get(&change.address)).zip(kind(&change.kind));
        let Some(((wanted, found), kind)) = both else { continue };
        let resolved = Wanted { body: observed.bindings.resolve(&wanted.body), ..wanted.clone() };
        unsettled.extend(kind.invalidated_outputs(&resolved, found));
    }
    unsettled.retain(|output| observed.bindings.forget_output(output));
    !unsettled.is_empty()
}

/// The tag index lags behind. Before anything is changed because of what it says, the resources themselves are
/// asked: all that would be deleted, and of those whose tags differ enough to see whether it is up to date.
fn confirm_tags(changes: &[Change], observed: &Observed, look: &Look<'_>) {
    const SAMPLE: usize = 5;
    let mut sampled = 0;
    let mut outdated = false;
    for change in changes.iter().filter(|change| change.kind_info().is_tagged) {
        let Some(found) = observed.found.get(&change.address) else { continue };
        let by_tags = change.fields.iter().any(|field| field.path.starts_with("tags."));
        if change.action == Action::Delete {
            look.at(TagsOf(found.id.clone()));
        } else if by_tags && (sampled < SAMPLE || outdated) {
            sampled += 1;
            look.at(TagsOf(found.id.clone()));
        }
    }
    let indexed = look.at(crate::kinds::read::Tagged).and_then(Option::as_ref);
    if let Some(indexed) = indexed {
        outdated = look
            .known::<crate::model::Tags>(TagsOf::PREFIX)
            .any(|(id, tags)| indexed.get(id).is_some_and(|indexed| *indexed != tags));
    }
    if outdated {
        for change in changes.iter().filter(|change| change.kind_info().is_tagged) {
            if let Some(found) = observed.found.get(&change.address) {
                look.at(TagsOf(found.id.clone()));
            }
        }
    }
}

fn organization(observed: &Observed, caller: Option<&CallerIdentity>) -> OrganizationId {
    let management = observed.bindings.id(&Address::management());
    OrganizationId {
        id: observed.bindings.id(&Address::organization()).map(str::to_owned),
        management_account: management.or(caller.map(|caller| caller.account.as_str())).map(str::to_owned),
    }
}

/// A short digest of all that is known of a resource.
fn digest(found: &Found) -> String {
    // A found resource is made of strings, lists and maps with string keys, which JSON always holds.
    let json = serde_json::to_vec(found).unwrap_or_default();
    Sha256::digest(json).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The root user can assume no role, and only the management account sees the whole organization.
fn check_caller(caller: &CallerIdentity, management: Option<&str>) -> Option<Refusal> {
    let refusal = |code: &str, message: String, help: &str| {
        Some(Refusal { code: code.into(), address: None, message, help: help.into() })
    };
    if caller.arn.ends_with(":root") {
        return refusal(
            "root-user",
            format!("these are the credentials of the root user of account {}", caller.account),
            "use a role or a user of the management account; the root user can assume no role and needs no keys",
        );
    }
    let management = management.filter(|management| *management != caller.account)?;
    refusal(
        "not-the-management-account",
        format!("account {} is a member; the organization is managed from account {management}", caller.account),
        "use credentials of the management account: --profile NAME",
    )
}

#[cfg(test)]
mod tests;
