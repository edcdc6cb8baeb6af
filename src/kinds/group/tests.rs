use super::*;
use crate::model::Body;

#[test]
fn the_mark_comes_and_goes_without_a_trace() {
    for text in ["", "those who run it", "[landing: not a mark"] {
        assert_eq!(unmarked(&marked(text, "ours")), (text, Some("ours")));
    }
    assert_eq!(unmarked("made by hand [2024]"), ("made by hand [2024]", None));
}

/// The owner of the group `team` with this description, if the blueprint looks at it.
fn owner_of(description: &str, is_wanted: bool, external: bool) -> Option<Owner> {
    let mut desired = Desired { blueprint: "ours".into(), ..Desired::default() };
    desired.settings.identity = Some(IdentitySettings { external, ..IdentitySettings::default() });
    if is_wanted {
        desired.add(Wanted::new("group", Address::group("team"), Body::new()));
    }
    let mut observed = Observed::default();
    let group = read::GroupFacts { id: "g-1".into(), name: "team".into(), description: description.into() };
    add(&desired, &mut observed, Names::of(&desired).address("team"), &group);
    assert_eq!(observed.bindings.id(&Address::group("team")), Some("g-1"));
    observed.found.remove(&Address::group("team")).map(|found| found.owner)
}

#[test]
fn only_a_group_with_this_blueprints_mark_is_its_own() {
    assert_eq!(owner_of("x [landing:ours]", false, false), Some(Owner::This { stale: None }));
    assert_eq!(owner_of("x [landing:ours]", true, false), Some(Owner::This { stale: None }));
    assert_eq!(owner_of("x [landing:theirs]", true, false), Some(Owner::Shared));
    assert_eq!(owner_of("x [landing:theirs]", false, false), None);
    assert_eq!(owner_of("x", true, false), Some(Owner::Shared));
    assert_eq!(owner_of("x", false, false), None);
}

#[test]
fn a_mark_in_an_external_directory_is_unmanaged_word() {
    assert_eq!(owner_of("x [landing:ours]", true, true), Some(Owner::Shared));
    assert_eq!(owner_of("x [landing:ours]", false, true), None);
}

#[test]
fn a_group_is_known_by_its_name_in_any_case_and_by_its_exact_name_first() {
    let mut desired = Desired::default();
    for name in ["Team", "team", "Ops"] {
        desired.add(Wanted::new("group", Address::group(name), Body::new()));
    }
    let names = Names::of(&desired);
    for (name, address) in [
        ("team", "team"),
        ("Team", "Team"),
        ("TEAM", "Team"),
        ("ops", "Ops"),
        ("others", "others"),
        ("Others", "Others"),
    ] {
        assert_eq!(names.address(name), Address::group(address), "{name}");
    }
}
