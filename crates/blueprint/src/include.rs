//! Gathers a blueprint from the files that it includes.

use std::collections::HashSet;

use super::diagnostic::{Diagnostic, Diagnostics};
use super::glob;
use super::merge::merge;
use super::node::{Content, Map, Node};
use super::place::{FileId, Place};
use super::source::Sources;
use super::yaml;

/// The key that names further files.
pub const INCLUDE: &str = "include";

/// How many files may include one another in a row.
const MAX_CHAIN: usize = 64;

/// Reads the file `name` and everything it includes, and merges it all in the order in which it is named, each file
/// before those that it includes. `None` if a file cannot be read, since any further complaint might only be due to
/// what is missing.
pub fn gather(sources: &mut Sources, name: &str, diagnostics: &mut Diagnostics) -> Option<Map> {
    let mut gatherer = IncludeCollector {
        sources,
        diagnostics,
        chain: Vec::new(),
        seen: HashSet::new(),
        complete: true,
        whole: Map::new(),
    };
    gatherer.file(Place::NOWHERE, name);
    gatherer.complete.then_some(gatherer.whole)
}

struct IncludeCollector<'a> {
    sources: &'a mut Sources,
    diagnostics: &'a mut Diagnostics,
    /// The files that are being read, from the blueprint to the innermost.
    chain: Vec<String>,
    seen: HashSet<String>,
    complete: bool,
    whole: Map,
}

impl IncludeCollector<'_> {
    fn file(&mut self, from: Place, name: &str) {
        if self.chain.iter().any(|outer| outer == name) || self.chain.len() >= MAX_CHAIN {
            self.diagnostics.push(self.endless(from, name));
            return;
        }
        if !self.seen.insert(name.to_owned()) {
            return;
        }
        let Some(mut map) = self.read(from, name) else {
            return;
        };
        let includes = map.shift_remove(INCLUDE);
        merge(&mut self.whole, map, self.diagnostics);
        self.chain.push(name.to_owned());
        for (place, path) in includes.map(|node| self.paths(node)).unwrap_or_default() {
            self.path(place, &path, name);
        }
        self.chain.pop();
    }

    fn read(&mut self, from: Place, name: &str) -> Option<Map> {
        let root = match self.sources.read(from, name) {
            Ok(file) => self.parse(file),
            Err(diagnostic) => {
                self.diagnostics.push(diagnostic);
                None
            }
        };
        self.complete &= root.is_some();
        root
    }

    fn parse(&mut self, file: FileId) -> Option<Map> {
        let root = yaml::parse(self.sources, file, self.diagnostics)?;
        let is_fragment = !self.chain.is_empty();
        match root.content {
            Content::Map(map) => Some(map),
            Content::Unknown => None,
            _ if root.is_null() && is_fragment => Some(Map::new()),
            _ if root.is_null() => {
                let message = format!("`{}` is empty", self.sources.name(file));
                self.diagnostics.push(Diagnostic::error("file", message).help("begin with `version: 1` and `name:`"));
                None
            }
            _ => {
                let found = format!("a blueprint is a map, found {}", root.describe());
                self.diagnostics.push(Diagnostic::error("type", found).at(root.place).help("write `key: value` lines"));
                None
            }
        }
    }

    fn paths(&mut self, node: Node) -> Vec<(Place, String)> {
        if node.is_null() {
            return Vec::new();
        }
        let items = match node.content {
            Content::List(items) => items,
            _ => vec![node],
        };
        let mut paths = Vec::new();
        for item in items {
            match item.content {
                Content::Scalar(scalar) if !scalar.text.is_empty() => paths.push((item.place, scalar.text)),
                Content::Unknown => {}
                _ => self.diagnostics.push(
                    Diagnostic::error("type", format!("`include` takes paths, found {}", item.describe()))
                        .at(item.place)
                        .help("write a list of files, such as `include: [ous/*.yaml]`"),
                ),
            }
        }
        paths
    }

    /// Reads the file or files that `path` means, written in the file `holder`; a pattern never means its own file.
    fn path(&mut self, place: Place, path: &str, holder: &str) {
        let names = if glob::is_pattern(path) {
            self.sources.matching(place, path)
        } else {
            self.sources.resolve(place, path).map(|name| vec![name])
        };
        let mut names = match names {
            Ok(names) => names,
            Err(diagnostic) => return self.diagnostics.push(diagnostic),
        };
        if glob::is_pattern(path) {
            names.retain(|name| name != holder);
        }
        if names.is_empty() {
            self.diagnostics.push(Diagnostic::error("include", format!("no file matches `{path}`")).at(place).help(
                "`*` is any text within a name, `**` any folders; paths are relative to this file, hidden files are left out",
            ));
        }
        for name in names {
            self.file(place, &name);
        }
    }

    fn endless(&self, from: Place, name: &str) -> Diagnostic {
        let start = self.chain.iter().position(|outer| outer == name);
        let chain = self.chain[start.unwrap_or(0)..].iter().map(String::as_str).chain([name]);
        let chain = chain.collect::<Vec<_>>().join(" → ");
        let message = match start {
            Some(_) => format!("files include one another in a circle: {chain}"),
            None => format!("more than {MAX_CHAIN} files include one another in a row: {chain}"),
        };
        Diagnostic::error("include", message).at(from).help("take one of the `include:` lines away")
    }
}
