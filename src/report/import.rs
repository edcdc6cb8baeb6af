//! What an import wrote, what it left out, and whether planning it changes nothing.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::clean::clean;
use super::line::Line;
use super::markdown::{code, escape};
use super::paint::Paint;
use super::plan::Layout;
use crate::import::foreign::{ClaimOutcome, Compared, ComparedFile, Judged};
use crate::import::{ImportSummary, Imported, Verification};
use crate::model::Address;
use crate::outline::{LeftOut, Why};

/// How many lines of a kind are shown on a screen; the report has all.
const SHOWN: usize = 10;

/// What people see on a screen. `written` are the paths as they are called from where the command runs, `report` that of the
/// report; `next` is the command to go on with.
pub fn import_text(imported: &Imported, written: &[String], report: &str, layout: Layout, next: &str) -> String {
    let Imported { summary: reported, proof, .. } = imported;
    let mut screen = Screen { text: String::new(), layout };
    if imported.has_nothing_new() {
        screen.line(&Line::of(Paint::Good, NOTHING_NEW));
        return screen.text;
    }
    let paths = written.iter().map(|path| Line::of(Paint::Added, "+ ").plain(clean(path)));
    screen.some(paths, "", "more files");
    screen.gap();
    screen.line(&Line::new().plain(format!("Written: {}", counted(reported))));
    screen.left_out(reported, report);
    if let Some(compared) = &reported.foreign {
        screen.compared(compared, report);
    }
    screen.gap();
    screen.proof(proof);
    screen.line(&Line::of(Paint::Dim, "Next: ").with(Paint::Link, next));
    screen.text
}

const NOTHING_NEW: &str = "The blueprint has everything that was found: nothing was written.";

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

    fn left_out(&mut self, reported: &ImportSummary, report: &str) {
        for (why, heading, paint) in REASONS {
            let of: Vec<(&Address, &LeftOut)> = reported.left_out.iter().filter(|(_, it)| it.why == why).collect();
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
        if !reported.left_out.is_empty() {
            self.line(&Line::of(Paint::Dim, format!("Each with what to do about it: {}", clean(report))));
        }
    }

    /// What the files of another tool came to.
    fn compared(&mut self, compared: &Compared, report: &str) {
        self.gap();
        for sheet in &compared.sheets {
            let Counts { leaves, agree, differ, unmapped } = counts(sheet);
            let counted = format!(
                ": {leaves} values: {agree} as in AWS, {differ} otherwise, {unmapped} without a place in a blueprint"
            );
            self.line(&Line::of(Paint::Strong, clean(&sheet.file)).plain(counted));
        }
        let differences = compared.differences();
        if !differences.is_empty() {
            self.line(&Line::of(Paint::Strong, "Other than in AWS, which the blueprint follows:"));
            let lines: Vec<Line> = differences
                .iter()
                .map(|(sheet, judged, difference)| {
                    let at = place(&sheet.file, judged);
                    Line::of(Paint::Dim, clean(&at))
                        .plain(clean(&format!(": {}: {}; AWS: {}", difference.about, difference.says, difference.live)))
                })
                .collect();
            self.some(lines.into_iter(), "  ", "more");
        }
        let only_live = compared.only_live.len();
        if only_live > 0 {
            self.line(&Line::new().plain(format!("In AWS and in no file: {only_live}")));
        }
        self.line(&Line::of(Paint::Dim, format!("Each value: {}", clean(report))));
    }

    fn proof(&mut self, proof: &Verification) {
        if proof.holds() {
            let adopted =
                format!("Planning it changes nothing: {} resources are adopted as they are.", proof.adopted());
            self.line(&Line::of(Paint::Good, adopted));
            let policies =
                format!("The policies on the paths of {} accounts are those that the blueprint says.", proof.accounts);
            return self.line(&Line::of(Paint::Good, policies));
        }
        let policies = proof.policies.iter().map(|it| format!("{}: {}", it.account, it.differ.join(", ")));
        let all: Vec<Line> = proof.differences().chain(policies).map(|it| Line::new().plain(clean(&it))).collect();
        self.line(&Line::of(Paint::Danger, would_change(proof)));
        self.some(all.into_iter(), "  ", "more");
    }
}

/// What stands above the differences.
fn would_change(proof: &Verification) -> &'static str {
    match proof.before {
        Some(_) => {
            "Planning the blueprint with it would also do this, as the blueprint's rules for units and accounts say:"
        }
        None => "Planning it would change something:",
    }
}

fn reason(address: &Address, left_out: &LeftOut) -> Line {
    Line::of(Paint::Strong, clean(address.as_str())).plain(format!(": {}", clean(&left_out.reason)))
}

/// `34 organizational units, 82 accounts, 18 policies …`
fn counted(reported: &ImportSummary) -> String {
    if reported.written.is_empty() {
        return "nothing".into();
    }
    let counts: Vec<String> =
        reported.written.iter().map(|(kind, count)| format!("{count} {}", noun(kind, *count))).collect();
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
    (Why::NotExpressible, "Left out: a blueprint cannot say it", Paint::Danger),
    (Why::Gone, "Left out: not to be managed any more", Paint::Dim),
    (Why::OfOthers, "Left out: others have it", Paint::Dim),
    (Why::NotAskedFor, "Left out: not asked for", Paint::Dim),
];

/// The report that is written beside the blueprint.
pub fn import_markdown(imported: &Imported) -> String {
    let Imported { summary: reported, proof, files, .. } = imported;
    let mut text = format!("# Import of {}\n\nWritten: {}.\n", code(&reported.organization), counted(reported));
    if imported.has_nothing_new() {
        text = format!("# Import of {}\n\n{NOTHING_NEW}\n", code(&reported.organization));
    }
    let blueprint: Vec<String> =
        files.iter().map(|(path, text)| format!("- {} ({} lines)\n", code(path), text.lines().count())).collect();
    text += &format!("\n## Files\n\n{}", blueprint.concat());
    text += "\n## Proof\n\n";
    if proof.holds() {
        text += &format!(
            "Planning the blueprint changes nothing: {} resources are adopted as they are, and the policies on the paths of {} accounts are those that the blueprint says.\n",
            proof.adopted(),
            proof.accounts
        );
    } else {
        text += &format!("{}\n\n", would_change(proof));
        text += &proof.differences().map(|it| format!("- {}\n", escape(&it))).collect::<String>();
        for other in &proof.policies {
            let actions = if other.actions.is_empty() {
                String::new()
            } else {
                format!("; decided otherwise: {}", other.actions.join(", "))
            };
            text += &format!(
                "- {}: {}{}\n",
                code(other.account.as_str()),
                escape(&other.differ.join(", ")),
                escape(&actions)
            );
        }
    }
    for (why, heading, _) in REASONS {
        let of: BTreeMap<&Address, &LeftOut> = reported.left_out.iter().filter(|(_, it)| it.why == why).collect();
        if !of.is_empty() {
            text += &format!("\n## {heading}\n\n| resource | why | what to do |\n|---|---|---|\n");
            let rows = of.iter().map(|(address, it)| {
                format!("| {} | {} | {} |\n", code(address.as_str()), escape(&it.reason), escape(&it.remedy))
            });
            text += &rows.collect::<String>();
        }
    }
    if !reported.remarks.is_empty() {
        text += "\n## Worth knowing\n\n| resource | |\n|---|---|\n";
        let rows = reported
            .remarks
            .iter()
            .map(|remark| format!("| {} | {} |\n", code(remark.about.as_str()), escape(&remark.text)));
        text += &rows.collect::<String>();
    }
    if let Some(compared) = &reported.foreign {
        text += &compared_markdown(compared);
    }
    text
}

/// The same of the files of another tool.
fn compared_markdown(compared: &Compared) -> String {
    let mut text = format!("\n## What the files of {} say\n\n", compared.format.name());
    text += "| file | values | as in AWS | otherwise | without a place in a blueprint |\n|---|---|---|---|---|\n";
    for sheet in &compared.sheets {
        let Counts { leaves, agree, differ, unmapped } = counts(sheet);
        text += &format!("| {} | {leaves} | {agree} | {differ} | {unmapped} |\n", code(&sheet.file));
    }
    let differences = compared.differences();
    if !differences.is_empty() {
        text += "\n### Other than in AWS, which the blueprint follows\n\n| where | about | the file says | AWS has |\n|---|---|---|---|\n";
        text += &differences
            .iter()
            .map(|(sheet, judged, it)| {
                let at = place(&sheet.file, judged);
                format!("| {} | {} | {} | {} |\n", code(&at), code(&it.about), escape(&it.says), escape(&it.live))
            })
            .collect::<String>();
    }
    if !compared.only_live.is_empty() {
        text += "\n### In AWS and in no file\n\n";
        text += &compared.only_live.iter().map(|it| format!("- {}\n", code(it.as_str()))).collect::<String>();
    }
    for sheet in &compared.sheets {
        let unmapped = unmapped(sheet);
        if !unmapped.is_empty() {
            text += &format!(
                "\n### Without a place in a blueprint: {}\n\n| values | why | where |\n|---|---|---|\n",
                code(&sheet.file)
            );
            text += &unmapped
                .iter()
                .map(|(reason, (leaves, at))| format!("| {leaves} | {} | {} |\n", escape(reason), ways(at)))
                .collect::<String>();
        }
    }
    text
}

/// What the leaves of a file came to.
struct Counts {
    leaves: usize,
    agree: usize,
    differ: usize,
    unmapped: usize,
}

fn counts(sheet: &ComparedFile) -> Counts {
    Counts {
        leaves: sheet.leaves,
        agree: sheet.count(|fate| *fate == ClaimOutcome::Agrees),
        differ: sheet.count(|fate| matches!(fate, ClaimOutcome::Differs(_))),
        unmapped: sheet.count(|fate| matches!(fate, ClaimOutcome::Unmapped(_))),
    }
}

/// How many leaves have no place in a blueprint, and which, by the reason.
fn unmapped(sheet: &ComparedFile) -> BTreeMap<&str, (usize, Vec<&Judged>)> {
    let mut by_reason: BTreeMap<&str, (usize, Vec<&Judged>)> = BTreeMap::new();
    for judged in sheet.judged.iter().filter(|it| it.leaves > 0) {
        if let ClaimOutcome::Unmapped(reason) = &judged.outcome {
            let (leaves, at) = by_reason.entry(reason).or_default();
            *leaves += judged.leaves;
            at.push(judged);
        }
    }
    by_reason
}

/// The first of several ways; `--format json` has all.
fn ways(judged: &[&Judged]) -> String {
    let shown: Vec<String> = judged.iter().take(SHOWN).map(|it| code(&it.path)).collect();
    match judged.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// `organization.yml:12 Organization.Audit.Properties.RootEmail`.
fn place(file: &str, judged: &Judged) -> String {
    match judged.line {
        Some(line) => format!("{file}:{line} {}", judged.path),
        None => format!("{file}: {}", judged.path),
    }
}

fn compared_json(compared: &Compared) -> Value {
    let differences: Vec<Value> = compared.differences().iter().map(|(sheet, judged, it)| json!({
        "file": sheet.file, "path": judged.path, "line": judged.line, "about": it.about, "says": it.says, "live": it.live,
    })).collect();
    let files: Vec<Value> = compared.sheets.iter().map(|sheet| {
        let Counts { leaves, agree, differ, unmapped: without } = counts(sheet);
        let reasons: Vec<Value> = unmapped(sheet).iter().map(|(reason, (leaves, at))| {
            json!({"reason": reason, "leaves": leaves, "paths": at.iter().map(|it| &it.path).collect::<Vec<_>>()})
        }).collect();
        json!({"file": sheet.file, "leaves": leaves, "agree": agree, "differ": differ, "unmapped": without, "reasons": reasons})
    }).collect();
    json!({"tool": compared.format.name(), "files": files, "differences": differences, "only_live": compared.only_live})
}

/// The same as JSON.
pub fn import_json(imported: &Imported) -> Value {
    let Imported { summary: reported, proof, files, .. } = imported;
    let left_out: Vec<Value> = reported
        .left_out
        .iter()
        .map(|(address, it)| json!({"address": address, "why": word(it.why), "reason": it.reason, "remedy": it.remedy}))
        .collect();
    let remarks: Vec<Value> = reported.remarks.iter().map(|it| json!({"address": it.about, "text": it.text})).collect();
    let policies: Vec<Value> = proof
        .policies
        .iter()
        .map(|it| json!({"account": it.account, "differ": it.differ, "actions": it.actions}))
        .collect();
    let mut report = json!({
        "format": "landing-import/1",
        "organization": reported.organization,
        "files": files.keys().collect::<Vec<_>>(),
        "written": reported.written,
        "left_out": left_out,
        "remarks": remarks,
        "proof": {
            "holds": proof.holds(),
            "adopted": proof.adopted(),
            "differences": proof.differences().collect::<Vec<_>>(),
            "policies": policies,
        },
        "api_calls": proof.plan.api_calls,
    });
    if let (Some(compared), Some(report)) = (&reported.foreign, report.as_object_mut()) {
        report.insert("foreign".into(), compared_json(compared));
    }
    report
}

fn word(why: Why) -> &'static str {
    match why {
        Why::NotExpressible => "cannot-be-said",
        Why::NotKnown => "not-known",
        Why::OfOthers => "of-others",
        Why::Gone => "gone",
        Why::NotAskedFor => "not-asked-for",
    }
}
