//! The smallest exemption that the blueprint can make for a request, tried before it is offered.

use landing_blueprint::{FileId, file_patch};
use landing_policy::{DecidedBy, grounds};

use super::World;
use super::asked::Asked;
use super::candidate::{Candidate, ExemptionContext};
use super::opening::NewlyAllowed;
use super::origin::Origin;
use super::statement::DenyingStatement;
use crate::hierarchy::Hierarchy;
use crate::sections::{Declared, declare_changed};

/// How many statements are exempted from at most.
const MOST: usize = 12;

/// A change of the blueprint after which the organization's policies let the request through.
#[derive(Clone, Debug)]
pub struct Exemption {
    /// What it does, one sentence for each statement.
    pub summary: Vec<String>,
    /// The change as a unified diff, with `a/` and `b/` before the paths.
    pub patch: String,
    /// What it opens beside the request.
    pub opens: NewlyAllowed,
    /// What else is to be known of it.
    pub notes: Vec<String>,
    /// Other ways, which open more.
    pub others: Vec<String>,
}

/// A blueprint as it would be, with the policies that it leaves.
struct State {
    declared: Option<Declared>,
    hierarchy: Hierarchy,
    /// The texts that differ from the blueprint's.
    changed: Vec<(FileId, String)>,
}

/// The smallest exemption from all of these statements.
///
/// # Errors
/// Why there is none, as a sentence.
pub(super) fn find(asked: &Asked<'_>, statements: &[DenyingStatement], world: World<'_>) -> Result<Exemption, String> {
    let Some((after, original)) = world.blueprint else { return Err(String::new()) };
    let mut state = State { declared: None, hierarchy: after.clone(), changed: Vec::new() };
    let (mut summary, mut notes, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..MOST {
        let Some((action, decided_by)) = next(asked, statements, &state.hierarchy) else { break };
        let declared = state.declared.as_ref().unwrap_or(original);
        let (chosen, rest) = smallest(asked, &action, &decided_by, world.now, &state, declared, original)?;
        summary.push(chosen.candidate.summary);
        notes.extend(chosen.candidate.note.map(str::to_owned));
        others.extend(rest);
        state = chosen.state;
    }
    if next(asked, statements, &state.hierarchy).is_some() {
        return Err(format!("more than {MOST} statements deny the request"));
    }
    if summary.is_empty() {
        return Err("the blueprint as it is lets the request through: `landing apply` makes it so".to_owned());
    }
    let opens = NewlyAllowed::of(asked, after, &state.hierarchy);
    notes.dedup();
    Ok(Exemption { summary, notes, patch: patch(original, &state.changed), opens, others })
}

/// What denies still, among what denies now: what is surely denied, or was reported to be denied by AWS.
fn next(asked: &Asked<'_>, reported: &[DenyingStatement], hierarchy: &Hierarchy) -> Option<(String, DecidedBy)> {
    asked.actions().find_map(|action| {
        let case = asked.case(action, hierarchy);
        let found = grounds(&case.levels.scps, &case.levels.rcps, &case.request);
        let is_shown = |it: &DecidedBy| {
            reported.iter().any(|known| {
                known.decided_by.policy == it.policy
                    && known.decided_by.sid == it.sid
                    && known.decided_by.level == it.level
            })
        };
        let ground = found.into_iter().find(|it| it.missing.is_empty() || is_shown(&it.decided_by))?;
        Some((action.to_owned(), ground.decided_by))
    })
}

struct AttemptedExemption {
    candidate: Candidate,
    state: State,
    opens: NewlyAllowed,
}

fn smallest(
    asked: &Asked<'_>,
    action: &str,
    decided_by: &DecidedBy,
    now: &Hierarchy,
    state: &State,
    declared: &Declared,
    original: &Declared,
) -> Result<(AttemptedExemption, Vec<String>), String> {
    let request = asked.case(action, &state.hierarchy).request;
    let Some(origin) = Origin::of(decided_by, &request, now, &state.hierarchy, declared) else {
        let policy = decided_by.policy.as_deref().unwrap_or_default();
        return Err(format!("{policy} is not in the blueprint: exempt the request where that policy is kept"));
    };
    let around = ExemptionContext { asked, action, hierarchy: &state.hierarchy, declared };
    let tried = around
        .candidates(&origin)
        .into_iter()
        .filter_map(|candidate| attempt(asked, action, candidate, state, declared, original));
    let mut tried: Vec<AttemptedExemption> = tried.collect();
    tried.sort_by_key(|it| it.opens.size());
    let mut tried = tried.into_iter();
    let chosen = tried.next().ok_or_else(|| no_way(decided_by, &origin))?;
    Ok((chosen, tried.map(|it| it.candidate.summary).collect()))
}

fn no_way(decided_by: &DecidedBy, origin: &Origin<'_>) -> String {
    let what = match origin {
        Origin::Guardrails(all) if !all.is_empty() => {
            let names: Vec<&str> = all.iter().map(|one| one.guardrail.id.as_str()).collect();
            format!("guardrail {} has no parameter that exempts this principal", names.join(", "))
        }
        _ => format!("{decided_by}, and the blueprint has no words that exempt this principal"),
    };
    format!("{what}: move the account, enable the guardrail elsewhere, or write the policy yourself")
}

/// The state after a change, if the blueprint is still valid then and less denies the request.
fn attempt(
    asked: &Asked<'_>,
    action: &str,
    candidate: Candidate,
    state: &State,
    declared: &Declared,
    original: &Declared,
) -> Option<AttemptedExemption> {
    let text = candidate.edit.applied(declared.sources.text(candidate.file));
    let mut changed = state.changed.clone();
    changed.retain(|(file, _)| *file != candidate.file);
    changed.push((candidate.file, text));
    let patched = declare_changed(original, &changed, &[]).ok()?;
    let hierarchy = state.hierarchy.rewritten(&declared.desired, &patched.desired);
    let denials = |hierarchy: &Hierarchy| {
        let case = asked.case(action, hierarchy);
        grounds(&case.levels.scps, &case.levels.rcps, &case.request).len()
    };
    if denials(&hierarchy) >= denials(&state.hierarchy) {
        return None;
    }
    let opens = NewlyAllowed::roughly(asked, &state.hierarchy, &hierarchy);
    Some(AttemptedExemption { candidate, state: State { declared: Some(patched), hierarchy, changed }, opens })
}

/// The changed files as a unified diff, which `patch -p1` and `git apply` take.
fn patch(original: &Declared, changed: &[(FileId, String)]) -> String {
    let sources = &original.sources;
    let mut changed: Vec<&(FileId, String)> = changed.iter().collect();
    changed.sort_by_key(|(file, _)| *file);
    let one = |(file, text): &(FileId, String)| {
        let path = sources.name(*file).trim_start_matches("./").trim_start_matches('/');
        file_patch(path, Some(sources.text(*file)), text)
    };
    changed.into_iter().map(one).collect()
}
