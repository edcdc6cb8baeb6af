//! A plan as Markdown, for comments on pull requests.

use super::against::{AGAIN, gaps, looked_at};
use super::author::{author, maker};
use super::clean::clean;
use super::fields::details;
use super::line::Line;
use super::naming::kind_word;
use super::plan::reach;
use super::wording::{Wording, outside, rest, targets, unchecked};
use crate::model::{
    Address, Author, Change, Governed, Makers, Manual, Note, Plan, Refusal, Risk, Undetected, Untrusted, Waiting,
};

/// Columns of the details, which do not wrap on a page.
const WIDTH: usize = 100;
/// GitHub refuses comments of more than 65,536 characters; this leaves room for what stands around the plan.
const MAX_LENGTH: usize = 60_000;
/// So many unmanaged resources are named.
const SHOWN_UNMANAGED: usize = 20;
/// So many resources are named in which AWS could not look for drift.
const SHOWN_UNDETECTED: usize = 50;

/// The whole plan: a headline, what stands in the way, a table of all changes, and what each says behind a click.
pub fn plan_markdown(plan: &Plan) -> String {
    let title = format!("### Landing plan for {}\n\n", code(&plan.blueprint.name));
    title + &markdown_in(Wording::Plan, plan)
}

/// The same plan as a report of drift, for the summary of a nightly job or an issue.
pub fn drift_markdown(plan: &Plan) -> String {
    let title = format!("### Drift from {}\n\n", code(&plan.blueprint.name));
    title + &markdown_in(Wording::Drift, plan)
}

fn markdown_in(wording: Wording, plan: &Plan) -> String {
    let mut page = headline(wording, plan);
    for refusal in &plan.refusals {
        page += &refused(refusal);
    }
    page += &manual(&plan.manual);
    if !plan.is_quiet() {
        page += &table(wording, &plan.changes);
        page += &wording.legend().map(|legend| format!("{legend}\n\n")).unwrap_or_default();
        page += &all_collapsed(&plan.changes, MAX_LENGTH.saturating_sub(page.len()));
    }
    page += &waiting(&plan.waiting);
    page += &unchecked(plan).map(|unchecked| unchecked + "\n\n").unwrap_or_default();
    page += &untrusted(&plan.untrusted);
    page += &undetected(&plan.undetected);
    page += &not_known(&gaps(plan));
    page += &notes(&plan.notes);
    page += &plan.control_tower.as_ref().map(control_tower).unwrap_or_default();
    page += &left_alone("unmanaged", &plan.unmanaged);
    page += &made_by(&plan.unmanaged_made_by);
    page
}

/// Who made what is unmanaged and new.
fn made_by(makers: &Makers) -> String {
    let line = |(address, made): (&Address, &Author)| {
        format!("- {}: {}\n", code(address.as_str()), escape(&maker(made, true)))
    };
    let lines: String = makers.iter().take(SHOWN_UNMANAGED).map(line).collect();
    if lines.is_empty() { lines } else { format!("\n{lines}") }
}

fn headline(wording: Wording, plan: &Plan) -> String {
    if plan.is_quiet() {
        let verdict = if plan.agrees() { wording.agreement(plan) } else { wording.summary(plan) };
        return format!("{}\n\n", escape(&verdict.to_plain()));
    }
    let changes: Vec<String> = wording.counts(plan).into_iter().map(|(_, text)| text).chain(rest(plan)).collect();
    let organization = match &plan.organization.id {
        Some(id) => format!("organization {}", code(id)),
        None => "a new organization".into(),
    };
    let unchanged = format!("{} {}", plan.summary.unchanged, wording.unchanged());
    let only = targets(plan).map(|targets| format!(" · only {}", escape(&targets))).unwrap_or_default();
    let outside = Some(outside(plan)).filter(|outside| !outside.is_empty()).map(|outside| format!(" · {outside}"));
    let (changes, outside) = (changes.join(", "), outside.unwrap_or_default());
    format!(
        "**{changes}**, {unchanged} · {organization}{only}{} · {}\n\n",
        outside.trim_end(),
        escape(&looked_at(plan))
    )
}

/// What the snapshot that the plan was made against does not know.
fn not_known(gaps: &[String]) -> String {
    if gaps.is_empty() {
        return String::new();
    }
    let items: String = gaps.iter().map(|gap| format!("- {}\n", escape(gap))).collect();
    format!("**Not known to the snapshot**\n\n{items}\n{AGAIN}\n\n")
}

/// What is made once nothing is waited for any more.
fn waiting(waiting: &[Waiting]) -> String {
    if waiting.is_empty() {
        return String::new();
    }
    let mut text = String::from("| | | what | waits for |\n|---|---|---|---|\n");
    for Waiting { change, waits_for } in waiting {
        text += &format!(
            "| {} | {} | {} | {} |\n",
            code(&change.action.glyph().to_string()),
            code(change.address.as_str()),
            escape(&kind_word(change)),
            code(waits_for.as_str()),
        );
    }
    text + "\n"
}

fn refused(refusal: &Refusal) -> String {
    format!(
        "> [!CAUTION]\n> **refused** ({}): {}\n>\n> {}\n\n",
        code(&refusal.code),
        escape(&refusal.message),
        escape(&refusal.help)
    )
}

fn manual(items: &[Manual]) -> String {
    if items.is_empty() {
        return String::new();
    }
    let mut text = String::from("> [!IMPORTANT]\n> To be done by a person:\n");
    for item in items {
        let address = item.address.as_ref().map(|address| code(address.as_str()) + ": ").unwrap_or_default();
        let link = item.link.as_ref().map(|link| format!(" <{}>", clean(link).replace(['<', '>', ' '], "")));
        text += &format!("> - {address}{}{}\n", escape(&item.what), link.unwrap_or_default());
    }
    text + "\n"
}

fn notes(notes: &[Note]) -> String {
    let mut text = String::new();
    for note in notes {
        let address = note.address.as_ref().map(|address| code(address.as_str()) + ": ").unwrap_or_default();
        text += &format!("> [!NOTE]\n> {address}{}\n\n", escape(&note.what));
    }
    text
}

fn table(wording: Wording, changes: &[Change]) -> String {
    let mut text = String::from("| | | what | accounts | risk | blueprint |\n|---|---|---|---|---|---|\n");
    for change in changes {
        let word = wording.deed(change).map(|deed| format!(" {deed}")).unwrap_or_default();
        let risk = if change.risk == Risk::None { "" } else { change.risk.word() };
        text += &format!(
            "| {} | {} | {}{word} | {} | {risk} | {} |\n",
            code(&change.action.glyph().to_string()),
            code(change.address.as_str()),
            escape(&kind_word(change)),
            reach(change).unwrap_or_default().split(' ').next().unwrap_or_default(),
            change.source.as_deref().map(code).unwrap_or_default(),
        );
    }
    text + "\n"
}

/// What each change says, as far as there is room.
fn all_collapsed(changes: &[Change], room: usize) -> String {
    let mut text = String::new();
    for (nth, change) in changes.iter().enumerate() {
        let one = collapsed(change);
        if text.len() + one.len() > room {
            return text + &format!("The details of {} more changes are left out.\n\n", changes.len() - nth);
        }
        text += &one;
    }
    text
}

fn collapsed(change: &Change) -> String {
    let lines: Vec<String> = details(change, true)
        .iter()
        .chain(&author(change, true))
        .flat_map(|detail| detail.lines(&Line::new(), WIDTH))
        .map(|line| line.to_plain())
        .collect();
    if lines.is_empty() {
        return String::new();
    }
    let body = lines.join("\n");
    let fence = fence(&body);
    let glyph = escape(&change.action.glyph().to_string());
    let address = html_code(change.address.as_str());
    let accounts = accounts(change);
    format!("<details><summary>{glyph} {address}</summary>\n\n{fence}text\n{body}\n{fence}\n{accounts}\n</details>\n\n")
}

fn accounts(change: &Change) -> String {
    if reach(change).is_none() || change.accounts.is_empty() {
        return String::new();
    }
    let names: Vec<String> = change.accounts.iter().map(|name| code(name)).collect();
    format!("\nReaches {}\n", names.join(", "))
}

fn untrusted(items: &[Untrusted]) -> String {
    let line =
        |item: &Untrusted| format!("> **Not trusted** {}: {}\n\n", code(item.address.as_str()), escape(&item.why));
    items.iter().map(line).collect()
}

fn undetected(items: &[Undetected]) -> String {
    if items.is_empty() {
        return String::new();
    }
    let mut text = String::from("<details><summary>Not everything could be looked at</summary>\n\n");
    for item in items.iter().take(SHOWN_UNDETECTED) {
        text += &format!("- {}: {}\n", code(item.address.as_str()), escape(&item.why));
    }
    if items.len() > SHOWN_UNDETECTED {
        text += &format!("- … and {} more\n", items.len() - SHOWN_UNDETECTED);
    }
    text + "\n</details>\n\n"
}

/// What is AWS Control Tower's, and what it makes of the plan.
fn control_tower(governed: &Governed) -> String {
    let mut text = String::new();
    for note in &governed.notes {
        let about = note.address.as_ref().map(|address| format!("{}: ", code(address.as_str()))).unwrap_or_default();
        text += &format!("> **AWS Control Tower** {about}{}\n\n", escape(&note.what));
    }
    text + &left_alone("AWS Control Tower's", &governed.items)
}

fn left_alone(whose: &str, items: &[Address]) -> String {
    if items.is_empty() {
        return String::new();
    }
    let names: Vec<String> = items.iter().take(SHOWN_UNMANAGED).map(|address| code(address.as_str())).collect();
    let more = items.len().saturating_sub(SHOWN_UNMANAGED);
    let more = if more > 0 { format!(" … and {more} more") } else { String::new() };
    format!(
        "<details><summary>{} {whose}, left alone</summary>\n\n{}{more}\n</details>\n",
        items.len(),
        names.join(", ")
    )
}

/// Longer than any run of backticks in `body`, so that nothing in it ends the block.
fn fence(body: &str) -> String {
    let longest = body.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

/// Text in a fixed font that nothing in it ends, and that mentions nobody.
pub(super) fn code(text: &str) -> String {
    let is_harmless = |c: char| c.is_ascii_alphanumeric() || " /._:@%+=~>-".contains(c);
    if !text.trim().is_empty() && text.chars().all(is_harmless) { format!("`{text}`") } else { html_code(text) }
}

/// The same where Markdown is not read.
fn html_code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

/// Text in which nothing is Markdown or HTML.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for c in clean(text).chars() {
        match c {
            '&' | '<' | '>' | '|' | '`' | '*' | '_' | '[' | ']' | '\\' | '~' | '#' | '@' | '!' | '$' => {
                escaped += &format!("&#{};", u32::from(c));
            }
            c => escaped.push(c),
        }
    }
    escaped
}
