use std::collections::{BTreeMap, BTreeSet};

use super::claim::{Claim, ClaimedFile, Fact, Foreign, Meaning, ResourceClaim, Subject, reason};
use super::format::Format;
use super::tree::Node;

/// Claims as they are found, and the leaves that they rest on. Each leaf is counted for the first claim that rests on it; what
/// no claim rests on is counted in the end.
pub(super) struct Ledger {
    format: Format,
    sheets: BTreeMap<String, ClaimedFile>,
    order: Vec<String>,
    taken: BTreeSet<(String, String)>,
    hidden: BTreeSet<(String, String)>,
    comments: Vec<(Subject, String)>,
    whole_units: Vec<(Subject, Subject, Subject)>,
}

impl Ledger {
    pub fn new(format: Format) -> Ledger {
        Ledger {
            format,
            sheets: BTreeMap::new(),
            order: Vec::new(),
            taken: BTreeSet::new(),
            hidden: BTreeSet::new(),
            comments: Vec::new(),
            whole_units: Vec::new(),
        }
    }

    /// Begins a file. Returns whether it is new.
    pub fn begin(&mut self, root: &Node) -> bool {
        let file = root.file.to_string();
        if self.sheets.contains_key(&file) {
            return false;
        }
        let sheet = ClaimedFile { file: file.clone(), leaves: root.leaves().len(), claims: Vec::new() };
        self.sheets.insert(file.clone(), sheet);
        self.order.push(file);
        true
    }

    /// Says something of a resource, by these values.
    pub fn fact(&mut self, nodes: &[&Node], about: Subject, says: ResourceClaim) {
        if nodes.iter().flat_map(|node| node.leaves()).any(|leaf| self.hidden.contains(&key(leaf))) {
            return;
        }
        self.claim(nodes, Meaning::Fact(Fact { about, says }));
    }

    /// Counts a value that is a secret: no fact rests on it.
    pub fn hide(&mut self, node: &Node) {
        self.unmapped(node, reason::SECRET);
        self.hidden.extend(node.leaves().into_iter().map(key));
    }

    /// Says something of a resource that follows from values which are counted otherwise.
    pub fn note(&mut self, node: &Node, about: Subject, says: ResourceClaim) {
        let meaning = Meaning::Fact(Fact { about, says });
        let line = Some(node.line).filter(|line| *line > 0);
        if let Some(sheet) = self.sheets.get_mut(&*node.file) {
            sheet.claims.push(Claim { path: node.path.clone(), line, leaves: 0, meaning });
        }
    }

    /// Says of a value why it has no place in a blueprint.
    pub fn unmapped(&mut self, node: &Node, reason: &'static str) {
        if node.leaves().iter().any(|leaf| !self.is_taken(leaf)) {
            self.claim(&[node], Meaning::Unmapped(reason));
        }
    }

    /// Keeps what is said beside a resource.
    pub fn comment(&mut self, about: &Subject, node: &Node) {
        if let Some(comment) = &node.comment {
            self.comments.push((about.clone(), comment.clone()));
        }
    }

    /// Keeps that a permission set is meant for a whole unit.
    pub fn whole_unit(&mut self, set: &Subject, principal: &Subject, unit: Subject) {
        self.whole_units.push((set.clone(), principal.clone(), unit));
    }

    /// Says of every leaf of a file that nothing was said of why it has no place in a blueprint. `why` decides by the leaf,
    /// unless it is empty.
    pub fn rest(&mut self, root: &Node, why: impl Fn(&Node) -> &'static str) {
        for leaf in root.leaves() {
            let reason = if leaf.is_empty() { reason::EMPTY } else { why(leaf) };
            self.unmapped(leaf, reason);
        }
    }

    pub fn end(mut self) -> Foreign {
        let sheets = self.order.iter().filter_map(|file| self.sheets.remove(file)).collect();
        Foreign { format: self.format, sheets, comments: self.comments, whole_units: self.whole_units }
    }

    fn is_taken(&self, leaf: &Node) -> bool {
        self.taken.contains(&key(leaf))
    }

    fn claim(&mut self, nodes: &[&Node], meaning: Meaning) {
        let Some(first) = nodes.first() else { return };
        let leaves = nodes.iter().flat_map(|node| node.leaves());
        // Values of several files may agree: each is counted in its own.
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for leaf in leaves {
            if self.taken.insert(key(leaf)) {
                *counts.entry(leaf.file.to_string()).or_default() += 1;
            }
        }
        counts.entry(first.file.to_string()).or_default();
        for (file, leaves) in counts {
            let at = nodes.iter().find(|node| *node.file == *file).unwrap_or(first);
            let claim = Claim {
                path: at.path.clone(),
                line: Some(at.line).filter(|line| *line > 0),
                leaves,
                meaning: meaning.clone(),
            };
            if let Some(sheet) = self.sheets.get_mut(&file) {
                sheet.claims.push(claim);
            }
        }
    }
}

/// What no other leaf has.
fn key(leaf: &Node) -> (String, String) {
    (leaf.file.to_string(), leaf.path.clone())
}
