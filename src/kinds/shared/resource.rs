use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::model::{Address, Body, Wanted};

/// What a resource of a kind is like, as the kind's own type: its section makes it, its recognition finds it, its write half
/// makes it so. The engine, plan files and reports have its fields, a [`Body`], which is the type as JSON: absent fields are
/// left out, and fields are shown in the order in which the type has them.
pub(crate) trait Resource: Serialize + DeserializeOwned {
    /// The kind's name.
    const KIND: &'static str;

    /// Its fields.
    fn body(&self) -> Body {
        match serde_json::to_value(self) {
            Ok(Value::Object(body)) => body,
            // Types of resources are structs whose keys are texts.
            _ => Body::new(),
        }
    }

    /// The resource of these fields; `None` where they are not those of the kind.
    fn of(body: &Body) -> Option<Self> {
        Self::deserialize(body).ok()
    }

    /// A wish for it.
    fn wanted(&self, address: Address) -> Wanted {
        Wanted::new(Self::KIND, address, self.body())
    }
}

/// Reads a resource from its fields as JSON, and holds that it has the same fields in the same order.
#[cfg(test)]
pub(in crate::kinds) fn assert_same_fields<R: Resource>(json: &str) -> R {
    let body: Body = serde_json::from_str(json).expect("an object");
    let resource = R::of(&body).unwrap_or_else(|| panic!("{json} is no {}", R::KIND));
    assert_eq!(Value::Object(resource.body()).to_string(), json);
    resource
}
