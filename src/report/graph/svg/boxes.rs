//! Boxes in boxes: where each goes, and what is written in it.

use super::icons::icon;
use super::lines::paragraphs;
use super::measure::{fit, width};
use super::spot::{Drawn, GAP, Spot};
use crate::report::graph::mark::mark_word;
use crate::report::graph::picture::Place;
use crate::report::xml::escape;

/// Narrower ones would break most names.
const ACCOUNT_WIDTH: u32 = 205;
const UNIT_WIDTH: u32 = 280;
/// With more accounts in the organization than this, fewer of each unit are shown.
const CROWD: usize = 60;
/// Lines of one paragraph.
const MOST_LINES: usize = 8;
const HEAD: u32 = 24;
/// Names are of 13 pixels and heavy.
const NAME_SIZE: u32 = 15;

/// How deep in the tree a unit is, and how many accounts of each unit there is room for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level {
    depth: usize,
    /// So many accounts of a unit are shown at most.
    most: usize,
    /// Where there are more, so many of them.
    first: usize,
}

impl Level {
    /// That of the root of an organization with so many accounts.
    pub fn of_root(accounts: usize) -> Level {
        let (most, first) = if accounts > CROWD { (5, 4) } else { (12, 8) };
        Level { depth: 0, most, first }
    }

    fn below(self) -> Level {
        Level { depth: self.depth + 1, ..self }
    }
}

/// The account that stands beside the tree.
pub(super) fn management(place: &Place, spot: Spot) -> Drawn {
    let note = "no service or resource control policy binds it";
    let note = if place.id.is_some() { format!("management account: {note}") } else { note.to_owned() };
    let head = Head { icon: "account", id: place.id.as_deref(), note };
    boxed(place, head, "management", spot, |inner| paragraphs(&place.holds, inner, MOST_LINES), None)
}

/// A unit or the root, and all that is in it.
pub(super) fn unit(place: &Place, spot: Spot, level: Level) -> Drawn {
    let class = ["root", "unit1", "unit2", "unit3"][level.depth.min(3)];
    let note = match (place.all_accounts(), place.all_units()) {
        (0, 0) => "empty".to_owned(),
        (0, _) => String::new(),
        (1, _) => "1 account".to_owned(),
        (number, _) => format!("{number} accounts"),
    };
    let head = Head { icon: "unit", id: None, note };
    let inside = |inner: Spot| {
        let mut drawn = paragraphs(&place.holds, inner, MOST_LINES);
        for part in [accounts, units] {
            let gap = if drawn.height > 0 { GAP / 2 } else { 0 };
            let part = part(place, inner.down(drawn.height + gap), level);
            if part.height > 0 {
                drawn.height += gap;
                drawn.below(part);
            }
        }
        drawn
    };
    boxed(place, head, class, spot, inside, None)
}

fn accounts(place: &Place, spot: Spot, level: Level) -> Drawn {
    let all = place.accounts.len();
    let shown = place.first_accounts(if all > level.most { level.first } else { all });
    let columns = spot.columns(ACCOUNT_WIDTH, shown.len());
    let mut drawn = Drawn::default();
    for row in shown.chunks(columns) {
        let at = spot.down(drawn.height);
        let height = |least| {
            let cards = row.iter().enumerate().map(|(nth, it)| account(it, at.column(nth, columns), least));
            cards.collect::<Vec<_>>()
        };
        // All of a row are as high as the highest.
        let highest = height(None).iter().map(|card| card.height).max();
        drawn.svg += &height(highest).into_iter().map(|card| card.svg).collect::<String>();
        drawn.height += highest.unwrap_or_default() + GAP / 2;
    }
    drawn.height = drawn.height.saturating_sub(GAP / 2);
    if all > shown.len() {
        let text = format!("… and {} more accounts", all - shown.len());
        let y = spot.y + drawn.height + 18;
        drawn.svg += &format!("<text class=\"quiet\" x=\"{}\" y=\"{y}\">{text}</text>\n", spot.x);
        drawn.height += 24;
    }
    drawn
}

fn account(place: &Place, spot: Spot, height: Option<u32>) -> Drawn {
    let head = Head { icon: "account", id: place.id.as_deref(), note: String::new() };
    boxed(place, head, "account", spot, |inner| paragraphs(&place.holds, inner, MOST_LINES), height)
}

/// Units without units in them stand in columns, the others have the whole width.
fn units(place: &Place, spot: Spot, level: Level) -> Drawn {
    let mut drawn = Drawn::default();
    for band in place.units.chunk_by(|one, next| one.units.is_empty() && next.units.is_empty()) {
        let columns = match band {
            [single] if !single.units.is_empty() => 1,
            band => spot.columns(UNIT_WIDTH, band.len()),
        };
        let mut heights = vec![0; columns];
        for child in band {
            let shortest = (0..columns).min_by_key(|nth| heights[*nth]).unwrap_or_default();
            let at = spot.down(drawn.height + heights[shortest]).column(shortest, columns);
            let child = unit(child, at, level.below());
            heights[shortest] += child.height + GAP;
            drawn.svg += &child.svg;
        }
        drawn.height += heights.into_iter().max().unwrap_or_default();
    }
    drawn.height = drawn.height.saturating_sub(GAP);
    drawn
}

/// What stands in the first line of a box beside its name.
struct Head<'p> {
    icon: &'static str,
    id: Option<&'p str>,
    note: String,
}

/// A box around what `inside` draws, at least as high as `height` says.
fn boxed(
    place: &Place,
    head: Head<'_>,
    class: &str,
    spot: Spot,
    inside: impl FnOnce(Spot) -> Drawn,
    height: Option<u32>,
) -> Drawn {
    let inside = inside(spot.inner(HEAD + 6));
    let bottom = if inside.height > 0 { GAP - 2 } else { 2 };
    let height = height.unwrap_or(HEAD + 6 + inside.height + bottom);
    let Spot { x, y, width } = spot;
    let marked = if place.mark.is_some() { " marked" } else { "" };
    let mut svg = format!("<g>\n<title>{}</title>\n", escape(&reported(place)));
    svg += &format!(
        "<rect class=\"box {class}{marked}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"6\"/>\n"
    );
    svg += &headline(place, &head, spot);
    svg += &inside.svg;
    svg += "</g>\n";
    Drawn { svg, height }
}

fn headline(place: &Place, head: &Head<'_>, spot: Spot) -> String {
    let (x, y) = (spot.x + GAP, spot.y + 20);
    let badge = place.mark.map(mark_word);
    let badge_width = badge.map_or(0, |word| width(word, 10) + 12);
    let room = spot.width - 2 * GAP - 18 - badge_width - if badge.is_some() { 8 } else { 0 };
    let name = fit(&place.name, NAME_SIZE, room);
    let left = room.saturating_sub(width(&name, NAME_SIZE) + 8);
    let beside = [head.id.unwrap_or_default(), &head.note];
    let beside = beside.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ");
    let mut svg = icon(head.icon, x, spot.y + 9);
    svg += &format!("<text x=\"{}\" y=\"{y}\"><tspan class=\"name\">{}</tspan>", x + 18, escape(&name));
    if width(&beside, 11) <= left && !beside.is_empty() {
        svg += &format!("<tspan class=\"quiet\" dx=\"8\">{}</tspan>", escape(&beside));
    }
    svg += "</text>\n";
    if let Some(word) = badge {
        let at = spot.x + spot.width - GAP - badge_width;
        svg += &format!(
            "<rect class=\"badge\" x=\"{at}\" y=\"{}\" width=\"{badge_width}\" height=\"16\" rx=\"8\"/>\n<text \
             class=\"badge-text\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{word}</text>\n",
            spot.y + 8,
            at + badge_width / 2,
            spot.y + 20,
        );
    }
    svg
}

/// What is shown where the pointer rests: the whole name, and what holds here in full.
fn reported(place: &Place) -> String {
    let id = place.id.iter().map(|id| format!(" ({id})")).collect::<String>();
    let holds = place.holds.iter().map(|holding| format!("\n{}", holding.whole()));
    format!("{}{id}{}", place.name, holds.collect::<String>())
}
