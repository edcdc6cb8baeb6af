//! The source tree as text.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use super::strip::code_of;

/// One file of the program, without its tests.
pub struct Source {
    /// From the top of the repository: `src/model/address.rs`, `crates/policy/src/statement.rs`.
    pub path: String,
    /// Its code alone: no comments, nothing inside quotes, no test code; every line where it was.
    pub code: String,
}

/// A place in a file, with the line that is there.
pub type Finding = String;

impl Source {
    /// The first folder or file below `src`: `model`.
    pub fn module(&self) -> &str {
        let below = self.path.trim_start_matches("src/");
        below.split(['/', '.']).next().unwrap_or(below)
    }

    /// Whether it lies in one of these folders, or is one of these files.
    pub fn is_in(&self, places: &[&str]) -> bool {
        places.iter().any(|place| Path::new(&self.path).starts_with(place))
    }

    /// Every line with one of `words` in it.
    pub fn mentions(&self, words: &[&str]) -> Vec<Finding> {
        self.lines(|line| words.iter().any(|word| line.contains(word)))
    }

    /// Every line that is `wrong`.
    pub fn lines(&self, wrong: impl Fn(&str) -> bool) -> Vec<Finding> {
        let numbered = self.code.lines().enumerate().filter(|(_, line)| wrong(line));
        numbered.map(|(number, line)| format!("{}:{}: {}", self.path, number + 1, line.trim())).collect()
    }
}

/// Every file of the program, without files of tests.
pub fn sources() -> &'static [Source] {
    static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
        let files =
            files_below("src").into_iter().chain(files_below("crates").into_iter().filter(|path| is_of_a_crate(path)));
        let files = files.filter(|path| path.ends_with(".rs") && !is_test(path));
        files.map(|path| Source { code: code_of(&read(&path)), path }).collect()
    });
    &SOURCES
}

/// Whether it is of a crate itself: not of its tests, benches or fuzz targets.
fn is_of_a_crate(path: &str) -> bool {
    path.split('/').nth(2) == Some("src")
}

fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

/// The text of a file of the repository.
pub fn read(path: &str) -> String {
    let path = top().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The paths of all files below a folder of the repository, from the top, hidden ones and what is built left out.
pub fn files_below(folder: &str) -> Vec<String> {
    let mut files = Vec::new();
    collect(&top().join(folder), &mut files);
    let from_the_top = |path: &PathBuf| path.strip_prefix(top()).ok().and_then(Path::to_str).map(str::to_owned);
    files.iter().filter_map(from_the_top).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder).expect("the folder can be listed").flatten().collect();
    entries.sort_by_key(fs::DirEntry::path);
    for entry in entries {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        match entry.file_type().expect("the file is there") {
            _ if name.starts_with('.') || name == "target" || name == "__pycache__" => {}
            kind if kind.is_dir() => collect(&path, files),
            _ => files.push(path),
        }
    }
}

/// The top of the repository.
pub fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Fails if anything was found, saying where and what to do.
#[track_caller]
pub fn none(findings: impl IntoIterator<Item = Finding>, what_to_do: &str) {
    let findings: Vec<Finding> = findings.into_iter().collect();
    assert!(findings.is_empty(), "{what_to_do}\n  {}\n", findings.join("\n  "));
}
