//! A plan as people read it: the organization's tree is the spine.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::against::{gap_lines, gaps};
use super::author::{author, maker};
use super::clean::{GLUE, clean};
use super::common::Common;
use super::detail::Detail;
use super::fields::{Extent, facts, reason};
use super::fold::{alike, fold};
use super::line::{Line, text_of};
use super::naming::subject;
use super::paint::Paint;
use super::renamed::renamed;
pub(super) use super::rows::reach;
use super::rows::{Row, flatten, gathered};
use super::sentence::count;
use super::summary::{risk_summary, summary_lines};
use super::tree::arrange;
use super::wording::{Wording, targets, unchecked};
use crate::model::{
    Action, Address, Change, Desired, Governed, Manual, Note, Plan, Refusal, Risk, Undetected, Untrusted, Waiting,
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
/// A plan of more changes than this is shown briefly.
const MANY: usize = 40;
/// What waits is folded in so many accounts.
const SEVERAL: usize = 2;
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
    let mut page = Page::new(layout, wording);
    if !layout.verbose && wording == Wording::Plan {
        page.common = Common::of(&plan.changes);
        page.extent = if plan.changes.len() > MANY { Extent::Brief } else { Extent::Usual };
    }
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
    page.notes(&plan.notes.iter().cloned().chain(renamed(plan)).collect::<Vec<_>>());
    page.unmanaged(plan);
    page.ending(plan, next);
    text_of(&page.lines)
}

/// Only what is refused, with what to do about it.
pub fn refusals_text(refusals: &[Refusal], layout: Layout) -> String {
    let mut page = Page::new(layout, Wording::Plan);
    page.refusals(refusals);
    text_of(&page.lines)
}

struct Page {
    lines: Vec<Line>,
    layout: Layout,
    wording: Wording,
    /// What is written once of all new resources.
    common: Common,
    /// The reasons that are written already, by kind.
    reasons: BTreeSet<(String, String)>,
    extent: Extent,
}

impl Page {
    fn new(layout: Layout, wording: Wording) -> Page {
        let extent = if layout.verbose { Extent::Whole } else { Extent::Usual };
        Page { lines: Vec::new(), layout, wording, common: Common::default(), reasons: BTreeSet::new(), extent }
    }

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
        let legend = self.wording.legend().map(|legend| Line::of(Paint::Dim, legend));
        if let Some(legend) = legend.or_else(|| marks(plan)) {
            self.wrap(&legend, &Line::new(), &Line::new());
        }
    }

    fn changes(&mut self, plan: &Plan, desired: Option<&Desired>) {
        let shown = arrange(plan, desired);
        let shown = if self.layout.verbose { shown } else { fold(shown) };
        let mut rows = Vec::new();
        flatten(&shown.tree, "", true, self.wording, &mut rows);
        self.rows(rows);
        if !shown.alike.is_empty() {
            let rows: Vec<Row<'_>> = shown.alike.iter().map(|alike| Row::alike(alike, self.wording)).collect();
            self.group("The same in several places", rows);
        }
        for group in shown.groups {
            let rows = group.changes.iter().map(|change| Row::in_group(change, self.wording)).collect();
            let rows = if self.layout.verbose { rows } else { gathered(rows, |row| self.has_details(row)) };
            self.group(&clean(&group.title), rows);
        }
        let folded =
            (self.extent == Extent::Brief).then_some("What is alike is folded: -v shows every change and every value.");
        let sentences: Vec<String> = self.common.sentence().into_iter().chain(folded.map(str::to_owned)).collect();
        if !sentences.is_empty() {
            self.gap();
            self.wrap(&Line::of(Paint::Dim, sentences.join(" ")), &Line::new().plain("  "), &Line::new().plain("  "));
        }
    }

    fn has_details(&self, row: &Row<'_>) -> bool {
        row.change.as_ref().is_some_and(|change| !facts(&self.common.taken_from(change), self.extent).is_empty())
    }

    /// What is made once nothing is waited for any more, by what that is. Where that is the resource itself and nothing else
    /// waits for it, the manual steps say what to do.
    fn waiting(&mut self, waiting: &[Waiting]) {
        let mut held: BTreeMap<&Address, Vec<&Change>> = BTreeMap::new();
        for Waiting { change, waits_for } in waiting {
            held.entry(waits_for).or_default().push(change);
        }
        let is_alone = |cause: &Address, changes: &[&Change]| changes.len() == 1 && changes[0].address == *cause;
        let (alone, held): (Vec<_>, Vec<_>) = held.into_iter().partition(|(cause, changes)| is_alone(cause, changes));
        for (cause, changes) in held {
            self.waiting_for(&subject(cause), &changes);
        }
        let alone: Vec<&Change> = alone.into_iter().flat_map(|(_, changes)| changes).collect();
        if !alone.is_empty() {
            self.waiting_for("a manual step", &alone);
        }
    }

    /// What is alike in several accounts is one row; what each of them is like, only `-v` shows.
    fn waiting_for(&mut self, cause: &str, changes: &[&Change]) {
        let alike = if self.layout.verbose { Vec::new() } else { alike(changes, SEVERAL) };
        let folded: BTreeSet<&Address> = alike.iter().flat_map(|it| &it.changes).map(|it| &it.address).collect();
        let single = changes.iter().filter(|change| !folded.contains(&change.address));
        let mut rows: Vec<Row<'_>> = alike.iter().map(|alike| Row::alike(alike, self.wording)).collect();
        let verbose = self.layout.verbose;
        rows.extend(single.map(|change| Row::waiting(change, self.wording, verbose)));
        if !verbose {
            rows.iter_mut().for_each(|row| row.change = None);
            rows = gathered(rows, |_| false);
        }
        self.group(&format!("Waiting for {cause}"), rows);
    }

    fn group(&mut self, title: &str, rows: Vec<Row<'_>>) {
        self.gap();
        self.lines.push(Line::new().plain("  ").with(Paint::Strong, title));
        self.list(rows);
    }

    fn rows(&mut self, rows: Vec<Row<'_>>) {
        if !rows.is_empty() {
            self.gap();
            self.list(rows);
        }
    }

    fn list(&mut self, rows: Vec<Row<'_>>) {
        let mut rows = rows;
        for row in &mut rows {
            row.is_whole = self.layout.verbose;
            if self.extent == Extent::Brief {
                *row = row.clone().counted();
            }
        }
        let widest = rows.iter().filter(|row| row.mark.is_some()).map(Row::width).filter(|width| *width <= WIDEST_NAME);
        let column = widest.max().unwrap_or(0);
        for mut row in rows {
            let mut details = self.beneath(&row);
            if let ([only], Extent::Brief) = (details.as_slice(), self.extent)
                && row.takes_beside(&only.line, column, self.layout.width)
            {
                details.clear();
            }
            // Better out of line than on two lines.
            let room = self.layout.width.saturating_sub(MARGIN + GAP + row.facts_width());
            let column = column.min(room).max(row.width().min(column));
            self.lines.extend(row.lines(column, self.layout.width));
            details.iter().for_each(|detail| self.detail(detail, &row.margin()));
        }
    }

    /// What is written beneath a row: why, in which fields, by whom.
    fn beneath(&mut self, row: &Row<'_>) -> Vec<Detail> {
        let verbose = self.layout.verbose;
        let Some(change) = &row.change else { return Vec::new() };
        let mut details = Vec::new();
        if verbose || self.wording.tells_details(change) {
            let reason = reason(change).filter(|reason| self.is_worth_saying(change, reason));
            details.extend(reason.map(|reason| Detail::new(0, Line::of(Paint::Dim, clean(reason)))));
            let own = if verbose { Cow::Borrowed(change.as_ref()) } else { Cow::Owned(self.common.taken_from(change)) };
            details.extend(facts(&own, self.extent));
        }
        details.extend(row.beneath.clone().map(|line| Detail::new(0, line)));
        details.extend(author(change, verbose));
        details
    }

    /// The summary names the reason of what is a risk; any other is written once.
    fn is_worth_saying(&mut self, change: &Change, reason: &str) -> bool {
        let is_summed_up = self.wording == Wording::Plan && change.risk != Risk::None;
        self.layout.verbose
            || self.wording == Wording::Drift
            || !is_summed_up && self.reasons.insert((change.kind.clone(), reason.to_owned()))
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

/// What the marks mean that occur: `+ create  - delete`.
fn marks(plan: &Plan) -> Option<Line> {
    let all = [Action::Create, Action::Update, Action::Move, Action::Adopt, Action::Delete];
    let changes = || plan.changes.iter().chain(plan.waiting.iter().map(|waiting| &waiting.change));
    let mut line = Line::new();
    for action in all.into_iter().filter(|action| changes().any(|change| change.action == *action)) {
        let gap = if line.is_empty() { "" } else { "\u{a0}\u{a0} " };
        line = line.plain(gap).with(Paint::of_action(action), format!("{}{GLUE}", action.glyph()));
        line = line.with(Paint::Dim, action.verb());
    }
    (!line.is_empty()).then_some(line)
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
