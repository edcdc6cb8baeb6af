use super::guardrail::GuardrailUse;
use super::policy_use::PolicyUse;

/// What is enabled or attached somewhere: at the root, a unit or an account.
#[derive(Clone, Copy)]
pub(super) struct Enabled<'a> {
    pub guardrails: &'a [GuardrailUse],
    pub policies: &'a [PolicyUse],
}
