use serde_json::json;

use super::super::plan_file::seal;
use super::*;

fn facts() -> Facts {
    let mut facts = Facts::default();
    let organization = json!({"id": "o-a1b2c3d4e5", "management_account": "111122223333", "feature_set": "ALL"});
    facts.put("organizations/organization".into(), organization);
    facts.put("sts/caller".into(), json!({"account": "111122223333", "arn": "arn:aws:iam::111122223333:role/ci"}));
    facts
}

fn file(taken: &str) -> String {
    text_of(&Snapshot::new(facts(), "eu-west-1", taken.into(), None))
}

fn text_of(snapshot: &Snapshot) -> String {
    let mut text = Vec::new();
    let json = |out: &mut dyn Write, snapshot: &Snapshot| Ok(serde_json::to_writer_pretty(out, snapshot)?);
    let digest = snapshot.write_to(&mut text, json).unwrap();
    assert_eq!(digest, sha256(&text));
    String::from_utf8(text).unwrap()
}

fn refused(text: &str) -> SnapshotError {
    Snapshot::from_file(text.as_bytes()).unwrap_err()
}

#[test]
fn a_snapshot_is_read_as_it_was_written() {
    let text = file("2026-11-29T12:00:00Z");
    let snapshot = Snapshot::from_file(text.as_bytes()).unwrap();
    assert_eq!(snapshot.organization.id.as_deref(), Some("o-a1b2c3d4e5"));
    assert_eq!(snapshot.organization.management_account.as_deref(), Some("111122223333"));
    assert_eq!((snapshot.home_region.as_str(), snapshot.facts.len()), ("eu-west-1", 2));
    assert_eq!(text_of(&snapshot), text);
    let facts = snapshot.into_facts(text.as_bytes());
    let recorded = facts.recorded().unwrap();
    assert_eq!(recorded.taken, "2026-11-29T12:00:00Z");
    assert_eq!(recorded.sha256, sha256(text.as_bytes()));
}

#[test]
fn the_same_facts_are_the_same_bytes_but_for_the_time() {
    let (one, other) = (file("2026-11-29T12:00:00Z"), file("2026-11-29T12:00:00Z"));
    assert_eq!(one, other);
    let digest = |text: &str| Snapshot::from_file(text.as_bytes()).unwrap().facts_sha256;
    let later = file("2026-11-30T12:00:00Z");
    assert_ne!(one, later);
    assert_eq!(digest(&one), digest(&later));
}

#[test]
fn every_other_byte_is_refused() {
    let text = file("2026-11-29T12:00:00Z");
    for at in 0..text.len() {
        let mut edited = text.clone().into_bytes();
        edited[at] = if edited[at] == b'0' { b'1' } else { b'0' };
        assert!(Snapshot::from_file(&edited).is_err(), "byte {at}");
        assert!(Snapshot::from_file(&text.as_bytes()[..at]).is_err(), "cut at {at}");
    }
    assert_eq!(refused(&(text.clone() + "\n")), SnapshotError::Edited);
    assert_eq!(refused(&text.replace("eu-west-1", "eu-west-2")), SnapshotError::Edited);
}

#[test]
fn other_files_are_called_what_they_are() {
    let text = file("2026-11-29T12:00:00Z");
    let other = text.replace("landing-snapshot/1", "landing-snapshot/0");
    assert_eq!(refused(&other), SnapshotError::Format("landing-snapshot/0".into()));
    assert_eq!(refused(r#"{"format": "landing-plan/1"}"#), SnapshotError::Format("landing-plan/1".into()));
    assert_eq!(refused(r#"{"format": 1}"#), SnapshotError::Format(String::new()));
    assert_eq!(refused(r#"{"version": 1}"#), SnapshotError::NotASnapshot);
    assert_eq!(refused("[]"), SnapshotError::NotASnapshot);
    assert!(matches!(refused("version: 1"), SnapshotError::NotJson(_)));
    assert!(matches!(refused(""), SnapshotError::NotJson(_)));
    let older = Snapshot { version: "0.0.1".into(), ..Snapshot::from_file(text.as_bytes()).unwrap() };
    assert_eq!(refused(&text_of(&older)), SnapshotError::Version("0.0.1".into()));
    let empty = seal("{\n  \"format\": \"landing-snapshot/1\"\n}");
    assert!(matches!(refused(&empty), SnapshotError::Unreadable(_)));
}
