//! What a reviewer must know beside the changes: what waits, what was not checked, what is left as it is.

use super::{Page, code, list, section, text};
use crate::model::{Address, GovernedNote, Note, Waiting};
use crate::report::against::{AGAIN, gaps};
use crate::report::author::maker;
use crate::report::naming::{kind_word, subject};
use crate::report::sentence::count;
use crate::report::wording::unchecked;

impl Page<'_> {
    pub(super) fn waiting(&self) -> String {
        let item = |Waiting { change, waits_for }: &Waiting| {
            let (verb, what) = (change.action.verb(), text(&kind_word(change)));
            format!("{verb} {} {what}, waits for {}", code(change.address.as_str()), code(waits_for.as_str()))
        };
        section("waiting", "Waiting", &list(self.plan.waiting.iter().map(item)))
    }

    pub(super) fn notes(&self) -> String {
        let plan = self.plan;
        let about = |address: &Address, what: &str| format!("{}: {}", code(address.as_str()), text(what));
        let note = |note: &Note| about_some(note.address.as_ref(), &note.what);
        [
            section("notes", "Notes", &list(plan.notes.iter().map(note))),
            section("unchecked", "Not checked", &self.not_checked()),
            section("untrusted", "Not trusted", &list(plan.untrusted.iter().map(|it| about(&it.address, &it.why)))),
            self.control_tower(),
            section("unmanaged", "Not managed by landing", &self.unmanaged()),
        ]
        .concat()
    }

    /// All that the plan did not read, or AWS did not answer.
    fn not_checked(&self) -> String {
        let plan = self.plan;
        let undetected = plan.undetected.iter().map(|it| format!("{}: {}", code(it.address.as_str()), text(&it.why)));
        let gaps: Vec<String> =
            gaps(plan).iter().map(|gap| format!("not known to the snapshot: {}", text(gap))).collect();
        let again = (!gaps.is_empty()).then(|| text(AGAIN));
        let unchecked = unchecked(plan).map(|it| text(it.trim_start_matches("Not checked: ")));
        list(unchecked.into_iter().chain(undetected).chain(gaps).chain(again))
    }

    fn control_tower(&self) -> String {
        let Some(governed) = &self.plan.control_tower else { return String::new() };
        let note = |note: &GovernedNote| about_some(note.address.as_ref(), &note.what);
        let body = list(governed.notes.iter().map(note)) + &left_alone(&governed.items);
        section("control-tower", "AWS Control Tower", &body)
    }

    fn unmanaged(&self) -> String {
        let made = self.plan.unmanaged_made_by.iter();
        let made =
            list(made.map(|(address, made)| format!("{}: {}", code(address.as_str()), text(&maker(made, true)))));
        left_alone(&self.plan.unmanaged) + &made
    }
}

fn about_some(address: Option<&Address>, what: &str) -> String {
    let address = address.map(|address| format!("{}: ", code(address.as_str()))).unwrap_or_default();
    address + &text(what)
}

fn left_alone(resources: &[Address]) -> String {
    if resources.is_empty() {
        return String::new();
    }
    let many = count(resources.len(), "resource", "resources");
    let names: Vec<String> = resources.iter().map(|address| code(&subject(address))).collect();
    format!("<details><summary>{many}, left as they are</summary>\n<p>{}</p>\n</details>\n", names.join(", "))
}
