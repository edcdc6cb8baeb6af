//! A plan as people read it: the organization's tree is the spine.

use std::collections::BTreeMap;

use super::against::{gap_lines, gaps};
use super::author::{author, maker};
use super::clean::{GLUE, clean};
use super::detail::Detail;
use super::fields::details;
use super::line::{Line, text_of};
use super::naming::{kind_word, short_name, subject};
use super::paint::Paint;
use super::sentence::count;
use super::summary::{risk_summary, summary_lines};
use super::tree::{Node, arrange};
use super::wording::{Wording, targets, unchecked};
use crate::kinds::OfKind;
use crate::model::{
    Address, Change, Desired, Governed, Manual, Note, Plan, Refusal, Risk, Role, Undetected, Untrusted, Waiting,
};

/// How much there is room for.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Columns.
    pub width: usize,
    /// Whether long lists are shown whole.
    pub verbose: bool,
}

/// What a plan says beside what it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// Which AWS was read, where it is not AWS itself: `simulated AWS, .landing/sandbox.json`.
    pub aws: Option<&'a str>,
    /// The command to go on with, if there is one.
    pub next: Option<&'a str>,
}

/// Names longer than this push what stands beside them further to the right.
const WIDEST_NAME: usize = 34;
/// The flag of apply that permits destruction.
const ALLOW_DESTROY: &str = "--allow-destroy";
/// Columns of the mark before each row.
const MARGIN: usize = 2;
/// Columns between a name and what stands beside it.
const GAP: usize = 2;
/// So many unmanaged resources are named.
const SHOWN_UNMANAGED: usize = 8;
/// So many resources are named that could not be looked at.
const SHOWN_UNDETECTED: usize = 8;

/// The whole plan with ANSI escapes. `desired` says where unchanged accounts are.
pub fn plan_text(plan: &Plan, desired: Option<&Desired>, layout: Layout, context: Context<'_>) -> String {
    text_in(Wording::Plan, plan, desired, layout, context)
}

/// The same plan as a report of drift: what has become of each resource, and what AWS could not look at.
pub fn drift_text(plan: &Plan, desired: Option<&Desired>, layout: Layout, context: Context<'_>) -> String {
    text_in(Wording::Drift, plan, desired, layout, context)
}

fn text_in(
    wording: Wording,
    plan: &Plan,
    desired: Option<&Desired>,
    layout: Layout,
    Context { aws, next }: Context<'_>,
) -> String {
    let desired = plan.desired.as_ref().or(desired);
    let mut page = Page { lines: Vec::new(), layout, wording };
    if !plan.is_quiet() || !plan.waiting.is_empty() {
        page.header(plan, aws);
        page.changes(plan, desired);
    }
    page.waiting(&plan.waiting);
    page.summary(plan);
    page.refusals(&plan.refusals);
    page.manual(&plan.manual);
    page.control_tower(plan.control_tower.as_ref());
    page.untrusted(&plan.untrusted);
    page.undetected(&plan.undetected);
    page.not_known(plan);
    page.notes(&plan.notes);
    page.unmanaged(plan);
    page.ending(plan, next);
    text_of(&page.lines)
}

/// Only what is refused, with what to do about it.
pub fn refusals_text(refusals: &[Refusal], layout: Layout) -> String {
    let mut page = Page { lines: Vec::new(), layout, wording: Wording::Plan };
    page.refusals(refusals);
    text_of(&page.lines)
}

struct Page {
    lines: Vec<Line>,
    layout: Layout,
    wording: Wording,
}

impl Page {
    fn wrap(&mut self, line: &Line, first: &Line, rest: &Line) {
        self.lines.extend(line.wrap(first, rest, self.layout.width));
    }

    /// An empty line, but not at the top.
    fn gap(&mut self) {
        if !self.lines.is_empty() {
            self.lines.push(Line::new());
        }
    }

    fn header(&mut self, plan: &Plan, aws: Option<&str>) {
        let organization = match (&plan.organization.id, &plan.organization.management_account) {
            (Some(id), Some(account)) => format!("organization {} of account {}", clean(id), clean(account)),
            (None, Some(account)) => format!("a new organization of account {}", clean(account)),
            _ => "a new organization".into(),
        };
        let title = match self.wording {
            Wording::Plan => Line::new(),
            Wording::Drift => Line::of(Paint::Strong, format!("{}: ", self.wording.title())),
        };
        let only = targets(plan).map(|targets| format!(", only {targets}")).unwrap_or_default();
        let line =
            title.with(Paint::Strong, clean(&plan.blueprint.name)).with(Paint::Dim, format!(" → {organization}{only}"));
        let line = match aws {
            Some(aws) => line.plain(" ").with(Paint::Changed, format!("({})", clean(aws))),
            None => line,
        };
        self.wrap(&line, &Line::new(), &Line::new());
        if let Some(legend) = self.wording.legend() {
            self.wrap(&Line::of(Paint::Dim, legend), &Line::new(), &Line::new());
        }
    }

    fn changes(&mut self, plan: &Plan, desired: Option<&Desired>) {
        let shown = arrange(plan, desired);
        let mut rows = Vec::new();
        flatten(&shown.tree, "", true, &mut rows);
        self.rows(&rows);
        for group in shown.groups {
            let rows: Vec<Row<'_>> = group.changes.iter().map(|change| Row::in_group(change)).collect();
            self.group(&clean(&group.title), &rows);
        }
    }

    /// What is made once nothing is waited for any more, by what that is. Where that is the resource itself and nothing else
    /// waits for it, the manual steps say what to do.
    fn waiting(&mut self, waiting: &[Waiting]) {
        let mut held: BTreeMap<&Address, Vec<Row<'_>>> = BTreeMap::new();
        for Waiting { change, waits_for } in waiting {
            held.entry(waits_for).or_default().push(Row::waiting(change));
        }
        let is_alone = |cause: &Address, rows: &[Row<'_>]| rows.len() == 1 && rows[0].is_of(cause);
        let (alone, held): (Vec<_>, Vec<_>) = held.into_iter().partition(|(cause, rows)| is_alone(cause, rows));
        for (cause, rows) in held {
            self.group(&format!("Waiting for {}", subject(cause)), &rows);
        }
        if !alone.is_empty() {
            let rows: Vec<Row<'_>> = alone.into_iter().flat_map(|(_, rows)| rows).collect();
            self.group("Waiting for a manual step", &rows);
        }
    }

    fn group(&mut self, title: &str, rows: &[Row<'_>]) {
        self.gap();
        self.lines.push(Line::new().plain("  ").with(Paint::Strong, title));
        self.list(rows);
    }

    fn rows(&mut self, rows: &[Row<'_>]) {
        if !rows.is_empty() {
            self.gap();
            self.list(rows);
        }
    }

    fn list(&mut self, rows: &[Row<'_>]) {
        let widest =
            rows.iter().filter(|row| row.change.is_some()).map(Row::width).filter(|width| *width <= WIDEST_NAME);
        let column = widest.max().unwrap_or(0);
        for row in rows {
            let facts = row.change.map(|change| facts(change, self.wording)).unwrap_or_default();
            // Better out of line than on two lines.
            let room = self.layout.width.saturating_sub(MARGIN + GAP + facts.width());
            let column = column.min(room).max(row.width().min(column));
            let beside = row.head(column);
            let below = row.margin().plain(" ".repeat(column.saturating_sub(row.below.chars().count()) + GAP));
            self.wrap(&facts, &beside, &below);
            let told = row.change.filter(|change| self.layout.verbose || self.wording.tells_details(change));
            for detail in told.map(|change| details(change, self.layout.verbose)).unwrap_or_default() {
                self.detail(&detail, &row.margin());
            }
            if let Some(detail) = row.change.and_then(|change| author(change, self.layout.verbose)) {
                self.detail(&detail, &row.margin());
            }
        }
    }

    fn detail(&mut self, detail: &Detail, margin: &Line) {
        self.lines.extend(detail.lines(&margin.clone().plain("  "), self.layout.width));
    }

    /// What decides whether the plan is applied.
    fn summary(&mut self, plan: &Plan) {
        let lines = summary_lines(&risk_summary(plan), self.layout);
        if self.wording == Wording::Plan && !lines.is_empty() {
            self.gap();
            self.lines.extend(lines);
        }
    }

    fn refusals(&mut self, refusals: &[Refusal]) {
        for refusal in refusals {
            self.gap();
            let message = Line::of(Paint::Danger, format!("refused[{}]", refusal.code))
                .with(Paint::Strong, format!(": {}", clean(&refusal.message)));
            self.wrap(&message, &Line::new(), &Line::new().plain("  "));
            let help = Line::of(Paint::Good, "help").plain(format!(": {}", clean(&refusal.help)));
            self.wrap(&help, &Line::new().plain("  "), &Line::new().plain("    "));
        }
    }

    fn manual(&mut self, manual: &[Manual]) {
        if manual.is_empty() {
            return;
        }
        self.gap();
        self.lines.push(Line::of(Paint::Strong, "To be done by a person"));
        for item in manual {
            self.lines.extend(manual_lines(item, self.layout.width));
        }
    }

    fn untrusted(&mut self, untrusted: &[Untrusted]) {
        if untrusted.is_empty() {
            return;
        }
        self.gap();
        self.lines.push(Line::of(Paint::Strong, "Not trusted"));
        for item in untrusted {
            let line = Line::new().plain(subject(&item.address)).with(Paint::Dim, ": ").plain(clean(&item.why));
            self.wrap(&line, &Line::of(Paint::Changed, "! "), &Line::new().plain("  "));
        }
    }

    fn undetected(&mut self, undetected: &[Undetected]) {
        if undetected.is_empty() {
            return;
        }
        self.gap();
        self.lines.push(Line::of(Paint::Strong, "Not everything could be looked at"));
        let shown = if self.layout.verbose { undetected.len() } else { SHOWN_UNDETECTED };
        for item in undetected.iter().take(shown) {
            let line = Line::new().plain(subject(&item.address)).with(Paint::Dim, ": ").plain(clean(&item.why));
            self.wrap(&line, &Line::of(Paint::Changed, "! "), &Line::new().plain("  "));
        }
        if undetected.len() > shown {
            self.lines.push(Line::of(Paint::Dim, format!("  … and {} more", undetected.len() - shown)));
        }
    }

    fn not_known(&mut self, plan: &Plan) {
        let lines = gap_lines(&gaps(plan), self.layout.width);
        if !lines.is_empty() {
            self.gap();
            self.lines.extend(lines);
        }
    }

    fn notes(&mut self, notes: &[Note]) {
        if !notes.is_empty() {
            self.gap();
            self.lines.push(Line::of(Paint::Strong, "Notes"));
        }
        for note in notes {
            let mut line = Line::new();
            if let Some(address) = &note.address {
                line = line.plain(subject(address)).with(Paint::Dim, ": ");
            }
            self.wrap(&line.plain(clean(&note.what)), &Line::of(Paint::Changed, "! "), &Line::new().plain("  "));
        }
    }

    fn unmanaged(&mut self, plan: &Plan) {
        if plan.unmanaged.is_empty() {
            return;
        }
        self.gap();
        self.left_alone("Unmanaged", &plan.unmanaged);
        let shown = if self.layout.verbose { plan.unmanaged_made_by.len() } else { SHOWN_UNMANAGED };
        for (address, made) in plan.unmanaged_made_by.iter().take(shown) {
            let line = Line::new().plain(subject(address)).with(Paint::Dim, ": ");
            let line = line.plain(maker(made, self.layout.verbose));
            self.wrap(&line, &Line::new().plain("  "), &Line::new().plain("    "));
        }
    }

    /// What is AWS Control Tower's, and what it makes of the plan.
    fn control_tower(&mut self, governed: Option<&Governed>) {
        let Some(Governed { items, notes }) = governed else { return };
        self.gap();
        match items.is_empty() {
            true => self.lines.push(Line::of(Paint::Strong, "AWS Control Tower")),
            false => self.left_alone("AWS Control Tower's", items),
        }
        for note in notes {
            let mut line = Line::new();
            if let Some(address) = &note.address {
                line = line.plain(subject(address)).with(Paint::Dim, ": ");
            }
            self.wrap(&line.plain(clean(&note.what)), &Line::of(Paint::Changed, "! "), &Line::new().plain("  "));
        }
    }

    fn left_alone(&mut self, whose: &str, items: &[Address]) {
        let shown = if self.layout.verbose { items.len() } else { SHOWN_UNMANAGED };
        let names: Vec<String> = items.iter().take(shown).map(subject).collect();
        let more = items.len().saturating_sub(shown);
        let more = if more > 0 { format!(" … and {more} more") } else { String::new() };
        let line = Line::of(Paint::Strong, format!("{whose}: {}", items.len()))
            .with(Paint::Dim, format!(", left alone: {}{more}", names.join(", ")));
        self.wrap(&line, &Line::new(), &Line::new().plain("  "));
    }

    fn ending(&mut self, plan: &Plan, next: Option<&str>) {
        self.gap();
        let verdict = if plan.agrees() { self.wording.agreement(plan) } else { self.wording.summary(plan) };
        self.wrap(&verdict, &Line::new(), &Line::new().plain("  "));
        if let Some(unchecked) = unchecked(plan) {
            self.wrap(&Line::of(Paint::Dim, unchecked), &Line::new(), &Line::new().plain("  "));
        }
        if plan.agrees() {
            return;
        }
        if let Some(line) = destruction(plan, next) {
            self.wrap(&line, &Line::new(), &Line::new().plain("  "));
        }
        if let Some(next) = next {
            self.lines.push(Line::of(Paint::Dim, "Next: ").with(Paint::Link, next));
        }
    }
}

/// What is not made without permission.
fn destruction(plan: &Plan, next: Option<&str>) -> Option<Line> {
    let destroyed = plan.changes.iter().filter(|change| change.risk.needs_permission()).count();
    let what = Line::of(Paint::Danger, count(destroyed, "change destroys", "changes destroy"));
    (destroyed > 0).then(|| match next {
        Some(next) if next.contains(ALLOW_DESTROY) => what.plain(format!(" resources: {ALLOW_DESTROY} permits it.")),
        _ => what.plain(format!(" resources: apply makes them only with {ALLOW_DESTROY}.")),
    })
}

/// What waits for a person, with its link.
pub(super) fn manual_lines(item: &Manual, width: usize) -> Vec<Line> {
    let mut line = Line::new();
    if let Some(address) = &item.address {
        line = line.plain(subject(address)).with(Paint::Dim, ": ");
    }
    let line = line.plain(clean(&item.what));
    let mut lines = line.wrap(&Line::of(Paint::Changed, "! "), &Line::new().plain("  "), width);
    if let Some(link) = &item.link {
        lines.push(Line::new().plain("  ").with(Paint::Link, clean(link)));
    }
    lines
}

/// One resource's line: the mark, the branches of the tree up to it, its name.
struct Row<'p> {
    change: Option<&'p Change>,
    name: String,
    branches: String,
    /// The branches that go on beside what is said beneath it.
    below: String,
}

impl<'p> Row<'p> {
    fn in_group(change: &'p Change) -> Row<'p> {
        Row { change: Some(change), name: short_name(&change.address), branches: "  ".into(), below: "  ".into() }
    }

    /// Under its whole address: it stands beside the tree.
    fn waiting(change: &'p Change) -> Row<'p> {
        Row { name: subject(&change.address), ..Row::in_group(change) }
    }

    fn is_of(&self, address: &Address) -> bool {
        self.change.is_some_and(|change| change.address == *address)
    }

    fn width(&self) -> usize {
        self.branches.chars().count() + self.name.chars().count()
    }

    /// The line up to where the facts begin.
    fn head(&self, column: usize) -> Line {
        let mark = match self.change {
            Some(change) => Line::of(Paint::of_action(change.action), format!("{} ", change.action.glyph())),
            None => Line::new().plain("  "),
        };
        let name = if self.change.is_some() { Paint::Strong } else { Paint::Plain };
        let pad = " ".repeat(column.saturating_sub(self.width()) + GAP);
        mark.with(Paint::Dim, &self.branches).with(name, &self.name).plain(pad)
    }

    fn margin(&self) -> Line {
        Line::new().plain("  ").with(Paint::Dim, &self.below)
    }
}

/// The tree as rows, depth first.
fn flatten<'p>(nodes: &[Node<'p>], branches: &str, is_top: bool, rows: &mut Vec<Row<'p>>) {
    for (nth, node) in nodes.iter().enumerate() {
        let is_last = nth + 1 == nodes.len();
        let (own, further) = match (is_top, is_last) {
            (true, _) => ("", ""),
            (_, true) => ("└─ ", "   "),
            (_, false) => ("├─ ", "│  "),
        };
        let further = format!("{branches}{further}");
        let below = if node.children.is_empty() { further.clone() } else { format!("{further}│") };
        rows.push(Row {
            change: node.change,
            name: short_name(&node.address),
            branches: format!("{branches}{own}"),
            below,
        });
        flatten(&node.children, &further, false, rows);
    }
}

/// What there is to know of a change at a glance.
fn facts(change: &Change, wording: Wording) -> Line {
    let mut facts: Vec<(Paint, String)> = Vec::new();
    let words: Vec<String> = sort_word(change).into_iter().chain(wording.deed(change).map(str::to_owned)).collect();
    if !words.is_empty() {
        facts.push((Paint::Plain, words.join(" ")));
    }
    if let Some(reach) = reach(change) {
        facts.push((Paint::Plain, reach));
    }
    if change.risk != Risk::None {
        facts.push((Paint::of_risk(change.risk), change.risk.word().to_owned()));
    }
    if let Some(source) = &change.source {
        facts.push((Paint::Dim, clean(source)));
    }
    let mut line = Line::new();
    for (paint, fact) in facts {
        if !line.is_empty() {
            line = line.with(Paint::Dim, format!("{GLUE}· "));
        }
        line = line.with(paint, fact.replace(' ', &GLUE.to_string()));
    }
    line
}

/// What type of resource it is, where neither its name nor its group's title says so.
fn sort_word(change: &Change) -> Option<String> {
    change.kind_info().tells_noun.then(|| kind_word(change))
}

/// How many accounts it reaches, where that is not plain: what is in one account reaches that one.
pub(super) fn reach(change: &Change) -> Option<String> {
    let in_account = change.address.is_account()
        || !change.is_a(Role::Attachment) && change.parent.as_ref().is_some_and(Address::is_any_account);
    match change.reaches {
        _ if in_account => None,
        0 => Some("no account".into()),
        reaches => Some(count(reaches, "account", "accounts")),
    }
}
