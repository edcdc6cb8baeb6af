use super::Guarded;
use crate::hierarchy::{Hierarchy, broken};
use crate::model::Refusal;

/// What the blueprint expects of its policies must hold once the plan is done.
pub(super) fn guard(guarded: &Guarded<'_>, after: &Hierarchy) -> Vec<Refusal> {
    let expectations = guarded.desired.settings.expectations.iter();
    let broken = expectations.flat_map(|expected| broken(expected, after).into_iter().map(move |it| (expected, it)));
    let refusal = |(expected, broken): (&crate::model::Expectation, crate::hierarchy::Broken)| {
        let source = expected.source.as_deref().map(|source| format!(", which {source} expects otherwise"));
        Refusal {
            code: "expectation".into(),
            address: broken.accounts.first().cloned(),
            message: format!("{broken}{}", source.unwrap_or_default()),
            help: broken.help(),
        }
    };
    broken.map(refusal).collect()
}
