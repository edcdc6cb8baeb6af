//! Findings as compilers show them.

use landing_policy::{Lines, Severity};

use super::{Found, Linted};
use crate::report::Layout;
use crate::report::clean::clean;
use crate::report::excerpt::{Excerpt, SourceNote};
use crate::report::line::{Line, text_of};
use crate::report::paint::Paint;

/// What is offered instead stands beside the source up to this length.
const FITS_BESIDE: usize = 60;

/// What was found with the lines that it is about, and how much; with ANSI escapes. Where the layout is verbose, all
/// that is offered instead is written out.
#[must_use]
pub fn lint_text(files: &[Linted], layout: Layout) -> String {
    let mut text = String::new();
    for file in files {
        let lines = Lines::of(&file.text);
        let excerpt = Excerpt { name: &file.name, text: &file.text, lines: &lines, width: layout.width };
        let in_order = file.in_order();
        for found in in_order.iter().take(SHOWN) {
            text += &shown(found, &excerpt, layout.verbose);
        }
        text += &left_out(&file.name, in_order.len().saturating_sub(SHOWN));
    }
    text + &text_of(&[summary(files)])
}

/// Findings of a file that are shown: no one reads more, and a broken file may have hundreds of thousands.
const SHOWN: usize = 1_000;

/// Says how many findings of a file are not shown.
fn left_out(name: &str, count: usize) -> String {
    if count == 0 {
        return String::new();
    }
    let line = format!("{}: {count} more are not shown; --format json has all of them", clean(name));
    text_of(&[Line::new().plain(line)]) + "\n"
}

/// How what is offered instead is shown.
enum Offer<'a> {
    None,
    /// Beside the source.
    Beside(&'a str),
    /// In the help.
    Below(&'a str),
    /// After everything, where everything is wanted.
    Long(&'a str),
}

impl<'a> Offer<'a> {
    fn of(found: &'a Found, source: &Excerpt<'_>) -> Self {
        let Some(fix) = &found.fix else { return Offer::None };
        if fix.text.chars().count() > FITS_BESIDE || fix.text.contains('\n') {
            return Offer::Long(&fix.text);
        }
        if fix.range != found.range {
            // What is replaced is not what is shown: the help says it.
            return Offer::None;
        }
        let at = source.lines.position(source.text, found.range.end);
        let columns = at.line.to_string().len() + " |  write ".len() + at.column + fix.text.chars().count();
        if columns <= source.width { Offer::Beside(&fix.text) } else { Offer::Below(&fix.text) }
    }
}

fn shown(found: &Found, source: &Excerpt<'_>, verbose: bool) -> String {
    let offer = Offer::of(found, source);
    let (before, after) = match offer {
        Offer::Below(text) => (Some(format!("write {text}")), None),
        Offer::Long(_) if !verbose => (None, Some("`-v` writes it out".to_owned())),
        _ => (None, None),
    };
    let help: Vec<String> = before.into_iter().chain(found.help.clone()).chain(after).collect();
    let remark = SourceNote {
        severity: found.severity,
        code: found.code,
        message: &found.message,
        range: found.range.clone(),
        help: (!help.is_empty()).then(|| help.join("; ")),
        fix: match offer {
            Offer::Beside(text) => Some(text),
            _ => None,
        },
    };
    let text = remark.render(source);
    match offer {
        Offer::Long(offered) if verbose => text + &written_out(offered),
        _ => text,
    }
}

fn written_out(text: &str) -> String {
    let lines: Vec<Line> = text.lines().map(|line| Line::new().plain(clean(line))).collect();
    text_of(&lines) + "\n"
}

fn summary(files: &[Linted]) -> Line {
    let all = || files.iter().flat_map(|file| &file.found);
    let count = |severity| all().filter(|found| found.severity == severity).count();
    let named = |number: usize, name: &str| format!("{number} {name}{}", if number == 1 { "" } else { "s" });
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    let counts: Vec<String> = severities.into_iter().map(|one| named(count(one), one.name())).collect();
    let paint = if count(Severity::Error) > 0 { Paint::Danger } else { Paint::Strong };
    Line::of(paint, format!("{} in {}", counts.join(", "), named(files.len(), "file")))
}
