use super::resource::Root;
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::Survey;
use crate::outline::{Map, Node, Outline};

/// Writes the tags of the root.
pub(super) fn outline(survey: &Survey<'_>, outline: &mut Outline) {
    for found in survey.of(Root::KIND, outline) {
        let Some(root) = Root::of(&found.body) else { continue };
        let tags = root.tags.iter().filter_map(|(key, value)| Some((key.as_str(), Node::text(value.as_ref()?))));
        outline.organization.set("tags", tags.collect::<Map>().in_one_line());
    }
}
