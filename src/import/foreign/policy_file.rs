use serde_json::Value;

use super::claim::reason;
use super::ledger::Ledger;
use super::source::{Mistake, Source, beside, parse, text};
use super::tree::Node;

/// Files of policies that other files name.
pub(super) struct Policies<'s> {
    pub source: &'s dyn Source,
    /// Puts into them what the tool puts there.
    pub prepare: &'s dyn Fn(&str) -> String,
    /// Those that were read.
    pub roots: Vec<Node>,
}

/// What a file of a policy holds.
pub(super) struct Document {
    /// The file.
    pub root: Node,
    /// The document; `None` where something in it is only known to the tool.
    pub value: Option<Value>,
}

impl Policies<'_> {
    /// The document in the file that a value names. `None` where that is no file: it is then counted as such.
    pub fn document(&mut self, named: &Node, ledger: &mut Ledger) -> Result<Option<Document>, Mistake> {
        let Some(path) = named.text() else { return Ok(None) };
        if path.contains("://") {
            ledger.unmapped(named, reason::FETCHES);
            return Ok(None);
        }
        let file = beside(&named.file, path).map_err(|mistake| mistake.at(named.line))?;
        let text = match text(self.source, &file) {
            Ok(text) => text,
            Err(mistake) => {
                let message = format!("it names {path}: {}", mistake.message);
                return Err(Mistake::of(&named.file, message, mistake.help).at(named.line));
            }
        };
        let prepared = (self.prepare)(&text);
        let root = match parse(&file, &prepared) {
            Ok(root) => root,
            // What stands for something that only the tool knows need not be JSON.
            Err(_) if text.contains("{{") || text.contains("${ACCEL_LOOKUP") => {
                ledger.unmapped(named, reason::EXPRESSION);
                return Ok(None);
            }
            Err(mistake) => return Err(mistake),
        };
        if ledger.begin(&root) {
            self.roots.push(root.clone());
        }
        let value = root.value().filter(|value| value.is_object() && !prepared.contains("${ACCEL_LOOKUP"));
        Ok(Some(Document { root, value }))
    }
}
