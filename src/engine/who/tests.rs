use std::collections::BTreeMap;

use serde_json::json;

use super::archive::{RecordedEvents, names};
use super::sought::{Site, explains};
use super::*;
use crate::cloud::AccountAccess;
use crate::engine::scene::{change, field};
use crate::kinds::read::RecordedEvent;
use crate::model::Author;
use crate::model::{Address, Does, FieldChange, Mark, Observed, Trace};

const REGION: &str = "us-east-1";

fn event(name: &str, time: &str, texts: &[&str]) -> RecordedEvent {
    RecordedEvent {
        is_refused: false,
        texts: texts.iter().map(|&text| ("policyId".to_owned(), text.to_owned())).collect(),
        author: Author {
            principal: "alice".into(),
            time: format!("2026-11-{time}T00:00:00Z"),
            event: name.into(),
            event_id: format!("{name}-{time}"),
            source_ip: None,
            user_agent: None,
            is_landing: false,
        },
    }
}

fn home() -> Site {
    Site { account: None, region: REGION.into() }
}

fn archive(histories: Vec<(&'static str, Vec<RecordedEvent>)>) -> Archive {
    let histories =
        histories.into_iter().map(|(name, events)| ((home(), name), RecordedEvents { events, is_cut: false }));
    Archive { histories: histories.collect(), ..Archive::default() }
}

fn sought(marks: &[&str], traces: &[Trace]) -> UnexplainedChange {
    UnexplainedChange {
        address: Address::parse("scp/guard"),
        site: home(),
        access: AccountAccess::own(),
        marks: marks.iter().map(|&mark| Mark::from(mark)).collect(),
        traces: traces.to_vec(),
        may_be_inside: false,
    }
}

const UPDATE: Trace = Trace { event: "UpdatePolicy", does: Does::Change(&["content"]) };
const TAG: Trace = Trace { event: "TagResource", does: Does::Change(&["tags."]) };

fn chosen(sought: &UnexplainedChange, archive: &Archive) -> Option<String> {
    archive.author(sought).map(|author| author.event_id)
}

#[test]
fn the_newest_event_about_the_resource_is_chosen() {
    let archive = archive(vec![
        ("UpdatePolicy", vec![event("UpdatePolicy", "09", &["p-other"]), event("UpdatePolicy", "05", &["p-1"])]),
        ("TagResource", vec![event("TagResource", "07", &["p-1", "team"])]),
    ]);
    assert_eq!(chosen(&sought(&["p-1"], &[UPDATE, TAG]), &archive).as_deref(), Some("TagResource-07"));
    assert_eq!(chosen(&sought(&["p-1"], &[UPDATE]), &archive).as_deref(), Some("UpdatePolicy-05"));
    assert_eq!(chosen(&sought(&["p-2"], &[UPDATE, TAG]), &archive), None);
    assert_eq!(chosen(&sought(&["p-1", "ou-1"], &[UPDATE]), &archive), None, "an event names all of an attachment");
}

#[test]
fn a_refused_call_has_changed_nothing() {
    let refused = RecordedEvent { is_refused: true, ..event("UpdatePolicy", "09", &["p-1"]) };
    let archive = archive(vec![("UpdatePolicy", vec![refused, event("UpdatePolicy", "05", &["p-1"])])]);
    assert_eq!(chosen(&sought(&["p-1"], &[UPDATE]), &archive).as_deref(), Some("UpdatePolicy-05"));
}

#[test]
fn anyone_who_asked_for_an_account_made_it() {
    const END: Trace = Trace { event: "CreateAccountResult", does: Does::EndMaking("CreateAccount") };
    let end = event("CreateAccountResult", "09", &["car-1", "111111111111", "SUCCEEDED"]);
    let began = vec![event("CreateAccount", "09", &["car-2"]), event("CreateAccount", "08", &["car-1", "IN_PROGRESS"])];
    let known = archive(vec![("CreateAccountResult", vec![end.clone()]), ("CreateAccount", began)]);
    let sought = sought(&["111111111111"], &[END]);
    assert_eq!(chosen(&sought, &known).as_deref(), Some("CreateAccount-08"));
    let unknown = archive(vec![("CreateAccountResult", vec![end])]);
    assert_eq!(chosen(&sought, &unknown).as_deref(), Some("CreateAccountResult-09"));
    let names: Vec<_> = names(&[&sought]).into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["CreateAccount", "CreateAccountResult"]);
}

#[test]
fn a_difference_is_explained_by_events_of_its_sort() {
    let mut update = change(Action::Update, "policy", "scp/guard");
    update.fields = vec![field("tags.team", json!("red"), json!("blue"))];
    assert!(explains(Does::Change(&["content", "tags."]), &update));
    assert!(!explains(Does::Change(&["content"]), &update));
    assert!(!explains(Does::Make, &update) && !explains(Does::Delete, &update));
    for (action, expected) in [
        (Action::Create, [false, false, true, false]),
        (Action::Delete, [true, true, false, false]),
        (Action::Adopt, [true, true, false, false]),
        (Action::Move, [false, false, false, true]),
    ] {
        let change = change(action, "policy", "scp/guard");
        let does = [Does::Make, Does::EndMaking("CreateAccount"), Does::Delete, Does::Move];
        assert_eq!(does.map(|does| explains(does, &change)), expected, "{action:?}");
    }
}

fn reported(action: Action, sought: Result<UnexplainedChange, String>, archive: &Archive) -> Option<String> {
    match changed_by(&change(action, "policy", "scp/guard"), &sought, archive)? {
        ChangedBy::Author(author) => Some(author.event_id),
        ChangedBy::NotKnown { not_known } => Some(not_known),
    }
}

#[test]
fn without_an_event_only_what_must_have_one_says_so() {
    let none = archive(vec![("UpdatePolicy", vec![])]);
    let policy = || Ok(sought(&["p-1"], &[UPDATE]));
    for action in [Action::Update, Action::Move, Action::Delete] {
        assert_eq!(reported(action, policy(), &none).as_deref(), Some("no event in the last 90 days"));
        let not_asked = reported(action, Err("its id is not known".into()), &none);
        assert_eq!(not_asked.as_deref(), Some("not looked up: its id is not known"));
    }
    for action in [Action::Create, Action::Adopt] {
        assert_eq!(reported(action, policy(), &none), None);
        assert_eq!(reported(action, Err("its id is not known".into()), &none), None);
    }
}

#[test]
fn why_an_event_is_not_known_is_said() {
    let update = |sought: UnexplainedChange, archive: &Archive| reported(Action::Update, Ok(sought), archive);
    let policy = || sought(&["p-1"], &[UPDATE]);
    let is_cut = RecordedEvents { is_cut: true, ..RecordedEvents::default() };
    let cut = Archive { histories: BTreeMap::from([((home(), "UpdatePolicy"), is_cut)]), ..Archive::default() };
    assert_eq!(update(policy(), &cut).as_deref(), Some("there are more events than landing asks for"));
    let asked_no_more = update(policy(), &Archive::default());
    assert_eq!(asked_no_more.as_deref(), Some("not looked up: landing asks CloudTrail 50 times at most"));
    let inside = UnexplainedChange { may_be_inside: true, ..policy() };
    assert_eq!(
        update(inside, &archive(vec![("UpdatePolicy", vec![])])).as_deref(),
        Some("no event in the management account shows it, and the account's own history was not looked up")
    );
    let by_landing = |may_be_inside: bool| {
        let mut event = event("UpdatePolicy", "05", &["p-1"]);
        event.author.is_landing = true;
        let sought = UnexplainedChange { may_be_inside, ..policy() };
        archive(vec![("UpdatePolicy", vec![event])]).author(&sought).is_some()
    };
    assert!(by_landing(false) && !by_landing(true), "the account may have changed it since");
    let shut = |account: Option<String>| Archive {
        shut: BTreeMap::from([(account, "denied".to_owned())]),
        ..Archive::default()
    };
    let member = Some("111111111111".to_owned());
    let of_member = UnexplainedChange { site: Site { account: member.clone(), ..home() }, ..policy() };
    assert_eq!(update(of_member, &shut(member)).as_deref(), Some("not looked up in 111111111111: denied"));
    assert_eq!(update(policy(), &shut(None)), None, "a note says it once");
}

fn observed() -> Observed {
    let mut observed = Observed { identity_center_region: Some("eu-central-1".into()), ..Observed::default() };
    for (address, id) in [
        ("management", "000000000000"),
        ("account/payer", "000000000000"),
        ("account/a", "111111111111"),
        ("stack-set/budget", "budget:9f0e"),
        ("group/team", "g-1"),
    ] {
        observed.bindings.bind(Address::parse(address), id);
    }
    observed
}

/// Where the events of a change are, and what they name; whether the account's own history may have them.
fn looked_for(kind: &str, address: &str, parent: &str, fields: &[&str]) -> Result<(String, String, bool), String> {
    let observed = observed();
    let desired = Desired::default();
    let scene = HistoryContext { desired: &desired, observed: &observed, region: "eu-west-1", partition: "aws" };
    let mut change = change(Action::Update, kind, address);
    change.parent = Some(Address::parse(parent));
    change.fields = fields.iter().map(|path| field(path, json!(1), json!(2))).collect::<Vec<FieldChange>>();
    let sought = scene.of_change(&change)?;
    let account = sought.site.account.unwrap_or_else(|| "own".into());
    let marks: Vec<String> = sought
        .marks
        .into_iter()
        .map(|mark| match mark {
            Mark::Text(text) => text,
            Mark::Name { name, .. } => format!("~{name}"),
        })
        .collect();
    Ok((format!("{account} {}", sought.site.region), marks.join(" "), sought.may_be_inside))
}

#[test]
fn events_are_looked_for_where_their_service_records_them() {
    for (kind, address, parent, field, site, marks, may_be_inside) in [
        ("policy", "scp/x", "organization", "content", "", "", false),
        ("stack-set", "stack-set/budget", "organization", "parameters.Sum", "own eu-west-1", "~budget", false),
        ("stack-set", "stack-set/budget", "organization", "deployment_targets.ou/A", "own eu-west-1", "~budget", false),
        ("stack", "stack/a/trail/eu-north-1", "account/a", "resources.B", "111111111111 eu-north-1", "~trail", false),
        ("stack", "stack/management/trail/eu-north-1", "management", "status", "own eu-north-1", "~trail", false),
        ("group", "group/team", "organization", "description", "own eu-central-1", "g-1", false),
        (
            "alternate-contact",
            "alternate-contact/a/BILLING",
            "account/a",
            "email",
            "own us-east-1",
            "111111111111 BILLING",
            true,
        ),
        (
            "alternate-contact",
            "alternate-contact/payer/BILLING",
            "account/payer",
            "email",
            "own us-east-1",
            "000000000000 BILLING",
            false,
        ),
        ("password-policy", "password-policy/a", "account/a", "minimum_length", "111111111111 us-east-1", "", false),
        ("account-alias", "account-alias/payer", "account/payer", "alias", "own us-east-1", "", false),
        ("ebs-encryption", "ebs-encryption/a/eu-west-2", "account/a", "kms_key", "111111111111 eu-west-2", "", false),
    ] {
        let found = looked_for(kind, address, parent, &[field]);
        match site {
            "" => assert_eq!(found, Err("its id is not known".into()), "{address}"),
            _ => assert_eq!(found, Ok((site.into(), marks.into(), may_be_inside)), "{address}"),
        }
    }
}

#[test]
fn who_changed_a_resource_of_a_stack_is_not_looked_for_by_the_stack() {
    let why = "the calls that landing knows do not lead to this difference alone";
    let stack = |field: &str| looked_for("stack", "stack/a/trail/eu-north-1", "account/a", &[field]);
    assert_eq!(stack("drift.Topic.DisplayName"), Err(why.into()));
    assert!(stack("termination_protection").is_ok());
    let set = looked_for("stack-set", "stack-set/budget", "organization", &["drift.account/a.eu-west-1"]);
    assert_eq!(set, Err(why.into()));
    let nowhere = looked_for("password-policy", "password-policy/b", "account/b", &["minimum_length"]);
    assert_eq!(nowhere, Err("the id of its account is not known".into()));
}
