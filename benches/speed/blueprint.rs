//! Reading a large blueprint from many files.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use landing::sections::declare;
use saphyr_parser::Parser;

use super::ratio::against;
use super::table::{head, median, timed};
use super::{Size, text};

const RUNS: usize = 9;
const SIZE: Size = Size { accounts: 2000, units: 100, policies: 10 };
const FILES: usize = 100;

/// What reading and understanding a blueprint costs, against parsing its YAML alone.
pub fn print() {
    head(
        "\nblueprint, read and declared (floor: its YAML through the parser alone)",
        &["", "declare", "floor", "ratio"],
    );
    let files = text::files(SIZE, FILES);
    let path = written(&files);
    let (mut declared, mut floor) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        floor.push(timed(|| files.iter().for_each(|(_, text)| parse(text))).0);
        declared.push(declare_once(&path));
    }
    against(&format!("{} accounts in {FILES} files", SIZE.accounts), median(declared), median(floor));
}

fn written(files: &[(String, String)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-blueprint");
    fs::create_dir_all(folder.join("units")).expect("the build folder can be written");
    for (name, text) in files {
        fs::write(folder.join(name), text).expect("the build folder can be written");
    }
    folder.join("landing.yaml")
}

fn declare_once(path: &Path) -> Duration {
    let (time, declared) = timed(|| declare(path));
    let declared = match declared {
        Ok(declared) => declared,
        Err(failed) => panic!("{}", failed.diagnostics.render(&failed.sources, false, 100)),
    };
    assert_eq!(declared.desired.of_kind("account").count(), SIZE.accounts);
    time
}

fn parse(text: &str) {
    for event in Parser::new_from_str(text) {
        black_box(event.expect("it is YAML"));
    }
}
