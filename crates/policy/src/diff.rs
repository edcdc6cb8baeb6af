//! What changes between two documents in IAM's policy language, statement by statement.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use super::elements::{self, Element, statements};

/// One statement that differs. Statements are counted from 0.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum StatementChange {
    /// Only the document after has it.
    Added {
        /// Its place in the document after.
        index: usize,
        /// The statement.
        statement: Value,
    },
    /// Only the document before has it.
    Removed {
        /// Its place in the document before.
        index: usize,
        /// The statement.
        statement: Value,
    },
    /// Both have it, with differences.
    Changed {
        /// Its place in the document before.
        index_before: usize,
        /// Its place in the document after.
        index: usize,
        /// Its `Sid` in the document after.
        sid: Option<String>,
        /// The elements that differ.
        elements: Vec<ElementChange>,
    },
}

/// One element that differs, with the values as the authors wrote them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ElementChange {
    /// Where it is, for example `["Action"]` or `["Condition", "StringEquals", "aws:RequestedRegion"]`.
    pub path: Vec<String>,
    /// Values that only the document before has.
    pub removed: Vec<String>,
    /// Values that only the document after has.
    pub added: Vec<String>,
}

/// The statements that differ between two documents; empty when all mean the same.
///
/// Statements belong together when they share a `Sid` that is unique in both documents; then when they
/// differ in nothing else; then when they share more than half of their values, the closest first. The
/// result follows the document after, removed statements by their place before.
#[must_use]
pub fn statement_diff(before: &Value, after: &Value) -> Vec<StatementChange> {
    let before = dissect(before);
    let after = dissect(after);
    let pairs = matched(&before, &after);
    let mut changes: Vec<(usize, StatementChange)> = Vec::new();
    for &(b, a) in &pairs {
        changes.extend(changed(&before[b], b, &after[a], a).map(|change| (a, change)));
    }
    for index in unpaired(before.len(), pairs.iter().map(|pair| pair.0)) {
        changes.push((index, StatementChange::Removed { index, statement: before[index].source.clone() }));
    }
    for index in unpaired(after.len(), pairs.iter().map(|pair| pair.1)) {
        changes.push((index, StatementChange::Added { index, statement: after[index].source.clone() }));
    }
    changes.sort_by_key(|(place, change)| (*place, matches!(change, StatementChange::Added { .. })));
    changes.into_iter().map(|(_, change)| change).collect()
}

/// The elements of the documents themselves that differ, such as `Version`, statements left aside.
#[must_use]
pub fn element_diff(before: &Value, after: &Value) -> Vec<ElementChange> {
    let without_statements = |document: &Value| {
        let mut elements = elements::of_statement(document);
        elements.retain(|element| element.key != ["Statement"]);
        elements
    };
    changed_elements(&without_statements(before), &without_statements(after))
}

struct ParsedStatement<'a> {
    source: &'a Value,
    sid: Option<&'a str>,
    elements: Vec<Element>,
}

fn dissect(document: &Value) -> Vec<ParsedStatement<'_>> {
    statements(document)
        .iter()
        .map(|source| ParsedStatement {
            source,
            sid: source.get("Sid").and_then(Value::as_str).filter(|sid| !sid.is_empty()),
            elements: elements::of_statement(source),
        })
        .collect()
}

fn matched(before: &[ParsedStatement], after: &[ParsedStatement]) -> Vec<(usize, usize)> {
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (b, statement) in before.iter().enumerate() {
        if let Some(sid) = statement.sid
            && only_place_of(sid, before).is_some()
            && let Some(a) = only_place_of(sid, after)
        {
            pairs.push((b, a));
        }
    }
    let mut candidates: Vec<(f64, usize, usize)> = Vec::new();
    for b in unpaired(before.len(), pairs.iter().map(|pair| pair.0)) {
        for a in unpaired(after.len(), pairs.iter().map(|pair| pair.1)) {
            candidates.push((similarity(&before[b].elements, &after[a].elements), b, a));
        }
    }
    candidates.sort_by(|x, y| y.0.total_cmp(&x.0));
    for (score, b, a) in candidates {
        let free = pairs.iter().all(|pair| pair.0 != b && pair.1 != a);
        if score > 0.5 && free {
            pairs.push((b, a));
        }
    }
    pairs
}

fn only_place_of(sid: &str, statements: &[ParsedStatement]) -> Option<usize> {
    let mut places = statements.iter().enumerate().filter(|(_, statement)| statement.sid == Some(sid));
    match (places.next(), places.next()) {
        (Some((place, _)), None) => Some(place),
        _ => None,
    }
}

fn unpaired(count: usize, paired: impl Iterator<Item = usize>) -> Vec<usize> {
    let paired: BTreeSet<usize> = paired.collect();
    (0..count).filter(|index| !paired.contains(index)).collect()
}

/// The share of values, each with its element, that two statements have in common; `Sid`s left aside.
fn similarity(a: &[Element], b: &[Element]) -> f64 {
    let (a, b) = (facts(a), facts(b));
    let union = a.union(&b).count();
    if union == 0 {
        return 1.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "a policy has far fewer than 2^52 values")]
    let share = a.intersection(&b).count() as f64 / union as f64;
    share
}

fn facts(elements: &[Element]) -> BTreeSet<(&[String], &str)> {
    elements
        .iter()
        .filter(|element| element.key != ["Sid"])
        .flat_map(|element| element.values.keys().map(|value| (element.key.as_slice(), value.as_str())))
        .collect()
}

fn changed(
    before: &ParsedStatement,
    index_before: usize,
    after: &ParsedStatement,
    index: usize,
) -> Option<StatementChange> {
    let elements = changed_elements(&before.elements, &after.elements);
    (!elements.is_empty()).then(|| StatementChange::Changed {
        index_before,
        index,
        sid: after.sid.map(str::to_owned),
        elements,
    })
}

fn changed_elements(before: &[Element], after: &[Element]) -> Vec<ElementChange> {
    let (gone, mut after) = (only_in(before, after), only_in(after, before));
    let mut changes = Vec::new();
    for element in gone {
        let partner = after.iter().position(|candidate| candidate.key == element.key);
        let partner = partner.map(|place| after.remove(place));
        changes.push(ElementChange {
            path: partner.unwrap_or(element).path.clone(),
            removed: values_only_in(Some(element), partner),
            added: values_only_in(partner, Some(element)),
        });
    }
    changes.extend(after.into_iter().map(|element| ElementChange {
        path: element.path.clone(),
        removed: Vec::new(),
        added: values_only_in(Some(element), None),
    }));
    changes
}

fn only_in<'a>(these: &'a [Element], others: &[Element]) -> Vec<&'a Element> {
    these.iter().filter(|element| others.iter().all(|other| other.compared() != element.compared())).collect()
}

fn values_only_in(this: Option<&Element>, other: Option<&Element>) -> Vec<String> {
    let Some(this) = this else { return Vec::new() };
    this.values
        .iter()
        .filter(|(value, _)| other.is_none_or(|other| !other.values.contains_key(*value)))
        .map(|(_, written)| written.clone())
        .collect()
}

#[cfg(test)]
mod tests;
