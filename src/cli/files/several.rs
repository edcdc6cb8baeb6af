//! Files that belong together: all of them are written, or none.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::super::failure::Failure;
use super::{Access, folder, put, stream, target, temporary, whole, write, written_beside};

/// Replaces several files, the first ones first, once the texts of all are on the disk: where one of them cannot be written, nothing
/// is. Each is replaced as by [`write_whole`](super::write_whole).
///
/// # Errors
/// When one of them cannot be written.
pub(in super::super) fn write_all(files: &[(PathBuf, &str)], access: Access) -> Result<(), Failure> {
    let mut folders = Folders::default();
    let (mut beside, mut straight) = (Vec::new(), Vec::new());
    for (path, text) in files {
        match prepared(path, text, access, &mut folders).map_err(|error| nothing_written(path, &error))? {
            Some(prepared) => beside.push((path, prepared)),
            None => straight.push((path, text)),
        }
    }
    for (path, text) in straight {
        write(path, access, whole(text)).map_err(|error| nothing_written(path, &error))?;
    }
    for (path, (file, target)) in beside {
        put(file, &target).map_err(|error| Failure::new(format!("{} cannot be written: {error}", path.display())))?;
    }
    Ok(())
}

/// Makes sure that files can be made in a folder, which may not be there yet: for what takes minutes before it writes.
///
/// # Errors
/// When they cannot.
pub(in super::super) fn ensure_writable(path: &Path) -> Result<(), Failure> {
    let there = folder(path).ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."));
    temporary(there, Access::Private).map(drop).map_err(|error| nothing_written(path, &error))
}

fn nothing_written(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("{} cannot be written: {error}; nothing was written", path.display()))
}

/// A text on the disk beside its file, with the path that it goes to; nothing for what is no file, such as a pipe.
fn prepared(
    path: &Path,
    text: &str,
    access: Access,
    folders: &mut Folders,
) -> io::Result<Option<(NamedTempFile, PathBuf)>> {
    if stream(path).is_some() {
        return Ok(None);
    }
    let target = target(path)?;
    let before = match fs::metadata(&target) {
        Ok(about) if about.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(about) if !about.is_file() => return Ok(None),
        Ok(about) => Some(about),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    folders.make(folder(&target))?;
    Ok(Some((written_beside(&target, before.as_ref(), access, whole(text))?, target)))
}

/// Folders that were made; those that are empty in the end are deleted again.
#[derive(Debug, Default)]
struct Folders(Vec<PathBuf>);

impl Folders {
    fn make(&mut self, folder: &Path) -> io::Result<()> {
        let missing = folder.ancestors().take_while(|it| !it.as_os_str().is_empty() && !it.exists());
        let mut missing: Vec<PathBuf> = missing.map(Path::to_owned).collect();
        missing.reverse();
        for folder in missing {
            fs::create_dir(&folder)?;
            self.0.push(folder);
        }
        Ok(())
    }
}

impl Drop for Folders {
    fn drop(&mut self) {
        for folder in self.0.iter().rev() {
            // One with files in it stays.
            let _ = fs::remove_dir(folder);
        }
    }
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// Writes three files, of which the second cannot be, and makes sure that all is as before.
    fn fails_whole(folder: &Path, second: &str, words: &str) {
        let before = names(folder);
        let [first, second, third] = ["old.txt", second, "new/c.txt"].map(|name| folder.join(name));
        let failure = write_all(&[(first.clone(), "a"), (third, "c"), (second, "b")], Access::Usual).unwrap_err();
        assert!(failure.message.contains(words) && failure.message.ends_with("; nothing was written"), "{failure:?}");
        assert_eq!(fs::read_to_string(first).unwrap(), "old");
        assert_eq!(names(folder), before);
    }

    #[test]
    fn all_are_written_or_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::write(path.join("old.txt"), "old").unwrap();
        fs::create_dir_all(path.join("a-folder")).unwrap();
        // A disk without a byte left.
        symlink("/dev/full", path.join("full")).unwrap();
        fails_whole(path, "a-folder", "a-folder cannot be written: ");
        fails_whole(path, "full", "full cannot be written: ");
        fails_whole(path, "old.txt/b.txt", "b.txt cannot be written: ");
        let files = [("old.txt", "a"), ("new/deep/c.txt", "c"), ("b.txt", "b")];
        write_all(&files.map(|(name, text)| (path.join(name), text)), Access::Usual).unwrap();
        assert_eq!(names(path), ["a-folder", "b.txt", "full", "new", "old.txt"]);
        for (name, text) in files {
            assert_eq!(fs::read_to_string(path.join(name)).unwrap(), text);
        }
        assert_eq!(names(&path.join("new/deep")), ["c.txt"]);
    }

    #[test]
    fn whether_files_can_be_made_is_known_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::write(path.join("file"), "").unwrap();
        ensure_writable(&path.join("a/b/c.txt")).unwrap();
        ensure_writable(Path::new("c.txt")).unwrap();
        assert!(ensure_writable(&path.join("file/c.txt")).is_err());
        assert_eq!(names(path), ["file"]);
    }
}
