use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::duplicates::Duplicates;

/// The functions that have a short form with `Fn::` before their name. `Ref` and `Condition` have none before it.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>,
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-rules.html>
const FUNCTIONS: [&str; 24] = [
    "And",
    "Base64",
    "Cidr",
    "Contains",
    "EachMemberEquals",
    "EachMemberIn",
    "Equals",
    "FindInMap",
    "GetAZs",
    "GetAtt",
    "GetStackOutput",
    "If",
    "ImportValue",
    "Join",
    "Length",
    "Not",
    "Or",
    "RefAll",
    "Select",
    "Split",
    "Sub",
    "ToJsonString",
    "Transform",
    "ValueOf",
];

/// Reads a value of a template, its functions in the long form.
#[derive(Clone, Copy)]
pub(super) struct LongForm(pub Duplicates);

impl<'de> DeserializeSeed<'de> for LongForm {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// The key of a short form's long form.
fn function<E: Error>(tag: &str) -> Result<String, E> {
    let name = tag.trim_start_matches('!');
    match name {
        "Ref" | "Condition" => Ok(name.to_owned()),
        _ if FUNCTIONS.contains(&name) => Ok(format!("Fn::{name}")),
        _ => Err(E::custom(format!("`!{name}` is none of CloudFormation's functions"))),
    }
}

/// `Fn::GetAtt` takes `Resource.Attribute` too; only the first dot divides.
fn long_arguments(function: &str, arguments: Value) -> Value {
    match &arguments {
        Value::String(text) if function == "Fn::GetAtt" => match text.split_once('.') {
            Some((resource, attribute)) => Value::from(vec![resource, attribute]),
            None => arguments,
        },
        _ => arguments,
    }
}

/// The next key of a map that has these already. Refused here, where the reader knows the key's place.
struct NewKey<'a>(&'a Map<String, Value>, Duplicates);

impl<'de> DeserializeSeed<'de> for NewKey<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for NewKey<'_> {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<String, E> {
        if self.1 == Duplicates::Refused && self.0.contains_key(key) {
            return Err(E::custom(format!("the key `{key}` appears twice")));
        }
        if key == "<<" {
            return Err(E::custom("CloudFormation does not merge by `<<`"));
        }
        Ok(key.to_owned())
    }
}

impl<'de> Visitor<'de> for LongForm {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value of a template")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    /// An empty document.
    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    /// CloudFormation takes any scalar as text, so that digits which JSON's numbers cannot hold are none lost.
    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok(value.to_string().into())
    }

    fn visit_u128<E>(self, value: u128) -> Result<Value, E> {
        Ok(value.to_string().into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom(format!("{value} is no number in JSON")))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = access.next_key_seed(NewKey(&object, self.0))? {
            let value = access.next_value_seed(self)?;
            let value = long_arguments(&key, value);
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Value, A::Error> {
        let (tag, arguments) = access.variant::<String>()?;
        let function = function(&tag)?;
        let arguments = arguments.newtype_variant_seed(self)?;
        let arguments = long_arguments(&function, arguments);
        Ok(Value::Object(Map::from_iter([(function, arguments)])))
    }
}
