//! How a map that keeps its order is saved: as an object whose members keep theirs.

use indexmap::IndexMap;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

pub(super) fn serialize<T: Serialize, S: Serializer>(map: &IndexMap<String, T>, to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(map)
}

pub(super) fn deserialize<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    from: D,
) -> Result<IndexMap<String, T>, D::Error> {
    let members = Map::<String, Value>::deserialize(from)?;
    let member = |(name, value)| Ok((name, serde_json::from_value(value).map_err(Error::custom)?));
    members.into_iter().map(member).collect()
}
