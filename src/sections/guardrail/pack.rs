//! Many guardrails in few policies.

use landing_policy::{PolicyType, packed, size};
use serde_json::{Value, json};

use super::enable::Held;
use crate::declaration::Declaration;
use crate::kinds::section::attachment::is_full_access;
use crate::model::Address;
use crate::template::{Guardrail, Rendered};

/// A policy, the guardrails that are in it, and which of the target's it is, from 0.
pub(super) struct Packed {
    pub number: usize,
    pub guardrails: Vec<Guardrail>,
    pub statements: Vec<Value>,
}

/// The statements of one type in as few policies as size takes, in the order of the guardrails, so that a new one changes
/// little. Where they need more places than are left, statements are joined too.
pub(super) fn pack(held: &[Held], policy_type: PolicyType, target: &Address, declaration: &Declaration) -> Vec<Packed> {
    let limits = declaration.quotas.limits(policy_type);
    let of_type = held.iter().filter_map(|held| match &held.rendered {
        Rendered::Statements(of, statements) if *of == policy_type => Some((&held.enabled.guardrail, statements)),
        _ => None,
    });
    let of_type: Vec<(&Guardrail, &Vec<Value>)> = of_type.collect();
    let mut policies: Vec<Packed> = Vec::new();
    for (guardrail, statements) in &of_type {
        let fits =
            |packed: &&mut Packed| size(&document(&[packed.statements.as_slice(), statements].concat())) <= limits.size;
        match policies.last_mut().filter(fits) {
            Some(packed) => {
                packed.guardrails.push((*guardrail).clone());
                packed.statements.extend(statements.iter().cloned());
            }
            None => policies.push(Packed {
                number: policies.len(),
                guardrails: vec![(*guardrail).clone()],
                statements: (*statements).clone(),
            }),
        }
    }
    let joined = || {
        let documents: Vec<Value> = policies.iter().map(|it| document(&it.statements)).collect();
        packed(&documents, policy_type, limits.size)
    };
    match policies.len() > places_left(target, policy_type, declaration) {
        true => joined()
            .filter(|fewer| fewer.len() < policies.len())
            .map_or(policies, |fewer| all_in_each(&of_type, &fewer)),
        false => policies,
    }
}

/// Joined statements are of several guardrails, so that each policy is called one of all.
fn all_in_each(of_type: &[(&Guardrail, &Vec<Value>)], documents: &[Value]) -> Vec<Packed> {
    let guardrails: Vec<Guardrail> = of_type.iter().map(|(guardrail, _)| (*guardrail).clone()).collect();
    let policy = |(number, document): (usize, &Value)| Packed {
        number,
        guardrails: guardrails.clone(),
        statements: document["Statement"].as_array().cloned().unwrap_or_else(|| vec![document["Statement"].clone()]),
    };
    documents.iter().enumerate().map(policy).collect()
}

fn document(statements: &[Value]) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// AWS's own policy takes a place too, as do the target's other policies.
fn places_left(target: &Address, policy_type: PolicyType, declaration: &Declaration) -> usize {
    let prefix = policy_type.address_prefix();
    let attached = declaration.desired.of_kind("attachment");
    let here = attached.filter(|it| it.parent.as_ref() == Some(target) && it.address.prefix() == prefix);
    let taken = here.filter(|it| !is_full_access(&it.address)).count();
    declaration.quotas.limits(policy_type).per_target.saturating_sub(taken + 1)
}
