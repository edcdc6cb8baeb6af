//! `--identity-policy`.

use std::path::Path;

use landing_policy::{AttachedPolicy, Level, identity_level, read_identity_policy};

use super::super::super::exit::Exit;
use super::super::super::failure::Failure;
use super::super::super::policy_file::{read_json, refused};
use super::super::super::session::Session;
use super::Arguments;

/// The principal's own policies; none where they are not given.
///
/// # Errors
/// When one cannot be read as a policy, and when the principal has none by its nature.
pub(super) fn level(arguments: &Arguments, session: &Session) -> Result<Option<Level>, Failure> {
    let files = &arguments.identity_policy;
    let principal = arguments.principal.as_deref().unwrap_or_default();
    if files.is_empty() {
        return Ok(None);
    }
    if !has_policies(principal) {
        let message =
            format!("`{principal}` has no identity policies: only roles, users and permission sets have them");
        return Err(Failure::new(message).help("leave --identity-policy out").exit(Exit::USAGE));
    }
    let policies: Result<Vec<AttachedPolicy>, Failure> = files.iter().map(|file| attached(file, session)).collect();
    Ok(Some(identity_level(policies?)))
}

/// The root user may do everything in its account, and services and anonymous callers act by policies of resources.
fn has_policies(principal: &str) -> bool {
    let is_root = principal == "root" || principal.ends_with(":root");
    !is_root && (principal.contains('/') || principal.starts_with("arn:"))
}

fn attached(file: &Path, session: &Session) -> Result<AttachedPolicy, Failure> {
    let source = read_json(file)?;
    let policy = read_identity_policy(source.value()).map_err(|problems| refused(&problems, &source, session))?;
    Ok(AttachedPolicy { name: file.display().to_string(), policy })
}
