//! What a change is about, apart from the place and the region that it is in: changes with the same name may be alike.

use landing_policy::has_form_of_region;
use serde_json::Value;

use super::clean::clean;
use super::naming::{kind_word, short_name};
use super::sentence::count;
use crate::model::{Address, Change, FieldChange};

/// A resource apart from its place and region.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Apart {
    /// `config-recorder` of `stack/audit/config-recorder/eu-west-1`; empty where the kind says all.
    pub name: String,
    /// The account that it is in, or what it is attached to; none where it is in no single account.
    pub place: Option<Address>,
    /// The region that it is in.
    pub region: Option<String>,
}

/// Takes a change apart.
pub(super) fn apart(change: &Change) -> Apart {
    let address = &change.address;
    if let Some((_, target)) = address.split_target() {
        return Apart { name: short_name(address), place: Some(target), region: None };
    }
    let place = change.parent.clone().filter(|parent| parent.is_any_account() && !address.is_any_account());
    let mut parts = address.parts();
    let region = parts.last().filter(|last| place.is_some() && has_form_of_region(last)).cloned();
    if region.is_some() {
        parts.pop();
    }
    if let Some(place) = &place {
        parts.retain(|part| *part != place.name());
    }
    Apart { name: clean(&parts.join("/")), place, region }
}

/// What it is called where it stands for many: `stack budget`, `password policy`.
pub(super) fn label(change: &Change, apart: &Apart) -> String {
    let noun = kind_word(change);
    if apart.name.is_empty() { noun } else { format!("{noun} {}", apart.name) }
}

/// So many places are named before they are counted.
const NAMED_PLACES: usize = 3;

/// `audit, network`, `9 accounts × 2 regions`, `root, ou/A`.
pub(super) fn places<'a>(all: impl Iterator<Item = &'a Apart>) -> String {
    let (mut places, mut regions): (Vec<&Address>, Vec<&str>) = (Vec::new(), Vec::new());
    for apart in all {
        places.extend(&apart.place);
        regions.extend(apart.region.as_deref());
    }
    regions.sort_unstable();
    regions.dedup();
    places.sort_unstable();
    places.dedup();
    let places = of_places(&places);
    match regions.as_slice() {
        [] => places,
        [one] => format!("{places} ({})", clean(one)),
        more => format!("{places} × {}", count(more.len(), "region", "regions")),
    }
}

fn of_places(places: &[&Address]) -> String {
    if places.len() <= NAMED_PLACES {
        let name = |place: &&Address| if place.is_any_account() { place.name() } else { place.to_string() };
        return clean(&places.iter().map(name).collect::<Vec<_>>().join(", "));
    }
    let accounts = places.iter().filter(|place| place.is_any_account()).count();
    let others = places.len() - accounts;
    let accounts = (accounts > 0).then(|| count(accounts, "account", "accounts"));
    let others = (others > 0).then(|| count(others, "OU", "OUs"));
    accounts.into_iter().chain(others).collect::<Vec<_>>().join(" and ")
}

/// What a change is like wherever it is: its own account and region are `{account}` and `{region}` in its values.
pub(super) fn generic(change: &Change, apart: &Apart) -> Change {
    let name = match &apart.place {
        Some(place) => place.name(),
        None => change.address.name(),
    };
    let own = [(name, "{account}"), (apart.region.clone().unwrap_or_default(), "{region}")];
    let text = |text: &str| own.iter().fold(text.to_owned(), |text, (own, with)| without(&text, own, with));
    let fields = change.fields.iter().map(|field| FieldChange {
        path: text(&field.path),
        before: value(&field.before, &text),
        after: value(&field.after, &text),
    });
    Change { fields: fields.collect(), reason: text(&change.reason), ..change.clone() }
}

fn value(given: &Value, text: &impl Fn(&str) -> String) -> Value {
    match given {
        Value::String(own) => Value::String(text(own)),
        Value::Array(items) => items.iter().map(|item| value(item, text)).collect(),
        Value::Object(map) => map.iter().map(|(key, item)| (key.clone(), value(item, text))).collect(),
        other => other.clone(),
    }
}

/// `text` with `with` for every `own` that is a whole name in it.
fn without(text: &str, own: &str, with: &str) -> String {
    if own.is_empty() || !text.contains(own) {
        return text.to_owned();
    }
    let is_of_name = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(own) {
        let (before, behind) = (&rest[..at], &rest[at + own.len()..]);
        let last = before.chars().next_back().or_else(|| out.chars().next_back());
        let is_whole = !last.is_some_and(is_of_name) && !behind.chars().next().is_some_and(is_of_name);
        out += before;
        out += if is_whole { with } else { own };
        rest = behind;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Action;

    fn of(address: &str, kind: &str, parent: &str) -> (String, Option<String>, Option<String>) {
        let mut change = Change::new(Action::Create, kind, Address::parse(address));
        change.parent = Some(Address::parse(parent)).filter(|_| !parent.is_empty());
        let Apart { name, place, region } = apart(&change);
        (name, place.map(|account| account.as_str().to_owned()), region)
    }

    #[test]
    fn the_name_is_what_is_the_same_in_every_account_and_region() {
        let owned = |name: &str, account: &str, region: &str| {
            let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            (name.to_owned(), some(account), some(region))
        };
        let stack = of("stack/audit/config-recorder/eu-west-1", "stack", "account/audit");
        assert_eq!(stack, owned("config-recorder", "account/audit", "eu-west-1"));
        let stack = of("stack/management/trail/us-gov-east-1", "stack", "management");
        assert_eq!(stack, owned("trail", "management", "us-gov-east-1"));
        let stack = of("stack/management/trail/eusc-de-east-1", "stack", "management");
        assert_eq!(stack, owned("trail", "management", "eusc-de-east-1"));
        let contact = of("alternate-contact/a/SECURITY", "alternate-contact", "account/a");
        assert_eq!(contact, owned("SECURITY", "account/a", ""));
        assert_eq!(of("password-policy/a", "password-policy", "account/a"), owned("", "account/a", ""));
        let assignment = of("assignment/admin/group/team@account/a", "assignment", "account/a");
        assert_eq!(assignment, owned("admin for team", "account/a", ""));
        assert_eq!(of("scp/guard@ou/A", "attachment", "ou/A"), owned("guard", "ou/A", ""));
        assert_eq!(of("account/eu-west-1", "account", "root"), owned("eu-west-1", "", ""));
    }

    #[test]
    fn only_whole_names_are_generic() {
        assert_eq!(without("aws+ml-dev@example.com", "ml-dev", "{account}"), "aws+{account}@example.com");
        assert_eq!(without("ml-dev-2 ml-dev", "ml-dev", "{account}"), "ml-dev-2 {account}");
        assert_eq!(without("${account/a},a-b", "a", "*"), "${account/*},a-b");
    }

    #[test]
    fn places_are_named_while_they_are_few() {
        let at = |place: &str, region: &str| Apart {
            name: String::new(),
            place: Some(Address::parse(place)),
            region: Some(region.to_owned()).filter(|region| !region.is_empty()),
        };
        let text = |all: &[Apart]| places(all.iter());
        assert_eq!(text(&[at("account/b", "eu-west-1"), at("management", "eu-west-1")]), "b, management (eu-west-1)");
        assert_eq!(text(&[at("account/b", "eu-west-1"), at("account/b", "us-east-1")]), "b × 2 regions");
        let many: Vec<Apart> = (0..7).map(|nth| at(&format!("account/{nth}"), "")).chain([at("ou/A", "")]).collect();
        assert_eq!(text(&many), "7 accounts and 1 OU");
        assert_eq!(text(&[at("root", ""), at("ou/A", "")]), "ou/A, root");
    }
}
