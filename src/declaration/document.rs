//! Policy documents with the place of each of their parts.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use landing_blueprint::{FileId, Place, Sources, Spanned, document};
use landing_policy::SourceText;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// What a document says, and where each part of it stands.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// What it says.
    pub value: Value,
    /// Where its parts are written.
    pub written: Written,
}

/// Where the parts of a policy document are written.
///
/// Parts are named by JSON pointers (RFC 6901). Of what a template makes, or a file that cannot be followed, only the
/// place is known where the blueprint names it.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// Where the document stands or is named.
    whole: Place,
    parts: HashMap<String, Part>,
}

/// The places of a key, or of the part itself where it has none, and of the part.
#[derive(Clone, Copy, Debug)]
struct Part {
    key: Place,
    value: Place,
}

impl Written {
    /// What is only known to be named there.
    pub(crate) fn named(whole: Place) -> Self {
        Written { whole, parts: HashMap::new() }
    }

    /// Where the document stands or is named.
    #[must_use]
    pub fn whole(&self) -> Place {
        self.whole
    }

    /// Whether the parts have places of their own.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        !self.parts.is_empty()
    }

    /// The place of a part, or of the nearest around it.
    #[must_use]
    pub fn value_at(&self, pointer: &str) -> Place {
        let mut path = pointer;
        loop {
            match (self.parts.get(path), path.rsplit_once('/')) {
                (Some(part), _) => return part.value,
                (None, Some((parent, _))) => path = parent,
                (None, None) => return self.whole,
            }
        }
    }

    /// The place of the key under which that part stands, or of the part itself where it has none.
    #[must_use]
    pub fn key_at(&self, pointer: &str) -> Place {
        self.parts.get(pointer).map_or_else(|| self.value_at(pointer), |part| part.key)
    }

    /// The places in a JSON file that says `value`.
    pub(crate) fn in_json(file: FileId, text: &str, value: &Value, named: Place) -> Self {
        let Some(source) = SourceText::read("", text).ok().filter(|source| source.value() == value) else {
            return Written::named(named);
        };
        let place = |range| Place::new(file, range);
        let parts = source
            .parts()
            .map(|(pointer, key, value)| (pointer.to_owned(), Part { key: place(key), value: place(value) }));
        Written { whole: named, parts: parts.collect() }
    }

    /// The places in a YAML file that says `value`.
    pub(crate) fn in_yaml(file: FileId, sources: &Sources, value: &Value, named: Place) -> Self {
        let read = document::<Document>(sources, file).filter(|read| read.value == *value);
        read.map_or_else(|| Written::named(named), |read| Written { whole: named, ..read.written })
    }

    fn add(&mut self, path: String, key: Place, node: Node) -> Value {
        let value = node.place;
        let said = match node.value {
            Content::Scalar(value) => value,
            Content::List(items) => {
                let each = items.into_iter().enumerate();
                each.map(|(index, item)| self.add(format!("{path}/{index}"), item.place, item)).collect()
            }
            Content::Map(members) => {
                let each = members.into_iter();
                let members = each.map(|(name, member)| {
                    let path = format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"));
                    (name.value.clone(), self.add(path, name.place, member))
                });
                Value::Object(members.collect::<Map<_, _>>())
            }
        };
        self.parts.insert(path, Part { key, value });
        said
    }
}

type Node = Spanned<Content>;

/// What a part of a document is.
enum Content {
    Scalar(Value),
    List(Vec<Node>),
    Map(Vec<(Spanned<String>, Node)>),
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let node = Node::deserialize(deserializer)?;
        let mut written = Written::named(node.place);
        let value = written.add(String::new(), node.place, node);
        Ok(Document { value, written })
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ContentVisitor)
    }
}

struct ContentVisitor;

impl<'de> Visitor<'de> for ContentVisitor {
    type Value = Content;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a policy document")
    }

    fn visit_unit<E>(self) -> Result<Content, E> {
        Ok(Content::Scalar(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Content, E> {
        Ok(Content::Scalar(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Content, E> {
        Ok(Content::Scalar(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Content, E> {
        Ok(Content::Scalar(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Content, E> {
        Ok(Content::Scalar(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Content, E> {
        Ok(Content::Scalar(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Content, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Content::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Content, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = access.next_entry()? {
            members.push(member);
        }
        Ok(Content::Map(members))
    }
}

impl JsonSchema for Document {
    fn inline_schema() -> bool {
        Value::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        Value::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Value::json_schema(generator)
    }
}
