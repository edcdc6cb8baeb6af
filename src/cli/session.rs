use std::path::Path;

use clap::ValueEnum;
use landing_blueprint::Failed;

use super::exit::Exit;
use super::failure::Failure;
use super::global::{Format, Global};
use super::output::Output;
use crate::sections::{Declared, declare_below};

/// What holds for the whole run.
pub(super) struct Session {
    pub global: Global,
    pub out: Output,
}

impl Session {
    pub fn new(global: Global) -> Session {
        let out = Output::new(global.color, global.quiet, global.verbose).paging(!global.no_pager);
        Session { global, out }
    }

    /// Reads a blueprint as it is today.
    ///
    /// # Errors
    /// Every mistake in it, at once.
    pub fn read(&self, path: &Path) -> Result<Declared, Box<Failed>> {
        declare_below(path, self.global.root.as_deref(), Some(self.global.today()))
    }

    /// Reads a blueprint; shows its warnings, and its errors where it has some.
    ///
    /// # Errors
    /// When it has errors.
    pub fn declare(&self, path: &Path) -> Result<Declared, Failure> {
        match self.read(path) {
            Ok(declared) => {
                let (color, layout) = (self.out.colors_stderr(), self.out.layout_of_stderr());
                self.out.say(&declared.warnings.render(&declared.sources, color, layout.width));
                Ok(declared)
            }
            Err(failed) => Err(self.show_failed(path, &failed)),
        }
    }

    /// Shows what is wrong with a blueprint.
    pub fn show_diagnostics(&self, failed: &Failed) {
        let (color, layout) = (self.out.colors_stderr(), self.out.layout_of_stderr());
        self.out.insist(&failed.diagnostics.render(&failed.sources, color, layout.width));
    }

    fn show_failed(&self, path: &Path, failed: &Failed) -> Failure {
        if !path.exists() {
            return Failure::new(format!("there is no blueprint {}", path.display()))
                .help("`landing init` writes one; or name another file");
        }
        self.show_diagnostics(failed);
        Failure::new(format!("{} cannot be used: {}", path.display(), mistakes(failed.diagnostics.errors())))
            .help("mend what is shown above; `landing validate` checks it without AWS")
    }

    /// Refuses a format that a command does not have.
    ///
    /// # Errors
    /// Wrong usage.
    pub fn only(&self, formats: &[Format], command: &str) -> Result<Format, Failure> {
        if formats.contains(&self.global.format) {
            return Ok(self.global.format);
        }
        let names: Vec<String> = formats.iter().filter_map(name_of).collect();
        Err(Failure::new(format!("`landing {command}` does not report in this format"))
            .help(format!("--format {}", names.join(" or ")))
            .exit(Exit::USAGE))
    }
}

/// A format as it is written behind `--format`.
fn name_of(format: &Format) -> Option<String> {
    Some(format.to_possible_value()?.get_name().to_owned())
}

/// `1 error`, `3 errors`.
pub(super) fn mistakes(number: usize) -> String {
    format!("{number} {}", if number == 1 { "error" } else { "errors" })
}
