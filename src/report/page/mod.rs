//! A plan or drift as a page for reviewers: one file, which fetches nothing, shows everything without its script, and is
//! filtered by it.

mod accounts;
mod change;
mod difference;
mod filters;
mod header;
mod notes;
mod replayed;
mod risks;
mod tree;

use std::collections::BTreeMap;

use landing_policy::Tally;

use super::document::Document;
use super::plan::Context;
use super::replay::AccountNames;
use super::summary::risk_summary;
use super::wording::Wording;
use super::xml::escape;
use crate::model::{Address, Desired, Plan};
use crate::report::clean::clean;
use accounts::Accounts;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("filter.js");

/// What the page says beside the plan.
#[derive(Clone, Copy, Debug, Default)]
pub struct PageFacts<'f> {
    /// What the text says as well.
    pub context: Context<'f>,
    /// When the plan was made: `2026-11-29T12:00:00Z`.
    pub made_at: &'f str,
    /// What CloudTrail's logs came to under the plan, where they were replayed.
    pub replayed: Option<(&'f Tally, &'f AccountNames)>,
    /// The command that replays them, where that is possible and was not done.
    pub replay: Option<&'f str>,
}

/// The whole plan. `desired` says where unchanged accounts are.
#[must_use]
pub fn plan_html(plan: &Plan, desired: Option<&Desired>, facts: PageFacts<'_>) -> String {
    html(Wording::Plan, plan, desired, facts)
}

/// The same plan as a report of drift.
#[must_use]
pub fn drift_html(plan: &Plan, desired: Option<&Desired>, facts: PageFacts<'_>) -> String {
    html(Wording::Drift, plan, desired, facts)
}

fn html(wording: Wording, plan: &Plan, desired: Option<&Desired>, facts: PageFacts<'_>) -> String {
    let desired = plan.desired.as_ref().or(desired);
    let page = Page {
        wording,
        plan,
        facts,
        accounts: Accounts::of(plan, desired),
        numbers: plan.changes.iter().enumerate().map(|(nth, change)| (&change.address, nth)).collect(),
    };
    let title = format!("{}: {}", wording.title(), clean(&plan.blueprint.name));
    Document { title: &title, style: STYLE, script: SCRIPT, body: &page.body(desired) }.to_html()
}

/// A page while it is written.
struct Page<'p> {
    wording: Wording,
    plan: &'p Plan,
    facts: PageFacts<'p>,
    accounts: Accounts,
    /// The changes by address, numbered: links lead to these numbers.
    numbers: BTreeMap<&'p Address, usize>,
}

impl Page<'_> {
    fn body(&self, desired: Option<&Desired>) -> String {
        let summary = risk_summary(self.plan);
        [
            self.header(&summary),
            self.risks(&summary),
            self.filters(),
            format!("<main>\n{}</main>\n", self.changes(desired)),
            self.waiting(),
            self.replayed(),
            self.notes(),
            self.accounts.sets_html(),
        ]
        .concat()
    }

    /// What a change's element is called.
    fn anchor(&self, address: &Address) -> String {
        self.numbers.get(address).map_or_else(String::new, |number| format!("c{number}"))
    }
}

/// Text as HTML shows it.
fn text(text: &str) -> String {
    escape(&clean(text))
}

/// A name, or what can be typed.
fn code(name: &str) -> String {
    format!("<code>{}</code>", text(name))
}

/// A part of the page with a heading, unless it would be empty.
fn section(class: &str, title: &str, body: &str) -> String {
    if body.is_empty() {
        return String::new();
    }
    format!("<section class=\"{class}\">\n<h2>{}</h2>\n{body}</section>\n", text(title))
}

fn list(items: impl IntoIterator<Item = String>) -> String {
    let items: String = items.into_iter().map(|item| format!("<li>{item}</li>\n")).collect();
    if items.is_empty() { items } else { format!("<ul>\n{items}</ul>\n") }
}

#[cfg(test)]
mod tests;
