use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_mangen::Man;
use landing_blueprint::did_you_mean;

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::files::{Access, write_whole};
use super::super::session::Session;

/// Print a manual page, or write all of them
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// The command whose page to print [default: the page of landing itself]
    command: Option<String>,
    /// Write the pages of all commands into this folder: landing.1, landing-plan.1 and so on
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    out: Option<PathBuf>,
}

pub(in super::super) fn run(arguments: &Arguments, program: Command, session: &Session) -> Result<Exit, Failure> {
    let mut program = program.disable_help_subcommand(true);
    program.build();
    if let Some(folder) = &arguments.out {
        return write_all(&program, folder, session);
    }
    let command = match &arguments.command {
        Some(name) => program.find_subcommand(name).ok_or_else(|| unknown(name, &program))?,
        None => &program,
    };
    session.out.result(&page(command)?)?;
    Ok(Exit::DONE)
}

fn unknown(name: &str, program: &Command) -> Failure {
    let near = did_you_mean(name, program.get_subcommands().map(Command::get_name));
    let help = near.map_or_else(|| "`landing help` lists them".to_owned(), |near| format!("did you mean `{near}`?"));
    Failure::new(format!("landing has no command `{name}`")).help(help).exit(Exit::USAGE)
}

fn write_all(command: &Command, folder: &Path, session: &Session) -> Result<Exit, Failure> {
    for command in family(command) {
        let file = folder.join(Man::new(command.clone()).get_filename());
        write_whole(&file, &page(command)?, Access::Usual)?;
        session.out.say(&format!("wrote {}\n", file.display()));
    }
    Ok(Exit::DONE)
}

/// A command, and those below it.
fn family(command: &Command) -> Vec<&Command> {
    let below = command.get_subcommands().flat_map(family);
    std::iter::once(command).chain(below).collect()
}

fn page(command: &Command) -> Result<String, Failure> {
    let mut page = Vec::new();
    render(command, &mut page).map_err(|error| Failure::new(format!("the manual page cannot be made: {error}")))?;
    Ok(with_one_preamble(&String::from_utf8_lossy(&page)))
}

/// Every section begins with the same definitions, which one page needs once.
fn with_one_preamble(page: &str) -> String {
    let is_preamble = |line: &str| line.starts_with(".ie ") || line.starts_with(".el ");
    let lines = page.lines().enumerate().filter(|(number, line)| *number < 2 || !is_preamble(line));
    lines.map(|(_, line)| format!("{line}\n")).collect()
}

/// In the order of man-pages(7). What follows the options in the help is laid out by lines, which the generator's own section would
/// run together.
fn render(command: &Command, page: &mut Vec<u8>) -> std::io::Result<()> {
    let man = Man::new(command.clone()).source(concat!("landing ", env!("CARGO_PKG_VERSION"))).manual("landing manual");
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(page)?;
    }
    if let Some(text) = command.get_after_long_help() {
        page.extend(laid_out(&text.to_string()).bytes());
    }
    Ok(())
}

/// A section that keeps its lines; the first one is its heading.
fn laid_out(text: &str) -> String {
    let (heading, lines) = text.split_once('\n').unwrap_or((text, ""));
    let lines: String = lines.lines().map(|line| format!("\\&{}\n", escaped(line))).collect();
    format!(".SH \"{}\"\n.nf\n{lines}.fi\n", heading.trim_end_matches(':').to_uppercase())
}

fn escaped(line: &str) -> String {
    line.replace('\\', "\\e").replace('-', "\\-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_examples_stay_lines() {
        assert_eq!(
            laid_out("Examples:\n  Write it:\n    .x --out 'a\\b'"),
            ".SH \"EXAMPLES\"\n.nf\n\\&  Write it:\n\\&    .x \\-\\-out 'a\\eb'\n.fi\n"
        );
    }
}
