use crate::model::Address;
use crate::sections::{Declared, declare_text};

const HEAD: &str =
    "version: 1\nname: b\norganization: {regions: [eu-west-1], account_email: 'aws+{name}@example.com'}\n";

fn declared(sections: &str) -> Declared {
    let declared = declare_text("landing.yaml", &format!("{HEAD}{sections}"));
    declared.unwrap_or_else(|failed| panic!("{:#?}", failed.diagnostics))
}

/// Line, message and help of every mistake.
fn mistakes(sections: &str) -> Vec<String> {
    let failed = declare_text("landing.yaml", &format!("{HEAD}{sections}")).expect_err("it has mistakes");
    let line = |place: Option<landing_blueprint::Place>| failed.sources.position(place.unwrap_or_default()).0;
    let told = failed
        .diagnostics
        .iter()
        .map(|it| format!("{}: {} | {}", line(it.place), it.message, it.help.clone().unwrap_or_default()));
    told.collect()
}

#[test]
fn the_key_is_what_the_blueprint_calls_an_account_and_the_name_is_aws_s() {
    let declared = declared(
        "accounts:\n- {key: Shop 2, name: Shop, contacts: {billing: {name: n, title: t, email: e@x.example, phone: '1'}}}\n- Shop\n\
         stacks: {budget: {in: [Shop 2], parameters: {limit_usd: 1, emails: ['${account/Shop 2}@x.example']}}}\n",
    );
    let account = declared.desired.get(&Address::account("Shop 2")).expect("it is wanted");
    assert_eq!((&account.body["name"], &account.body["email"]), (&"Shop".into(), &"aws+shop-2@example.com".into()));
    let other = declared.desired.get(&Address::account("Shop")).expect("it is wanted");
    assert_eq!((&other.body["name"], &other.body["email"]), (&"Shop".into(), &"aws+shop@example.com".into()));
    for address in ["alternate-contact/Shop 2/BILLING", "stack/Shop 2/budget/eu-west-1"] {
        let wanted = declared.desired.get(&Address::parse(address)).unwrap_or_else(|| panic!("{address}"));
        assert_eq!(wanted.parent, Some(Address::account("Shop 2")));
    }
}

#[test]
fn an_earlier_key_is_an_earlier_address_and_renames_nothing_in_aws() {
    let trusts = |sections: &str| {
        let desired = declared(sections).desired;
        let account = desired.of_kind("account").next().expect("there is one").clone();
        (account.was, desired.get(&Address::trusted_access("account.amazonaws.com")).is_some())
    };
    assert_eq!(trusts("accounts: [{key: two, name: Shop, was: one}]\n"), (vec![Address::account("one")], false));
    assert_eq!(trusts("accounts: [{name: Shop, was: one}]\n"), (vec![Address::account("one")], true));
}

#[test]
fn two_accounts_need_two_keys() {
    let twice =
        "account/Shop is in the blueprint twice | keep one of them, or tell them apart: `{key: ANOTHER, name: …}`";
    for second in ["Shop", "{key: Shop, name: Other}"] {
        let sections = format!("accounts:\n- {{name: Shop, email: a@x.example}}\n- {second}\n");
        assert_eq!(mistakes(&sections), [format!("6: {twice}")]);
    }
    let same_email =
        "accounts:\n- {key: a, name: Shop, email: a@x.example}\n- {key: b, name: Shop, email: A@x.example}\n";
    assert!(
        mistakes(same_email)[0].starts_with("6: account/a has the email `A@x.example` too"),
        "{:?}",
        mistakes(same_email)
    );
}

#[test]
fn names_and_keys_are_what_an_account_can_have() {
    let long = "x".repeat(129);
    for (account, told) in [
        ("{key: '', name: a}".to_owned(), "the account's key has 0 characters, and 1 to 128 are possible"),
        (
            format!("{{name: {long}, email: a@x.example}}"),
            "the account's name has 129 characters, and 1 to 128 are possible",
        ),
        ("{name: \"a\\tb\"}".to_owned(), "the account's name has the control character '\\t'"),
        ("{key: \"a\\nb\", name: a}".to_owned(), "the account's key has the control character '\\n'"),
    ] {
        let found = mistakes(&format!("accounts:\n- {account}\n"));
        assert!(found.iter().any(|it| it.starts_with(&format!("5: {told}"))), "{account}: {found:?}");
    }
    declared(&format!(
        "accounts:\n- {{key: 会計, name: {}, email: a@x.example}}\n- {{name: Café, email: b@x.example}}\n",
        "x".repeat(128)
    ));
}
