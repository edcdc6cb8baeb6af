use serde_json::{Value, json};

use crate::model::{Address, body_references};
use crate::sections::{Declared, declare};

const TEMPLATE: &str = r#"{"Parameters": {"Size": {"Type": "String", "Default": "1"}, "Team": {"Type": "String"},
  "Secret": {"Type": "String", "NoEcho": true, "Default": "x"}}, "Resources": {"T": {"Type": "AWS::SNS::Topic"}}}"#;

fn text(by: &str) -> String {
    format!(
        "version: 1\nname: b\norganization: {{regions: [eu-west-1, us-east-1], account_email: '{{name}}@x.example'}}\n\
         organizational_units: {{W: {{accounts: [a, {{key: k, name: Keyed}}]}}, X: {{accounts: [x]}}}}\naccounts: [top]\n\
         stacks:\n  s:\n    template: ./t.json\n    in: [top, W]\n    regions: [eu-west-1, us-east-1]\n    \
         parameters: {{Team: all}}\n    parameters_by:\n{by}"
    )
}

fn read(by: &str) -> Result<Declared, Vec<String>> {
    let folder = tempfile::tempdir().expect("there is a folder");
    std::fs::write(folder.path().join("t.json"), TEMPLATE).expect("it can be written");
    let path = folder.path().join("landing.yaml");
    std::fs::write(&path, text(by)).expect("it can be written");
    declare(&path).map_err(|failed| {
        let line = |place: Option<landing_blueprint::Place>| failed.sources.position(place.unwrap_or_default()).0;
        let reported = |it: &landing_blueprint::Diagnostic| {
            format!("{}: {} | {}", line(it.place), it.message, it.help.clone().unwrap_or_default())
        };
        failed.diagnostics.iter().map(reported).collect()
    })
}

fn parameters(declared: &Declared, address: &str) -> Value {
    declared.desired.get(&Address::parse(address)).unwrap_or_else(|| panic!("{address}")).body["parameters"].clone()
}

#[test]
fn a_stack_of_an_account_has_its_values_and_a_stack_set_has_them_by_account_and_region() {
    let by = "      accounts:\n        top: {Size: 3}\n        k: {Team: '${account/a}', Size: [1, 2]}\n      \
              regions: {us-east-1: {Size: 2, Team: east}}\n";
    let declared = read(by).expect("it has no mistake");
    let home = json!({"Size": "3", "Team": "all", "Secret": "x"});
    assert_eq!(parameters(&declared, "stack/top/s/eu-west-1"), home);
    assert_eq!(parameters(&declared, "stack/top/s/us-east-1"), json!({"Size": "3", "Team": "east", "Secret": "x"}));
    let set = declared.desired.get(&Address::stack_set("s")).expect("it is wanted");
    assert_eq!(set.body["parameters"], json!({"Size": "1", "Team": "all", "Secret": "x"}));
    let expected = json!({
        "accounts": {"account/k": {"Size": "1,2", "Team": "${account/a}"}},
        "regions": {"us-east-1": {"Size": "2", "Team": "east"}}
    });
    assert_eq!(set.body["parameters_by"], expected, "what the stack set does not reach is not its own");
    assert_eq!(body_references(&set.body), [Address::account("a")]);
    assert!(set.needs.contains(&Address::account("a")) && set.needs.contains(&Address::account("k")));
}

#[test]
fn an_account_a_region_or_a_parameter_that_is_not_there_is_a_mistake_at_its_place() {
    for (by, reported) in [
        (
            "      accounts:\n        tpo: {Size: 3}\n",
            "14: no organizational unit or account is called `tpo` | did you mean `top`?",
        ),
        (
            "      accounts:\n        x: {Size: 3}\n",
            "14: account/x does not get the stack s | name it, or a unit that it is in, under the stack's `in`",
        ),
        (
            "      accounts: {management: {Size: 3}}\n",
            "13: management does not get the stack s | name it, or a unit that it is in, under the stack's `in`",
        ),
        (
            "      accounts: {W: {Size: 3}}\n",
            "13: ou/W is no account | name accounts here: what holds for all is `parameters`",
        ),
        (
            "      regions:\n        us-eats-1: {Size: 3}\n",
            "14: the stack s is not for the region `us-eats-1` | did you mean `us-east-1`?",
        ),
        (
            "      accounts:\n        a:\n          Sice: 3\n",
            "15: the template of the stack s declares no parameter Sice | did you mean `Size`?",
        ),
        (
            "      regions:\n        us-east-1:\n          Size: {a: b}\n",
            "15: the parameter Size is neither a text nor a list of texts | write a text, a number, true, false or a list of these",
        ),
    ] {
        assert_eq!(read(by).expect_err("it has a mistake"), [reported], "{by}");
    }
}

#[test]
fn a_secret_is_not_written_down_here_either() {
    let reported = read("      accounts: {a: {Secret: hunter2}}\n").expect_err("it has a mistake");
    assert!(
        reported[0].starts_with("13: the parameter Secret is not echoed, and its value is written here"),
        "{reported:?}"
    );
    read("      accounts: {a: {Secret: '{{resolve:secretsmanager:x}}'}}\n").expect("it has no mistake");
}
