use serde_json::json;

use super::*;
use crate::model::Tags;
use crate::outline::{Map, Text};

const HOME: &str = "eu-west-1";
const FAR: &str = "us-east-1";

fn stack(account: &str, region: &str, change: impl FnOnce(&mut Stack)) -> Sited {
    let mut stack = Stack {
        name: "log".into(),
        template: json!({"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}),
        region: region.into(),
        parameters: BTreeMap::from([("Size".to_owned(), "1".to_owned())]),
        ..Stack::default()
    };
    change(&mut stack);
    let address = Address::stack(account, "log", region);
    Sited { address, account: Address::account(account), written: account.into(), stack }
}

fn plain(account: &str, region: &str) -> Sited {
    stack(account, region, |_| {})
}

fn sized(account: &str, region: &str, size: &str) -> Sited {
    stack(account, region, |stack| drop(stack.parameters.insert("Size".into(), size.into())))
}

/// What is said of stacks, and the places of those that are left out.
fn said(stacks: Vec<Sited>) -> (String, Vec<String>) {
    let (alike, left_out) = StackGroup::of(stacks);
    let mut map = Map::default();
    map.set("log", alike.said().in_one_line());
    let mut text = Text::default();
    text.map(&map);
    let place = |address: &Address| address.parts().join(" ");
    (text.text.trim().to_owned(), left_out.iter().map(|(address, _)| place(address)).collect())
}

fn nothing() -> Vec<String> {
    Vec::new()
}

#[test]
fn alike_stacks_are_said_once() {
    let all = vec![plain("a", HOME), plain("a", FAR), plain("b", HOME), plain("b", FAR)];
    let expected = r#"log: {in: [a, b], regions: [eu-west-1, us-east-1], parameters: {Size: "1"}}"#;
    assert_eq!(said(all), (expected.into(), nothing()));
    let protected = stack("a", HOME, |stack| stack.termination_protection = true);
    let expected = r#"log: {in: [a], regions: [eu-west-1], parameters: {Size: "1"}, termination_protection: true}"#;
    assert_eq!(said(vec![protected]), (expected.into(), nothing()));
}

#[test]
fn values_of_accounts_and_regions_stand_beside_those_of_all() {
    let accounts = vec![sized("a", HOME, "2"), plain("b", HOME), plain("c", HOME)];
    let expected = r#"log: {in: [a, b, c], regions: [eu-west-1], parameters: {Size: "1"}, parameters_by: {accounts: {a: {Size: "2"}}}}"#;
    assert_eq!(said(accounts), (expected.into(), nothing()));
    let regions = vec![plain("a", HOME), sized("a", FAR, "3"), plain("b", HOME), sized("b", FAR, "3")];
    assert!(said(regions).0.ends_with(r#"parameters_by: {regions: {us-east-1: {Size: "3"}}}}"#));
}

#[test]
fn what_is_not_as_most_are_is_left_out() {
    let tagged = stack("c", HOME, |stack| stack.tags = Tags::from([("team".into(), "x".into())]));
    let other = stack("d", HOME, |stack| stack.template = json!({"Resources": {}}));
    let protected = stack("e", HOME, |stack| stack.termination_protection = true);
    let (text, left_out) = said(vec![plain("a", HOME), plain("b", HOME), tagged, other, protected]);
    assert!(text.starts_with("log: {in: [a, b],"), "{text}");
    assert_eq!(left_out, ["c log eu-west-1", "d log eu-west-1", "e log eu-west-1"]);
    // The first of as many.
    let (text, left_out) = said(vec![plain("a", HOME), plain("a", FAR), plain("b", HOME), plain("c", FAR)]);
    assert!(text.contains("in: [a], regions: [eu-west-1, us-east-1]"), "{text}");
    assert_eq!(left_out, ["b log eu-west-1", "c log us-east-1"]);
}

#[test]
fn an_account_whose_values_differ_by_region_alone_is_left_out() {
    let all = vec![
        plain("a", HOME),
        plain("a", FAR),
        plain("b", HOME),
        plain("b", FAR),
        plain("c", HOME),
        sized("c", FAR, "9"),
    ];
    let (text, left_out) = said(all);
    assert!(text.starts_with("log: {in: [a, b],"), "{text}");
    assert_eq!(left_out, ["c log eu-west-1", "c log us-east-1"]);
}

#[test]
fn capabilities_that_the_template_does_not_show_cannot_be_given() {
    let given = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let (iam, named, expand) = ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND");
    let role = json!({"Type": "AWS::IAM::Role"});
    let nested = json!({"Resources": {"N": {"Type": "AWS::CloudFormation::Stack"}}});
    let serverless = json!({"Transform": "AWS::Serverless-2016-10-31", "Resources": {}});
    for (template, names, expected) in [
        (json!({"Resources": {}}), &[iam, named, expand][..], None),
        (nested.clone(), &[], None),
        (nested.clone(), &[iam], Some(iam)),
        (json!({"Resources": {"N": nested["Resources"]["N"], "R": role}}), &[iam], None),
        (json!({"Resources": {"N": nested["Resources"]["N"], "R": role}}), &[named], Some(named)),
        (serverless.clone(), &[expand], None),
        (serverless, &[expand, iam], Some(iam)),
    ] {
        assert_eq!(more_than_reported(&template, &given(names)), expected, "{template} {names:?}");
    }
}

#[test]
fn a_stack_that_cloudformation_has_not_finished_with_is_left_out() {
    let of = |change: fn(&mut Stack)| unsayable(&stack("a", HOME, change).stack).map(|left_out| left_out.reason);
    assert_eq!(of(|_| {}), None);
    let failed = of(|stack| stack.status = Some("UPDATE_ROLLBACK_FAILED".into()));
    assert!(failed.is_some_and(|reason| reason.starts_with("it is UPDATE_ROLLBACK_FAILED")));
    let hidden = of(|stack| drop(stack.parameters.insert("Secret".into(), "****".into())));
    assert_eq!(hidden.as_deref(), Some("AWS does not show the value of its parameter Secret"));
}

#[test]
fn a_template_s_file_is_called_by_what_it_is() {
    assert_eq!(extension("\n {\"Resources\": {}}"), "json");
    assert_eq!(extension("---\nResources: {}\n"), "yaml");
}
