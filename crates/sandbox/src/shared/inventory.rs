//! Which resources there are in a place.

use crate::model::resources::{GLOBAL, Place, Resource};
use crate::state::State;

/// The resources of a type in one place. Those of global services are in no region.
pub(crate) fn all<'a>(state: &'a State, place: &Place, kind: &str) -> impl Iterator<Item = (&'a String, &'a Resource)> {
    let account = state.resources.get(&place.account);
    let regions = [place.region.as_str(), GLOBAL].into_iter().filter_map(move |region| account?.get(region));
    regions.filter_map(move |types| types.get(kind)).flatten()
}

/// The resource of a type and physical id in one place.
pub(crate) fn find<'a>(state: &'a State, place: &Place, kind: &str, id: &str) -> Option<&'a Resource> {
    let regions = state.resources.get(&place.account)?;
    [place.region.as_str(), GLOBAL].into_iter().find_map(|region| regions.get(region)?.get(kind)?.get(id))
}

/// The place of a resource of a type and physical id in any account and region: bucket names are one name space.
pub(crate) fn find_anywhere(state: &State, kind: &str, id: &str) -> Option<Place> {
    let accounts = state.resources.iter();
    let mut places =
        accounts.flat_map(|(account, regions)| regions.iter().map(move |(region, types)| (account, region, types)));
    let (account, region, _) = places.find(|(_, _, types)| types.get(kind).is_some_and(|all| all.contains_key(id)))?;
    Some(Place { account: account.clone(), region: region.clone() })
}
