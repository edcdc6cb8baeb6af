//! What stands on the screen, at the widths that terminals have, without and with colors.

use insta::assert_snapshot;

use super::example::{drifted, eventful, first, quiet};
use super::shown::{RUN, cut_off, in_part};
use crate::model::{Action, Address, Change, Plan};
use crate::report::{Context, Layout, applied_text, drift_text, plan_text};

const CONTEXT: Context<'_> = Context {
    aws: Some("simulated AWS, .landing/sandbox.json"),
    next: Some("landing apply --sandbox --allow-destroy"),
};

fn at(width: usize) -> Layout {
    Layout { width, verbose: false }
}

fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

/// The same screen at 50, 80 and 120 columns, and with its colors.
fn screens(screen: impl Fn(Layout) -> String) -> String {
    let plain = [50, 80, 120].map(|width| format!("--- {width} columns\n{}\n", plain(&screen(at(width)))));
    format!("{}--- 80 columns, with colors\n{}", plain.concat(), screen(at(80)).replace('\u{1b}', "␛"))
}

fn risky() -> Plan {
    let changes = eventful().changes.into_iter().filter(|change| change.risk.needs_permission()).collect();
    Plan { changes, ..quiet() }
}

#[test]
fn screens_of_a_first_plan() {
    assert_snapshot!(screens(|layout| plan_text(&first(), None, layout, CONTEXT)));
}

#[test]
fn screens_of_a_plan_with_everything() {
    assert_snapshot!(screens(|layout| plan_text(&eventful(), None, layout, CONTEXT)));
}

#[test]
fn screens_of_a_plan_that_destroys() {
    assert_snapshot!(screens(|layout| plan_text(&risky(), None, layout, CONTEXT)));
}

#[test]
fn screens_of_applies_that_ended_in_part() {
    let both =
        |layout| format!("{}\n---\n{}", applied_text(&in_part(), RUN, layout), applied_text(&cut_off(), RUN, layout));
    assert_snapshot!(screens(both));
}

/// The columns of a line in which a branch goes on downwards.
fn branches(line: &str) -> Vec<usize> {
    line.chars().enumerate().filter(|(_, c)| matches!(c, '│' | '├')).map(|(column, _)| column).collect()
}

#[test]
fn at_any_width_lines_fit_and_no_branch_is_broken() {
    for width in (40..=140).step_by(10) {
        for verbose in [false, true] {
            let layout = Layout { width, verbose };
            let plans = [first(), eventful(), risky()].map(|plan| plan_text(&plan, None, layout, CONTEXT));
            let text = plain(&(plans.concat() + &drift_text(&drifted(), None, layout, CONTEXT)));
            let lines: Vec<&str> = text.lines().collect();
            for (line, next) in lines.iter().zip(&lines[1..]) {
                let at: Vec<char> = next.chars().collect();
                for column in branches(line) {
                    let goes_on = at.get(column).is_some_and(|c| matches!(c, '│' | '├' | '└'));
                    assert!(goes_on, "{width}: column {column} between\n{line}\n{next}");
                }
                // What is copied stays whole: a link, a command.
                let is_copied = line.trim_start().split(' ').count() == 1 || line.starts_with("Next: ");
                assert!(line.chars().count() <= width || is_copied, "{width}: {line}");
            }
        }
    }
}

#[test]
fn all_is_shown_where_everything_is_wanted() {
    let text = |verbose| plain(&plan_text(&first(), None, Layout { width: 100, verbose }, Context::default()));
    let (whole, folded) = (text(true), text(false));
    let changes = first().changes.len();
    let rows = |text: &str| text.lines().filter(|line| line.starts_with("+ ")).count();
    assert_eq!(rows(&whole), changes + 1, "each change has a row, beside the legend");
    assert!(rows(&folded) < changes / 2, "{folded}");
}

#[test]
fn two_thousand_accounts_are_a_few_screens() {
    let new = |address: Address, kind: &str, parent: Address| Change {
        parent: Some(parent),
        ..Change::new(Action::Create, kind, address)
    };
    let mut changes = Vec::new();
    for nth in 0..100 {
        let unit = Address::unit([format!("U{nth}")]);
        changes.push(new(unit.clone(), "organizational-unit", Address::root()));
        let accounts = (0..20).map(|own| new(Address::account(&format!("a{nth}-{own}")), "account", unit.clone()));
        changes.extend(accounts);
    }
    let text = plain(&plan_text(&Plan { changes, ..quiet() }, None, at(100), CONTEXT));
    assert!(text.lines().count() <= 30, "{text}");
    assert!(text.contains("97 more OUs with 1940 accounts"), "{text}");
}
