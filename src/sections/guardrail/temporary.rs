//! Exclusions that end: `except: {in: [lab], until: 2027-03-01}`.

use super::enable::Enabled;
use crate::declaration::temporary::{UNTIL, warn_before_end};
use crate::declaration::{Declaration, until};
use crate::model::Until;

/// Takes the day out of a guardrail's `except` at which it ends.
pub(super) fn end_of_exclusion(enabled: &mut Enabled, declaration: &mut Declaration) -> Option<Until> {
    let end = enabled.except.as_mut()?.as_object_mut()?.remove(UNTIL)?;
    let (id, place) = (&enabled.guardrail.id, enabled.place);
    let until = until::read(end.as_str().unwrap_or(&end.to_string()), place, declaration)?;
    warn_before_end(&format!("guardrail {id}"), "what `except` names is", until, place, declaration);
    Some(until)
}

#[cfg(test)]
mod tests;
