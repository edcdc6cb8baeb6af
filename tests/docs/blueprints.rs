//! Blueprints shown in pages.

use std::fs;

use landing::sections::declare_text;

use super::markdown::{Block, pages};
use super::repository;

/// A block is either a whole blueprint, or a part of the file that its first line names.
#[test]
fn blocks_of_yaml_are_valid_blueprints_or_parts_of_files() {
    let pages = pages();
    let blocks: Vec<Block> =
        pages.iter().flat_map(|page| page.blocks()).filter(|block| block.language == "yaml").collect();
    assert!(blocks.len() > 5, "only {} blocks were found", blocks.len());
    for block in &blocks {
        match block.text.split_once('\n') {
            Some((first, rest)) if first.starts_with("# ") => check_part(block, &first[2..], rest),
            _ => check_blueprint(block),
        }
    }
}

fn check_blueprint(block: &Block) {
    let place = &block.place;
    assert!(block.text.starts_with("version:"), "{place}: begin with `version:`, or with `# PATH` of a file");
    if let Err(failed) = declare_text(place, &block.text) {
        panic!("{place}:\n{}", failed.diagnostics.render(&failed.sources, false, 100));
    }
}

fn check_part(block: &Block, path: &str, part: &str) {
    let place = &block.place;
    let text = fs::read_to_string(repository().join(path)).unwrap_or_else(|error| panic!("{place}: {path}: {error}"));
    assert!(text.contains(part), "{place}: this is not in {path} (any more):\n{part}");
}
