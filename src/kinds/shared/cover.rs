//! What holds for accounts because of where they are in the organization.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::model::{Address, Bindings, references};

/// Something that accounts have by being in a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// What they have: `scp/region-guard`, `stack-set/budget`.
    pub what: Address,
    /// Units, the root or single accounts; anyone who is at or below one has it.
    pub places: BTreeSet<Address>,
    /// Whether an account that leaves them loses resources that someone may be using.
    pub is_taken_away: bool,
}

impl Cover {
    /// Something that holds for what is at or below `place`, and takes nothing along where it does not any more.
    pub fn of(what: Address, place: Address) -> Cover {
        Cover { what, places: BTreeSet::from([place]), is_taken_away: false }
    }
}

/// The units and the root that a value names: as references, by their ids, by ARNs that end in either.
pub(in crate::kinds) fn places_in(value: &Value, bindings: &Bindings) -> BTreeSet<Address> {
    let mut places: BTreeSet<Address> = references(value).into_iter().filter(is_place).collect();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(items) => open.extend(items),
            Value::Object(map) => open.extend(map.values()),
            Value::String(text) => {
                let ids = text.split(['/', ',', ' ']);
                places.extend(ids.filter_map(|id| bindings.address(id)).filter(|it| is_place(it)).cloned());
            }
            _ => {}
        }
    }
    places
}

fn is_place(address: &Address) -> bool {
    matches!(address.prefix(), "ou" | "root")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn places_are_found_by_reference_and_by_id() {
        let mut bindings = Bindings::default();
        bindings.bind(Address::unit(["A"]), "ou-abcd-11111111");
        bindings.bind(Address::account("a"), "111111111111");
        let value =
            json!({"ShareWith": "arn:aws:organizations::111111111111:ou/o-1/ou-abcd-11111111,arn:aws:x/${ou/B}"});
        assert_eq!(places_in(&value, &bindings), BTreeSet::from([Address::unit(["A"]), Address::unit(["B"])]));
        assert_eq!(places_in(&json!(["111111111111", "ou-abcd-22222222"]), &bindings), BTreeSet::new());
        let deep = json!([{"a": ["ou-abcd-11111111"]}, 7]);
        assert_eq!(places_in(&deep, &bindings), BTreeSet::from([Address::unit(["A"])]));
    }
}
