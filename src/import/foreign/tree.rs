use serde_json::{Map, Value};

/// How deep a file may be nested.
pub(super) const MAX_DEPTH: usize = 100;

/// How many values a file may have, those that aliases repeat counted each time.
pub(super) const MAX_NODES: usize = 500_000;

/// A value of a file, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// The file.
    pub file: std::rc::Rc<str>,
    /// The way to it within the file: `Organization.Audit.Properties.Tags.owner`, `resources[3].type`.
    pub path: String,
    /// The line it begins in, counted from one; 0 where that is not known.
    pub line: usize,
    /// The tag, such as `!Ref`, without the sign.
    pub tag: Option<String>,
    /// The comment behind it or right above it.
    pub comment: Option<String>,
    /// What it is.
    pub kind: Kind,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// A text, number, truth value or nothing.
    Scalar(Scalar),
    /// A list.
    List(Vec<Node>),
    /// A map, in its order.
    Map(Vec<(String, Node)>),
}

/// A scalar as it stands in the file.
#[derive(Clone, Debug)]
pub(super) struct Scalar {
    /// Its text.
    pub text: String,
    /// Whether it is a text whatever it looks like.
    pub quoted: bool,
}

impl Node {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|(known, _)| known == key).map(|(_, node)| node)
    }

    /// The value at the end of several keys.
    pub fn at(&self, keys: &[&str]) -> Option<&Node> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The keys and values of a map; none of anything else.
    pub fn entries(&self) -> &[(String, Node)] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none of anything else.
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::List(items) => items,
            _ => &[],
        }
    }

    /// A text, or a number or truth value as it is written. Nothing of what is empty, null or has a tag.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar(scalar) if self.tag.is_none() && !self.is_null() => Some(scalar.text.as_str()),
            _ => None,
        }
    }

    /// The text at a key, unless it is empty.
    pub fn text_at(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Node::text).filter(|text| !text.is_empty())
    }

    /// What a tag such as `!Ref` stands before.
    pub fn tagged(&self, tag: &str) -> Option<&str> {
        match &self.kind {
            Kind::Scalar(scalar) if self.tag.as_deref() == Some(tag) => Some(scalar.text.as_str()),
            _ => None,
        }
    }

    /// Whether nothing is said.
    pub fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar(scalar) if !scalar.quoted && matches!(scalar.text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// Whether it says nothing: null, or an empty text, list or map.
    pub fn is_empty(&self) -> bool {
        match &self.kind {
            Kind::Scalar(scalar) => scalar.text.is_empty() || self.is_null(),
            Kind::List(items) => items.is_empty(),
            Kind::Map(entries) => entries.is_empty(),
        }
    }

    /// Whether it is true.
    pub fn is_true(&self) -> bool {
        self.text().is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }

    /// Every leaf in it: scalars, and lists and maps without content.
    pub fn leaves(&self) -> Vec<&Node> {
        let mut leaves = Vec::new();
        self.collect(&mut leaves);
        leaves
    }

    fn collect<'n>(&'n self, leaves: &mut Vec<&'n Node>) {
        match &self.kind {
            Kind::List(items) if !items.is_empty() => items.iter().for_each(|item| item.collect(leaves)),
            Kind::Map(entries) if !entries.is_empty() => entries.iter().for_each(|(_, node)| node.collect(leaves)),
            _ => leaves.push(self),
        }
    }

    /// The value as JSON, `None` where a tag is in it.
    pub fn value(&self) -> Option<Value> {
        if self.tag.is_some() {
            return None;
        }
        match &self.kind {
            Kind::Scalar(scalar) => Some(scalar.value()),
            Kind::List(items) => items.iter().map(Node::value).collect::<Option<Vec<Value>>>().map(Value::Array),
            Kind::Map(entries) => {
                let entries = entries.iter().map(|(key, node)| Some((key.clone(), node.value()?)));
                entries.collect::<Option<Map<String, Value>>>().map(Value::Object)
            }
        }
    }
}

impl Scalar {
    /// A plain scalar by the rules of YAML's core schema (<https://yaml.org/spec/1.2.2/#1032-tag-resolution>).
    fn value(&self) -> Value {
        let text = Value::String(self.text.clone());
        if self.quoted {
            return text;
        }
        match self.text.as_str() {
            "" | "~" | "null" | "Null" | "NULL" => Value::Null,
            "true" | "True" | "TRUE" => true.into(),
            "false" | "False" | "FALSE" => false.into(),
            // A number with a leading zero is an account's id that no one put into quotation marks.
            number if number.starts_with('0') && number.len() > 1 && !number.contains('.') => text,
            number => serde_json::from_str::<serde_json::Number>(number).map(Value::Number).unwrap_or(text),
        }
    }
}
