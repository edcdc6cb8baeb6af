//! Maps whose entries are shown in the order in which they were written: for `#[serde(with = "in_order")]`.

use indexmap::IndexMap;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

pub(in crate::kinds) fn serialize<V: Serialize, S: Serializer>(
    map: &IndexMap<String, V>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(map)
}

pub(in crate::kinds) fn deserialize<'de, V: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<IndexMap<String, V>, D::Error> {
    let map: Map<String, Value> = Map::deserialize(deserializer)?;
    map.into_iter().map(|(key, value)| Ok((key, V::deserialize(value).map_err(D::Error::custom)?))).collect()
}
