use serde_json::json;

use super::*;
use crate::engine::scene::{change, field};

const REGION: &str = "us-east-1";

fn event(name: &str, time: &str, texts: &[&str]) -> RecordedEvent {
    RecordedEvent {
        is_refused: false,
        texts: texts.iter().map(|&text| text.to_owned()).collect(),
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

fn archive(heard: Vec<(&'static str, Vec<RecordedEvent>)>) -> Archive {
    let heard = heard.into_iter().map(|(name, events)| ((REGION.into(), name), Heard { events, is_cut: false }));
    Archive { heard: heard.collect(), calls: 0 }
}

fn sought(marks: &[&str], traces: &[Trace]) -> Sought {
    Sought {
        address: Address::parse("scp/guard"),
        region: REGION.into(),
        marks: marks.iter().map(|&mark| mark.to_owned()).collect(),
        traces: traces.to_vec(),
    }
}

const UPDATE: Trace = Trace { event: "UpdatePolicy", does: Does::Change(&["content"]) };
const TAG: Trace = Trace { event: "TagResource", does: Does::Change(&["tags."]) };

fn chosen(sought: &Sought, archive: &Archive) -> Option<String> {
    author(sought, archive).map(|author| author.event_id)
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
fn whoever_asked_for_an_account_made_it() {
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

#[test]
fn without_an_event_only_what_must_have_one_says_so() {
    let none = archive(vec![("UpdatePolicy", vec![])]);
    let sought = sought(&["p-1"], &[UPDATE]);
    let told = |action| changed_by(action, &sought, &none);
    let not_known = |why: &str| Some(ChangedBy::NotKnown { not_known: why.into() });
    for action in [Action::Update, Action::Move, Action::Delete] {
        assert_eq!(told(action), not_known("no event in the last 90 days"));
    }
    assert_eq!((told(Action::Create), told(Action::Adopt)), (None, None));
    let cut = Archive::default();
    assert_eq!(changed_by(Action::Update, &sought, &cut), not_known("there are more events than landing asks for"));
}
