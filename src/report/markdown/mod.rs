//! A plan as Markdown, for comments on pull requests: whatever the plan, it is no longer than a comment may be.

mod changes;
mod difference;
mod escape;
mod notes;
mod room;
mod row;

use landing_policy::Tally;

use super::against::looked_at;
use super::clean::clean;
use super::replay::{AccountNames, replay_markdown_within};
use super::summary::{RiskSummary, risk_summary};
use super::wording::{Wording, outside, rest, targets};
use crate::model::{Manual, Plan, Refusal};
use changes::changes;
use notes::notes;
use room::{LIMIT, lines, name, sentence, short};

pub(super) use escape::{code, escape};

/// Room for the reasons why a plan is refused, in bytes.
const REFUSALS: usize = 8_000;
/// Room for manual steps.
const MANUAL: usize = 4_000;
/// Room for what a replay found.
const REPLAY: usize = 8_000;

/// The whole plan: a warning of what it destroys, its changes by risk, a table of them, and behind a click what differs.
#[must_use]
pub fn plan_markdown(plan: &Plan) -> String {
    planned(plan, "")
}

/// The same with what CloudTrail's logs came to under the plan.
#[must_use]
pub fn replayed_plan_markdown(plan: &Plan, tally: &Tally, names: &AccountNames) -> String {
    planned(plan, &replay_markdown_within(REPLAY, tally, names))
}

fn planned(plan: &Plan, replayed: &str) -> String {
    format!("### Landing plan for {}\n\n", name(&plan.blueprint.name)) + &markdown_in(Wording::Plan, plan, replayed)
}

/// The same plan as a report of drift, for the summary of a nightly job or an issue.
#[must_use]
pub fn drift_markdown(plan: &Plan) -> String {
    format!("### Drift from {}\n\n", name(&plan.blueprint.name)) + &markdown_in(Wording::Drift, plan, "")
}

fn markdown_in(wording: Wording, plan: &Plan, replayed: &str) -> String {
    let summary = risk_summary(plan);
    let mut page = warning(&summary) + &headline(wording, plan);
    page += &refusals(wording, &plan.refusals);
    page += &manual(wording, &plan.manual);
    let below = notes(wording, plan) + replayed;
    // Its title is not longer than this.
    let room = LIMIT.saturating_sub(page.len() + below.len() + 2_000);
    page + &changes(wording, plan, &summary, room) + &below
}

/// Where everything is that a comment has no room for.
fn where_all_are(wording: Wording) -> String {
    let command = wording.title().to_lowercase();
    format!(
        "`landing {command} -v` lists all, `landing {command} --format html > {command}.html` is a page for reviewers, \
         `--format json` is for programs"
    )
}

/// What cannot be taken back comes first.
fn warning(summary: &RiskSummary<'_>) -> String {
    let Some(destruction) = summary.destruction() else { return String::new() };
    format!("> [!CAUTION]\n> **{destruction}.** `landing apply` requires `--allow-destroy`.\n\n")
}

fn headline(wording: Wording, plan: &Plan) -> String {
    if plan.is_quiet() {
        return format!("{}\n\n", sentence(&wording.verdict(plan).to_plain()));
    }
    let changes: Vec<String> = wording.counts(plan).into_iter().map(|(_, text)| text).chain(rest(plan)).collect();
    let organization = match &plan.organization.id {
        Some(id) => format!("organization {}", name(id)),
        None => "a new organization".into(),
    };
    let unchanged = format!("{} {}", plan.summary.unchanged, wording.unchanged());
    let only = targets(plan).map(|targets| format!(" · only {}", escape(&short(&targets)))).unwrap_or_default();
    let outside = Some(outside(plan)).filter(|outside| !outside.is_empty()).map(|outside| format!(" · {outside}"));
    let (changes, outside) = (changes.join(", "), outside.unwrap_or_default());
    let looked_at = sentence(&looked_at(plan));
    format!("**{changes}**, {unchanged} · {organization}{only}{} · {looked_at}\n\n", outside.trim_end())
}

fn refusals(wording: Wording, refusals: &[Refusal]) -> String {
    let one = |refusal: &Refusal| {
        let Refusal { code, message, help, .. } = refusal;
        format!("> [!CAUTION]\n> **refused** ({}): {}\n>\n> {}\n\n", name(code), sentence(message), sentence(help))
    };
    lines(refusals.iter().map(one).collect(), REFUSALS, "**Refused** ", &(where_all_are(wording) + "\n"))
}

fn manual(wording: Wording, items: &[Manual]) -> String {
    if items.is_empty() {
        return String::new();
    }
    let one = |item: &Manual| {
        let address = item.address.as_ref().map(|address| name(address.as_str()) + ": ").unwrap_or_default();
        let link = item.link.as_ref().map(|link| format!(" {}", escape::link(&short(&clean(link)))));
        format!("> - {address}{}{}\n", sentence(&item.what), link.unwrap_or_default())
    };
    let steps = lines(items.iter().map(one).collect(), MANUAL, "> - ", &where_all_are(wording));
    format!("> [!IMPORTANT]\n> Manual steps:\n{steps}\n")
}

#[cfg(test)]
mod tests;
