//! Blocks of commands: each is run, and where its output is shown, that is what it prints.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use regex_lite::Regex;

use super::markdown::{Block, Page, pages};
use super::shell::Shell;

/// A line that stands for any number of lines.
const LEFT_OUT: &str = "…";

/// What a block says of one command.
struct Step<'b> {
    command: &'b str,
    /// Empty where the block does not show any.
    output: Vec<&'b str>,
}

/// Sessions that run at the same time: as many as the gate's machine has cores.
const AT_ONCE: usize = 2;

/// The blocks of a page are one session, in the page's folder.
#[test]
fn commands_of_a_page_run_and_print_what_it_shows() {
    let (pages, next) = (pages(), AtomicUsize::new(0));
    let (count, failures) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some(page) = pages.get(next.fetch_add(1, Ordering::Relaxed)) {
            match session(page) {
                Ok(steps) => _ = count.fetch_add(steps, Ordering::Relaxed),
                Err(failure) => failures.lock().expect("no session panics").push(failure),
            }
        }
    };
    thread::scope(|scope| (0..AT_ONCE).for_each(|_| drop(scope.spawn(work))));
    let failures = failures.into_inner().expect("no session panics");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(count.into_inner() > 20, "hardly a command was found");
}

/// Runs a page's commands up to the first that fails, and counts them.
fn session(page: &Page) -> Result<usize, String> {
    let blocks: Vec<Block> = page.blocks().into_iter().filter(|block| block.language == "console").collect();
    if blocks.is_empty() {
        return Ok(0);
    }
    let mut shell = Shell::in_folder(page.path.parent().expect("a page is in a folder"));
    let mut count = 0;
    for block in &blocks {
        for step in steps(block) {
            check(&step, block, &mut shell)?;
            count += 1;
        }
    }
    Ok(count)
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

fn check(step: &Step<'_>, block: &Block, shell: &mut Shell) -> Result<(), String> {
    let ran = shell.run(step.command);
    let (place, command) = (&block.place, step.command);
    if ran.code != Some(0) {
        return Err(format!("{place}: `{command}` fails:\n{}", ran.output));
    }
    let printed: Vec<&str> = ran.output.lines().collect();
    if !step.output.is_empty() && !matches(&step.output, &printed) {
        return Err(format!("{place}: `{command}` does not print what is shown but\n{}", ran.output));
    }
    Ok(())
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
