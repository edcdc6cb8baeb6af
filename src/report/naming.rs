use super::clean::clean;
use crate::kinds::{OfKind, kind_info_at};
use crate::model::{Action, Address, Change, Deed};

/// How a resource is called where it stands: in the tree or under its heading.
pub(super) fn short_name(address: &Address) -> String {
    let name = kind_info_at(address).short_name.map(|name| name(address));
    let own = || address.split_target().map_or_else(|| address.name(), |(what, _)| what.name());
    clean(&name.unwrap_or_else(own))
}

/// What type of resource it is, in AWS's words.
pub(super) fn kind_word(change: &Change) -> String {
    change.kind_info().noun.of(&change.kind, &change.address)
}

/// The same of what has this address: `SCP` for `scp/region-guard`, `tag policy` for `tag-policy/cost`.
pub(super) fn noun_at(address: &Address) -> String {
    kind_info_at(address).noun.of(address.prefix(), address)
}

/// What an account has by being where it is, in a few words.
pub(super) fn held(address: &Address) -> String {
    match kind_info_at(address).name_when_held {
        Some(name) => clean(&name(address)),
        None => format!("{} {}", noun_at(address), short_name(address)),
    }
}

/// What happens to it, where the mark alone may not say it.
pub(super) fn deed(change: &Change) -> Option<&'static str> {
    if let Some(deed) = own_deed(change) {
        return Some(deed.done);
    }
    match change.action {
        Action::Create | Action::Update => None,
        Action::Delete => Some("deleted"),
        Action::Adopt => Some("adopted"),
        Action::Move => Some("moved"),
    }
}

/// What its kind says in place of `create` and `delete`.
fn own_deed(change: &Change) -> Option<Deed> {
    let words = change.kind_info().words;
    let ended = words.ended.filter(|(field, _)| change.field(field).is_some());
    match change.action {
        Action::Create => words.created,
        Action::Delete => ended.map(|(_, deed)| deed).or(words.deleted),
        Action::Update | Action::Adopt | Action::Move => None,
    }
}

/// What is done, as a verb: `enable` trusted access, `attach` a policy, `close` an account.
pub(super) fn verb(change: &Change) -> &'static str {
    let has_target = change.address.split_target().is_some();
    let assigns = change.address.assigned().is_some();
    match (own_deed(change), change.action) {
        (Some(deed), _) => deed.verb,
        (None, Action::Create) if assigns => "assign",
        (None, Action::Delete) if assigns => "unassign",
        (None, Action::Create) if has_target => "attach",
        (None, Action::Delete) if has_target => "detach",
        (None, action) => action.verb(),
    }
}

/// A resource in a sentence of its own: its whole address, cleaned.
pub fn subject(address: &Address) -> String {
    clean(address.as_str())
}
