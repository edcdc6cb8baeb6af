use super::*;

#[test]
fn what_exists_comes_before_what_lives_in_it() {
    let mut world = World::default();
    world.unit("ou/A", false, true).unit("ou/A/B", false, true).account("x", None, Some("ou/A/B"));
    let ordered = world.ordered();
    assert_eq!(ordered.needs("account/x"), ["ou/A/B"]);
    assert_eq!(ordered.needs("ou/A/B"), ["ou/A"]);
    assert_eq!(ordered.needs("ou/A"), [""; 0]);
}

#[test]
fn what_exists_already_is_not_waited_for() {
    let mut world = World::default();
    world.unit("ou/A", true, true).account("x", None, Some("ou/A"));
    assert_eq!(world.ordered().needs("account/x"), [""; 0]);
}

#[test]
fn a_guardrail_comes_after_the_accounts_made_under_it_and_does_not_need_them() {
    let mut world = World::default();
    world.unit("ou/A", true, true).unit("ou/B", true, true);
    world.account("new", None, Some("ou/A")).account("other", None, Some("ou/B"));
    world.policy("scp/p", None, Some(denying(&["a:B"]))).attached("scp/p", &[], &["ou/A", "root"]);
    let ordered = world.ordered();
    assert_eq!(ordered.after("scp/p@ou/A"), ["account/new"]);
    assert_eq!(ordered.after("scp/p@root"), ["account/new", "account/other"]);
    assert_eq!(ordered.needs("scp/p@ou/A"), ["scp/p"]);
    assert_eq!(ordered.needs("scp/p@root"), ["scp/p"]);
}

#[test]
fn a_guardrail_comes_after_what_is_made_in_accounts_under_it() {
    let mut world = World::default();
    world.unit("ou/A", true, true).account("x", Some("ou/A"), Some("ou/A")).account("y", Some("root"), Some("root"));
    world.make("stack", "stack/x/s/eu-west-1", "account/x", &["account/x"]);
    world.make("stack", "stack/y/s/eu-west-1", "account/y", &["account/y"]);
    world.make("region", "region/x/ap-east-1", "account/x", &["account/x"]);
    world.policy("scp/p", None, Some(denying(&["a:B"]))).attached("scp/p", &[], &["ou/A", "account/y"]);
    let ordered = world.ordered();
    assert_eq!(ordered.after("scp/p@ou/A"), ["region/x/ap-east-1", "stack/x/s/eu-west-1"]);
    assert_eq!(ordered.after("scp/p@account/y"), ["stack/y/s/eu-west-1"]);
    assert_eq!(ordered.needs("scp/p@ou/A"), ["scp/p"]);
}

#[test]
fn a_guardrail_comes_after_stack_sets_that_reach_its_accounts() {
    let mut world = World::default();
    world.unit("ou/A", true, true).unit("ou/A/B", true, true).unit("ou/C", true, true);
    world.make("stack-set", "stack-set/s", "organization", &["ou/A/B"]);
    world.policy("scp/p", None, Some(denying(&["a:B"]))).attached("scp/p", &[], &["ou/A", "ou/C"]);
    let ordered = world.ordered();
    assert_eq!(ordered.after("scp/p@ou/A"), ["stack-set/s"]);
    assert_eq!(ordered.after("scp/p@ou/C"), [""; 0]);
}

#[test]
fn a_stack_set_comes_after_the_accounts_made_for_it_and_does_not_need_them() {
    let mut world = World::default();
    world.unit("ou/A", true, true).unit("ou/C", true, true);
    world.account("x", None, Some("ou/A")).account("y", None, Some("ou/C"));
    world.make("stack-set", "stack-set/s", "organization", &["ou/A"]);
    let ordered = world.ordered();
    assert_eq!((ordered.after("stack-set/s"), ordered.needs("stack-set/s")), (vec!["account/x"], vec![]));
}

#[test]
fn an_assignment_does_not_wait_for_the_stacks_of_its_account() {
    let mut world = World::default();
    world.account("x", None, Some("root"));
    world.make("stack", "stack/x/s/eu-west-1", "account/x", &["account/x"]);
    world.make("assignment", "assignment/admin/group/g@account/x", "account/x", &["account/x"]);
    let ordered = world.ordered();
    assert_eq!(ordered.needs("assignment/admin/group/g@account/x"), ["account/x"]);
    assert_eq!(ordered.after("assignment/admin/group/g@account/x"), [""; 0]);
}

fn assignment(world: &mut World, address: &str) {
    world.find("assignment", &at(address), Some(at("account/x")), Body::new(), &[&at("account/x")]);
}

#[test]
fn an_assignment_goes_once_its_successor_is_there() {
    let mut world = World::default();
    world.account("x", Some("root"), Some("root"));
    assignment(&mut world, "assignment/old/group/g@account/x");
    world.make("assignment", "assignment/new/group/g@account/x", "account/x", &[]);
    world.make("assignment", "assignment/old/group/h@account/x", "account/x", &[]);
    world.make("assignment", "assignment/other/group/i@account/x", "account/x", &[]);
    assert_eq!(
        world.ordered().needs("assignment/old/group/g@account/x"),
        ["assignment/new/group/g@account/x", "assignment/old/group/h@account/x"],
        "the same principal's and the same set's, and no one else's"
    );
}

#[test]
fn a_policy_is_attached_once_it_says_what_it_should() {
    let mut world = World::default();
    world.unit("ou/A", true, true);
    world.policy("scp/p", Some(denying(&["a:A"])), Some(denying(&["a:B"]))).attached("scp/p", &[], &["ou/A"]);
    assert_eq!(world.ordered().needs("scp/p@ou/A"), ["scp/p"]);
}

#[test]
fn a_policy_is_detached_once_what_replaces_it_is_attached() {
    let mut world = World::default();
    world.unit("ou/A", true, true).unit("ou/B", true, true);
    world.policy("scp/old", Some(denying(&["a:A"])), Some(denying(&["a:A"])));
    world.policy("scp/new", None, Some(denying(&["b:B"])));
    world.attached("scp/old", &["ou/A"], &[]).attached("scp/new", &[], &["ou/A", "ou/B"]);
    assert_eq!(world.ordered().needs("scp/old@ou/A"), ["scp/new@ou/A"]);
}

#[test]
fn what_is_deleted_is_left_first() {
    let mut world = World::default();
    world.unit("ou/A", true, false).unit("ou/A/B", true, false).unit("ou/C", true, true);
    world.account("x", Some("ou/A/B"), Some("ou/C"));
    world.policy("scp/p", Some(denying(&["a:A"])), None).attached("scp/p", &["ou/A", "ou/C"], &[]);
    let ordered = world.ordered();
    assert_eq!(ordered.needs("ou/A"), ["ou/A/B"]);
    assert_eq!(ordered.needs("ou/A/B"), ["account/x"]);
    // The unit's deletion detaches the policy there.
    assert_eq!(ordered.needs("scp/p"), ["ou/A", "scp/p@ou/C"]);
    assert!(!ordered.addresses().contains(&"scp/p@ou/A"));
}

#[test]
fn a_name_is_free_before_it_is_taken() {
    let mut world = World::default();
    world.policy("scp/b", Some(denying(&["a:A"])), None);
    world.policy("scp/a", None, Some(denying(&["a:A"])));
    world.desired.resources.get_mut(&at("scp/a")).unwrap().body["name"] = json!("b");
    assert_eq!(world.ordered().needs("scp/a"), ["scp/b"]);
    // A name of another type of policies is another name.
    world.desired.resources.get_mut(&at("scp/a")).unwrap().body["name"] = json!("c");
    assert_eq!(world.ordered().needs("scp/a"), [""; 0]);
}

#[test]
fn names_of_accounts_are_not_waited_for() {
    let mut world = World::default();
    world.account("x", Some("root"), Some("root")).account("y", Some("root"), Some("root"));
    for (name, new) in [("account/x", "y"), ("account/y", "x")] {
        world.desired.resources.get_mut(&at(name)).unwrap().body["name"] = json!(new);
    }
    assert_eq!(world.ordered().needs("account/x"), [""; 0]);
}

#[test]
fn an_account_moves_once_the_guardrails_are_attached_where_it_goes() {
    let mut world = World::default();
    world.unit("ou/A", true, true).unit("ou/B", true, true).unit("ou/B/C", true, true);
    world.account("x", Some("ou/A"), Some("ou/B/C"));
    world.policy("scp/p", None, Some(denying(&["a:A"]))).attached("scp/p", &[], &["ou/A", "ou/B", "root"]);
    let ordered = world.ordered();
    assert_eq!(ordered.needs("account/x"), ["scp/p@ou/B", "scp/p@root"]);
    assert_eq!(ordered.after("scp/p@ou/B"), [""; 0], "it is not made there");
}

#[test]
fn what_is_needed_is_not_named_a_second_time() {
    let mut world = World::default();
    world.account("x", None, Some("root"));
    world.policy("scp/p", Some(denying(&["a:A"])), Some(denying(&["a:A"]))).attached("scp/p", &[], &["account/x"]);
    let ordered = world.ordered();
    assert_eq!(ordered.needs("scp/p@account/x"), ["account/x"]);
    assert_eq!(ordered.after("scp/p@account/x"), [""; 0]);
}

fn stack(world: &mut World, name: &str, gives: &str) {
    let address = format!("stack/management/{name}/eu-west-1");
    world.make("stack", &address, "management", &[]);
    let parameter = json!({"p": format!("${{stack/management/{gives}/eu-west-1.Arn}}")});
    world.desired.resources.get_mut(&at(&address)).unwrap().body.insert("parameters".into(), parameter);
}

#[test]
fn anyone_who_takes_an_output_needs_the_stack_that_gives_it() {
    let mut world = World::default();
    stack(&mut world, "a", "b");
    world.make("stack", "stack/management/b/eu-west-1", "management", &[]);
    assert_eq!(world.ordered().needs("stack/management/a/eu-west-1"), ["stack/management/b/eu-west-1"]);
}

#[test]
fn a_circle_of_outputs_is_said_to_be_one() {
    let mut world = World::default();
    stack(&mut world, "a", "b");
    stack(&mut world, "b", "a");
    stack(&mut world, "c", "a");
    let refusal = world.refused();
    assert_eq!(refusal.code, "circle");
    assert!(refusal.message.contains("outputs"), "{}", refusal.message);
    assert!(
        !refusal.message.contains("management/c/"),
        "it waits for the circle, and is not in it: {}",
        refusal.message
    );
    assert!(refusal.help.contains("output") && !refusal.help.contains("name"), "{}", refusal.help);
}

#[test]
fn a_circle_of_names_is_said_to_be_one() {
    let mut sequence = Sequence::default();
    sequence.need(&at("ou/A"), at("ou/B"), DependencyReason::Name);
    sequence.need(&at("ou/B"), at("ou/A"), DependencyReason::Requirement);
    let refusal = circle::refusal(&sequence).expect("it is a circle");
    assert!(refusal.message.contains("names") && refusal.help.contains("another name"), "{refusal:?}");
    assert_eq!(refusal.address, Some(at("ou/A")));
}

#[test]
fn a_circle_through_what_only_comes_after_is_one_too() {
    let mut sequence = Sequence::default();
    sequence.need(&at("a"), at("b"), DependencyReason::Requirement);
    sequence.follow(&at("b"), at("c"));
    assert_eq!(circle::refusal(&sequence), None);
    sequence.follow(&at("c"), at("a"));
    let refusal = circle::refusal(&sequence).expect("it is a circle");
    assert!(["a → b → c → a", "b → c → a → b", "c → a → b → c"].iter().any(|it| refusal.message.ends_with(it)));
}

#[test]
fn nothing_waits_for_itself() {
    let mut sequence = Sequence::default();
    sequence.need(&at("a"), at("a"), DependencyReason::Requirement);
    sequence.follow(&at("a"), at("a"));
    assert_eq!((sequence.of(&at("a")), circle::refusal(&sequence)), ((vec![], vec![]), None));
}

#[test]
fn what_is_to_be_absent_comes_in_the_order_of_deletions() {
    let mut world = World::default();
    world.unit("ou/A", true, true).account("x", Some("ou/A"), Some("ou/A"));
    world.policy("scp/p", Some(denying(&["a:A"])), Some(denying(&["a:A"]))).attached("scp/p", &["account/x"], &[]);
    world.desired.resources.get_mut(&at("account/x")).unwrap().presence = Presence::Absent;
    assert_eq!(world.ordered().needs("account/x"), ["scp/p@account/x"]);
}

#[test]
fn every_address_has_a_nature() {
    let kinds: BTreeSet<&str> = ["ou/A", "account/x", "scp/p", "scp/p@ou/A"].map(|it| kind_info(&at(it)).0).into();
    assert_eq!(kinds.len(), 4);
}

#[test]
fn what_can_exist_once_is_made_when_the_stack_that_has_it_is_gone() {
    let mut world = World::default();
    world.account("x", Some("root"), Some("root"));
    let (old, new) = ("stack/x/old/eu-west-1", "stack/x/new/eu-west-1");
    world.find("stack", &at(old), Some(Address::account("x")), Body::new(), &[]);
    world.make("stack", new, "account/x", &[]);
    world.make("stack", "stack/x/other/eu-west-1", "account/x", &[]);
    world.observed.findings.occupied.push(Occupied {
        address: at(new),
        stack: "new".into(),
        account: Address::account("x"),
        region: "eu-west-1".into(),
        what: "a detector".into(),
        held_by: Some(Held { by: at(old), resource: "Detector".into(), is_retained: false }),
        keep: None,
        free: "delete it".into(),
    });
    let ordered = world.ordered();
    assert_eq!(ordered.needs(new), [old]);
    assert_eq!(ordered.needs("stack/x/other/eu-west-1"), [""; 0]);
    world.observed.findings.occupied[0].held_by = None;
    assert_eq!(world.ordered().needs(new), [""; 0], "no change of this plan removes it");
}

#[test]
fn a_policy_that_names_what_is_made_needs_it_and_nothing_else() {
    let mut world = World::default();
    world.account("new", None, Some("root")).account("gone", Some("root"), None);
    let names = |names: &[&str]| {
        let arns: Vec<String> = names.iter().map(|name| format!("arn:aws:iam::${{{name}}}:root")).collect();
        Some(json!({"Statement": [{"Effect": "Deny", "Action": "*", "Resource": arns}]}))
    };
    world.policy("scp/p", None, names(&["account/new"])).policy("scp/q", None, names(&["account/unknown"]));
    world.policy("scp/r", None, names(&["account/gone"]));
    world.observed.bindings = crate::model::Bindings::default();
    let ordered = world.ordered();
    assert_eq!(ordered.needs("scp/p"), ["account/new"]);
    assert_eq!(ordered.needs("scp/q"), [""; 0], "the plan does not make it");
    assert_eq!(ordered.needs("scp/r"), [""; 0], "the plan deletes it");
}

#[test]
fn guardrails_do_not_wait_for_each_other_nor_for_units() {
    let mut world = World::default();
    world.unit("ou/A", true, true).unit("ou/A/New", false, true).account("x", Some("ou/A"), Some("ou/A"));
    world.policy("scp/p", None, Some(denying(&["a:B"]))).attached("scp/p", &[], &["ou/A", "account/x"]);
    world.make("assignment", "assignment/admin/group/g@account/x", "account/x", &[]);
    assert_eq!(world.ordered().after("scp/p@ou/A"), [""; 0]);
}

#[test]
fn what_is_detached_waits_for_nothing_that_is_made_under_it() {
    let mut world = World::default();
    world.unit("ou/A", true, true).account("new", None, Some("ou/A"));
    world.policy("scp/p", Some(denying(&["a:B"])), Some(denying(&["a:B"]))).attached("scp/p", &["ou/A"], &[]);
    assert_eq!(world.ordered().after("scp/p@ou/A"), [""; 0]);
}

#[test]
fn an_account_that_stays_where_it_is_waits_for_no_guardrail() {
    let mut world = World::default();
    world.unit("ou/A", true, true).account("x", Some("ou/A"), Some("ou/A"));
    world.desired.resources.get_mut(&at("account/x")).unwrap().body["name"] = json!("renamed");
    world.policy("scp/p", None, Some(denying(&["a:A"]))).attached("scp/p", &[], &["ou/A"]);
    assert_eq!(world.ordered().needs("account/x"), [""; 0]);
}

/// An account that goes from one place to a unit, with a stack and a stack set that are made for it there, and a guardrail.
fn moved_with_stacks(from: &str, guardrail: &[&str]) -> Ordered {
    let mut world = World::default();
    world.unit("ou/A", true, true).unit("ou/B", true, true).account("x", Some(from), Some("ou/B"));
    world.account("y", Some("ou/B"), Some("ou/B"));
    world.make("stack", "stack/x/s/eu-west-1", "account/x", &["account/x"]);
    world.make("stack", "stack/y/s/eu-west-1", "account/y", &["account/y"]);
    world.make("stack-set", "stack-set/b", "organization", &["ou/B"]);
    world.make("stack-set", "stack-set/a", "organization", &["ou/A"]);
    world.make("region", "region/x/ap-east-1", "account/x", &["account/x"]);
    world.policy("scp/p", None, Some(denying(&["a:A"]))).attached("scp/p", &[], guardrail);
    world.ordered()
}

#[test]
fn stacks_come_after_the_move_of_their_account_and_do_not_need_it() {
    let ordered = moved_with_stacks("ou/A", &[]);
    assert_eq!(ordered.after("stack/x/s/eu-west-1"), ["account/x"]);
    assert_eq!(ordered.after("stack-set/b"), ["account/x", "region/x/ap-east-1"]);
    assert_eq!(ordered.needs("stack/x/s/eu-west-1"), [""; 0]);
    for other in ["stack/y/s/eu-west-1", "stack-set/a", "region/x/ap-east-1", "account/x"] {
        assert_eq!(ordered.after(other), [""; 0], "{other}");
    }
}

#[test]
fn an_account_that_moves_to_a_new_guardrail_is_not_moved_ahead_of_it_for_its_stacks() {
    let ordered = moved_with_stacks("ou/A", &["ou/B"]);
    assert_eq!(ordered.needs("account/x"), ["scp/p@ou/B"]);
    let first = ["region/x/ap-east-1", "stack-set/b", "stack/x/s/eu-west-1", "stack/y/s/eu-west-1"];
    assert_eq!(ordered.after("scp/p@ou/B"), first);
    assert_eq!(ordered.after("stack/x/s/eu-west-1"), [""; 0]);
}

#[test]
fn an_account_that_an_apply_left_in_the_root_moves_before_its_stacks_and_their_guardrail() {
    let ordered = moved_with_stacks("root", &["ou/B"]);
    assert_eq!(ordered.needs("account/x"), [""; 0]);
    assert_eq!(ordered.after("stack/x/s/eu-west-1"), ["account/x"]);
    assert_eq!(ordered.after("stack-set/b"), ["account/x", "region/x/ap-east-1"]);
    let first = ["region/x/ap-east-1", "stack-set/b", "stack/x/s/eu-west-1", "stack/y/s/eu-west-1"];
    assert_eq!(ordered.after("scp/p@ou/B"), first);
}

#[test]
fn a_stack_that_is_deleted_does_not_wait_for_the_move_of_its_account() {
    let mut world = World::default();
    world.unit("ou/B", true, true).account("x", Some("root"), Some("ou/B"));
    let stack = at("stack/x/s/eu-west-1");
    world.find("stack", &stack, Some(at("account/x")), Body::new(), &[&at("account/x")]);
    assert_eq!(world.ordered().after(stack.as_str()), [""; 0]);
}
