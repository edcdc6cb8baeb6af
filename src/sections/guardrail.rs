//! Guardrails on the root, units and accounts: which are enabled there, and the policies, rules and hooks that hold them.

mod cases;
mod enable;
mod except;
mod exempt;
mod pack;
mod policies;
mod section;
mod stacks;
mod temporary;

use landing_blueprint::{Place, Spanned};
use landing_policy::PolicyType;
use serde_json::{Map, Value, json};

use super::policy_use;
use crate::declaration::Declaration;
use crate::declaration::guardrail_rows::InPolicy;
use crate::declaration::name_or::NameOr;
use crate::declaration::template::around;
use crate::declaration::temporary::{Phase, from_then_on, phases};
use crate::kinds::section::policy::PolicySection;
use crate::model::{Address, Excluded, Until};
use crate::template::Rendered;
use cases::broken_cases;
pub use cases::guardrail_example;
use enable::{Enabled, Held, enabled, tags};
pub(super) use exempt::exempt_roles;
use pack::pack;
pub(super) use policies::of_policies;
pub(super) use section::GuardrailUse;
pub(super) use stacks::stacks;

/// What a policy of several guardrails says of itself: it stays the same when one comes or goes.
const DESCRIPTION: &str = "Guardrails; its tags name them";

/// Enables guardrails at `target`: the root, a unit or an account. To be called after the target's own policies are declared, whose
/// places are taken, and after all units and accounts, which may be excluded.
pub(super) fn declare_uses(target: &Address, uses: &[GuardrailUse], declaration: &mut Declaration) {
    let Some(place) = uses.first().map(place_of) else { return };
    let all = enabled(uses, declaration);
    let changes = all.iter().map(|it| (it.guardrail.id.clone(), it.guardrail.changes.clone()));
    declaration.desired.settings.guardrail_changes.extend(changes.filter(|(_, changes)| !changes.is_empty()));
    let held: Vec<Held> = all.into_iter().filter_map(|enabled| hold(enabled, target, declaration)).collect();
    for policy_type in [PolicyType::ServiceControl, PolicyType::ResourceControl] {
        for policy in pack(&held, policy_type, target, declaration) {
            let name = Spanned::new(policy_name(target, policy.number), place);
            let section = PolicySection::made(
                policy_type,
                json!({"Version": "2012-10-17", "Statement": policy.statements}),
                DESCRIPTION.to_owned(),
                tags(policy.guardrails.iter()),
                policy.guardrails.iter().any(|guardrail| guardrail.may_lock_out),
                place,
            );
            policy_use::declare_made(&name, &section, target, declaration);
            let address = Address::new(policy_type.address_prefix(), [&name.value]);
            let of_policy = |held: &&Held| policy.guardrails.iter().any(|it| it.id == held.enabled.guardrail.id);
            let all = held.iter().filter(of_policy).filter_map(|held| in_policy(held, policy_type));
            declaration.guardrails.insert(address, all.collect());
        }
    }
    for Held { enabled, rendered, excluded } in &held {
        match rendered {
            Rendered::Policy(policy_type, content) => {
                let name = Spanned::new(enabled.guardrail.id.clone(), enabled.place);
                let section = PolicySection::made(
                    *policy_type,
                    content.clone(),
                    enabled.guardrail.title.clone(),
                    tags([&enabled.guardrail].into_iter()),
                    enabled.guardrail.may_lock_out,
                    enabled.place,
                );
                policy_use::declare_made(&name, &section, target, declaration);
            }
            Rendered::Rule(..) | Rendered::Hook(_) => stacks::want(target, enabled, rendered, excluded, declaration),
            Rendered::Statements(..) => {}
        }
    }
}

/// What a guardrail brings into a policy of this type.
fn in_policy(held: &Held, policy_type: PolicyType) -> Option<InPolicy> {
    let Rendered::Statements(of, statements) = &held.rendered else { return None };
    let Enabled { guardrail, place, file, .. } = held.enabled.clone();
    (*of == policy_type).then(|| InPolicy { guardrail, place, file, statements: statements.clone() })
}

fn place_of(guardrail: &GuardrailUse) -> Place {
    match guardrail {
        NameOr::Name(name) => name.place,
        NameOr::Map(map) => map.place,
    }
}

/// What it comes to at `target`, without what is excluded.
fn hold(mut enabled: Enabled, target: &Address, declaration: &mut Declaration) -> Option<Held> {
    let until = temporary::end_of_exclusion(&mut enabled, declaration);
    let Held { enabled, rendered: all, .. } = render(enabled, declaration)?;
    let excluded = except::excluded(&enabled, target, declaration);
    let rendered = except::exclude(all.clone(), &excluded).map_err(|error| {
        let message = format!("guardrail {}: {error}", enabled.guardrail.id);
        declaration.mistake(
            "guardrail",
            enabled.place,
            message,
            "take `except` out, and enable it where it is to hold",
        );
    });
    let mut rendered = rendered.ok()?;
    if let Some(until) = until {
        ends(&mut rendered, all, until, &enabled, declaration);
    }
    Some(Held { enabled, rendered, excluded })
}

/// Adds what is said later to what is said all the while, as it holds from a day on. Only a statement can.
fn ends(said: &mut Rendered, later: Rendered, since: Until, enabled: &Enabled, declaration: &mut Declaration) {
    match (said, later) {
        (Rendered::Statements(_, said), Rendered::Statements(_, later)) => {
            let more = from_then_on(later, said, since);
            said.extend(more);
        }
        _ => {
            let message = format!("guardrail {}: no exemption from it can end by itself", enabled.guardrail.id);
            let help = "only what a service or resource control policy holds takes `until`: leave it out";
            declaration.mistake("guardrail", enabled.place, message, help);
        }
    }
}

/// What it comes to in this organization; a file of the user's own is checked like the built-in ones are by tests.
fn render(enabled: Enabled, declaration: &mut Declaration) -> Option<Held> {
    let what = format!("guardrail {}", enabled.guardrail.id);
    let phases = phases(&what, &enabled.given, enabled.place, declaration);
    let always = &phases.first()?.given;
    let mut rendered = rendered(&enabled, always, declaration)?;
    for Phase { since, given } in &phases[1..] {
        let (Some(since), later) = (since, self::rendered(&enabled, given, declaration)?) else { continue };
        ends(&mut rendered, later, *since, &enabled, declaration);
    }
    if enabled.file.is_some() {
        for broken in broken_cases(&enabled.guardrail, always) {
            let message = format!("guardrail {}: {broken}", enabled.guardrail.id);
            declaration.mistake(
                "guardrail",
                enabled.place,
                message,
                "its `cases` say otherwise: change them or what it renders",
            );
        }
    }
    Some(Held { enabled, rendered, excluded: Excluded::default() })
}

fn rendered(enabled: &Enabled, given: &Map<String, Value>, declaration: &mut Declaration) -> Option<Rendered> {
    let around = around(&declaration.desired.settings);
    let rendered = enabled.guardrail.rendered(given, &around).map_err(|error| {
        let message = format!("guardrail {}: {}", enabled.guardrail.id, error.message);
        declaration.mistake("guardrail", enabled.place, message, "change its parameters, or its file");
    });
    rendered.ok()
}

/// `guardrails`, `guardrails-Workloads.Dev`, `guardrails-account.audit`; with a number from the second on.
fn policy_name(target: &Address, number: usize) -> String {
    let path = target.as_str().strip_prefix("ou/").unwrap_or(target.as_str()).replace('/', ".");
    let place = if *target == Address::root() { String::new() } else { format!("-{path}") };
    let more = if number > 0 { format!("-{}", number + 1) } else { String::new() };
    format!("guardrails{place}{more}")
}

#[cfg(test)]
mod tests;
