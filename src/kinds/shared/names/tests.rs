use serde_json::json;

use super::*;
use crate::model::{Body, TAG_ADDRESS, TAG_BLUEPRINT};

/// A policy as AWS has it: its id, name, the address in its tags if it has any, and what it says.
#[derive(Clone, Debug, PartialEq)]
struct Policy {
    id: String,
    name: String,
    tagged: Option<String>,
    says: String,
}

fn policy(id: &str, name: &str, tagged: Option<&str>, says: &str) -> Policy {
    Policy { id: id.into(), name: name.into(), tagged: tagged.map(|name| format!("scp/{name}")), says: says.into() }
}

/// One that is tagged with its own name.
fn owned(name: &str, says: &str) -> Policy {
    policy(&format!("p-{name}-{says}"), name, Some(name), says)
}

fn wanted(name: &str, was: &[&str], says: &str) -> Wanted {
    let body: Body = [("name".to_owned(), json!(name)), ("content".to_owned(), json!(says))].into_iter().collect();
    let was = was.iter().map(|was| Address::new("scp", [was])).collect();
    Wanted { was, ..Wanted::new("policy", Address::new("scp", [name]), body) }
}

/// What each policy is taken for, in their order.
fn taken_for(policies: &[Policy], wanted: &[Wanted]) -> Vec<Option<String>> {
    let tags: Vec<Tags> = policies.iter().map(tags_of).collect();
    let candidates: Vec<Candidate<'_>> = policies
        .iter()
        .zip(&tags)
        .map(|(policy, tags)| Candidate { id: &policy.id, name: &policy.name, tags })
        .collect();
    let wanted: Vec<&Wanted> = wanted.iter().collect();
    let given =
        assign("ours", &wanted, &candidates, &|wanted, nth| wanted.body["content"] == policies[nth].says.as_str());
    given.into_iter().map(|wanted| wanted.map(|wanted| wanted.address.name())).collect()
}

fn tags_of(policy: &Policy) -> Tags {
    let Some(address) = &policy.tagged else { return Tags::new() };
    Tags::from([(TAG_BLUEPRINT.to_owned(), "ours".to_owned()), (TAG_ADDRESS.to_owned(), address.clone())])
}

fn some(names: &[&str]) -> Vec<Option<String>> {
    names.iter().map(|name| Some((*name).to_owned())).collect()
}

#[test]
fn an_owned_resource_is_known_by_its_tag_whatever_its_name_is() {
    assert_eq!(taken_for(&[policy("p-1", "by hand", Some("a"), "x")], &[wanted("a", &[], "x")]), some(&["a"]));
}

#[test]
fn a_resource_without_tags_is_known_by_its_name() {
    assert_eq!(taken_for(&[policy("p-1", "a", None, "x")], &[wanted("a", &[], "y")]), some(&["a"]));
}

#[test]
fn a_renamed_resource_is_known_by_its_earlier_address_or_name() {
    assert_eq!(taken_for(&[owned("old", "x")], &[wanted("new", &["old"], "y")]), some(&["new"]));
    assert_eq!(taken_for(&[policy("p-1", "old", None, "x")], &[wanted("new", &["old"], "y")]), some(&["new"]));
    assert_eq!(
        taken_for(&[policy("p-1", "by hand", Some("old"), "x")], &[wanted("new", &["old"], "y")]),
        some(&["new"])
    );
}

#[test]
fn a_resource_that_nothing_names_is_unmanaged() {
    assert_eq!(
        taken_for(&[owned("other", "x"), policy("p-2", "third", None, "x")], &[wanted("a", &["b"], "x")]),
        [None, None]
    );
}

#[test]
fn another_blueprints_tags_do_not_count() {
    let tags = Tags::from([(TAG_BLUEPRINT.into(), "theirs".into()), (TAG_ADDRESS.into(), "scp/a".into())]);
    let candidates = [Candidate { id: "p-1", name: "b", tags: &tags }];
    let wanted = wanted("a", &[], "x");
    assert!(assign("ours", &[&wanted], &candidates, &|_, _| true)[0].is_none());
}

#[test]
fn the_own_tag_goes_before_the_own_name() {
    let policies = [policy("p-1", "x", Some("a"), "s"), policy("p-2", "a", None, "s")];
    assert_eq!(taken_for(&policies, &[wanted("a", &[], "s")]), [Some("a".to_owned()), None]);
}

#[test]
fn the_own_name_goes_before_an_earlier_address() {
    let policies = [owned("old", "x"), policy("p-2", "new", None, "y")];
    assert_eq!(taken_for(&policies, &[wanted("new", &["old"], "z")]), [None, Some("new".to_owned())]);
}

#[test]
fn the_earlier_address_goes_before_the_earlier_name() {
    let policies = [policy("p-1", "old", None, "x"), policy("p-2", "by hand", Some("old"), "x")];
    assert_eq!(taken_for(&policies, &[wanted("new", &["old"], "y")]), [None, Some("new".to_owned())]);
}

#[test]
fn was_does_not_take_what_another_resource_of_the_blueprint_is() {
    let both = [wanted("a", &[], "x"), wanted("b", &["a"], "y")];
    assert_eq!(taken_for(&[owned("a", "z")], &both), some(&["a"]));
    assert_eq!(taken_for(&[policy("p-1", "a", None, "z")], &both), some(&["a"]));
}

#[test]
fn of_two_with_the_same_tag_the_one_with_the_name_counts() {
    let policies = [policy("p-1", "x", Some("a"), "s"), policy("p-2", "a", Some("a"), "t")];
    assert_eq!(taken_for(&policies, &[wanted("a", &[], "u")]), [None, Some("a".to_owned())]);
}

#[test]
fn contents_that_changed_places_with_others_follow_their_new_names() {
    let policies = [owned("one", "s3"), owned("two", "ec2")];
    let swapped = [wanted("one", &["two"], "ec2"), wanted("two", &["one"], "s3")];
    assert_eq!(taken_for(&policies, &swapped), some(&["two", "one"]));
    let without_was = [wanted("one", &[], "ec2"), wanted("two", &[], "s3")];
    assert_eq!(taken_for(&policies, &without_was), some(&["two", "one"]));
}

#[test]
fn contents_that_no_one_asked_for_are_changed_in_place() {
    let policies = [owned("one", "s3"), owned("two", "ec2")];
    let other = [wanted("one", &["two"], "kms"), wanted("two", &["one"], "sqs")];
    assert_eq!(taken_for(&policies, &other), some(&["one", "two"]));
    // Half of an exchange is none: what the second says now would be left over.
    let half = [wanted("one", &["two"], "kms"), wanted("two", &["one"], "s3")];
    assert_eq!(taken_for(&policies, &half), some(&["one", "two"]));
}

#[test]
fn a_new_policy_takes_anothers_content_only_where_was_says_so() {
    let policies = [owned("base-1", "s3")];
    let copied = [wanted("base-1", &[], "iam"), wanted("base-2", &[], "s3")];
    assert_eq!(taken_for(&policies, &copied), some(&["base-1"]));
    let renamed = [wanted("base-1", &[], "iam"), wanted("base-2", &["base-1"], "s3")];
    assert_eq!(taken_for(&policies, &renamed), some(&["base-2"]));
}

#[test]
fn a_chain_of_names_moves_up_with_its_contents() {
    let policies = [owned("base-1", "s3"), owned("base-2", "ec2")];
    let moved =
        [wanted("base-1", &[], "iam"), wanted("base-2", &["base-1"], "s3"), wanted("base-3", &["base-2"], "ec2")];
    assert_eq!(taken_for(&policies, &moved), some(&["base-2", "base-3"]));
}

#[test]
fn a_policy_that_says_what_it_should_keeps_its_name() {
    let policies = [owned("one", "same"), owned("two", "same")];
    let swapped = [wanted("one", &["two"], "same"), wanted("two", &["one"], "same")];
    assert_eq!(taken_for(&policies, &swapped), some(&["one", "two"]));
}

#[test]
fn another_blueprints_policy_is_never_taken_for_its_content() {
    let tags = [("ours", "scp/one"), ("theirs", "scp/two")].map(|(blueprint, address)| {
        Tags::from([(TAG_BLUEPRINT.into(), blueprint.into()), (TAG_ADDRESS.into(), address.into())])
    });
    let candidates =
        [Candidate { id: "p-1", name: "one", tags: &tags[0] }, Candidate { id: "p-2", name: "two", tags: &tags[1] }];
    let (one, two) = (wanted("one", &["two"], "x"), wanted("two", &["one"], "y"));
    let given =
        assign("ours", &[&one, &two], &candidates, &|wanted, nth| (wanted.address.name() == "one") == (nth == 1));
    let names: Vec<_> = given.into_iter().map(|it| it.map(|it| it.address.name())).collect();
    assert_eq!(names, some(&["one", "two"]));
}

/// What an apply makes of the policies.
fn applied(policies: &[Policy], wanted: &[Wanted]) -> Vec<Policy> {
    let given = taken_for(policies, wanted);
    let says = |name: &str| {
        let wanted = wanted.iter().find(|wanted| wanted.address.name() == name).expect("it is wanted");
        wanted.body["content"].as_str().expect("a text").to_owned()
    };
    let mut after: Vec<Policy> = policies
        .iter()
        .zip(&given)
        .map(|(policy, name)| match name {
            Some(name) => self::policy(&policy.id, name, Some(name), &says(name)),
            None => policy.clone(),
        })
        .collect();
    for wanted in wanted.iter().filter(|wanted| !given.contains(&Some(wanted.address.name()))) {
        let name = wanted.address.name();
        after.push(policy(&format!("p-new-{name}"), &name, Some(&name), &says(&name)));
    }
    after
}

fn permutations(n: usize) -> Vec<Vec<usize>> {
    let mut all = vec![vec![]];
    for _ in 0..n {
        all = all
            .into_iter()
            .flat_map(|start: Vec<usize>| {
                (0..n)
                    .filter(|nth| !start.contains(nth))
                    .map(|nth| [start.clone(), vec![nth]].concat())
                    .collect::<Vec<_>>()
            })
            .collect();
    }
    all
}

#[test]
fn every_permutation_of_names_converges_in_whatever_order_aws_lists_them() {
    const NAMES: [&str; 4] = ["a", "b", "c", "d"];
    for n in 2..=NAMES.len() {
        for renaming in permutations(n) {
            for with_was in [true, false] {
                // What was called by one name is called by that at its place in the permutation, and says what it said.
                let wanted: Vec<Wanted> = (0..n)
                    .map(|nth| {
                        let was = if with_was && renaming[nth] != nth { vec![NAMES[nth]] } else { Vec::new() };
                        wanted(NAMES[renaming[nth]], &was, NAMES[nth])
                    })
                    .collect();
                for listing in permutations(n) {
                    let policies: Vec<Policy> = listing.iter().map(|nth| owned(NAMES[*nth], NAMES[*nth])).collect();
                    let after = applied(&policies, &wanted);
                    let unchanged = after.iter().zip(&policies).all(|(after, before)| after.says == before.says);
                    assert!(unchanged && after.len() == n, "{renaming:?} {listing:?}: {after:?}");
                    assert_eq!(applied(&after, &wanted), after, "the second plan is not empty");
                }
            }
        }
    }
}

#[test]
fn an_exchange_that_was_cut_off_anywhere_goes_on() {
    let wanted = [wanted("one", &["two"], "ec2"), wanted("two", &["one"], "s3")];
    let (a, b) = (|name, tag| policy("p-a", name, Some(tag), "s3"), |name, tag| policy("p-b", name, Some(tag), "ec2"));
    // The steps: make room, take the name, tag, and the same for the other.
    for state in [
        [a("landing-temporary-p-a", "one"), b("two", "two")],
        [a("landing-temporary-p-a", "one"), b("one", "two")],
        [a("landing-temporary-p-a", "one"), b("one", "one")],
        [a("two", "one"), b("one", "one")],
        [a("two", "two"), b("one", "one")],
    ] {
        for listing in [[0, 1], [1, 0]] {
            let policies = listing.map(|nth: usize| state[nth].clone());
            let after = applied(&policies, &wanted);
            let names: Vec<(&str, &str)> = after.iter().map(|it| (it.id.as_str(), it.name.as_str())).collect();
            assert!(names.contains(&("p-a", "two")) && names.contains(&("p-b", "one")), "{state:?}: {names:?}");
            assert_eq!(names.len(), 2);
        }
    }
}

#[test]
fn what_the_blueprint_does_not_know_has_an_address_that_nothing_else_has() {
    let tags = Tags::new();
    let candidates = ["p-3", "p-1", "p-2"].map(|id| Candidate { id, name: "a", tags: &tags });
    let known = wanted("a", &[], "x");
    let natural = |name: &str| Address::new("scp", [name]);
    let addresses = free_addresses(&[Some(&known), None, None], &candidates, natural);
    assert_eq!(addresses.iter().map(Address::as_str).collect::<Vec<_>>(), ["scp/a", "scp/a (2)", "scp/a (3)"]);
}

/// A blueprint and what was found: the address, the address in the tags where it is another one, and the name.
fn world(wanted: Vec<Wanted>, found: &[(&str, Option<&str>, &str)]) -> (Desired, Observed) {
    let mut desired = Desired { blueprint: "ours".into(), ..Desired::default() };
    wanted.into_iter().for_each(|wanted| desired.add(wanted));
    let mut observed = Observed::default();
    for (address, stale, name) in found {
        observed.add(Found {
            address: Address::parse(address),
            kind: "policy".into(),
            id: format!("p-{}", Address::parse(address).name()),
            owner: Owner::This { stale: stale.map(str::to_owned) },
            body: [("name".to_owned(), json!(name))].into_iter().collect(),
            parent: Some(Address::organization()),
            attached_to: Vec::new(),
        });
    }
    (desired, observed)
}

fn notes(wanted: Vec<Wanted>, found: &[(&str, Option<&str>, &str)]) -> Vec<String> {
    let (desired, mut observed) = world(wanted, found);
    note_vain_was(&desired, &mut observed);
    observed.findings.notes.into_iter().map(|note| note.what).collect()
}

#[test]
fn was_without_effect_is_said() {
    let both = || vec![wanted("a", &[], "x"), wanted("b", &["a"], "y")];
    let neither = "`was: a` has no effect: scp/a exists; both exist, so neither is renamed";
    assert_eq!(notes(both(), &[("scp/a", None, "a"), ("scp/b", None, "b")]), [neither]);
    let new = "`was: a` has no effect: scp/a exists; that one keeps its name, and a new one is created";
    assert_eq!(notes(both(), &[("scp/a", None, "a")]), [new]);
    // The blueprint does not have it any more, and it was not renamed since the new name is in use.
    assert_eq!(notes(vec![wanted("b", &["a"], "y")], &[("scp/a", None, "a"), ("scp/b", None, "b")]), [neither]);
}

#[test]
fn was_that_has_an_effect_or_had_it_is_not_noted() {
    let renamed = || vec![wanted("b", &["a"], "y")];
    assert!(notes(renamed(), &[("scp/b", Some("scp/a"), "a")]).is_empty());
    assert!(notes(renamed(), &[("scp/b", None, "a")]).is_empty());
    assert!(notes(renamed(), &[("scp/b", None, "b")]).is_empty());
    let swapped = vec![wanted("a", &["b"], "x"), wanted("b", &["a"], "y")];
    assert!(notes(swapped, &[("scp/b", Some("scp/a"), "a"), ("scp/a", Some("scp/b"), "b")]).is_empty());
}

#[test]
fn two_resources_with_the_tags_of_one_are_a_refusal_that_names_both() {
    let (desired, mut observed) =
        world(vec![wanted("a", &[], "x")], &[("scp/a", None, "a"), ("scp/b", Some("scp/a"), "b")]);
    refuse_doubles(&desired, &mut observed);
    let refusals: Vec<_> =
        observed.findings.refusals.iter().map(|it| (it.code.as_str(), it.message.as_str())).collect();
    assert_eq!(refusals, [("claimed-twice", "a (p-a) and b (p-b) both carry the ownership tags of scp/a")]);
}

#[test]
fn tags_of_what_is_not_in_the_blueprint_or_not_there_claim_nothing() {
    for (wanted, found) in [
        (vec![], vec![("scp/a", None, "a"), ("scp/b", Some("scp/a"), "b")]),
        (vec![wanted("a", &[], "x")], vec![("scp/b", Some("scp/a"), "b")]),
        (vec![wanted("a", &[], "x")], vec![("scp/a", None, "a"), ("scp/b", Some("scp/c"), "b")]),
        (vec![wanted("a", &[], "x"), wanted("b", &[], "x")], vec![("scp/a", None, "a"), ("scp/b", Some("scp/a"), "b")]),
    ] {
        let (desired, mut observed) = world(wanted, &found);
        refuse_doubles(&desired, &mut observed);
        assert_eq!(observed.findings.refusals, []);
    }
}

#[test]
fn a_name_that_a_stranger_has_is_refused_and_one_that_becomes_free_is_not() {
    let refused = |owner: Owner, wanted: Vec<Wanted>| {
        let (desired, mut observed) = world(wanted, &[("scp/a", Some("scp/old"), "old"), ("scp/a (2)", None, "a")]);
        observed.found.get_mut(&Address::parse("scp/a (2)")).expect("it is there").owner = owner;
        refuse_taken_names("policy", &desired, &mut observed);
        observed.findings.refusals.iter().map(|it| it.code.clone()).collect::<Vec<_>>()
    };
    let a = || wanted("a", &[], "x");
    assert_eq!(refused(Owner::Unmanaged, vec![a()]), ["name-taken"]);
    assert_eq!(refused(Owner::Other("theirs".into()), vec![a()]), ["name-taken"]);
    assert!(refused(Owner::This { stale: None }, vec![a()]).is_empty());
    assert!(refused(Owner::Unmanaged, vec![a(), wanted("a (2)", &[], "x")]).is_empty());
}

#[test]
fn of_two_that_say_the_same_the_one_that_was_names_is_followed() {
    let policies = [
        policy("p-3", "one", Some("one"), "o"),
        policy("p-2", "two", Some("two"), "x"),
        policy("p-1", "three", Some("three"), "x"),
    ];
    let wanted = [wanted("one", &["two"], "x"), wanted("two", &["one"], "o"), wanted("three", &[], "w")];
    assert_eq!(taken_for(&policies, &wanted), some(&["two", "one", "three"]));
}

/// Whether `was` of what is wanted is noted as having no effect, where both are there and the blueprint may have both.
fn is_noted(kind: &str, address: &str, was: &str, has_both: bool) -> bool {
    let of = |address: &str| Wanted::new(kind, Address::parse(address), Body::new());
    let mut desired = Desired::default();
    desired.add(Wanted { was: vec![Address::parse(was)], ..of(address) });
    if has_both {
        desired.add(of(was));
    }
    let mut observed = Observed::default();
    for address in [address, was] {
        observed.add(Found {
            address: Address::parse(address),
            kind: kind.into(),
            id: address.into(),
            owner: Owner::This { stale: None },
            body: Body::new(),
            parent: None,
            attached_to: Vec::new(),
        });
    }
    note_vain_was(&desired, &mut observed);
    !observed.findings.notes.is_empty()
}

#[test]
fn was_of_another_place_says_where_a_unit_came_from_and_is_not_noted() {
    assert!(is_noted("organizational-unit", "ou/A/new", "ou/A/old", true));
    assert!(is_noted("organizational-unit", "ou/A/new", "ou/A/old", false));
    assert!(!is_noted("organizational-unit", "ou/A/new", "ou/B/old", true));
}

#[test]
fn a_permission_set_goes_for_its_successor_unless_the_blueprint_keeps_it() {
    assert!(is_noted("permission-set", "permission-set/new", "permission-set/old", true));
    assert!(!is_noted("permission-set", "permission-set/new", "permission-set/old", false));
    assert!(is_noted("account", "account/new", "account/old", true));
    assert!(!is_noted("account", "account/same", "account/same", true));
}

#[test]
fn temporary_names_are_those_of_ids() {
    assert_eq!(temporary_name("p-1"), "landing-temporary-p-1");
}
