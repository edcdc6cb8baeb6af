//! The rows of a plan: each change, or what stands for several, with what is written beside and beneath it.

use std::borrow::Cow;

use super::alike::{apart, label, places};
use super::clean::{GLUE, clean};
use super::fold::Alike;
use super::line::Line;
use super::naming::{kind_word, short_name, subject};
use super::paint::Paint;
use super::resources::number_of;
use super::sentence::{count, listed, plural};
use super::tree::Node;
use super::wording::Wording;
use crate::kinds::OfKind;
use crate::model::{Action, Address, Change, Risk, Role};

/// Columns between a name and what stands beside it.
const GAP: usize = 2;
/// With less room than this beside it, what belongs to a name stands beneath it.
const LEAST_ROOM: usize = 24;
/// How far that is indented.
const INDENT: usize = 4;
/// Regions are named while they are no more.
const NAMED_REGIONS: usize = 3;
/// Rows that say the same are one from so many on.
const SAME: usize = 3;

/// One row: the mark, the branches of the tree up to it, its name, and facts beside it.
#[derive(Clone, Debug)]
pub(super) struct Row<'p> {
    pub mark: Option<Action>,
    pub name: String,
    branches: String,
    /// The branches that go on beside what is written beneath it.
    below: String,
    facts: Line,
    /// The same without the place in the blueprint.
    same: Line,
    /// What the details are of.
    pub change: Option<Cow<'p, Change>>,
    /// Written beneath it in place of details.
    pub beneath: Option<Line>,
    /// Whether facts follow the name at once: it is a list of names.
    is_list: bool,
    /// Whether the place in the blueprint is written even where the line has no room for it.
    pub is_whole: bool,
}

impl<'p> Row<'p> {
    /// A row with nothing but its name, at the margin.
    fn named(name: String) -> Row<'p> {
        Row {
            mark: None,
            name,
            branches: String::new(),
            below: String::new(),
            facts: Line::new(),
            same: Line::new(),
            change: None,
            beneath: None,
            is_list: false,
            is_whole: false,
        }
    }

    /// A row of a list beside the tree.
    fn in_list(action: Action, name: String) -> Row<'p> {
        Row { mark: Some(action), branches: "  ".into(), below: "  ".into(), ..Row::named(name) }
    }

    /// A change beside the tree.
    pub fn in_group(change: &'p Change, wording: Wording) -> Row<'p> {
        Row {
            facts: facts(change, wording, true),
            same: facts(change, wording, false),
            change: Some(Cow::Borrowed(change)),
            ..Row::in_list(change.action, short_name(&change.address))
        }
    }

    /// Under its whole address; what it is like is reported where it is made.
    pub fn waiting(change: &'p Change, wording: Wording, verbose: bool) -> Row<'p> {
        let row = Row { name: subject(&change.address), ..Row::in_group(change, wording) };
        if verbose {
            return row;
        }
        let noun = Line::new().plain(clean(&kind_word(change)).replace(' ', &GLUE.to_string()));
        Row { facts: noun.clone(), same: noun, change: None, ..row }
    }

    /// With how many resources a new stack has, where what they are is not written beneath it.
    pub fn counted(mut self) -> Row<'p> {
        if let Some(number) = self.change.as_ref().and_then(|change| number_of(&change.fields)) {
            self.add(Line::new().plain(count(number, "resource", "resources").replace(' ', &GLUE.to_string())));
        }
        self
    }

    /// Adds a fact before the place in the blueprint.
    fn add(&mut self, fact: Line) {
        let (same, dot) = (std::mem::take(&mut self.same), Line::of(Paint::Dim, format!("{GLUE}· ")));
        let source = self.facts.without(&same);
        self.same = if same.is_empty() { fact } else { same.join(dot).join(fact) };
        self.facts = self.same.clone().join(source);
    }

    /// Takes what would be written beneath beside it, if there is room on the line.
    pub fn takes_beside(&mut self, detail: &Line, column: usize, width: usize) -> bool {
        let used = 2 + column.max(self.width()) + GAP + self.same.width();
        let has_room = used + 3 + detail.width() <= width;
        if has_room {
            self.add(detail.clone());
        }
        has_room
    }

    /// What is the same in several places, or what is only adopted.
    pub fn alike(alike: &Alike<'p>, wording: Wording) -> Row<'p> {
        let (generic, aparts) = (&alike.generic, &alike.aparts);
        let number = alike.changes.len();
        let is_placed = aparts.iter().any(|apart| apart.place.is_some());
        let (name, place, beneath) = match aparts.first() {
            Some(first) if is_placed => (label(generic, first), Some(format!("in {}", places(aparts.iter()))), None),
            _ => {
                let names: Vec<String> = alike.changes.iter().map(|change| short_name(&change.address)).collect();
                let noun = clean(&plural(&kind_word(generic)));
                (format!("{number} {noun}"), None, Some(Line::new().plain(listed(&names))))
            }
        };
        let source = alike.changes.iter().all(|change| change.source == generic.source);
        let same = with_facts(place.clone(), generic, wording, false);
        let facts = with_facts(place, generic, wording, source);
        let change = Some(Cow::Owned(generic.clone()));
        Row { same, facts, change, beneath, ..Row::in_list(generic.action, name) }
    }

    pub fn width(&self) -> usize {
        self.branches.chars().count() + self.name.chars().count()
    }

    pub fn facts_width(&self) -> usize {
        self.facts.width()
    }

    /// What stands before whatever is written beneath the row.
    pub fn margin(&self) -> Line {
        Line::new().plain("  ").with(Paint::Dim, &self.below)
    }

    /// The row, its facts from `column` on where there is room for them.
    pub fn lines(&self, column: usize, width: usize) -> Vec<Line> {
        let mark = match self.mark {
            Some(action) => Line::of(Paint::of_action(action), format!("{} ", action.glyph())),
            None => Line::new().plain("  "),
        };
        let branches = mark.with(Paint::Dim, &self.branches);
        let paint = if self.mark.is_some() { Paint::Strong } else { Paint::Plain };
        let name = Line::of(paint, &self.name);
        let indented = self.margin().plain(" ".repeat(INDENT));
        if self.is_list {
            let line = name.with(Paint::Dim, format!("{GLUE}· ")).join(self.facts.clone());
            return line.fill(&branches, &self.margin().plain("  "), width);
        }
        let pad = " ".repeat(column.saturating_sub(self.width()) + GAP);
        let beside = branches.clone().join(name.clone()).plain(pad);
        let is_tight = beside.width() + self.facts.width() > width;
        let facts = if is_tight && !self.is_whole { &self.same } else { &self.facts };
        if beside.width() + facts.first_word() <= width {
            let at = column.max(1) + GAP;
            let below = self.margin().plain(" ".repeat(at.saturating_sub(self.below.chars().count())));
            let below = if below.width() + LEAST_ROOM > width { indented } else { below };
            return facts.fill(&beside, &below, width);
        }
        let mut lines = name.fill(&branches, &indented, width);
        if !facts.is_empty() {
            lines.extend(facts.fill(&indented, &indented, width));
        }
        lines
    }
}

/// The tree as rows, depth first.
pub(super) fn flatten<'p>(nodes: &[Node<'p>], branches: &str, is_top: bool, wording: Wording, rows: &mut Vec<Row<'p>>) {
    for (nth, node) in nodes.iter().enumerate() {
        let is_last = nth + 1 == nodes.len();
        let (own, further) = match (is_top, is_last) {
            (true, _) => ("", ""),
            (_, true) => ("└─ ", "   "),
            (_, false) => ("├─ ", "│  "),
        };
        let further = format!("{branches}{further}");
        let below = if node.children.is_empty() { further.clone() } else { format!("{further}│") };
        rows.push(Row { branches: format!("{branches}{own}"), below, ..of_node(node, &nodes[..nth], wording) });
        flatten(&node.children, &further, false, wording, rows);
    }
}

fn of_node<'p>(node: &Node<'p>, before: &[Node<'p>], wording: Wording) -> Row<'p> {
    let mut row = match node.change {
        Some(change) => Row::in_group(change, wording),
        // A place whose own change, if any, is not here.
        None => Row::named(short_name(&node.address)),
    };
    if let Some(hidden) = &node.hidden {
        let kind = |node: &Node<'_>| node.change.map(|change| change.kind.clone());
        let is_more = before.iter().any(|other| kind(other) == kind(node));
        row.name = hidden.text(is_more);
        row.facts = match is_more {
            true => Line::of(Paint::Dim, "(-v)"),
            false => Line::of(Paint::Dim, format!("{} (-v)", listed_few(&hidden.names))),
        };
        row.same = row.facts.clone();
        row.change = None;
    } else if !node.also.is_empty() {
        row.name = in_regions(node);
    }
    row
}

/// So many names of what is folded are written out.
const NAMED: usize = 3;

fn listed_few(names: &[String]) -> String {
    let names: Vec<String> = names.iter().take(NAMED).map(|name| clean(name)).collect();
    format!("{} …", names.join(", "))
}

/// `config-recorder in eu-west-1, us-east-1`.
fn in_regions(node: &Node<'_>) -> String {
    let own = short_name(&node.address);
    let all: Vec<String> = node.change.iter().chain(&node.also).filter_map(|change| apart(change).region).collect();
    let regions = if all.len() > NAMED_REGIONS { count(all.len(), "region", "regions") } else { all.join(", ") };
    match all.first() {
        Some(first) => own.replace(first.as_str(), &clean(&regions)),
        None => own,
    }
}

/// Rows without details that say the same, as one with all names.
pub(super) fn gathered<'p>(rows: Vec<Row<'p>>, has_details: impl Fn(&Row<'p>) -> bool) -> Vec<Row<'p>> {
    let mut gathered: Vec<(Row<'p>, Vec<Row<'p>>)> = Vec::new();
    for row in rows {
        let is_same = |first: &Row<'p>| first.mark == row.mark && first.same == row.same && !has_details(first);
        match gathered.iter_mut().find(|(first, _)| is_same(first) && !has_details(&row)) {
            Some((_, more)) => more.push(row),
            None => gathered.push((row, Vec::new())),
        }
    }
    let one = |(first, more): (Row<'p>, Vec<Row<'p>>)| {
        if more.len() + 1 < SAME {
            return std::iter::once(first).chain(more).collect::<Vec<_>>();
        }
        let names: Vec<&str> = std::iter::once(&first).chain(&more).map(|row| row.name.as_str()).collect();
        vec![Row { name: names.join(", "), facts: first.same.clone(), change: None, is_list: true, ..first.clone() }]
    };
    gathered.into_iter().flat_map(one).collect()
}

/// What there is to know of a change at a glance.
fn facts(change: &Change, wording: Wording, with_source: bool) -> Line {
    let place = sort_word(change).into_iter().chain(wording.deed(change).map(str::to_owned)).collect::<Vec<_>>();
    let words = (!place.is_empty()).then(|| place.join(" "));
    line_of(words.into_iter().chain(reach(change)), change, with_source)
}

/// The same of what stands for several: where it is takes the place of what it is.
fn with_facts(place: Option<String>, change: &Change, wording: Wording, with_source: bool) -> Line {
    let deed = wording.deed(change).map(str::to_owned);
    line_of(place.into_iter().chain(deed), change, with_source)
}

fn line_of(words: impl Iterator<Item = String>, change: &Change, with_source: bool) -> Line {
    let mut facts: Vec<(Paint, String)> = words.map(|word| (Paint::Plain, word)).collect();
    if change.risk != Risk::None {
        facts.push((Paint::of_risk(change.risk), change.risk.word().to_owned()));
    }
    if let Some(source) = change.source.as_ref().filter(|_| with_source) {
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

/// What sort of resource it is, where neither its name nor its group's title says so.
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
