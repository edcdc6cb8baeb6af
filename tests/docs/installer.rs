//! What installs landing and posts what it found, run with files in place of the network.

use std::fs;
use std::path::Path;

use super::repository;
use super::shell::Shell;

const TARGET: &str = "x86_64-unknown-linux-musl";

/// A shell with a release in its folder `releases`, whose program prints `landing 1.2.3`.
fn beside_a_release() -> Shell {
    let mut shell = Shell::in_folder(Path::new(""));
    shell.done(&format!(
        "mkdir -p releases/download/v1.2.3 landing-{TARGET} && cd releases/download/v1.2.3 && mkdir landing-{TARGET} && \
         printf '#!/bin/sh\\necho landing 1.2.3\\n' > landing-{TARGET}/landing && \
         tar -czf landing-{TARGET}.tar.gz landing-{TARGET} && sha256sum landing-{TARGET}.tar.gz > SHA256SUMS && cd ../../.."
    ));
    shell
}

/// The installer, with these variables besides.
fn install(variables: &str) -> String {
    format!(
        "LANDING_TARGET={TARGET} LANDING_VERSION=1.2.3 LANDING_RELEASES=file://$PWD/releases \
         LANDING_INSTALL_DIR=$PWD/bin {variables} sh '{}'",
        repository().join("ci/install/install.sh").display()
    )
}

/// The installer needs curl or wget, and only curl reads files in place of the network.
fn has_curl(shell: &mut Shell) -> bool {
    let found = shell.run("command -v curl").code == Some(0);
    if !found {
        eprintln!("skipped: curl is not installed");
    }
    found
}

#[test]
fn a_release_with_its_checksum_is_installed() {
    let mut shell = beside_a_release();
    if has_curl(&mut shell) {
        assert!(shell.done(&install("")).contains("landing 1.2.3 is installed as"));
        assert_eq!(shell.done("bin/landing --version"), "landing 1.2.3\n");
    }
}

#[test]
fn another_archive_than_the_release_says_is_not_installed() {
    let mut shell = beside_a_release();
    if !has_curl(&mut shell) {
        return;
    }
    let archive = format!("releases/download/v1.2.3/landing-{TARGET}.tar.gz");
    for (change, why) in [
        (format!("printf x >> {archive}"), "nothing was installed"),
        ("printf '' > releases/download/v1.2.3/SHA256SUMS".to_owned(), "does not list"),
        (format!("rm {archive}"), "cannot download"),
    ] {
        shell.done(&change);
        let refused = shell.run(&install(""));
        assert_eq!(refused.code, Some(1), "{}", refused.output);
        assert!(refused.output.contains(why), "{}", refused.output);
        shell.done("test ! -e bin");
    }
}

#[test]
fn an_archive_without_the_attestation_that_is_asked_for_is_not_installed() {
    let mut shell = beside_a_release();
    if has_curl(&mut shell) {
        shell.done("mkdir gh && printf '#!/bin/sh\\nexit 1\\n' > gh/gh && chmod +x gh/gh");
        let refused = shell.run(&install("LANDING_VERIFY=owner/landing PATH=$PWD/gh:$PATH"));
        assert_eq!(refused.code, Some(1), "{}", refused.output);
        assert!(refused.output.contains("no attestation of owner/landing"), "{}", refused.output);
    }
}

#[test]
fn an_installer_that_no_release_has_filled_in_says_so() {
    let mut shell = Shell::in_folder(Path::new(""));
    let refused = shell.run(&format!("sh '{}'", repository().join("ci/install/install.sh").display()));
    assert_eq!(refused.code, Some(1));
    assert!(refused.output.contains("this copy is of no release: set LANDING_RELEASES"), "{}", refused.output);
}

/// A `gh` that answers questions with the file `answer`, and writes what it is called with to `log`.
const GH: &str = r#"#!/bin/bash
echo "$*" >> log
for a; do case $a in body=@*) cp "${a#body=@}" body ;; esac; done
case "$*" in *POST* | *PATCH*) ;; *) cat answer ;; esac
"#;

/// Runs a script of the action that posts, with this answer to what is there; gives what it asked GitHub for.
fn posted(script: &str, variables: &str, there: &str) -> Option<(String, String)> {
    let mut shell = Shell::in_folder(Path::new(""));
    if shell.run("command -v jq").code != Some(0) {
        eprintln!("skipped: jq is not installed");
        return None;
    }
    fs::create_dir_all(shell.path("gh")).expect("a folder can be made");
    fs::write(shell.path("gh/gh"), GH).expect("a file can be written");
    fs::write(shell.path("answer"), there).expect("a file can be written");
    fs::write(shell.path("report"), "a line of ünïcode\n").expect("a file can be written");
    shell.done(&format!(
        "chmod +x gh/gh && MARK='<!-- mark -->' GITHUB_REPOSITORY=o/r PULL_REQUEST=7 REPORT=report RUN_URL=https://run \
         LABEL=label TITLE=title GITHUB_OUTPUT=out PATH=$PWD/gh:$PATH {variables} bash '{}'",
        repository().join("ci/github").join(script).display()
    ));
    let read = |name: &str| fs::read_to_string(shell.path(name)).unwrap_or_default();
    Some((read("log"), read("body")))
}

#[test]
fn one_comment_of_the_actions_own_is_updated() {
    // The first is of a stranger, who may write the mark as well.
    let there = r#"[{"id": 1, "body": "<!-- mark -->", "user": {"type": "User"}, "author_association": "NONE"}]
        [{"id": 2, "body": null, "user": {"type": "Bot"}}, {"id": 3, "body": "<!-- mark -->\nx", "user": {"type": "Bot"}}]"#;
    let Some((log, body)) = posted("comment.sh", "", there) else { return };
    assert!(log.contains("--method PATCH repos/o/r/issues/comments/3 "), "{log}");
    assert!(!log.contains("POST"), "{log}");
    assert_eq!(body, "<!-- mark -->\na line of ünïcode\n");
    let Some((log, _)) = posted("comment.sh", "", "[]") else { return };
    assert!(log.contains("--method POST repos/o/r/issues/7/comments "), "{log}");
}

#[test]
fn the_issue_about_drift_is_opened_updated_and_closed() {
    let there = r#"[{"number": 9, "body": "<!-- mark -->", "user": {"type": "Bot"}}]"#;
    for (differs, there, asked) in [
        ("DIFFERS=true", "[]", "--method POST repos/o/r/issues --raw-field title=title --raw-field labels[]=label"),
        ("DIFFERS=true", there, "--method PATCH repos/o/r/issues/9 --field body="),
        ("DIFFERS=false", there, "--method PATCH repos/o/r/issues/9 --raw-field state=closed"),
    ] {
        let Some((log, _)) = posted("issue.sh", differs, there) else { return };
        assert!(log.contains(asked), "{log}");
    }
    let Some((log, _)) = posted("issue.sh", "DIFFERS=false", "[]") else { return };
    assert_eq!(log.lines().count(), 1, "{log}");
}
