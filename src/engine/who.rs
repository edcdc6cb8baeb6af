//! Who made the differences that drift finds, by CloudTrail's event histories.

mod archive;
mod sought;

use super::plan::Draft;
use crate::cloud::Cloud;
use crate::model::{Action, Change, ChangedBy, Desired, Note, Plan};
use archive::Archive;
use sought::{HistoryContext, UnexplainedChange};

/// Says of each difference who made it, and of what is unmanaged and new who made that. Where CloudTrail does not show, a note
/// or a difference says so.
pub async fn show_who(cloud: &Cloud, desired: &Desired, draft: &mut Draft) {
    let Draft { plan, observed, .. } = draft;
    let scene = HistoryContext { desired, observed, region: &cloud.region, partition: cloud.partition };
    let differing: Vec<_> = plan.changes.iter().map(|change| scene.of_change(change)).collect();
    let unmanaged: Vec<_> = plan.unmanaged.iter().filter_map(|address| scene.of_unmanaged(address)).collect();
    let all: Vec<&UnexplainedChange> = differing.iter().filter_map(|it| it.as_ref().ok()).chain(&unmanaged).collect();
    let mut archive = Archive::default();
    archive.ask_all(cloud, &all).await;
    explain_changes(plan, &differing, &unmanaged, &archive);
    plan.api_calls = cloud.meter.calls();
}

fn explain_changes(
    plan: &mut Plan,
    differing: &[Result<UnexplainedChange, String>],
    unmanaged: &[UnexplainedChange],
    archive: &Archive,
) {
    for (change, sought) in plan.changes.iter_mut().zip(differing) {
        change.changed_by = changed_by(change, sought, archive);
    }
    let made = unmanaged.iter().filter_map(|sought| Some((sought.address.clone(), archive.author(sought)?)));
    plan.unmanaged_made_by = made.collect();
    plan.notes.extend(archive.refused().map(|error| Note {
        address: None,
        what: format!("who made the changes is not known: {error}"),
        about: Vec::new(),
    }));
}

/// What is missing may never have been there, and what is adopted may be old: without an event, nothing is said of them. Where
/// the management account's history cannot be read, a note says it once.
fn changed_by(change: &Change, sought: &Result<UnexplainedChange, String>, archive: &Archive) -> Option<ChangedBy> {
    let known = sought.as_ref().ok().and_then(|sought| archive.author(sought));
    known.map(ChangedBy::Author).or_else(|| {
        let is_expected = !matches!(change.action, Action::Create | Action::Adopt);
        let not_known = match sought {
            Ok(sought) => archive.why_not_known(sought)?,
            Err(why) => format!("not looked up: {why}"),
        };
        is_expected.then_some(ChangedBy::NotKnown { not_known })
    })
}

#[cfg(test)]
mod tests;
