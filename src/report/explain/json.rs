//! For programs.

use serde_json::{Map, Value, json};

use super::page::{Entry, Page};

/// The version of the form.
const FORMAT: &str = "landing-explain/1";

/// A page as JSON: facts, and lists by their names, each with all of its entries. `not_known` says of which lists not all is
/// known, and why.
#[must_use]
pub fn explain_json(page: &Page) -> Value {
    let mut lists: Map<String, Value> = Map::new();
    let mut not_known = Map::new();
    let mut notes = Vec::new();
    for section in &page.sections {
        let list = lists.entry(section.key).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(list) = list {
            list.extend(section.entries.iter().map(entry));
        }
        if let Some(why) = &section.unknown {
            not_known.insert(section.key.to_owned(), why.as_str().into());
        }
        notes.extend(section.notes.iter().map(String::as_str));
    }
    let facts: Map<String, Value> = page.facts.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
    let mut json = json!({
        "format": FORMAT,
        "address": page.subject,
        "noun": page.noun,
        "id": page.id,
        "view": page.view.words(),
        "change": page.mark.map(|mark| mark.verb()),
        "facts": facts,
    });
    if let Value::Object(whole) = &mut json {
        whole.extend(lists);
        whole.insert("notes".into(), notes.into());
        whole.insert("not_known".into(), not_known.into());
        whole.insert("decides".into(), page.verdict.clone().into());
    }
    json
}

fn entry(entry: &Entry) -> Value {
    let mut map = Map::new();
    map.insert("what".into(), entry.what.as_str().into());
    if let Some((place, inherited)) = &entry.from {
        map.insert("from".into(), place.as_str().into());
        map.insert("inherited".into(), (*inherited).into());
    }
    map.extend(entry.data.clone());
    map.insert("source".into(), entry.source.clone().into());
    map.insert("change".into(), entry.mark.map(|mark| mark.verb()).into());
    Value::Object(map)
}
