//! What is said of one resource, whatever it is shown as.

use serde_json::{Map, Value};

use crate::kinds::OfKind;
use crate::model::{Action, Address, InventoryItem, Owner, body_tags};
use crate::report::graph::View;
use crate::report::naming::noun_at;

/// All that is said of one resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    pub(super) subject: Address,
    /// `account`, `OU`, `SCP`.
    pub(super) noun: String,
    pub(super) id: Option<String>,
    pub(super) view: View,
    pub(super) mark: Option<Action>,
    /// What is said in a word, by its key; what is null is known to be absent and not shown.
    pub(super) facts: Vec<(&'static str, Value)>,
    pub(super) sections: Vec<Section>,
    /// What decides, in sentences.
    pub(super) verdict: Vec<String>,
}

/// One list.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Section {
    /// Its name in JSON. Several with the same name are one list there.
    pub key: &'static str,
    pub title: String,
    pub entries: Vec<Entry>,
    /// What is said of the whole of it.
    pub notes: Vec<String>,
    /// Why not all of it is known.
    pub unknown: Option<String>,
}

/// One line of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Entry {
    /// An address or a name.
    pub what: String,
    /// The place that it comes from, and whether that is above the place that is explained.
    pub from: Option<(Address, bool)>,
    /// What more is said of it beside its name.
    pub text: String,
    /// What is said below it.
    pub lines: Vec<String>,
    /// The same for programs.
    pub data: Map<String, Value>,
    pub source: Option<String>,
    pub mark: Option<Action>,
}

impl Page {
    /// A page of what is found, or of which nothing more is known than its address.
    pub fn about(subject: &Address, item: Option<&InventoryItem>, view: View) -> Page {
        let noun = item.map_or_else(|| noun_at(subject), |item| item.kind_info().noun.of(&item.kind, subject));
        Page {
            subject: subject.clone(),
            noun,
            id: item.and_then(|item| item.id.clone()),
            view,
            mark: item.and_then(|item| item.mark),
            facts: Vec::new(),
            sections: Vec::new(),
            verdict: Vec::new(),
        }
    }

    /// Adds a fact.
    pub fn fact(&mut self, key: &'static str, value: impl Into<Value>) {
        self.facts.push((key, value.into()));
    }

    /// Adds a text of the resource's body, where it has one.
    pub fn field(&mut self, key: &'static str, item: &InventoryItem) {
        let value = item.body.get(key).filter(|value| value.as_str() != Some("")).cloned();
        self.fact(key, value.unwrap_or(Value::Null));
    }

    /// Adds whose it is, its tags and its line in the blueprint.
    pub fn ownership(&mut self, item: &InventoryItem) {
        self.fact("owner", item.owner.as_ref().map(owner));
        let tags = body_tags(&item.body);
        self.fact("tags", if tags.is_empty() { Value::Null } else { serde_json::json!(tags) });
        self.fact("source", item.source.clone());
    }
}

impl Section {
    pub fn new(key: &'static str, title: impl Into<String>) -> Section {
        Section { key, title: title.into(), ..Section::default() }
    }
}

impl Entry {
    pub fn of(what: impl Into<String>) -> Entry {
        Entry { what: what.into(), ..Entry::default() }
    }

    /// The same, for programs too.
    pub fn data(mut self, key: &str, value: impl Into<Value>) -> Entry {
        self.data.insert(key.to_owned(), value.into());
        self
    }

    /// The same, as the plan leaves `resource`; what does not stay goes.
    pub fn marked(mut self, item: &InventoryItem, stays: bool) -> Entry {
        self.mark = if stays { item.mark } else { Some(Action::Delete) };
        self
    }
}

fn owner(owner: &Owner) -> String {
    match owner {
        Owner::Unmanaged => "none (unmanaged)".into(),
        Owner::This { .. } => "this blueprint".into(),
        Owner::Other(blueprint) => format!("the blueprint {blueprint}"),
        Owner::ControlTower => "AWS Control Tower".into(),
        Owner::Shared => "none (shared)".into(),
    }
}
