//! The picture as a plain tree of boxes, for programs that lay it out by themselves.

use super::holding::{Holding, Sort};
use super::mark::mark_word;
use super::picture::{Picture, Place};
use crate::model::Action;

/// What is drawn as one box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Organization,
    Management,
    Unit,
    Account,
    /// Several accounts of a unit, by their names.
    Accounts,
}

/// A box of the tree.
#[derive(Debug)]
pub(super) struct Node {
    /// The place of the box above it.
    pub above: Option<usize>,
    pub shape: Shape,
    pub name: String,
    /// What is written below its name.
    pub lines: Vec<String>,
    pub is_marked: bool,
}

/// Up to so many accounts each have a box of their own. Renderers refuse trees of many hundred boxes.
/// <https://mermaid.js.org/config/schema-docs/config.html#maxedges>
const MOST_ACCOUNTS: usize = 60;
/// Names of accounts in one box.
const MOST_NAMES: usize = 8;
/// Resources of one sort that are named in one box.
const MOST_HELD: usize = 12;

/// The boxes, each after the one that it hangs on.
pub(super) fn outline(picture: &Picture) -> Vec<Node> {
    let organization = Node {
        above: None,
        shape: Shape::Organization,
        name: picture.title.clone(),
        lines: vec![picture.view.words().to_owned()],
        is_marked: false,
    };
    let mut nodes = vec![organization];
    nodes.push(node(&picture.management, Shape::Management, 0));
    let alone = picture.root.all_accounts() <= MOST_ACCOUNTS;
    grow(&picture.root, 0, alone, &mut nodes);
    nodes
}

fn grow(unit: &Place, above: usize, alone: bool, nodes: &mut Vec<Node>) {
    let at = nodes.len();
    nodes.push(node(unit, Shape::Unit, above));
    let (own, together): (Vec<&Place>, Vec<&Place>) =
        unit.accounts.iter().partition(|account| alone && account.is_special());
    nodes.extend(own.into_iter().map(|account| node(account, Shape::Account, at)));
    match together.as_slice() {
        [] => {}
        [account] => nodes.push(node(account, Shape::Account, at)),
        several => nodes.push(accounts(several, at)),
    }
    for child in &unit.units {
        grow(child, at, alone, nodes);
    }
}

fn node(place: &Place, shape: Shape, above: usize) -> Node {
    let mut lines: Vec<String> = place.mark.map(|mark| format!("({})", mark_word(mark))).into_iter().collect();
    lines.extend(place.id.clone());
    if shape == Shape::Management {
        lines.push("no SCP or RCP binds it".to_owned());
    }
    lines.extend(Sort::ALL.into_iter().filter_map(|sort| line(sort, &place.holds)));
    Node { above: Some(above), shape, name: place.name.clone(), lines, is_marked: place.mark.is_some() }
}

fn accounts(several: &[&Place], above: usize) -> Node {
    let mut lines: Vec<String> = several.iter().take(MOST_NAMES).map(|account| account.name.clone()).collect();
    if several.len() > MOST_NAMES {
        lines.push(format!("… and {} more", several.len() - MOST_NAMES));
    }
    let is_marked = several.iter().any(|account| account.mark.is_some());
    Node { above: Some(above), shape: Shape::Accounts, name: format!("{} accounts", several.len()), lines, is_marked }
}

/// `Stops: no-leaving, +trail-stays, … and 3 more`
fn line(sort: Sort, holds: &[Holding]) -> Option<String> {
    let of_sort: Vec<&Holding> = holds.iter().filter(|holding| holding.sort == sort).collect();
    let signed = |holding: &&Holding| match holding.mark {
        None => holding.text(),
        Some(Action::Create) => format!("+{}", holding.text()),
        Some(_) => format!("~{}", holding.text()),
    };
    let mut names: Vec<String> = of_sort.iter().take(MOST_HELD).map(signed).collect();
    if of_sort.len() > MOST_HELD {
        names.push(format!("… and {} more", of_sort.len() - MOST_HELD));
    }
    let between = if sort == Sort::People { "; " } else { ", " };
    (!names.is_empty()).then(|| format!("{}: {}", sort.label(), names.join(between)))
}

/// A line in pieces of about `columns` characters, broken at spaces.
pub(super) fn folded(line: &str, columns: usize) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for word in line.split(' ') {
        match pieces.last_mut() {
            Some(piece) if piece.chars().count() + word.chars().count() < columns => {
                piece.push(' ');
                piece.push_str(word);
            }
            _ => pieces.push(word.to_owned()),
        }
    }
    pieces
}
