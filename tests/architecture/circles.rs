//! Files that import one another in a circle can only be understood together. A file imports what defines a name that it
//! uses: through a re-export, the file behind it.

use std::collections::{BTreeMap, BTreeSet};

use super::imports::{Import, Tree, imports};
use super::source::{Source, none, sources};

/// How many files may be in one circle.
const LARGEST: usize = 5;

#[test]
fn no_circle_of_imports_is_large() {
    let too_large = circles(sources()).into_iter().filter(|circle| circle.len() > LARGEST);
    let reported = too_large.map(|circle| format!("{} files: {}", circle.len(), circle.join(" ")));
    none(
        reported,
        "move what the files of the circle have in common into a file that imports none of them, and what knows them all \
         into one that none of them imports",
    );
}

/// The files that import one another, directly or through others, in groups of two or more; largest groups first.
fn circles(sources: &[Source]) -> Vec<Vec<String>> {
    let mut found: Vec<Vec<String>> = roots(sources).into_iter().flat_map(|root| circles_of(sources, &root)).collect();
    found.sort_by_key(|circle| std::cmp::Reverse(circle.len()));
    found
}

/// The folders of crates: `src`, `crates/policy/src`.
fn roots(sources: &[Source]) -> BTreeSet<String> {
    let root =
        |source: &Source| source.path.split_inclusive("src/").next().map(|root| root.trim_end_matches('/').into());
    sources.iter().filter_map(root).collect()
}

fn circles_of(sources: &[Source], root: &str) -> Vec<Vec<String>> {
    let tree = Tree::new(sources, root);
    let graph: BTreeMap<&str, BTreeSet<&str>> = tree.files().map(|path| (path, tree.imported_by(path))).collect();
    let reach: BTreeMap<&str, BTreeSet<&str>> = graph.keys().map(|path| (*path, reached(&graph, path))).collect();
    let mut circles: BTreeSet<Vec<String>> = BTreeSet::new();
    for (path, others) in reach.iter().filter(|(path, others)| others.contains(*path)) {
        let mutual = others.iter().filter(|other| reach[*other].contains(path));
        circles.insert(mutual.map(|path| (*path).to_owned()).collect());
    }
    circles.into_iter().filter(|circle| circle.len() > 1).collect()
}

/// Everything that a file imports, directly or through others; itself if that leads back.
fn reached<'a>(graph: &BTreeMap<&'a str, BTreeSet<&'a str>>, from: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> = graph[from].iter().copied().collect();
    while let Some(next) = open.pop() {
        if reached.insert(next) {
            open.extend(&graph[next]);
        }
    }
    reached
}

fn source(path: &str, code: &str) -> Source {
    Source { path: path.into(), code: code.into() }
}

#[test]
fn circles_are_found_through_re_exports_and_paths_in_the_code() {
    let sources = [
        source("src/lib.rs", "mod a; mod b; mod c; pub use a::A;"),
        source("src/a/mod.rs", "mod one; mod two; pub use one::One; pub struct A(two::Two);"),
        source("src/a/one.rs", "use super::two::{self, Two as Other};\npub struct One;"),
        source("src/a/two.rs", "use super::One; use std::fmt;"),
        source("src/b.rs", "pub fn b() { crate::c::c() }"),
        source("src/c.rs", "use crate::b; pub fn c() { b::b() }"),
        source("src/d.rs", "pub(in crate::e) struct D;"),
        source("src/e.rs", "use crate::d::D;"),
        source("src/main.rs", "use landing::A;"),
        source("crates/x/src/lib.rs", "mod y; pub struct X; use y::Y;"),
        source("crates/x/src/y.rs", "pub struct Y(super::X);"),
    ];
    let expected = [
        vec!["crates/x/src/lib.rs", "crates/x/src/y.rs"],
        vec!["src/a/one.rs", "src/a/two.rs"],
        vec!["src/b.rs", "src/c.rs"],
    ];
    assert_eq!(circles(&sources), expected);
}

#[test]
fn a_use_of_many_names_is_one_import_of_each() {
    let found = imports("pub(super) use crate::{a::{self, B as C}, d};\nuse x::*;");
    let import = |path: &str, name: &str, public: bool| Import {
        path: path.split("::").map(str::to_owned).collect(),
        name: name.to_owned(),
        public,
    };
    let expected = [
        import("crate::a", "a", true),
        import("crate::a::B", "C", true),
        import("crate::d", "d", true),
        import("x::*", "*", false),
    ];
    assert_eq!(found, expected);
}
