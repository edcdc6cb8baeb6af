//! A policy, or the levels of a path, in a JSON file.

use std::path::Path;

use landing_policy::{
    Code, Finding, OrganizationContext, PolicyType, ProblemCode, SourceText, guess_type, lint as lint_policy,
    lint_levels,
};
use serde_json::Value;

use super::super::super::failure::Failure;
use super::super::super::policy_file::{parse_json, read_text};
use crate::report::Linted;

/// What was found in the file, the policies of which are of this type if it is given.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn lint(path: &Path, policy_type: Option<PolicyType>) -> Result<Linted, Failure> {
    let text = read_text(path)?;
    let source = match parse_json(path, text.clone()) {
        Ok(source) => source,
        Err(error) => return Ok(Linted::not_json(path.display().to_string(), text, &error)),
    };
    let around = OrganizationContext::default();
    let levels = levels_of(source.value(), policy_type);
    let findings = if levels.is_empty() {
        of_policy(&source, policy_type, &around)
    } else {
        let of_levels = |(place, levels, policy_type)| {
            let findings = lint_levels(levels, policy_type, &around);
            findings.into_iter().map(move |finding| finding.below(place))
        };
        levels.into_iter().flat_map(of_levels).collect()
    };
    Ok(Linted::json_file(&source, &findings))
}

type Levels<'a> = (&'static str, &'a Value, PolicyType);

/// The levels of paths, where the file holds them and not one policy, and where they stand.
fn levels_of(file: &Value, policy_type: Option<PolicyType>) -> Vec<Levels<'_>> {
    let is_levels = |value: &Value| value.as_array().and_then(|list| list.first()?.get("policies")).is_some();
    if is_levels(file) {
        return vec![("", file, policy_type.unwrap_or(PolicyType::ServiceControl))];
    }
    let named = [
        ("levels", "/levels", policy_type.unwrap_or(PolicyType::ServiceControl)),
        ("rcpLevels", "/rcpLevels", PolicyType::ResourceControl),
    ];
    let found = named.into_iter().filter_map(|(name, place, policy_type)| Some((place, file.get(name)?, policy_type)));
    found.filter(|(_, levels, _)| is_levels(levels)).collect()
}

fn of_policy(source: &SourceText, policy_type: Option<PolicyType>, around: &OrganizationContext) -> Vec<Finding> {
    let findings = lint_policy(source.value(), policy_type.unwrap_or_else(|| guess_type(source.value())), around);
    let is_guessed = policy_type.is_none();
    findings.into_iter().map(|finding| if is_guessed { reporting_of_types(finding) } else { finding }).collect()
}

/// An SCP with a `Principal` may be an RCP that was not recognized.
fn reporting_of_types(finding: Finding) -> Finding {
    let of_principal =
        finding.code == Code::Refused(ProblemCode::UnsupportedElement) && finding.path.ends_with("/Principal");
    match finding.help {
        Some(help) if of_principal => Finding {
            help: Some(format!("{help}; if this is a resource control policy, say so by `--type rcp`")),
            ..finding
        },
        help => Finding { help, ..finding },
    }
}
