//! Blocks of commands: each is run, and where its output is shown, that is what it prints.

use regex_lite::Regex;

use super::markdown::{Block, pages};
use super::shell::Shell;

/// A line that stands for any number of lines.
const LEFT_OUT: &str = "…";

/// What a block says of one command.
struct Step<'b> {
    command: &'b str,
    /// Empty where the block does not show any.
    output: Vec<&'b str>,
}

/// The blocks of a page are one session, in the page's folder.
#[test]
fn commands_of_a_page_run_and_print_what_it_shows() {
    let mut count = 0;
    for page in pages() {
        let mut shell = Shell::in_folder(page.path.parent().expect("a page is in a folder"));
        for block in page.blocks().iter().filter(|block| block.language == "console") {
            count += steps(block).iter().map(|step| check(step, block, &mut shell)).count();
        }
    }
    assert!(count > 20, "only {count} commands were found");
}

fn steps(block: &Block) -> Vec<Step<'_>> {
    let mut steps: Vec<Step<'_>> = Vec::new();
    for line in block.text.lines() {
        match (line.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => steps.push(Step { command, output: Vec::new() }),
            (None, Some(step)) => step.output.push(line),
            (None, None) => panic!("{}: a console begins with a command after `$ `", block.place),
        }
    }
    steps
}

fn check(step: &Step<'_>, block: &Block, shell: &mut Shell) {
    let ran = shell.run(step.command);
    let (place, command) = (&block.place, step.command);
    assert_eq!(ran.code, Some(0), "{place}: `{command}` fails:\n{}", ran.output);
    let printed: Vec<&str> = ran.output.lines().collect();
    let is_same = step.output.is_empty() || matches(&step.output, &printed);
    assert!(is_same, "{place}: `{command}` does not print what is shown but\n{}", ran.output);
}

fn matches(shown: &[&str], printed: &[&str]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((&LEFT_OUT, rest)) => (0..=printed.len()).any(|from| matches(rest, &printed[from..])),
        Some((line, rest)) => printed
            .split_first()
            .is_some_and(|(first, others)| timeless(line) == timeless(first) && matches(rest, others)),
    }
}

/// A line without the times that it says.
fn timeless(line: &str) -> String {
    let times = Regex::new(r"\d+(\.\d+)? (s|min)\b").expect("a valid pattern");
    times.replace_all(line.trim_end(), "TIME").into_owned()
}

#[test]
fn what_is_left_out_may_be_anything_and_what_is_shown_may_not() {
    let printed = ["a", "b", "took 1.5 s", "c"];
    assert!(matches(&["a", LEFT_OUT, "took 12 s", "c"], &printed));
    assert!(matches(&[LEFT_OUT], &printed));
    assert!(!matches(&["a", LEFT_OUT, "took 12 s"], &printed));
    assert!(!matches(&["b", LEFT_OUT], &printed));
}
