//! What an import wrote, what it left out, and whether planning it changes nothing.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::clean::clean;
use super::line::Line;
use super::paint::Paint;
use super::plan::Layout;
use crate::import::{Imported, Proof, Told};
use crate::model::Address;
use crate::outline::{LeftOut, Why};

/// How many lines of a kind are shown on a screen; the report has all.
const SHOWN: usize = 10;

/// What people see on a screen. `written` are the paths as they are called from where the command runs, `report` that of the
/// report; `next` is the command to go on with.
pub fn import_text(imported: &Imported, written: &[String], report: &str, layout: Layout, next: &str) -> String {
    let Imported { told, proof, .. } = imported;
    let mut screen = Screen { text: String::new(), layout };
    let paths = written.iter().map(|path| Line::of(Paint::Added, "+ ").plain(clean(path)));
    screen.some(paths, "", "more files");
    screen.gap();
    screen.line(&Line::new().plain(format!("Written: {}", counted(told))));
    screen.left_out(told, report);
    screen.gap();
    screen.proof(proof);
    screen.line(&Line::of(Paint::Dim, "Next: ").with(Paint::Link, next));
    screen.text
}

/// The lines that are shown so far.
struct Screen {
    text: String,
    layout: Layout,
}

impl Screen {
    fn gap(&mut self) {
        self.text.push('\n');
    }

    fn line(&mut self, line: &Line) {
        self.indented(line, "");
    }

    /// A line whose continuation stands two columns further to the right.
    fn indented(&mut self, line: &Line, indent: &str) {
        let (first, rest) = (Line::new().plain(indent), Line::new().plain(format!("{indent}  ")));
        for line in line.wrap(&first, &rest, self.layout.width) {
            self.text += &format!("{}\n", line.to_ansi());
        }
    }

    /// The first of several lines, all of them where long lists are shown whole.
    fn some(&mut self, lines: impl ExactSizeIterator<Item = Line>, indent: &str, rest: &str) {
        let (count, shown) = (lines.len(), if self.layout.verbose { usize::MAX } else { SHOWN });
        for line in lines.take(shown) {
            self.indented(&line, indent);
        }
        if count > shown {
            self.indented(&Line::of(Paint::Dim, format!("and {} {rest}", count - shown)), "  ");
        }
    }

    fn left_out(&mut self, told: &Told, report: &str) {
        for (why, heading, paint) in REASONS {
            let of: Vec<(&Address, &LeftOut)> = told.left_out.iter().filter(|(_, it)| it.why == why).collect();
            if of.is_empty() {
                continue;
            }
            self.gap();
            self.line(&Line::of(paint, format!("{heading} ({})", of.len())));
            // What needs no hand of the reader's is in the report.
            if why.is_a_gap() || self.layout.verbose {
                let lines: Vec<Line> = of.iter().map(|(address, it)| reason(address, it)).collect();
                self.some(lines.into_iter(), "  ", "more");
            }
        }
        if !told.left_out.is_empty() {
            self.line(&Line::of(Paint::Dim, format!("Each with what to do about it: {}", clean(report))));
        }
    }

    fn proof(&mut self, proof: &Proof) {
        if proof.holds() {
            let adopted =
                format!("Planning it changes nothing: {} resources are adopted as they are.", proof.plan.changes.len());
            self.line(&Line::of(Paint::Good, adopted));
            let policies =
                format!("The policies on the paths of {} accounts are those that the blueprint says.", proof.accounts);
            return self.line(&Line::of(Paint::Good, policies));
        }
        let policies = proof.policies.iter().map(|it| format!("{}: {}", it.account, it.differ.join(", ")));
        let all: Vec<Line> = proof.differences().chain(policies).map(|it| Line::new().plain(clean(&it))).collect();
        self.line(&Line::of(Paint::Danger, "Planning it would change something:"));
        self.some(all.into_iter(), "  ", "more");
    }
}

fn reason(address: &Address, left_out: &LeftOut) -> Line {
    Line::of(Paint::Strong, clean(address.as_str())).plain(format!(": {}", clean(&left_out.reason)))
}

/// `34 organizational units, 82 accounts, 18 policies …`
fn counted(told: &Told) -> String {
    let counts: Vec<String> =
        told.written.iter().map(|(kind, count)| format!("{count} {}", noun(kind, *count))).collect();
    counts.join(", ")
}

/// What resources of a kind are called, one or several.
fn noun(kind: &str, count: usize) -> String {
    let noun = kind.replace('-', " ");
    match count {
        1 => noun,
        _ if noun.ends_with("access") => noun,
        _ => noun.strip_suffix('y').map_or_else(|| format!("{noun}s"), |stem| format!("{stem}ies")),
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

/// The report that is written beside the blueprint.
pub fn import_markdown(imported: &Imported) -> String {
    let Imported { told, proof, files } = imported;
    let mut text = format!("# Import of {}\n\nWritten: {}.\n", code(&told.organization), counted(told));
    let blueprint: Vec<String> =
        files.iter().map(|(path, text)| format!("- {} ({} lines)\n", code(path), text.lines().count())).collect();
    text += &format!("\n## Files\n\n{}", blueprint.concat());
    text += "\n## Proof\n\n";
    if proof.holds() {
        text += &format!(
            "Planning the blueprint changes nothing: {} resources are adopted as they are, and the policies on the paths of {} accounts are those that the blueprint says.\n",
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
