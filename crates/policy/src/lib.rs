#![doc = include_str!("../README.md")]

mod canonical;
mod check;
mod compared;
mod denied;
mod deny_scope;
mod diff;
mod document;
mod elements;
mod evaluate;
mod lint;
mod minify;
mod operator;
mod policy_type;
mod quotas;
mod replay;
mod resource_policy;
mod services;
mod simulate;
mod source;
mod statement;
mod truth;
mod value;
mod view;

pub use canonical::{canonical, decides_alike, same_meaning};
pub use check::{Problem, ProblemCode, Severity, check, check_identity, misplaced_variable};
pub use compared::{Compared, compared};
pub use denied::{
    Assumed, Authorization, Denied, DenyingPolicy, NoDenial, ReportedPolicy, read_denied, read_denied_from,
};
pub use deny_scope::{DenyScope, denies_all_of};
pub use diff::{ElementChange, StatementChange, element_diff, statement_diff};
pub use document::{ParseError, minified, parse, size};
pub use evaluate::{
    AttachedPolicy, Context, DecidedBy, Decision, DecisionKind, DenialReason, Level, Request, Unlisted, Verdict,
    evaluate, evaluate_with_identity, grounds,
};
pub use lint::{Code, Finding, Fix, OrganizationContext, Part, guess_type, lint, lint_levels, lint_path};
pub use minify::{ShorterForm, how_to_pack, packed, shortened};
pub use operator::{BaseOperator, ConditionOperator, Quantifier, UnknownOperator};
pub use policy_type::{Language, PolicyType, UnknownPolicyType};
pub use quotas::{Limits, Quotas};
pub use replay::{
    AccountPolicies, Denial, LogError, LoggedDenials, Replay, ReplayPolicies, Seen, Sides, Skipped, Tally, Undecidable,
    Unmapped, Unread, inflated, read_replay_policies,
};
pub use resource_policy::{check_resource_policy, same_resource_policy};
pub use services::{
    Lookup, Need, Needs, PRINCIPALS_DATE, REGIONS_DATE, Region, Services, has_form_of_region, look_up_managed_policy,
    look_up_principal, look_up_region, managed_policies, managed_policies_date, may_be_newer_region, region_called,
    regions, service_principals, services,
};
pub use simulate::{Answer, Asking, Case, Levels, answer, read_cases, read_levels};
pub use simulate::{IDENTITY_LEVEL, identity_level, read_identity_policy};
pub use source::{Lines, Position, SourceText};
pub use statement::{Clause, Effect, Policy, Scope, Statement, UnreadablePolicy, strings};
pub use value::account_of;
