//! The commit that a blueprint lies in. Git's files are read as they are: no program is run, and so no hook of a repository.

use std::fs;
use std::path::{Path, PathBuf};

/// Where CI says which commit it has checked out: GitHub, GitLab, Buildkite, CircleCI, CodeBuild, Bitbucket, Azure, Jenkins.
const VARIABLES: [&str; 8] = [
    "GITHUB_SHA",
    "CI_COMMIT_SHA",
    "BUILDKITE_COMMIT",
    "CIRCLE_SHA1",
    "CODEBUILD_RESOLVED_SOURCE_VERSION",
    "BITBUCKET_COMMIT",
    "BUILD_SOURCEVERSION",
    "GIT_COMMIT",
];

/// The most references to references that are followed.
const MAX_REFERENCES: usize = 5;

/// The commit that is checked out where a file lies, by its repository, else by what CI says.
pub(super) fn commit_of(file: &Path) -> Option<String> {
    let by_ci = || VARIABLES.iter().find_map(|name| std::env::var(name).ok().filter(|text| is_commit(text)));
    in_repository(file).or_else(by_ci)
}

fn in_repository(file: &Path) -> Option<String> {
    let file = fs::canonicalize(file).ok()?;
    let git = file.ancestors().skip(1).map(|folder| folder.join(".git")).find(|git| git.exists())?;
    let git = folder_of(git)?;
    let mut name = "HEAD".to_owned();
    for _ in 0..MAX_REFERENCES {
        let text = reference(&git, &name)?;
        match text.strip_prefix("ref: ") {
            Some(next) => next.trim().clone_into(&mut name),
            None => return Some(text).filter(|text| is_commit(text)),
        }
    }
    None
}

/// The repository's folder. Of a worktree or submodule, `.git` is a file that says where that is.
/// <https://git-scm.com/docs/gitrepository-layout>
fn folder_of(git: PathBuf) -> Option<PathBuf> {
    if git.is_dir() {
        return Some(git);
    }
    let text = fs::read_to_string(&git).ok()?;
    Some(git.parent()?.join(text.strip_prefix("gitdir: ")?.trim()))
}

/// What a reference says: its own file, that of the repository which a worktree belongs to, or a line of the packed ones.
fn reference(git: &Path, name: &str) -> Option<String> {
    // What leads out of the folder is no reference.
    if name.split('/').any(|part| part.is_empty() || part == "..") {
        return None;
    }
    let common = fs::read_to_string(git.join("commondir")).ok().map(|common| git.join(common.trim()));
    let folders = [Some(git.to_owned()), common];
    let mut folders = folders.into_iter().flatten();
    folders.find_map(|folder| {
        let own = fs::read_to_string(folder.join(name)).ok().map(|text| text.trim().to_owned());
        own.or_else(|| packed(&fs::read_to_string(folder.join("packed-refs")).ok()?, name))
    })
}

/// `COMMIT NAME` on a line of its own. <https://git-scm.com/docs/git-pack-refs>
fn packed(text: &str, name: &str) -> Option<String> {
    let pairs = text.lines().filter_map(|line| line.split_once(' '));
    let mut commits = pairs.filter(|(_, packed)| *packed == name).map(|(commit, _)| commit.to_owned());
    commits.next()
}

/// SHA-1 or SHA-256, in hexadecimal.
fn is_commit(text: &str) -> bool {
    [40, 64].contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
    const OTHER: &str = "89abcdef0123456789abcdef0123456789abcdef";

    fn write(folder: &Path, file: &str, text: &str) {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The commit of a blueprint in `zone`, where the folder above it has these files.
    fn found(files: &[(&str, &str)]) -> Option<String> {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "zone/landing.yaml", "");
        files.iter().for_each(|(file, text)| write(folder.path(), file, text));
        in_repository(&folder.path().join("zone/landing.yaml"))
    }

    #[test]
    fn the_commit_is_that_of_head_wherever_git_keeps_it() {
        let commit = Some(COMMIT.to_owned());
        let line = format!("{COMMIT}\n");
        assert_eq!(found(&[(".git/HEAD", &line)]), commit, "detached");
        assert_eq!(found(&[(".git/HEAD", "ref: refs/heads/main\n"), (".git/refs/heads/main", &line)]), commit);
        let packed = format!("# pack-refs\n{OTHER} refs/heads/mainly\n{COMMIT} refs/heads/main\n^{OTHER}\n");
        let loose = [(".git/HEAD", "ref: refs/heads/main\n"), (".git/packed-refs", packed.as_str())];
        assert_eq!(found(&loose), commit);
        let newer = [loose[0], loose[1], (".git/refs/heads/main", OTHER)];
        assert_eq!(found(&newer).as_deref(), Some(OTHER));
    }

    #[test]
    fn a_worktree_leads_to_its_repository() {
        let line = format!("{COMMIT}\n");
        let files = [
            ("zone/.git", "gitdir: ../main/.git/worktrees/zone\n"),
            ("main/.git/worktrees/zone/HEAD", "ref: refs/heads/w\n"),
            ("main/.git/worktrees/zone/commondir", "../..\n"),
            ("main/.git/refs/heads/w", line.as_str()),
        ];
        assert_eq!(found(&files).as_deref(), Some(COMMIT));
    }

    #[test]
    fn what_is_no_commit_is_none() {
        for head in ["", "ref: refs/heads/none", "ref: ../../secret", "ref: HEAD", "0123", "zone"] {
            assert_eq!(found(&[(".git/HEAD", head), ("secret", COMMIT)]), None, "{head}");
        }
        assert!(is_commit(&"a".repeat(64)) && !is_commit(&"g".repeat(40)) && !is_commit(&"a".repeat(41)));
    }
}
