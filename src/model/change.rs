use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Address;

/// What happens to one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    Create,
    Update,
    Delete,
    /// Take ownership of what exists, with whatever fields differ.
    Adopt,
    /// An account goes to another organizational unit.
    Move,
}

impl Action {
    /// The mark that carries the action's meaning without colour.
    pub fn glyph(self) -> char {
        match self {
            Action::Create => '+',
            Action::Update => '~',
            Action::Delete => '-',
            Action::Adopt => '=',
            Action::Move => '>',
        }
    }

    pub fn verb(self) -> &'static str {
        match self {
            Action::Create => "create",
            Action::Update => "update",
            Action::Delete => "delete",
            Action::Adopt => "adopt",
            Action::Move => "move",
        }
    }
}

/// What a change costs, and whether it can be taken back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Risk {
    #[default]
    None,
    /// Work that goes on now may be stopped; undone by changing the blueprint back.
    Disruptive,
    /// Something ceases to be. Needs `--allow-destroy`.
    Destructive,
    /// Cannot be undone by anybody. Needs `--allow-destroy`.
    Irreversible,
}

impl Risk {
    /// Whether apply does it only with `--allow-destroy`.
    pub fn needs_permission(self) -> bool {
        self >= Risk::Destructive
    }

    pub fn word(self) -> &'static str {
        match self {
            Risk::None => "none",
            Risk::Disruptive => "disruptive",
            Risk::Destructive => "destructive",
            Risk::Irreversible => "irreversible",
        }
    }
}

/// One field before and after; `null` is absence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Dotted: `tags.owner`, `content`.
    pub path: String,
    pub before: Value,
    pub after: Value,
}

/// One difference between the blueprint and the organization, and all that is said about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub address: Address,
    pub kind: String,
    pub action: Action,
    pub fields: Vec<FieldChange>,
    pub risk: Risk,
    /// Why it is done, for people; nothing is decided by it.
    pub reason: String,
    pub source: Option<String>,
    /// How many accounts it reaches.
    pub reaches: usize,
    /// The accounts it reaches, by name.
    pub accounts: Vec<String>,
    /// Changes of this plan that come first.
    pub needs: Vec<Address>,
    /// Where it hangs in the tree that plans show.
    pub parent: Option<Address>,
}

impl Change {
    /// The change of the field at `path`, if it changes.
    pub fn field(&self, path: &str) -> Option<&FieldChange> {
        self.fields.iter().find(|field| field.path == path)
    }
}
