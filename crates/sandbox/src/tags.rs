//! What AWS's services have in common about tags.
//! <https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html#tag-conventions>

use std::collections::BTreeMap;

use serde_json::Value;

use crate::aws_error::ApiError;
use crate::input::Input;

/// Tags by key.
pub(crate) type Tags = BTreeMap<String, String>;

/// Tags that one resource can have.
const MOST_TAGS: usize = 50;

/// What is wrong with the tags of a request; each service has its own error for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mistake {
    /// No key or no value.
    Incomplete,
    Empty,
    /// A key has at most 128 characters, a value 256.
    Long,
    /// Only letters, digits, spaces and `_ . : / = + - @` are allowed.
    Characters,
    /// The key starts with `aws:`.
    Reserved,
    Twice,
    TooMany,
}

/// The `Tags` of a request, checked.
pub(crate) fn of_request(input: &Input, refuse: fn(Mistake) -> ApiError) -> Result<Tags, ApiError> {
    let mut tags = Tags::new();
    for tag in input.list("Tags") {
        let (key, value) = checked(tag).map_err(refuse)?;
        if tags.insert(key, value).is_some() {
            return Err(refuse(Mistake::Twice));
        }
    }
    within_quota(tags).map_err(refuse)
}

/// The tags of a resource that gets some more.
pub(crate) fn joined(mut tags: Tags, added: Tags) -> Result<Tags, Mistake> {
    tags.extend(added);
    within_quota(tags)
}

fn within_quota(tags: Tags) -> Result<Tags, Mistake> {
    if tags.len() > MOST_TAGS { Err(Mistake::TooMany) } else { Ok(tags) }
}

/// A key that only AWS may write.
pub(crate) fn is_reserved(key: &str) -> bool {
    key.to_ascii_lowercase().starts_with("aws:")
}

fn checked(tag: &Value) -> Result<(String, String), Mistake> {
    let member = |name: &str| tag.get(name).and_then(Value::as_str).ok_or(Mistake::Incomplete);
    let (key, value) = (member("Key")?, member("Value")?);
    let allowed = |c: char| c.is_alphanumeric() || c.is_whitespace() || "_.:/=+-@".contains(c);
    let mistakes = [
        (key.is_empty(), Mistake::Empty),
        (key.chars().count() > 128 || value.chars().count() > 256, Mistake::Long),
        (!key.chars().chain(value.chars()).all(allowed), Mistake::Characters),
        (is_reserved(key), Mistake::Reserved),
    ];
    match mistakes.into_iter().find(|(is_made, _)| *is_made) {
        Some((_, mistake)) => Err(mistake),
        None => Ok((key.to_owned(), value.to_owned())),
    }
}
