//! The rows of the table of changes: one for what is alike in many accounts.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::escape::{code, escape, html_code};
use super::room::{name, short};
use crate::model::{Action, Change, Plan, Risk};
use crate::report::alike::{Apart, apart, places};
use crate::report::naming::kind_word;
use crate::report::rows::reach;
use crate::report::wording::Wording;

/// Changes that do the same to the same resource in several places, or one change.
pub(super) struct Row<'p> {
    pub changes: Vec<&'p Change>,
    name: String,
}

/// Every change in one row, riskiest first, otherwise in the order of the plan.
pub(super) fn rows(plan: &Plan) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut known: BTreeMap<(Action, Risk, String, &str, String), usize> = BTreeMap::new();
    for change in &plan.changes {
        let Apart { name, place, .. } = apart(change);
        let key = (change.action, change.risk, kind_word(change), change.reason.as_str(), name.clone());
        match known.get(&key).filter(|_| place.is_some()) {
            Some(nth) => rows[*nth].changes.push(change),
            None => {
                if place.is_some() {
                    known.insert(key, rows.len());
                }
                rows.push(Row { changes: vec![change], name });
            }
        }
    }
    rows.sort_by_key(|row| Reverse(row.risk()));
    rows
}

impl<'p> Row<'p> {
    pub fn risk(&self) -> Risk {
        self.first().map_or(Risk::None, |change| change.risk)
    }

    fn first(&self) -> Option<&'p Change> {
        self.changes.first().copied()
    }

    pub fn written(&self, wording: Wording) -> String {
        let Some(first) = self.first() else { return String::new() };
        let name = named(&self.changes, &self.name, name);
        let deed = wording.deed(first).map(|deed| format!(" {deed}")).unwrap_or_default();
        let risk = if first.risk == Risk::None { "" } else { first.risk.word() };
        let reach = reach(first).filter(|_| self.changes.len() == 1).unwrap_or_default();
        format!(
            "| {} | {name} | {}{deed} | {} | {risk} | {} |\n",
            code(&first.action.glyph().to_string()),
            escape(&short(&kind_word(first))),
            reach.split(' ').next().unwrap_or_default(),
            self.source(first),
        )
    }

    /// The blueprint's line, if it is the same for all.
    fn source(&self, first: &Change) -> String {
        let source = first.source.as_deref().filter(|_| self.changes.iter().all(|it| it.source == first.source));
        source.map(|source| code(&short(source))).unwrap_or_default()
    }

    /// Some of the row's changes, in HTML.
    pub fn html_name(&self, changes: &[&Change]) -> String {
        named(changes, &self.name, |name| html_code(&short(name)))
    }
}

/// One by its address, several by what they have in common and where they are.
fn named(changes: &[&Change], common: &str, code: impl Fn(&str) -> String) -> String {
    match changes {
        [change] => code(change.address.as_str()),
        _ => {
            let apart: Vec<Apart> = changes.iter().map(|change| apart(change)).collect();
            let places = escape(&short(&places(apart.iter())));
            if common.is_empty() { format!("in {places}") } else { format!("{} in {places}", code(common)) }
        }
    }
}
