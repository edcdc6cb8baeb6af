use std::collections::BTreeSet;

use clap::error::ErrorKind;

use super::*;

/// The words of a command line, without what the shell does with its output.
fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().take_while(|word| !matches!(*word, ">" | "|")).collect()
}

fn help(line: &str) -> String {
    let error = program().try_get_matches_from(words(line)).expect_err("help is no command");
    assert_eq!(error.kind(), ErrorKind::DisplayHelp, "{line}: {error}");
    error.to_string()
}

#[test]
fn every_command_is_in_exactly_one_group() {
    let listed: Vec<&str> = GROUPS.iter().flat_map(|group| group.entries).map(|entry| entry.name).collect();
    let program = Cli::command();
    let known: BTreeSet<&str> = program.get_subcommands().map(Command::get_name).collect();
    assert_eq!(listed.iter().copied().collect::<BTreeSet<_>>(), known);
    assert_eq!(listed.len(), known.len(), "a command stands in two groups: {listed:?}");
}

#[test]
fn every_command_has_two_to_four_examples_that_parse() {
    for entry in GROUPS.iter().flat_map(|group| group.entries) {
        assert!((2..=4).contains(&entry.examples.len()), "{}", entry.name);
        for Example(_, line) in entry.examples {
            assert!(line.len() <= 76, "a terminal of 80 columns breaks {line}");
            let parsed = program().try_get_matches_from(words(line));
            parsed.unwrap_or_else(|error| panic!("{line}: {error}"));
        }
        assert!(help(&format!("landing help {}", entry.name)).contains("Examples:\n"), "{}", entry.name);
    }
}

#[test]
fn help_lists_the_commands_in_groups() {
    insta::assert_snapshot!(help("landing -h"));
    assert!(help("landing --help").contains("Exit codes:"));
    assert!(!help("landing plan --help").contains("Exit codes:"));
    assert_eq!(help("landing help"), help("landing --help"));
    assert_eq!(help("landing help drift"), help("landing drift --help"));
}

#[test]
fn a_command_shows_the_options_that_have_an_effect_on_it() {
    insta::assert_snapshot!(help("landing accounts --help"));
    let shows = |line: &str, option: &str| help(line).contains(option);
    assert!(shows("landing plan -h", "--sandbox") && !shows("landing plan -h", "--latency-ms"));
    assert!(shows("landing plan --help", "--latency-ms"));
    assert!(!shows("landing validate --help", "--profile") && shows("landing validate --help", "--root"));
    assert!(shows("landing permissions --help", "--region") && !shows("landing permissions --help", "--profile"));
    assert!(!shows("landing schema --help", "--sandbox") && !shows("landing schema --help", "--format"));
    assert!(shows("landing sandbox serve --help", "--faults") && !shows("landing sandbox serve --help", "--profile"));
}

#[test]
fn options_that_are_not_shown_still_parse() {
    for line in [
        "landing schema --sandbox --format json --profile x",
        "landing --latency-ms 1 --limits aws plan --lags short --faults 1:0.1 --cut-after 3",
        "landing sandbox show --region eu-west-1",
        "landing validate --endpoint-url http://localhost:1",
    ] {
        program().try_get_matches_from(words(line)).unwrap_or_else(|error| panic!("{line}: {error}"));
    }
}

#[test]
fn a_format_of_another_command_is_refused_with_the_commands_own() {
    let refused = ensure_format("doctor", Format::Json).expect_err("doctor writes text alone");
    assert_eq!((refused.exit, refused.help.as_deref()), (Exit::USAGE, Some("--format text")));
    assert_eq!(refused.message, "`landing doctor` does not report as json");
    assert!(ensure_format("plan", Format::Json).is_ok() && ensure_format("graph", Format::Text).is_ok());
    assert!(ensure_format("render", Format::Json).is_ok(), "it has none of its own");
    let error = program().try_get_matches_from(["landing", "drift", "--format", "sarf"]).expect_err("a typo");
    let text = error.to_string();
    assert!(
        text.contains("[possible values: text, json, markdown, html, sarif]") && text.contains("'sarif'"),
        "{text}"
    );
}
