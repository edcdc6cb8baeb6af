use std::fs;
use std::path::Path;

use landing_blueprint::{Failed, did_you_mean};

use super::failure::Failure;
use super::global::Global;
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
            let near = near_files(path).map(|near| format!("did you mean {near}? "));
            return Failure::new(format!("there is no blueprint {}", path.display()))
                .help(near.unwrap_or_default() + "`landing init` writes one");
        }
        self.show_diagnostics(failed);
        Failure::new(format!("{} cannot be used: {}", path.display(), mistakes(failed.diagnostics.errors())))
            .help("correct what is shown above")
    }
}

/// A file beside `path` whose name is most like its own.
pub(super) fn near_files(path: &Path) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let names = fs::read_dir(folder).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<String> = names.take(MOST_FILES).collect();
    names.sort();
    let near = did_you_mean(path.file_name()?.to_str()?, names.iter().map(String::as_str))?;
    Some(path.with_file_name(near).display().to_string())
}

/// Names that are compared, so that a large folder takes no time.
const MOST_FILES: usize = 1_000;

/// `1 error`, `3 errors`.
pub(super) fn mistakes(number: usize) -> String {
    format!("{number} {}", if number == 1 { "error" } else { "errors" })
}
