//! Whether one condition key under one operator holds.

use super::request::{Context, Held};
use crate::truth::Truth;
use crate::value::Operand;
use crate::{BaseOperator, Clause, Quantifier};

/// Whether the clause holds.
///
/// A key that the request lacks makes a negated comparison true and any other false, everything with
/// `IfExists` and `ForAllValues:` true and with `ForAnyValue:` false
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>).
/// Of a key with several values and no set operator, which AWS advises against, one must match, or none
/// where the comparison is negated.
pub(super) fn holds<'a>(clause: &'a Clause, context: &Context) -> Truth<'a> {
    match context.get(&clause.folded_key) {
        Held::Unknown => Truth::unknown(&clause.key),
        Held::Absent => without_key(clause),
        Held::Values(held) => with_values(clause, held, context),
        Held::Foreign(organization) => foreign(clause, organization, context),
    }
}

fn without_key(clause: &Clause) -> Truth<'_> {
    match clause.operator.base {
        BaseOperator::Null => null(clause, true),
        _ => clause.operator.holds_without_key().into(),
    }
}

fn with_values<'a>(clause: &'a Clause, held: &[String], context: &Context) -> Truth<'a> {
    let operator = clause.operator;
    if operator.base == BaseOperator::Null {
        return null(clause, false);
    }
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

/// Whether the clause holds for an account outside an organization. Its account may be in no organization, in one that the
/// clause does not name, or in any that it names but this: what is the same in all these cases is certain.
fn foreign<'a>(clause: &'a Clause, organization: &str, context: &Context) -> Truth<'a> {
    let is_path = clause.folded_key.ends_with("orgpaths");
    let unnamed = if is_path { "o-elsewhere/r-elsewhere/ou-elsewhere/" } else { "o-elsewhere" };
    let named = clause.values.iter().filter_map(|value| value.pattern()?.resolve(context).ok());
    let named = named.map(|pattern| pattern.text().replace(['*', '?'], "x"));
    let is_own = |value: &String| value.split('/').next() == Some(organization);
    let possible = named.filter(|value| !is_own(value)).chain([unnamed.to_owned()]);
    let mut all = possible.map(|value| with_values(clause, &[value], context)).chain([without_key(clause)]);
    let first = all.next().unwrap_or_else(|| Truth::unknown(&clause.key));
    if all.all(|other| other == first) { first } else { Truth::unknown(&clause.key) }
}

/// `Null` asks whether the key is absent: `true` that it is, `false` that it is not.
fn null(clause: &Clause, absent: bool) -> Truth<'_> {
    clause.values.contains(&Operand::Bool(Some(absent))).into()
}
