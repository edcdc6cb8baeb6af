use std::time::Duration;

use serde_json::json;
use tokio::sync::watch;
use tokio::time::timeout;

use super::super::apply::{Applied, ApplyError, admit, either, forbidden, hindered, leads_further, refusals, steps};
use super::super::outcome::{Failure, Outcome};
use super::super::plan::Draft;
use super::super::targets::Unmatched;
use super::{OURS, absent, at, change, desired, draft, found, observed, plan, waiting, wanted};
use crate::cloud::AwsError;
use crate::model::{Action, Address, Change, Manual, Observed, Plan, Presence, Refusal, Risk};

fn risky(risk: Risk) -> Plan {
    plan(vec![change("ou/A", Action::Update, &[]), Change { risk, ..change("ou/B", Action::Delete, &[]) }], &[])
}

#[test]
fn destruction_needs_permission_and_nothing_else_does() {
    for (risk, needs) in
        [(Risk::None, false), (Risk::Disruptive, false), (Risk::Destructive, true), (Risk::Irreversible, true)]
    {
        let refusal = forbidden(&risky(risk), false);
        assert_eq!(refusal.is_some(), needs, "{risk:?}");
        assert!(refusal.is_none_or(|it| it.code == "destruction" && it.message == "the plan destroys ou/B"));
        assert_eq!(forbidden(&risky(risk), true), None, "{risk:?}");
    }
}

#[test]
fn what_the_guards_refuse_stays_refused_whatever_is_allowed() {
    let guard = Refusal { code: "lock-out".into(), address: None, message: String::new(), help: String::new() };
    for (risk, allow_destroy, expected) in [
        (Risk::None, false, &["lock-out"][..]),
        (Risk::None, true, &["lock-out"]),
        (Risk::Destructive, true, &["lock-out"]),
        (Risk::Destructive, false, &["lock-out", "destruction"]),
    ] {
        let plan = Plan { refusals: vec![guard.clone()], ..risky(risk) };
        let codes: Vec<String> = refusals(&plan, allow_destroy).into_iter().map(|refusal| refusal.code).collect();
        assert_eq!(codes, expected, "{risk:?} {allow_destroy}");
    }
    assert!(refusals(&risky(Risk::None), false).is_empty());
}

/// In one word why a plan is not carried out.
fn why_not(saved: Option<&Plan>, draft: &Draft, allow_destroy: bool) -> &'static str {
    match admit(saved, draft, allow_destroy) {
        Ok(()) => "",
        Err(ApplyError::Stale(_)) => "stale",
        Err(ApplyError::Unmatched(_)) => "unmatched",
        Err(ApplyError::Refused { plan: Some(_), .. }) => "refused",
        Err(_) => "other",
    }
}

#[test]
fn a_plan_is_admitted_where_nothing_stands_against_it() {
    let refusal = Refusal { code: "lock-out".into(), address: None, message: String::new(), help: String::new() };
    let now = |plan: Plan| draft(plan, Observed::default());
    let refused = now(Plan { refusals: vec![refusal], ..risky(Risk::None) });
    assert_eq!(why_not(None, &now(risky(Risk::None)), false), "");
    assert_eq!(why_not(None, &refused, true), "refused");
    assert_eq!(why_not(None, &now(risky(Risk::Destructive)), false), "refused");
    assert_eq!(why_not(None, &now(risky(Risk::Destructive)), true), "");
    assert_eq!(why_not(Some(&risky(Risk::None)), &now(risky(Risk::None)), false), "");
    assert_eq!(why_not(Some(&risky(Risk::None)), &now(risky(Risk::Destructive)), true), "stale");
    assert_eq!(why_not(Some(&risky(Risk::Destructive)), &now(risky(Risk::Destructive)), false), "refused");
    let unmatched = vec![Unmatched { target: at("ou/X"), known: Vec::new() }];
    let unmatched = Draft { unmatched, ..now(risky(Risk::None)) };
    assert_eq!(why_not(None, &unmatched, true), "unmatched");
    // What a saved plan deleted is gone.
    assert_eq!(why_not(Some(&risky(Risk::None)), &unmatched, true), "");
}

/// An apply that made an organization, after which something waits.
fn made() -> Applied {
    let waits = waiting(change("group/g", Action::Create, &[]), "identity-center");
    let plan = Plan { waiting: vec![waits], ..plan(Vec::new(), &[]) };
    let outcome = Outcome { done: vec![(Address::organization(), Action::Create)], ..Outcome::default() };
    Applied { plan, outcome, lost_lease: false, unseen: Vec::new(), caller: None, unrecorded: None }
}

#[test]
fn a_second_round_follows_a_new_organization_that_something_waits_for() {
    assert!(leads_further(&made()));
    let none_waits = Applied { plan: Plan { waiting: Vec::new(), ..made().plan }, ..made() };
    assert!(!leads_further(&none_waits));
    assert!(!leads_further(&Applied { lost_lease: true, ..made() }));
    let failure =
        Failure { address: at("ou/A"), action: Action::Create, error: String::new(), cause: String::new(), help: None };
    let manual = Manual { address: None, what: String::new(), link: None };
    for outcome in [
        Outcome { done: Vec::new(), ..Outcome::default() },
        Outcome { done: vec![(Address::organization(), Action::Update)], ..Outcome::default() },
        Outcome { done: vec![(at("ou/A"), Action::Create)], ..Outcome::default() },
        Outcome { interrupted: true, ..made().outcome },
        Outcome { failed: vec![failure], ..made().outcome },
        Outcome { skipped: vec![at("ou/A")], ..made().outcome },
        Outcome { remaining: vec![at("ou/A")], ..made().outcome },
        Outcome { waits: vec![manual], ..made().outcome },
    ] {
        assert!(!leads_further(&Applied { outcome: outcome.clone(), ..made() }), "{outcome:?}");
    }
}

#[test]
fn an_apply_is_complete_where_nothing_is_left_for_anyone() {
    assert!(made().is_complete());
    let manual = Manual { address: None, what: String::new(), link: None };
    assert!(!Applied { plan: Plan { manual: vec![manual], ..made().plan }, ..made() }.is_complete());
    assert!(!Applied { unseen: vec![at("ou/A")], ..made() }.is_complete());
    assert!(!Applied { lost_lease: true, ..made() }.is_complete());
    let left = Outcome { remaining: vec![at("ou/A")], ..made().outcome };
    assert!(!Applied { outcome: left, ..made() }.is_complete());
}

#[test]
fn every_change_is_made_with_what_is_wanted_and_what_was_found() {
    let account = |name: &str| wanted(&format!("account/{name}"), "root", json!({"name": name}));
    let desired = desired([account("new"), account("changed"), absent(account("closed"))]);
    let there = ["changed", "closed", "dropped"].map(|name| found(&format!("account/{name}"), "root", OURS, json!({})));
    let changes = vec![
        change("account/new", Action::Create, &[]),
        change("account/changed", Action::Update, &[]),
        change("account/closed", Action::Delete, &[]),
        change("account/dropped", Action::Delete, &[]),
    ];
    let steps = steps(&desired, &draft(plan(changes.clone(), &[]), observed(there)));
    let made: Vec<(&str, Option<Presence>, bool)> = steps
        .iter()
        .map(|step| {
            (step.change.address.as_str(), step.wanted.as_ref().map(|wanted| wanted.presence), step.found.is_some())
        })
        .collect();
    assert_eq!(
        made,
        [
            ("account/new", Some(Presence::Present), false),
            ("account/changed", Some(Presence::Present), true),
            ("account/closed", Some(Presence::Absent), true),
            ("account/dropped", None, true),
        ]
    );
    assert!(steps.into_iter().map(|step| step.change).eq(changes));
}

#[test]
fn a_deletion_closes_an_account_only_where_the_blueprint_says_so() {
    let desired = desired([wanted("account/a", "root", json!({"name": "a"}))]);
    let found = observed([found("account/a", "root", OURS, json!({}))]);
    let steps = steps(&desired, &draft(plan(vec![change("account/a", Action::Delete, &[])], &[]), found));
    assert_eq!(steps[0].wanted, None);
}

#[test]
fn what_was_found_to_be_missing_is_wanted_of_its_change() {
    let list = json!({"content": {"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}});
    let mut found =
        observed([found("scp/list", "organization", OURS, list), found("scp/list@ou/A", "ou/A", OURS, json!({}))]);
    found.without_full_access.insert(at("ou/A"));
    let change = change("scp/FullAWSAccess@ou/A", Action::Create, &[]);
    let steps = steps(&desired([]), &draft(plan(vec![change], &[]), found));
    assert_eq!(steps[0].wanted.as_ref().map(|wanted| &wanted.address), Some(&at("scp/FullAWSAccess@ou/A")));
}

/// Addresses, errors and helps of what could not be begun.
fn reported(plan: &Plan, error: &ApplyError) -> Vec<(String, String, Option<String>)> {
    let failures = hindered(plan, error).into_iter();
    failures.map(|it| (it.address.to_string(), it.error, it.help)).collect()
}

#[test]
fn what_waits_and_cannot_be_begun_fails_at_what_it_waits_for() {
    let plan = made().plan;
    let aws = ApplyError::Aws(AwsError::odd("sso:ListInstances", "no answer"));
    let [(address, error, _)] = reported(&plan, &aws).try_into().unwrap();
    assert_eq!(address, "identity-center");
    assert!(error.contains("sso:ListInstances") && error.contains("no answer"), "{error}");
    let refusal = |address: Option<&str>| Refusal {
        code: "owner".into(),
        address: address.map(at),
        message: "another blueprint owns it".into(),
        help: "choose another name".into(),
    };
    let refused = ApplyError::Refused { plan: None, refusals: vec![refusal(Some("group/g")), refusal(None)] };
    let (error, help) = ("another blueprint owns it".to_owned(), Some("choose another name".to_owned()));
    let expected = ["group/g", "identity-center"].map(|address| (address.to_owned(), error.clone(), help.clone()));
    assert_eq!(reported(&plan, &refused), expected);
    let other = reported(&Plan { waiting: Vec::new(), ..plan }, &ApplyError::Declined);
    let (error, help) = ("what waits could not be planned".to_owned(), Some("run apply again".to_owned()));
    assert_eq!(other, [("organization".to_owned(), error, help)]);
}

/// Whether the apply is reported to stop, and whether its lease is lost.
fn both(reported: bool, lost: bool) -> (watch::Sender<bool>, watch::Sender<bool>, watch::Receiver<bool>) {
    let ((stop, stopped), (lose, lease)) = (watch::channel(reported), watch::channel(lost));
    (stop, lose, either(stopped, lease))
}

const SOON: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn an_apply_stops_when_it_is_reported_to_or_has_lost_its_lease() {
    for (reported, lost) in [(false, false), (true, false), (false, true)] {
        assert_eq!(*both(reported, lost).2.borrow(), reported || lost);
    }
    let (stop, _lose, mut is_over) = both(false, false);
    stop.send_replace(true);
    assert!(timeout(SOON, is_over.wait_for(|over| *over)).await.is_ok_and(|over| over.is_ok()));
    let (_stop, lose, mut is_over) = both(false, false);
    lose.send_replace(true);
    assert!(timeout(SOON, is_over.wait_for(|over| *over)).await.is_ok_and(|over| over.is_ok()));
}

#[tokio::test(start_paused = true)]
async fn an_apply_that_cannot_be_reported_to_stop_any_more_still_stops_without_its_lease() {
    let (stop, lose, mut is_over) = both(false, false);
    drop(stop);
    assert!(timeout(SOON, is_over.changed()).await.is_err(), "nothing has happened");
    lose.send_replace(true);
    assert!(timeout(SOON, is_over.wait_for(|over| *over)).await.is_ok_and(|over| over.is_ok()));
}

#[tokio::test(start_paused = true)]
async fn watching_whether_an_apply_stops_ends_with_its_receiver() {
    let (stop, lose, is_over) = both(false, false);
    drop(is_over);
    assert!(timeout(SOON, stop.closed()).await.is_ok() && timeout(SOON, lose.closed()).await.is_ok());
    let (stop, lose, is_over) = both(false, false);
    drop(stop);
    tokio::task::yield_now().await;
    drop(is_over);
    assert!(timeout(SOON, lose.closed()).await.is_ok());
}
