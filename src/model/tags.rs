use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Address, Body};

/// Tags by key.
pub type Tags = BTreeMap<String, String>;

/// Which blueprint owns a resource.
pub const TAG_BLUEPRINT: &str = "landing:blueprint";
/// Which resource of that blueprint it is.
pub const TAG_ADDRESS: &str = "landing:address";

/// How the tags of a policy begin that say which guardrails are in it: the guardrail's name comes after, and its version is the
/// value.
pub const TAG_GUARDRAIL: &str = "landing:guardrail/";

/// AWS's longest tag value, in characters.
const MAX_TAG_VALUE: usize = 256;

/// The two tags by which landing knows its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnershipTags {
    /// The name of the owning blueprint.
    pub blueprint: String,
    /// The resource's address in that blueprint, as AWS allows it in a tag.
    pub address: String,
}

impl OwnershipTags {
    /// The tags that `blueprint` puts on the resource at `address`.
    pub fn new(blueprint: &str, address: &Address) -> OwnershipTags {
        OwnershipTags { blueprint: blueprint.to_owned(), address: tag_value(address.as_str()) }
    }

    /// Takes the ownership tags out of `tags`, leaving the user's own.
    pub fn take(tags: &mut Tags) -> Option<OwnershipTags> {
        let address = tags.remove(TAG_ADDRESS).unwrap_or_default();
        let blueprint = tags.remove(TAG_BLUEPRINT)?;
        Some(OwnershipTags { blueprint, address })
    }

    /// Both tags as key and value.
    pub fn pairs(&self) -> [(String, String); 2] {
        [(TAG_BLUEPRINT.into(), self.blueprint.clone()), (TAG_ADDRESS.into(), self.address.clone())]
    }
}

/// Organizations takes letters, digits, spaces and `_.:/=+-@` in tag values, at most 256 of them.
/// Other characters become `=XX` bytes; what is too long ends in a digest.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_tagging.html>
fn tag_value(address: &str) -> String {
    let mut text = String::with_capacity(address.len());
    for c in address.chars() {
        if c.is_alphanumeric() || " _.:/+-@".contains(c) {
            text.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                text.push_str(&format!("={byte:02X}"));
            }
        }
    }
    if text.chars().count() <= MAX_TAG_VALUE {
        return text;
    }
    let digest = Sha256::digest(address.as_bytes());
    let short: String = digest.iter().take(12).map(|b| format!("{b:02x}")).collect();
    let kept: String = text.chars().take(MAX_TAG_VALUE - short.len() - 1).collect();
    format!("{kept}={short}")
}

/// The user's tags inside a body, under `tags`.
pub fn body_tags(body: &Body) -> Tags {
    let Some(Value::Object(tags)) = body.get("tags") else { return Tags::new() };
    tags.iter().filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_a_value_that_aws_takes() {
        let address = Address::unit(["Platforms & Architecture"]);
        let tags = OwnershipTags::new("ml", &address);
        assert_eq!(tags.address, "ou/Platforms =26 Architecture");
    }

    #[test]
    fn long_addresses_stay_within_the_limit_and_apart() {
        let long = |last: &str| Address::unit(["x".repeat(120), "y".repeat(120), last.repeat(60)]);
        let (a, b) = (OwnershipTags::new("ml", &long("a")), OwnershipTags::new("ml", &long("b")));
        assert!(a.address.chars().count() <= MAX_TAG_VALUE);
        assert_ne!(a.address, b.address);
    }
}
