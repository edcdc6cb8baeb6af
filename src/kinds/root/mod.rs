mod kind_info;
mod outline;
pub mod resource;

use serde_json::json;

use super::{Kind, Pending, Step, WriteContext, WriteError, read};
use crate::facts::Look;
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::Survey;
use crate::model::{
    Action, Address, Desired, FieldChange, Found, KindInfo, Observed, Owner, Presence, Risk, Tags, Wanted,
};
use crate::outline::Outline;

use resource::Root;

/// The root of the tree. Several blueprints share it, so its tags are only added; one goes where the blueprint
/// gives it the value `null`.
pub(super) struct Roots;

impl Kind for Roots {
    fn name(&self) -> &'static str {
        Root::KIND
    }

    fn kind_info(&self) -> &'static KindInfo {
        &kind_info::KIND_INFO
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        if !observed.found.contains_key(&Address::organization()) {
            return;
        }
        let Some(root) = look.at(read::Root) else { return };
        observed.bindings.bind(Address::root(), root.id.clone());
        let is_wanted = desired.of_kind(self.name()).any(|wanted| wanted.presence == Presence::Present);
        if !is_wanted && !desired.settings.surveys {
            return;
        }
        let Some(tags) = look.at(read::TagsOf(root.id.clone())) else { return };
        observed.add(Found {
            address: Address::root(),
            kind: self.name().into(),
            id: root.id.clone(),
            owner: Owner::Shared,
            body: Root { tags: tags.iter().map(|(key, value)| (key.clone(), Some(value.clone()))).collect() }.body(),
            parent: Some(Address::organization()),
            attached_to: Vec::new(),
        });
    }

    fn differ(&self, wanted: &Wanted, found: &Found) -> Vec<FieldChange> {
        let (Some(wanted), Some(found)) = (Root::of(&wanted.body), Root::of(&found.body)) else { return Vec::new() };
        let tags = wanted.tags.iter();
        tags.map(|(key, after)| FieldChange {
            path: format!("tags.{key}"),
            before: json!(found.tags.get(key)),
            after: json!(after),
        })
        .filter(|field| field.before != field.after)
        .collect()
    }

    fn judge(&self, _action: Action, _fields: &[FieldChange], _found: Option<&Found>) -> (Risk, String) {
        (Risk::None, "the tags of the root differ".into())
    }

    fn outline(&self, survey: &Survey<'_>, outline: &mut Outline) {
        outline::outline(survey, outline);
    }

    fn write<'a>(&'a self, step: &'a Step, context: &'a WriteContext) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            let id = context.id(&Address::root())?;
            if step.found.is_some() {
                return context.write_tags(step, &id).await;
            }
            // A root that came with its organization in this same run.
            let wanted: Root = step.resource()?;
            let tags: Tags = wanted.tags.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
            if !tags.is_empty() {
                context.tag(&id, tags).await?;
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
