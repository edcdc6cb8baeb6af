//! Three-valued logic: true, false, or dependent on what is not known.

use std::collections::BTreeSet;

/// Whether something holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Truth {
    True,
    False,
    /// It depends on these condition keys, or on `resource`.
    Unknown(BTreeSet<String>),
}

impl Truth {
    pub fn unknown(key: &str) -> Self {
        Self::Unknown(BTreeSet::from([key.to_owned()]))
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
        let mut missing = BTreeSet::new();
        for part in parts {
            if part == *decisive {
                return part;
            }
            if let Self::Unknown(keys) = part {
                missing.extend(keys);
            }
        }
        if missing.is_empty() { neutral } else { Self::Unknown(missing) }
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

impl From<bool> for Truth {
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
        let both = Truth::Unknown(BTreeSet::from(["a".to_owned(), "b".to_owned()]));
        assert_eq!(Truth::all([Truth::unknown("a"), Truth::True, Truth::unknown("b")]), both);
        assert_eq!(Truth::any([Truth::unknown("a"), Truth::False, Truth::unknown("b")]), both);
    }

    #[test]
    fn nothing_at_all_is_all_but_not_any() {
        assert_eq!(Truth::all([]), Truth::True);
        assert_eq!(Truth::any([]), Truth::False);
    }
}
