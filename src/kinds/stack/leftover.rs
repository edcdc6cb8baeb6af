//! Stacks that CloudFormation cannot update: what is left of a creation that failed or never began, or of a deletion
//! that failed.

use super::super::read::StackContents;
use crate::model::{Address, Desired, Owner, OwnershipTags, Refusal, Tags};

/// What the path of the field is called that shows what a leftover holds.
pub(super) const LEFTOVER: &str = "leftover";

/// Whether a stack with this status can only be deleted.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html>
pub(super) fn is_leftover(status: &str) -> bool {
    matches!(status, "ROLLBACK_COMPLETE" | "REVIEW_IN_PROGRESS" | "CREATE_FAILED" | "ROLLBACK_FAILED" | "DELETE_FAILED")
}

/// What becomes of a leftover where a stack of its name is wanted.
#[derive(Debug, PartialEq)]
pub(super) enum LeftoverAction {
    /// It is the blueprint's and holds nothing: it is deleted before the stack is created.
    Deleted,
    /// It is the blueprint's and holds these resources: they are deleted only as the plan shows.
    Shown(Vec<String>),
    /// It is not the blueprint's: it stays.
    Stays,
}

/// What becomes of a leftover of `owner` with these contents.
pub(super) fn fate(owner: &Owner, contents: &StackContents) -> LeftoverAction {
    match owner {
        Owner::This { .. } if contents.resources.is_empty() => LeftoverAction::Deleted,
        Owner::This { .. } => LeftoverAction::Shown(contents.resources.clone()),
        _ => LeftoverAction::Stays,
    }
}

/// Whose a leftover is: as its tags say. A stack gets these when its first change set is executed; until then it is whose
/// all of its change sets are.
pub(super) fn owner_of(
    desired: &Desired,
    address: &Address,
    (status, by_tags): (&str, Owner),
    contents: &StackContents,
) -> Owner {
    if status != "REVIEW_IN_PROGRESS" || matches!(by_tags, Owner::Other(_)) {
        return by_tags;
    }
    let own = OwnershipTags::new(&desired.blueprint, address);
    let is_ours = |tags: &Tags| OwnershipTags::take(&mut tags.clone()).as_ref() == Some(&own);
    let sets = &contents.change_sets;
    if !sets.is_empty() && sets.iter().all(is_ours) { Owner::This { stale: None } } else { Owner::Unmanaged }
}

/// Says that a leftover of others has the place of a stack that the blueprint wants.
pub(super) fn refusal(address: &Address, id: &str, status: &str) -> Refusal {
    Refusal {
        code: "stack-of-others".into(),
        address: Some(address.clone()),
        message: format!(
            "{address}: the stack {id} has this name, is {status} and was not made by this blueprint; CloudFormation \
             cannot update it, and landing does not delete it"
        ),
        help: "look at what it holds and delete it in CloudFormation, or give the stack another name in the blueprint"
            .into(),
    }
}

/// Says of a stack that no blueprint has that it can only be deleted, so that a blueprint cannot say it.
pub(super) fn unsayable(address: &Address, status: &str) -> Refusal {
    Refusal {
        code: "stack-of-others".into(),
        address: Some(address.clone()),
        message: format!("it is {status}: CloudFormation does not update it any more"),
        help: "look at what it holds and delete it in CloudFormation".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{TAG_ADDRESS, TAG_BLUEPRINT};

    fn contents(resources: &[&str], change_sets: &[(&str, &str)]) -> StackContents {
        let tags = |(blueprint, address): &(&str, &str)| {
            Tags::from([(TAG_BLUEPRINT.into(), (*blueprint).into()), (TAG_ADDRESS.into(), (*address).into())])
        };
        StackContents {
            resources: resources.iter().map(|it| (*it).to_owned()).collect(),
            change_sets: change_sets.iter().map(tags).collect(),
        }
    }

    const OURS: Owner = Owner::This { stale: None };

    #[test]
    fn only_what_is_ours_and_holds_nothing_is_deleted_without_a_word() {
        assert_eq!(fate(&OURS, &contents(&[], &[])), LeftoverAction::Deleted);
        assert_eq!(fate(&Owner::This { stale: Some("x".into()) }, &contents(&[], &[])), LeftoverAction::Deleted);
        assert_eq!(fate(&OURS, &contents(&["A", "B"], &[])), LeftoverAction::Shown(vec!["A".into(), "B".into()]));
        for owner in [Owner::Unmanaged, Owner::Other("x".into()), Owner::Shared, Owner::ControlTower] {
            assert_eq!(fate(&owner, &contents(&[], &[])), LeftoverAction::Stays, "{owner:?}");
            assert_eq!(fate(&owner, &contents(&["A"], &[])), LeftoverAction::Stays, "{owner:?}");
        }
    }

    #[test]
    fn a_stack_without_tags_is_ours_when_all_of_its_change_sets_are() {
        let address = Address::stack("logs", "archive", "eu-west-1");
        let desired = Desired { blueprint: "b".into(), ..Desired::default() };
        let own = ("b", "stack/logs/archive/eu-west-1");
        let owner = |status: &str, by_tags: Owner, sets: &[(&str, &str)]| {
            owner_of(&desired, &address, (status, by_tags), &contents(&[], sets))
        };
        let reviewed = |sets: &[(&str, &str)]| owner("REVIEW_IN_PROGRESS", Owner::Unmanaged, sets);
        assert_eq!(reviewed(&[own]), OURS);
        assert_eq!(reviewed(&[]), Owner::Unmanaged);
        assert_eq!(reviewed(&[own, ("", "")]), Owner::Unmanaged);
        assert_eq!(reviewed(&[("another", own.1)]), Owner::Unmanaged);
        assert_eq!(reviewed(&[("b", "stack/logs/other/eu-west-1")]), Owner::Unmanaged);
        assert_eq!(owner("REVIEW_IN_PROGRESS", Owner::Other("x".into()), &[own]), Owner::Other("x".into()));
        assert_eq!(owner("REVIEW_IN_PROGRESS", OURS, &[("another", own.1)]), Owner::Unmanaged);
        // Later the stack's own tags say it, regardless of who made its last change set.
        for status in ["CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"] {
            assert_eq!(owner(status, Owner::Unmanaged, &[own]), Owner::Unmanaged, "{status}");
            assert_eq!(owner(status, OURS, &[("another", own.1)]), OURS, "{status}");
        }
    }

    #[test]
    fn what_can_be_updated_or_is_under_way_is_no_leftover() {
        for status in
            ["CREATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "CREATE_IN_PROGRESS", "UPDATE_FAILED", "DELETE_IN_PROGRESS"]
        {
            assert!(!is_leftover(status), "{status}");
        }
        for status in ["ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS", "CREATE_FAILED", "ROLLBACK_FAILED", "DELETE_FAILED"] {
            assert!(is_leftover(status), "{status}");
        }
    }
}
