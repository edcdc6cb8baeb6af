use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::declaration::Declaration;
use crate::blueprint::{Entries, Spanned};

/// AWS's limits, of which landing's own two tags take their part.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_tagging.html>
const MAX_TAGS: usize = 48;
const MAX_KEY: usize = 128;
const MAX_VALUE: usize = 256;

/// The tags of a thing, those that hold for everything among them.
pub(super) fn with_defaults(tags: &Entries<Spanned<String>>, declaration: &mut Declaration) -> Value {
    let own = tags.iter().map(|(key, value)| (key.value.clone(), value.value.clone()));
    let mut all: BTreeMap<String, String> = declaration.defaults.tags.clone();
    all.extend(own);
    check(tags, declaration);
    if let Some((key, _)) = tags.iter().next().filter(|_| all.len() > MAX_TAGS) {
        let message = format!("{} tags, AWS takes {MAX_TAGS} beside landing's own two", all.len());
        declaration.mistake("too-many", key.place, message, "take some away");
    }
    json!(all)
}

/// Whether AWS takes these keys and values.
pub(super) fn check(tags: &Entries<Spanned<String>>, declaration: &mut Declaration) {
    for (key, value) in tags {
        check_key(key, declaration);
        let length = value.chars().count();
        if length > MAX_VALUE {
            let message = format!("the tag's value has {length} characters, AWS takes {MAX_VALUE}");
            declaration.mistake("too-long", value.place, message, "shorten it");
        }
    }
}

/// Whether AWS takes this key.
pub(super) fn check_key(key: &Spanned<String>, declaration: &mut Declaration) {
    let lower = key.to_lowercase();
    if lower.starts_with("aws:") || lower.starts_with("landing:") {
        let owner = if lower.starts_with("aws:") { "AWS" } else { "landing" };
        let message = format!("tags that begin with `{}:` are {owner}'s own", owner.to_lowercase());
        declaration.mistake("reserved", key.place, message, "take another key");
    }
    let length = key.chars().count();
    if length == 0 || length > MAX_KEY {
        let message = format!("the tag's key has {length} characters, AWS takes 1 to {MAX_KEY}");
        declaration.mistake("too-long", key.place, message, "take another key");
    }
}
