//! Findings as compilers show them.

use super::{Found, Linted};
use crate::policy::Severity;
use crate::report::Layout;
use crate::report::excerpt::{Excerpt, Remark};
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
        for found in file.in_order() {
            let excerpt = Excerpt { name: &file.name, text: &file.text, width: layout.width };
            text += &remark(found).render(&excerpt);
            text += &written_out(found, layout.verbose);
        }
    }
    text + &text_of(&[summary(files)])
}

fn remark(found: &Found) -> Remark<'_> {
    let fix = found.fix.as_ref().filter(|fix| fix.range == found.range && is_short(&fix.text));
    Remark {
        severity: found.severity,
        code: found.code,
        message: &found.message,
        range: found.range.clone(),
        help: found.help.as_deref(),
        fix: fix.map(|fix| fix.text.as_str()),
    }
}

fn is_short(text: &str) -> bool {
    text.chars().count() <= FITS_BESIDE && !text.contains('\n')
}

fn written_out(found: &Found, verbose: bool) -> String {
    match found.fix.as_ref().filter(|fix| verbose && !is_short(&fix.text)) {
        Some(fix) => {
            text_of(&fix.text.lines().map(|line| Line::new().plain(super::super::clean(line))).collect::<Vec<_>>())
                + "\n"
        }
        None => String::new(),
    }
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
