use serde::{Deserialize, Serialize};

use super::super::apply::Applied;
use crate::cloud::pack;
use crate::model::{Action, Address, BlueprintId, Plan, Summary};

/// Characters of a parameter of the tier that costs nothing.
/// <https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html>
const MAX_PARAMETER: usize = 4096;

/// What one apply was to do and did. It has addresses and actions, and no value of any field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Always [`Record::FORMAT`].
    pub format: String,
    /// When the apply began, by the clock of the machine, in UTC.
    pub at: String,
    /// The ARN of the caller.
    pub caller: String,
    /// The version of landing.
    pub version: String,
    /// The blueprint, with the commit that it lies in, where it lies in one.
    pub blueprint: BlueprintId,
    /// The addresses that it was limited to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Address>,
    /// How it ended.
    pub outcome: Ended,
    /// What the plan that was agreed to was to do.
    pub summary: Summary,
    /// What was done, as far as there is room: `create ou/Workloads`.
    pub done: Vec<String>,
    /// What was not done, as far as there is room.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_done: Vec<String>,
    /// How many of both are not named.
    #[serde(default, skip_serializing_if = "is_none")]
    pub unnamed: usize,
}

/// How an apply ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// Everything was done.
    Complete,
    /// A part was done: something failed, or waits for a person.
    Part,
    /// It was reported to stop.
    Interrupted,
    /// It lost its lease.
    LostLease,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_none(number: &usize) -> bool {
    *number == 0
}

impl Record {
    /// The version of the form.
    pub const FORMAT: &'static str = "landing-record/1";

    /// What became of a plan.
    pub(super) fn of(shown: &Plan, applied: &Applied, at: &str) -> Record {
        let outcome = &applied.outcome;
        let line = |action: Action, address: &Address| format!("{} {address}", action.verb());
        let done: Vec<String> = outcome.done.iter().map(|(address, action)| line(*action, address)).collect();
        let was_done = |address: &Address| outcome.done.iter().any(|(done, _)| done == address);
        let not_done = shown.changes.iter().filter(|change| !was_done(&change.address));
        let not_done = not_done.map(|change| line(change.action, &change.address)).collect();
        Record {
            format: Record::FORMAT.into(),
            at: at.into(),
            caller: applied.caller.clone().unwrap_or_default(),
            version: env!("CARGO_PKG_VERSION").into(),
            blueprint: shown.blueprint.clone(),
            targets: shown.targets.clone(),
            outcome: ended(applied),
            summary: shown.summary,
            done,
            not_done,
            unnamed: 0,
        }
    }

    /// The text of a parameter: as it is, else packed, else with as many changes as there is room for.
    pub(super) fn to_text(&self) -> String {
        let (mut fits, mut too_many) = (0, self.done.len() + self.not_done.len() + 1);
        if let Some(text) = self.with(too_many) {
            return text;
        }
        // What is longer has more changes, but for a few characters that compressing makes of it.
        while too_many - fits > 1 {
            let number = fits + (too_many - fits) / 2;
            if self.with(number).is_some() { fits = number } else { too_many = number }
        }
        self.with(fits).or_else(|| Record { targets: Vec::new(), ..self.clone() }.with(0)).unwrap_or_default()
    }

    /// The text with so many changes, those that were not done first; nothing where there is no room for them.
    fn with(&self, changes: usize) -> Option<String> {
        let mut record = self.clone();
        record.not_done.truncate(changes);
        record.done.truncate(changes - record.not_done.len());
        record.unnamed = self.done.len() + self.not_done.len() - record.done.len() - record.not_done.len();
        // Strings, numbers and lists, which JSON always holds.
        let plain = serde_json::to_string(&record).unwrap_or_default();
        let text = if plain.len() <= MAX_PARAMETER { plain } else { pack(&plain) };
        (text.len() <= MAX_PARAMETER).then_some(text)
    }

    /// Reads what [`Record::to_text`] gives, unpacked.
    pub(super) fn from_text(text: &str) -> Option<Record> {
        serde_json::from_str(text).ok().filter(|record: &Record| record.format == Record::FORMAT)
    }
}

fn ended(applied: &Applied) -> Ended {
    match () {
        () if applied.lost_lease => Ended::LostLease,
        () if applied.outcome.interrupted => Ended::Interrupted,
        () if applied.is_complete() => Ended::Complete,
        () => Ended::Part,
    }
}
