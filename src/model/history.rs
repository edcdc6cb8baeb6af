//! Which events of CloudTrail tell who changed what is not as the blueprint says.

use super::{Address, Bindings};

/// Which of CloudTrail's events tell of changes of a kind's resources, as the kind says it of itself.
#[derive(Clone, Copy, Debug)]
pub struct History {
    /// Where the events are.
    pub recorded: Recorded,
    /// The texts that an event about the resource at an address names, all of them; nothing where one is not known. AWS's id of
    /// the resource is given where it is known.
    pub marks: fn(&Address, Option<&str>, &Bindings) -> Option<Vec<String>>,
    /// The events.
    pub traces: &'static [Trace],
}

/// The region of the management account whose event history has the events of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recorded {
    /// The partition's global one: those of Organizations.
    /// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html>
    Globally,
    /// That of Identity Center's instance.
    /// <https://docs.aws.amazon.com/singlesignon/latest/userguide/logging-using-cloudtrail.html>
    WithIdentityCenter,
}

/// An event, and which differences it explains.
#[derive(Clone, Copy, Debug)]
pub struct Trace {
    /// Its name, that of the API's operation as a rule.
    pub event: &'static str,
    /// What it does to a resource.
    pub does: Does,
}

/// What an event does to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// Makes it.
    Make,
    /// Ends the making of it, which an event of this name began: that one says who asked for it.
    EndMaking(&'static str),
    /// Deletes it.
    Delete,
    /// Puts it elsewhere.
    Move,
    /// Changes fields that begin so.
    Change(&'static [&'static str]),
}

impl History {
    /// Of a kind whose changes are not looked for.
    pub const NONE: History = History { recorded: Recorded::Globally, marks: by_id, traces: &[] };
}

/// AWS's id, by which most events name a resource.
fn by_id(_: &Address, id: Option<&str>, _: &Bindings) -> Option<Vec<String>> {
    Some(vec![id?.to_owned()])
}
