//! What events of CloudTrail name of resources of several kinds.

use crate::model::{Address, Bindings, Mark};

/// The id of the account that the address begins with, and its last name.
pub(in crate::kinds) fn account_and_name(address: &Address, _: Option<&str>, bindings: &Bindings) -> Option<Vec<Mark>> {
    let account = address.parts().into_iter().next()?;
    let account = match account == Address::management().name() {
        true => bindings.id(&Address::management()),
        false => bindings.id(&Address::account(&account)),
    };
    Some(vec![account?.into(), Mark::Text(address.name())])
}

/// Nothing: the account, or the region of it, has one of it.
pub(in crate::kinds) fn the_only_one(_: &Address, _: Option<&str>, _: &Bindings) -> Option<Vec<Mark>> {
    Some(Vec::new())
}
