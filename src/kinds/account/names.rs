//! Which names AWS gives to accounts. It lists accounts of other names too: those of before its rules, and those whose owner
//! renamed them elsewhere.

use super::named::invited;
use super::resource::Account;
use crate::kinds::shared::feature_set::ACCOUNT_MANAGEMENT;
use crate::kinds::shared::resource::Resource;
use crate::model::{Address, Desired, Observed, Presence, Refusal, Wanted, body_name, no_fields};

/// The longest name that AWS gives.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html>
const LONGEST: usize = 50;

/// `[\u0020-\u007E]+`
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html>
fn may_be_created(name: &str) -> bool {
    (1..=LONGEST).contains(&name.chars().count()) && name.chars().all(|c| (' '..='~').contains(&c))
}

/// `[ -;=?-~]+`
/// <https://docs.aws.amazon.com/accounts/latest/reference/API_PutAccountName.html>
fn may_be_given(name: &str) -> bool {
    may_be_created(name) && !name.contains(['<', '>'])
}

/// Refuses what CreateAccount and PutAccountName would refuse half way through an apply.
pub(super) fn refuse_impossible(desired: &Desired, observed: &mut Observed) {
    let wanted = desired.of_kind(Account::KIND).filter(|wanted| wanted.presence == Presence::Present);
    let refusals: Vec<Refusal> = wanted.filter_map(|wanted| refusal(wanted, observed)).collect();
    observed.findings.refusals.extend(refusals);
}

fn refusal(wanted: &Wanted, observed: &Observed) -> Option<Refusal> {
    let before = renamed(wanted, observed);
    if before.is_none() && !is_to_come(wanted, observed) {
        return None;
    }
    let name = &Account::of(&wanted.body)?.name;
    let (is_possible, what, takes) = match before {
        Some(before) => {
            (may_be_given(name), format!("rename the account {before} to"), "printable ASCII without < and >")
        }
        None => (may_be_created(name), "create an account of the name".to_owned(), "printable ASCII characters"),
    };
    (!is_possible).then(|| Refusal {
        code: "account-name".into(),
        address: Some(wanted.address.clone()),
        message: format!("{}: AWS does not {what} {name}: it takes 1 to {LONGEST} {takes}", wanted.address),
        help: "write another `name` in the blueprint, and what the blueprint is to call the account as its `key`"
            .into(),
    })
}

/// The name that the account has, where the blueprint gives it another.
fn renamed(wanted: &Wanted, observed: &Observed) -> Option<String> {
    let before = body_name(&observed.found.get(&wanted.address)?.body)?;
    (body_name(&wanted.body)? != before).then(|| before.to_owned())
}

/// Whether it is to be created: it is not there, closed or awaited.
fn is_to_come(wanted: &Wanted, observed: &Observed) -> bool {
    let is_known = observed.accounts.contains_key(&wanted.address) || observed.waiting.contains(&wanted.address);
    !is_known && invited(wanted).is_none()
}

/// Where members are renamed, what they need beside: that the organization trusts account management.
pub(super) fn trust_to_rename(desired: &Desired, observed: &Observed) -> Vec<Wanted> {
    let trust = Address::trusted_access(ACCOUNT_MANAGEMENT);
    if observed.found.contains_key(&trust) {
        return Vec::new();
    }
    let management = observed.bindings.id(&Address::management());
    let is_member = |wanted: &&Wanted| observed.bindings.id(&wanted.address) != management;
    let accounts = desired.of_kind(Account::KIND).filter(|wanted| wanted.presence == Presence::Present);
    let renamed = accounts.filter(is_member).filter(|wanted| renamed(wanted, observed).is_some());
    let needing: Vec<Wanted> = renamed.map(|wanted| wanted.clone().needing([trust.clone()])).collect();
    let Some(source) = needing.first().map(|first| first.source.clone()) else { return needing };
    let organization = Address::organization();
    let trusted = Wanted::new("trusted-access", trust, no_fields()).under(organization.clone()).needing([organization]);
    needing.into_iter().chain([Wanted { source, ..trusted }]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Found, Owner};

    #[test]
    fn aws_gives_names_of_printable_ascii() {
        let fifty = "x".repeat(50);
        for (name, created, given) in [
            ("Shop", true, true),
            ("R&D ~ {1}", true, true),
            ("a<b", true, false),
            ("a>b", true, false),
            ("会計", false, false),
            ("Café", false, false),
            ("a\tb", false, false),
            ("", false, false),
            (&fifty, true, true),
            (&format!("{fifty}x"), false, false),
        ] {
            assert_eq!((may_be_created(name), may_be_given(name)), (created, given), "{name}");
        }
    }

    fn wanted(name: &str) -> Wanted {
        Account { name: name.into(), ..Account::default() }.wanted(Address::account("k"))
    }

    fn refused(wanted: Wanted, observed: &Observed) -> Option<String> {
        refusal(&wanted, observed).map(|refusal| refusal.message)
    }

    /// Where the account is there under this name.
    fn observed(name: &str) -> Observed {
        let mut observed = Observed::default();
        let body = Account { name: name.into(), ..Account::default() }.body();
        observed.accounts.insert(Address::account("k"), Address::root());
        observed.add(Found {
            owner: Owner::Unmanaged,
            ..Found::shared("account", Address::account("k"), "111111111111".into(), body, Address::root())
        });
        observed
    }

    #[test]
    fn a_name_that_an_account_has_is_no_matter_and_one_that_it_is_to_get_is() {
        assert_eq!(refused(wanted("会計"), &observed("会計")), None);
        assert_eq!(refused(wanted("Shop"), &observed("会計")), None);
        assert_eq!(
            refused(wanted("会計"), &observed("Shop")).as_deref(),
            Some(
                "account/k: AWS does not rename the account Shop to 会計: it takes 1 to 50 printable ASCII without < and >"
            )
        );
    }

    #[test]
    fn only_what_is_created_needs_a_name_that_can_be_created() {
        let missing = Observed::default();
        assert_eq!(
            refused(wanted("会計"), &missing).as_deref(),
            Some(
                "account/k: AWS does not create an account of the name 会計: it takes 1 to 50 printable ASCII characters"
            )
        );
        assert_eq!(refused(wanted("a<b"), &missing), None);
        let invited = Account { name: "会計".into(), invite: Some("1".into()), ..Account::default() };
        assert_eq!(refused(invited.wanted(Address::account("k")), &missing), None);
        let mut closed = Observed::default();
        closed.accounts.insert(Address::account("k"), Address::root());
        assert_eq!(refused(wanted("会計"), &closed), None);
    }

    #[test]
    fn a_member_that_is_renamed_needs_account_management_to_be_trusted() {
        let mut desired = Desired::default();
        desired.add(wanted("Shop"));
        let more = |observed: &Observed| {
            let more = trust_to_rename(&desired, observed);
            more.into_iter().map(|it| (it.address.to_string(), it.needs)).collect::<Vec<_>>()
        };
        let trust = Address::parse("trusted-access/account.amazonaws.com");
        assert_eq!(more(&observed("Shop")), []);
        let expected =
            [("account/k".to_owned(), vec![trust.clone()]), (trust.to_string(), vec![Address::organization()])];
        assert_eq!(more(&observed("Other")), expected);
        let mut trusted = observed("Other");
        trusted.add(Found::shared("trusted-access", trust, String::new(), no_fields(), Address::organization()));
        assert_eq!(more(&trusted), []);
        let mut own = observed("Other");
        own.bindings.bind(Address::management(), "111111111111");
        own.bindings.bind(Address::account("k"), "111111111111");
        assert_eq!(more(&own), []);
    }
}
