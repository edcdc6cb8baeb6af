//! `simulate`, `replay` and `plan --replay` on an organization and a blueprint, on the sandbox.

use serde_json::{Value, json};

use super::folder::Folder;

const BLUEPRINT: &str = "version: 1
name: ours
organization: {regions: [eu-west-1], account_email: '{name}@example.com', access_role: Access}
policies:
  no-queues:
    content:
      Version: '2012-10-17'
      Statement: {Sid: NoQueues, Effect: Deny, Action: 'sqs:*', Resource: '*'}
organizational_units:
  Work: {accounts: [dev, test], policies: [no-queues]}
  Play: {accounts: [toys]}
";

/// The same with the policy on `Play` too, where it stops a queue and lets `Work` go.
fn moved() -> String {
    BLUEPRINT.replace(", policies: [no-queues]", "").replace("[toys]", "[toys], policies: [no-queues]")
}

/// A folder in which the blueprint was applied.
fn applied(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write_text("landing.yaml", BLUEPRINT);
    let (code, _, stderr) = folder.landing("apply --sandbox --yes -q");
    assert_eq!(code, 0, "{stderr}");
    folder
}

fn account(folder: &Folder, name: &str) -> String {
    let state: Value = serde_json::from_str(&folder.read(".landing/sandbox.json")).expect("JSON");
    let accounts = state["organization"]["accounts"].as_object().expect("accounts");
    accounts.iter().find(|(_, account)| account["name"] == name).expect("it is there").0.clone()
}

/// Each account with the decision before and the one after.
fn decisions(answers: &Value) -> Vec<(&str, &str, &str)> {
    answers
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| {
            let [id, before, after] = [&it["id"], &it["before"]["decision"], &it["decision"]];
            let text = |value| Value::as_str(value).unwrap_or("none");
            (text(id), text(before), text(after))
        })
        .collect()
}

#[test]
fn a_request_is_decided_in_every_account_before_and_after_the_plan() {
    let folder = applied("before-after");
    folder.write_text("landing.yaml", &moved());
    let answers = folder.json("simulate --sandbox --principal role/x --action sqs:SendMessage", 0);
    assert_eq!(
        decisions(&answers),
        [
            ("dev", "Deny", "Allow"),
            ("management", "Allow", "Allow"),
            ("test", "Deny", "Allow"),
            ("toys", "Allow", "Deny"),
        ]
    );
    let toys = answers.as_array().and_then(|all| all.iter().find(|it| it["id"] == "toys")).expect("it is there");
    assert_eq!(toys["decided_by"]["policy"], "scp/no-queues");
    assert_eq!(toys["decided_by"]["sid"], "NoQueues");
}

#[test]
fn a_request_is_decided_by_the_organization_alone_by_the_blueprint_alone_and_by_a_saved_plan() {
    let folder = applied("sides");
    folder.write_text("landing.yaml", &moved());
    let ask = "--principal role/x --action sqs:SendMessage --in Play";
    assert_eq!(decisions(&folder.json(&format!("simulate --sandbox --live {ask}"), 0)), [("toys", "none", "Allow")]);
    assert_eq!(decisions(&folder.json(&format!("simulate --offline {ask}"), 0)), [("toys", "none", "Deny")]);
    assert_eq!(folder.landing("plan --sandbox --out plan.json -q").0, 0);
    std::fs::remove_file(folder.0.join("landing.yaml")).expect("it is there");
    let saved = format!("simulate plan.json --sandbox {ask}");
    assert_eq!(decisions(&folder.json(&saved, 0)), [("toys", "Allow", "Deny")]);
    folder.write_text("landing.yaml", &moved());
    assert_eq!(folder.landing("apply --sandbox --yes -q").0, 0);
    let (code, _, stderr) = folder.landing(&saved);
    assert_eq!(code, 3, "{stderr}");
    assert!(stderr.contains("the organization changed since the plan was made"), "{stderr}");
}

#[test]
fn places_and_principals_are_found_by_every_name_that_people_use() {
    let folder = applied("names");
    let id = account(&folder, "dev");
    for place in ["dev", "account/dev", &id] {
        let answers = folder
            .json(&format!("simulate --sandbox --live --principal root --action sqs:SendMessage --in {place}"), 0);
        assert_eq!(decisions(&answers), [("dev", "none", "Deny")], "{place}");
    }
    let arn = format!("simulate --sandbox --live --principal arn:aws:iam::{id}:user/u --action sqs:SendMessage");
    assert_eq!(decisions(&folder.json(&arn, 0)), [("dev", "none", "Deny")]);
    let (code, _, stderr) =
        folder.landing("simulate --sandbox --live --principal root --action sqs:SendMessage --in Wrok");
    assert_eq!((code, stderr.contains("did you mean `Work`?")), (64, true), "{stderr}");
    let (code, _, stderr) = folder.landing("simulate --sandbox");
    assert_eq!((code, stderr.contains("--principal WHO --action WHAT")), (64, true), "{stderr}");
}

#[test]
fn accounts_with_the_same_answer_are_reported_together() {
    let folder = applied("together");
    folder.write_text("landing.yaml", &moved());
    let (_, stdout, _) = folder.landing("simulate --sandbox --principal role/x --action sqs:SendMessage");
    insta::assert_snapshot!(stdout);
}

fn event(name: &str, account: &str) -> Value {
    json!({"eventVersion": "1.08", "eventID": format!("{name}-{account}"), "eventTime": "2026-11-01T00:00:00Z", "eventType": "AwsApiCall",
        "eventSource": "sqs.amazonaws.com", "eventName": name, "awsRegion": "eu-west-1", "recipientAccountId": account,
        "userIdentity": {"type": "IAMUser", "arn": format!("arn:aws:iam::{account}:user/u"), "accountId": account},
        "requestParameters": null, "responseElements": null})
}

#[test]
fn logs_show_what_a_plan_would_deny_and_allow() {
    let folder = applied("logs");
    let (dev, toys) = (account(&folder, "dev"), account(&folder, "toys"));
    folder.write(
        "log.json",
        &json!({"Records": [event("CreateQueue", &dev), event("CreateQueue", &toys), event("DeleteQueue", &toys)]}),
    );
    assert_eq!(folder.json("replay log.json --sandbox", 0)["denied"], json!([]), "nothing changes");
    folder.write_text("landing.yaml", &moved());
    let tally = folder.json("replay log.json --sandbox", 2);
    let denied = |tally: &Value| {
        tally["denied"].as_array().map(|all| all.iter().map(|it| it["action"].clone()).collect::<Vec<_>>())
    };
    assert_eq!(denied(&tally), Some(vec![json!("sqs:CreateQueue"), json!("sqs:DeleteQueue")]));
    assert_eq!(tally["denied"][0]["account"], toys);
    assert_eq!(tally["denied"][0]["decided_by"]["level"], "ou/Play");
    assert_eq!(tally["allowed"][0]["account"], dev);
    let plan = folder.json("plan --sandbox --replay log.json", 0);
    assert_eq!(denied(&plan["replay"]), denied(&tally));
    let (_, markdown, _) = folder.landing("plan --sandbox --replay log.json --format markdown");
    assert!(markdown.contains("| would be denied | 1 | `sqs:CreateQueue` |"), "{markdown}");
    let (_, text, _) = folder.landing("plan --sandbox --replay log.json");
    assert!(text.contains("Would be denied") && text.contains("Next: landing apply"), "{text}");
}
