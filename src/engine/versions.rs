//! What a plan reports guardrails: which come, which go, and which have another version, since what.

use std::collections::BTreeMap;

use crate::model::{Action, Address, Change, Desired, FieldChange, Risk, TAG_GUARDRAIL, body_tags};

/// What is new in each version of a guardrail, and why.
type News = BTreeMap<u32, String>;

/// Where the tags of a resource say that its guardrails are others, that is why it changes. Where they do not and its content is
/// another all the same, a parameter, the organization or a file without a new version is why.
pub(super) fn explain_versions(change: &mut Change, desired: &Desired) {
    if change.action != Action::Update {
        return;
    }
    let news = &desired.settings.guardrail_changes;
    let reported: Vec<String> = change.fields.iter().filter_map(|field| of_guardrail(field, news)).collect();
    if !reported.is_empty() {
        let reported = format!("guardrails: {}", reported.join("; "));
        change.reason = match change.risk >= Risk::Destructive {
            true => format!("{}; {reported}", change.reason),
            false => reported,
        };
    } else if change.field("content").is_some() && has_guardrails(&change.address, desired) {
        change.reason.push_str("; each of its guardrails has the version that it had");
    }
}

fn has_guardrails(address: &Address, desired: &Desired) -> bool {
    let wanted = desired.get(address);
    wanted.is_some_and(|wanted| body_tags(&wanted.body).keys().any(|key| key.starts_with(TAG_GUARDRAIL)))
}

fn of_guardrail(field: &FieldChange, news: &BTreeMap<String, News>) -> Option<String> {
    let id = field.path.strip_prefix("tags.")?.strip_prefix(TAG_GUARDRAIL)?;
    Some(match (field.before.as_str(), field.after.as_str()) {
        (None, _) => format!("{id} comes"),
        (_, None) => format!("{id} goes"),
        (Some(before), Some(after)) => {
            let since = news.get(id).map(|news| between(news, before, after)).unwrap_or_default();
            format!("{id} from version {before} to {after}{since}")
        }
    })
}

/// What is new in each version after `before` up to `after`.
fn between(news: &News, before: &str, after: &str) -> String {
    let (Ok(before), Ok(after)) = (before.parse::<u32>(), after.parse::<u32>()) else { return String::new() };
    let news = news.iter().filter(|(version, _)| (before + 1..=after).contains(version));
    let news: Vec<&str> = news.map(|(_, why)| why.trim()).collect();
    if news.is_empty() { String::new() } else { format!(", since {}", news.join(", and ")) }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn field(path: &str, before: Value, after: Value) -> FieldChange {
        FieldChange { path: path.to_owned(), before, after }
    }

    fn reported(fields: &[FieldChange]) -> Vec<String> {
        fields.iter().filter_map(|field| of_guardrail(field, &BTreeMap::new())).collect()
    }

    #[test]
    fn a_change_of_guardrails_says_which_come_go_and_have_another_version() {
        let fields = [
            field("content", json!({}), json!({"a": 1})),
            field("tags.landing:guardrail/trail-stays", json!("0"), json!("1")),
            field("tags.landing:guardrail/no-leaving", Value::Null, json!("1")),
            field("tags.landing:guardrail/tls-only", json!("1"), Value::Null),
        ];
        assert_eq!(reported(&fields), ["trail-stays from version 0 to 1", "no-leaving comes", "tls-only goes"]);
    }

    #[test]
    fn the_news_of_every_version_between_are_reported() {
        let news = [(2, "trails of regions count"), (3, "AWS has a new action"), (4, "people asked")];
        let news = BTreeMap::from(news.map(|(version, why)| (version, why.to_owned())));
        assert_eq!(between(&news, "1", "3"), ", since trails of regions count, and AWS has a new action");
        assert_eq!(between(&news, "3", "4"), ", since people asked");
        assert_eq!(between(&news, "4", "1"), "");
        assert_eq!(between(&news, "by hand", "4"), "");
        let news = BTreeMap::from([("ours".to_owned(), news)]);
        let raised = field("tags.landing:guardrail/ours", json!("3"), json!("4"));
        assert_eq!(of_guardrail(&raised, &news).as_deref(), Some("ours from version 3 to 4, since people asked"));
    }
}
