//! What all new resources of a plan have, written once.

use serde_json::{Map, Value};

use super::alike::{apart, generic};
use super::clean::clean;
use super::fields::text;
use crate::model::{Action, Change};

/// Written once from so many resources on.
const SEVERAL: usize = 3;

/// What new resources have in common.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Common {
    /// The tags that every new resource has that has tags.
    tags: Map<String, Value>,
    /// The email of every new account, with the account's name as `{account}`.
    email: Option<Value>,
}

impl Common {
    pub fn of(changes: &[Change]) -> Common {
        let new = || changes.iter().filter(|change| change.action == Action::Create);
        let tags: Vec<&Map<String, Value>> =
            new().filter_map(|change| change.field("tags")?.after.as_object()).collect();
        let mut common =
            tags.first().filter(|_| tags.len() >= SEVERAL).map(|first| (*first).clone()).unwrap_or_default();
        common.retain(|key, value| tags.iter().all(|tags| tags.get(key) == Some(value)));
        let emails: Vec<Value> = new().filter_map(email).collect();
        let email =
            emails.first().filter(|first| emails.len() >= SEVERAL && emails.iter().all(|email| email == *first));
        Common { tags: common, email: email.cloned() }
    }

    /// The change without what is written once.
    pub fn taken_from(&self, change: &Change) -> Change {
        let mut own = change.clone();
        if change.action != Action::Create {
            return own;
        }
        for field in own.fields.iter_mut().filter(|field| field.path == "tags") {
            if let Value::Object(tags) = &mut field.after {
                tags.retain(|key, _| !self.tags.contains_key(key));
            }
        }
        let has_email = self.email.is_some() && email(change) == self.email;
        own.fields.retain(|field| !(field.path == "email" && has_email));
        own.fields.retain(|field| !(field.path == "tags" && field.after.as_object().is_some_and(Map::is_empty)));
        own
    }

    /// The sentence that says it.
    pub fn sentence(&self) -> Option<String> {
        let tags: Vec<String> =
            self.tags.iter().map(|(key, value)| format!("{}={}", clean(key), text(value))).collect();
        let tags = (!tags.is_empty()).then(|| format!("the tags {}", tags.join(", ")));
        let email = self.email.as_ref().map(|email| format!("the email {}", text(email)));
        match (tags, email) {
            (Some(tags), Some(email)) => {
                Some(format!("Every new resource that takes tags has {tags}, every new account {email}."))
            }
            (Some(tags), None) => Some(format!("Every new resource that takes tags has {tags}.")),
            (None, Some(email)) => Some(format!("Every new account has {email}.")),
            (None, None) => None,
        }
    }
}

fn email(change: &Change) -> Option<Value> {
    let of_account = Some(change).filter(|change| change.address.is_account())?;
    generic(of_account, &apart(of_account)).field("email").map(|field| field.after.clone())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::report::tests::example::change;

    fn account(name: &str, tags: Value) -> Change {
        change(&format!("account/{name}"), "account", Action::Create, "")
            .with("email", Value::Null, json!(format!("aws+{name}@example.com")))
            .with("tags", Value::Null, tags)
    }

    #[test]
    fn what_all_have_is_written_once_and_what_one_has_stays_with_it() {
        let mut changes = ["a1", "a2", "a3"].map(|name| account(name, json!({"by": "landing"}))).to_vec();
        changes[1] = account("a2", json!({"by": "landing", "own": "x"}));
        let common = Common::of(&changes);
        let expected = "Every new resource that takes tags has the tags by=landing, every new account the email aws+{account}@example.com.";
        assert_eq!(common.sentence().as_deref(), Some(expected));
        assert_eq!(common.taken_from(&changes[0]).fields, []);
        let own = common.taken_from(&changes[1]).fields;
        assert_eq!((own.len(), &own[0].after), (1, &json!({"own": "x"})));
        assert_eq!(Common::of(&changes[..2]), Common::default());
    }

    #[test]
    fn an_email_of_another_form_stays() {
        let mut changes = ["a1", "a2", "a3"].map(|name| account(name, json!({}))).to_vec();
        changes.push(change("account/b", "account", Action::Create, "").with("email", Value::Null, json!("x@y.z")));
        assert_eq!(Common::of(&changes).sentence(), None);
    }
}
