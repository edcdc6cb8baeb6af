//! Plans that try to get out of the format that they are shown in, by their size or by their names.

use serde_json::{Value, json};

use super::example::{change, quiet};
use crate::model::{Action, Address, Change, FieldChange, Manual, Note, Plan, Refusal, Risk, Undetected, Waiting};

/// Ends fences, cells, elements, code and links; mentions, refers, and turns the text around.
pub(in crate::report) const NAME: &str = "a|b`c```d</details></code>\n\n# x\n<img src=x onerror=alert(1)> @org/team #12 ](https://evil.example) ~~~ \u{202e}&lt;";

/// Where each text from elsewhere is such a name.
pub(in crate::report) fn hostile() -> Plan {
    let name = || NAME.to_owned();
    let address = || Address::account(NAME);
    let field = |path: &str, before: Value, after: Value| FieldChange { path: path.into(), before, after };
    let fields = vec![
        field(NAME, json!(NAME), json!([NAME, "x"])),
        field(
            "content",
            Value::Null,
            json!({"Statement": [{"Sid": NAME, "Effect": "Deny", "Action": [NAME], "Resource": NAME}]}),
        ),
    ];
    let update = Change {
        address: address(),
        source: Some(name()),
        reason: name(),
        risk: Risk::Destructive,
        accounts: vec![name()],
        reaches: 1,
        fields,
        ..change("", "policy", Action::Update, "")
    };
    let gone = Change { action: Action::Delete, fields: Vec::new(), address: Address::unit([NAME]), ..update.clone() };
    let mut plan = Plan { changes: vec![update.clone(), gone], unmanaged: vec![address()], ..quiet() };
    plan.blueprint.name = name();
    plan.organization.id = Some(name());
    plan.manual = vec![Manual { address: Some(address()), what: name(), link: Some(format!("javascript:{NAME}")) }];
    plan.refusals = vec![Refusal { code: name(), address: None, message: name(), help: name() }];
    plan.notes = vec![Note { address: Some(address()), what: name(), about: Vec::new() }];
    plan.undetected = vec![Undetected { address: address(), why: name() }];
    plan.waiting = vec![Waiting { change: update, waits_for: address() }];
    plan
}

/// Ten thousand changes, of which 2 are irreversible, 5 destructive and 3 disruptive, none of them among the first.
pub(in crate::report) fn ten_thousand() -> Plan {
    let new = |nth: usize| Change {
        parent: Some(Address::unit(["Workloads"])),
        ..change(&format!("account/workload-{nth:05}"), "account", Action::Create, "landing.yaml:7")
    };
    let gone = |name: &str, kind: &str, risk: Risk| Change {
        risk,
        reason: "the blueprint does not have it".into(),
        ..change(name, kind, Action::Delete, "")
    };
    let mut changes: Vec<Change> = (0..9_990).map(new).collect();
    changes.extend((0..3).map(|nth| gone(&format!("scp/guard-{nth}@root"), "attachment", Risk::Disruptive)));
    changes.extend((0..5).map(|nth| gone(&format!("ou/Old-{nth}"), "organizational-unit", Risk::Destructive)));
    changes.extend((0..2).map(|nth| gone(&format!("account/closed-{nth}"), "account", Risk::Irreversible)));
    Plan { changes, ..quiet() }
}

/// One policy of more than 200 kB: thousands of actions, and one value without a space.
pub(in crate::report) fn one_large_policy() -> Plan {
    let actions: Vec<String> = (0..5_000).map(|nth| format!("service-{nth}:DoSomething")).collect();
    let content = json!({"Statement": [
        {"Sid": "Many", "Effect": "Deny", "Action": actions, "Resource": "*"},
        {"Sid": "Long", "Effect": "Deny", "Action": "*", "Resource": "x".repeat(100_000)},
    ]});
    let field = FieldChange { path: "content".into(), before: Value::Null, after: content };
    let large = Change { fields: vec![field], ..change("scp/large", "policy", Action::Create, "landing.yaml:3") };
    Plan { changes: vec![large], ..quiet() }
}
