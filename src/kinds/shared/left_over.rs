//! Stacks that a stack set left in accounts when it was no longer for their unit or region.
//!
//! They keep its tags and all that they made. A new stack of the same template beside one fails where something has a name
//! of its own, and doubles everything else.

use crate::kinds::read::StackFacts;
use crate::model::{Address, Desired, OwnershipTags, Refusal};

/// How many a refusal names; anyone who deletes these sees the others.
const NAMED: usize = 10;

/// The stack that the stack set left there, if it left one. AWS names stacks of stack sets after the set.
pub(in crate::kinds) fn of_set<'a>(
    desired: &Desired,
    set: &Address,
    stacks: &'a [StackFacts],
) -> Option<&'a StackFacts> {
    let (prefix, own) = (format!("StackSet-{}-", set.name()), OwnershipTags::new(&desired.blueprint, set));
    stacks.iter().find(|stack| {
        let is_own = OwnershipTags::take(&mut stack.tags.clone()).as_ref() == Some(&own);
        is_own && stack.name.starts_with(&prefix) && stack.status != "DELETE_COMPLETE"
    })
}

/// Says that a stack set would make stacks where it left some: their ARNs, with where they are.
pub(in crate::kinds) fn refusal(set: &Address, left: &[(String, String)]) -> Refusal {
    let mut named: Vec<String> = left.iter().take(NAMED).map(|(place, id)| format!("{place} ({id})")).collect();
    if left.len() > NAMED {
        named.push(format!("{} more", left.len() - NAMED));
    }
    Refusal {
        code: "left-over-stacks".into(),
        address: Some(set.clone()),
        message: format!("{set} would create stacks beside those that it has left: {}", named.join(", ")),
        help: format!(
            "delete these stacks in their accounts if nothing needs what is in them, or give them back to the stack set: \
             `aws cloudformation import-stacks-to-stack-set --stack-set-name {} --organizational-unit-ids UNIT \
             --stack-ids ARN`, at most 10 at once; then plan again",
            set.name()
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::{TAG_ADDRESS, TAG_BLUEPRINT, Tags};

    fn stack(name: &str, blueprint: &str, address: &str, status: &str) -> StackFacts {
        StackFacts {
            id: format!("arn:{name}"),
            name: name.into(),
            status: status.into(),
            reason: None,
            parameters: BTreeMap::new(),
            outputs: BTreeMap::new(),
            tags: Tags::from([(TAG_BLUEPRINT.into(), blueprint.into()), (TAG_ADDRESS.into(), address.into())]),
            termination_protection: false,
            ..StackFacts::default()
        }
    }

    #[test]
    fn only_a_stack_with_the_sets_name_and_tags_was_left_by_it() {
        let desired = Desired { blueprint: "b".into(), ..Desired::default() };
        let set = Address::stack_set("base");
        let left = |stack: StackFacts| of_set(&desired, &set, &[stack]).is_some();
        assert!(left(stack("StackSet-base-1", "b", "stack-set/base", "UPDATE_COMPLETE")));
        assert!(left(stack("StackSet-base-1", "b", "stack-set/base", "DELETE_FAILED")));
        assert!(!left(stack("StackSet-base-1", "b", "stack-set/base", "DELETE_COMPLETE")));
        assert!(!left(stack("StackSet-baseline-1", "b", "stack-set/base", "UPDATE_COMPLETE")));
        assert!(!left(stack("StackSet-base-1", "b", "stack-set/other", "UPDATE_COMPLETE")));
        assert!(!left(stack("StackSet-base-1", "another", "stack-set/base", "UPDATE_COMPLETE")));
        assert!(!left(stack("base", "b", "stack-set/base", "UPDATE_COMPLETE")));
    }

    #[test]
    fn a_refusal_names_the_stacks_up_to_ten() {
        let left = |count: usize| -> Vec<(String, String)> {
            (0..count).map(|nth| (format!("account/a{nth} in r"), format!("arn:{nth}"))).collect()
        };
        let set = Address::stack_set("base");
        assert!(refusal(&set, &left(2)).message.ends_with("account/a0 in r (arn:0), account/a1 in r (arn:1)"));
        assert!(refusal(&set, &left(12)).message.ends_with("account/a9 in r (arn:9), 2 more"));
        assert!(refusal(&set, &left(1)).help.contains("--stack-set-name base "));
    }
}
