use std::rc::Rc;

use serde_json::Value;

use super::source::Mistake;
use super::tree::{Kind, MAX_NODES, Node, Scalar};

/// Reads JSON. It knows no lines.
pub(super) fn parse(file: &str, text: &str) -> Result<Node, Mistake> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        Mistake::of(file, format!("it is not JSON: {error}"), "write it again with the tool that made it")
            .at(error.line())
    })?;
    let mut reader = Reader { file: file.into(), nodes: 0 };
    reader.node(&value, String::new())
}

struct Reader {
    file: Rc<str>,
    nodes: usize,
}

impl Reader {
    fn node(&mut self, value: &Value, path: String) -> Result<Node, Mistake> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            let message = format!("it has more than {MAX_NODES} values");
            return Err(Mistake::of(&self.file, message, "give the files of the organization alone"));
        }
        let kind = match value {
            Value::Array(items) => {
                let items = items.iter().enumerate().map(|(nth, item)| self.node(item, format!("{path}[{nth}]")));
                Kind::List(items.collect::<Result<_, _>>()?)
            }
            Value::Object(map) => {
                let entries = map.iter().map(|(key, value)| Ok((key.clone(), self.node(value, below(&path, key))?)));
                Kind::Map(entries.collect::<Result<_, Mistake>>()?)
            }
            Value::String(text) => Kind::Scalar(Scalar { text: text.clone(), quoted: true }),
            other => Kind::Scalar(Scalar { text: other.to_string(), quoted: false }),
        };
        Ok(Node { file: self.file.clone(), path, line: 0, tag: None, comment: None, kind })
    }
}

/// The way to a key.
pub(super) fn below(path: &str, key: &str) -> String {
    // No two ways are written alike.
    let is_plain = !key.is_empty() && !key.contains(['.', '[', ']', '"']);
    match (path.is_empty(), is_plain) {
        (true, true) => key.to_owned(),
        (false, true) => format!("{path}.{key}"),
        (_, false) => format!("{path}[{key:?}]"),
    }
}
