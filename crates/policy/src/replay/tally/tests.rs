use serde_json::json;

use super::*;
use crate::DecisionKind;

fn denial(action: &str) -> Denial {
    let decided_by = DecidedBy {
        level: "r-ab12".to_owned(),
        policy: Some("Guard".to_owned()),
        statement: Some(0),
        sid: None,
        kind: DecisionKind::Explicit,
    };
    Denial { account: "1".to_owned(), principal: "jo".to_owned(), action: action.to_owned(), decided_by }
}

fn undecidable(action: &str) -> Undecidable {
    Undecidable { missing: vec!["aws:PrincipalTag/a".to_owned()], action: action.to_owned() }
}

fn with_event<T>(name: &str, id: &str, each: impl FnOnce(&Event<'_>) -> T) -> T {
    let text = json!({"eventSource": "s3.amazonaws.com", "eventName": name, "eventID": id}).to_string();
    each(&serde_json::from_str(&text).unwrap())
}

/// Counts a call with a change as one event of this id.
fn count(tally: &mut Tally, change: Option<Change>, id: &str) {
    let slot = tally.slot(change);
    with_event("GetObject", id, |event| tally.count(slot, event));
}

fn seen(count: u64, example: &str) -> Seen {
    Seen { count, example: example.to_owned() }
}

#[test]
fn each_change_is_counted_where_it_belongs_with_the_least_id_as_its_example() {
    let mut tally = Tally::default();
    for (change, id) in [
        (Some(Change::Denied(denial("s3:A"))), "2"),
        (Some(Change::Denied(denial("s3:A"))), "1"),
        (Some(Change::Denied(denial("s3:A"))), "3"),
        (Some(Change::Denied(denial("s3:B"))), "4"),
        (Some(Change::Allowed(denial("s3:A"))), "5"),
        (Some(Change::Undecided(undecidable("s3:A"))), "6"),
        (None, "0"),
    ] {
        count(&mut tally, change, id);
    }
    assert_eq!(tally.denied, IndexMap::from([(denial("s3:A"), seen(3, "1")), (denial("s3:B"), seen(1, "4"))]));
    assert_eq!(tally.allowed, IndexMap::from([(denial("s3:A"), seen(1, "5"))]));
    assert_eq!(tally.undecided, IndexMap::from([(undecidable("s3:A"), seen(1, "6"))]));
}

#[test]
fn an_event_without_an_id_is_an_example_only_of_itself() {
    let mut tally = Tally::default();
    count(&mut tally, Some(Change::Denied(denial("s3:A"))), "");
    assert_eq!(tally.denied[0], seen(1, ""));
}

#[test]
fn the_most_frequent_come_first_and_equals_by_what_they_are() {
    let all = IndexMap::from([("b", seen(1, "")), ("c", seen(2, "")), ("a", seen(1, ""))]);
    let names: Vec<&str> = Tally::sorted(&all).into_iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["c", "a", "b"]);
}

#[test]
fn whatever_is_decided_otherwise_or_could_be_is_a_finding() {
    let of = |change: Change| {
        let mut tally = Tally::default();
        count(&mut tally, Some(change), "1");
        tally
    };
    let unmapped = |could_be_denied| {
        let mut tally = Tally::default();
        with_event("X", "1", |event| tally.unmapped(event, could_be_denied));
        tally
    };
    let mut unread = Tally::default();
    unread.add_unread("a.json", "text", 1);
    let mut skipped = Tally { events: 1, evaluated: 1, ..Tally::default() };
    skipped.skip(Skipped::Error);
    for (tally, is_finding) in [
        (of(Change::Denied(denial("s3:A"))), true),
        (of(Change::Allowed(denial("s3:A"))), true),
        (of(Change::Undecided(undecidable("s3:A"))), true),
        (unmapped(true), true),
        (unmapped(false), false),
        (unread, true),
        (skipped, false),
        (Tally::default(), false),
    ] {
        assert_eq!(tally.has_findings(), is_finding, "{tally:?}");
    }
}

#[test]
fn what_two_replays_found_is_added() {
    let mut one = Tally { events: 5, evaluated: 3, ..Tally::default() };
    one.skip(Skipped::Error);
    one.skip(Skipped::Digest);
    one.logged_denials = LoggedDenials { total: 4, explained: 2, contradicted: 1 };
    count(&mut one, Some(Change::Denied(denial("s3:A"))), "2");
    with_event("X", "9", |event| one.unmapped(event, true));
    one.add_unread("a.json", "text", 2);
    let mut other = Tally { events: 7, evaluated: 6, ..Tally::default() };
    other.skip(Skipped::Error);
    other.logged_denials = LoggedDenials { total: 10, explained: 20, contradicted: 30 };
    count(&mut other, Some(Change::Denied(denial("s3:A"))), "1");
    count(&mut other, Some(Change::Allowed(denial("s3:B"))), "3");
    count(&mut other, Some(Change::Undecided(undecidable("s3:C"))), "4");
    with_event("X", "8", |event| other.unmapped(event, true));
    with_event("X", "7", |event| other.unmapped(event, false));
    other.add_unread("a.json", "text", 3);
    one.add(&other);
    assert_eq!((one.events, one.evaluated), (12, 9));
    assert_eq!(one.skipped, BTreeMap::from([(Skipped::Error, 2), (Skipped::Digest, 1)]));
    assert_eq!(one.logged_denials, LoggedDenials { total: 14, explained: 22, contradicted: 31 });
    assert_eq!(one.denied[0], seen(2, "1"));
    assert_eq!(one.allowed[0], seen(1, "3"));
    assert_eq!(one.undecided[0], seen(1, "4"));
    assert_eq!(one.unmapped.values().cloned().collect::<Vec<_>>(), [seen(2, "8"), seen(1, "7")]);
    assert_eq!(one.unread[0].count, 5);
}

#[test]
fn json_has_the_members_of_the_contract() {
    let mut tally = Tally { events: 4, evaluated: 2, ..Tally::default() };
    for why in [
        Skipped::Error,
        Skipped::Service,
        Skipped::ServiceLinkedRole,
        Skipped::ManagementAccount,
        Skipped::UnknownAccount,
        Skipped::NoPrincipal,
        Skipped::Insight,
        Skipped::Digest,
    ] {
        tally.skip(why);
    }
    count(&mut tally, Some(Change::Denied(denial("s3:A"))), "1");
    count(&mut tally, Some(Change::Undecided(undecidable("s3:A"))), "2");
    with_event("X", "3", |event| tally.unmapped(event, true));
    tally.add_unread("a.json", "text", 2);
    tally.logged_denials = LoggedDenials { total: 3, explained: 2, contradicted: 1 };
    let decided_by = json!({"level": "r-ab12", "policy": "Guard", "statement": 0, "sid": null, "kind": "explicit"});
    assert_eq!(
        tally.to_json(),
        json!({
            "events": 4, "evaluated": 2,
            "skipped": {"error": 1, "service": 1, "service_linked_role": 1, "management_account": 1, "unknown_account": 1,
                        "no_principal": 1, "insight": 1, "digest": 1},
            "denied": [{"account": "1", "principal": "jo", "action": "s3:A", "decided_by": decided_by, "count": 1,
                        "example": "1"}],
            "allowed": [],
            "undecided": [{"missing": ["aws:PrincipalTag/a"], "action": "s3:A", "count": 1, "example": "2"}],
            "unmapped": [{"event_source": "s3.amazonaws.com", "event_name": "X", "could_be_denied": true, "count": 1}],
            "unread": [{"log": "a.json", "looks_like": "text", "count": 2}],
            "logged_denials": {"total": 3, "explained": 2, "contradicted": 1},
        })
    );
}
