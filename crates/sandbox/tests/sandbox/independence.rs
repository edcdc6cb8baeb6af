//! What the sandbox must not know.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

#[test]
fn the_sandbox_uses_no_other_module_of_the_crate_and_no_sdk_client() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for path in sources(&folder) {
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains("aws_sdk_"), "{} mentions an SDK client", path.display());
        for used in text.split("crate::").skip(1) {
            assert!(used.starts_with("sandbox"), "{} uses crate::{}", path.display(), &used[..20.min(used.len())]);
        }
    }
}
