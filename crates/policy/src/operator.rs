//! Condition operators
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>).

use std::fmt;
use std::str::FromStr;

/// A condition operator as written before a condition key, for example `ForAnyValue:StringLikeIfExists`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConditionOperator {
    /// How several values of the key in the request count.
    pub quantifier: Option<Quantifier>,
    /// The comparison.
    pub base: BaseOperator,
    /// Whether an absent key makes the condition true.
    pub if_exists: bool,
}

/// A set operator, for keys with several values
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quantifier {
    /// `ForAllValues:`
    ForAllValues,
    /// `ForAnyValue:`
    ForAnyValue,
}

macro_rules! base_operators {
    ($($name:ident),+ $(,)?) => {
        /// A condition operator without set operator and `IfExists`, by AWS's name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "each variant is the AWS operator of that name")]
        pub enum BaseOperator { $($name),+ }

        impl BaseOperator {
            /// Every operator.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// AWS's name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),+ }
            }
        }
    };
}

base_operators!(
    StringEquals,
    StringNotEquals,
    StringEqualsIgnoreCase,
    StringNotEqualsIgnoreCase,
    StringLike,
    StringNotLike,
    NumericEquals,
    NumericNotEquals,
    NumericLessThan,
    NumericLessThanEquals,
    NumericGreaterThan,
    NumericGreaterThanEquals,
    DateEquals,
    DateNotEquals,
    DateLessThan,
    DateLessThanEquals,
    DateGreaterThan,
    DateGreaterThanEquals,
    Bool,
    BinaryEquals,
    IpAddress,
    NotIpAddress,
    ArnEquals,
    ArnLike,
    ArnNotEquals,
    ArnNotLike,
    Null,
);

impl BaseOperator {
    /// Whether it asks that a value does not match.
    #[must_use]
    pub const fn is_negated(self) -> bool {
        self.opposite_of().is_some()
    }

    /// The operator that this one negates.
    #[must_use]
    pub const fn opposite_of(self) -> Option<Self> {
        match self {
            Self::StringNotEquals => Some(Self::StringEquals),
            Self::StringNotEqualsIgnoreCase => Some(Self::StringEqualsIgnoreCase),
            Self::StringNotLike => Some(Self::StringLike),
            Self::NumericNotEquals => Some(Self::NumericEquals),
            Self::DateNotEquals => Some(Self::DateEquals),
            Self::NotIpAddress => Some(Self::IpAddress),
            Self::ArnNotEquals => Some(Self::ArnEquals),
            Self::ArnNotLike => Some(Self::ArnLike),
            _ => None,
        }
    }
}

impl ConditionOperator {
    /// Whether a condition with this operator holds where the request lacks the key. Not for `Null`, which is true or
    /// false as its value asks.
    #[must_use]
    pub fn holds_without_key(self) -> bool {
        match (self.if_exists, self.quantifier) {
            (true, _) | (_, Some(Quantifier::ForAllValues)) => true,
            (_, Some(Quantifier::ForAnyValue)) => false,
            (_, None) => self.base.is_negated(),
        }
    }
}

/// A name that is no condition operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownOperator(
    /// The name that was given.
    pub String,
);

impl fmt::Display for UnknownOperator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` is not a condition operator", self.0)
    }
}

impl std::error::Error for UnknownOperator {}

impl FromStr for ConditionOperator {
    type Err = UnknownOperator;

    /// Reads an operator, whatever its case. `Null` takes no `IfExists`.
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let lower = name.to_ascii_lowercase();
        let (quantifier, rest) = if let Some(rest) = lower.strip_prefix("forallvalues:") {
            (Some(Quantifier::ForAllValues), rest)
        } else if let Some(rest) = lower.strip_prefix("foranyvalue:") {
            (Some(Quantifier::ForAnyValue), rest)
        } else {
            (None, lower.as_str())
        };
        let (rest, if_exists) = rest.strip_suffix("ifexists").map_or((rest, false), |rest| (rest, true));
        BaseOperator::ALL
            .iter()
            .copied()
            .find(|base| base.name().eq_ignore_ascii_case(rest))
            .filter(|&base| !(if_exists && base == BaseOperator::Null))
            .map(|base| Self { quantifier, base, if_exists })
            .ok_or_else(|| UnknownOperator(name.to_owned()))
    }
}

impl fmt::Display for ConditionOperator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.quantifier {
            Some(Quantifier::ForAllValues) => formatter.write_str("ForAllValues:")?,
            Some(Quantifier::ForAnyValue) => formatter.write_str("ForAnyValue:")?,
            None => {}
        }
        formatter.write_str(self.base.name())?;
        formatter.write_str(if self.if_exists { "IfExists" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_reads_back_with_every_addition() {
        for &base in BaseOperator::ALL {
            for quantifier in [None, Some(Quantifier::ForAllValues), Some(Quantifier::ForAnyValue)] {
                for if_exists in [false, true] {
                    let operator = ConditionOperator { quantifier, base, if_exists };
                    let read = operator.to_string().parse::<ConditionOperator>();
                    let sensible = !(if_exists && base == BaseOperator::Null);
                    assert_eq!(read.is_ok(), sensible, "{operator}");
                    assert!(read.is_err() || read == Ok(operator), "{operator}");
                }
            }
        }
    }

    #[test]
    fn case_does_not_matter() {
        let operator = "ForAnyValue:Stringlike".parse::<ConditionOperator>().unwrap();
        assert_eq!(operator.to_string(), "ForAnyValue:StringLike");
    }

    #[test]
    fn other_names_are_refused() {
        for name in ["StringEqual", "IfExists", "ForAllValues:", "ForSome:StringEquals", ""] {
            assert!(name.parse::<ConditionOperator>().is_err(), "{name}");
        }
    }
}
