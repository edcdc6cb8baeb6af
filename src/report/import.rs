//! What an import wrote, what it left out, and whether planning it changes nothing.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::clean::{clean, printable};
use super::line::Line;
use super::paint::Paint;
use crate::import::{Imported, Proof, Told};
use crate::model::Address;
use crate::outline::{LeftOut, Why};

/// How many lines of a kind are shown on a screen; the report has all.
const SHOWN: usize = 10;

/// What people see on a screen. `written` are the paths as they are called from where the command runs, `report` that of the
/// report; `next` is the command to go on with.
pub fn import_text(imported: &Imported, written: &[String], report: &str, next: &str) -> String {
    let Imported { told, proof, .. } = imported;
    let mut text = String::new();
    for path in written.iter().take(SHOWN) {
        text += &line(Line::of(Paint::Added, "+ ").plain(clean(path)));
    }
    if written.len() > SHOWN {
        text += &line(Line::of(Paint::Dim, format!("  and {} more files", written.len() - SHOWN)));
    }
    text += &format!("\n{}\n", counted(told));
    text += &left_out_text(told, report);
    text += &format!("\n{}", proof_text(proof));
    text += &line(Line::of(Paint::Dim, "Next: ").with(Paint::Link, next));
    printable(&text)
}

fn line(line: Line) -> String {
    format!("{}\n", line.to_ansi())
}

/// `Written: 34 OUs, 82 accounts, 18 policies …`
fn counted(told: &Told) -> String {
    let counts: Vec<String> =
        told.written.iter().map(|(kind, count)| format!("{count} {}", noun(kind, *count))).collect();
    format!("Written: {}", counts.join(", "))
}

/// What several resources of a kind are called.
fn noun(kind: &str, count: usize) -> String {
    let noun = kind.replace('-', " ");
    match count {
        1 => noun,
        _ if noun.ends_with('y') => format!("{}ies", &noun[..noun.len() - 1]),
        _ if noun.ends_with('s') => noun,
        _ => format!("{noun}s"),
    }
}

/// The reasons, most pressing first.
const REASONS: [(Why, &str, Paint); 5] = [
    (Why::NotKnown, "Not known", Paint::Danger),
    (Why::CannotBeSaid, "Left out: a blueprint cannot say it", Paint::Danger),
    (Why::Gone, "Left out: not to be managed any more", Paint::Dim),
    (Why::OfOthers, "Left out: others have it", Paint::Dim),
    (Why::NotAskedFor, "Left out: not asked for", Paint::Dim),
];

fn left_out_text(told: &Told, report: &str) -> String {
    let mut text = String::new();
    for (why, heading, paint) in REASONS {
        let of: Vec<(&Address, &LeftOut)> = told.left_out.iter().filter(|(_, it)| it.why == why).collect();
        if of.is_empty() {
            continue;
        }
        text += &format!("\n{}", line(Line::of(paint, format!("{heading} ({})", of.len()))));
        // What needs no hand of the reader's is in the report.
        if why.is_a_gap() {
            for (address, left_out) in of.iter().take(SHOWN) {
                text += &line(
                    Line::new()
                        .plain("  ")
                        .with(Paint::Strong, address.to_string())
                        .plain(format!(": {}", left_out.reason)),
                );
            }
        }
    }
    if !told.left_out.is_empty() {
        text += &line(Line::of(Paint::Dim, format!("All of it, and what to do about it: {}", clean(report))));
    }
    text
}

fn proof_text(proof: &Proof) -> String {
    if proof.holds() {
        let adopted = proof.plan.changes.len();
        let text = format!(
            "Planning it changes nothing: {adopted} resources are adopted as they are; the policies of {} accounts decide as before.",
            proof.accounts
        );
        return line(Line::of(Paint::Good, text));
    }
    let mut text = line(Line::of(Paint::Danger, "Planning it would change something:"));
    let policies = proof.policies.iter().map(|it| format!("{}: {}", it.account, it.differ.join(", ")));
    let all: Vec<String> = proof.differences().chain(policies).collect();
    for difference in all.iter().take(SHOWN) {
        text += &line(Line::new().plain("  ").plain(difference.clone()));
    }
    if all.len() > SHOWN {
        text += &line(Line::of(Paint::Dim, format!("  and {} more", all.len() - SHOWN)));
    }
    text
}

/// The report that is written beside the blueprint.
pub fn import_markdown(imported: &Imported) -> String {
    let Imported { told, proof, files } = imported;
    let mut text = format!("# Import of {}\n\n{}.\n", code(&told.organization), counted(told));
    let blueprint: Vec<String> =
        files.iter().map(|(path, text)| format!("- {} ({} lines)\n", code(path), text.lines().count())).collect();
    text += &format!("\n## Files\n\n{}", blueprint.concat());
    text += "\n## Proof\n\n";
    if proof.holds() {
        text += &format!(
            "Planning the blueprint changes nothing: {} resources are adopted as they are, and the policies of {} accounts decide as before.\n",
            proof.plan.changes.len(),
            proof.accounts
        );
    } else {
        text += "Planning the blueprint would change something:\n\n";
        text += &proof.differences().map(|it| format!("- {}\n", plain(&it))).collect::<String>();
        for other in &proof.policies {
            let actions = if other.actions.is_empty() {
                String::new()
            } else {
                format!("; decided otherwise: {}", other.actions.join(", "))
            };
            text += &format!(
                "- {}: {}{}\n",
                code(other.account.as_str()),
                plain(&other.differ.join(", ")),
                plain(&actions)
            );
        }
    }
    for (why, heading, _) in REASONS {
        let of: BTreeMap<&Address, &LeftOut> = told.left_out.iter().filter(|(_, it)| it.why == why).collect();
        if !of.is_empty() {
            text += &format!("\n## {heading}\n\n| resource | why | what to do |\n|---|---|---|\n");
            let rows = of.iter().map(|(address, it)| {
                format!("| {} | {} | {} |\n", code(address.as_str()), plain(&it.reason), plain(&it.remedy))
            });
            text += &rows.collect::<String>();
        }
    }
    if !told.remarks.is_empty() {
        text += "\n## Worth knowing\n\n| resource | |\n|---|---|\n";
        let rows = told
            .remarks
            .iter()
            .map(|remark| format!("| {} | {} |\n", code(remark.about.as_str()), plain(&remark.text)));
        text += &rows.collect::<String>();
    }
    text
}

/// A text as code in Markdown, in a table too.
fn code(text: &str) -> String {
    let text = clean(text).replace('|', "\\|");
    let fence = if text.contains('`') { "``" } else { "`" };
    format!("{fence}{text}{fence}")
}

/// A text in Markdown, in a table too, in which nothing is markup.
fn plain(text: &str) -> String {
    clean(text).chars().fold(String::new(), |mut plain, c| {
        if "\\|*_<>[]#".contains(c) {
            plain.push('\\');
        }
        plain.push(if c == '\n' { ' ' } else { c });
        plain
    })
}

/// The same as JSON.
pub fn import_json(imported: &Imported) -> Value {
    let Imported { told, proof, files } = imported;
    let left_out: Vec<Value> = told
        .left_out
        .iter()
        .map(|(address, it)| json!({"address": address, "why": word(it.why), "reason": it.reason, "remedy": it.remedy}))
        .collect();
    let remarks: Vec<Value> = told.remarks.iter().map(|it| json!({"address": it.about, "text": it.text})).collect();
    let policies: Vec<Value> = proof
        .policies
        .iter()
        .map(|it| json!({"account": it.account, "differ": it.differ, "actions": it.actions}))
        .collect();
    json!({
        "format": "landing-import/1",
        "organization": told.organization,
        "files": files.keys().collect::<Vec<_>>(),
        "written": told.written,
        "left_out": left_out,
        "remarks": remarks,
        "proof": {
            "holds": proof.holds(),
            "adopted": proof.plan.changes.len(),
            "differences": proof.differences().collect::<Vec<_>>(),
            "policies": policies,
        },
        "api_calls": proof.plan.api_calls,
    })
}

fn word(why: Why) -> &'static str {
    match why {
        Why::CannotBeSaid => "cannot-be-said",
        Why::NotKnown => "not-known",
        Why::OfOthers => "of-others",
        Why::Gone => "gone",
        Why::NotAskedFor => "not-asked-for",
    }
}
