//! Maps of what goes on by itself, at a cost that does not grow with what is done.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value that may still change without a call.
pub(crate) trait Watch {
    /// Whether something of it is still to come.
    fn is_open(&self) -> bool;

    /// What no other value may have, in lower case. It never changes.
    fn name(&self) -> Option<String> {
        None
    }
}

/// Values by their ids, of which those that are open, and those with a name, are found without a look at the others. It is read as the
/// map that it is, and saved as that.
#[derive(Clone, Debug)]
pub(crate) struct IndexedMap<V> {
    all: BTreeMap<String, V>,
    /// The ids of those that may be open.
    open: BTreeSet<String>,
    /// How many have a name.
    names: HashMap<String, usize>,
}

impl<V: Watch> IndexedMap<V> {
    pub(crate) fn insert(&mut self, id: String, value: V) {
        self.remove(&id);
        if let Some(name) = value.name() {
            *self.names.entry(name).or_default() += 1;
        }
        if value.is_open() {
            self.open.insert(id.clone());
        }
        self.all.insert(id, value);
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<V> {
        let value = self.all.remove(id)?;
        self.open.remove(id);
        if let Some(count) = value.name().and_then(|name| self.names.get_mut(&name)) {
            *count -= 1;
        }
        Some(value)
    }

    /// A value to change, which may be open afterwards.
    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut V> {
        let value = self.all.get_mut(id)?;
        self.open.insert(id.to_owned());
        Some(value)
    }

    /// Those that are open, in the order of their ids.
    pub(crate) fn open(&self) -> impl Iterator<Item = (&String, &V)> {
        let values = self.open.iter().filter_map(|id| self.all.get_key_value(id));
        values.filter(|(_, value)| value.is_open())
    }

    /// Lets `settle` go on with each that is open.
    pub(crate) fn go_on(&mut self, mut settle: impl FnMut(&String, &mut V)) {
        let all = &mut self.all;
        self.open.retain(|id| {
            let Some(value) = all.get_mut(id) else { return false };
            settle(id, value);
            value.is_open()
        });
    }

    /// Whether one has this name, in whatever case.
    pub(crate) fn has_name(&self, name: &str) -> bool {
        self.names.get(&name.to_ascii_lowercase()).is_some_and(|count| *count > 0)
    }
}

impl<V> Deref for IndexedMap<V> {
    type Target = BTreeMap<String, V>;

    fn deref(&self) -> &Self::Target {
        &self.all
    }
}

impl<V> Default for IndexedMap<V> {
    fn default() -> Self {
        Self { all: BTreeMap::new(), open: BTreeSet::new(), names: HashMap::new() }
    }
}

impl<V: Watch> FromIterator<(String, V)> for IndexedMap<V> {
    fn from_iter<I: IntoIterator<Item = (String, V)>>(values: I) -> Self {
        let mut watched = Self::default();
        values.into_iter().for_each(|(id, value)| watched.insert(id, value));
        watched
    }
}

impl<V: Serialize> Serialize for IndexedMap<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.all.serialize(serializer)
    }
}

impl<'de, V: Watch + Deserialize<'de>> Deserialize<'de> for IndexedMap<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(BTreeMap::deserialize(deserializer)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Timer(u8);

    impl Watch for Timer {
        fn is_open(&self) -> bool {
            self.0 > 0
        }

        fn name(&self) -> Option<String> {
            Some(format!("timer {}", self.0 / 10))
        }
    }

    fn open(timers: &IndexedMap<Timer>) -> Vec<(&str, u8)> {
        timers.open().map(|(id, timer)| (id.as_str(), timer.0)).collect()
    }

    #[test]
    fn only_what_is_open_goes_on() {
        let mut timers: IndexedMap<Timer> = serde_json::from_str(r#"{"c": 1, "a": 2, "b": 0}"#).unwrap();
        assert_eq!(open(&timers), [("a", 2), ("c", 1)]);
        let mut seen = Vec::new();
        timers.go_on(|id, timer| {
            seen.push(id.clone());
            timer.0 -= 1;
        });
        assert_eq!(seen, ["a", "c"]);
        assert_eq!(open(&timers), [("a", 1)]);
        timers.get_mut("b").unwrap().0 = 5;
        timers.insert("d".into(), Timer(0));
        assert_eq!(open(&timers), [("a", 1), ("b", 5)]);
        timers.remove("a");
        assert_eq!(open(&timers), [("b", 5)]);
        assert_eq!(serde_json::to_string(&timers).unwrap(), r#"{"b":5,"c":0,"d":0}"#);
    }

    #[test]
    fn a_name_is_known_as_long_as_one_has_it() {
        let mut timers: IndexedMap<Timer> = serde_json::from_str(r#"{"a": 21, "b": 22}"#).unwrap();
        assert!(timers.has_name("Timer 2") && !timers.has_name("timer 3"));
        timers.remove("a");
        assert!(timers.has_name("timer 2"));
        timers.insert("b".into(), Timer(31));
        assert!(!timers.has_name("timer 2") && timers.has_name("timer 3"));
    }
}
