//! How a value differs from another one, item by item.

use serde_json::{Map, Value};

use super::clean::{GLUE, clean};
use super::detail::Detail;
use super::fields::{text, transition};
use super::line::Line;
use super::paint::Paint;

/// Stands between a path and its values: the paths' own spaces are narrower.
const GAP: &str = "\u{a0} ";

/// What items of lists are called by, where they have a name of their own.
const NAMES: [&str; 6] = ["Sid", "Id", "Name", "Key", "RuleName", "PolicyName"];

/// A string of so many values behind each other is a list.
const LIST_OF: usize = 3;

/// Every part of a value that is added, removed or changed. `path` is where it is, empty at the top.
pub(super) fn differing(path: &str, before: &Value, after: &Value) -> Vec<Detail> {
    match (before, after) {
        _ if before == after => Vec::new(),
        (Value::Object(before), Value::Object(after)) => members(path, before, after),
        (Value::Null, Value::Object(after)) => members(path, &Map::new(), after),
        (Value::Object(before), Value::Null) => members(path, before, &Map::new()),
        (Value::Array(before), Value::Array(after)) => items(path, before, after),
        (Value::Null, after) => vec![leaf('+', Paint::Added, path, after)],
        (before, Value::Null) => vec![leaf('-', Paint::Removed, path, before)],
        _ => match (split(before), split(after)) {
            (Some(before), Some(after)) => items(path, &before, &after),
            _ => vec![changed(path, transition(before, after))],
        },
    }
}

/// Whether a field is shown in more than one line.
pub(super) fn has_parts(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Object(_) | Value::Array(_), Value::Object(_) | Value::Array(_)) => true,
        _ => split(before).is_some() && split(after).is_some(),
    }
}

fn members(path: &str, before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<Detail> {
    let mut keys: Vec<&String> = before.keys().chain(after.keys().filter(|key| !before.contains_key(*key))).collect();
    keys.sort_unstable();
    let of = |map: &Map<String, Value>, key: &String| map.get(key).cloned().unwrap_or_default();
    keys.into_iter().flat_map(|key| differing(&joined(path, key), &of(before, key), &of(after, key))).collect()
}

fn joined(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// Lists by the names of their items, as sets of plain values, or by position.
fn items(path: &str, before: &[Value], after: &[Value]) -> Vec<Detail> {
    let is_plain = |items: &[Value]| items.iter().all(|item| !item.is_object() && !item.is_array());
    match (names(before), names(after)) {
        (Some(old), Some(new)) => by_name(path, &old, &new),
        _ if is_plain(before) && is_plain(after) => as_set(path, before, after),
        _ => by_position(path, before, after),
    }
}

/// Items under their names, where every one has its own.
fn names(items: &[Value]) -> Option<Vec<(String, &Value)>> {
    let name = |item: &Value| NAMES.iter().find_map(|key| item.get(key)?.as_str().map(str::to_owned));
    let named: Option<Vec<(String, &Value)>> = items.iter().map(|item| Some((name(item)?, item))).collect();
    let mut all: Vec<&String> = named.iter().flatten().map(|(name, _)| name).collect();
    all.sort_unstable();
    let is_unique = all.windows(2).all(|pair| pair[0] != pair[1]);
    named.filter(|_| is_unique)
}

fn by_name(path: &str, before: &[(String, &Value)], after: &[(String, &Value)]) -> Vec<Detail> {
    let find = |list: &[(String, &Value)], name: &str| {
        list.iter().find(|(own, _)| own == name).map_or(Value::Null, |(_, value)| (*value).clone())
    };
    let new = after.iter().filter(|(name, _)| before.iter().all(|(old, _)| old != name));
    let mut details = Vec::new();
    for (name, _) in before.iter().chain(new) {
        let path = format!("{path}[{name}]");
        details.extend(item(&path, &find(before, name), &find(after, name)));
    }
    if details.is_empty() {
        let order = |list: &[(String, &Value)]| list.iter().map(|(name, _)| Value::from(name.as_str())).collect();
        details.push(changed(&format!("{path} (order)"), transition(&order(before), &order(after))));
    }
    details
}

/// An item that is new or gone is one line, not one of each of its members.
fn item(path: &str, before: &Value, after: &Value) -> Vec<Detail> {
    match (before, after) {
        (Value::Null, after) => vec![leaf('+', Paint::Added, path, after)],
        (before, Value::Null) => vec![leaf('-', Paint::Removed, path, before)],
        _ => differing(path, before, after),
    }
}

/// The values that go and those that come. Where both have the same, their order differs.
fn as_set(path: &str, before: &[Value], after: &[Value]) -> Vec<Detail> {
    let (removed, added) = (lacking(before, after), lacking(after, before));
    if removed.is_empty() && added.is_empty() {
        let whole = |items: &[Value]| Value::Array(items.to_vec());
        return vec![changed(&format!("{path} (order)"), transition(&whole(before), &whole(after)))];
    }
    let mut details = vec![changed(path, Line::new())];
    for (glyph, paint, values) in [('-', Paint::Removed, removed), ('+', Paint::Added, added)] {
        if !values.is_empty() {
            let values: Vec<String> = values.iter().map(|value| text(value)).collect();
            details.push(Detail::new(2, Line::of(paint, format!("{glyph}{GLUE}{}", values.join(", ")))));
        }
    }
    details
}

/// Those of `items` that `others` do not have as often.
fn lacking<'v>(items: &'v [Value], others: &[Value]) -> Vec<&'v Value> {
    let mut others: Vec<&Value> = others.iter().collect();
    let mut lacking = Vec::new();
    for item in items {
        match others.iter().position(|other| *other == item) {
            Some(at) => drop(others.swap_remove(at)),
            None => lacking.push(item),
        }
    }
    lacking
}

/// What both begin and end with stays; between, items are compared in their order. People count from 1.
fn by_position(path: &str, before: &[Value], after: &[Value]) -> Vec<Detail> {
    let start = before.iter().zip(after).take_while(|(old, new)| old == new).count();
    let (old, new) = (&before[start..], &after[start..]);
    let end = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[..old.len() - end], &new[..new.len() - end]);
    let at = |list: &[Value], nth: usize| list.get(nth).cloned().unwrap_or_default();
    let all =
        (0..old.len().max(new.len())).map(|nth| (format!("{path}[{}]", start + nth + 1), at(old, nth), at(new, nth)));
    all.flat_map(|(path, old, new)| item(&path, &old, &new)).collect()
}

/// The values of a string that is a list of them, as CloudFormation takes lists for parameters.
fn split(value: &Value) -> Option<Vec<Value>> {
    let text = value.as_str().filter(|text| !text.contains(' '))?;
    let values: Vec<Value> = text.split(',').map(Value::from).collect();
    (values.len() >= LIST_OF).then_some(values)
}

fn changed(path: &str, values: Line) -> Detail {
    let line = Line::of(Paint::Changed, format!("~{GLUE}")).with(Paint::Dim, clean(path));
    Detail::new(0, if values.is_empty() { line } else { line.plain(GAP).join(values) })
}

fn leaf(glyph: char, paint: Paint, path: &str, value: &Value) -> Detail {
    let line = Line::of(paint, format!("{glyph}{GLUE}")).with(Paint::Dim, clean(path));
    Detail::new(0, line.plain(GAP).plain(text(value)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn lines(before: Value, after: Value) -> Vec<String> {
        let details = differing("P", &before, &after);
        details.iter().map(|it| " ".repeat(it.indent) + &it.line.to_plain()).collect()
    }

    #[test]
    fn lists_of_plain_values_show_what_goes_and_what_comes() {
        assert_eq!(lines(json!(["a", "b", "c"]), json!(["d", "b", "a"])), ["~ P", "  - c", "  + d"]);
        assert_eq!(lines(json!(["a", "a"]), json!(["a"])), ["~ P", "  - a"]);
        assert_eq!(lines(json!(["a", "b"]), json!(["b", "a"])), ["~ P (order)  a, b → b, a"]);
        assert_eq!(lines(json!("a,b,c"), json!("a,c,b,d")), ["~ P", "  + d"]);
        assert_eq!(lines(json!("a,b"), json!("a")), ["~ P  a,b → a"]);
    }

    #[test]
    fn items_with_names_are_compared_by_them() {
        let statement = |sid: &str, action: Value| json!({"Sid": sid, "Effect": "Deny", "Action": action});
        let before = json!([statement("A", json!(["s3:*", "sqs:*"])), statement("B", json!("sns:*"))]);
        let after =
            json!([statement("B", json!("sns:*")), statement("A", json!(["s3:*"])), statement("C", json!("x:*"))]);
        let expected = ["~ P[A].Action", "  - sqs:*", "+ P[C]  Sid=C, Effect=Deny, Action=x:*"];
        assert_eq!(lines(before.clone(), after), expected);
        let turned: Value = before.as_array().unwrap().iter().rev().cloned().collect();
        assert_eq!(lines(before, turned), ["~ P (order)  A, B → B, A"]);
    }

    #[test]
    fn items_without_names_are_compared_by_position() {
        let rule = |port: u16, from: &str| json!({"Port": port, "CidrIp": from});
        let before = json!([rule(443, "10.0.0.0/8"), rule(80, "10.0.0.0/8"), rule(22, "x")]);
        let after = json!([rule(443, "10.0.0.0/8"), rule(80, "0.0.0.0/0"), rule(22, "x")]);
        assert_eq!(lines(before.clone(), after), ["~ P[2].CidrIp  10.0.0.0/8 → 0.0.0.0/0"]);
        let shorter = json!([rule(443, "10.0.0.0/8"), rule(22, "x")]);
        assert_eq!(lines(before, shorter), ["- P[2]  Port=80, CidrIp=10.0.0.0/8"]);
    }

    #[test]
    fn members_are_compared_one_by_one() {
        let before = json!({"a": {"x": 1, "y": 2}, "gone": "g"});
        let after = json!({"a": {"x": 1, "y": 3}, "new": {"deep": true}});
        assert_eq!(lines(before, after), ["~ P.a.y  2 → 3", "- P.gone  g", "+ P.new.deep  true"]);
        assert_eq!(lines(json!(1), json!(1)), [""; 0]);
    }
}
