//! The roles that something of a blueprint does not bind.

use landing_blueprint::{Entries, Spanned};
use serde_json::Value;

use super::enable::NAME;
use super::section::GuardrailUse;
use crate::declaration::Declaration;
use crate::declaration::name_or::NameOr;
use crate::declaration::temporary::names;
use crate::kinds::section::policy::{PolicySection, exempt_roles as of_policy, texts};
use crate::sections::enabled::Enabled;
use crate::sections::policy_use::exempt_roles_of_use;
use crate::template::{self, Guardrail};

/// Names of the roles that a guardrail or a policy made from a template does not bind, each once, in order. Any principal that may
/// create a role of such a name would not be bound either.
pub(in crate::sections) fn exempt_roles(
    policies: &Entries<PolicySection>,
    enabled: &[Enabled<'_>],
    declaration: &mut Declaration,
) -> Vec<String> {
    let mut roles: Vec<String> = policies.iter().flat_map(|(_, policy)| of_policy(policy)).collect();
    let held = policies.iter().flat_map(|(_, policy)| policy.guardrails());
    roles.extend(held.flat_map(|guardrail| of_use(guardrail, declaration)));
    for enabled in enabled {
        roles.extend(enabled.policies.iter().flat_map(exempt_roles_of_use));
        roles.extend(enabled.guardrails.iter().flat_map(|guardrail| of_use(guardrail, declaration)));
    }
    roles.sort();
    roles.dedup();
    roles
}

fn of_use(guardrail: &GuardrailUse, declaration: &mut Declaration) -> Vec<String> {
    match guardrail {
        NameOr::Name(name) => of_file(name, declaration),
        NameOr::Map(map) if map.get(NAME).is_some_and(|name| name.is_string()) => {
            let name = map.get(NAME).and_then(|name| name.as_str()).unwrap_or_default();
            let preset = || of_file(&Spanned::new(name.to_owned(), map.place), declaration);
            map.get("exempt_roles").map_or_else(preset, |list| names(list))
        }
        NameOr::Map(map) => {
            let each = map.value.iter().map(|(name, given)| match given.get("exempt_roles") {
                Some(list) => names(list),
                None => of_file(name, declaration),
            });
            each.flatten().collect()
        }
    }
}

/// What a guardrail of the user's own exempts where nothing is given for it. What is wrong with its file is said where it is
/// enabled.
fn of_file(name: &Spanned<String>, declaration: &mut Declaration) -> Vec<String> {
    if template::guardrail(name).is_some() {
        return Vec::new();
    }
    let path = super::enable::path(name);
    let text = declaration.sources.draw_in(name.place, &path).ok().map(|(_, text)| text.to_owned());
    let read = text.and_then(|text| Guardrail::read(name, &text).ok());
    let preset = read.and_then(|it| it.parameters.get("exempt_roles")?.preset.clone());
    texts(&preset.unwrap_or(Value::Null))
}
