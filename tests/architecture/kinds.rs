//! The sorts of resources that are managed: one folder each, strangers to each other.

use std::collections::BTreeSet;

use landing::kinds::{KINDS, Kind};

use super::source::{Source, none, read, sources, top};

/// `organizational_unit` for `organizational-unit`.
fn folder_of(kind: &dyn Kind) -> String {
    kind.name().replace('-', "_")
}

/// The folder right below `src/kinds` that a source lies in: `account` for `src/kinds/account/create.rs`.
fn concept(source: &Source) -> Option<&str> {
    source.path.strip_prefix("src/kinds/")?.split(['/', '.']).next()
}

#[test]
fn every_kind_has_the_folder_that_its_name_says() {
    let concepts: BTreeSet<String> = sources().iter().filter_map(concept).map(str::to_owned).collect();
    let missing = KINDS.iter().filter(|kind| !concepts.contains(&folder_of(**kind)));
    none(missing.map(|kind| format!("src/kinds/{}/", folder_of(*kind))), "name the kind's folder by the kind");
}

/// The registry of kinds, the trait that each has, and what others see of some.
const REGISTRY: [&str; 5] = [
    "src/kinds/mod.rs",
    "src/kinds/kind.rs",
    "src/kinds/kind_info.rs",
    "src/kinds/resource.rs",
    "src/kinds/section.rs",
];

#[test]
fn what_several_kinds_share_lies_in_a_folder_of_its_own() {
    let known: BTreeSet<String> = KINDS.iter().map(|kind| folder_of(*kind)).collect();
    let others = |source: &&Source| concept(source).is_some_and(|at| !known.contains(at));
    let wrong = sources().iter().filter(others).filter(|source| {
        !source.is_in(&["src/kinds/shared", "src/kinds/read"]) && !REGISTRY.contains(&source.path.as_str())
    });
    none(wrong.map(|source| source.path.clone()), "src/kinds has a folder for each kind, `shared` and `read`");
}

#[test]
fn every_kind_has_a_name_of_its_own() {
    let names: BTreeSet<&str> = KINDS.iter().map(|kind| kind.name()).collect();
    assert_eq!(names.len(), KINDS.len(), "two kinds share a name: {names:?}");
}

#[test]
fn kinds_do_not_know_each_other() {
    let names: Vec<String> = KINDS.iter().map(|kind| folder_of(*kind)).collect();
    let of_a_kind = |source: &&Source| concept(source).is_some() && !REGISTRY.contains(&source.path.as_str());
    let wrong = sources().iter().filter(of_a_kind).flat_map(|source| {
        let own = concept(source).unwrap_or_default().to_owned();
        // What is asked of AWS may bear a kind's name: `read::organization`.
        let others = names.iter().filter(|name| **name != own && own != "read");
        let mentions = others.flat_map(|name| {
            source.lines(|line| {
                ["super::", "kinds::"].iter().any(|up| {
                    line.match_indices(up).any(|(at, _)| {
                        let after = &line[at + up.len()..];
                        after
                            .strip_prefix(name.as_str())
                            .is_some_and(|rest| rest.starts_with("::") || rest.starts_with(';'))
                    })
                })
            })
        });
        mentions.collect::<Vec<_>>()
    });
    none(wrong, "move what both kinds need to src/kinds/shared (fields.rs, ownership.rs, write.rs …)");
}

#[test]
fn the_modules_of_kinds_are_closed() {
    let registry = sources().iter().filter(|source| source.path == "src/kinds/mod.rs");
    let names: Vec<String> = KINDS.iter().map(|kind| format!("pub mod {};", folder_of(*kind))).collect();
    let open = registry.flat_map(|source| source.lines(|line| names.iter().any(|name| line.contains(name))));
    none(open, "keep a kind's module private: the engine knows it by its trait alone");
}

#[test]
fn the_architecture_page_lists_every_kind() {
    if !top().join("ARCHITECTURE.md").exists() {
        eprintln!("skipped: there is no ARCHITECTURE.md");
        return;
    }
    let page = read("ARCHITECTURE.md");
    let listed = |kind: &dyn Kind| {
        page.contains(&format!("`{}`", kind.name())) || page.contains(&format!("{}.rs", folder_of(kind)))
    };
    let missing = KINDS.iter().filter(|kind| !listed(**kind)).map(|kind| kind.name().to_owned());
    none(missing, "add the kind to the list of kinds in ARCHITECTURE.md");
}
