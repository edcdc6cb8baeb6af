//! Guardrails as they are enabled: by their names, sets and levels, and with the parameters that each takes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::names::{one_of, refer};
use super::patterns;
use super::stacks::{exempt_roles, sentence, text};
use crate::declaration::aws_names::is_named_for;
use crate::declaration::temporary::{EXEMPT_ROLES, UNTIL};
use crate::template::{Guardrail, guardrail, guardrails};

/// The definitions of what is written under `guardrails`. `own` are those of the types.
pub(super) fn definitions(own: &Map<String, Value>) -> Map<String, Value> {
    let mut exclusion = own.get("Exclusion").cloned().unwrap_or_default();
    exclusion["properties"][UNTIL] = refer("Until");
    let named = [
        ("GuardrailExclusion", exclusion),
        ("GuardrailExcept", json!({"anyOf": [refer("OneOrMany"), refer("GuardrailExclusion")]})),
        ("GuardrailName", one_of(names(), &[own_file()])),
        ("GuardrailGroup", one_of(groups().into_iter().map(|(name, ids)| (name, about_group(name, &ids))), &[])),
        ("GuardrailByName", by_name()),
        ("Guardrail", json!({"anyOf": alternatives()})),
        (
            "Guardrails",
            json!({"anyOf": [refer("Guardrail"), {"type": "array", "x-plain": true, "items": refer("Guardrail")}]}),
        ),
    ];
    let parameters = guardrails().iter().map(|it| (parameters_of(&it.id), json!({"anyOf": values(it)})));
    named.into_iter().map(|(name, definition)| (name.to_owned(), definition)).chain(parameters).collect()
}

fn parameters_of(id: &str) -> String {
    format!("GuardrailParameters.{id}")
}

/// One guardrail, or those of a set or level; or a map of one of three forms.
fn alternatives() -> Vec<Value> {
    let mut all = vec![refer("GuardrailName"), refer("GuardrailGroup"), refer("GuardrailByName")];
    all.extend(with_name());
    all.extend(groups().iter().flat_map(|(name, ids)| ["set", "level"].map(|key| of_group(key, name, ids))));
    all
}

fn names() -> impl Iterator<Item = (&'static str, String)> {
    guardrails().iter().flat_map(|it| it.names().map(|name| (name, about(it))))
}

fn about(guardrail: &Guardrail) -> String {
    let (guidance, behaviour) = (guardrail.guidance, guardrail.behaviour);
    format!("{} ({guidance}, {behaviour}: {})", sentence(&guardrail.title), guardrail.means())
}

fn own_file() -> Value {
    let about = "The path of a guardrail of your own, such as `guardrails/queues-stay.yaml`.";
    json!({"type": "string", "pattern": patterns::GUARDRAIL_PATH, "description": about})
}

/// The levels and sets with the guardrails in each.
fn groups() -> BTreeMap<&'static str, Vec<&'static str>> {
    let levels = ["elective", "mandatory", "strongly-recommended"];
    let sets = guardrails().iter().flat_map(|it| it.sets.iter().map(String::as_str));
    let all: BTreeSet<&'static str> = levels.into_iter().chain(sets).collect();
    let within = |name: &str| guardrails().iter().filter(|it| it.is_in(name)).map(|it| it.id.as_str()).collect();
    all.into_iter().map(|name| (name, within(name))).filter(|(_, ids): &(_, Vec<_>)| !ids.is_empty()).collect()
}

fn about_group(name: &str, ids: &[&str]) -> String {
    let is_whole =
        |id: &&&str| guardrail(id).is_some_and(|it| it.parameters.values().all(|value| value.preset.is_some()));
    let whole: Vec<&str> = ids.iter().filter(is_whole).copied().collect();
    format!("All {name} guardrails that need no value: {}.", whole.join(", "))
}

/// `{set: NAME, except: [ID]}`, `{level: NAME, except: [ID]}`.
fn of_group(key: &str, name: &str, ids: &[&str]) -> Value {
    let names: Vec<&str> = ids.iter().filter_map(|id| guardrail(id)).flat_map(Guardrail::names).collect();
    let except = json!({
        "type": "array",
        "x-plain": true,
        "items": {"enum": names},
        "description": "Guardrails of it that are not enabled.",
    });
    let name = json!({"const": name, "description": about_group(name, ids)});
    json!({"type": "object", "x-plain": true, "properties": {key: name, "except": except}, "required": [key], "additionalProperties": false})
}

/// `{ID: PARAMETERS}`, of one or several.
fn by_name() -> Value {
    let known = guardrails()
        .iter()
        .flat_map(|it| it.names().map(move |name| (name.to_owned(), it)))
        .map(|(name, it)| (name, json!({"allOf": [refer(&parameters_of(&it.id))], "description": about(it)})));
    let known: Map<String, Value> = known.collect();
    json!({
        "type": "object",
        "x-plain": true,
        "properties": known,
        "patternProperties": {(patterns::GUARDRAIL_PATH): {"type": ["object", "null"]}},
        "additionalProperties": false,
    })
}

/// `{name: ID, PARAMETER: VALUE}`: guardrails of the same parameters together.
fn with_name() -> Vec<Value> {
    let mut alike: BTreeMap<String, (Vec<&'static Guardrail>, Value)> = BTreeMap::new();
    for guardrail in guardrails() {
        let map = map_of(guardrail);
        alike.entry(map.to_string()).or_insert((Vec::new(), map)).0.push(guardrail);
    }
    let built_in = alike.into_values().map(|(all, mut map)| {
        map["properties"]["name"] = one_of(all.iter().flat_map(|it| it.names().map(|name| (name, about(it)))), &[]);
        let required = map["required"].as_array().cloned().unwrap_or_default();
        map["required"] = [json!("name")].into_iter().chain(required).collect();
        map
    });
    let own = json!({"type": "object", "x-plain": true, "properties": {"name": own_file()}, "required": ["name"]});
    built_in.chain([own]).collect()
}

/// The values of a guardrail: a map, or none where none must be given.
fn values(guardrail: &Guardrail) -> Vec<Value> {
    let map = map_of(guardrail);
    let none = map.get("required").is_none().then(|| json!({"type": "null"}));
    std::iter::once(map).chain(none).collect()
}

fn map_of(guardrail: &Guardrail) -> Value {
    let except = json!({"allOf": [refer("GuardrailExcept")], "description": "Units, accounts and regions in which it does not hold."});
    let parameters = guardrail.parameters.iter().map(|(name, it)| {
        let mut schema = value(name, it.preset.as_ref());
        schema["description"] = json!(sentence(&it.about));
        if let Some(preset) = &it.preset {
            schema["default"] = preset.clone();
        }
        (name.clone(), schema)
    });
    let properties: Map<String, Value> = parameters.chain([("except".to_owned(), except)]).collect();
    let mut map = json!({"type": "object", "x-plain": true, "properties": properties, "additionalProperties": false});
    let required = guardrail.parameters.iter().filter(|(_, it)| it.preset.is_none()).map(|(name, _)| name.as_str());
    let required: Vec<&str> = required.collect();
    if !required.is_empty() {
        map["required"] = json!(required);
    }
    map
}

/// A value of the kind that the preset has, as a guardrail checks it; any where it has none.
fn value(name: &str, preset: Option<&Value>) -> Value {
    match preset {
        Some(Value::Array(_)) if name == EXEMPT_ROLES => exempt_roles(),
        Some(Value::Array(_)) if is_named_for("regions", name) => {
            json!({"type": "array", "x-plain": true, "items": refer("RegionName")})
        }
        Some(Value::Array(_)) => json!({"type": "array", "x-plain": true}),
        Some(Value::Bool(_)) => json!({"type": "boolean"}),
        Some(Value::Number(_)) => json!({"type": "number"}),
        Some(Value::String(_)) => text(),
        Some(Value::Object(_)) => json!({"type": "object", "x-plain": true}),
        _ => json!({}),
    }
}
