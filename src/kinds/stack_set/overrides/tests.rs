use std::collections::BTreeMap;

use serde_json::json;

use super::*;
use crate::kinds::shared::deployed::Templated;
use crate::kinds::stack_set::targets::Regions;

fn values(values: &[(&str, &str)]) -> Values {
    values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn account(name: &str) -> Address {
    Address::account(name)
}

/// `Size` is 1 for all, 2 in us-east-1, and 3 in account a, which has a word of its own for `Team` too.
fn says() -> StackSet {
    let declared = json!({"Type": "String"});
    StackSet {
        template: json!({"Parameters": {"Size": declared, "Team": declared, "Secret": {"Type": "String", "NoEcho": true}}}),
        parameters: values(&[("Size", "1"), ("Team", "all"), ("Secret", "{{resolve:x}}")]),
        parameters_by: ParametersBy {
            accounts: BTreeMap::from([(account("a"), values(&[("Size", "3"), ("Team", "ours")]))]),
            regions: BTreeMap::from([("us-east-1".to_owned(), values(&[("Size", "2")]))]),
        },
        ..StackSet::default()
    }
}

#[test]
fn an_account_goes_before_a_region_and_both_before_what_holds_for_all() {
    let by = says().parameters_by;
    assert_eq!(by.at(Some(&account("a")), "us-east-1"), values(&[("Size", "3"), ("Team", "ours")]));
    assert_eq!(by.at(Some(&account("b")), "us-east-1"), values(&[("Size", "2")]));
    assert_eq!(by.at(None, "eu-west-1"), values(&[]));
}

/// The fields in which instances with these values of their own differ.
fn differing(own: &[(&str, &[(&str, &str)])], base: &[(&str, &str)]) -> Vec<String> {
    let overrides = own.iter().map(|(place, own)| ((*place).to_owned(), values(own)));
    let found = StackSet { parameters: values(base), parameter_overrides: overrides.collect(), ..StackSet::default() };
    let fields = differences(&says().into_body(), &found.into_body());
    let shown = |field: &FieldChange| format!("{} {} {}", field.path, field.before, field.after);
    fields.iter().map(shown).collect()
}

const BASE: &[(&str, &str)] = &[("Size", "1"), ("Team", "all"), ("Secret", "****")];

#[test]
fn instances_with_the_wanted_values_do_not_differ_anyone_who_has_them() {
    let own: &[(&str, &[(&str, &str)])] = &[
        ("account/a.eu-west-1", &[("Size", "3"), ("Team", "ours")]),
        ("account/b.us-east-1", &[("Size", "2")]),
        ("account/b.eu-west-1", &[]),
        ("account/c.eu-west-1", &[("Size", "1")]),
    ];
    assert_eq!(differing(own, BASE), [""; 0]);
    assert_eq!(differing(&[("account/b.us-east-1", &[])], &[("Size", "2"), ("Team", "all")]), [""; 0]);
}

#[test]
fn each_value_that_is_not_the_wanted_one_is_shown_where_it_is() {
    let own: &[(&str, &[(&str, &str)])] = &[
        ("account/a.eu-west-1", &[("Size", "3")]),
        ("account/b.eu-west-1", &[("Size", "9")]),
        ("account/b.us-east-1", &[]),
    ];
    assert_eq!(
        differing(own, BASE),
        [
            "parameter_overrides.account/a.eu-west-1.Team \"all\" \"ours\"",
            "parameter_overrides.account/b.eu-west-1.Size \"9\" \"1\"",
            "parameter_overrides.account/b.us-east-1.Size \"1\" \"2\"",
        ]
    );
    // A value of its own that is as the stack set's was does not follow the stack set.
    assert_eq!(
        differing(&[("account/b.eu-west-1", &[("Size", "0")])], &[("Size", "0"), ("Team", "all")]),
        ["parameter_overrides.account/b.eu-west-1.Size \"0\" \"1\""]
    );
}

#[test]
fn what_is_not_echoed_differs_only_by_being_an_instance_s_own() {
    let own: &[(&str, &[(&str, &str)])] = &[("account/b.eu-west-1", &[("Secret", "****")])];
    assert_eq!(differing(own, BASE), ["parameter_overrides.account/b.eu-west-1.Secret \"****\" \"{{resolve:x}}\""]);
}

fn given(account: &str, region: &str, own: &[(&str, &str)]) -> Option<Values> {
    to_give(&says(), Some(&Address::account(account)), region, &values(own))
}

#[test]
fn an_instance_is_given_all_of_its_values_or_none() {
    let ours = [("Size", "3"), ("Team", "ours")];
    assert_eq!(given("a", "eu-west-1", &ours), None);
    assert_eq!(given("a", "eu-west-1", &[("Size", "3")]), Some(values(&ours)));
    assert_eq!(given("a", "eu-west-1", &[]), Some(values(&ours)));
    assert_eq!(
        given("b", "us-east-1", &[("Size", "2"), ("Team", "all")]),
        None,
        "what is the stack set's value anyway stays"
    );
    assert_eq!(given("b", "us-east-1", &[("Size", "2"), ("Team", "x")]), Some(values(&[("Size", "2")])));
}

#[test]
fn the_last_value_goes_by_becoming_the_stack_set_s() {
    assert_eq!(given("b", "eu-west-1", &[]), None);
    assert_eq!(given("b", "eu-west-1", &[("Size", "1")]), None);
    assert_eq!(given("b", "eu-west-1", &[("Size", "9")]), Some(values(&[("Size", "1")])));
    // The template does not have it any more.
    assert_eq!(given("b", "eu-west-1", &[("Gone", "9")]), None);
}

/// Units, accounts, the filter, regions and values of each request.
fn shown(requests: Vec<(Targets, Values)>) -> Vec<String> {
    let show = |(targets, values): (Targets, Values)| {
        let sent = targets.deployment();
        let filter = sent.account_filter_type().map_or("", |filter| filter.as_str());
        let values: Vec<String> = values.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let units = sent.organizational_unit_ids().join(" ");
        format!("{units}|{}|{filter}|{}|{}", sent.accounts().join(" "), targets.regions.join(" "), values.join(" "))
    };
    requests.into_iter().map(show).collect()
}

fn whole(regions: &[&str]) -> Targets {
    let regions = regions.iter().map(|region| (*region).to_owned()).collect();
    let units = Regions::from([("ou-1".to_owned(), regions)]);
    Targets::whole_units(&units).remove(0)
}

#[test]
fn stacks_are_made_with_their_values_from_the_first() {
    let by = says().parameters_by;
    let accounts = BTreeMap::from([("111111111111".to_owned(), account("a"))]);
    assert_eq!(
        shown(divided(&whole(&["eu-west-1", "us-east-1"]), &by, &accounts)),
        [
            "ou-1|111111111111|DIFFERENCE|eu-west-1|",
            "ou-1|111111111111|INTERSECTION|eu-west-1|Size=3 Team=ours",
            "ou-1|111111111111|DIFFERENCE|us-east-1|Size=2",
            "ou-1|111111111111|INTERSECTION|us-east-1|Size=3 Team=ours",
        ]
    );
    let none = BTreeMap::new();
    let plain = shown(divided(&whole(&["eu-west-1", "eu-west-2"]), &ParametersBy::default(), &none));
    assert_eq!(plain, ["ou-1|||eu-west-1 eu-west-2|"]);
}

#[test]
fn instances_that_get_the_same_values_share_a_request() {
    let at =
        |account: &str, region: &str| Place { account: account.into(), unit: "ou-1".into(), region: region.into() };
    let two = values(&[("Size", "2")]);
    let given = vec![
        (at("1", "eu-west-1"), two.clone()),
        (at("2", "eu-west-1"), values(&[("Size", "3")])),
        (at("3", "eu-west-1"), two),
    ];
    assert_eq!(
        shown(grouped(given)),
        ["ou-1|1 3|INTERSECTION|eu-west-1|Size=2", "ou-1|2|INTERSECTION|eu-west-1|Size=3"]
    );
}
