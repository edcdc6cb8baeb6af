//! What a reader must know beside the changes, each list within its room.

use super::room::{lines, name, sentence};
use super::{escape, where_all_are};
use crate::model::{Address, Author, GovernedNote, Note, Plan, Undetected, Untrusted, Waiting};
use crate::report::against::{AGAIN, gaps};
use crate::report::author::maker;
use crate::report::naming::kind_word;
use crate::report::wording::{Wording, unchecked};

/// Room for each list, in bytes.
const ROOM: usize = 2_500;
/// So many resources are named that landing leaves as they are.
const NAMED: usize = 20;

pub(super) fn notes(wording: Wording, plan: &Plan) -> String {
    let list = |items: Vec<String>, mark: &str| lines(items, ROOM, mark, &where_all_are(wording));
    [
        waiting(&list(plan.waiting.iter().map(waits).collect(), "\n")),
        unchecked(plan).map(|unchecked| escape(&unchecked) + "\n\n").unwrap_or_default(),
        list(plan.untrusted.iter().map(untrusted).collect(), ""),
        undetected(&list(plan.undetected.iter().map(undetectable).collect(), "- ")),
        not_known(&list(gaps(plan).iter().map(|gap| format!("- {}\n", sentence(gap))).collect(), "- ")),
        list(plan.notes.iter().map(note).collect(), ""),
        control_tower(wording, plan),
        left_alone("unmanaged", &plan.unmanaged),
        made_by(&list(plan.unmanaged_made_by.iter().map(made).collect(), "- ")),
    ]
    .concat()
}

/// What is made once nothing is waited for any more.
fn waits(Waiting { change, waits_for }: &Waiting) -> String {
    format!(
        "| {} | {} | {} | {} |\n",
        name(&change.action.glyph().to_string()),
        name(change.address.as_str()),
        escape(&kind_word(change)),
        name(waits_for.as_str()),
    )
}

fn waiting(rows: &str) -> String {
    if rows.is_empty() {
        return String::new();
    }
    format!("**Waiting**\n\n| | resource | what | waits for |\n|---|---|---|---|\n{rows}\n")
}

fn untrusted(item: &Untrusted) -> String {
    format!("> **Not trusted** {}: {}\n\n", name(item.address.as_str()), sentence(&item.why))
}

fn undetectable(item: &Undetected) -> String {
    format!("- {}: {}\n", name(item.address.as_str()), sentence(&item.why))
}

fn undetected(items: &str) -> String {
    if items.is_empty() {
        return String::new();
    }
    format!("<details><summary>Not checked</summary>\n\n{items}\n</details>\n\n")
}

/// What the snapshot that the plan was made against does not know.
fn not_known(items: &str) -> String {
    if items.is_empty() { String::new() } else { format!("**Not known to the snapshot**\n\n{items}\n{AGAIN}\n\n") }
}

fn note(note: &Note) -> String {
    format!("> [!NOTE]\n> {}{}\n\n", about(note.address.as_ref()), sentence(&note.what))
}

/// What is AWS Control Tower's, and what it makes of the plan.
fn control_tower(wording: Wording, plan: &Plan) -> String {
    let Some(governed) = &plan.control_tower else { return String::new() };
    let note = |note: &GovernedNote| {
        format!("> **AWS Control Tower** {}{}\n\n", about(note.address.as_ref()), sentence(&note.what))
    };
    let notes = lines(governed.notes.iter().map(note).collect(), ROOM, "", &where_all_are(wording));
    notes + &left_alone("AWS Control Tower's", &governed.items)
}

fn about(address: Option<&Address>) -> String {
    address.map(|address| format!("{}: ", name(address.as_str()))).unwrap_or_default()
}

fn left_alone(whose: &str, resources: &[Address]) -> String {
    if resources.is_empty() {
        return String::new();
    }
    let (mut names, mut shown) = (String::new(), 0);
    for address in resources.iter().take(NAMED) {
        let name = name(address.as_str());
        if names.len() + name.len() > ROOM {
            break;
        }
        names += if shown == 0 { "" } else { ", " };
        names += &name;
        shown += 1;
    }
    let more = resources.len() - shown;
    let more = if more > 0 { format!(" … and {more} more") } else { String::new() };
    format!("<details><summary>{} {whose}, left alone</summary>\n\n{names}{more}\n</details>\n", resources.len())
}

/// Who made what is unmanaged and new.
fn made((address, author): (&Address, &Author)) -> String {
    format!("- {}: {}\n", name(address.as_str()), sentence(&maker(author, true)))
}

fn made_by(items: &str) -> String {
    if items.is_empty() { String::new() } else { format!("\n{items}") }
}
