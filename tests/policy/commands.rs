//! `simulate`, `lint` and `replay` as people and scripts run them.

use std::fs;

use serde_json::{Value, json};

use super::folder::Folder;
use super::world::{ACCOUNT, full_access};

fn guard() -> Value {
    json!({"Version": "2012-10-17", "Statement": [
        {"Sid": "Team", "Effect": "Deny", "Action": "s3:*", "Resource": "*",
         "Condition": {"StringNotEquals": {"aws:PrincipalTag/team": "red"}}},
    ]})
}

fn levels() -> Value {
    json!([{"id": ACCOUNT, "policies": [
        {"name": "FullAWSAccess", "policy": full_access()},
        {"name": "Guard", "policy": guard()},
    ]}])
}

#[test]
fn a_request_on_the_command_line_is_answered_with_the_statement() {
    let folder = Folder::new("request");
    folder.write("levels.json", &levels());
    let ask = "simulate --policies levels.json --principal arn:aws:iam::111111111111:role/x --action s3:GetObject";
    let (code, stdout, _) = folder.landing(ask);
    assert_eq!(code, 0);
    for part in ["Undecided", "aws:PrincipalTag/team", "\"Sid\": \"Team\"", "levels.json:"] {
        assert!(stdout.contains(part), "no {part} in {stdout}");
    }
    let answer = folder.json(&format!("{ask} --context aws:PrincipalTag/team=blue"), 0);
    assert_eq!((&answer[0]["decision"], &answer[0]["decided_by"]["sid"]), (&json!("Deny"), &json!("Team")));
    let answer = folder.json(&format!("{ask} --context aws:PrincipalTag/team=red"), 0);
    assert_eq!(answer[0]["decision"], "Allow");
}

#[test]
fn cases_that_expect_another_answer_differ() {
    let folder = Folder::new("cases");
    let request =
        json!({"principal": "arn:aws:iam::111111111111:role/x", "account": ACCOUNT, "action": "s3:GetObject"});
    let case = |expect: &str| json!([{"id": "a", "levels": levels(), "request": request, "expect": expect}]);
    folder.write("right.json", &case("Deny"));
    folder.write("wrong.json", &case("Allow"));
    assert_eq!(folder.json("simulate --cases right.json", 0)[0]["id"], "a");
    assert_eq!(folder.json("simulate --cases wrong.json", 2)[0]["decision"], "Deny");
}

#[test]
fn what_cannot_be_simulated_is_shown_at_its_place() {
    let folder = Folder::new("refused");
    let mut levels = levels();
    levels[0]["policies"][1]["policy"]["Statement"][0]["Principal"] = json!("*");
    folder.write("levels.json", &levels);
    let (code, stdout, stderr) = folder.landing("simulate --policies levels.json --principal a --action b");
    assert_eq!((code, stdout.as_str()), (1, ""));
    assert!(stderr.contains("unsupported-element") && stderr.contains("levels.json:"), "{stderr}");
    assert_eq!(folder.landing("simulate").0, 64);
}

#[test]
fn findings_have_places_and_decide_the_exit_code() {
    let folder = Folder::new("lint");
    let mut policy = guard();
    folder.write("good.json", &policy);
    policy["Statement"][0]["Condition"] = json!({"StringEquals": {"aws:PrincipalTag/team": "r*"}});
    folder.write("wild.json", &policy);
    policy["Statement"][0]["Condition"] = json!({});
    policy["Statement"][0]["Action"] = json!(["s3:*", "s3:GetObject"]);
    folder.write("note.json", &policy);
    fs::write(folder.0.join("broken.json"), "{\n  \"a\": ]").expect("a file can be written");
    assert_eq!(folder.json("lint good.json", 0), json!([]));
    assert_eq!(folder.json("lint note.json", 0)[0]["severity"], "note");
    let found = folder.json("lint wild.json", 2);
    assert_eq!(found[0]["code"], "wildcard-in-equals");
    assert_eq!((&found[0]["line"], &found[0]["column"]), (&json!(11), &json!(36)));
    assert_eq!((&found[0]["fix"], &found[0]["fix_at"]["line"]), (&json!("\"StringLike\""), &json!(10)));
    assert_eq!(folder.json("lint broken.json", 2)[0]["line"], 2);
    let (code, text, _) = folder.landing("lint .");
    assert_eq!(code, 2);
    for part in ["warning[wildcard-in-equals]", "wild.json:11:36", "error[syntax]", "broken.json:2:", "in 4 files"] {
        assert!(text.contains(part), "no {part} in {text}");
    }
}

#[cfg(unix)]
#[test]
fn a_policy_that_several_links_lead_to_is_linted_once() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new("lint-links");
    let mut policy = guard();
    policy["Statement"][0]["Condition"] = json!({"StringEquals": {"aws:PrincipalTag/team": "r*"}});
    folder.write_text("policies/wild.json", &policy.to_string());
    symlink(".", folder.0.join("policies/again")).expect("linked");
    symlink("wild.json", folder.0.join("policies/same.json")).expect("linked");
    symlink("nowhere", folder.0.join("policies/gone.json")).expect("linked");
    let found = folder.json("lint policies", 2);
    assert_eq!(found.as_array().map(Vec::len), Some(1), "{found}");
    let (_, _, stderr) = folder.landing("lint policies");
    assert!(stderr.contains("policies/gone.json was not read: it is not a regular file"), "{stderr}");
}

#[test]
fn sarif_names_rules_places_and_replacements() {
    let folder = Folder::new("sarif");
    let mut policy = guard();
    policy["Statement"][0]["Condition"] = json!({"StringEquals": {"aws:PrincipalTag/team": "r*"}});
    folder.write("wild.json", &policy);
    let (code, stdout, _) = folder.landing("lint wild.json --format sarif");
    let log: Value = serde_json::from_str(&stdout).expect("JSON");
    let result = &log["runs"][0]["results"][0];
    assert_eq!((code, &log["version"], &result["ruleId"]), (2, &json!("2.1.0"), &json!("wildcard-in-equals")));
    assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"], 11);
    let replacement = &result["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["insertedContent"]["text"], "\"StringLike\"");
    let location = &result["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(*location, json!({"uri": "wild.json", "uriBaseId": "%SRCROOT%"}));
    assert!(result["partialFingerprints"]["landing/v1"].as_str().is_some_and(|it| it.ends_with(":1")), "{result}");
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
    assert!(rules.iter().any(|rule| rule["id"] == result["ruleId"]));
}

#[test]
fn levels_are_linted_as_a_path() {
    let folder = Folder::new("path");
    let allowing = |action: &str| {
        let statement = json!({"Effect": "Allow", "Action": action, "Resource": "*"});
        json!([{"name": "List", "policy": {"Version": "2012-10-17", "Statement": [statement]}}])
    };
    let levels = json!([
        {"id": "r-ab12", "policies": allowing("ec2:*")},
        {"id": ACCOUNT, "policies": allowing("s3:*")},
        {"id": "222222222222", "policies": []},
    ]);
    folder.write("levels.json", &levels);
    let found = folder.json("lint levels.json", 2);
    let gaps: Vec<&str> = found
        .as_array()
        .expect("a list")
        .iter()
        .filter(|finding| finding["code"] == "allow-list-gap")
        .map(|finding| finding["message"].as_str().expect("a message"))
        .collect();
    assert_eq!(gaps.len(), 3, "{gaps:?}");
    assert!(gaps[0].contains("`ec2:*` has no effect: nothing attached to 111111111111"), "{gaps:?}");
    assert!(gaps[2].contains("nothing attached to 222222222222"), "{gaps:?}");
}

#[test]
fn levels_may_be_of_resource_control_policies() {
    let folder = Folder::new("rcp-path");
    let statement = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:GetObjekt", "Resource": "*"});
    let policy = json!({"Version": "2012-10-17", "Statement": [statement]});
    let levels = json!([{"id": "r-ab12", "policies": [{"name": "P", "policy": policy}]}]);
    let codes = |found: &Value| found.as_array().unwrap().iter().map(|one| one["code"].clone()).collect::<Value>();
    folder.write("levels.json", &levels);
    assert_eq!(codes(&folder.json("lint levels.json --type rcp", 2)), json!(["unknown-action"]));
    let as_scps = codes(&folder.json("lint levels.json", 2));
    assert_eq!(as_scps, json!(["allow-list-gap", "unsupported-element", "unknown-action"]));
    let full = json!([{"id": "r-ab12", "policies": [{"name": "FullAWSAccess", "policy": full_access()}]}]);
    folder.write("both.json", &json!({"levels": full, "rcpLevels": levels}));
    assert_eq!(codes(&folder.json("lint both.json", 2)), json!(["unknown-action"]));
}

#[test]
fn a_principal_in_a_service_control_policy_is_an_error_unless_it_is_another_type() {
    let folder = Folder::new("principal");
    let statement =
        |principal: Value| json!({"Effect": "Deny", "Principal": principal, "Action": "s3:*", "Resource": "*"});
    let without = json!({"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"});
    let write = |name: &str, statements: Value| {
        folder.write(name, &json!({"Version": "2012-10-17", "Statement": statements}));
    };
    write("mixed.json", json!([without, statement(json!("*"))]));
    let found = folder.json("lint mixed.json", 2);
    assert_eq!(
        (&found[0]["code"], &found[0]["line"], &found[0]["column"]),
        (&json!("unsupported-element"), &json!(11), &json!(7))
    );
    assert!(
        found[0]["help"].as_str().unwrap().ends_with("if this is a resource control policy, say so by `--type rcp`")
    );
    let found = folder.json("lint mixed.json --type scp", 2);
    assert!(!found[0]["help"].as_str().unwrap().contains("--type"), "{found}");
    let found = folder.json("lint mixed.json --type rcp", 2);
    assert_eq!((&found[0]["code"], &found[0]["line"]), (&json!("missing-element"), &json!(4)));
    write("rcp.json", json!([statement(json!({"AWS": "arn:aws:iam::111111111111:root"}))]));
    let found = folder.json("lint rcp.json", 2);
    assert_eq!(
        (&found[0]["code"], &found[0]["message"]),
        (&json!("invalid-value"), &json!("the principal must be \"*\""))
    );
    folder.write("backup.json", &json!({"plans": {}}));
    assert_eq!(folder.json("lint backup.json", 0), json!([]));
    assert_eq!(folder.json("lint backup.json --type tag-policy", 2)[0]["code"], "missing-element");
    assert_eq!(folder.landing("lint backup.json --type policy").0, 64);
}

#[test]
fn logs_are_replayed_packed_or_not() {
    let folder = Folder::new("replay");
    let event = json!({"eventSource": "s3.amazonaws.com", "eventName": "ListBuckets", "eventID": "e-1",
                       "eventType": "AwsApiCall", "userIdentity": {"type": "IAMUser", "accountId": ACCOUNT,
                       "arn": "arn:aws:iam::111111111111:user/x"}});
    let full = json!([{"id": ACCOUNT, "policies": [{"name": "FullAWSAccess", "policy": full_access()}]}]);
    folder.write("policies.json", &json!({"accounts": {ACCOUNT: {"before": full, "after": levels()}}}));
    fs::create_dir(folder.0.join("logs")).expect("a folder can be made");
    folder.write("logs/plain.json", &json!({"Records": [event]}));
    let packed = fs::File::create(folder.0.join("logs/packed.json.gz")).expect("a file can be made");
    let mut packer = flate2::write::GzEncoder::new(packed, flate2::Compression::default());
    std::io::Write::write_all(&mut packer, json!({"Records": [event]}).to_string().as_bytes()).expect("written");
    packer.finish().expect("written");
    let found = folder.json("replay logs --policies policies.json", 2);
    assert_eq!((&found["events"], &found["undecided"][0]["count"]), (&json!(2), &json!(2)));
    assert_eq!(found["undecided"][0]["missing"], json!(["aws:PrincipalTag/team"]));
    let (code, text, _) = folder.landing("replay logs/plain.json --policies policies.json");
    assert!(code == 2 && text.contains("1× s3:ListAllMyBuckets: depends on aws:PrincipalTag/team"), "{text}");
    fs::write(folder.0.join("logs/wrong.gz"), [0x1f, 0x8b, 0]).expect("a file can be written");
    let (code, _, stderr) = folder.landing("replay logs --policies policies.json");
    assert!(code == 1 && stderr.contains("wrong.gz cannot be read"), "{stderr}");
}
