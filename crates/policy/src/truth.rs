//! Three-valued logic: true, false, or dependent on what is not known.

use std::collections::BTreeSet;

/// Whether something holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Truth<'a> {
    True,
    False,
    /// It depends on what no one knows.
    Unknown(Missing<'a>),
}

/// The condition keys that something depends on, or `resource`. Most often it is a single one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Missing<'a> {
    One(&'a str),
    Several(BTreeSet<&'a str>),
}

impl<'a> Missing<'a> {
    /// The keys.
    pub fn keys(&self) -> impl Iterator<Item = &'a str> {
        let (one, several) = match self {
            Self::One(key) => (Some(*key), None),
            Self::Several(keys) => (None, Some(keys)),
        };
        one.into_iter().chain(several.into_iter().flatten().copied())
    }

    fn and(self, more: Self) -> Self {
        if self == more {
            return self;
        }
        let mut keys = match self {
            Self::One(key) => BTreeSet::from([key]),
            Self::Several(keys) => keys,
        };
        keys.extend(more.keys());
        Self::Several(keys)
    }
}

impl<'a> Truth<'a> {
    pub fn unknown(key: &'a str) -> Self {
        Self::Unknown(Missing::One(key))
    }

    /// True when all hold, whatever the unknown ones when one does not.
    pub fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        Self::fold(parts, Self::True, &Self::False)
    }

    /// True when one holds.
    pub fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        Self::fold(parts, Self::False, &Self::True)
    }

    fn fold(parts: impl IntoIterator<Item = Self>, neutral: Self, decisive: &Self) -> Self {
        let mut missing: Option<Missing<'a>> = None;
        for part in parts {
            if part == *decisive {
                return part;
            }
            if let Self::Unknown(more) = part {
                missing = Some(match missing {
                    Some(known) => known.and(more),
                    None => more,
                });
            }
        }
        missing.map_or(neutral, Self::Unknown)
    }

    /// The opposite when `negate`; what is unknown stays so.
    pub fn negated_if(self, negate: bool) -> Self {
        match self {
            Self::True if negate => Self::False,
            Self::False if negate => Self::True,
            other => other,
        }
    }
}

impl From<bool> for Truth<'_> {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_false_part_decides_all_and_one_true_part_any() {
        let parts = || [Truth::unknown("a"), Truth::False, Truth::True];
        assert_eq!(Truth::all(parts()), Truth::False);
        assert_eq!(Truth::any(parts()), Truth::True);
    }

    #[test]
    fn undecided_parts_are_gathered() {
        let both = Truth::Unknown(Missing::Several(BTreeSet::from(["a", "b"])));
        assert_eq!(Truth::all([Truth::unknown("a"), Truth::True, Truth::unknown("b")]), both);
        assert_eq!(Truth::any([Truth::unknown("a"), Truth::False, Truth::unknown("b")]), both);
        assert_eq!(Truth::any([Truth::unknown("a"), Truth::unknown("a")]), Truth::unknown("a"));
    }

    #[test]
    fn nothing_at_all_is_all_but_not_any() {
        assert_eq!(Truth::all([]), Truth::True);
        assert_eq!(Truth::any([]), Truth::False);
    }
}
