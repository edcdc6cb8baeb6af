//! What holds at a place, as lines of text.

use super::icons::icon_of;
use super::measure::{fit, width};
use super::spot::{Drawn, Spot};
use crate::model::Action;
use crate::report::graph::holding::{Holding, Sort};
use crate::report::xml::escape;

const SIZE: u32 = 11;
const LINE: u32 = 15;
/// Where text begins beside a shape.
const INDENT: u32 = 18;

/// A piece of text that is not broken.
struct Word {
    text: String,
    class: Option<&'static str>,
}

/// A paragraph for each type of resource that holds, none with more than `most` lines.
pub(super) fn paragraphs(holds: &[Holding], spot: Spot, most: usize) -> Drawn {
    let mut drawn = Drawn::default();
    for sort in Sort::ALL {
        let of_sort: Vec<&Holding> = holds.iter().filter(|holding| holding.sort == sort).collect();
        if of_sort.is_empty() {
            continue;
        }
        let room = spot.width.saturating_sub(INDENT);
        let lines = shorten(broken(words(sort, &of_sort, room), room), most, of_sort.len());
        let y = spot.y + drawn.height;
        drawn.svg += &icon_of(sort, spot.x, y + 2);
        for (nth, line) in lines.iter().enumerate() {
            drawn.svg += &text(line, spot.x + INDENT, y + 11 + LINE * count(nth));
        }
        drawn.height += LINE * count(lines.len()) + 2;
    }
    drawn
}

fn words(sort: Sort, holds: &[&Holding], room: u32) -> Vec<Word> {
    let label = Word { text: sort.label().to_owned(), class: Some("label") };
    let name = |holding: &&Holding| {
        let sign = match holding.mark {
            None => "",
            Some(Action::Create) => "+",
            Some(_) => "~",
        };
        let text = fit(&format!("{sign}{}", holding.text()), SIZE, room);
        Word { text, class: holding.mark.map(|_| "new") }
    };
    std::iter::once(label).chain(holds.iter().map(name)).collect()
}

fn broken(words: Vec<Word>, room: u32) -> Vec<Vec<Word>> {
    let mut lines: Vec<Vec<Word>> = Vec::new();
    let mut used = 0;
    for word in words {
        let wide = width(&word.text, SIZE) + width(" · ", SIZE);
        match lines.last_mut() {
            Some(line) if used + wide <= room => line.push(word),
            _ => {
                lines.push(vec![word]);
                used = 0;
            }
        }
        used += wide;
    }
    lines
}

/// The first lines, and in place of what follows how much of `all` that is.
fn shorten(mut lines: Vec<Vec<Word>>, most: usize, all: usize) -> Vec<Vec<Word>> {
    if lines.len() > most {
        lines.truncate(most - 1);
        // The label is one of the words.
        let shown = lines.iter().map(Vec::len).sum::<usize>() - 1;
        lines.push(vec![Word { text: format!("… and {} more", all - shown), class: Some("quiet") }]);
    }
    lines
}

fn text(line: &[Word], x: u32, y: u32) -> String {
    let mut svg = format!("<text x=\"{x}\" y=\"{y}\">");
    for (nth, word) in line.iter().enumerate() {
        if nth > 0 {
            svg += if line[nth - 1].class == Some("label") { "  " } else { " · " };
        }
        let text = escape(&word.text);
        svg += &word.class.map_or(text.clone(), |class| format!("<tspan class=\"{class}\">{text}</tspan>"));
    }
    svg + "</text>\n"
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
