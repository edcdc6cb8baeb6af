use std::fs;
use std::path::{Path, PathBuf};

use super::exit::Exit;
use super::failure::Failure;
use crate::import::foreign::{Foreign, Format, MAX_BYTES, Source, read as read_from};

/// Reads the files of another tool. Those that they name must be in the folder of the first one, or below it.
///
/// # Errors
/// When one cannot be read.
pub(super) fn read(format: Format, files: &[PathBuf]) -> Result<Foreign, Failure> {
    let first = files.first().map_or(Path::new("."), PathBuf::as_path);
    let folder = if first.is_dir() { Some(first) } else { first.parent() };
    let folder = folder.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let root = folder.canonicalize().map_err(|error| unreadable(first, &error.to_string()))?;
    let mut named = Vec::new();
    for file in files {
        match file.is_dir() {
            true => named.extend(within(file, format)?),
            false => named.push(file.clone()),
        }
    }
    let paths = named.iter().map(|file| relative(file, &root)).collect::<Result<Vec<String>, Failure>>()?;
    read_from(format, &paths, &Folder { root })
        .map_err(|mistake| Failure::new(mistake.to_string()).help(mistake.help).exit(Exit::ERROR))
}

fn unreadable(file: &Path, why: &str) -> Failure {
    Failure::new(format!("{} cannot be read: {why}", file.display()))
        .help("name the tool's files, or the folder that they are in")
}

/// The files of a tool right in a folder.
fn within(folder: &Path, format: Format) -> Result<Vec<PathBuf>, Failure> {
    let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, &error.to_string()))?;
    let is_its = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        match format {
            Format::Lza => name.ends_with("-config.yaml"),
            Format::Cfct => name == "manifest.yaml",
            Format::OrgFormation => matches!(name.as_str(), "organization.yml" | "organization.yaml"),
            Format::Terraform => name.ends_with(".tfstate") || name.ends_with(".json"),
        }
    };
    let mut files: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).filter(is_its).collect();
    files.sort();
    match files.is_empty() {
        true => Err(unreadable(folder, &format!("it holds no file of {}", format.name()))),
        false => Ok(files),
    }
}

/// A path from the folder, whose parts are parted by `/`.
fn relative(file: &Path, root: &Path) -> Result<String, Failure> {
    let path = file.canonicalize().map_err(|error| unreadable(file, &error.to_string()))?;
    match path.strip_prefix(root) {
        Ok(path) => Ok(path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")),
        Err(_) => Err(unreadable(file, "it is not in or below the folder of the first file")),
    }
}

/// A folder out of which nothing is read, by links neither.
struct Folder {
    root: PathBuf,
}

impl Source for Folder {
    fn text(&self, path: &str) -> Result<String, String> {
        let path = self.root.join(path).canonicalize().map_err(|error| error.to_string())?;
        if !path.starts_with(&self.root) {
            return Err("a link leads out of the folder".into());
        }
        let about = fs::metadata(&path).map_err(|error| error.to_string())?;
        if !about.is_file() {
            return Err("it is not a file".into());
        }
        if about.len() > MAX_BYTES as u64 {
            return Err(format!("it has {} bytes, and at most {MAX_BYTES} are read", about.len()));
        }
        fs::read_to_string(&path).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder can be made");
        fs::create_dir(folder.path().join("in")).expect("a folder can be made");
        fs::write(folder.path().join("secret.yml"), "a: 1\n").expect("a file can be written");
        folder
    }

    fn refused(files: &[PathBuf]) -> String {
        read(Format::OrgFormation, files).expect_err("it is refused").message
    }

    #[test]
    fn files_are_called_from_the_folder_of_the_first_one_and_a_folder_stands_for_its_files() {
        let folder = folder();
        let inside = folder.path().join("in");
        fs::write(inside.join("organization.yml"), "Organization: !Include more.yml\n").expect("a file can be written");
        fs::write(inside.join("more.yml"), "{}\n").expect("a file can be written");
        for given in [inside.clone(), inside.join("organization.yml")] {
            let foreign = read(Format::OrgFormation, &[given]).expect("it can be read");
            let files: Vec<&str> = foreign.sheets.iter().map(|sheet| sheet.file.as_str()).collect();
            assert_eq!(files, ["organization.yml", "more.yml"]);
        }
        assert!(
            refused(&[inside.join("organization.yml"), folder.path().join("secret.yml")]).contains("not in or below")
        );
        assert!(refused(&[folder.path().to_owned()]).contains("it holds no file of org-formation"));
        assert!(refused(&[folder.path().join("gone/x.yml")]).contains("cannot be read"));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_leads_to_nothing_outside_of_the_folder() {
        let folder = folder();
        let inside = folder.path().join("in");
        std::os::unix::fs::symlink("../secret.yml", inside.join("link.yml")).expect("a link can be made");
        fs::write(inside.join("organization.yml"), "Organization: !Include link.yml\n").expect("a file can be written");
        let message = refused(&[inside.join("organization.yml")]);
        assert!(message.contains("link.yml: it cannot be read: a link leads out of the folder"), "{message}");
    }
}
