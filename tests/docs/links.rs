//! Links between files of the repository, relative ones and those by their address at the host.

use std::fs;
use std::path::{Path, PathBuf};

use regex_lite::Regex;

use super::markdown::{Page, pages};
use super::repository;

/// What the addresses of files of this repository begin with, from `repository` of Cargo.toml on.
const BY_ADDRESS: [&str; 3] = ["/blob/main/", "/tree/main/", "/raw/main/"];

#[test]
fn links_lead_to_files_and_headings_that_exist() {
    let pages = pages();
    for page in &pages {
        for target in targets(&page.prose()) {
            check(&target, page, &pages);
        }
    }
}

#[test]
fn the_index_for_language_models_links_to_pages_that_exist() {
    let text = fs::read_to_string(repository().join("llms.txt")).expect("there is llms.txt");
    let links = targets(&text);
    assert!(links.len() > 20, "only {} links", links.len());
    for link in &links {
        assert!(of_repository(link).is_some_and(|path| path.exists()), "llms.txt: {link} leads nowhere");
    }
    let is_listed = |page: &Page| links.iter().any(|link| link.ends_with(&format!("/{}", page.path.display())));
    // The catalog's index leads to the page of each guardrail.
    let is_listed_elsewhere = |page: &Page| {
        let is_index = ["README.md", "SUMMARY.md"].iter().any(|name| page.path == Path::new("docs").join(name));
        is_index || (page.path.starts_with("docs/reference/guardrails") && !page.path.ends_with("index.md"))
    };
    for page in pages().iter().filter(|page| page.path.starts_with("docs") && !is_listed_elsewhere(page)) {
        assert!(is_listed(page), "llms.txt does not list {}", page.path.display());
    }
}

/// A page within the site may link to what is outside of it by its address alone: the site has no other files.
#[test]
fn pages_of_the_site_link_within_the_site() {
    let site = repository().join("docs");
    for page in pages().iter().filter(|page| page.path.starts_with("docs")) {
        for target in targets(&page.prose()).iter().filter(|target| !target.contains("://")) {
            let path = target.split('#').next().unwrap_or_default();
            let folder = repository().join(page.path.parent().expect("a page is in a folder"));
            let inside = folder.join(path).canonicalize().is_ok_and(|path| path.starts_with(&site));
            assert!(inside, "{}: {target} is outside of docs: link to it by its address", page.path.display());
        }
    }
}

fn targets(text: &str) -> Vec<String> {
    let link = Regex::new(r"\]\(([^)\s]+)\)").expect("a valid pattern");
    link.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

fn check(target: &str, page: &Page, pages: &[Page]) {
    let from = page.path.display();
    let (path, heading) = target.split_once('#').unwrap_or((target, ""));
    let path = match path {
        "" => repository().join(&page.path),
        path if path.contains("://") => match of_repository(path) {
            Some(path) => path,
            None => return,
        },
        path => repository().join(page.path.parent().expect("a page is in a folder")).join(path),
    };
    let Ok(path) = path.canonicalize() else { panic!("{from}: {target} leads nowhere") };
    let linked = pages.iter().find(|page| path == repository().join(&page.path));
    let is_there = heading.is_empty() || linked.is_some_and(|page| headings(page).any(|own| own == heading));
    assert!(is_there, "{from}: {target} names no heading");
}

/// The file that an address of this repository means.
fn of_repository(address: &str) -> Option<PathBuf> {
    let rest = address.strip_prefix(env!("CARGO_PKG_REPOSITORY"))?;
    let path = BY_ADDRESS.iter().find_map(|begin| rest.strip_prefix(begin))?;
    Some(repository().join(Path::new(path)))
}

/// Headings as links name them.
fn headings(page: &Page) -> impl Iterator<Item = String> + '_ {
    page.text.lines().filter_map(|line| line.strip_prefix('#')).map(|line| {
        let title = line.trim_start_matches('#').trim().to_lowercase();
        title.chars().filter(|c| c.is_alphanumeric() || "- _".contains(*c)).collect::<String>().replace(' ', "-")
    })
}
