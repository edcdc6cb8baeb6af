//! The command line as its help shows it: commands in groups, each with its own options, formats and examples.

mod examples;
mod format;
mod groups;
#[cfg(test)]
mod tests;

use std::fmt::Write;

use clap::builder::StyledStr;
use clap::{Arg, Command, CommandFactory};

use super::arguments::Cli;
use super::exit::Exit;
use super::failure::Failure;
use super::global::{Format, SIMULATED};
use examples::Example;
use groups::{Entry, GROUPS, entry};

/// The command line as it is parsed. Its help lists the commands in groups, which clap has no notion of: clap's own list is hidden.
pub(super) fn program() -> Command {
    let program = described();
    let template = template(&program);
    program
        .mut_args(brief)
        .mut_subcommands(|command| command.mut_args(brief).hide(true))
        .override_usage("landing [OPTIONS] <COMMAND>")
        .help_template(template)
}

/// An option as short help has it: how the simulated AWS behaves is for the long one.
fn brief(argument: Arg) -> Arg {
    let is_behavior = argument.get_help_heading() == Some(SIMULATED) && argument.get_id() != "sandbox";
    argument.hide_short_help(is_behavior)
}

/// The command line as completions and manual pages describe it.
pub(super) fn described() -> Command {
    let program = Cli::command();
    let shared: Vec<Arg> = program.get_arguments().filter(|argument| argument.is_global_set()).cloned().collect();
    program.mut_subcommands(|command| match entry(command.get_name()) {
        Some(entry) => arranged(command, entry, &shared),
        None => command,
    })
}

/// Refuses a format that the command does not have. Text is every command's default.
///
/// # Errors
/// Wrong usage.
pub(super) fn ensure_format(command: &str, format: Format) -> Result<(), Failure> {
    let formats = entry(command).map_or(&[][..], |entry| entry.formats);
    if formats.is_empty() || format == Format::Text || formats.contains(&format) {
        return Ok(());
    }
    let message = format!("`landing {command}` does not report as {}", format::name_of(format));
    let names: Vec<String> = formats.iter().copied().map(format::name_of).collect();
    Err(Failure::new(message).help(format!("--format {}", names.join(" or "))).exit(Exit::USAGE))
}

/// A command with its own copies of the options that hold for all: clap shows a copy in place of the original.
fn arranged(command: Command, entry: &Entry, shared: &[Arg]) -> Command {
    let command = shared.iter().fold(command, |command, argument| command.arg(own(argument.clone(), entry)));
    let style = command.get_styles().get_header().to_owned();
    let mut text = format!("{style}Examples:{style:#}");
    for Example(purpose, command) in entry.examples {
        // A text takes every line.
        let _ = write!(text, "\n  {purpose}:\n    {command}");
    }
    command.after_long_help(StyledStr::from(text))
}

/// An option as one command has it: hidden where it has no effect.
fn own(argument: Arg, entry: &Entry) -> Arg {
    if argument.get_id() == "format" {
        let parser = format::OneOf(entry.formats);
        let is_drawn = !entry.formats.contains(&Format::Text);
        return argument.value_parser(parser).hide_default_value(is_drawn).hide(entry.formats.len() < 2);
    }
    let applies = entry.options.iter().any(|it| argument.get_help_heading() == Some(it) || argument.get_id() == *it);
    argument.hide(!applies)
}

/// The help of the program: about, usage, commands in groups, options.
fn template(program: &Command) -> StyledStr {
    let style = program.get_styles().get_header().to_owned();
    let name_style = program.get_styles().get_literal().to_owned();
    let mut text = String::from("{before-help}{about-with-newline}\n{usage-heading} {usage}\n\n");
    for group in GROUPS {
        let _ = writeln!(text, "{style}{}:{style:#}", group.title);
        for entry in group.entries {
            let command = program.find_subcommand(entry.name);
            let about = command.and_then(Command::get_about).map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(text, "  {name_style}{:<12}{name_style:#} {about}", entry.name);
        }
        text.push('\n');
    }
    text += "`landing help COMMAND` shows a command's options and examples.\n\n{all-args}{after-help}";
    StyledStr::from(text)
}
