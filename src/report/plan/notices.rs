//! What a plan says beside its changes: refusals, manual steps, warnings, and how it ends.

use super::super::against::{gap_lines, gaps};
use super::super::author::maker;
use super::super::clean::clean;
use super::super::line::Line;
use super::super::naming::subject;
use super::super::paint::Paint;
use super::super::sentence::count;
use super::super::wording::unchecked;
use super::Page;
use crate::model::{Address, Governed, Manual, Note, Plan, Refusal, Undetected, Untrusted};

/// So many unmanaged resources are named.
const SHOWN_UNMANAGED: usize = 8;
/// So many resources are named that could not be looked at.
const SHOWN_UNDETECTED: usize = 8;
/// The flag of apply that permits destruction.
const ALLOW_DESTROY: &str = "--allow-destroy";

impl Page {
    pub(super) fn refusals(&mut self, refusals: &[Refusal]) {
        for refusal in refusals {
            self.gap();
            let message = Line::of(Paint::Danger, format!("refused[{}]", refusal.code))
                .with(Paint::Strong, format!(": {}", clean(&refusal.message)));
            self.wrap(&message, &Line::new(), &Line::new().plain("  "));
            let help = Line::of(Paint::Good, "help").plain(format!(": {}", clean(&refusal.help)));
            self.wrap(&help, &Line::new().plain("  "), &Line::new().plain("    "));
        }
    }

    pub(super) fn manual(&mut self, manual: &[Manual]) {
        if manual.is_empty() {
            return;
        }
        self.gap();
        self.lines.push(Line::of(Paint::Strong, "Manual steps"));
        for item in manual {
            self.lines.extend(manual_lines(item, self.layout.width));
        }
    }

    pub(super) fn untrusted(&mut self, untrusted: &[Untrusted]) {
        if untrusted.is_empty() {
            return;
        }
        self.gap();
        self.lines.push(Line::of(Paint::Strong, "Not trusted"));
        for item in untrusted {
            self.remark(Some(&item.address), &item.why);
        }
    }

    pub(super) fn undetected(&mut self, undetected: &[Undetected]) {
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

    pub(super) fn not_known(&mut self, plan: &Plan) {
        let lines = gap_lines(&gaps(plan), self.layout.width);
        if !lines.is_empty() {
            self.gap();
            self.lines.extend(lines);
        }
    }

    pub(super) fn notes(&mut self, notes: &[Note]) {
        if !notes.is_empty() {
            self.gap();
            self.lines.push(Line::of(Paint::Strong, "Notes"));
        }
        for note in notes {
            self.remark(note.address.as_ref(), &note.what);
        }
    }

    fn remark(&mut self, address: Option<&Address>, what: &str) {
        let line = about(address).plain(clean(what));
        self.wrap(&line, &Line::of(Paint::Changed, "! "), &Line::new().plain("  "));
    }

    pub(super) fn unmanaged(&mut self, plan: &Plan) {
        if plan.unmanaged.is_empty() {
            return;
        }
        self.gap();
        self.left_alone("Unmanaged", &plan.unmanaged);
        let shown = if self.layout.verbose { plan.unmanaged_made_by.len() } else { SHOWN_UNMANAGED };
        for (address, made) in plan.unmanaged_made_by.iter().take(shown) {
            let line = about(Some(address)).plain(maker(made, self.layout.verbose));
            self.wrap(&line, &Line::new().plain("  "), &Line::new().plain("    "));
        }
    }

    /// What is AWS Control Tower's, and what it makes of the plan.
    pub(super) fn control_tower(&mut self, governed: Option<&Governed>) {
        let Some(Governed { items, notes }) = governed else { return };
        self.gap();
        match items.is_empty() {
            true => self.lines.push(Line::of(Paint::Strong, "AWS Control Tower")),
            false => self.left_alone("AWS Control Tower's", items),
        }
        for note in notes {
            self.remark(note.address.as_ref(), &note.what);
        }
    }

    pub(super) fn left_alone(&mut self, whose: &str, items: &[Address]) {
        let shown = if self.layout.verbose { items.len() } else { SHOWN_UNMANAGED };
        let names: Vec<String> = items.iter().take(shown).map(subject).collect();
        let more = items.len().saturating_sub(shown);
        let more = if more > 0 { format!(" … and {more} more") } else { String::new() };
        let line = Line::of(Paint::Strong, format!("{whose}: {}", items.len()))
            .with(Paint::Dim, format!(", left alone: {}{more}", names.join(", ")));
        self.wrap(&line, &Line::new(), &Line::new().plain("  "));
    }

    pub(super) fn ending(&mut self, plan: &Plan, next: Option<&str>) {
        self.gap();
        self.wrap(&self.wording.verdict(plan), &Line::new(), &Line::new().plain("  "));
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

/// `ou/A: `, where what follows is about one resource.
fn about(address: Option<&Address>) -> Line {
    match address {
        Some(address) => Line::new().plain(subject(address)).with(Paint::Dim, ": "),
        None => Line::new(),
    }
}

/// What waits for a person, with its link.
pub(in crate::report) fn manual_lines(item: &Manual, width: usize) -> Vec<Line> {
    let line = about(item.address.as_ref()).plain(clean(&item.what));
    let mut lines = line.wrap(&Line::of(Paint::Changed, "! "), &Line::new().plain("  "), width);
    if let Some(link) = &item.link {
        lines.push(Line::new().plain("  ").with(Paint::Link, clean(link)));
    }
    lines
}
