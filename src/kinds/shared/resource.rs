use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::kinds::{Step, Workshop, WriteError};
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

impl Step {
    /// What the blueprint wants, as the kind's type.
    ///
    /// # Errors
    /// Where nothing is wanted, or the fields are not the kind's: the plan is not one of ours.
    pub(in crate::kinds) fn resource<R: Resource>(&self) -> Result<R, WriteError> {
        self.typed(&self.wanted()?.body)
    }

    /// The same with its references turned into what they stand for, as far as that is there.
    ///
    /// # Errors
    /// As for [`Step::resource`].
    pub(in crate::kinds) fn resolved<R: Resource>(&self, shop: &Workshop) -> Result<R, WriteError> {
        self.typed(&shop.resolve(&self.wanted()?.body))
    }

    /// As [`Step::resolved`], where all that it refers to must be there.
    ///
    /// # Errors
    /// As for [`Step::resource`], and when something is not there, which the order of the plan rules out.
    pub(in crate::kinds) fn complete<R: Resource>(&self, shop: &Workshop) -> Result<R, WriteError> {
        self.typed(&shop.resolved(self.wanted()?)?)
    }

    /// What was found, as the kind's type; `None` where nothing was.
    ///
    /// # Errors
    /// Where its fields are not the kind's.
    pub(in crate::kinds) fn found<R: Resource>(&self) -> Result<Option<R>, WriteError> {
        self.found.as_ref().map(|found| self.typed(&found.body)).transpose()
    }

    fn typed<R: Resource>(&self, body: &Body) -> Result<R, WriteError> {
        R::of(body).ok_or_else(|| self.senseless("its fields are not those of its kind"))
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
