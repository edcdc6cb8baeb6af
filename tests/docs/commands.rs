//! `docs/reference/commands.md`, written from the program's own help.

use std::collections::BTreeSet;
use std::fmt::Write;

use regex_lite::Regex;
use snapbox::{Data, assert_data_eq};

use super::markdown::pages;
use super::repository;
use super::shell::Shell;

const HEAD: &str = "# Commands

This page is written by `tests/docs/commands.rs` from `landing --help` and the help of each command: change those instead.

Commands take the blueprint `landing.yaml` in the working directory unless another is named. Results go to standard output, everything else to
standard error. `plan`, `apply` and `drift` report as text or JSON (`--format json`), `plan`, `drift`, `replay` and `guardrails` also as Markdown;
`plan` and `drift` also as a page for browsers (`--format html`); `accounts` and `graph` have formats of their own. [Exit codes](exit-codes.md) are the same for all commands.

Options of several commands are under [landing](#landing), and the help of a command shows those that have an effect on it. `--sandbox` is one of them: it runs against the
[simulated AWS](../concepts/simulator.md) in place of AWS.
";

/// What a command is for, beside its help, and the page that shows it.
const ABOUT: &[(&str, &str)] = &[
    ("init", "Writes a [built-in blueprint](built-in-blueprints.md) to start from; without `--from`, lists them."),
    ("validate", "Checks [a blueprint](../blueprint/index.md) without AWS, and reports all mistakes at once."),
    (
        "plan",
        "Shows what apply would change, and writes nothing ([How landing works](../concepts/how-it-works.md#what-a-plan-shows)).",
    ),
    ("apply", "Shows what would change, asks, and does it ([What apply promises](../concepts/promises.md))."),
    (
        "drift",
        "Finds what differs from the blueprint, drifted stacks included, and who changed it; for CI ([Find drift](../guides/drift.md)).",
    ),
    (
        "import",
        "Writes a blueprint of the live organization, and proves that planning it changes nothing ([Adopt an organization](../guides/adopt.md)).",
    ),
    (
        "render",
        "Writes every policy, permission set and CloudFormation template as AWS would get it, and their parameters, as files.",
    ),
    (
        "simulate",
        "Reports whether policies deny a request in every account, before and after the plan, and by which statement ([Check policies](../guides/check-policies.md)).",
    ),
    (
        "why",
        "Reports which statement denied a request, by its message or CloudTrail event, from which line, and the smallest exemption as a patch ([Find out why a request was denied](../guides/why.md)).",
    ),
    (
        "replay",
        "Reports which calls in CloudTrail logs the plan would deny; `plan --replay LOGS` shows it beside the plan ([Replay and simulate](replay.md)).",
    ),
    (
        "lint",
        "Finds mistakes in the policies of a blueprint or of JSON files, each with its place ([Findings of lint](lint.md)).",
    ),
    ("guardrails", "Lists [the catalogue of guardrails](guardrails/index.md), or explains one."),
    (
        "explain",
        "Shows all that applies to an account, OU, policy, permission set, group, user or stack, and where it comes from ([Explain an account](../guides/explain.md)).",
    ),
    (
        "graph",
        "Draws the organization as SVG, HTML, Mermaid or for Graphviz; [Built-in blueprints](built-in-blueprints.md) shows four pictures.",
    ),
    (
        "snapshot",
        "Writes all that is observed to a file, for `plan`, `drift`, `explain`, `simulate`, `replay`, `graph` and `accounts` with `--against FILE`, which then need no credentials ([Plan without credentials](../guides/snapshots.md)).",
    ),
    (
        "accounts",
        "Prints the accounts as data: JSON, CSV, variables, profiles for the AWS CLI, Cloud Posse's account map ([Use the accounts in other programs](../guides/accounts.md)).",
    ),
    (
        "permissions",
        "Prints an IAM policy that allows what plan and apply call ([A landing zone on AWS](../start/aws.md#permissions)).",
    ),
    ("doctor", "Reports what prevents plan and apply ([Troubleshooting](../troubleshooting.md))."),
    (
        "history",
        "Shows who applied the blueprint, when and from which commit ([See who applied what](../guides/history.md)).",
    ),
    ("sandbox", "Serves, prints and resets the [simulated AWS](../concepts/simulator.md), for other programs too."),
    (
        "schema",
        "Prints the JSON Schema of blueprints, for [editors](../guides/editor.md), or of what `plan`, `drift`, `replay`, `simulate` and `lint` print as JSON.",
    ),
    ("completions", "Prints a shell's completions."),
    ("man", "Prints the manual page of landing or of one command; with `--out DIR`, writes all of them."),
];

#[test]
fn the_page_of_commands_has_the_help_of_each() {
    let page = Data::read_from(&repository().join("docs/reference/commands.md"), None).raw();
    assert_data_eq!(page_text(), page);
}

#[test]
fn every_command_is_introduced_and_no_other() {
    let introduced: BTreeSet<String> = ABOUT.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(introduced, commands());
}

#[test]
fn pages_name_commands_that_exist() {
    let (known, named) = (commands(), Regex::new("`landing ([a-z]+)").expect("a valid pattern"));
    for page in pages() {
        for name in named.captures_iter(&page.prose()) {
            assert!(known.contains(&name[1]), "{}: no command `{}`", page.path.display(), &name[1]);
        }
    }
}

/// As `--help` lists them.
pub fn commands() -> BTreeSet<String> {
    let help = Shell::in_folder("".as_ref()).done("landing --help");
    listed(&help).into_iter().collect()
}

/// The commands that a help lists, in its order, whatever groups they are in.
fn listed(help: &str) -> Vec<String> {
    let row = Regex::new(r"^  ([a-z]+)(?:  +\S.*)?$").expect("a valid pattern");
    let lines = help.lines().skip_while(|line| !line.starts_with("Usage:"));
    let lines = lines.take_while(|line| !line.starts_with("Options:") && !line.starts_with("Arguments:"));
    let names = lines.filter_map(|line| Some(row.captures(line)?[1].to_owned()));
    names.filter(|name| name != "help").collect()
}

fn page_text() -> String {
    let mut shell = Shell::in_folder("".as_ref());
    let help = shell.done("landing --help");
    let mut text = HEAD.to_owned() + "\n| command | |\n|---|---|\n";
    let names = listed(&help);
    for name in &names {
        let _ = writeln!(text, "| [`landing {name}`](#landing-{name}) | {} |", about(name));
    }
    text += &block("## landing", &help);
    names.iter().for_each(|name| text += &section(&mut shell, name, &help));
    text
}

/// A command's help, and that of its own commands, without what is under `shared` already.
fn section(shell: &mut Shell, name: &str, shared: &str) -> String {
    let help = shell.done(&format!("landing {name} --help"));
    let mut text = block(&format!("## landing {name}"), &own(&help, shared));
    for inner in listed(&help) {
        let command = format!("landing {name} {inner}");
        text += &block(&format!("### {command}"), &own(&shell.done(&format!("{command} --help")), shared));
    }
    text
}

/// The parts of a help that are not parts of another one.
fn own(help: &str, shared: &str) -> String {
    let shared = parts(shared);
    parts(help).into_iter().filter(|part| !shared.contains(part)).collect::<Vec<_>>().join("\n")
}

/// A help in parts, each from its heading on.
fn parts(help: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for line in help.trim_end().lines() {
        if line.ends_with(':') && !line.starts_with(' ') {
            parts.push(String::new());
        }
        let last = parts.last_mut().expect("there is a first part");
        *last += &format!("{}\n", line.trim_end());
    }
    parts.iter().map(|part| format!("{}\n", part.trim_end())).collect()
}

fn block(heading: &str, help: &str) -> String {
    let lines: Vec<&str> = help.trim_end().lines().map(str::trim_end).collect();
    format!("\n{heading}\n\n```text\n{}\n```\n", lines.join("\n"))
}

fn about(name: &str) -> &'static str {
    ABOUT.iter().find(|(own, _)| *own == name).map(|(_, about)| *about).unwrap_or_default()
}

#[test]
fn commands_are_found_in_groups_too() {
    let plain = "Usage: landing <COMMAND>\n\nCommands:\n  init  Write\n  plan  Show\n\nOptions:\n  -h  Print\n";
    let grouped =
        "Usage: landing\n\nStart:\n  init  Write\n\nChange:\n  plan  Show\n  help  Print\n\nOptions:\n  -h  Print\n";
    assert_eq!(listed(plain), ["init", "plan"]);
    assert_eq!(listed(grouped), ["init", "plan"]);
    assert!(listed("Usage: landing plan\n\nArguments:\n  [BLUEPRINT]\n").is_empty());
}
