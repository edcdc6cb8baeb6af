//! What policies decide about requests, and why.

use landing_policy::{Answer, Case, DecidedBy, Decision, SourceText, Verdict, account_of};
use serde_json::Value;

use super::clean::clean;
use super::line::{Line, text_of};
use super::paint::Paint;

/// Decisions with what decided them. `source` is the file that the cases were read from; without one they are of one
/// request in several accounts, and those where the same was decided are shown together unless `verbose`. One answer alone
/// shows the request and the deciding statement too, as all do if `verbose`. With ANSI escapes.
#[must_use]
pub fn answers_text(answers: &[(Case, Answer)], source: Option<&SourceText>, verbose: bool, width: usize) -> String {
    let together = together(answers, source.is_none() && !verbose);
    let column = together.iter().map(|(case, answer)| word(answer.verdict.decision, case).len()).max().unwrap_or(0);
    let page = Page { source, explained: together.len() == 1 || verbose, width, column };
    let mut lines: Vec<Line> = together.iter().flat_map(|(case, answer)| page.answer(case, answer)).collect();
    if answers.len() > 1 {
        lines.push(Line::new());
        lines.push(summary(answers, if source.is_some() { "cases" } else { "accounts" }));
    }
    text_of(&lines)
}

/// The answers, those that say the same under all their names if `same` ones belong together.
fn together(answers: &[(Case, Answer)], same: bool) -> Vec<(&Case, Answer)> {
    let mut all: Vec<(&Case, Answer, Vec<&str>)> = Vec::new();
    for (case, answer) in answers {
        let is_same = |(shown, other, _): &(&Case, Answer, _)| {
            (&other.verdict, &other.before) == (&answer.verdict, &answer.before)
                && shown.request.management_account == case.request.management_account
        };
        match all.iter_mut().find(|other| same && is_same(other)) {
            Some((_, _, names)) => names.push(&answer.id),
            None => all.push((case, answer.clone(), vec![&answer.id])),
        }
    }
    all.into_iter().map(|(case, answer, names)| (case, Answer { id: several(&names), ..answer })).collect()
}

/// `dev, test, prod and 12 more`.
fn several(names: &[&str]) -> String {
    const NAMED: usize = 3;
    let more = names.len().saturating_sub(NAMED);
    let named = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{named} and {more} more") } else { named }
}

struct Page<'a> {
    source: Option<&'a SourceText>,
    explained: bool,
    width: usize,
    /// The width of the decisions.
    column: usize,
}

impl Page<'_> {
    fn answer(&self, case: &Case, answer: &Answer) -> Vec<Line> {
        let decision = self.decision(answer.verdict.decision, case);
        let mut lines = vec![decision.plain("  ").with(Paint::Strong, clean(&answer.id))];
        if self.explained {
            lines.extend(self.indented(&asked(case, answer.id != case.id)));
        }
        lines.extend(self.indented(&why(&answer.verdict, case)));
        if self.explained
            && let Some(decided) = &answer.verdict.decided_by
        {
            lines.extend(self.statement(case, decided));
        }
        if let Some(before) = &answer.before {
            lines.extend(self.indented(&compared(before, answer, case)));
        }
        if let Some(expected) = case.expect.filter(|expected| *expected != answer.verdict.decision) {
            let text = format!("expected is {}", expected.name());
            lines.extend(self.indented(&Line::of(Paint::Danger, text)));
        }
        lines
    }

    fn decision(&self, decision: Decision, case: &Case) -> Line {
        Line::of(paint(decision), format!("{:<1$}", word(decision, case), self.column))
    }

    fn indented(&self, line: &Line) -> Vec<Line> {
        let indent = Line::new().plain("  ");
        line.clone().wrap(&indent, &indent, self.width)
    }

    /// The deciding statement, where it stands and what it says.
    fn statement(&self, case: &Case, decided: &DecidedBy) -> Vec<Line> {
        let Some(source) = self.source else { return Vec::new() };
        let Some(pointer) = pointer_to(case, decided, source.value()) else { return Vec::new() };
        let at = source.position(source.value_at(&pointer).start);
        let place = format!("    {}:{}:{}", clean(source.name()), at.line, at.column);
        let statement = source.value().pointer(&pointer).map(|value| format!("{value:#}")).unwrap_or_default();
        let said = statement.lines().map(|line| Line::new().plain(format!("    {}", clean(line))));
        std::iter::once(Line::of(Paint::Dim, place)).chain(said).collect()
    }
}

/// The decision in a word. Policies of an organization allow nothing by themselves: IAM decides too.
fn word(decision: Decision, case: &Case) -> &'static str {
    match decision {
        Decision::Allow if case.levels.identity.is_none() => NOT_DENIED,
        other => other.name(),
    }
}

const NOT_DENIED: &str = "Not denied by policies";

fn paint(decision: Decision) -> Paint {
    match decision {
        Decision::Allow => Paint::Good,
        Decision::Deny => Paint::Danger,
        Decision::Undecided => Paint::Changed,
    }
}

/// The request; of several accounts, that of any.
fn asked(case: &Case, of_several: bool) -> Line {
    let request = &case.request;
    let resource = request.resource.as_ref().map(|resource| format!(" on {resource}")).unwrap_or_default();
    let account = account_of(&request.principal_arn).filter(|account| of_several && !account.is_empty());
    let principal = account.map_or_else(|| request.principal_arn.clone(), |id| request.principal_arn.replace(id, "*"));
    Line::new().plain(clean(&format!("{principal}: {}{resource}", request.action)))
}

/// Why it was decided so.
fn why(verdict: &Verdict, case: &Case) -> Line {
    let Some(decided) = &verdict.decided_by else {
        let why = match () {
            () if case.levels.identity.is_some() => ALLOWED,
            () if case.request.management_account => EXEMPT,
            () if case.levels.scps.is_empty() => NO_LEVELS,
            () => NOTHING_DENIES,
        };
        return Line::of(Paint::Dim, why);
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
const NO_LEVELS: &str = "no service control policies apply: the account is not in the organization";
const NOTHING_DENIES: &str = "no SCP and no RCP denies it; IAM policies were not evaluated (--identity-policy FILE)";
const ALLOWED: &str = "an identity policy allows it, and no SCP and no RCP denies it";

/// What denies, in words.
pub(super) fn reason(decided: &DecidedBy) -> String {
    clean(&decided.to_string())
}

/// What was decided before; why, where that is not the same now.
fn compared(before: &Verdict, answer: &Answer, case: &Case) -> Line {
    let is_same_reason = before.decided_by == answer.verdict.decided_by;
    let because = before.decided_by.as_ref().filter(|_| !is_same_reason).map(reason);
    let because = because.map(|because| format!(", because {because}")).unwrap_or_default();
    let line = Line::of(Paint::Dim, "before: ");
    if answer.is_changed() {
        line.with(Paint::Changed, word(before.decision, case)).plain(because)
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

fn summary(answers: &[(Case, Answer)], what: &str) -> Line {
    let count = |decision| answers.iter().filter(|(_, answer)| answer.verdict.decision == decision).count();
    let mut parts = vec![format!("{} {what}", answers.len())];
    let allow = answers.first().map_or(Decision::Allow.name(), |(case, _)| word(Decision::Allow, case));
    let words = [allow, Decision::Deny.name(), Decision::Undecided.name()];
    for (decision, word) in [Decision::Allow, Decision::Deny, Decision::Undecided].into_iter().zip(words) {
        parts.push(format!("{} {word}", count(decision)));
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
