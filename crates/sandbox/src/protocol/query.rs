//! awsQuery, see "AWS query protocol" in the Smithy specification.

use serde_json::{Map, Value, json};

use super::xml;
use crate::aws_error::ApiError;
use crate::http::{HttpAnswer, HttpRequest};

const CONTENT_TYPE: &str = "text/xml";

pub(super) fn operation_name(request: &HttpRequest) -> String {
    let action = form(request).into_iter().find(|(name, _)| name == "Action");
    action.map(|(_, value)| value).unwrap_or_default()
}

/// The form's fields, nested: `Tags.member.1.Key` is the member `Key` of the first of the list `Tags`.
pub(super) fn members(request: &HttpRequest) -> Map<String, Value> {
    let mut root = Value::Object(Map::new());
    for (name, value) in form(request) {
        if name != "Action" && name != "Version" {
            let path: Vec<&str> = name.split('.').collect();
            place(&mut root, &path, value);
        }
    }
    match root {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn place(at: &mut Value, path: &[&str], value: String) {
    match path {
        [] => *at = Value::String(value),
        ["member", rest @ ..] => place(at, rest, value),
        [step, rest @ ..] => match step.parse::<usize>() {
            Ok(index) => place(row(at, index), rest, value),
            Err(_) => place(member(at, step), rest, value),
        },
    }
}

/// The row of a list; rows are numbered from 1 and come in order.
fn row(at: &mut Value, index: usize) -> &mut Value {
    if !at.is_array() {
        *at = Value::Array(Vec::new());
    }
    let rows = at.as_array_mut().expect("made an array just above");
    if rows.len() < index {
        rows.push(Value::Null);
    }
    let last = rows.len() - 1;
    &mut rows[index.saturating_sub(1).min(last)]
}

fn member<'a>(at: &'a mut Value, name: &str) -> &'a mut Value {
    if !at.is_object() {
        *at = Value::Object(Map::new());
    }
    let members = at.as_object_mut().expect("made an object just above");
    members.entry(name).or_insert(Value::Null)
}

/// The fields of a request's query, after `?`.
pub(super) fn query(request: &HttpRequest) -> Vec<(String, String)> {
    fields(request.target.split_once('?').map_or("", |(_, query)| query))
}

/// The fields of an `application/x-www-form-urlencoded` body.
fn form(request: &HttpRequest) -> Vec<(String, String)> {
    fields(&String::from_utf8_lossy(&request.body))
}

fn fields(text: &str) -> Vec<(String, String)> {
    let field = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    };
    text.split('&').filter(|pair| !pair.is_empty()).map(field).collect()
}

/// A text without percent signs.
pub(super) fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        (rest, bytes) = match (first, escaped(after)) {
            (b'%', Some(byte)) => (&after[2..], push(bytes, byte)),
            (b'+', _) => (after, push(bytes, b' ')),
            (other, _) => (after, push(bytes, *other)),
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn push(mut bytes: Vec<u8>, byte: u8) -> Vec<u8> {
    bytes.push(byte);
    bytes
}

fn escaped(after_percent: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(after_percent.get(..2)?).ok()?;
    u8::from_str_radix(digits, 16).ok()
}

pub(super) fn answer(operation: &str, namespace: &str, output: &Value, request_id: &str) -> HttpAnswer {
    let mut body = format!("<{operation}Response xmlns=\"{namespace}\">");
    xml::element(&format!("{operation}Result"), output, &mut body);
    xml::element("ResponseMetadata", &json!({"RequestId": request_id}), &mut body);
    body.push_str(&format!("</{operation}Response>"));
    HttpAnswer::new(200, CONTENT_TYPE, body.into_bytes())
}

pub(super) fn failure(namespace: &str, error: &ApiError, request_id: &str) -> HttpAnswer {
    let at_fault = if error.status >= 500 { "Receiver" } else { "Sender" };
    let mut body = format!("<ErrorResponse xmlns=\"{namespace}\">");
    let shown = json!({"Type": at_fault, "Code": error.code, "Message": error.message});
    xml::element("Error", &shown, &mut body);
    xml::element("RequestId", &json!(request_id), &mut body);
    body.push_str("</ErrorResponse>");
    HttpAnswer::new(error.status, CONTENT_TYPE, body.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_becomes_nested_members() {
        let body = "Action=Do&Version=1&Name=a%2Fb+c&Tags.member.1.Key=k&Tags.member.1.Value=v&Tags.member.2.Key=l";
        let request = HttpRequest { body: body.into(), ..HttpRequest::default() };
        assert_eq!(operation_name(&request), "Do");
        let expected = json!({"Name": "a/b c", "Tags": [{"Key": "k", "Value": "v"}, {"Key": "l"}]});
        assert_eq!(Value::Object(members(&request)), expected);
    }
}
