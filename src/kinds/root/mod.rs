mod nature;

use serde_json::{Value, json};

use super::{Kind, Pending, Step, Workshop, WriteError, read};
use crate::facts::Look;
use crate::kinds::shared::fields::body;
use crate::model::{Action, Address, Desired, FieldChange, Found, Nature, Observed, Owner, Presence, Risk, Wanted};

/// The root of the tree. Several blueprints share it, so its tags are only added; one goes where the blueprint
/// gives it the value `null`.
pub(super) struct Root;

impl Kind for Root {
    fn name(&self) -> &'static str {
        "root"
    }

    fn nature(&self) -> &'static Nature {
        &nature::NATURE
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        if !observed.found.contains_key(&Address::organization()) {
            return;
        }
        let Some(root) = look.at(read::Root) else { return };
        observed.bindings.bind(Address::root(), root.id.clone());
        if desired.of_kind(self.name()).all(|wanted| wanted.presence == Presence::Absent) {
            return;
        }
        let Some(tags) = look.at(read::TagsOf(root.id.clone())) else { return };
        observed.add(Found {
            address: Address::root(),
            kind: self.name().into(),
            id: root.id.clone(),
            owner: Owner::Shared,
            body: body([("tags", json!(tags))]),
            parent: Some(Address::organization()),
            hangs_on: Vec::new(),
        });
    }

    fn differ(&self, wanted: &Wanted, found: &Found) -> Vec<FieldChange> {
        let Some(Value::Object(tags)) = wanted.body.get("tags") else { return Vec::new() };
        let now = found.body.get("tags").cloned().unwrap_or_default();
        tags.iter()
            .map(|(key, after)| FieldChange {
                path: format!("tags.{key}"),
                before: now.get(key).cloned().unwrap_or_default(),
                after: after.clone(),
            })
            .filter(|field| field.before != field.after)
            .collect()
    }

    fn judge(&self, _action: Action, _fields: &[FieldChange], _found: Option<&Found>) -> (Risk, String) {
        (Risk::None, "the tags of the root differ".into())
    }

    fn write<'a>(&'a self, step: &'a Step, shop: &'a Workshop) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            let id = shop.id(&Address::root())?;
            if step.found.is_some() {
                return shop.write_tags(step, &id).await;
            }
            // A root that came with its organization in this same run.
            let tags = new_tags(step.wanted()?);
            if !tags.is_empty() {
                shop.tag(&id, tags).await?;
            }
            Ok(())
        })
    }

    fn reads(&self) -> &'static [&'static str] {
        &["organizations:ListTagsForResource"]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["organizations:TagResource", "organizations:UntagResource"]
    }
}

fn new_tags(wanted: &Wanted) -> crate::model::Tags {
    crate::model::body_tags(&wanted.body)
}
