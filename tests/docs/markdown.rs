//! The Markdown pages of the repository and their fenced blocks.

use std::fs;
use std::path::{Path, PathBuf};

use super::{files_below, repository};

/// A Markdown page.
pub struct Page {
    /// From the repository's top.
    pub path: PathBuf,
    pub text: String,
}

/// A fenced block of a page.
pub struct Block {
    /// Where it is, for people: `README.md:12`.
    pub place: String,
    /// What follows the opening fence.
    pub language: String,
    pub text: String,
}

/// Every page at the top, in `docs` and in `examples`.
pub fn pages() -> Vec<Page> {
    let top = fs::read_dir(repository()).expect("the repository can be read");
    let top = top.map(|entry| entry.expect("an entry can be read").path()).filter(|path| path.is_file());
    let below = ["docs", "examples"].into_iter().flat_map(|folder| files_below(&repository().join(folder)));
    let mut paths: Vec<PathBuf> =
        top.chain(below).filter(|path| path.extension().is_some_and(|it| it == "md")).collect();
    paths.sort();
    paths.iter().map(|path| Page::read(path)).collect()
}

impl Page {
    fn read(path: &Path) -> Page {
        let text = fs::read_to_string(path).expect("a page is UTF-8 text");
        let path = path.strip_prefix(repository()).expect("pages are in the repository").to_owned();
        Page { path, text }
    }

    /// The blocks in their order. A fence is three backquotes at the beginning of a line.
    pub fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut lines = self.text.lines().enumerate();
        while let Some((number, line)) = lines.next() {
            let Some(language) = line.strip_prefix("```") else { continue };
            let text: String =
                lines.by_ref().take_while(|(_, line)| *line != "```").map(|(_, line)| format!("{line}\n")).collect();
            let place = format!("{}:{}", self.path.display(), number + 1);
            blocks.push(Block { place, language: language.trim().to_owned(), text });
        }
        blocks
    }

    /// The text outside of the blocks.
    pub fn prose(&self) -> String {
        let parts = self.text.split("\n```");
        parts.enumerate().filter(|(nth, _)| nth % 2 == 0).map(|(_, part)| part).collect()
    }
}
