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
    let reported = failed
        .diagnostics
        .iter()
        .map(|it| format!("{}: {} | {}", line(it.place), it.message, it.help.clone().unwrap_or_default()));
    reported.collect()
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
        "account/Shop is in the blueprint twice | keep one of them, or distinguish them: `{key: ANOTHER, name: …}`";
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
    for (account, reported) in [
        ("{key: '', name: a}".to_owned(), "the account's key has 0 characters, and 1 to 128 are possible"),
        (
            format!("{{name: {long}, email: a@x.example}}"),
            "the account's name has 129 characters, and 1 to 128 are possible",
        ),
        ("{name: \"a\\tb\"}".to_owned(), "the account's name has the control character '\\t'"),
        ("{key: \"a\\nb\", name: a}".to_owned(), "the account's key has the control character '\\n'"),
    ] {
        let found = mistakes(&format!("accounts:\n- {account}\n"));
        assert!(found.iter().any(|it| it.starts_with(&format!("5: {reported}"))), "{account}: {found:?}");
    }
    declared(&format!(
        "accounts:\n- {{key: 会計, name: {}, email: a@x.example}}\n- {{name: Café, email: b@x.example}}\n",
        "x".repeat(128)
    ));
}

/// The tags of an account.
fn tags(sections: &str, account: &str) -> Vec<String> {
    let declared = declare_text("landing.yaml", &format!("version: 1\nname: b\n{sections}"));
    let declared = declared.unwrap_or_else(|failed| panic!("{:#?}", failed.diagnostics));
    let wanted = declared.desired.get(&Address::account(account)).expect("it is wanted").clone();
    let tags = crate::model::body_tags(&wanted.body);
    tags.into_iter().map(|(key, value)| format!("{key}={value}")).collect()
}

#[test]
fn the_nearest_unit_has_the_last_word_about_tags_but_for_the_account_itself() {
    let sections = "
organization:
  account_email: '{name}@x.example'
  default_tags: {by: default, a: default, all: default}
  account_tags: {a: organization, b: organization, organization: x}
accounts: [top]
organizational_units:
  W:
    tags: {unit: own}
    account_tags: {b: outer, c: outer}
    accounts: [outer]
    organizational_units:
      P:
        account_tags: {c: inner, d: inner}
        accounts: [inner, {name: own, tags: {d: own, all: own}}]
      Q: {accounts: [beside]}
";
    assert_eq!(
        tags(sections, "top"),
        ["a=organization", "all=default", "b=organization", "by=default", "organization=x"]
    );
    let outer = ["a=organization", "all=default", "b=outer", "by=default", "c=outer", "organization=x"];
    assert_eq!(tags(sections, "outer"), outer);
    assert_eq!(tags(sections, "beside"), outer);
    let inner = ["a=organization", "all=default", "b=outer", "by=default", "c=inner", "d=inner", "organization=x"];
    assert_eq!(tags(sections, "inner"), inner);
    let own = ["a=organization", "all=own", "b=outer", "by=default", "c=inner", "d=own", "organization=x"];
    assert_eq!(tags(sections, "own"), own);
    let declared = declare_text("landing.yaml", &format!("version: 1\nname: b\n{sections}"));
    let unit = declared.expect("it has no mistakes").desired.get(&Address::unit(["W"])).expect("it is wanted").clone();
    let of_unit = crate::model::body_tags(&unit.body);
    assert_eq!(of_unit.get("unit").map(String::as_str), Some("own"));
    assert!(!of_unit.contains_key("c") && of_unit["a"] == "default");
}

#[test]
fn account_tags_are_what_aws_takes_and_count_with_the_others() {
    let bad = "organizational_units:\n  W:\n    account_tags: {t: 'a,b'}\n    accounts: [a]\n";
    assert!(mistakes(bad)[0].starts_with("6: the tag's value has the character ','"), "{:?}", mistakes(bad));
    let many =
        |count: usize, prefix: &str| (0..count).map(|at| format!("{prefix}{at}: v")).collect::<Vec<_>>().join(", ");
    let text = |own: usize| {
        format!(
            "organizational_units:\n  W:\n    account_tags: {{{}}}\n    accounts:\n    - {{name: a, tags: {{{}}}}}\n",
            many(40, "u"),
            many(own, "o")
        )
    };
    declared(&text(8));
    assert!(mistakes(&text(9))[0].starts_with("8: 49 tags, AWS takes 48 beside"), "{:?}", mistakes(&text(9)));
}

#[test]
fn a_name_without_ascii_letters_makes_no_email() {
    let sections = "accounts:\n- 会計\n- {key: accounting, name: 会計}\n";
    assert_eq!(
        mistakes(sections),
        [
            "5: `会計` gives `{name}` in `account_email` no letter or digit | write `email:` here, or a `key:` of ASCII letters"
        ]
    );
}
