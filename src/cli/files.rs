use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::failure::Failure;

/// Replaces `path` in one step, so that it is whole whenever the program dies; makes its folder.
///
/// # Errors
/// When it cannot be written.
pub(super) fn write_whole(path: &Path, text: &str) -> Result<(), Failure> {
    replace(path, text).map_err(|error| Failure::new(format!("{} cannot be written: {error}", path.display())))
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let beside = beside(path);
    fs::write(&beside, text)?;
    fs::rename(&beside, path).inspect_err(|_| drop(fs::remove_file(&beside)))
}

/// A name in the same folder that no other run uses at the same time.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    path.with_file_name(name)
}
