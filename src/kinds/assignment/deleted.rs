use std::collections::BTreeMap;

use crate::model::{Address, Note};

/// Assignments to users and groups that were deleted and that stay, by the permission set and who had it.
#[derive(Debug, Default)]
pub(super) struct Deleted(BTreeMap<(Address, Address), Vec<(Address, Address)>>);

impl Deleted {
    /// Remembers one: its address, permission set, user or group, and account.
    pub fn note(&mut self, address: &Address, set: &Address, principal: &Address, account: &Address) {
        let places = self.0.entry((set.clone(), principal.clone())).or_default();
        places.push((account.clone(), address.clone()));
    }

    /// What the plan's reader should know of them: a note for each permission set and principal.
    /// <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_DeleteAccountAssignment.html>
    pub fn notes(self) -> impl Iterator<Item = Note> {
        self.0.into_iter().filter_map(|((set, principal), places)| {
            let (account, address) = places.iter().min()?;
            let others = match places.len() - 1 {
                0 => String::new(),
                1 => " and 1 more account".to_owned(),
                others => format!(" and {others} more accounts"),
            };
            let kind = if principal.prefix() == "user" { "user" } else { "group" };
            Some(Note {
                address: Some(address.clone()),
                what: format!(
                    "the {kind} with the id {} was deleted, and {set} is still assigned to it in {account}{others}: nothing \
                     changes that, unless `identity` says `deleted_principals: unassign`",
                    principal.name()
                ),
                about: Vec::new(),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_set_and_principal_has_a_note_that_names_one_place_and_counts_the_others() {
        let set = Address::permission_set("admin");
        let mut deleted = Deleted::default();
        let mut note = |principal: &Address, account: &str| {
            let account = Address::account(account);
            deleted.note(&Address::assignment(&set, principal, &account), &set, principal, &account);
        };
        for account in ["b", "a", "c"] {
            note(&Address::group("90-1"), account);
        }
        note(&Address::user("90-2"), "d");
        let notes: Vec<Note> = deleted.notes().collect();
        let addresses: Vec<String> =
            notes.iter().filter_map(|it| it.address.as_ref()).map(ToString::to_string).collect();
        assert_eq!(addresses, ["assignment/admin/group/90-1@account/a", "assignment/admin/user/90-2@account/d"]);
        let says = "the group with the id 90-1 was deleted, and permission-set/admin is still assigned to it in account/a \
                    and 2 more accounts: nothing changes that, unless `identity` says `deleted_principals: unassign`";
        assert_eq!(notes[0].what, says);
        assert!(notes[1].what.starts_with("the user with the id 90-2 was deleted") && !notes[1].what.contains("more"));
        assert!(notes.iter().all(|note| note.about.is_empty()));
    }
}
