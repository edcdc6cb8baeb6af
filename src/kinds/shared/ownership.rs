use std::collections::{BTreeMap, BTreeSet};

use crate::facts::Look;
use crate::kinds::read::{Tagged, TagsOf};
use crate::model::{Address, Desired, FieldChange, Owner, OwnershipTags, Risk, TAG_BLUEPRINT, Tags, Wanted};

/// How many resources are asked for their tags one by one to learn whether an empty index is to be believed.
const PROBES: usize = 50;

/// What is known of the tags of accounts, units and policies.
///
/// The Resource Groups Tagging API answers for a hundred resources at once, but lags behind and is missing in
/// emulators. So it is believed only where a resource that it does not know turns out to have no owner; whatever the
/// blueprint names and the index does not know is asked for itself.
pub(in crate::kinds) struct TagIndex<'a> {
    look: &'a Look<'a>,
    index: Option<&'a BTreeMap<String, Tags>>,
    asked: BTreeMap<&'a str, Tags>,
    believed: bool,
}

impl<'a> TagIndex<'a> {
    /// `None` while the index is still being fetched.
    pub fn new(look: &'a Look<'a>) -> Option<TagIndex<'a>> {
        let index = look.at(Tagged)?.as_ref();
        let knows = |id: &str| index.is_some_and(|index| index.contains_key(id));
        let asked: BTreeMap<&str, Tags> = look.known(TagsOf::PREFIX).collect();
        let contradicted = asked.iter().any(|(id, tags)| tags.contains_key(TAG_BLUEPRINT) && !knows(id));
        Some(TagIndex { look, index, believed: index.is_some() && !contradicted, asked })
    }

    /// The tags of the resource with this id. `named` says that the blueprint names it. `None` while unknown.
    pub fn of(&self, id: &str, named: bool) -> Option<Tags> {
        let indexed = || self.index.and_then(|index| index.get(id));
        if let Some(tags) = self.asked.get(id).or_else(indexed) {
            return Some(tags.clone());
        }
        if named || !self.believed {
            return self.look.at(TagsOf(id.to_owned())).cloned();
        }
        Some(Tags::new())
    }

    /// The tags of every resource that some blueprint owns, by id; `None` where the index is not believed.
    pub fn believed(&self) -> Option<&'a BTreeMap<String, Tags>> {
        self.index.filter(|_| self.believed)
    }

    /// An empty index proves nothing: some of the resources that exist are asked for themselves.
    pub fn probe<'b>(&self, ids: impl Iterator<Item = &'b str>) {
        if self.index.is_some_and(|index| index.is_empty()) {
            for id in ids.take(PROBES) {
                self.look.at(TagsOf(id.to_owned()));
            }
        }
    }
}

/// Whose a resource with these tags is, and the user's own tags on it.
pub(in crate::kinds) fn owner(desired: &Desired, address: &Address, mut tags: Tags) -> (Owner, Tags) {
    let owner = match OwnershipTags::take(&mut tags) {
        None => Owner::Unmanaged,
        Some(found) if found.blueprint != desired.blueprint => Owner::Other(found.blueprint),
        Some(found) => {
            let expected = OwnershipTags::new(&desired.blueprint, address).address;
            Owner::This { stale: (found.address != expected).then_some(found.address) }
        }
    };
    tags.retain(|key, _| !desired.ignores_tag(key));
    (owner, tags)
}

/// Whether `tags` say that the blueprint owns the resource.
pub(in crate::kinds) fn is_owned(desired: &Desired, tags: &Tags) -> bool {
    tags.get(TAG_BLUEPRINT) == Some(&desired.blueprint)
}

/// Whether `tags` say that the resource is `wanted`, by its address or an earlier one.
pub(in crate::kinds) fn is_tagged_as(desired: &Desired, wanted: &Wanted, tags: &Tags) -> bool {
    let mut tags = tags.clone();
    let Some(found) = OwnershipTags::take(&mut tags) else { return false };
    let addresses: BTreeSet<String> = std::iter::once(&wanted.address)
        .chain(&wanted.was)
        .map(|address| OwnershipTags::new(&desired.blueprint, address).address)
        .collect();
    found.blueprint == desired.blueprint && addresses.contains(&found.address)
}

/// Adopting is judged by what it changes: `changed` is what an update would say of the fields that are not tags. No blueprint
/// owns the resource, so that others may count on its tags and on its name.
pub(in crate::kinds) fn judge_adoption(fields: &[FieldChange], changed: Option<(Risk, String)>) -> (Risk, String) {
    let (removed, overwritten) = replaced_tags(fields);
    let is_counted_on = !removed.is_empty() || !overwritten.is_empty() || fields.iter().any(|it| it.path == "name");
    let risk = if is_counted_on { Risk::Disruptive } else { Risk::None };
    let (changed_risk, reason) = changed.unzip();
    let reasons = [
        Some("no blueprint owns it".to_owned()),
        reason,
        (!removed.is_empty()).then(|| format!("the blueprint does not have its tags {}", removed.join(", "))),
        (!overwritten.is_empty()).then(|| format!("it has other values of the tags {}", overwritten.join(", "))),
    ];
    (changed_risk.unwrap_or_default().max(risk), reasons.into_iter().flatten().collect::<Vec<_>>().join("; "))
}

/// The keys of tags that go, and of those that get other values.
fn replaced_tags<'a>(fields: &'a [FieldChange]) -> (Vec<&'a str>, Vec<&'a str>) {
    let tags = fields.iter().filter_map(|field| Some((field.path.strip_prefix("tags.")?, field)));
    let replaced = tags.filter(|(_, field)| !field.before.is_null());
    let (removed, overwritten): (Vec<_>, Vec<_>) = replaced.partition(|(_, field)| field.after.is_null());
    let keys = |tags: Vec<(&'a str, &FieldChange)>| tags.into_iter().map(|(key, _)| key).collect();
    (keys(removed), keys(overwritten))
}

#[cfg(test)]
mod tests;
