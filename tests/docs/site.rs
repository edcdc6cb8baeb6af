//! The manual as a site: `mdbook build docs`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use regex_lite::Regex;

use super::{files_below, repository};

/// A README that is longer is a manual.
const WORDS_OF_README: usize = 900;

#[test]
fn the_readme_is_short() {
    let readme = fs::read_to_string(repository().join("README.md")).expect("there is a README");
    let words = readme.split_whitespace().count();
    assert!(words <= WORDS_OF_README, "README.md has {words} words: move what is more than {WORDS_OF_README} to docs");
}

#[test]
fn every_page_is_in_the_summary_once_and_no_other() {
    let folder = repository().join("docs");
    let summary = fs::read_to_string(folder.join("SUMMARY.md")).expect("there is a summary");
    let link = Regex::new(r"\]\(([^)]+)\)").expect("a valid pattern");
    let listed: Vec<PathBuf> = link.captures_iter(&summary).map(|found| PathBuf::from(&found[1])).collect();
    let pages = files_below(&folder).into_iter().filter(|path| path.extension().is_some_and(|it| it == "md"));
    let pages = pages.map(|path| path.strip_prefix(&folder).expect("it is below").to_owned());
    let pages: BTreeSet<PathBuf> = pages.filter(|path| path != Path::new("SUMMARY.md")).collect();
    assert_eq!(listed.iter().cloned().collect::<BTreeSet<_>>(), pages);
    assert_eq!(listed.len(), pages.len(), "a page is listed twice");
}

#[test]
fn the_site_builds_without_a_warning_and_its_links_lead_somewhere() {
    let site = Path::new(env!("CARGO_TARGET_TMPDIR")).join("book");
    let built =
        Command::new("mdbook").arg("build").arg(repository().join("docs")).arg("--dest-dir").arg(&site).output();
    let Ok(built) = built else {
        println!("skipped: mdbook is not on the path");
        return;
    };
    let said = String::from_utf8_lossy(&built.stdout) + String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{said}");
    assert!(!said.contains("WARN") && !said.contains("ERROR"), "{said}");
    check_links(&site);
}

/// Every link and picture of the site names a file of it, and an element where it names one.
fn check_links(site: &Path) {
    let pages: BTreeMap<PathBuf, String> = files_below(site)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|it| it == "html"))
        .map(|path| (path.clone(), fs::read_to_string(path).expect("a page is UTF-8 text")))
        .collect();
    let link = Regex::new(r#"<(?:a|img) [^>]*(?:href|src)="([^"]+)""#).expect("a valid pattern");
    for (path, text) in pages.iter().filter(|(path, _)| !path.ends_with("404.html")) {
        for found in link.captures_iter(text).filter(|found| !found[1].contains(':')) {
            check_link(&found[1], path, &pages);
        }
    }
}

fn check_link(target: &str, from: &Path, pages: &BTreeMap<PathBuf, String>) {
    let (path, id) = target.split_once('#').unwrap_or((target, ""));
    let path = if path.is_empty() { from.to_owned() } else { from.parent().expect("it is in a folder").join(path) };
    let place = from.display();
    let Ok(path) = path.canonicalize() else { panic!("{place}: {target} leads nowhere") };
    let has_id = id.is_empty() || pages.get(&path).is_some_and(|text| text.contains(&format!("id=\"{id}\"")));
    assert!(has_id, "{place}: {target} names no element");
}
