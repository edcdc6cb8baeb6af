//! Which guardrails are enabled where.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use landing_blueprint::{Diagnostic, Entries, FileId, Place, Spanned, did_you_mean};
use serde_json::{Map, Value};

use super::section::GuardrailUse;
use crate::declaration::Declaration;
use crate::declaration::aws_names;
use crate::declaration::name_or::NameOr;
use crate::model::{Excluded, TAG_GUARDRAIL};
use crate::template::{self, Guardrail, Guidance, Rendered};

/// A guardrail that is enabled, the values given for it, and where the blueprint says so.
#[derive(Clone, Debug)]
pub(super) struct Enabled {
    pub guardrail: Guardrail,
    pub given: Map<String, Value>,
    pub place: Place,
    /// What is excluded, as it is written.
    pub except: Option<Value>,
    /// The file that it is read from, where it is not built in.
    pub file: Option<FileId>,
    /// Whether it is named itself, not by a set or level.
    is_named: bool,
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
        && let Some(enabled) = one(name, Map::new(), name.place, declaration)
    {
        add(enabled, all, declaration);
    }
    add_group(several, &[], name.place, all, declaration);
}

/// Adds one, unless it is there already. Two that are named alike and are not the same are a mistake.
fn add(enabled: Enabled, all: &mut IndexMap<String, Enabled>, declaration: &mut Declaration) {
    let id = enabled.guardrail.id.clone();
    match all.get(&id) {
        Some(first)
            if first.file != enabled.file
                || (first.is_named
                    && enabled.is_named
                    && (&first.given, &first.except) != (&enabled.given, &enabled.except)) =>
        {
            let message = format!("guardrail {id} is another one here than where it is first enabled");
            let help = "enable it once; one of your own needs a file name that no other guardrail has";
            let diagnostic = Diagnostic::error("duplicate", message).at(enabled.place).label("a second time");
            declaration.diagnostics.push(diagnostic.also(first.place, "first here").help(help));
        }
        Some(first) if first.is_named || !enabled.is_named => {}
        _ => drop(all.insert(id, enabled)),
    }
}

/// The guardrails of a set or level.
fn group(name: &str) -> Vec<&'static Guardrail> {
    template::guardrails().iter().filter(|guardrail| guardrail.is_in(name)).collect()
}

fn add_group(
    several: Vec<&'static Guardrail>,
    except: &[String],
    place: Place,
    all: &mut IndexMap<String, Enabled>,
    declaration: &mut Declaration,
) {
    // Those that cannot do without a value are enabled by name.
    let is_whole = |guardrail: &&&Guardrail| guardrail.parameters.values().all(|parameter| parameter.preset.is_some());
    for guardrail in several.iter().filter(|it| !except.contains(&it.id)).filter(is_whole) {
        let guardrail = (*guardrail).clone();
        add(
            Enabled { guardrail, given: Map::new(), place, except: None, file: None, is_named: false },
            all,
            declaration,
        );
    }
}

fn add_map(map: &Spanned<Entries<Spanned<Value>>>, all: &mut IndexMap<String, Enabled>, declaration: &mut Declaration) {
    let text = |key: &str| map.get(key).and_then(|value| value.as_str());
    if let Some(name) = text(NAME) {
        let values = map.value.iter().filter(|(key, _)| key.as_str() != NAME);
        let values = values.map(|(key, value)| (key.value.clone(), value.value.clone())).collect();
        if let Some(enabled) = one(&Spanned::new(name.to_owned(), map.place), values, map.place, declaration) {
            add(enabled, all, declaration);
        }
        return;
    }
    let Some(name) = text("set").or(text("level")) else {
        for (name, given) in map.value.iter() {
            let Some(values) = given.as_object().cloned().or(given.is_null().then(Map::new)) else {
                let help = "write `ID: {PARAMETER: VALUE}`, `name: ID`, `set: NAME` or `level: LEVEL`";
                let message = format!("the parameters of guardrail {} are not a map", name.value);
                declaration.mistake("guardrail", given.place, message, help);
                continue;
            };
            if let Some(enabled) = one(name, values, given.place, declaration) {
                add(enabled, all, declaration);
            }
        }
        return;
    };
    let several = group(name);
    if several.is_empty() {
        return unknown(&Spanned::new(name.to_owned(), map.place), declaration);
    }
    let except = exceptions(map, declaration);
    for left_out in except.iter().filter(|id| !several.iter().any(|guardrail| guardrail.id == **id)) {
        let message = format!("{name} has no guardrail {left_out} to leave out");
        let known: Vec<&str> = several.iter().map(|guardrail| guardrail.id.as_str()).collect();
        let near = did_you_mean(left_out, known.iter().copied());
        let help =
            near.map_or_else(|| format!("it has {}", known.join(", ")), |near| format!("did you mean `{near}`?"));
        declaration.mistake("guardrail", map.place, message, help);
    }
    add_group(several, &except, map.place, all, declaration);
}

/// The guardrails that a set or level is enabled without. Nothing else stands beside its name.
fn exceptions(map: &Entries<Spanned<Value>>, declaration: &mut Declaration) -> Vec<String> {
    let group = if map.get("set").is_some() { "set" } else { "level" };
    for key in map.keys().filter(|key| ![group, "except"].contains(&key.as_str())) {
        let near = did_you_mean(key, ["except"].into_iter()).map(|near| format!("did you mean `{near}`?"));
        let help =
            near.unwrap_or_else(|| format!("beside `{group}` only `except` may stand: begin another item with `- `"));
        declaration.mistake("unknown-key", key.place, format!("unknown key `{}` beside `{group}`", key.value), help);
    }
    let Some(except) = map.get("except") else { return Vec::new() };
    let id = |name: &str| template::guardrail(name).map_or(name, |guardrail| guardrail.id.as_str()).to_owned();
    let names = except.as_array().map(|items| items.iter().map(|item| item.as_str().map(id)).collect());
    names.flatten().unwrap_or_else(|| {
        let help = "write a list, even of one: `except: [no-root-user]`";
        declaration.mistake("type", except.place, "`except` must be a list of guardrails", help);
        Vec::new()
    })
}

/// The key of a guardrail's name in a map whose other keys are its parameters.
pub(super) const NAME: &str = "name";

/// The key of what is excluded, beside the parameters.
const EXCEPT: &str = "except";

/// Takes out the parameters that the guardrail does not have, each refused where it is written. Answers whether there are any.
fn refuse_unknown(
    guardrail: &Guardrail,
    given: &mut Map<String, Value>,
    written: Place,
    declaration: &mut Declaration,
) -> bool {
    let known: Vec<&str> = guardrail.parameters.keys().map(String::as_str).collect();
    let unknown: Vec<String> = given.keys().filter(|name| !known.contains(&name.as_str())).cloned().collect();
    for name in &unknown {
        let holder = format!("guardrail {}", guardrail.id);
        declaration.unknown_parameter("guardrail", &holder, name, written, &known);
        given.remove(name);
    }
    !unknown.is_empty()
}

/// One guardrail, built in or a file: by its path, or by its name in the folder `guardrails` beside the blueprint. `written` is the
/// place of the map with its parameters.
fn one(
    name: &Spanned<String>,
    mut given: Map<String, Value>,
    written: Place,
    declaration: &mut Declaration,
) -> Option<Enabled> {
    let except = given.remove(EXCEPT);
    let (guardrail, file) = match template::guardrail(name) {
        Some(guardrail) => (guardrail.clone(), None),
        None => own(name, declaration).map(|(guardrail, file)| (guardrail, Some(file)))?,
    };
    let has_unknown = refuse_unknown(&guardrail, &mut given, written, declaration);
    let wrong = guardrail.wrong_values(&given);
    for message in &wrong {
        let message = format!("guardrail {}: {message}", guardrail.id);
        let help = format!("`landing guardrails {}` explains it", guardrail.id);
        declaration.mistake("guardrail", name.place, message, help);
    }
    if !wrong.is_empty() || has_unknown {
        return None;
    }
    aws_names::check_given(&given, written, declaration);
    Some(Enabled { guardrail, given, place: name.place, except, file, is_named: true })
}

/// Where a guardrail of the user's own is read from: its path, or its name in the folder `guardrails`.
pub(super) fn path(name: &str) -> String {
    if is_path(name) { name.to_owned() } else { format!("guardrails/{name}.yaml") }
}

fn is_path(name: &str) -> bool {
    name.contains('/') || name.ends_with(".yaml")
}

fn own(name: &Spanned<String>, declaration: &mut Declaration) -> Option<(Guardrail, FileId)> {
    let is_path = is_path(name);
    let path = path(name);
    let (id, text) = match declaration.sources.draw_in(name.place, &path) {
        Ok((id, text)) => (id, text.to_owned()),
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
        .and_then(|guardrail| match guardrail.aliases.is_empty() {
            true => Ok(guardrail),
            false => Err("only built-in guardrails have `aliases`".to_owned()),
        })
        .map(|guardrail| (guardrail, id))
        .map_err(|error| {
            let help = "it has the form of the built-in ones: `landing guardrails ID` shows one";
            declaration.mistake("guardrail", name.place, format!("{path} is not a guardrail: {error}"), help);
        })
        .ok()
}

fn unknown(name: &Spanned<String>, declaration: &mut Declaration) {
    let levels = [Guidance::Mandatory, Guidance::StronglyRecommended, Guidance::Elective].map(|it| it.to_string());
    let sets = template::guardrails().iter().flat_map(|it| it.sets.iter().map(String::as_str));
    let ids = template::guardrails().iter().flat_map(Guardrail::names);
    let known: Vec<&str> = ids.chain(sets).chain(levels.iter().map(String::as_str)).collect();
    let help = "`landing guardrails` lists them; one of your own is a file in the folder `guardrails`";
    declaration.unknown("guardrail, set or level", name, name.place, known.into_iter(), help);
}

/// A guardrail that holds at a target, rendered.
pub(super) struct Held {
    pub enabled: Enabled,
    pub rendered: Rendered,
    /// Where it does not hold.
    pub excluded: Excluded,
}

/// The tags that show which guardrails are in a policy or a stack, in which version.
pub(super) fn tags<'a>(guardrails: impl Iterator<Item = &'a Guardrail>) -> BTreeMap<String, String> {
    guardrails.map(|it| (format!("{TAG_GUARDRAIL}{}", it.id), it.version.to_string())).collect()
}
