//! What a resource type is: how its physical ids look, what it needs, and what changing it means.

use landing_cloudformation::{Update, update_between};
use serde_json::{Value, json};

use crate::ids;
use crate::model::resources::{GLOBAL, Place};
use crate::state::State;

/// A type of resource, by its page in the CloudFormation template reference.
pub(crate) struct ResourceType {
    pub(crate) name: &'static str,
    global: bool,
    /// The physical id of a new one.
    pub(super) identify: fn(&Draft<'_>) -> String,
    /// What `Fn::GetAtt` gives, an object by attribute.
    pub(super) attributes: fn(&Draft<'_>, &str) -> Value,
    /// Why the service would refuse it, new or changed.
    pub(super) check: fn(&State, &Draft<'_>) -> Result<(), String>,
    /// Why the service would refuse to delete it.
    pub(super) may_go: fn(&State, &Place, &str) -> Result<(), String>,
    /// What other services learn of it: its properties when it is made or changed, nothing when it is gone.
    pub(super) effect: fn(&mut State, &Place, &str, Option<&Value>),
    pub(super) required: &'static [&'static str],
    /// Properties that hold the physical id, or a list of them, of resources in the same place.
    pub(super) refers: &'static [(&'static str, &'static str)],
    /// Properties that cannot be changed at all.
    pub(super) unchangeable: &'static [&'static str],
    pub(crate) taggable: bool,
}

/// A resource that is to be made or changed.
pub(crate) struct Draft<'a> {
    pub(crate) kind: &'static ResourceType,
    pub(crate) place: &'a Place,
    pub(crate) partition: &'a str,
    pub(crate) stack_name: &'a str,
    pub(crate) stack_id: &'a str,
    pub(crate) logical: &'a str,
    pub(crate) properties: &'a Value,
    /// How many resources the stack has made before: a replacement gets another id.
    pub(crate) generation: u64,
}

/// A type of a regional service whose ids `identify` makes.
pub(super) const fn resource(name: &'static str, identify: fn(&Draft<'_>) -> String) -> ResourceType {
    ResourceType {
        name,
        global: false,
        identify,
        attributes: |_, _| json!({}),
        check: |_, _| Ok(()),
        may_go: |_, _, _| Ok(()),
        effect: |_, _, _, _| {},
        required: &[],
        refers: &[],
        unchangeable: &[],
        taggable: false,
    }
}

impl ResourceType {
    /// Its service knows no regions.
    pub(super) const fn global(mut self) -> Self {
        self.global = true;
        self
    }

    pub(super) const fn attributes(mut self, attributes: fn(&Draft<'_>, &str) -> Value) -> Self {
        self.attributes = attributes;
        self
    }

    pub(super) const fn check(mut self, check: fn(&State, &Draft<'_>) -> Result<(), String>) -> Self {
        self.check = check;
        self
    }

    pub(super) const fn may_go(mut self, may_go: fn(&State, &Place, &str) -> Result<(), String>) -> Self {
        self.may_go = may_go;
        self
    }

    pub(super) const fn effect(mut self, effect: fn(&mut State, &Place, &str, Option<&Value>)) -> Self {
        self.effect = effect;
        self
    }

    /// The properties that must be there.
    pub(super) const fn required(mut self, required: &'static [&'static str]) -> Self {
        self.required = required;
        self
    }

    pub(super) const fn refers(mut self, refers: &'static [(&'static str, &'static str)]) -> Self {
        self.refers = refers;
        self
    }

    /// The properties of which the service refuses any change, which its schema does not say.
    pub(super) const fn unchangeable(mut self, unchangeable: &'static [&'static str]) -> Self {
        self.unchangeable = unchangeable;
        self
    }

    /// It takes the tags of its stack.
    pub(super) const fn tagged(mut self) -> Self {
        self.taggable = true;
        self
    }

    /// Where a resource in `place` is kept.
    pub(crate) fn region<'a>(&self, place: &'a Place) -> &'a str {
        if self.global { GLOBAL } else { &place.region }
    }

    /// What the change of a property from `before` to `after`, which are all properties, does. Where that depends, the
    /// resource stays here.
    pub(crate) fn update(&self, property: &str, before: &Value, after: &Value) -> Update {
        update_between(self.name, property, before, after)
    }
}

impl Draft<'_> {
    /// The physical id that it would get.
    pub(crate) fn physical(&self) -> String {
        (self.kind.identify)(self)
    }

    /// A property that is a text.
    pub(super) fn text(&self, property: &str) -> Option<&str> {
        self.properties.get(property).and_then(Value::as_str)
    }

    /// A property that is a text or a list of texts.
    pub(super) fn texts(&self, property: &str) -> Vec<&str> {
        match self.properties.get(property) {
            Some(Value::String(text)) => vec![text],
            Some(Value::Array(rows)) => rows.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    fn seed(&self) -> String {
        format!("{}/{}/{}", self.stack_id, self.logical, self.generation)
    }

    /// Characters that only this resource has.
    pub(super) fn random(&self, length: usize) -> String {
        ids::characters(&self.seed(), length)
    }

    /// The name that a property gives, or the one that CloudFormation makes: `STACK-LOGICAL-RANDOM`.
    pub(super) fn named(&self, property: &str) -> String {
        self.text(property).map_or_else(|| self.generated(), str::to_owned)
    }

    /// `STACK-LOGICAL-RANDOM`.
    pub(super) fn generated(&self) -> String {
        format!("{}-{}-{}", self.stack_name, self.logical, self.random(12).to_uppercase())
    }

    /// An id such as EC2's, `PREFIX-` and seventeen digits of base 16.
    pub(super) fn hexadecimal(&self, prefix: &str) -> String {
        format!("{prefix}-{}", ids::hexadecimal(&format!("{prefix}/{}", self.seed()), 17))
    }

    /// A version 4 UUID in form.
    pub(super) fn uuid(&self) -> String {
        ids::uuid(&self.seed())
    }

    /// An ARN in the region.
    pub(super) fn arn(&self, service: &str, rest: &str) -> String {
        format!("arn:{}:{service}:{}:{}:{rest}", self.partition, self.place.region, self.place.account)
    }

    /// An ARN of a global service.
    pub(super) fn global_arn(&self, service: &str, rest: &str) -> String {
        format!("arn:{}:{service}::{}:{rest}", self.partition, self.place.account)
    }
}
