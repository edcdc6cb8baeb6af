//! Every file that a command writes.

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use super::failure::Failure;

mod several;

pub(super) use several::{ensure_writable, write_all};

/// Who may read a file that is made; one that is replaced keeps its mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Every user that the umask permits.
    Usual,
    /// Its owner alone: plans hold the whole organization.
    Private,
}

/// How many links lead from one to the next before that is called a circle, as Linux has it.
const MAX_LINKS: usize = 40;

/// Replaces `path` in one step, so that it holds the old text or the new one whenever the program dies or the disk is full;
/// makes its folder. Where it is a link, the file is replaced that it leads to. What is no file, such as a pipe, a terminal
/// or `/dev/null`, is written to as it is.
///
/// # Errors
/// When it cannot be written.
pub(super) fn write_whole(path: &Path, text: &str, access: Access) -> Result<(), Failure> {
    write_by(path, access, whole(text))
}

/// The same for what is too large to be made as one text: `fill` writes it.
///
/// # Errors
/// As there.
pub(super) fn write_by(
    path: &Path,
    access: Access,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    write(path, access, fill).map_err(|error| Failure::new(format!("{} cannot be written: {error}", path.display())))
}

fn whole(text: &str) -> impl FnOnce(&mut dyn Write) -> io::Result<()> {
    move |file| file.write_all(text.as_bytes()).and_then(|()| file.flush())
}

fn write(path: &Path, access: Access, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    match stream(path) {
        Some(Stream::Output) => return fill(&mut io::stdout()),
        Some(Stream::Error) => return fill(&mut io::stderr()),
        None => {}
    }
    let target = target(path)?;
    match fs::metadata(&target) {
        Ok(about) if about.is_file() => replace(&target, Some(&about), access, fill),
        Ok(_) => fill(&mut File::options().write(true).open(&target)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => replace(&target, None, access, fill),
        Err(error) => Err(error),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stream {
    Output,
    Error,
}

/// What a path says that stands for one of the program's own streams. Opened again, a file behind it would be written from its
/// beginning.
fn stream(path: &Path) -> Option<Stream> {
    match path.to_str()? {
        "/dev/stdout" | "/dev/fd/1" | "/proc/self/fd/1" => Some(Stream::Output),
        "/dev/stderr" | "/dev/fd/2" | "/proc/self/fd/2" => Some(Stream::Error),
        _ => None,
    }
}

/// Where a path leads to, through links, the last of which may lead to nothing yet.
fn target(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        let Ok(next) = fs::read_link(&path) else { return Ok(path) };
        // What `/proc` calls a link may lead to something without a name, such as a pipe.
        if fs::metadata(&path).is_ok_and(|about| !about.is_file()) {
            return Ok(path);
        }
        path = path.parent().unwrap_or(Path::new("")).join(next);
    }
    Err(io::Error::other("its links lead in a circle"))
}

/// Writes a file of a random name beside `path`, which nothing that was put there before is taken for, and gives it that name.
fn replace(
    path: &Path,
    before: Option<&fs::Metadata>,
    access: Access,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    fs::create_dir_all(folder(path))?;
    put(written_beside(path, before, access, fill)?, path)
}

/// The folder that a file is in.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file of a random name beside `path` that is on the disk, and is deleted again unless it gets that name.
fn written_beside(
    path: &Path,
    before: Option<&fs::Metadata>,
    access: Access,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<NamedTempFile> {
    let mut beside = temporary(folder(path), if before.is_some() { Access::Private } else { access })?;
    fill(beside.as_file_mut())?;
    if let Some(before) = before {
        keep_mode(&beside, before)?;
    }
    beside.as_file().sync_all()?;
    Ok(beside)
}

/// Gives it the name that it was written for.
fn put(beside: NamedTempFile, path: &Path) -> io::Result<()> {
    beside.persist(path).map_err(|error| error.error)?;
    sync(folder(path));
    Ok(())
}

#[cfg(unix)]
fn temporary(folder: &Path, access: Access) -> io::Result<NamedTempFile> {
    use std::os::unix::fs::PermissionsExt;
    // The umask takes from it what it takes from every file.
    let mode = if access == Access::Private { 0o600 } else { 0o666 };
    Builder::new().prefix(".landing-").permissions(Permissions::from_mode(mode)).tempfile_in(folder)
}

#[cfg(not(unix))]
fn temporary(folder: &Path, _access: Access) -> io::Result<NamedTempFile> {
    Builder::new().prefix(".landing-").tempfile_in(folder)
}

/// Gives a new file the mode of the one that it replaces, and its owner where this user may give files away, as root may.
fn keep_mode(new: &NamedTempFile, before: &fs::Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        if fchown(new.as_file(), Some(before.uid()), Some(before.gid())).is_err() {
            // Then it is this user's, who may replace it.
            let _ = fchown(new.as_file(), None, Some(before.gid()));
        }
    }
    new.as_file().set_permissions(before.permissions())
}

/// Has the folder's new entry written down. Some file systems cannot do that; the file itself is there in any case.
fn sync(folder: &Path) {
    #[cfg(unix)]
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    #[cfg(not(unix))]
    let _ = folder;
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a folder can be made")
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        entries.map(|name| name.to_string_lossy().into_owned()).collect()
    }

    fn usual_mode(folder: &Path) -> u32 {
        let file = folder.join("as-others-make-it");
        fs::write(&file, "").unwrap();
        let mode = mode(&file);
        fs::remove_file(file).unwrap();
        mode
    }

    #[test]
    fn a_new_file_is_there_in_its_folder_with_the_mode_it_shall_have() {
        let folder = folder();
        let (plan, policy) = (folder.path().join("a/b/plan.json"), folder.path().join("a/b/policy.json"));
        write_whole(&plan, "plan", Access::Private).unwrap();
        write_whole(&policy, "policy", Access::Usual).unwrap();
        assert_eq!(fs::read_to_string(&plan).unwrap(), "plan");
        assert_eq!(mode(&plan), 0o600);
        assert_eq!(mode(&policy), usual_mode(folder.path()));
        assert_eq!(names(plan.parent().unwrap()).len(), 2);
    }

    #[test]
    fn a_file_that_is_replaced_keeps_its_mode() {
        let folder = folder();
        let file = folder.path().join("plan.json");
        for (kept, access) in [(0o600, Access::Usual), (0o644, Access::Private), (0o640, Access::Usual)] {
            fs::write(&file, "an old text, longer than the new one").unwrap();
            fs::set_permissions(&file, Permissions::from_mode(kept)).unwrap();
            write_whole(&file, "new", access).unwrap();
            assert_eq!((fs::read_to_string(&file).unwrap().as_str(), mode(&file)), ("new", kept));
        }
    }

    #[test]
    fn a_failure_leaves_the_old_file_whole_and_nothing_beside_it() {
        let folder = folder();
        let file = folder.path().join("plan.json");
        fs::write(&file, "old").unwrap();
        let about = fs::metadata(&file).unwrap();
        let full = |out: &mut dyn Write| {
            out.write_all(b"half of i")?;
            Err(io::Error::from(io::ErrorKind::StorageFull))
        };
        assert!(replace(&file, Some(&about), Access::Private, full).is_err());
        assert_eq!(fs::read_to_string(&file).unwrap(), "old");
        assert_eq!(names(folder.path()), ["plan.json"]);
        assert!(replace(&folder.path().join("other"), None, Access::Usual, full).is_err());
        assert_eq!(names(folder.path()), ["plan.json"]);
    }

    #[test]
    fn what_stands_beside_a_file_is_not_written_to() {
        let folder = folder();
        let (file, victim) = (folder.path().join("plan.json"), folder.path().join("victim"));
        fs::write(&victim, "theirs").unwrap();
        for planted in [format!("plan.json.{}.new", std::process::id()), "plan.json.new".into()] {
            symlink(&victim, folder.path().join(planted)).unwrap();
        }
        write_whole(&file, "mine", Access::Private).unwrap();
        assert_eq!(fs::read_to_string(&victim).unwrap(), "theirs");
        assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    }

    #[test]
    fn a_link_stays_and_the_file_is_replaced_that_it_leads_to() {
        let folder = folder();
        fs::create_dir(folder.path().join("kept")).unwrap();
        let (link, file) = (folder.path().join("plan.json"), folder.path().join("kept/plan-1.json"));
        symlink("one-more", &link).unwrap();
        symlink("kept/plan-1.json", folder.path().join("one-more")).unwrap();
        for text in ["made", "replaced"] {
            write_whole(&link, text, Access::Private).unwrap();
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
            assert!(fs::symlink_metadata(&file).unwrap().is_file());
            assert_eq!(fs::read_to_string(&file).unwrap(), text);
        }
        symlink("circle", folder.path().join("circle")).unwrap();
        assert!(write_whole(&folder.path().join("circle"), "", Access::Usual).is_err());
    }

    #[test]
    fn what_is_no_file_is_written_to_and_stays_what_it_is() {
        let folder = folder();
        let link = folder.path().join("null");
        symlink("/dev/null", &link).unwrap();
        for path in [Path::new("/dev/null"), &link] {
            write_whole(path, "text", Access::Private).unwrap();
            assert!(!fs::metadata("/dev/null").unwrap().is_file());
        }
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(write_whole(Path::new("/dev/full"), "text", Access::Private).is_err());
        assert!(write_whole(folder.path(), "text", Access::Private).is_err());
    }

    #[test]
    fn the_programs_own_streams_are_known_by_their_names() {
        assert_eq!(stream(Path::new("/dev/stdout")), Some(Stream::Output));
        assert_eq!(stream(Path::new("/dev/fd/2")), Some(Stream::Error));
        assert_eq!(stream(Path::new("/dev/fd/63")), None);
        assert_eq!(stream(Path::new("plan.json")), None);
    }
}
