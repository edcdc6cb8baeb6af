use super::{Action, Address, Change, Risk};

/// Something that an account has already, of which there can be only one, and which a stack would make.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occupied {
    /// The stack or stack set that would make it.
    pub address: Address,
    /// The name of the stack in the blueprint.
    pub stack: String,
    /// The account.
    pub account: Address,
    /// The region.
    pub region: String,
    /// What is there, and by whom: `GuardDuty's detector 12ab…`.
    pub what: String,
    /// What of the blueprint's has it now.
    pub held_by: Option<Held>,
    /// What the stack's parameter `existing` holds where it is to stay; nothing where the template has no such parameter.
    pub keep: Option<Keep>,
    /// How it goes or how the stack goes around it, in words.
    pub free: String,
}

/// What a stack's parameter `existing` says of one resource that stays.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keep {
    /// One of a list.
    Listed(String),
    /// Under a key, what it is called.
    Named(&'static str, String),
    /// Simply that it is there.
    Flag,
}

/// The stack or stack set that has something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Held {
    /// Its address.
    pub by: Address,
    /// The resource's name in its template.
    pub resource: String,
    /// Whether it stays where its stack goes.
    pub is_retained: bool,
}

impl Occupied {
    /// Whether these changes remove what is there: by deleting its stack, or by taking it out of that.
    #[must_use]
    pub fn is_freed_by(&self, change: &Change) -> bool {
        let Some(held) = self.held_by.as_ref().filter(|held| held.by == change.address) else { return false };
        let names = |path: &str| {
            let listed = change.field(path).and_then(|field| field.before.as_array());
            listed.is_some_and(|listed| listed.iter().any(|name| *name == held.resource.as_str()))
        };
        match change.action {
            // A stack set that is deleted may leave its stacks where they are, which no one minds then.
            Action::Delete => change.risk >= Risk::Destructive && !held.is_retained,
            _ => names("takes_away") && !names("retains"),
        }
    }
}
