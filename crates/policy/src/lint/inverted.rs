//! Denials of what was probably meant to be demanded, or of whom was meant to be exempt.

use super::code::Code;
use super::finding::{Finding, Part};
use super::keys;
use crate::view::{Clause, Policy, Statement};
use crate::{BaseOperator, ConditionOperator, Quantifier};

pub(super) fn find(policy: &Policy<'_>) -> Vec<Finding> {
    let each = policy.denying().flat_map(|statement| {
        let tests = [denies_the_wanted, denies_the_safe, denies_the_exempt, denies_the_regions_at_home];
        statement.clauses.iter().flat_map(move |clause| tests.into_iter().find_map(|test| test(statement, clause)))
    });
    each.collect()
}

/// `Bool aws:SecureTransport true` denies what is encrypted, `Null …KmsKey false` too.
fn denies_the_wanted(statement: &Statement<'_>, clause: &Clause) -> Option<Finding> {
    let all = |wanted: bool| !clause.values.is_empty() && clause.values.iter().all(|value| value.is_bool(wanted));
    let alone = statement.on_key(&clause.key).count() == 1;
    let is_bool = EQUALS.contains(&clause.operator.base) || clause.operator.base == BaseOperator::Bool;
    let (wanted, instead) = match clause.operator.base {
        _ if is_bool && all(true) && keys::safe_bool(&clause.key) == Some(true) => ("true", "\"false\""),
        _ if is_bool && all(false) && keys::safe_bool(&clause.key) == Some(false) => ("false", "\"true\""),
        BaseOperator::Null if alone && all(false) && keys::is_protective_by_presence(&clause.key) => {
            ("there", "\"true\"")
        }
        _ => return None,
    };
    let message = format!("this denies the requests in which `{}` is {wanted}", clause.key);
    let finding = Finding::new(Code::InvertedTest, &clause.key_path, message);
    Some(finding.help("a denial names what must not be, not what must be").fix(instead))
}

/// Operators that ask for one of the values.
const EQUALS: [BaseOperator; 3] =
    [BaseOperator::StringEquals, BaseOperator::StringLike, BaseOperator::StringEqualsIgnoreCase];

/// `StringEquals ec2:MetadataHttpTokens required` denies instances that are as one wants them, `StringNotEquals …
/// optional` too, and `NumericGreaterThanEquals s3:TlsVersion 1.2` denies TLS of today.
fn denies_the_safe(_: &Statement<'_>, clause: &Clause) -> Option<Finding> {
    let base = clause.operator.base;
    let negates_equals = base.opposite_of().is_some_and(|opposite| EQUALS.contains(&opposite));
    let all = |known: fn(&str, &str) -> bool| {
        !clause.values.is_empty() && clause.values.iter().all(|value| known(&clause.key, &value.text))
    };
    let is_readable = clause.values.iter().all(|value| value.operand.is_readable());
    let denied = match keys::safer(&clause.key) {
        _ if EQUALS.contains(&base) && all(keys::is_safe) => "is as it should be",
        _ if negates_equals && all(keys::is_unsafe) => "is as it should be",
        Some(keys::SaferBound::More) if MORE.contains(&base) && is_readable => "is high enough",
        Some(keys::SaferBound::Less) if LESS.contains(&base) && is_readable => "is low enough",
        _ => return None,
    };
    let message = format!("this denies the requests in which `{}` {denied}", clause.key);
    let finding = Finding::new(Code::InvertedTest, &clause.operator_path, message).on(Part::Key);
    let finding = finding.help("a denial names what must not be, not what must be");
    Some(turned_around(finding, clause))
}

const MORE: [BaseOperator; 2] = [BaseOperator::NumericGreaterThan, BaseOperator::NumericGreaterThanEquals];
const LESS: [BaseOperator; 2] = [BaseOperator::NumericLessThan, BaseOperator::NumericLessThanEquals];

/// The operator that holds for the values for which `base` does not.
fn opposite(base: BaseOperator) -> Option<BaseOperator> {
    match base {
        BaseOperator::NumericGreaterThan => Some(BaseOperator::NumericLessThanEquals),
        BaseOperator::NumericGreaterThanEquals => Some(BaseOperator::NumericLessThan),
        BaseOperator::NumericLessThan => Some(BaseOperator::NumericGreaterThanEquals),
        BaseOperator::NumericLessThanEquals => Some(BaseOperator::NumericGreaterThan),
        base => {
            let negating = || BaseOperator::ALL.iter().copied().find(|other| other.opposite_of() == Some(base));
            base.opposite_of().or_else(negating)
        }
    }
}

/// Names that exemptions have.
const EXEMPT: [&str; 6] = [
    "breakglass",
    "break-glass",
    "organizationaccountaccessrole",
    "awscontroltowerexecution",
    "stacksets-exec",
    "role/landing-",
];

/// `ArnLike aws:PrincipalArn …/BreakGlass` in a denial denies the break-glass role and no one else.
fn denies_the_exempt(_: &Statement<'_>, clause: &Clause) -> Option<Finding> {
    let names = |text: &str| EXEMPT.iter().any(|name| text.to_lowercase().contains(name));
    let positive =
        [BaseOperator::ArnEquals, BaseOperator::ArnLike, BaseOperator::StringEquals, BaseOperator::StringLike];
    let wrong = clause.is_on("aws:PrincipalArn")
        && positive.contains(&clause.operator.base)
        && clause.values.iter().any(|value| names(&value.text));
    wrong.then(|| {
        let message = "this denies those whom it names, and no one else".to_owned();
        let finding = Finding::new(Code::InvertedTest, &clause.operator_path, message).on(Part::Key);
        turned_around(finding, clause)
    })
}

/// `NotAction` of global services with `StringEquals aws:RequestedRegion`: a region guard the wrong way round, since
/// global services need an exemption only where their own region is denied.
fn denies_the_regions_at_home(statement: &Statement<'_>, clause: &Clause) -> Option<Finding> {
    let positive = [BaseOperator::StringEquals, BaseOperator::StringLike, BaseOperator::StringEqualsIgnoreCase];
    let exempts = |action: &str| statement.actions.items.iter().any(|item| item.pattern.matches(action));
    let wrong = clause.is_on("aws:RequestedRegion")
        && positive.contains(&clause.operator.base)
        && statement.actions.negated
        && exempts("iam:createrole")
        && clause.values.iter().all(|value| !value.text.contains('*') && value.text != "us-east-1");
    wrong.then(|| {
        let message = "this denies the regions that it names, and no others".to_owned();
        let finding = Finding::new(Code::InvertedTest, &clause.operator_path, message).on(Part::Key);
        turned_around(finding, clause)
    })
}

/// Offers the opposite operator.
fn turned_around(finding: Finding, clause: &Clause) -> Finding {
    let opposite = opposite(clause.operator.base);
    let Some(base) = opposite.filter(|_| clause.operator.quantifier != Some(Quantifier::ForAnyValue)) else {
        return finding;
    };
    let operator = ConditionOperator { base, ..clause.operator };
    let finding = finding.help(format!("`{operator}` exempts them"));
    if clause.beside == 1 { finding.fix(format!("\"{operator}\"")) } else { finding }
}
