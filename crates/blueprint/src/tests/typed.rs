use super::super::{Entries, Place, Spanned};
use super::{Guardrail, Lifecycle, START, load, sample};

#[test]
fn every_value_has_the_place_where_it_is_written() {
    let loaded = load(&format!("{START}organizational_units:\n  Dev: {{accounts: [ml-dev]}}\n")).expect("it is right");
    let (name, unit) = loaded.value.organizational_units.entry("Dev").expect("it is there");
    assert_eq!(loaded.sources.position(name.place), (4, 3));
    assert_eq!(loaded.sources.excerpt(unit.accounts[0].place), "ml-dev");
    assert_eq!(loaded.sources.at(unit.accounts[0].place), "landing.yaml:4");
    assert!(loaded.warnings.is_empty());
}

#[test]
fn entries_keep_the_order_in_which_they_are_written() {
    let sample = sample("organizational_units: {Zoo: {}, Ant: {}, Mid: }\n");
    let names: Vec<&str> = sample.organizational_units.keys().map(|name| name.as_str()).collect();
    assert_eq!(names, ["Zoo", "Ant", "Mid"]);
}

#[test]
fn account_ids_keep_their_digits_with_or_without_quotes() {
    for id in ["012345678901", "\"012345678901\"", "123456789012"] {
        let sample = sample(&format!("organization: {{home_region: x, management_account: {id}}}\n"));
        let account = sample.organization.and_then(|organization| organization.management_account);
        assert_eq!(account.expect("it is there").value, id.trim_matches('"'));
    }
}

#[test]
fn an_empty_section_is_an_absent_one() {
    let sample = sample("include:\nvalues:\norganization:\norganizational_units:\nguardrails:\npolicies: ~\n");
    assert!(sample.organization.is_none());
    assert!(sample.organizational_units.is_empty() && sample.guardrails.is_empty() && sample.policies.is_empty());
}

#[test]
fn free_form_content_reads_as_json_would() {
    let sample =
        sample("policies:\n  a: {Version: 2012-10-17, N: [1, -2, 1.5, true, ~], Id: 123456789012, Zero: 007}\n");
    let expected = serde_json::json!({
        "Version": "2012-10-17", "N": [1, -2, 1.5, true, null], "Id": "123456789012", "Zero": "007",
    });
    assert_eq!(sample.policies["a"], expected);
}

#[test]
fn items_of_a_list_have_their_own_places() {
    let loaded = load(&format!("{START}organization: {{home_region: x, regions: [é, b]}}\n")).expect("it is right");
    let regions = loaded.value.organization.expect("it is there").regions;
    assert_eq!(regions.iter().map(|region| loaded.sources.position(region.place).1).collect::<Vec<_>>(), [42, 45]);
}

#[test]
fn alternatives_are_read_by_their_key() {
    let sample = sample("guardrails: [level: active, {region-restriction: {exempt_roles: [BreakGlass]}}]\n");
    assert!(matches!(&sample.guardrails[0], Guardrail::Level(Lifecycle::Active)));
    assert!(matches!(&sample.guardrails[1], Guardrail::RegionRestriction(to) if to.exempt_roles == ["BreakGlass"]));
}

#[test]
fn spanned_values_read_from_json_have_no_place() {
    let entries: Entries<Spanned<u32>> = serde_json::from_str(r#"{"a": 1}"#).expect("it is JSON");
    let (name, value) = entries.entry("a").expect("it is there");
    assert_eq!((name.place, value.place, value.value), (Place::NOWHERE, Place::NOWHERE, 1));
    assert_eq!(serde_json::to_string(&entries).expect("it can be written"), r#"{"a":1}"#);
}

#[test]
fn spanned_values_compare_by_value_alone() {
    let here = Spanned::new("a".to_owned(), Place::NOWHERE);
    let loaded = load("version: 1\nname: a\n").expect("it is right");
    assert_eq!(here, loaded.value.name);
    assert_ne!(here.place, loaded.value.name.place);
}
