//! Denials of what was probably meant to be demanded, or of whom was meant to be exempt.

use super::code::Code;
use super::finding::{Finding, Part};
use super::keys;
use crate::policy::view::{Clause, Policy, Statement};
use crate::policy::{BaseOperator, ConditionOperator, Quantifier};

pub(super) fn find(policy: &Policy<'_>) -> Vec<Finding> {
    let each = policy.denying().flat_map(|statement| {
        let tests = [denies_the_wanted, denies_the_exempt, denies_the_regions_at_home];
        statement.clauses.iter().flat_map(move |clause| tests.into_iter().find_map(|test| test(statement, clause)))
    });
    each.collect()
}

/// `Bool aws:SecureTransport true` denies what is encrypted, `Null …KmsKey false` too.
fn denies_the_wanted(statement: &Statement<'_>, clause: &Clause) -> Option<Finding> {
    let all = |wanted: bool| !clause.values.is_empty() && clause.values.iter().all(|value| value.is_bool(wanted));
    let alone = statement.on_key(&clause.key).count() == 1;
    let (wanted, instead) = match clause.operator.base {
        BaseOperator::Bool if all(true) && keys::is_protective(&clause.key) => ("true", "\"false\""),
        BaseOperator::Null if alone && all(false) && keys::is_protective_by_presence(&clause.key) => {
            ("there", "\"true\"")
        }
        _ => return None,
    };
    let message = format!("this denies the requests in which `{}` is {wanted}", clause.key);
    let finding = Finding::new(Code::InvertedTest, &clause.key_path, message);
    Some(finding.help("a denial names what must not be, not what must be").fix(instead))
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

/// `ArnLike aws:PrincipalArn …/BreakGlass` in a denial denies the break-glass role and nobody else.
fn denies_the_exempt(_: &Statement<'_>, clause: &Clause) -> Option<Finding> {
    let names = |text: &str| EXEMPT.iter().any(|name| text.to_lowercase().contains(name));
    let positive =
        [BaseOperator::ArnEquals, BaseOperator::ArnLike, BaseOperator::StringEquals, BaseOperator::StringLike];
    let wrong = clause.is_on("aws:PrincipalArn")
        && positive.contains(&clause.operator.base)
        && clause.values.iter().any(|value| names(&value.text));
    wrong.then(|| {
        let message = "this denies those whom it names, and nobody else".to_owned();
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
    let opposite = BaseOperator::ALL.iter().find(|base| base.opposite_of() == Some(clause.operator.base));
    let Some(&base) = opposite.filter(|_| clause.operator.quantifier != Some(Quantifier::ForAnyValue)) else {
        return finding;
    };
    let operator = ConditionOperator { base, ..clause.operator };
    let finding = finding.help(format!("`{operator}` exempts them"));
    if clause.beside == 1 { finding.fix(format!("\"{operator}\"")) } else { finding }
}
