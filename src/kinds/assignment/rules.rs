use std::collections::BTreeMap;

use super::resource::Assignment;
use crate::kinds::shared::places::{accounts, at};
use crate::kinds::shared::resource::Resource;
use crate::model::{Address, AssignmentRule, Desired, Observed, Wanted};

/// The groups and users that the blueprint's rules name, each as often as it does.
pub(super) fn principals(desired: &Desired) -> impl Iterator<Item = &Address> {
    rules(desired).iter().map(|rule| &rule.principal)
}

fn rules(desired: &Desired) -> &[AssignmentRule] {
    desired.settings.identity.as_ref().map(|identity| identity.assignments.as_slice()).unwrap_or_default()
}

/// An assignment that a rule comes to: the first rule, where several come to it.
pub(super) struct Ruled<'a> {
    rule: &'a AssignmentRule,
    account: Address,
}

/// What the blueprint's rules come to, by address: an assignment for every open account that is at or below a rule's target
/// once the plan is done, whoever manages the account.
pub(super) fn ruled<'a>(desired: &'a Desired, observed: &Observed) -> BTreeMap<Address, Ruled<'a>> {
    let mut ruled = BTreeMap::new();
    let rules = rules(desired);
    if rules.is_empty() {
        return ruled;
    }
    let accounts = accounts(desired, observed);
    for rule in rules {
        for account in at(&rule.target, &accounts, observed) {
            let address = Address::assignment(&rule.permission_set, &rule.principal, account);
            ruled.entry(address).or_insert_with(|| Ruled { rule, account: account.clone() });
        }
    }
    ruled
}

/// The wishes for them.
pub(super) fn expand(desired: &Desired, observed: &Observed) -> Vec<Wanted> {
    let ruled = ruled(desired, observed).into_iter();
    ruled.map(|(address, Ruled { rule, account })| assignment(rule, address, &account)).collect()
}

fn assignment(rule: &AssignmentRule, address: Address, account: &Address) -> Wanted {
    let wanted = Assignment {}.wanted(address).under(account.clone());
    let needs = [rule.permission_set.clone(), rule.principal.clone(), account.clone()];
    Wanted { source: rule.source.clone(), ..wanted.needing(needs) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Body, Found, IdentitySettings, Owner};

    fn found(observed: &mut Observed, address: &str, parent: &str, is_open: bool) {
        let (address, parent) = (Address::parse(address), Address::parse(parent));
        observed.accounts.insert(address.clone(), parent.clone());
        let found = Found {
            address: address.clone(),
            kind: "account".into(),
            id: address.to_string(),
            owner: Owner::Nobody,
            body: Body::new(),
            parent: Some(parent),
            hangs_on: Vec::new(),
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
            source: None,
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
}
