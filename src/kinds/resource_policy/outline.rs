use super::resource::ResourcePolicy;
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::Survey;
use crate::outline::{Entry, LeftOut, Map, Node, Outline};

/// Writes the organization's delegation policy, with its document as a file.
pub(super) fn outline(survey: &Survey<'_>, outline: &mut Outline) {
    for found in survey.of(ResourcePolicy::KIND, outline) {
        let Some(policy) = ResourcePolicy::of(&found.body) else { continue };
        if !policy.content.is_object() {
            let reason = "its document is not JSON";
            outline.leave_out(
                found.address.clone(),
                LeftOut::not_expressible(reason, "write its document again in AWS, then import again"),
            );
            continue;
        }
        let path = outline.document(&found.address, "policies", "delegation policy", &policy.content);
        let mut said = Map::default();
        said.set("file", Node::text(path));
        said.set("tags", Node::tags(&policy.tags));
        outline.organization.put(Entry::new("delegation_policy", said.in_one_line()).of(&found.address));
    }
}
