//! XML for the query protocols.

use std::fmt::Write;

use serde_json::Value;

/// `value` as the element `name`. Structures become child elements, lists `member` elements.
pub(super) fn element(name: &str, value: &Value, out: &mut String) {
    if value.is_null() {
        return;
    }
    let _ = write!(out, "<{name}>");
    content(value, out);
    let _ = write!(out, "</{name}>");
}

fn content(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| element(name, value, out)),
        Value::Array(rows) => rows.iter().for_each(|row| element("member", row, out)),
        Value::String(text) => escape(text, out),
        other => escape(&other.to_string(), out),
    }
}

/// The same, but the rows of a list are elements of the list's own name, one after the other.
pub(super) fn flat(name: &str, value: &Value, out: &mut String) {
    match value {
        Value::Null => {}
        Value::Array(rows) => rows.iter().for_each(|row| flat(name, row, out)),
        Value::Object(members) => {
            let _ = write!(out, "<{name}>");
            members.iter().for_each(|(name, value)| flat(name, value, out));
            let _ = write!(out, "</{name}>");
        }
        other => element(name, other, out),
    }
}

fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_flat_list_repeats_its_name() {
        let mut out = String::new();
        flat("R", &json!({"Set": {"item": [{"K": 1}, {"K": 2}]}}), &mut out);
        assert_eq!(out, "<R><Set><item><K>1</K></item><item><K>2</K></item></Set></R>");
    }

    #[test]
    fn structures_nest_and_lists_have_members() {
        let mut out = String::new();
        element("R", &json!({"A": "x<y&z", "L": [{"K": 1}, {"K": true}], "N": null}), &mut out);
        let members = "<member><K>1</K></member><member><K>true</K></member>";
        assert_eq!(out, format!("<R><A>x&lt;y&amp;z</A><L>{members}</L></R>"));
    }
}
