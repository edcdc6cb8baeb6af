use super::resource::Account;
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::{Survey, within};
use crate::model::Address;
use crate::outline::{self, LeftOut, Map, Node, Outline};

/// AWS takes 50 tags, and two of them are landing's.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_tagging.html>
const MAX_TAGS: usize = 48;

/// Writes the accounts that are open; the others are named.
pub(super) fn outline(survey: &Survey<'_>, outline: &mut Outline) {
    let is_closed = |account: &&Address| !survey.observed.found.contains_key(*account);
    for account in survey.observed.accounts.keys().filter(is_closed) {
        let remedy = "nothing: AWS removes it 90 days after it was closed";
        outline.leave_out(account.clone(), LeftOut::gone("it is closed", remedy));
    }
    for found in survey.of(Account::KIND, outline) {
        let Some(account) = Account::of(&found.body) else { continue };
        let parent = found.parent.clone().unwrap_or_else(Address::root);
        if let Some(left_out) = refused(&account, &parent, outline) {
            outline.leave_out(found.address.clone(), left_out);
            continue;
        }
        let account = outline::Account { parent: Some(parent), said: said(&account, &found.address.name()) };
        outline.accounts.insert(found.address.clone(), account);
    }
}

fn refused(account: &Account, parent: &Address, outline: &mut Outline) -> Option<LeftOut> {
    if outline.place(parent).is_none() {
        return Some(within(parent, outline));
    }
    let count = account.tags.len();
    (count > MAX_TAGS).then(|| {
        let reason = format!("it has {count} tags, and AWS takes 50, of which landing needs two");
        LeftOut::not_expressible(reason, "remove tags that no one needs, then import again")
    })
}

fn said(account: &Account, key: &str) -> Map {
    let mut said = Map::default();
    if key != account.name {
        said.set("key", Node::text(key));
    }
    said.set("name", Node::text(&account.name));
    said.set("email", Node::text(&account.email));
    said.set("tags", Node::tags(&account.tags));
    said.in_one_line()
}
