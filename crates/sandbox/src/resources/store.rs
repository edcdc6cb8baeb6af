//! How resources get into the state.

use super::kind::ResourceType;
use crate::model::resources::{Place, Resource};
use crate::state::State;

fn find_mut<'a>(state: &'a mut State, place: &Place, kind: &ResourceType, id: &str) -> Option<&'a mut Resource> {
    state.resources.get_mut(&place.account)?.get_mut(kind.region(place))?.get_mut(kind.name)?.get_mut(id)
}

/// Puts a resource where its type is kept, and lets other services know of it.
pub(super) fn put(state: &mut State, place: &Place, kind: &ResourceType, id: &str, resource: Resource) {
    let properties = resource.properties.clone();
    match find_mut(state, place, kind, id) {
        Some(existing) => *existing = resource,
        None => {
            let regions = state.resources.entry(place.account.clone()).or_default();
            let types = regions.entry(kind.region(place).to_owned()).or_default();
            types.entry(kind.name.to_owned()).or_default().insert(id.to_owned(), resource);
        }
    }
    (kind.effect)(state, place, id, Some(&properties));
}
