//! Comparing one value of a request with one value of a condition.

use std::cmp::Ordering;

use super::arn::{Arn, PARTS};
use super::date::Instant;
use super::ip::Network;
use super::pattern::{Pattern, Resolved};
use super::request::Context;
use super::truth::Truth;
use crate::policy::BaseOperator;

/// What an operator compares, and whether it asks for the opposite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Comparison {
    pub negated: bool,
    way: Way,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Text,
    TextWithoutCase,
    Like,
    Arn,
    Number(Order),
    Date(Order),
    Bool,
    Binary,
    Ip,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Order {
    fn accepts(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

impl Comparison {
    pub fn of(operator: BaseOperator) -> Self {
        use BaseOperator as Op;
        let (negated, way) = match operator {
            Op::StringEquals => (false, Way::Text),
            Op::StringNotEquals => (true, Way::Text),
            Op::StringEqualsIgnoreCase => (false, Way::TextWithoutCase),
            Op::StringNotEqualsIgnoreCase => (true, Way::TextWithoutCase),
            Op::StringLike => (false, Way::Like),
            Op::StringNotLike => (true, Way::Like),
            Op::NumericEquals => (false, Way::Number(Order::Equal)),
            Op::NumericNotEquals => (true, Way::Number(Order::Equal)),
            Op::NumericLessThan => (false, Way::Number(Order::Less)),
            Op::NumericLessThanEquals => (false, Way::Number(Order::LessOrEqual)),
            Op::NumericGreaterThan => (false, Way::Number(Order::Greater)),
            Op::NumericGreaterThanEquals => (false, Way::Number(Order::GreaterOrEqual)),
            Op::DateEquals => (false, Way::Date(Order::Equal)),
            Op::DateNotEquals => (true, Way::Date(Order::Equal)),
            Op::DateLessThan => (false, Way::Date(Order::Less)),
            Op::DateLessThanEquals => (false, Way::Date(Order::LessOrEqual)),
            Op::DateGreaterThan => (false, Way::Date(Order::Greater)),
            Op::DateGreaterThanEquals => (false, Way::Date(Order::GreaterOrEqual)),
            // `Null` asks about the key and never comes to a comparison of values.
            Op::Bool | Op::Null => (false, Way::Bool),
            Op::BinaryEquals => (false, Way::Binary),
            Op::IpAddress => (false, Way::Ip),
            Op::NotIpAddress => (true, Way::Ip),
            // Both names do the same, wildcards included.
            Op::ArnEquals | Op::ArnLike => (false, Way::Arn),
            Op::ArnNotEquals | Op::ArnNotLike => (true, Way::Arn),
        };
        Self { negated, way }
    }
}

/// Whether what the request holds under `key` matches the value that the condition wants, negation left
/// aside. Values that are not of the operator's type do not match.
pub(super) fn compare(
    comparison: Comparison,
    key: &str,
    wanted: &str,
    held: &str,
    variables: Option<&Context>,
) -> Truth {
    match comparison.way {
        Way::Number(order) => compared(wanted.trim().parse::<f64>().ok(), held.trim().parse().ok(), order),
        Way::Date(order) => compared(Instant::parse(wanted), Instant::parse(held), order),
        Way::Bool => is_bool(wanted) && wanted.eq_ignore_ascii_case(held),
        Way::Binary => wanted == held,
        Way::Ip => Network::parse(wanted).is_some_and(|network| network.contains(held)),
        Way::Text | Way::TextWithoutCase | Way::Like | Way::Arn => {
            return compare_text(comparison, key, wanted, held, variables);
        }
    }
    .into()
}

fn compare_text(comparison: Comparison, key: &str, wanted: &str, held: &str, variables: Option<&Context>) -> Truth {
    let pattern = match Pattern::resolve(wanted, variables) {
        Resolved::Pattern(pattern) => pattern,
        // A variable without a value matches nothing. What that means once negated, AWS does not say.
        Resolved::NoValue(key) if comparison.negated => return Truth::unknown(&key),
        Resolved::NoValue(_) => return Truth::False,
        Resolved::Unknown(key) => return Truth::unknown(&key),
    };
    match comparison.way {
        Way::Arn => arn_like(&pattern, held).map_or_else(|| Truth::unknown(key), Truth::from),
        Way::Like => pattern.matches(held).into(),
        Way::TextWithoutCase => (pattern.text().to_lowercase() == held.to_lowercase()).into(),
        _ => (pattern.text() == held).into(),
    }
}

fn compared<T: PartialOrd>(wanted: Option<T>, held: Option<T>, order: Order) -> bool {
    let ordering = held.zip(wanted).and_then(|(held, wanted)| held.partial_cmp(&wanted));
    ordering.is_some_and(|ordering| order.accepts(ordering))
}

fn is_bool(text: &str) -> bool {
    text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
}

/// Whether each part of the ARN matches its part of the pattern; `None` for a pattern with fewer parts
/// than an ARN, of which AWS does not say what it matches.
fn arn_like(pattern: &Pattern, held: &str) -> Option<bool> {
    let patterns = pattern.parts(PARTS);
    if patterns.len() < PARTS {
        return None;
    }
    let parts = held.splitn(PARTS, ':');
    let is_arn = Arn::parse(held).is_some();
    Some(is_arn && patterns.iter().zip(parts).all(|(pattern, part)| pattern.matches(part)))
}
