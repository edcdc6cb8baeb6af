//! A plan as people read it: the organization's tree is the spine.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::author::author;
use super::clean::{GLUE, clean};
use super::common::Common;
use super::detail::Detail;
use super::fields::{Extent, facts, reason};
use super::fold::{alike, fold};
use super::line::{Line, text_of};
use super::naming::subject;
use super::paint::Paint;
use super::renamed::renamed;
use super::rows::{Row, flatten, gathered};
use super::summary::{risk_summary, summary_lines};
use super::tree::arrange;
use super::wording::{Wording, targets};
use crate::model::{Action, Address, Change, Desired, Plan, Refusal, Risk, Waiting};
pub(super) use notices::manual_lines;

mod notices;

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
/// Columns of the mark before each row.
const MARGIN: usize = 2;
/// Columns between a name and what stands beside it.
const GAP: usize = 2;
/// A plan of more changes than this is shown briefly.
const MANY: usize = 40;
/// What waits is folded in so many accounts.
const SEVERAL: usize = 2;

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
        if verbose || self.wording.shows_details(change) {
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
