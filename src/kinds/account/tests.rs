use super::*;

fn field(path: &str, before: &str, after: &str) -> FieldChange {
    FieldChange { path: path.into(), before: json!(before), after: json!(after) }
}

/// The account `a` as it was found in `ou/Dev`; with a state where it is closed.
fn found(state: Option<&str>) -> Found {
    let open = Account { name: "old name".into(), ..Account::default() };
    let body = state.map_or(open.body(), |state| ClosedAccount { state: state.into() }.body());
    Found {
        address: Address::account("a"),
        kind: "account".into(),
        id: "111111111111".into(),
        owner: Owner::This { stale: None },
        body,
        parent: Some(Address::unit(["Dev"])),
        attached_to: vec![Address::unit(["Dev"])],
    }
}

fn judged(action: Action, fields: &[FieldChange], state: Option<&str>) -> (Risk, String) {
    Accounts.judge(action, fields, Some(&found(state)))
}

#[test]
fn a_move_is_judged_as_one_whether_the_account_is_ours_or_adopted() {
    let moved = [field("parent", "ou/Dev", "ou/Prod")];
    assert_eq!(judged(Action::Move, &moved, None), (Risk::Disruptive, "it is in ou/Dev".into()));
    assert_eq!(judged(Action::Adopt, &moved, None), (Risk::Disruptive, "no blueprint owns it; it is in ou/Dev".into()));
}

#[test]
fn other_changes_of_an_account_say_what_they_are() {
    let renamed = [field("name", "old name", "a")];
    assert_eq!(judged(Action::Update, &renamed, None), (Risk::None, "it is called old name".into()));
    assert_eq!(judged(Action::Update, &[field("tags.x", "1", "2")], None), (Risk::None, "its tags differ".into()));
    assert_eq!(judged(Action::Adopt, &[], None), (Risk::None, "no blueprint owns it".into()));
    let both = [field("parent", "ou/Dev", "ou/Prod"), renamed[0].clone()];
    assert_eq!(judged(Action::Move, &both, None).1, "it is in ou/Dev; it is called old name");
}

#[test]
fn closing_cannot_be_undone_letting_go_can_and_moving_what_is_closed_hurts_no_one() {
    assert_eq!(judged(Action::Delete, &[field("state", "open", "closed")], None).0, Risk::Irreversible);
    assert_eq!(judged(Action::Delete, &[], None).0, Risk::Destructive);
    let moved = [field("parent", "ou/Dev", "ou/Prod")];
    assert_eq!(judged(Action::Move, &moved, Some("SUSPENDED")), (Risk::None, "it is closed; it is in ou/Dev".into()));
}

fn wanted(place: &str, presence: Presence) -> Wanted {
    let account = Account { name: "old name".into(), email: "a@example.com".into(), ..Account::default() };
    Wanted { presence, ..account.wanted(Address::account("a")).under(Address::parse(place)) }
}

fn paths(wanted: &Wanted) -> Vec<String> {
    Accounts.differ(wanted, &found(None)).into_iter().map(|field| field.path).collect()
}

#[test]
fn an_account_that_is_to_be_closed_elsewhere_moves_too() {
    assert_eq!(paths(&wanted("ou/Dev", Presence::Absent)), ["state"]);
    assert_eq!(paths(&wanted("ou/Gone", Presence::Absent)), ["state", "parent"]);
    assert_eq!(paths(&wanted("ou/Gone", Presence::Present)), ["parent"]);
    assert_eq!(paths(&wanted("ou/Dev", Presence::Present)), [""; 0]);
}

fn account(id: &str, email: &str) -> read::Account {
    read::Account { id: id.into(), name: "x".into(), email: email.into(), state: "ACTIVE".into(), path: Vec::new() }
}

/// `a`, which has both an id and an email in the blueprint, and `b` with an email alone.
fn desired() -> Desired {
    let mut desired = Desired::default();
    for (name, invite, email) in [("a", Some("111111111111"), "A@example.com"), ("b", None, "b@example.com")] {
        let account = Account { invite: invite.map(str::to_owned), email: email.into(), ..Account::default() };
        desired.add(account.wanted(Address::account(name)));
    }
    desired
}

fn doubts(accounts: &[read::Account]) -> Vec<String> {
    let desired = desired();
    let named = Named::new(&desired);
    accounts.iter().filter_map(|account| named.doubt(account, accounts)).map(|refusal| refusal.message).collect()
}

#[test]
fn an_account_is_known_by_its_id_and_else_by_its_email_in_whatever_case() {
    let desired = desired();
    let found = |id, email| Named::new(&desired).find(&account(id, email)).map(|wanted| wanted.address.name());
    assert_eq!(found("111111111111", "other@example.com").as_deref(), Some("a"));
    assert_eq!(found("222222222222", "B@Example.com").as_deref(), Some("b"));
    assert_eq!(found("222222222222", "c@example.com"), None);
}

#[test]
fn accounts_that_are_what_the_blueprint_says_raise_no_doubt() {
    assert_eq!(doubts(&[account("111111111111", "a@example.com"), account("222222222222", "b@example.com")]), [""; 0]);
    // Before it is invited, nothing has the id; anyone who has the email is it.
    assert_eq!(doubts(&[account("333333333333", "a@example.com")]), [""; 0]);
}

#[test]
fn two_accounts_for_one_of_the_blueprint_are_refused_by_both_ids() {
    assert_eq!(
        doubts(&[account("111111111111", "z@example.com"), account("333333333333", "a@example.com")]),
        ["account/a is account 111111111111 by its id and account 333333333333 by its email a@example.com"]
    );
}

#[test]
fn one_account_for_two_of_the_blueprint_is_refused() {
    assert_eq!(
        doubts(&[account("111111111111", "b@example.com")]),
        ["account 111111111111 is account/a by its id and account/b by its email"]
    );
}

#[test]
fn a_closed_account_of_the_blueprint_is_kept_apart_and_others_are_not_looked_at() {
    let closed = |owner: Owner, is_wanted: bool| {
        let mut desired = Desired { blueprint: "ours".into(), ..Desired::default() };
        if is_wanted {
            desired.add(wanted("ou/Gone", Presence::Absent));
        }
        let mut observed = Observed::default();
        let of_aws = read::Account { state: "SUSPENDED".into(), ..account("111111111111", "a@example.com") };
        add_closed(&desired, &mut observed, Found { owner, ..found(None) }, &of_aws);
        assert!(observed.found.is_empty());
        observed.closed.remove(&Address::account("a")).map(|found| (found.owner, found.body["state"].clone()))
    };
    let kept = Some((Owner::This { stale: None }, json!("SUSPENDED")));
    assert_eq!(closed(Owner::This { stale: Some("account/old".into()) }, true), kept);
    assert_eq!(closed(Owner::Unmanaged, true), kept);
    assert_eq!(closed(Owner::Other("theirs".into()), true), None);
    assert_eq!(closed(Owner::ControlTower, true), None);
    assert_eq!(closed(Owner::This { stale: None }, false), None);
}
