//! A change of one resource, as change sets show it.

use landing_cloudformation::Update;
use serde_json::{Map, Value, json};

/// What becomes of the resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Add,
    Modify,
    Remove,
}

impl Action {
    /// As the API names it.
    fn name(self) -> &'static str {
        match self {
            Self::Add => "Add",
            Self::Modify => "Modify",
            Self::Remove => "Remove",
        }
    }
}

/// A change of one resource: ResourceChange in the API reference.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) action: Action,
    pub(super) logical: String,
    pub(super) kind: String,
    pub(super) physical: Option<String>,
    pub(super) replacement: Update,
    pub(super) details: Vec<Detail>,
    /// What becomes of a resource that is removed: `Delete` or `Retain`.
    pub(super) policy: Option<&'static str>,
    /// Its drift status, where the change set looked at it.
    pub(super) drifted: Option<&'static str>,
    pub(super) before: Option<Value>,
    pub(super) after: Option<Value>,
}

/// Why something changes: ChangeSource and CausingEntity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    DirectModification,
    Parameter(String),
    Resource(String),
    Attribute(String),
    /// The template is the same, but the resource is not.
    Drift,
}

/// A change of one property or attribute: ResourceChangeDetail.
#[derive(Clone, Debug)]
pub(super) struct Detail {
    /// The attribute: `Properties`, `Tags`, `Metadata`, `DeletionPolicy`.
    pub(super) attribute: &'static str,
    pub(super) property: Option<String>,
    pub(super) recreation: Update,
    /// Whether the new value is known before the change is made.
    pub(super) is_static: bool,
    pub(super) cause: Cause,
    pub(super) before: Option<Value>,
    pub(super) after: Option<Value>,
    pub(super) drifted: Option<Drifted>,
}

/// How a property's actual value differs from the deployed one.
#[derive(Clone, Debug)]
pub(super) struct Drifted {
    previous: Option<Value>,
    actual: Option<Value>,
}

impl Drifted {
    /// Of the property `name`, if it drifted.
    pub(super) fn of(deployed: &Value, actual: &Value, name: &str) -> Option<Self> {
        let (previous, actual) = (deployed.get(name).cloned(), actual.get(name).cloned());
        (previous != actual).then_some(Self { previous, actual })
    }
}

impl Change {
    pub(super) fn new(action: Action, logical: &str, kind: &str) -> Self {
        Self {
            action,
            logical: logical.to_owned(),
            kind: kind.to_owned(),
            physical: None,
            replacement: Update::InPlace,
            details: Vec::new(),
            policy: None,
            drifted: None,
            before: None,
            after: None,
        }
    }

    /// As DescribeChangeSet shows it, with property values.
    pub(super) fn show(&self) -> Value {
        let mut scope: Vec<&str> = self.details.iter().map(|detail| detail.attribute).collect();
        scope.sort_unstable();
        scope.dedup();
        let mut shown = json!({
            "Action": self.action.name(),
            "LogicalResourceId": self.logical,
            "PhysicalResourceId": self.physical,
            "ResourceType": self.kind,
            "Scope": scope,
            "Details": self.details.iter().map(Detail::show).collect::<Vec<_>>(),
            "PolicyAction": self.policy,
            "ResourceDriftStatus": self.drifted,
            "BeforeContext": self.before.as_ref().map(context),
            "AfterContext": self.after.as_ref().map(context),
        });
        if self.action == Action::Modify {
            shown["Replacement"] = match self.replacement {
                Update::InPlace => "False",
                Update::Depends => "Conditional",
                Update::Replacement => "True",
            }
            .into();
            if self.replacement == Update::Replacement {
                shown["PolicyAction"] = "ReplaceAndDelete".into();
            }
        }
        json!({"Type": "Resource", "ResourceChange": shown})
    }
}

fn context(properties: &Value) -> String {
    json!({"Properties": properties}).to_string()
}

impl Detail {
    /// A change of an attribute beside the properties.
    pub(super) fn beside(attribute: &'static str) -> Self {
        Self {
            attribute,
            property: None,
            recreation: Update::InPlace,
            is_static: true,
            cause: Cause::DirectModification,
            before: None,
            after: None,
            drifted: None,
        }
    }

    /// Whether the resource is replaced: a value that is not known yet may turn out to be the same.
    pub(super) fn replacement(&self) -> Update {
        match (self.recreation, self.is_static) {
            (Update::Replacement, false) => Update::Depends,
            (recreation, _) => recreation,
        }
    }

    fn show(&self) -> Value {
        let (source, entity) = match &self.cause {
            Cause::DirectModification => ("DirectModification", None),
            Cause::Parameter(name) => ("ParameterReference", Some(name)),
            Cause::Resource(name) => ("ResourceReference", Some(name)),
            Cause::Attribute(name) => ("ResourceAttribute", Some(name)),
            Cause::Drift => ("NoModification", None),
        };
        json!({
            "Target": self.target(),
            "Evaluation": if self.is_static { "Static" } else { "Dynamic" },
            "ChangeSource": source,
            "CausingEntity": entity,
        })
    }

    fn target(&self) -> Value {
        let recreation = match self.recreation {
            Update::InPlace => "Never",
            Update::Depends => "Conditionally",
            Update::Replacement => "Always",
        };
        let mut target = Map::new();
        target.insert("Attribute".into(), self.attribute.into());
        if let Some(property) = &self.property {
            let change = match (&self.before, &self.after) {
                (None, _) => "Add",
                (_, None) => "Remove",
                _ => "Modify",
            };
            target.insert("Name".into(), property.as_str().into());
            target.insert("Path".into(), format!("/Properties/{property}").into());
            target.insert("BeforeValue".into(), self.before.as_ref().map(text).into());
            target.insert("AfterValue".into(), self.after.as_ref().map(text).into());
            target.insert("AttributeChangeType".into(), change.into());
        }
        target.insert("RequiresRecreation".into(), recreation.into());
        if let Some(drifted) = &self.drifted {
            let drift = json!({
                "PreviousValue": drifted.previous.as_ref().map(text),
                "ActualValue": drifted.actual.as_ref().map(text),
            });
            target.insert("Drift".into(), drift);
            target.insert("BeforeValueFrom".into(), "ACTUAL_STATE".into());
            target.insert("AfterValueFrom".into(), "TEMPLATE".into());
        }
        Value::Object(target)
    }
}

/// A property's value as text: a text itself, everything else as JSON.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The members of a shown change that only IncludePropertyValues asks for.
pub(super) fn without_values(change: &Value) -> Value {
    let mut change = change.clone();
    if let Some(Value::Object(resource)) = change.get_mut("ResourceChange") {
        resource.retain(|name, _| name != "BeforeContext" && name != "AfterContext");
        for detail in resource.get_mut("Details").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(Value::Object(target)) = detail.get_mut("Target") {
                target.retain(|name, _| ["Attribute", "Name", "RequiresRecreation", "Drift"].contains(&name.as_str()));
            }
        }
    }
    change
}
