//! What policies decide about requests, and why.

use serde_json::Value;

use super::clean::clean;
use super::line::{Line, text_of};
use super::paint::Paint;
use crate::policy::{Answer, Case, DecidedBy, Decision, DecisionKind, SourceText, Verdict};

/// Decisions with what decided them. `source` is the file that the cases were read from; where `explained`, the
/// deciding statements are shown too. With ANSI escapes.
#[must_use]
pub fn answers_text(answers: &[(Case, Answer)], source: &SourceText, explained: bool, width: usize) -> String {
    let page = Page { source, explained, width };
    let mut lines: Vec<Line> = answers.iter().flat_map(|(case, answer)| page.answer(case, answer)).collect();
    if answers.len() > 1 {
        lines.push(Line::new());
        lines.push(summary(answers));
    }
    text_of(&lines)
}

struct Page<'a> {
    source: &'a SourceText,
    explained: bool,
    width: usize,
}

impl Page<'_> {
    fn answer(&self, case: &Case, answer: &Answer) -> Vec<Line> {
        let mut lines = vec![decision(answer.verdict.decision).plain("  ").with(Paint::Strong, clean(&answer.id))];
        if self.explained {
            lines.extend(self.indented(&asked(case)));
        }
        lines.extend(self.indented(&why(&answer.verdict, case)));
        if self.explained
            && let Some(decided) = &answer.verdict.decided_by
        {
            lines.extend(self.statement(case, decided));
        }
        if let Some(before) = &answer.before {
            lines.extend(self.indented(&compared(before, answer)));
        }
        if let Some(expected) = case.expect.filter(|expected| *expected != answer.verdict.decision) {
            let text = format!("expected is {}", expected.name());
            lines.extend(self.indented(&Line::of(Paint::Danger, text)));
        }
        lines
    }

    fn indented(&self, line: &Line) -> Vec<Line> {
        let indent = Line::new().plain("  ");
        line.clone().wrap(&indent, &indent, self.width)
    }

    /// The deciding statement, where it stands and what it says.
    fn statement(&self, case: &Case, decided: &DecidedBy) -> Vec<Line> {
        let Some(pointer) = pointer_to(case, decided, self.source.value()) else { return Vec::new() };
        let at = self.source.position(self.source.value_at(&pointer).start);
        let place = format!("    {}:{}:{}", clean(self.source.name()), at.line, at.column);
        let statement = self.source.value().pointer(&pointer).map(|value| format!("{value:#}")).unwrap_or_default();
        let said = statement.lines().map(|line| Line::new().plain(format!("    {}", clean(line))));
        std::iter::once(Line::of(Paint::Dim, place)).chain(said).collect()
    }
}

fn decision(decision: Decision) -> Line {
    let paint = match decision {
        Decision::Allow => Paint::Good,
        Decision::Deny => Paint::Danger,
        Decision::Undecided => Paint::Changed,
    };
    Line::of(paint, format!("{:<9}", decision.name()))
}

fn asked(case: &Case) -> Line {
    let request = &case.request;
    let resource = request.resource.as_ref().map(|resource| format!(" on {resource}")).unwrap_or_default();
    Line::new().plain(clean(&format!("{}: {}{resource}", request.principal_arn, request.action)))
}

/// Why it was decided so.
fn why(verdict: &Verdict, case: &Case) -> Line {
    let Some(decided) = &verdict.decided_by else {
        return Line::of(Paint::Dim, if case.request.management_account { EXEMPT } else { NOTHING_DENIES });
    };
    let reason = reason(decided);
    match verdict.decision {
        Decision::Undecided => Line::new().plain(format!(
            "it depends on {}; if that does not settle it, {reason}",
            clean(&verdict.missing.join(", "))
        )),
        _ => Line::new().plain(reason),
    }
}

const EXEMPT: &str = "service control policies do not bind the management account";
const NOTHING_DENIES: &str = "nothing that binds the principal stands in the way";

/// What denies, in words.
pub(super) fn reason(decided: &DecidedBy) -> String {
    let level = clean(&decided.level);
    match (decided.kind, &decided.policy, decided.statement) {
        (DecisionKind::Explicit, Some(policy), Some(statement)) => {
            let sid = decided.sid.as_ref().map(|sid| format!(" ({})", clean(sid))).unwrap_or_default();
            format!("statement {} of {}{sid}, attached to {level}, denies it", statement + 1, clean(policy))
        }
        _ => format!("nothing attached to {level} allows it"),
    }
}

/// What was decided before; why, where that is not the same now.
fn compared(before: &Verdict, answer: &Answer) -> Line {
    let is_same_reason = before.decided_by == answer.verdict.decided_by;
    let because = before.decided_by.as_ref().filter(|_| !is_same_reason).map(reason);
    let because = because.map(|because| format!(", because {because}")).unwrap_or_default();
    let line = Line::of(Paint::Dim, "before: ");
    if answer.is_changed() {
        line.with(Paint::Changed, before.decision.name()).plain(because)
    } else {
        line.plain("the same").plain(because)
    }
}

/// Where the deciding statement stands in the file.
fn pointer_to(case: &Case, decided: &DecidedBy, file: &Value) -> Option<String> {
    let holds = |levels: &str| {
        let list = file.pointer(levels)?.as_array()?;
        let level = list.iter().position(|level| level["id"] == decided.level.as_str())?;
        let policies = list[level]["policies"].as_array()?;
        let policy = policies.iter().position(|policy| policy["name"].as_str() == decided.policy.as_deref())?;
        let statement = match &policies[policy]["policy"]["Statement"] {
            Value::Array(_) => format!("Statement/{}", decided.statement?),
            _ => "Statement".to_owned(),
        };
        Some(format!("{levels}/{level}/policies/{policy}/policy/{statement}"))
    };
    let found = holds(&format!("{}/levels", case.path));
    found.or_else(|| holds(&format!("{}/rcpLevels", case.path))).or_else(|| holds(&case.path))
}

fn summary(answers: &[(Case, Answer)]) -> Line {
    let count = |decision| answers.iter().filter(|(_, answer)| answer.verdict.decision == decision).count();
    let mut parts = vec![format!("{} cases", answers.len())];
    for decision in [Decision::Allow, Decision::Deny, Decision::Undecided] {
        parts.push(format!("{} {}", count(decision), decision.name()));
    }
    let changed = answers.iter().filter(|(_, answer)| answer.is_changed()).count();
    if changed > 0 {
        parts.push(format!("{changed} changed"));
    }
    let wrong =
        answers.iter().filter(|(case, answer)| case.expect.is_some_and(|e| e != answer.verdict.decision)).count();
    if wrong > 0 {
        parts.push(format!("{wrong} not as expected"));
    }
    Line::of(Paint::Strong, parts.join(", "))
}
