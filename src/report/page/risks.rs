//! The changes by risk, named before the tree.

use super::{Page, section, text};
use crate::model::Change;
use crate::report::naming::subject;
use crate::report::summary::{RiskGroup, RiskItem, RiskSummary, Tally};

/// So many changes that are summed up together are named at once; more are behind a click.
const NAMED: usize = 8;

impl Page<'_> {
    pub(super) fn risks(&self, summary: &RiskSummary<'_>) -> String {
        let groups: String = summary.groups.iter().map(|group| self.of_risk(group)).collect();
        section("risks", "By risk", &(groups + &rest(&summary.rest)))
    }

    fn of_risk(&self, group: &RiskGroup<'_>) -> String {
        let word = group.risk.word();
        let items: String = group.items.iter().map(|item| self.item(item)).collect();
        format!("<h3 class=\"{word}\">{word} <small>{}</small></h3>\n<ul>\n{items}</ul>\n", group.number())
    }

    fn item(&self, item: &RiskItem<'_>) -> String {
        let reason = item.why().map(|reason| format!(": {}", text(reason))).unwrap_or_default();
        let reaches = item.reach().map(|reach| format!(" · {reach}")).unwrap_or_default();
        format!("<li>{} {}<span>{reason}{reaches}</span></li>\n", item.verb, self.named(item))
    }

    /// Each change by a link to it.
    fn named(&self, item: &RiskItem<'_>) -> String {
        let links = item.changes.iter().map(|change| self.link(change)).collect::<Vec<_>>().join(", ");
        if item.changes.len() <= NAMED {
            return links;
        }
        let names = item.names();
        let more = names.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let names = names.iter().take(NAMED).map(|name| text(name)).collect::<Vec<_>>().join(", ");
        format!("<details><summary>{names}{more}</summary>\n<p>{links}</p>\n</details>")
    }

    fn link(&self, change: &Change) -> String {
        format!("<a href=\"#{}\">{}</a>", self.anchor(&change.address), text(&subject(&change.address)))
    }
}

/// The changes without a risk, counted: `The rest: create 8 accounts; adopt 1 SCP`.
fn rest(tallies: &[Tally]) -> String {
    if tallies.is_empty() {
        return String::new();
    }
    let counts = tallies.iter().map(|it| format!("{} {}", it.verb, text(&it.what())));
    format!("<p>The rest: {}</p>\n", counts.collect::<Vec<_>>().join(", "))
}
