//! Which guardrails are enabled where.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::GuardrailUse;
use crate::blueprint::{Entries, Place, Spanned, did_you_mean};
use crate::sections::declaration::Declaration;
use crate::sections::name_or::NameOr;
use crate::template::{self, Guardrail, Guidance};

/// A guardrail that is enabled, the values given for it, and where the blueprint says so.
#[derive(Clone, Debug)]
pub(super) struct Enabled {
    pub guardrail: Guardrail,
    pub given: Map<String, Value>,
    pub place: Place,
    /// Whether it is a file of the user's own.
    pub is_own: bool,
}

/// Those that are named, by id in the order of their ids. One that is named itself counts before one of a set or level.
pub(super) fn enabled(uses: &[GuardrailUse], declaration: &mut Declaration) -> Vec<Enabled> {
    let mut all: IndexMap<String, Enabled> = IndexMap::new();
    for one in uses {
        match one {
            NameOr::Name(name) => add_named(name, &mut all, declaration),
            NameOr::Map(map) => add_map(map, &mut all, declaration),
        }
    }
    all.sort_keys();
    all.into_values().collect()
}

fn add_named(name: &Spanned<String>, all: &mut IndexMap<String, Enabled>, declaration: &mut Declaration) {
    let several = group(name);
    if several.is_empty()
        && let Some(enabled) = one(name, Map::new(), declaration)
    {
        all.entry(enabled.guardrail.id.clone()).or_insert(enabled);
    }
    add_group(several, &[], name.place, all);
}

/// The guardrails of a set or level.
fn group(name: &str) -> Vec<&'static Guardrail> {
    template::guardrails().iter().filter(|guardrail| guardrail.is_in(name)).collect()
}

fn add_group(several: Vec<&'static Guardrail>, except: &[String], place: Place, all: &mut IndexMap<String, Enabled>) {
    // Those that cannot do without a value are enabled by name.
    let is_whole = |guardrail: &&&Guardrail| guardrail.parameters.values().all(|parameter| parameter.preset.is_some());
    for guardrail in several.iter().filter(|it| !except.contains(&it.id)).filter(is_whole) {
        let enabled = Enabled { guardrail: (*guardrail).clone(), given: Map::new(), place, is_own: false };
        all.entry(guardrail.id.clone()).or_insert(enabled);
    }
}

fn add_map(map: &Spanned<Entries<Spanned<Value>>>, all: &mut IndexMap<String, Enabled>, declaration: &mut Declaration) {
    let text = |key: &str| map.get(key).and_then(|value| value.as_str());
    let Some(name) = text("set").or(text("level")) else {
        for (name, given) in map.value.iter() {
            let Some(values) = given.as_object().cloned().or(given.is_null().then(Map::new)) else {
                let help = "write `ID: {PARAMETER: VALUE}`, `set: NAME` or `level: LEVEL`";
                let message = format!("the parameters of guardrail {} are not a map", name.value);
                declaration.mistake("guardrail", given.place, message, help);
                continue;
            };
            if let Some(enabled) = one(name, values, declaration) {
                all.insert(enabled.guardrail.id.clone(), enabled);
            }
        }
        return;
    };
    let several = group(name);
    if several.is_empty() {
        return unknown(&Spanned::new(name.to_owned(), map.place), declaration);
    }
    let listed = map.get("except").and_then(|except| except.as_array()).into_iter().flatten();
    let except: Vec<String> = listed.filter_map(Value::as_str).map(str::to_owned).collect();
    for left_out in except.iter().filter(|id| !several.iter().any(|guardrail| guardrail.id == **id)) {
        let message = format!("{name} has no guardrail {left_out} to leave out");
        let known: Vec<&str> = several.iter().map(|guardrail| guardrail.id.as_str()).collect();
        let near = did_you_mean(left_out, known.iter().copied());
        let help =
            near.map_or_else(|| format!("it has {}", known.join(", ")), |near| format!("did you mean `{near}`?"));
        declaration.mistake("guardrail", map.place, message, help);
    }
    add_group(several, &except, map.place, all);
}

/// One guardrail, built in or a file: by its path, or by its name in the folder `guardrails` beside the blueprint.
fn one(name: &Spanned<String>, given: Map<String, Value>, declaration: &mut Declaration) -> Option<Enabled> {
    let (guardrail, is_own) = match template::guardrail(name) {
        Some(guardrail) => (guardrail.clone(), false),
        None => (own(name, declaration)?, true),
    };
    let wrong = guardrail.wrong_values(&given);
    for message in &wrong {
        let message = format!("guardrail {}: {message}", guardrail.id);
        let help = format!("`landing guardrails {}` explains it", guardrail.id);
        declaration.mistake("guardrail", name.place, message, help);
    }
    wrong.is_empty().then_some(Enabled { guardrail, given, place: name.place, is_own })
}

fn own(name: &Spanned<String>, declaration: &mut Declaration) -> Option<Guardrail> {
    let is_path = name.contains('/') || name.ends_with(".yaml");
    let path = if is_path { name.value.clone() } else { format!("guardrails/{}.yaml", name.value) };
    let text = match declaration.sources.draw_in(name.place, &path) {
        Ok((_, text)) => text.to_owned(),
        Err(diagnostic) if is_path => {
            declaration.diagnostics.push(*diagnostic);
            return None;
        }
        Err(_) => {
            unknown(name, declaration);
            return None;
        }
    };
    let file = path.rsplit('/').next().unwrap_or(&path);
    Guardrail::read(file.trim_end_matches(".yaml"), &text)
        .map_err(|error| {
            let help = "it has the form of the built-in ones: `landing guardrails ID` shows one";
            declaration.mistake("guardrail", name.place, format!("{path} is not a guardrail: {error}"), help);
        })
        .ok()
}

fn unknown(name: &Spanned<String>, declaration: &mut Declaration) {
    let levels = [Guidance::Mandatory, Guidance::StronglyRecommended, Guidance::Elective].map(|it| it.to_string());
    let sets = template::guardrails().iter().flat_map(|it| it.sets.iter().map(String::as_str));
    let ids = template::guardrails().iter().map(|it| it.id.as_str());
    let known: Vec<&str> = ids.chain(sets).chain(levels.iter().map(String::as_str)).collect();
    let help = "`landing guardrails` lists them; one of your own is a file in the folder `guardrails`";
    declaration.unknown("guardrail, set or level", name, name.place, known.into_iter(), help);
}
