//! Whether one condition key under one operator holds.

use super::request::{Context, Held};
use crate::policy::truth::Truth;
use crate::policy::value::Operand;
use crate::policy::{BaseOperator, Clause, Quantifier};

/// Whether the clause holds.
///
/// A key that the request lacks makes a negated comparison true and any other false, everything with
/// `IfExists` and `ForAllValues:` true and with `ForAnyValue:` false
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>).
/// Of a key with several values and no set operator, which AWS advises against, one must match, or none
/// where the comparison is negated.
pub(super) fn holds<'a>(clause: &'a Clause, context: &Context) -> Truth<'a> {
    let operator = clause.operator;
    let held = context.get(&clause.folded_key);
    match held {
        Held::Unknown => Truth::unknown(&clause.key),
        _ if operator.base == BaseOperator::Null => null(clause, held == Held::Absent),
        Held::Absent => operator.holds_without_key().into(),
        Held::Values(held) => {
            let negated = operator.base.is_negated();
            let one = |value: &String| {
                let wanted = clause.values.iter();
                let found = wanted.map(|wanted| wanted.matches(&clause.key, value, negated, context));
                Truth::any(found).negated_if(negated)
            };
            let each = held.iter().map(one);
            match operator.quantifier {
                Some(Quantifier::ForAllValues) => Truth::all(each),
                Some(Quantifier::ForAnyValue) => Truth::any(each),
                None if negated => Truth::all(each),
                None => Truth::any(each),
            }
        }
    }
}

/// `Null` asks whether the key is absent: `true` that it is, `false` that it is not.
fn null(clause: &Clause, absent: bool) -> Truth<'_> {
    clause.values.contains(&Operand::Bool(Some(absent))).into()
}
