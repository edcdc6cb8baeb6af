//! What a stack that was found is to the blueprint.
//!
//! An administrator of a member account can create stacks there and give them any name and any tags. So a stack is
//! matched by where it is (the account that was entered, the region, the name) and never by a tag that names an address
//! somewhere else.

use std::collections::BTreeSet;

use super::super::read::StackFacts;
use crate::kinds::shared::site::Site;
use crate::model::{Address, Desired, OwnershipTags, Presence, Refusal, Untrusted, Wanted};

/// What a stack is to the blueprint.
#[derive(Debug, PartialEq)]
pub(super) enum StackOwnership<'a> {
    /// It has the account, region and name of a stack that the blueprint wants; its tags say whose it is.
    Wanted(&'a Wanted),
    /// The blueprint made it where its own records say that it has made stacks, and wants it no more.
    Dropped,
    /// Its tags name this blueprint and an address that is not its own.
    Claims(String),
    /// A stack set made it, and the set's kind manages it.
    OfASet,
    /// It has nothing to do with the blueprint.
    Other,
}

/// The address that a stack has because of where it is.
pub(super) fn natural(site: &Site, name: &str) -> Address {
    Address::stack(&site.account.name(), name, &site.region)
}

/// What `stack` is to the blueprint. `is_recorded` says that the blueprint's own records name the account, the region and
/// the stack's name.
pub(super) fn standing<'a>(
    desired: &'a Desired,
    site: &Site,
    is_recorded: bool,
    stack: &StackFacts,
) -> StackOwnership<'a> {
    let natural = natural(site, &stack.name);
    if let Some(wanted) = desired.get(&natural).filter(|wanted| wanted.presence == Presence::Present) {
        return StackOwnership::Wanted(wanted);
    }
    let Some(tags) = OwnershipTags::take(&mut stack.tags.clone()) else { return StackOwnership::Other };
    let tagged = Address::parse(&tags.address);
    if is_of_a_set(stack, &tagged) {
        return StackOwnership::OfASet;
    }
    if tags.blueprint != desired.blueprint {
        return StackOwnership::Other;
    }
    let is_wanted = desired.of_kind("stack").any(|it| OwnershipTags::new(&desired.blueprint, &it.address) == tags);
    let is_own =
        tags == OwnershipTags::new(&desired.blueprint, &natural) || is_of_earlier_name(desired, &tagged, &natural);
    if is_recorded && !is_wanted && is_own {
        return StackOwnership::Dropped;
    }
    StackOwnership::Claims(tags.address)
}

/// Whether the stack's ARN is of the account that was entered, the region that was asked and the stack's name.
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html>
pub(super) fn is_in(stack: &StackFacts, account: &str, region: &str) -> bool {
    let parts: Vec<&str> = stack.id.splitn(6, ':').collect();
    let ["arn", _, "cloudformation", of_region, of_account, resource] = parts.as_slice() else { return false };
    let name = resource.strip_prefix("stack/").and_then(|rest| rest.split('/').next());
    *of_account == account && *of_region == region && name == Some(stack.name.as_str())
}

/// Whether a tag names this stack, but its account by a name that the blueprint has no account of any more.
fn is_of_earlier_name(desired: &Desired, tagged: &Address, natural: &Address) -> bool {
    let parts = |address: &Address| address.as_str().split('/').map(str::to_owned).collect::<Vec<_>>();
    let (tagged, natural) = (parts(tagged), parts(natural));
    let is_known = |account: &str| account == "management" || desired.get(&Address::account(account)).is_some();
    match (tagged.as_slice(), natural.as_slice()) {
        ([kind, account, name, region], [_, _, own_name, own_region]) => {
            kind == "stack" && name == own_name && region == own_region && !is_known(account)
        }
        _ => false,
    }
}

/// Stacks bear the tags of the stack set that made them, also when it has left them. Their names are made by AWS.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-concepts.html>
fn is_of_a_set(stack: &StackFacts, tagged: &Address) -> bool {
    tagged.prefix() == "stack-set" && stack.name.starts_with("StackSet-")
}

/// Says that a stack names an address by its tags that is not its own.
pub(super) fn untrusted(site: &Site, stack: &StackFacts, claimed: &str) -> Untrusted {
    Untrusted {
        address: natural(site, &stack.name),
        why: format!("the tags of {} claim to be {claimed}, which is not where it is: it is not used", stack.id),
    }
}

/// Says that a stack is of another account or region than was asked.
pub(super) fn elsewhere(site: &Site, stack: &StackFacts, account: &str) -> Untrusted {
    Untrusted {
        address: natural(site, &stack.name),
        why: format!("its ARN {} is not of the account {account} in {}: it is not used", stack.id, site.region),
    }
}

/// Refuses every wanted stack of this account and region whose address another stack of the same account and region
/// claims by its tags.
pub(super) fn claimants(desired: &Desired, site: &Site, stacks: &[StackFacts]) -> Vec<Refusal> {
    let here: Vec<&Wanted> = desired.of_kind("stack").filter(|it| is_wanted_at(it, site)).collect();
    let refusal = |wanted: &&Wanted| {
        let own = OwnershipTags::new(&desired.blueprint, &wanted.address);
        let is_named = |stack: &&StackFacts| natural(site, &stack.name) == wanted.address;
        let claims = |stack: &&StackFacts| OwnershipTags::take(&mut stack.tags.clone()).as_ref() == Some(&own);
        let all: BTreeSet<&str> =
            stacks.iter().filter(|it| is_named(it) || claims(it)).map(|it| it.id.as_str()).collect();
        (all.len() > 1).then(|| two(&wanted.address, &all.into_iter().collect::<Vec<_>>()))
    };
    here.iter().filter_map(refusal).collect()
}

fn is_wanted_at(wanted: &Wanted, site: &Site) -> bool {
    wanted.parent.as_ref() == Some(&site.account) && Site::of(&wanted.address, &site.account).as_ref() == Some(site)
}

fn two(address: &Address, stacks: &[&str]) -> Refusal {
    Refusal {
        code: "two-claimants".into(),
        address: Some(address.clone()),
        message: format!("{} stacks claim to be {address}: {}", stacks.len(), stacks.join(" and ")),
        help: "find out who tagged the one that landing did not make, and remove its tags landing:blueprint and \
               landing:address, or delete it"
            .into(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::{Body, TAG_ADDRESS, TAG_BLUEPRINT, Tags};

    const HOME: &str = "eu-west-1";

    fn site() -> Site {
        Site { account: Address::account("logs"), region: HOME.into() }
    }

    /// A blueprint `b` that wants the stack `archive` in the account `logs`.
    fn desired() -> Desired {
        let mut desired = Desired { blueprint: "b".into(), ..Desired::default() };
        let address = Address::stack("logs", "archive", HOME);
        desired.add(Wanted::new("stack", address, Body::new()).under(Address::account("logs")));
        desired.add(Wanted::new("account", Address::account("logs"), Body::new()));
        desired.add(Wanted::new("account", Address::account("zeta"), Body::new()));
        desired
    }

    fn stack(name: &str, tags: &[(&str, &str)]) -> StackFacts {
        StackFacts {
            id: format!("arn:aws:cloudformation:eu-west-1:111111111111:stack/{name}/1"),
            name: name.into(),
            status: "CREATE_COMPLETE".into(),
            reason: None,
            parameters: BTreeMap::new(),
            outputs: BTreeMap::new(),
            tags: tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect::<Tags>(),
            termination_protection: false,
            ..StackFacts::default()
        }
    }

    fn ours(name: &str, address: &str) -> StackFacts {
        stack(name, &[(TAG_BLUEPRINT, "b"), (TAG_ADDRESS, address)])
    }

    fn reported(stack: &StackFacts, is_recorded: bool) -> String {
        match standing(&desired(), &site(), is_recorded, stack) {
            StackOwnership::Wanted(wanted) => format!("wanted {}", wanted.address),
            StackOwnership::Dropped => "dropped".into(),
            StackOwnership::Claims(address) => format!("claims {address}"),
            StackOwnership::OfASet => "of a set".into(),
            StackOwnership::Other => "other".into(),
        }
    }

    #[test]
    fn a_stack_is_matched_by_where_it_is_whatever_its_tags_say() {
        for stack in [
            stack("archive", &[]),
            ours("archive", "stack/logs/archive/eu-west-1"),
            ours("archive", "stack/other/x/eu-west-1"),
            stack("archive", &[(TAG_BLUEPRINT, "another"), (TAG_ADDRESS, "stack/logs/archive/eu-west-1")]),
            ours("archive", "stack-set/archive"),
        ] {
            assert_eq!(reported(&stack, false), "wanted stack/logs/archive/eu-west-1", "{:?}", stack.tags);
        }
    }

    #[test]
    fn a_stack_that_claims_an_address_elsewhere_is_not_matched() {
        for (name, claimed) in [
            // A wanted stack's address, from a stack with another name and from a stack of another account.
            ("shadow", "stack/logs/archive/eu-west-1"),
            // Another region's, and one that no one wants.
            ("old", "stack/logs/old/us-east-1"),
            ("old", "stack/logs/other/eu-west-1"),
            ("old", "ou/Workloads"),
            ("old", ""),
            ("set", "stack-set/budget"),
        ] {
            assert_eq!(reported(&ours(name, claimed), true), format!("claims {claimed}"));
        }
    }

    #[test]
    fn the_place_of_another_account_does_not_match_by_tags() {
        let zeta = Site { account: Address::account("zeta"), region: HOME.into() };
        let desired = desired();
        let stack = ours("archive", "stack/logs/archive/eu-west-1");
        assert_eq!(
            standing(&desired, &zeta, true, &stack),
            StackOwnership::Claims("stack/logs/archive/eu-west-1".into())
        );
    }

    #[test]
    fn what_the_blueprint_dropped_is_known_only_where_its_records_say_that_it_was() {
        let dropped = ours("old", "stack/logs/old/eu-west-1");
        assert_eq!(reported(&dropped, true), "dropped");
        assert_eq!(reported(&dropped, false), "claims stack/logs/old/eu-west-1");
        // The account has had another name in the blueprint.
        assert_eq!(reported(&ours("old", "stack/archive-account/old/eu-west-1"), true), "dropped");
        for other in ["zeta", "management"] {
            let claimed = format!("stack/{other}/old/eu-west-1");
            assert_eq!(reported(&ours("old", &claimed), true), format!("claims {claimed}"));
        }
    }

    #[test]
    fn stacks_of_others_and_of_stack_sets_are_left_alone() {
        assert_eq!(reported(&stack("old", &[]), true), "other");
        assert_eq!(
            reported(&stack("old", &[(TAG_BLUEPRINT, "x"), (TAG_ADDRESS, "stack/logs/old/eu-west-1")]), true),
            "other"
        );
        assert_eq!(reported(&ours("StackSet-budget-1", "stack-set/budget"), true), "of a set");
        let of_another = stack("StackSet-budget-1", &[(TAG_BLUEPRINT, "x"), (TAG_ADDRESS, "stack-set/budget")]);
        assert_eq!(reported(&of_another, true), "of a set");
    }

    #[test]
    fn two_claimants_of_an_address_in_one_place_are_refused_by_name() {
        let (own, shadow) =
            (ours("archive", "stack/logs/archive/eu-west-1"), ours("shadow", "stack/logs/archive/eu-west-1"));
        let refusals = claimants(&desired(), &site(), &[own.clone(), shadow.clone(), stack("x", &[])]);
        assert_eq!(refusals.len(), 1);
        assert_eq!(refusals[0].code, "two-claimants");
        assert!(refusals[0].message.contains(&own.id) && refusals[0].message.contains(&shadow.id));
        assert!(claimants(&desired(), &site(), std::slice::from_ref(&own)).is_empty());
        assert!(claimants(&desired(), &site(), std::slice::from_ref(&shadow)).is_empty());
        let elsewhere = Site { account: Address::account("logs"), region: "us-east-1".into() };
        assert!(claimants(&desired(), &elsewhere, &[own, shadow]).is_empty());
    }

    #[test]
    fn an_arn_of_another_account_region_or_name_is_not_of_this_place() {
        let stack = stack("archive", &[]);
        assert!(is_in(&stack, "111111111111", HOME));
        assert!(!is_in(&stack, "222222222222", HOME));
        assert!(!is_in(&stack, "111111111111", "us-east-1"));
        for id in [
            "arn:aws:cloudformation:eu-west-1:111111111111:stack/other/1",
            "arn:aws:cloudformation:eu-west-1:111111111111:stackset/archive/1",
            "arn:aws:s3:eu-west-1:111111111111:stack/archive/1",
            "archive",
            "",
        ] {
            assert!(!is_in(&StackFacts { id: id.into(), ..stack.clone() }, "111111111111", HOME), "{id}");
        }
    }
}
