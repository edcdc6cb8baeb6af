use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Address, ChangedBy};

/// What happens to one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It does not exist and is made.
    Create,
    /// It exists and is made to be as wanted.
    Update,
    /// It exists and goes, or is released from management.
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

    /// The action as plans print it: `create`.
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Risk {
    /// Nothing is taken from anyone.
    #[default]
    None,
    /// Work that goes on now may be stopped; undone by changing the blueprint back.
    Disruptive,
    /// Something ceases to be. Needs `--allow-destroy`.
    Destructive,
    /// Cannot be undone by anyone. Needs `--allow-destroy`.
    Irreversible,
}

impl Risk {
    /// Whether apply does it only with `--allow-destroy`.
    pub fn needs_permission(self) -> bool {
        self >= Risk::Destructive
    }

    /// The risk as plans print it: `destructive`.
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FieldChange {
    /// Dotted: `tags.owner`, `content`.
    pub path: String,
    /// The value that is there; null where there is none.
    pub before: Value,
    /// The value that will be there; null where it goes.
    pub after: Value,
}

/// One difference between the blueprint and the organization, and all that is said about it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// What is changed.
    pub address: Address,
    /// The name of its kind: `organizational-unit`.
    pub kind: String,
    /// How it is changed.
    pub action: Action,
    /// In what it changes, field by field.
    pub fields: Vec<FieldChange>,
    /// What the change costs.
    pub risk: Risk,
    /// Why it is done, for people; nothing is decided by it.
    pub reason: String,
    /// Whether nothing is known of what is there: it can be looked at only once other changes of the plan are made.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unseen: bool,
    /// The blueprint's line: `landing.yaml:12`; absent where the blueprint does not name it.
    pub source: Option<String>,
    /// How many accounts it reaches.
    pub reaches: usize,
    /// The accounts it reaches, by name.
    pub accounts: Vec<String>,
    /// What an account that goes to another place has there and had not before: policies, stack sets, shares, people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gains: Vec<Address>,
    /// What it has no more where it goes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub loses: Vec<Address>,
    /// Changes of this plan that must have succeeded before this one is made: where one of them fails, this one is skipped.
    pub needs: Vec<Address>,
    /// Changes of this plan that must have ended before this one is made, whatever came of them.
    #[serde(default)]
    pub after: Vec<Address>,
    /// Where it hangs in the tree that plans show.
    pub parent: Option<Address>,
    /// Who made it so, where that was looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_by: Option<ChangedBy>,
}

impl Change {
    /// A change of which nothing more is known: it has no fields, costs nothing and reaches no account.
    #[must_use]
    pub fn new(action: Action, kind: impl Into<String>, address: Address) -> Change {
        Change {
            address,
            kind: kind.into(),
            action,
            fields: Vec::new(),
            risk: Risk::None,
            reason: String::new(),
            unseen: false,
            source: None,
            reaches: 0,
            accounts: Vec::new(),
            gains: Vec::new(),
            loses: Vec::new(),
            needs: Vec::new(),
            after: Vec::new(),
            parent: None,
            changed_by: None,
        }
    }

    /// The change of the field at `path`, if it changes.
    pub fn field(&self, path: &str) -> Option<&FieldChange> {
        self.fields.iter().find(|field| field.path == path)
    }
}
