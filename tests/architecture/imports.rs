//! Which file imports which, read from the text of the program.

use std::collections::{BTreeMap, BTreeSet};

use super::source::Source;

/// A name that a file imports or re-exports.
#[derive(Debug, PartialEq, Eq)]
pub struct Import {
    /// As written: `super`, `model`, `Plan`.
    pub path: Vec<String>,
    /// What it is called in the file.
    pub name: String,
    /// Whether others may use it through this file.
    pub public: bool,
}

/// Every name that the `use` declarations of a file bring.
pub fn imports(code: &str) -> Vec<Import> {
    declarations(code).flat_map(|(public, tree)| expanded(tree, &[], public)).collect()
}

/// The trees of the `use` declarations, and whether they are public.
fn declarations(code: &str) -> impl Iterator<Item = (bool, &str)> {
    code.match_indices("use ").filter_map(|(at, _)| {
        let before = code[..at].trim_end_matches(' ');
        let is_word = code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let line = before.rsplit(['\n', ';', '{', '}']).next().unwrap_or_default().trim();
        let tree = code[at + 4..].split(';').next()?;
        let is_declaration = line.is_empty() || line.starts_with("pub");
        (is_declaration && !is_word).then_some((line.starts_with("pub"), tree))
    })
}

fn expanded(tree: &str, above: &[String], public: bool) -> Vec<Import> {
    let tree = tree.trim();
    if let Some((path, list)) = tree.strip_suffix('}').and_then(|tree| tree.split_once('{')) {
        let above: Vec<String> = above.iter().cloned().chain(segments(path)).collect();
        return parts(list).into_iter().flat_map(|part| expanded(part, &above, public)).collect();
    }
    if tree.is_empty() {
        return Vec::new();
    }
    let (path, alias) = tree.split_once(" as ").map_or((tree, None), |(path, alias)| (path, Some(alias.trim())));
    let mut path: Vec<String> = above.iter().cloned().chain(segments(path)).collect();
    if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
        path.pop();
    }
    let name = alias.map(str::to_owned).or_else(|| path.last().cloned()).unwrap_or_default();
    vec![Import { path, name, public }]
}

fn segments(path: &str) -> impl Iterator<Item = String> {
    path.split("::").map(|segment| segment.trim().to_owned()).filter(|segment| !segment.is_empty())
}

/// The parts of a list between commas that are in no inner list.
fn parts(list: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&list[start..]);
    parts
}

/// The path of a module within its crate.
type Module = Vec<String>;

/// The modules of one crate.
pub struct Tree<'a> {
    modules: BTreeMap<Module, &'a Source>,
    /// What each name of a module stands for, by its path within the crate.
    names: BTreeMap<Module, BTreeMap<String, Module>>,
}

impl<'a> Tree<'a> {
    /// The crate whose files are below `root`; a program beside it is none of its modules.
    pub fn new(sources: &'a [Source], root: &str) -> Self {
        let within = |source: &'a Source| {
            let below = source.path.strip_prefix(root)?.strip_prefix('/')?.strip_suffix(".rs")?;
            (below != "main").then(|| (module(below), source))
        };
        let mut tree = Self { modules: sources.iter().filter_map(within).collect(), names: BTreeMap::new() };
        let names = |module: &Module, source: &Source| {
            let all = imports(&source.code).into_iter();
            all.filter_map(|import| Some((import.name, tree.absolute(module, &import.path)?))).collect()
        };
        tree.names = tree.modules.iter().map(|(module, source)| (module.clone(), names(module, source))).collect();
        tree
    }

    pub fn files(&self) -> impl Iterator<Item = &'a str> {
        self.modules.values().map(|source| source.path.as_str())
    }

    /// The files that define what a file uses. That it re-exports something is no use of it.
    pub fn imported_by(&self, path: &str) -> BTreeSet<&'a str> {
        let Some((module, source)) = self.modules.iter().find(|(_, source)| source.path == path) else {
            return BTreeSet::new();
        };
        let imported = imports(&source.code).into_iter().filter(|import| !import.public);
        let imported = imported.filter_map(|import| self.absolute(module, &import.path));
        // A module that is imported is used by the paths that begin with it.
        let imported = imported.filter(|path| !self.modules.contains_key(path));
        let written = paths(&source.code).into_iter().filter_map(|path| self.begun(module, &path));
        let defining = imported.chain(written).filter_map(|path| self.defining(path, 0));
        defining.filter(|other| *other != path).collect()
    }

    /// A path from a module as one from the crate; nothing for another crate's.
    fn absolute(&self, module: &Module, path: &[String]) -> Option<Module> {
        let up = path.iter().take_while(|segment| *segment == "super").count();
        let rest = |from: usize| path[from..].iter().cloned();
        match path.first()?.as_str() {
            "crate" => Some(rest(1).collect()),
            "self" => Some(module.iter().cloned().chain(rest(1)).collect()),
            "super" => Some(module[..module.len().checked_sub(up)?].iter().cloned().chain(rest(up)).collect()),
            child => {
                let inner: Module = module.iter().cloned().chain([child.to_owned()]).collect();
                self.modules.contains_key(&inner).then(|| module.iter().cloned().chain(rest(0)).collect())
            }
        }
    }

    /// The same for a path in the code, which may begin with an imported module.
    fn begun(&self, module: &Module, path: &[String]) -> Option<Module> {
        let imported = self.names.get(module)?.get(path.first()?).filter(|path| self.modules.contains_key(*path));
        match imported {
            Some(imported) => Some(imported.iter().chain(&path[1..]).cloned().collect()),
            None => self.absolute(module, path),
        }
    }

    /// The file that defines what a path leads to, through re-exports.
    fn defining(&self, path: Module, steps: usize) -> Option<&'a str> {
        let depth = (0..=path.len()).rev().find(|depth| self.modules.contains_key(&path[..*depth]))?;
        let (module, rest) = path.split_at(depth);
        let behind = rest.first().and_then(|name| self.names.get(module)?.get(name)).filter(|_| steps < 10);
        match behind {
            Some(behind) => self.defining(behind.iter().chain(&rest[1..]).cloned().collect(), steps + 1),
            None => self.modules.get(module).map(|source| source.path.as_str()),
        }
    }
}

/// `engine/order/mod` and `engine/order` are both `engine::order`.
fn module(below: &str) -> Module {
    let path = below.strip_suffix("/mod").unwrap_or(below);
    path.split('/').filter(|segment| !matches!(*segment, "lib" | "mod")).map(str::to_owned).collect()
}

/// The paths of two segments or more that a file has outside of its `use` declarations, but for those that say who may see
/// an item: `pub(in crate::kinds)`.
fn paths(code: &str) -> BTreeSet<Vec<String>> {
    let mut rest = code.replace("pub(in ", "pub(in::");
    let trees: Vec<String> = declarations(code).map(|(_, tree)| format!("use {tree};")).collect();
    for tree in trees {
        rest = rest.replacen(&tree, "", 1);
    }
    let is_of_a_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let words = rest.split(|c| !is_of_a_path(c)).filter(|word| word.contains("::"));
    words.map(|word| segments(word).collect()).filter(|path: &Vec<String>| path.len() > 1).collect()
}
