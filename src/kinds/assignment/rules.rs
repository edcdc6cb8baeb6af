use std::collections::BTreeMap;

use super::resource::Assignment;
use crate::kinds::shared::places::Accounts;
use crate::kinds::shared::resource::Resource;
use crate::model::{Address, AssignmentRule, Desired, Note, Observed, Until, Wanted};

/// The groups and users that the blueprint's rules name, each as often as it does; also those of rules that have ended,
/// whose assignments are to go.
pub(super) fn principals(desired: &Desired) -> impl Iterator<Item = &Address> {
    desired.assignment_rules().iter().map(|rule| &rule.principal)
}

/// An assignment that a rule comes to: the first rule, where several come to it.
pub(super) struct Ruled<'a> {
    pub rule: &'a AssignmentRule,
    pub account: Address,
}

/// What the blueprint's rules come to, by address: an assignment for every open account that is at or below a rule's target
/// and not excluded once the plan is done, regardless of who manages the account.
pub(super) fn ruled<'a>(desired: &'a Desired, observed: &Observed) -> BTreeMap<Address, Ruled<'a>> {
    come_to(desired.lasting_assignment_rules(), desired, observed)
}

/// The ends of the assignments that ended and that no other rule comes to.
pub(super) fn ended(desired: &Desired, observed: &Observed) -> BTreeMap<Address, Until> {
    let today = desired.settings.today;
    let rules = desired.assignment_rules().iter().filter(|rule| rule.has_ended(today));
    let mut ended = come_to(rules, desired, observed);
    if !ended.is_empty() {
        let lasting = ruled(desired, observed);
        ended.retain(|address, _| !lasting.contains_key(address));
    }
    ended.into_iter().filter_map(|(address, it)| Some((address, it.rule.until?))).collect()
}

fn come_to<'a>(
    rules: impl Iterator<Item = &'a AssignmentRule>,
    desired: &Desired,
    observed: &Observed,
) -> BTreeMap<Address, Ruled<'a>> {
    let mut ruled = BTreeMap::new();
    let mut rules = rules.peekable();
    if rules.peek().is_none() {
        return ruled;
    }
    let accounts = Accounts::after(desired, observed);
    for rule in rules {
        for account in accounts.at(&rule.target, &rule.except) {
            let address = Address::assignment(&rule.permission_set, &rule.principal, account);
            ruled.entry(address).or_insert_with(|| Ruled { rule, account: account.clone() });
        }
    }
    ruled
}

/// What the plan's reader should know of rules that end soon: a note for each that assigns something, unless another rule
/// that lasts longer assigns all of it.
pub(super) fn ending(desired: &Desired, observed: &Observed) -> Vec<Note> {
    let today = desired.settings.today;
    let is_near = |rule: &&AssignmentRule| rule.until.is_some_and(|until| until.is_near(today));
    let mut lasting = None;
    let notes = desired.assignment_rules().iter().filter(is_near).filter_map(|rule| {
        let lasting = lasting.get_or_insert_with(|| {
            let rules = desired.lasting_assignment_rules().filter(|other| !is_near(other));
            come_to(rules, desired, observed)
        });
        let ends = come_to(std::iter::once(rule), desired, observed);
        note(rule, &ends.into_keys().filter(|address| !lasting.contains_key(address)).collect::<Vec<_>>())
    });
    notes.collect()
}

fn note(rule: &AssignmentRule, ends: &[Address]) -> Option<Note> {
    let (first, until) = (ends.first()?, rule.until?);
    let others = match ends.len() - 1 {
        0 => String::new(),
        1 => ", as is 1 more by the same rule".to_owned(),
        others => format!(", as are {others} more by the same rule"),
    };
    let source = rule.source.as_ref().map(|source| format!(" ({source})")).unwrap_or_default();
    Some(Note {
        address: Some(first.clone()),
        what: format!(
            "assigned until {until}{source}{others}: extend `until`, or the first apply from that day on unassigns it"
        ),
        about: Vec::new(),
    })
}

/// The wishes for them.
pub(super) fn expand(desired: &Desired, observed: &Observed) -> Vec<Wanted> {
    let ruled = ruled(desired, observed).into_iter();
    ruled.map(|(address, Ruled { rule, account })| assignment(rule, address, &account)).collect()
}

fn assignment(rule: &AssignmentRule, address: Address, account: &Address) -> Wanted {
    let wanted = Assignment::default().wanted(address).under(account.clone());
    let needs = [rule.permission_set.clone(), rule.principal.clone(), account.clone()];
    Wanted { source: rule.source.clone(), ..wanted.needing(needs) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Body, Date, Exclusion, Found, IdentitySettings, Owner, Tags};

    fn found(observed: &mut Observed, address: &str, parent: &str, is_open: bool) {
        let (address, parent) = (Address::parse(address), Address::parse(parent));
        observed.accounts.insert(address.clone(), parent.clone());
        let found = Found {
            address: address.clone(),
            kind: "account".into(),
            id: address.to_string(),
            owner: Owner::Unmanaged,
            body: Body::new(),
            parent: Some(parent),
            attached_to: Vec::new(),
        };
        observed.bindings.bind(address.clone(), address.to_string());
        if is_open {
            observed.found.insert(address, found);
        }
    }

    /// In A: theirs, moving (leaves for B), closed. In B: new. At the root: payer, to be closed.
    fn world(target: &str) -> (Desired, Observed) {
        let mut observed = Observed::default();
        for (account, parent, is_open) in [
            ("account/payer", "root", true),
            ("account/theirs", "ou/A/Inner", true),
            ("account/moving", "ou/A", true),
            ("account/closed", "ou/A", false),
            ("account/closing", "root", true),
        ] {
            found(&mut observed, account, parent, is_open);
        }
        found(&mut observed, "organization", "root", true);
        observed.accounts.remove(&Address::organization());
        observed.bindings.bind(Address::parse("management"), "account/payer");
        observed.bindings.bind(Address::parse("account/payer"), "account/payer");
        let mut desired = Desired::default();
        for (account, parent, is_open) in
            [("account/moving", "ou/B", true), ("account/new", "ou/B", true), ("account/closing", "root", false)]
        {
            let wanted = Wanted::new("account", Address::parse(account), Body::new());
            desired.add(wanted.under(Address::parse(parent)).present(is_open));
        }
        let rule = AssignmentRule {
            permission_set: Address::permission_set("s"),
            principal: Address::group("g"),
            target: Address::parse(target),
            except: Exclusion::default(),
            until: None,
            source: Some("landing.yaml:9".into()),
        };
        desired.settings.identity = Some(IdentitySettings { assignments: vec![rule], ..IdentitySettings::default() });
        (desired, observed)
    }

    #[test]
    fn a_rule_is_for_every_account_that_will_be_open_there() {
        for (target, accounts) in [
            ("root", &["moving", "new", "payer", "theirs"][..]),
            ("ou/A", &["theirs"]),
            ("ou/B", &["moving", "new"]),
            ("management", &["payer"]),
            ("account/new", &["new"]),
            ("account/closed", &[]),
        ] {
            let (desired, observed) = world(target);
            let expanded = expand(&desired, &observed);
            let expected: Vec<String> =
                accounts.iter().map(|account| format!("assignment/s/group/g@account/{account}")).collect();
            assert_eq!(
                expanded.iter().map(|wanted| wanted.address.to_string()).collect::<Vec<_>>(),
                expected,
                "{target}"
            );
        }
    }

    #[test]
    fn before_there_is_an_organization_its_management_account_is_one_already() {
        let (desired, _) = world("root");
        let expanded = expand(&desired, &Observed::default());
        assert!(expanded.iter().any(|wanted| wanted.address == Address::parse("assignment/s/group/g@management")));
    }

    fn addresses(of: impl Iterator<Item = Address>) -> Vec<String> {
        of.map(|address| address.to_string().replace("assignment/s/group/g@account/", "")).collect()
    }

    fn edit(desired: &mut Desired, change: impl FnOnce(&mut AssignmentRule)) {
        let identity = desired.settings.identity.as_mut().unwrap_or_else(|| panic!("there is one"));
        change(&mut identity.assignments[0]);
    }

    #[test]
    fn a_rule_is_not_for_accounts_that_are_excluded_by_place_name_or_tag() {
        let places = |places: &[&str]| Exclusion {
            places: places.iter().map(|place| Address::parse(place)).collect(),
            ..Exclusion::default()
        };
        let tagged = |value: &str| Exclusion {
            tags: BTreeMap::from([("env".to_owned(), std::collections::BTreeSet::from([value.to_owned()]))]),
            ..Exclusion::default()
        };
        for (except, expected) in [
            (Exclusion::default(), &["moving", "new", "payer", "theirs"][..]),
            (places(&["management"]), &["moving", "new", "theirs"]),
            (places(&["ou/B"]), &["payer", "theirs"]),
            (places(&["ou/A/Inner", "account/new"]), &["moving", "payer"]),
            (tagged("dev"), &["moving", "new", "payer"]),
            (tagged("prod"), &["moving", "payer", "theirs"]),
        ] {
            let (mut desired, mut observed) = world("root");
            edit(&mut desired, |rule| rule.except = except);
            let tags = |value: &str| Tags::from([("env".to_owned(), value.to_owned())]);
            observed.account_tags.insert(Address::parse("account/theirs"), tags("dev"));
            // The blueprint's own tags count before those that are still there, but for what it leaves to others.
            observed.account_tags.insert(Address::parse("account/moving"), tags("dev"));
            let new = desired.resources.get_mut(&Address::parse("account/new")).map(|wanted| &mut wanted.body);
            let body = Body::from_iter([("tags".to_owned(), serde_json::json!(tags("prod")))]);
            *new.unwrap_or_else(|| panic!("it is wanted")) = body;
            assert_eq!(addresses(expand(&desired, &observed).into_iter().map(|wanted| wanted.address)), expected);
        }
    }

    #[test]
    fn tags_that_are_left_to_others_exclude_too() {
        let (mut desired, mut observed) = world("root");
        let env = std::collections::BTreeSet::from(["dev".to_owned()]);
        edit(&mut desired, |rule| rule.except.tags = BTreeMap::from([("env".to_owned(), env)]));
        let moving = Address::parse("account/moving");
        observed.account_tags.insert(moving, Tags::from([("env".to_owned(), "dev".to_owned())]));
        let expanded =
            |desired: &Desired| addresses(expand(desired, &observed).into_iter().map(|wanted| wanted.address));
        assert!(expanded(&desired).contains(&"moving".to_owned()));
        desired.settings.ignore_tags = vec!["env".to_owned()];
        assert_eq!(expanded(&desired), ["new", "payer", "theirs"]);
    }

    /// What is wanted, has ended and is noted on a day, of a rule for B that ends on the first of March and perhaps one for
    /// account/new that does not.
    fn on(today: &str, is_twice: bool) -> (Vec<String>, Vec<String>, Vec<String>) {
        let (mut desired, observed) = world("ou/B");
        desired.settings.today = Date::parse(today);
        edit(&mut desired, |rule| rule.until = Date::parse("2027-03-01").map(Until));
        if is_twice {
            let identity = desired.settings.identity.as_mut().unwrap_or_else(|| panic!("there is one"));
            let lasting = AssignmentRule {
                target: Address::parse("account/new"),
                until: None,
                ..identity.assignments[0].clone()
            };
            identity.assignments.push(lasting);
        }
        let notes = ending(&desired, &observed).into_iter().map(|note| note.what);
        (
            addresses(expand(&desired, &observed).into_iter().map(|wanted| wanted.address)),
            addresses(ended(&desired, &observed).into_keys()),
            notes.collect(),
        )
    }

    #[test]
    fn a_rule_holds_until_its_day_and_is_announced_seven_days_before() {
        let none: [&str; 0] = [];
        let (wanted, ended, notes) = on("2027-02-21", false);
        assert_eq!((wanted, ended, notes), (vec!["moving".into(), "new".into()], Vec::new(), Vec::new()));
        let (wanted, ended, notes) = on("2027-02-22", false);
        assert_eq!((wanted.len(), ended.len()), (2, 0));
        let note = "assigned until 2027-03-01 (landing.yaml:9), as is 1 more by the same rule: extend `until`, or the first \
                    apply from that day on unassigns it";
        assert_eq!(notes, [note]);
        let (wanted, ended, notes) = on("2027-03-01", false);
        assert_eq!(
            (wanted.as_slice(), ended, notes.as_slice()),
            (&[][..], vec!["moving".to_owned(), "new".into()], &[][..])
        );
        assert_eq!(principals(&world("root").0).count(), 1);
        let (wanted, ended, _) = on("2027-03-01", true);
        assert_eq!((wanted, ended), (vec!["new".to_owned()], vec!["moving".to_owned()]));
        let (_, _, notes) = on("2027-02-25", true);
        assert!(notes[0].starts_with("assigned until 2027-03-01 (landing.yaml:9): extend"), "{notes:?}");
        assert_eq!(on("", false).2, none);
    }
}
