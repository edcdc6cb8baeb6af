//! Lists the built-in guardrails, which are the files of a folder: adding one is adding its file.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

const FOLDER: &str = "templates/guardrails";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={FOLDER}");
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join(FOLDER);
    let entries = fs::read_dir(&folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut files = entries.collect::<Result<Vec<PathBuf>, _>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files.sort_by(|one, other| one.file_stem().cmp(&other.file_stem()));
    let row = |path: &PathBuf| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        format!("    ({name:?}, include_str!({:?})),\n", path.to_string_lossy())
    };
    let rows: String = files.iter().map(row).collect();
    let list = format!("&[\n{rows}]\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("guardrails.rs"), list)?;
    Ok(())
}
