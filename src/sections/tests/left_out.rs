//! What stacks leave out of their places.

use crate::model::{Address, Desired};
use crate::sections::declare_text;
use serde_json::{Value, json};

const HEAD: &str = "version: 1\nname: b\norganization: {regions: [eu-west-1, us-east-1], account_email: '{name}@x.example'}\n\
    organizational_units:\n  W: {accounts: [a, {name: p, tags: {env: prod}}], organizational_units: {Dev: {accounts: [d]}, Test: }}\n  \
    S: {accounts: [s]}\naccounts: [top]\n";

fn declared(stack: &str) -> Result<Desired, Vec<String>> {
    let text = format!(
        "{HEAD}stacks: {{s: {{template: budget, parameters: {{limit_usd: 1, emails: [a@x.example]}}, {stack}}}}}\n"
    );
    declare_text("landing.yaml", &text)
        .map(|declared| declared.desired)
        .map_err(|failed| failed.diagnostics.iter().map(|it| format!("{}: {}", it.code, it.message)).collect())
}

/// The stacks of accounts, the units of the stack set with their regions, and the accounts that this leaves out.
fn wanted(stack: &str) -> (Vec<String>, Value, Value) {
    let desired = declared(stack).unwrap_or_else(|mistakes| panic!("{stack}: {mistakes:?}"));
    let stacks = desired.of_kind("stack").map(|stack| stack.address.to_string());
    let set = desired.get(&Address::stack_set("s")).map(|set| set.body.clone()).unwrap_or_default();
    let of = |field: &str| set.get(field).cloned().unwrap_or(Value::Null);
    (stacks.collect(), of("deployment_targets"), of("except"))
}

#[test]
fn accounts_are_left_out_of_their_units_stack_set() {
    let units = json!({"ou/W": ["eu-west-1"]});
    for (stack, except) in [
        ("in: [W]", json!(null)),
        ("in: [W], except: [a, d]", json!(["account/a", "account/d"])),
        ("in: [W], except: {tags: {env: prod}}", json!(["account/p"])),
    ] {
        assert_eq!(wanted(stack), (Vec::new(), units.clone(), except), "{stack}");
    }
    let members = wanted("in: [members], except: {in: [top]}");
    assert_eq!(members, (Vec::new(), json!({"root": ["eu-west-1"]}), json!(["account/top"])));
}

#[test]
fn units_that_are_left_out_leave_the_others_and_the_accounts_beside_them() {
    let stacks = |accounts: &[&str]| accounts.iter().map(|it| format!("stack/{it}/s/eu-west-1")).collect::<Vec<_>>();
    for (stack, accounts, units, except) in [
        ("in: [W], except: [W/Dev]", &["a", "p"][..], json!({"ou/W/Test": ["eu-west-1"]}), json!(null)),
        ("in: [W], except: [W/Dev, p]", &["a"], json!({"ou/W/Test": ["eu-west-1"]}), json!(null)),
        ("in: [root], except: [S]", &["top"], json!({"ou/W": ["eu-west-1"]}), json!(null)),
        ("in: [members], except: [S, a]", &["top"], json!({"ou/W": ["eu-west-1"]}), json!(["account/a"])),
        ("in: [root], except: [S, W/Dev]", &["a", "p", "top"], json!({"ou/W/Test": ["eu-west-1"]}), json!(null)),
        ("in: [management, members], except: [W, S]", &["management", "top"], json!(null), json!(null)),
    ] {
        assert_eq!(wanted(stack), (stacks(accounts), units, except), "{stack}");
    }
}

#[test]
fn regions_are_left_out_everywhere_but_one_stays() {
    let (stacks, units, _) = wanted("in: [W, top], regions: [eu-west-1, us-east-1], except: {regions: [us-east-1]}");
    assert_eq!((stacks, units), (vec!["stack/top/s/eu-west-1".to_owned()], json!({"ou/W": ["eu-west-1"]})));
    assert_eq!(
        declared("in: [W], except: {regions: [eu-west-1]}"),
        Err(vec!["region: `except` leaves the stack s no region".into()])
    );
}

#[test]
fn a_stack_set_bears_a_tag_of_what_it_leaves_out() {
    let tag = |stack: &str| {
        let desired = declared(stack).unwrap_or_default();
        let set = desired.get(&Address::stack_set("s")).map(|set| set.body["tags"]["landing:except"].clone());
        set.unwrap_or_default()
    };
    assert!(tag("in: [W]").is_null());
    let (one, other) = (tag("in: [W], except: [a]"), tag("in: [W], except: [p]"));
    assert!(one.as_str().is_some_and(|text| text.len() == 16) && one != other, "{one} {other}");
    assert_eq!(one, tag("in: [W, S], except: {in: a}"));
}

#[test]
fn rules_of_guardrails_that_do_not_hold_everywhere_have_stacks_of_their_own() {
    let recorder = "stacks: {config-recorder: {template: config-recorder, in: [management, root], regions: [eu-west-1, us-east-1], parameters: {BucketName: b}}}";
    let text = |guardrails: &str| format!("{HEAD}guardrails: [{guardrails}]\n{recorder}\n");
    let sets = |guardrails: &str| {
        let declared = declare_text("landing.yaml", &text(guardrails))
            .unwrap_or_else(|failed| panic!("{}", failed.diagnostics.render(&failed.sources, false, 100)));
        let named = |name: &str| name.starts_with("guardrails");
        let sets = declared.desired.of_kind("stack-set").filter(|set| named(&set.address.name()));
        let shown = sets.map(|set| {
            let of = |field: &str| set.body.get(field).map(ToString::to_string).unwrap_or_default();
            format!("{} {} {}", set.address.name(), of("deployment_targets"), of("except"))
        });
        let management =
            declared.desired.of_kind("stack").filter(|it| named(&it.address.as_str().replace("stack/management/", "")));
        (shown.collect::<Vec<_>>(), management.count())
    };
    let all = r#"guardrails {"root":["eu-west-1","us-east-1"]} "#.to_owned();
    assert_eq!(sets("s3-public-read, s3-versioning"), (vec![all.clone()], 2));
    let alone = r#"guardrails-s3-versioning {"root":["eu-west-1"]} ["account/a","account/p"]"#.to_owned();
    let except = "{in: [a, management], regions: [us-east-1], tags: {env: prod}}";
    assert_eq!(sets(&format!("s3-public-read, {{s3-versioning: {{except: {except}}}}}")), (vec![all, alone], 2));
    let units = r#"guardrails-s3-versioning {"ou/W":["eu-west-1","us-east-1"]} "#.to_owned();
    assert_eq!(sets("{s3-versioning: {except: [S]}}"), (vec![units], 2));
}
