use std::collections::BTreeMap;

use serde_json::Value;

use super::body::TEMPLATE;
use super::{Address, Body};

/// Which AWS id each address has: filled by reading, extended as creates finish.
///
/// Text may refer to a resource by `${ADDRESS}`, and to a stack's output by `${STACK.OUTPUT}`; only bindings turn
/// that into an id or a value, so nothing else needs to know values that come to be during apply.
///
/// A CloudFormation template is text of its author, in which `${root}` or `${account/x}` may be a variable of `Fn::Sub` or
/// of a shell. So the body's field [`TEMPLATE`] is never searched for them: only what landing's own rendering put there, in
/// the form `${/ADDRESS}` ([`mark_references`]), is a reference.
#[derive(Clone, Debug, Default)]
pub struct Bindings {
    ids: BTreeMap<Address, String>,
    addresses: BTreeMap<String, Address>,
    /// Outputs of stacks, by their own addresses: values that are no one's id.
    outputs: BTreeMap<Address, String>,
}

impl Bindings {
    /// Says that AWS knows `address` by `id`.
    pub fn bind(&mut self, address: Address, id: impl Into<String>) {
        let id = id.into();
        self.addresses.insert(id.clone(), address.clone());
        self.ids.insert(address, id);
    }

    /// Forgets the id of a resource that is gone.
    pub fn unbind(&mut self, address: &Address) {
        if let Some(id) = self.ids.remove(address) {
            self.addresses.remove(&id);
        }
    }

    /// Says what a stack's output is.
    pub fn bind_output(&mut self, output: Address, value: impl Into<String>) {
        self.outputs.insert(output, value.into());
    }

    /// Forgets the outputs of a stack: what they are now is not what they were.
    pub fn forget_outputs(&mut self, stack: &Address) {
        self.outputs.retain(|output, _| output.output().is_none_or(|(of, _)| of != *stack));
    }

    /// Forgets what one output is, and returns whether it was known.
    pub fn forget_output(&mut self, output: &Address) -> bool {
        self.outputs.remove(output).is_some()
    }

    /// The address of the resource with this id.
    pub fn address(&self, id: &str) -> Option<&Address> {
        self.addresses.get(id)
    }

    /// AWS's id of a resource, if it is known.
    pub fn id(&self, address: &Address) -> Option<&str> {
        self.ids.get(address).map(String::as_str)
    }

    /// Every resource that has an id, in the order of addresses.
    pub fn iter(&self) -> impl Iterator<Item = (&Address, &str)> {
        self.ids.iter().map(|(address, id)| (address, id.as_str()))
    }

    /// `body` with every reference that is bound replaced by its id; the others stay as they are.
    pub fn resolve(&self, body: &Body) -> Body {
        let resolved = |(key, value): (&String, &Value)| (key.clone(), self.resolve_as(value, is_template(key)));
        body.iter().map(resolved).collect()
    }

    /// As [`Bindings::resolve`], for one value that is no template.
    pub fn resolve_value(&self, value: &Value) -> Value {
        self.resolve_as(value, false)
    }

    /// As [`Bindings::resolve`], for one text that is no template.
    pub fn resolve_text(&self, text: &str) -> String {
        self.resolve_text_as(text, false)
    }

    fn resolve_as(&self, value: &Value, only_marked: bool) -> Value {
        map_texts(value, &|text| self.resolve_text_as(text, only_marked))
    }

    fn resolve_text_as(&self, text: &str, only_marked: bool) -> String {
        replace_variables(text, |inside| {
            let address = reference(inside, only_marked)?;
            self.id(&address).or_else(|| self.outputs.get(&address).map(String::as_str)).map(str::to_owned)
        })
    }
}

/// What begins the name of a reference that landing's own rendering put into a template. No variable of `Fn::Sub` begins so.
const MARK: char = '/';

/// Whether a field, by its path, holds a template or a part of one.
fn is_template(path: &str) -> bool {
    path == TEMPLATE || path.starts_with("resources.")
}

/// Every `${ADDRESS}` in the texts of `value`, marked or not. IAM's own policy variables (`${aws:username}`) hold a colon
/// and are not references.
pub fn references(value: &Value) -> Vec<Address> {
    references_as(value, false)
}

/// The references in the field at `path` of a body or a change: in a template those alone that are marked.
pub fn field_references(path: &str, value: &Value) -> Vec<Address> {
    references_as(value, is_template(path))
}

/// The references in all fields of a body.
pub fn body_references(body: &Body) -> Vec<Address> {
    body.iter().flat_map(|(key, value)| field_references(key, value)).collect()
}

/// `value` with its references in the form in which they are references within a template too: `${/account/audit}`.
pub fn mark_references(value: &Value) -> Value {
    map_texts(value, &|text| {
        replace_variables(text, |inside| reference(inside, false).map(|address| format!("${{{MARK}{address}}}")))
    })
}

/// `value` with its references as the blueprint has them, for people to read.
pub fn unmark_references(value: &Value) -> Value {
    map_texts(value, &|text| {
        replace_variables(text, |inside| reference(inside, true).map(|address| format!("${{{address}}}")))
    })
}

/// Whether no text of `value` has `${` in it, so that it refers to nothing.
pub fn is_plain(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.contains("${"),
        Value::Array(items) => items.iter().all(is_plain),
        Value::Object(map) => map.values().all(is_plain),
        _ => true,
    }
}

fn references_as(value: &Value, only_marked: bool) -> Vec<Address> {
    match value {
        Value::String(text) => references_in(text, only_marked),
        Value::Array(items) => items.iter().flat_map(|item| references_as(item, only_marked)).collect(),
        Value::Object(map) => map.values().flat_map(|value| references_as(value, only_marked)).collect(),
        _ => Vec::new(),
    }
}

fn references_in(text: &str, only_marked: bool) -> Vec<Address> {
    let inside = text.split("${").skip(1).filter_map(|rest| rest.split_once('}').map(|(inside, _)| inside));
    inside.filter_map(|inside| reference(inside, only_marked)).collect()
}

/// The address that stands between `${` and `}`, if one does.
fn reference(inside: &str, only_marked: bool) -> Option<Address> {
    let name = match inside.strip_prefix(MARK) {
        Some(marked) => marked,
        None if only_marked => return None,
        None => inside,
    };
    let is_given = matches!(name, "organization" | "root" | "management");
    let is_address = ["account/", "ou/", "stack/", "prefix-list/"].iter().any(|prefix| name.starts_with(prefix));
    (is_given || is_address).then(|| Address::parse(name))
}

/// `text` with each `${…}` replaced that `replacement` knows. What takes its place is not searched again.
fn replace_variables(text: &str, replacement: impl Fn(&str) -> Option<String>) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        replaced.push_str(before);
        let known = after.split_once('}').and_then(|(inside, tail)| Some((replacement(inside)?, tail)));
        match known {
            Some((value, tail)) => {
                replaced.push_str(&value);
                rest = tail;
            }
            None => {
                replaced.push_str("${");
                rest = after;
            }
        }
    }
    replaced + rest
}

/// `value` with all of its texts, those of keys not included, as `change` makes them.
fn map_texts(value: &Value, change: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(change(text)),
        Value::Array(items) => items.iter().map(|item| map_texts(item, change)).collect(),
        Value::Object(map) => {
            Value::Object(map.iter().map(|(key, value)| (key.clone(), map_texts(value, change))).collect())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_become_ids_and_policy_variables_stay() {
        let mut bindings = Bindings::default();
        bindings.bind(Address::account("audit"), "012345678901");
        let text = Value::from("arn:aws:iam::${account/audit}:role/${aws:username}-${account/new}");
        assert_eq!(bindings.resolve_value(&text), "arn:aws:iam::012345678901:role/${aws:username}-${account/new}");
        assert_eq!(references(&text), [Address::account("audit"), Address::account("new")]);
        let list = Address::parse("prefix-list/eu-west-1/s3");
        assert_eq!(references(&Value::from("${prefix-list/eu-west-1/s3}")), [list]);
    }

    #[test]
    fn outputs_become_values_until_they_are_forgotten() {
        let stack = Address::stack("log-archive", "logs", "eu-west-1");
        let mut bindings = Bindings::default();
        bindings.bind_output(stack.output_named("Bucket"), "logs-1");
        let text = Value::from("${stack/log-archive/logs/eu-west-1.Bucket}/*");
        assert_eq!(bindings.resolve_value(&text), "logs-1/*");
        assert!(bindings.forget_output(&stack.output_named("Bucket")));
        assert_eq!(bindings.resolve_value(&text), text);
    }

    fn given() -> Bindings {
        let mut bindings = Bindings::default();
        bindings.bind(Address::root(), "r-1");
        bindings.bind(Address::organization(), "o-1");
        bindings.bind(Address::management(), "000000000000");
        bindings.bind(Address::account("a"), "111111111111");
        bindings
    }

    #[test]
    fn a_template_stays_as_its_author_wrote_it() {
        let template = json!({"Resources": {"A": {"Properties": {
            "Sub": {"Fn::Sub": "${root} ${organization} ${management} ${account/a} ${!root}"},
            "Variables": {"Fn::Sub": ["${root}", {"root": "x"}]},
            "Shell": "echo ${account/a/b}",
        }}}});
        let body = Body::from_iter([
            ("template".to_owned(), template.clone()),
            ("parameters".to_owned(), json!({"Root": "${root}"})),
        ]);
        let resolved = given().resolve(&body);
        assert_eq!(resolved["template"], template);
        assert_eq!(resolved["parameters"], json!({"Root": "r-1"}));
        assert_eq!(body_references(&body), [Address::root()]);
        assert_eq!(field_references("resources.A", &template), []);
    }

    #[test]
    fn what_rendering_put_into_a_template_is_a_reference() {
        let marked = mark_references(&json!(["${account/a}", "${aws:username}", {"k": "x${root}y"}, 5]));
        assert_eq!(marked, json!(["${/account/a}", "${aws:username}", {"k": "x${/root}y"}, 5]));
        assert_eq!(unmark_references(&marked), json!(["${account/a}", "${aws:username}", {"k": "x${root}y"}, 5]));
        let body = Body::from_iter([("template".to_owned(), marked.clone())]);
        let expected = json!(["111111111111", "${aws:username}", {"k": "xr-1y"}, 5]);
        assert_eq!(given().resolve(&body)["template"], expected);
        assert_eq!(body_references(&body), [Address::account("a"), Address::root()]);
        assert_eq!(mark_references(&marked), marked, "marking twice changes nothing");
        assert_eq!(references(&marked), [Address::account("a"), Address::root()]);
    }

    #[test]
    fn only_fields_of_templates_are_a_templates() {
        for path in ["template", "resources.A"] {
            assert_eq!(field_references(path, &json!("${root}")), [], "{path}");
        }
        for path in ["parameters.A", "content", "templates", "resources"] {
            assert_eq!(field_references(path, &json!("${root}")), [Address::root()], "{path}");
        }
    }

    #[test]
    fn what_takes_the_place_of_a_reference_is_not_searched_again() {
        let mut bindings = given();
        bindings.bind_output(Address::parse("stack/a/s/r.Out"), "${root}");
        assert_eq!(bindings.resolve_text("${stack/a/s/r.Out}"), "${root}");
        assert_eq!(bindings.resolve_text("${${root}"), "${r-1");
        assert_eq!(bindings.resolve_text("${root"), "${root");
    }
}
