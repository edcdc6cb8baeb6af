use std::collections::BTreeMap;

use serde_json::Value;

use super::{Address, Body};

/// Which AWS id each address has: filled by reading, extended as creates finish.
///
/// Text may refer to a thing by `${ADDRESS}`, and to a stack's output by `${STACK.OUTPUT}`; only bindings turn
/// that into an id or a value, so nothing else needs to know values that come to be during apply.
#[derive(Clone, Debug, Default)]
pub struct Bindings {
    ids: BTreeMap<Address, String>,
    addresses: BTreeMap<String, Address>,
    /// Outputs of stacks, by their own addresses: values that are nobody's id.
    outputs: BTreeMap<Address, String>,
}

impl Bindings {
    /// Says that AWS knows `address` by `id`.
    pub fn bind(&mut self, address: Address, id: impl Into<String>) {
        let id = id.into();
        self.addresses.insert(id.clone(), address.clone());
        self.ids.insert(address, id);
    }

    /// Forgets the id of a thing that is gone.
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

    /// Forgets what one output is, and tells whether it was known.
    pub fn forget_output(&mut self, output: &Address) -> bool {
        self.outputs.remove(output).is_some()
    }

    /// The address of the thing with this id.
    pub fn address(&self, id: &str) -> Option<&Address> {
        self.addresses.get(id)
    }

    /// AWS's id of a thing, if it is known.
    pub fn id(&self, address: &Address) -> Option<&str> {
        self.ids.get(address).map(String::as_str)
    }

    /// Every thing that has an id, in the order of addresses.
    pub fn iter(&self) -> impl Iterator<Item = (&Address, &str)> {
        self.ids.iter().map(|(address, id)| (address, id.as_str()))
    }

    /// `body` with every reference that is bound replaced by its id; the others stay as they are.
    pub fn resolve(&self, body: &Body) -> Body {
        body.iter().map(|(key, value)| (key.clone(), self.resolve_value(value))).collect()
    }

    /// As [`Bindings::resolve`], for one value.
    pub fn resolve_value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.resolve_text(text)),
            Value::Array(items) => items.iter().map(|item| self.resolve_value(item)).collect(),
            Value::Object(map) => Value::Object(self.resolve(map)),
            other => other.clone(),
        }
    }

    /// As [`Bindings::resolve`], for one text.
    pub fn resolve_text(&self, text: &str) -> String {
        let mut resolved = text.to_owned();
        for address in references_in(text) {
            let output = || self.outputs.get(&address).map(String::as_str);
            if let Some(value) = self.id(&address).or_else(output) {
                resolved = resolved.replace(&format!("${{{address}}}"), value);
            }
        }
        resolved
    }
}

/// Every `${ADDRESS}` in the texts of `value`. IAM's own policy variables (`${aws:username}`) hold a colon
/// and are not references.
pub fn references(value: &Value) -> Vec<Address> {
    match value {
        Value::String(text) => references_in(text),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        Value::Object(map) => map.values().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

fn references_in(text: &str) -> Vec<Address> {
    text.split("${")
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(inside, _)| inside))
        .filter(|inside| {
            matches!(*inside, "organization" | "root" | "management")
                || ["account/", "ou/", "stack/", "prefix-list/"].iter().any(|prefix| inside.starts_with(prefix))
        })
        .map(Address::parse)
        .collect()
}

#[cfg(test)]
mod tests {
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
}
