use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::Address;

/// Accounts for which something is not, although it is for the place that they are in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Exclusion {
    /// `management`, units with all that is in them, and accounts.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub places: BTreeSet<Address>,
    /// Values by the tags' keys: an account with one of these tags is excluded.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, BTreeSet<String>>,
}

/// What is excluded of accounts and their regions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excluded {
    /// Accounts.
    pub accounts: Exclusion,
    /// Regions of every account.
    pub regions: BTreeSet<String>,
}

impl Exclusion {
    /// Whether it excludes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty() && self.tags.is_empty()
    }

    /// Whether a whole place is excluded: it or one that it lies in.
    #[must_use]
    pub fn covers(&self, place: &Address) -> bool {
        self.places.iter().any(|excluded| *excluded == Address::root() || place.is_within(excluded))
    }

    /// Whether an account is excluded that is in `parent` and has `tags`. The management account is excluded as such too.
    #[must_use]
    pub fn has(
        &self,
        account: &Address,
        parent: &Address,
        is_management: bool,
        tags: &BTreeMap<String, String>,
    ) -> bool {
        self.covers(account)
            || self.covers(parent)
            || (is_management && self.places.contains(&Address::management()))
            || self.has_tag(tags)
    }

    /// Whether one of the tags excludes.
    #[must_use]
    pub fn has_tag(&self, tags: &BTreeMap<String, String>) -> bool {
        self.tags.iter().any(|(key, values)| tags.get(key).is_some_and(|value| values.contains(value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exclusion(places: &[&str], tags: &[(&str, &[&str])]) -> Exclusion {
        let values = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        Exclusion {
            places: places.iter().map(|place| Address::parse(place)).collect(),
            tags: tags.iter().map(|(key, of)| ((*key).to_owned(), values(of))).collect(),
        }
    }

    fn has(exclusion: &Exclusion, account: &str, parent: &str, tag: Option<(&str, &str)>) -> bool {
        let tags = tag.map(|(key, value)| (key.to_owned(), value.to_owned())).into_iter().collect();
        exclusion.has(&Address::parse(account), &Address::parse(parent), account == "account/payer", &tags)
    }

    #[test]
    fn accounts_are_excluded_by_name_by_place_or_by_tag() {
        let all = exclusion(&["account/a", "ou/W/Dev", "management"], &[("env", &["prod", "live"])]);
        for (account, parent, tag, excluded) in [
            ("account/a", "ou/W", None, true),
            ("account/ab", "ou/W", None, false),
            ("account/b", "ou/W/Dev", None, true),
            ("account/b", "ou/W/Dev/Deep", None, true),
            ("account/b", "ou/W/Development", None, false),
            ("account/payer", "root", None, true),
            ("account/b", "root", None, false),
            ("account/b", "root", Some(("env", "live")), true),
            ("account/b", "root", Some(("env", "dev")), false),
            ("account/b", "root", Some(("stage", "prod")), false),
        ] {
            assert_eq!(has(&all, account, parent, tag), excluded, "{account} in {parent} {tag:?}");
        }
        assert!(!has(&Exclusion::default(), "account/payer", "root", Some(("env", "prod"))));
    }

    #[test]
    fn whole_places_are_covered_by_those_that_they_lie_in() {
        let unit = exclusion(&["ou/W"], &[]);
        let covers = |exclusion: &Exclusion, place| exclusion.covers(&Address::parse(place));
        assert!(covers(&unit, "ou/W") && covers(&unit, "ou/W/Dev"));
        assert!(!covers(&unit, "root") && !covers(&unit, "ou/Work") && !covers(&unit, "management"));
        assert!(covers(&exclusion(&["root"], &[]), "ou/W") && covers(&exclusion(&["management"], &[]), "management"));
    }

    #[test]
    fn nothing_excluded_is_not_written_down() {
        assert!(Exclusion::default().is_empty());
        assert_eq!(serde_json::to_string(&Exclusion::default()).ok().as_deref(), Some("{}"));
        assert!(!exclusion(&["management"], &[]).is_empty() && !exclusion(&[], &[("a", &["b"])]).is_empty());
    }
}
