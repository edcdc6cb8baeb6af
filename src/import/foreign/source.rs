use std::fmt;

use super::json;
use super::tree::Node;
use super::yaml;

/// The longest file that is read, in bytes. States of whole organizations have a few megabytes.
pub const MAX_BYTES: usize = 32 << 20;

/// Where files come from. The paths are as they were given, or as a file has them, from the folder of the first one.
pub trait Source {
    /// The text of a file.
    ///
    /// # Errors
    /// With the reason, where it cannot be read.
    fn text(&self, path: &str) -> Result<String, String>;
}

/// Why files cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The file.
    pub file: String,
    /// The line, counted from one, where it is known.
    pub line: Option<usize>,
    /// What is wrong, without the file.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}

impl Mistake {
    /// One of a whole file.
    pub(super) fn of(file: &str, message: impl Into<String>, help: impl Into<String>) -> Mistake {
        Mistake { file: file.to_owned(), line: None, message: message.into(), help: help.into() }
    }

    /// The same, in a line.
    pub(super) fn at(self, line: usize) -> Mistake {
        Mistake { line: Some(line).filter(|line| *line > 0), ..self }
    }
}

/// A file's text, which is not too long.
pub(super) fn text(source: &dyn Source, file: &str) -> Result<String, Mistake> {
    let text = source.text(file).map_err(|reason| {
        Mistake::of(
            file,
            format!("it cannot be read: {reason}"),
            "name a file that is there, in or below the folder of the first one",
        )
    })?;
    if text.len() > MAX_BYTES {
        let message = format!("it has {} bytes, and at most {MAX_BYTES} are read", text.len());
        return Err(Mistake::of(file, message, "give the files of the organization alone"));
    }
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// A text as a tree: JSON where the file's name or its first sign says so, else YAML.
pub(super) fn parse(file: &str, text: &str) -> Result<Node, Mistake> {
    let is_json = file.ends_with(".json") || file.ends_with(".tfstate") || text.trim_start().starts_with("{\"");
    if is_json { json::parse(file, text) } else { yaml::parse(file, text) }
}

/// The path of a file that another one names, from the same folder as the other's.
///
/// # Errors
/// When it leads out of the folder, or elsewhere than to a file.
pub(super) fn beside(file: &str, named: &str) -> Result<String, Mistake> {
    let refused = |why: &str| {
        Mistake::of(
            file,
            format!("it names {named}, {why}"),
            "have all files in or below one folder, and name them from there",
        )
    };
    if named.contains("://") {
        return Err(refused("which is not a file: nothing is fetched"));
    }
    if named.starts_with(['/', '\\']) || named.chars().nth(1) == Some(':') || named.contains('\0') {
        return Err(refused("which is not below the folder of the file"));
    }
    let mut parts: Vec<&str> = file.split('/').filter(|part| *part != ".").collect();
    parts.pop();
    for part in named.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." if matches!(parts.last(), None | Some(&"..")) => {
                return Err(refused("which leads out of the folder"));
            }
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    Ok(parts.join("/"))
}
