use std::collections::BTreeMap;

use crate::import::foreign::claim::reason;
use crate::import::foreign::ledger::Ledger;
use crate::import::foreign::source::{Mistake, Source, beside, text};
use crate::import::foreign::tree::{Kind, Node};
use crate::import::foreign::yaml;

/// How many files may be included, those that are included several times counted each time.
const MOST: usize = 2_000;

/// The files that were read, as they are.
pub(super) struct Includes<'s> {
    source: &'s dyn Source,
    raw: BTreeMap<String, Node>,
    included: usize,
}

impl<'s> Includes<'s> {
    pub fn new(source: &'s dyn Source) -> Includes<'s> {
        Includes { source, raw: BTreeMap::new(), included: 0 }
    }

    /// A file with what it includes.
    pub fn load(&mut self, file: &str, ledger: &mut Ledger) -> Result<Node, Mistake> {
        self.open(file, &mut Vec::new(), ledger)
    }

    /// The files without what they include.
    pub fn raw(&self) -> impl Iterator<Item = &Node> {
        self.raw.values()
    }

    fn open(&mut self, file: &str, above: &mut Vec<String>, ledger: &mut Ledger) -> Result<Node, Mistake> {
        if above.iter().any(|it| it == file) {
            let circle = format!("it includes itself: {} → {file}", above.join(" → "));
            return Err(Mistake::of(file, circle, "take one of the includes out"));
        }
        self.included += 1;
        if self.included > MOST {
            return Err(Mistake::of(
                file,
                format!("more than {MOST} files are included"),
                "give fewer files at a time",
            ));
        }
        let root = match self.raw.get(file) {
            Some(root) => root.clone(),
            None => {
                let root = yaml::parse(file, &text(self.source, file)?)?;
                ledger.begin(&root);
                self.raw.insert(file.to_owned(), root.clone());
                root
            }
        };
        above.push(file.to_owned());
        let root = self.expand(root, above, ledger);
        above.pop();
        root
    }

    fn expand(&mut self, node: Node, above: &mut Vec<String>, ledger: &mut Ledger) -> Result<Node, Mistake> {
        if let Some(named) = node.tagged("Include") {
            let path = beside(&node.file, named).map_err(|mistake| mistake.at(node.line))?;
            ledger.unmapped(&node, reason::INCLUDE);
            let included = self.open(&path, above, ledger).map_err(|mistake| Mistake {
                message: format!("{} (included by {}:{})", mistake.message, node.file, node.line),
                ..mistake
            })?;
            return Ok(Node { comment: node.comment.or(included.comment.clone()), ..included });
        }
        let kind = match node.kind {
            Kind::List(items) => {
                Kind::List(items.into_iter().map(|item| self.expand(item, above, ledger)).collect::<Result<_, _>>()?)
            }
            Kind::Map(entries) => Kind::Map(self.entries(entries, above, ledger)?),
            scalar => scalar,
        };
        Ok(Node { kind, ..node })
    }

    /// Entries with those that `<<` merges into them; a key of the map itself wins.
    fn entries(
        &mut self,
        entries: Vec<(String, Node)>,
        above: &mut Vec<String>,
        ledger: &mut Ledger,
    ) -> Result<Vec<(String, Node)>, Mistake> {
        let mut expanded: Vec<(String, Node)> = Vec::new();
        let mut merged: Vec<(String, Node)> = Vec::new();
        for (key, node) in entries {
            let node = self.expand(node, above, ledger)?;
            match node.kind {
                Kind::Map(more) if key == "<<" => merged.extend(more),
                kind => expanded.push((key, Node { kind, ..node })),
            }
        }
        for (key, node) in merged {
            if !expanded.iter().any(|(known, _)| *known == key) {
                expanded.push((key, node));
            }
        }
        Ok(expanded)
    }
}
