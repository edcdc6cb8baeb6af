//! Links between files of the repository.

use regex_lite::Regex;

use super::markdown::{Page, pages};
use super::repository;

#[test]
fn links_lead_to_files_and_headings_that_exist() {
    let link = Regex::new(r"\]\(([^)\s]+)\)").expect("a valid pattern");
    let pages = pages();
    for page in &pages {
        for target in link.captures_iter(&page.prose()).map(|found| found[1].to_owned()) {
            if !target.contains("://") {
                check(&target, page, &pages);
            }
        }
    }
}

fn check(target: &str, page: &Page, pages: &[Page]) {
    let from = page.path.display();
    let (path, heading) = target.split_once('#').unwrap_or((target, ""));
    let path = match path {
        "" => page.path.clone(),
        path => page.path.parent().expect("a page is in a folder").join(path),
    };
    let Ok(path) = repository().join(path).canonicalize() else { panic!("{from}: {target} leads nowhere") };
    let linked = pages.iter().find(|page| path.ends_with(&page.path));
    let is_there = heading.is_empty() || linked.is_some_and(|page| headings(page).any(|own| own == heading));
    assert!(is_there, "{from}: {target} names no heading");
}

/// Headings as links name them.
fn headings(page: &Page) -> impl Iterator<Item = String> + '_ {
    page.text.lines().filter_map(|line| line.strip_prefix('#')).map(|line| {
        let title = line.trim_start_matches('#').trim().to_lowercase();
        title.chars().filter(|c| c.is_alphanumeric() || "- _".contains(*c)).collect::<String>().replace(' ', "-")
    })
}
