//! Whether one condition key under one operator holds.

use super::compare::{Comparison, compare};
use super::request::{Context, Held};
use super::truth::Truth;
use crate::policy::{BaseOperator, Clause, Quantifier};

/// Whether the clause holds. With `variables`, `${…}` in its values stands for what they hold.
///
/// A key that the request lacks makes a negated comparison true and any other false, everything with
/// `IfExists` and `ForAllValues:` true and with `ForAnyValue:` false
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>).
/// Of a key with several values and no set operator, which AWS advises against, one must match, or none
/// where the comparison is negated.
pub(super) fn holds(clause: &Clause, variables: Option<&Context>, context: &Context) -> Truth {
    let held = context.get(&clause.key);
    let comparison = Comparison::of(clause.operator.base);
    match held {
        Held::Unknown => Truth::unknown(&clause.key),
        _ if clause.operator.base == BaseOperator::Null => null(clause, held == Held::Absent),
        Held::Absent if clause.operator.if_exists => Truth::True,
        Held::Absent => match clause.operator.quantifier {
            Some(Quantifier::ForAllValues) => Truth::True,
            Some(Quantifier::ForAnyValue) => Truth::False,
            None => comparison.negated.into(),
        },
        Held::Values(held) => {
            let one = |value: &String| {
                let found =
                    clause.values.iter().map(|wanted| compare(comparison, &clause.key, wanted, value, variables));
                Truth::any(found).negated_if(comparison.negated)
            };
            let each = held.iter().map(one);
            match clause.operator.quantifier {
                Some(Quantifier::ForAllValues) => Truth::all(each),
                Some(Quantifier::ForAnyValue) => Truth::any(each),
                None if comparison.negated => Truth::all(each),
                None => Truth::any(each),
            }
        }
    }
}

/// `Null` asks whether the key is absent: `true` that it is, `false` that it is not.
fn null(clause: &Clause, absent: bool) -> Truth {
    let wanted = if absent { "true" } else { "false" };
    clause.values.iter().any(|value| value.eq_ignore_ascii_case(wanted)).into()
}
