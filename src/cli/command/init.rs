use std::path::{Path, PathBuf};

use clap::Args;
use landing_blueprint::did_you_mean;

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::files::{Access, write_whole};
use super::super::next::quoted;
use super::super::session::Session;
use crate::report::{Line, Paint};
use crate::sections::{SCHEMA_FILE, builtin, schema_text, with_schema_line};

/// Write a blueprint to start from
///
/// Without --from, list the built-in blueprints. No file is overwritten.
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// The folder to write into
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// The built-in blueprint
    #[arg(long, value_name = "NAME")]
    from: Option<String>,
}

pub(in super::super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    match &arguments.from {
        Some(name) => write(&arguments.dir, name, session),
        None => list(&arguments.dir, session),
    }
}

fn list(dir: &Path, session: &Session) -> Result<Exit, Failure> {
    let widest = builtin::list().iter().map(|builtin| builtin.name.len()).max().unwrap_or(0);
    let mut text = String::from("Blueprints to start from:\n\n");
    for builtin in builtin::list() {
        let name = Line::new().plain("  ").with(Paint::Strong, format!("{:widest$}", builtin.name));
        text += &format!("{}\n", name.plain(format!("  {}", builtin.summary)).to_ansi());
    }
    let first = builtin::list().first().map(|builtin| builtin.name).unwrap_or_default();
    let dir = if dir == Path::new(".") { String::new() } else { format!(" {}", quoted(&dir.to_string_lossy())) };
    let next = Line::of(Paint::Dim, "Next: ").with(Paint::Link, format!("landing init{dir} --from {first}"));
    session.out.result(&format!("{text}\n{}\n", next.to_ansi()))?;
    Ok(Exit::DONE)
}

fn write(dir: &Path, name: &str, session: &Session) -> Result<Exit, Failure> {
    let files = builtin::files(name).ok_or_else(|| unknown(name))?;
    let targets: Vec<(PathBuf, String)> =
        files.iter().map(|(path, text)| (beneath(dir, path), with_schema_line(text))).collect();
    if let Some((taken, _)) = targets.iter().find(|(path, _)| path.exists()) {
        return Err(Failure::new(format!("{} exists already; nothing was written", taken.display()))
            .help("name another folder: `landing init DIR --from NAME`, or move the file away"));
    }
    let mut text = String::new();
    let schema = (beneath(dir, SCHEMA_FILE), schema_text());
    for (path, content) in targets.iter().chain([&schema]) {
        write_whole(path, content, Access::Usual)?;
        text += &format!("{}\n", Line::of(Paint::Added, "+ ").plain(path.display().to_string()).to_ansi());
    }
    let step = if dir == Path::new(".") { String::new() } else { format!("cd {} && ", quoted(&dir.to_string_lossy())) };
    let next = Line::of(Paint::Dim, "Next: ").with(Paint::Link, format!("{step}landing plan --sandbox"));
    session.out.result(&format!("{text}{}\n", next.to_ansi()))?;
    Ok(Exit::DONE)
}

/// As a person would write it: without `./`.
fn beneath(dir: &Path, path: &str) -> PathBuf {
    if dir == Path::new(".") { path.into() } else { dir.join(path) }
}

fn unknown(name: &str) -> Failure {
    let names = || builtin::list().iter().map(|builtin| builtin.name);
    let help = match did_you_mean(name, names()) {
        Some(near) => format!("did you mean {near}?"),
        None => format!("there are {}", names().collect::<Vec<_>>().join(", ")),
    };
    Failure::new(format!("no built-in blueprint is called {name}")).help(help)
}
