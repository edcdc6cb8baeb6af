//! What a plan says that was made against a snapshot.

use super::clean::clean;
use super::line::{Line, text_of};
use super::paint::Paint;
use super::plan::Layout;
use super::sentence::{calls, count, listed};
use crate::model::{Against, NotKnown, Plan};

/// What to do about what is not known.
pub(super) const AGAIN: &str =
    "Take a snapshot with this blueprint, which asks it: `landing snapshot BLUEPRINT --out FILE`.";

/// What the plan was made from: AWS, by so many calls, or a snapshot.
pub(super) fn looked_at(plan: &Plan) -> String {
    match &plan.against {
        None => calls(&plan.api_calls),
        Some(against) => format!("Against the snapshot of {}; apply plans anew.", clean(&against.taken)),
    }
}

/// What the snapshot does not know, one sentence each; none where it knows all.
pub(super) fn gaps(plan: &Plan) -> Vec<String> {
    let against = plan.against.as_ref();
    against.into_iter().flat_map(|against| &against.not_known).map(gap).collect()
}

fn gap(gap: &NotKnown) -> String {
    let questions: Vec<String> = gap.questions.iter().map(|question| clean(question)).collect();
    let questions = listed(&questions);
    let Some(kind) = &gap.kind else {
        return format!("not all of what changes are checked by: {questions}");
    };
    let names: Vec<String> = gap.left_out.iter().map(|address| clean(address.as_str())).collect();
    let left_out = match names.len() {
        0 => String::new(),
        number => format!("; left out: {} ({})", count(number, "change", "changes"), listed(&names)),
    };
    format!("{}: {questions}{left_out}", clean(&kind.replace('-', " ")))
}

/// The gaps as lines, with a title and what to do.
pub(super) fn gap_lines(gaps: &[String], width: usize) -> Vec<Line> {
    if gaps.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![Line::of(Paint::Strong, "Not known to the snapshot")];
    for gap in gaps {
        let line = Line::new().plain(gap.clone());
        lines.extend(line.wrap(&Line::of(Paint::Changed, "! "), &Line::new().plain("  "), width));
    }
    lines.extend(Line::of(Paint::Dim, AGAIN).wrap(&Line::new().plain("  "), &Line::new().plain("  "), width));
    lines
}

/// That a snapshot is looked at, and what it does not know, for commands that show something else than the plan.
pub fn not_known_text(against: &Against, layout: Layout) -> String {
    let gaps: Vec<String> = against.not_known.iter().map(gap).collect();
    let mut lines = vec![Line::of(Paint::Dim, format!("Looking at the snapshot of {}.", clean(&against.taken)))];
    lines.extend(gap_lines(&gaps, layout.width));
    text_of(&lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Address;

    #[test]
    fn a_gap_says_what_is_not_known_and_what_is_left_out() {
        let known = |kind: Option<&str>, left_out: &[&str]| NotKnown {
            kind: kind.map(str::to_owned),
            left_out: left_out.iter().map(|address| Address::parse(address)).collect(),
            questions: vec!["account/contact/1/BILLING".into(), "account/contact/2/BILLING".into()],
        };
        let questions = "account/contact/1/BILLING, account/contact/2/BILLING";
        assert_eq!(gap(&known(Some("alternate-contact"), &[])), format!("alternate contact: {questions}"));
        assert_eq!(
            gap(&known(Some("alternate-contact"), &["alternate-contact/a/billing"])),
            format!("alternate contact: {questions}; left out: 1 change (alternate-contact/a/billing)")
        );
        assert_eq!(gap(&known(None, &[])), format!("not all of what changes are checked by: {questions}"));
    }
}
