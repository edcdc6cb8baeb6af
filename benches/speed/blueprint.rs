//! Reading a large blueprint from many files.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use landing::sections::declare;
use saphyr_parser::Parser;

use super::effort::effort;
use super::ratio::against;
use super::table::{head, median, timed};
use super::{Size, text};

const RUNS: usize = 9;
/// Accounts of the blueprint, and the files that they are spread over.
const USUAL: (Size, usize) = (Size { accounts: 2000, units: 100, policies: 10 }, 100);
const SMALL: (Size, usize) = (Size { accounts: 20, units: 10, policies: 2 }, 4);

/// What reading and understanding a blueprint costs, against parsing its YAML alone.
pub fn print() {
    head(
        "\nblueprint, read and declared (floor: its YAML through the parser alone)",
        &["", "declare", "floor", "ratio"],
    );
    let (size, count) = effort(USUAL, SMALL);
    let files = text::files(size, count);
    let path = written(&files);
    let (mut declared, mut floor) = (Vec::new(), Vec::new());
    for _ in 0..effort(RUNS, 1) {
        floor.push(timed(|| files.iter().for_each(|(_, text)| parse(text))).0);
        declared.push(declare_once(&path, size));
    }
    against(&format!("{} accounts in {count} files", size.accounts), median(declared), median(floor));
}

fn written(files: &[(String, String)]) -> PathBuf {
    // What another size left there would be read too.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-blueprint-{}", files.len()));
    fs::create_dir_all(folder.join("units")).expect("the build folder can be written");
    for (name, text) in files {
        fs::write(folder.join(name), text).expect("the build folder can be written");
    }
    folder.join("landing.yaml")
}

fn declare_once(path: &Path, size: Size) -> Duration {
    let (time, declared) = timed(|| declare(path));
    let declared = match declared {
        Ok(declared) => declared,
        Err(failed) => panic!("{}", failed.diagnostics.render(&failed.sources, false, 100)),
    };
    assert_eq!(declared.desired.of_kind("account").count(), size.accounts);
    time
}

fn parse(text: &str) {
    for event in Parser::new_from_str(text) {
        black_box(event.expect("it is YAML"));
    }
}
