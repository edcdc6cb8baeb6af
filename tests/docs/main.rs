//! What the README, the other pages and the examples say, held against the program.

#![expect(clippy::panic, clippy::print_stderr, reason = "helpers of tests fail at once, and say what is skipped")]

mod blueprints;
mod by_hand;
mod commands;
mod consoles;
mod distribution;
mod drift;
mod environment;
mod errors;
mod examples;
mod guardrails;
mod installer;
mod json;
mod landing_zones;
mod links;
mod lint;
mod markdown;
mod pages;
mod picture;
mod reference;
mod request_rates;
mod shell;
mod site;
mod troubleshooting;
mod workflow;

use std::path::{Path, PathBuf};

/// The repository.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files below `folder`, itself below the repository.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a folder that can be read").path())
        .flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] })
        .collect();
    files.sort();
    files
}
