use super::resource::AlternateContact;
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::{Survey, within};
use crate::outline::{Map, Node, Outline};

/// Writes the contacts of each account.
pub(super) fn outline(survey: &Survey<'_>, outline: &mut Outline) {
    for found in survey.of(AlternateContact::KIND, outline) {
        let (Some(contact), Some(account)) = (AlternateContact::of(&found.body), &found.parent) else { continue };
        let Some(place) = outline.place(account) else {
            outline.leave_out(found.address.clone(), within(account, outline));
            continue;
        };
        place.within("contacts", |contacts| {
            contacts.flow = true;
            contacts.set(&found.address.name().to_lowercase(), said(&contact));
        });
    }
}

fn said(contact: &AlternateContact) -> Map {
    let AlternateContact { name, title, email, phone } = contact;
    let fields = [("name", name), ("title", title), ("email", email), ("phone", phone)];
    fields.into_iter().map(|(key, text)| (key, Node::text(text))).collect::<Map>().in_one_line()
}
