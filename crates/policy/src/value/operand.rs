//! One value of a condition, read as its operator takes it, and how it compares with a value of a request.

use std::cmp::Ordering;

use super::arn::{Arn, PARTS};
use super::date::Instant;
use super::ip::Network;
use super::pattern::{Pattern, Unresolved};
use crate::BaseOperator;
use crate::evaluate::Context;
use crate::truth::Truth;

/// One value of a condition. `None` stands for a text that is not of the operator's type: it matches nothing.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operand {
    Text(Pattern),
    /// Compared whatever the case.
    Caseless(Pattern),
    Like(Pattern),
    Arn(ArnPattern),
    Number(Order, Option<f64>),
    Date(Order, Option<Instant>),
    Bool(Option<bool>),
    Binary(String),
    Network(Option<Network>),
}

/// A pattern of an ARN, with its parts where it has no variables.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ArnPattern {
    whole: Pattern,
    parts: Vec<Pattern>,
}

/// Which outcomes of a comparison match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
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

impl Operand {
    /// Reads a value for an operator. With `variables`, `${…}` in texts and ARNs stands for a request's value.
    pub fn read(operator: BaseOperator, value: &str, variables: bool) -> Self {
        use BaseOperator as Op;
        let pattern = || Pattern::new(value, variables);
        let number = |order| Self::Number(order, read_number(value));
        let date = |order| Self::Date(order, Instant::parse(value));
        match operator {
            Op::StringEquals | Op::StringNotEquals => Self::Text(pattern()),
            Op::StringEqualsIgnoreCase | Op::StringNotEqualsIgnoreCase => Self::Caseless(pattern()),
            Op::StringLike | Op::StringNotLike => Self::Like(pattern()),
            Op::NumericEquals | Op::NumericNotEquals => number(Order::Equal),
            Op::NumericLessThan => number(Order::Less),
            Op::NumericLessThanEquals => number(Order::LessOrEqual),
            Op::NumericGreaterThan => number(Order::Greater),
            Op::NumericGreaterThanEquals => number(Order::GreaterOrEqual),
            Op::DateEquals | Op::DateNotEquals => date(Order::Equal),
            Op::DateLessThan => date(Order::Less),
            Op::DateLessThanEquals => date(Order::LessOrEqual),
            Op::DateGreaterThan => date(Order::Greater),
            Op::DateGreaterThanEquals => date(Order::GreaterOrEqual),
            Op::Bool | Op::Null => Self::Bool(read_bool(value)),
            Op::BinaryEquals => Self::Binary(value.to_owned()),
            Op::IpAddress | Op::NotIpAddress => Self::Network(Network::parse(value)),
            // Both names do the same, wildcards included.
            Op::ArnEquals | Op::ArnLike | Op::ArnNotEquals | Op::ArnNotLike => Self::Arn(ArnPattern::new(pattern())),
        }
    }

    /// Whether the value is of the operator's type, so that it can match something.
    pub fn is_readable(&self) -> bool {
        match self {
            Self::Number(_, None) | Self::Date(_, None) | Self::Bool(None) | Self::Network(None) => false,
            Self::Arn(arn) => arn.may_be_arn(),
            _ => true,
        }
    }

    /// The pattern, where it is one.
    pub fn pattern(&self) -> Option<&Pattern> {
        match self {
            Self::Text(pattern) | Self::Caseless(pattern) | Self::Like(pattern) => Some(pattern),
            Self::Arn(arn) => Some(&arn.whole),
            _ => None,
        }
    }

    /// Whether what a request holds under `key` matches, negation of the operator left aside. `negated` shows whether
    /// there is one: what a variable without a value means then, AWS does not say.
    pub fn matches<'a>(&'a self, key: &'a str, held: &str, negated: bool, context: &Context) -> Truth<'a> {
        match self {
            Self::Number(order, wanted) => compared(*wanted, read_number(held), *order).into(),
            Self::Date(order, wanted) => compared(*wanted, Instant::parse(held), *order).into(),
            Self::Bool(wanted) => (wanted.is_some() && *wanted == read_bool(held)).into(),
            Self::Binary(wanted) => (wanted == held).into(),
            Self::Network(wanted) => wanted.is_some_and(|network| network.contains(held)).into(),
            Self::Text(pattern) => resolved(pattern, negated, context, |pattern| (pattern.text() == held).into()),
            Self::Caseless(pattern) => resolved(pattern, negated, context, |pattern| {
                (pattern.text().to_lowercase() == held.to_lowercase()).into()
            }),
            Self::Like(pattern) => resolved(pattern, negated, context, |pattern| pattern.matches(held).into()),
            Self::Arn(arn) => resolved(&arn.whole, negated, context, |pattern| {
                let found = if std::ptr::eq(pattern, &arn.whole) {
                    arn_like(&arn.parts, held)
                } else {
                    arn_like(&pattern.parts(PARTS), held)
                };
                found.map_or_else(|| Truth::unknown(key), Truth::from)
            }),
        }
    }
}

impl ArnPattern {
    /// Whether it has fewer parts than an ARN, of which AWS does not say what it matches.
    pub fn is_partial(&self) -> bool {
        self.parts.len() < PARTS && self.whole.variables().next().is_none()
    }

    /// Whether an ARN can match: not where all parts are there and the first is something else than `arn`. Of a pattern
    /// with fewer parts, or with variables, that is not known.
    fn may_be_arn(&self) -> bool {
        let is_known = self.parts.len() == PARTS && self.whole.variables().next().is_none();
        !is_known || self.parts[0].matches("arn")
    }

    fn new(whole: Pattern) -> Self {
        Self { parts: whole.parts(PARTS), whole }
    }
}

fn resolved<'a>(
    pattern: &'a Pattern,
    negated: bool,
    context: &Context,
    compare: impl FnOnce(&Pattern) -> Truth<'a>,
) -> Truth<'a> {
    match pattern.resolve(context) {
        Ok(pattern) => compare(&pattern),
        Err(Unresolved::NoValue(_)) if !negated => Truth::False,
        Err(Unresolved::NoValue(key) | Unresolved::Unknown(key)) => Truth::unknown(key),
    }
}

fn compared<T: PartialOrd>(wanted: Option<T>, held: Option<T>, order: Order) -> bool {
    let ordering = held.zip(wanted).and_then(|(held, wanted)| held.partial_cmp(&wanted));
    ordering.is_some_and(|ordering| order.accepts(ordering))
}

fn read_number(text: &str) -> Option<f64> {
    // Words such as `inf` are numbers to Rust alone.
    text.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

fn read_bool(text: &str) -> Option<bool> {
    let is = |word| text.eq_ignore_ascii_case(word);
    if is("true") { Some(true) } else { is("false").then_some(false) }
}

/// Whether each part of the ARN matches its part of the pattern; `None` for a pattern with fewer parts
/// than an ARN, of which AWS does not say what it matches.
fn arn_like(patterns: &[Pattern], held: &str) -> Option<bool> {
    if patterns.len() < PARTS {
        return None;
    }
    let parts = held.splitn(PARTS, ':');
    let is_arn = Arn::parse(held).is_some();
    Some(is_arn && patterns.iter().zip(parts).all(|(pattern, part)| pattern.matches(part)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_is_readable_unless_it_is_certain_that_none_matches() {
        let is_readable = |value: &str| Operand::read(BaseOperator::ArnLike, value, true).is_readable();
        for value in ["arn:aws:iam::1:role/x", "*:aws:iam::1:role/x", "xyz", "x:${aws:a}:iam::1:role/x", "${aws:a}"] {
            assert!(is_readable(value), "{value}");
        }
        for value in ["x:aws:iam::1:role/x", "arnx:aws:iam::1:role/x"] {
            assert!(!is_readable(value), "{value}");
        }
    }
}
