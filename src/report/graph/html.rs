//! The picture as an interactive page: every unit and every account, what holds there and where it comes from.

use super::holding::{Holding, Sort};
use super::mark::mark_word;
use super::picture::{Picture, Place};
use crate::model::{Action, Address};
use crate::report::document::Document;
use crate::report::xml::escape;

const STYLE: &str = include_str!("html/style.css");
/// Finds places by words; without it the page shows everything.
const SEARCH: &str = include_str!("html/search.js");

/// Units with more accounts than this are collapsed at first.
const MOST_OPEN: usize = 20;
/// In an organization with more accounts than this every unit below the root is collapsed at first, so that the page begins with
/// an overview.
const MOST_AT_FIRST: usize = 300;

/// Writes it as one file that fetches nothing.
#[must_use]
pub fn graph_html(picture: &Picture) -> String {
    let is_large = picture.root.all_accounts() > MOST_AT_FIRST;
    let root = Path { place: &picture.root, above: None, is_large };
    let marks = if picture.is_marked() { "<p><ins>+ new</ins> <ins>~ changes</ins></p>\n" } else { "" };
    let body = format!(
        "<h1>{} <small>{}</small></h1>\n<p>{}.</p>\n{marks}<p class=\"find\"><input type=\"search\" placeholder=\"Find units, \
         accounts, guardrails, people …\" aria-label=\"Find\"> <output role=\"status\"></output></p>\n<main>\n{}{}</main>\n",
        escape(&picture.title),
        picture.view.words(),
        escape(&picture.summary()),
        management(picture),
        unit(&root),
    );
    Document { title: &picture.title, style: STYLE, script: SEARCH, body: &body }.to_html()
}

/// A place with what it lies in.
struct Path<'p> {
    place: &'p Place,
    above: Option<&'p Path<'p>>,
    /// Whether the organization is too large to begin with every unit open.
    is_large: bool,
}

impl<'p> Path<'p> {
    fn below(&'p self, place: &'p Place) -> Path<'p> {
        Path { place, above: Some(self), is_large: self.is_large }
    }

    /// From the nearest to the root.
    fn all_above(&self) -> Vec<&'p Place> {
        let mut places = Vec::new();
        let mut at = self.above;
        while let Some(path) = at {
            places.push(path.place);
            at = path.above;
        }
        places
    }
}

fn management(picture: &Picture) -> String {
    let place = &picture.management;
    let binds: Vec<&Holding> = picture.root.holds.iter().filter(|holding| holding.binds_management).collect();
    format!(
        "<details class=\"place management\" open>\n<summary>{} <small>the management account: no service or resource control \
         policy binds it</small></summary>\n{}{}</details>\n",
        name(place),
        own(&place.holds),
        above(&inherited(&picture.root, &binds), true),
    )
}

fn unit(path: &Path<'_>) -> String {
    let place = path.place;
    let accounts = match place.all_accounts() {
        1 => "1 account".to_owned(),
        number => format!("{number} accounts"),
    };
    let accounts_open = open(!path.is_large && place.accounts.len() <= MOST_OPEN);
    let mut text = format!(
        "<details class=\"place unit\" id=\"{}\"{}>\n<summary>{} <small>{accounts}</small></summary>\n{}{}",
        anchor(&place.address),
        open(!path.is_large || path.above.is_none()),
        name(place),
        own(&place.holds),
        above(&from_above(path), false),
    );
    if !place.accounts.is_empty() {
        text += &format!(
            "<details class=\"accounts\"{accounts_open}>\n<summary>{}</summary>\n",
            here(place.accounts.len())
        );
        let below = place.accounts.iter().map(|account| self::account(&path.below(account)));
        text += &below.collect::<String>();
        text += "</details>\n";
    }
    let below = place.units.iter().map(|child| unit(&path.below(child)));
    text + &below.collect::<String>() + "</details>\n"
}

/// The attribute of what is open at first.
fn open(is_open: bool) -> &'static str {
    if is_open { " open" } else { "" }
}

fn here(accounts: usize) -> String {
    if accounts == 1 { "1 account here".to_owned() } else { format!("{accounts} accounts here") }
}

fn account(path: &Path<'_>) -> String {
    format!(
        "<details class=\"place account\">\n<summary>{}</summary>\n{}{}</details>\n",
        name(path.place),
        own(&path.place.holds),
        above(&from_above(path), true),
    )
}

fn name(place: &Place) -> String {
    let id = place.id.iter().map(|id| format!(" <code>{}</code>", escape(id))).collect::<String>();
    let mark = place.mark.map(|mark| format!(" <ins>{}</ins>", mark_word(mark))).unwrap_or_default();
    format!("<b>{}</b>{id}{mark}", escape(&place.name))
}

/// What links lead to: an address without what means something in links.
fn anchor(address: &Address) -> String {
    let as_is = |c: char| c.is_alphanumeric() || "/-_.".contains(c);
    address.as_str().chars().map(|c| if as_is(c) { c.to_string() } else { format!(":{:X}", u32::from(c)) }).collect()
}

/// What is said of the place itself, each with all that is known of it.
fn own(holds: &[Holding]) -> String {
    let rows = Sort::ALL.into_iter().filter_map(|sort| {
        let of_sort: Vec<String> = holds.iter().filter(|holding| holding.sort == sort).map(item).collect();
        let (class, label) = (sort.class(), sort.label());
        (!of_sort.is_empty()).then(|| format!("<dt class=\"{class}\">{label}</dt><dd>{}</dd>\n", of_sort.join(" · ")))
    });
    let rows: String = rows.collect();
    if rows.is_empty() { rows } else { format!("<dl>\n{rows}</dl>\n") }
}

fn item(holding: &Holding) -> String {
    let (text, whole) = (escape(&holding.text()), escape(&holding.whole()));
    match holding.mark {
        None => format!("<span title=\"{whole}\">{text}</span>"),
        Some(Action::Create) => format!("<ins title=\"{whole}\">+{text}</ins>"),
        Some(_) => format!("<ins title=\"{whole}\">~{text}</ins>"),
    }
}

/// What comes from above, folded where it would be said again and again.
fn above(text: &str, is_open: bool) -> String {
    if text.is_empty() {
        return String::new();
    }
    let open = open(is_open);
    format!("<details class=\"above\"{open}>\n<summary>from above</summary>\n{text}</details>\n")
}

/// What holds because of where the place is, by where it is said.
fn from_above(path: &Path<'_>) -> String {
    path.all_above().into_iter().map(|place| inherited(place, &place.holds.iter().collect::<Vec<_>>())).collect()
}

fn inherited(from: &Place, holds: &[&Holding]) -> String {
    if holds.is_empty() {
        return String::new();
    }
    let names: Vec<String> = holds.iter().map(|holding| escape(&holding.text())).collect();
    format!(
        "<p class=\"inherited\"><a href=\"#{}\">{}</a>: {}</p>\n",
        anchor(&from.address),
        escape(&from.name),
        names.join(" · "),
    )
}
