//! `simulate` and what does not exist.

use serde_json::{Value, json};

use super::folder::Folder;
use super::world::{ACCOUNT, full_access};

const BLUEPRINT: &str = "version: 1
name: ours
organization: {home_region: eu-west-1, account_email: '{name}@example.com'}
organizational_units:
  Work: {accounts: [dev]}
identity:
  permission_sets: {administrator: {managed_policies: [AdministratorAccess]}}
";

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write_text("landing.yaml", BLUEPRINT);
    folder
}

/// The exit code and what stands in standard error, for one question about the blueprint.
fn asked(folder: &Folder, principal: &str, action: &str, more: &str) -> (i32, String) {
    let (code, _, stderr) =
        folder.landing(&format!("simulate --offline --principal {principal} --action {action} {more}"));
    (code, stderr.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[test]
fn actions_must_be_ones_that_aws_has() {
    let folder = folder("actions");
    for (action, code, part) in [
        ("s3:GetObject", 0, ""),
        ("S3:getobject", 0, ""),
        ("s3:GetObjct", 64, "did you mean `s3:GetObject`?"),
        ("cloudtrial:StopLogging", 64, "did you mean `cloudtrail:StopLogging`?"),
        ("s3:Frobnicate", 64, "AWS has no action `s3:Frobnicate`, as of 2026-09-23"),
        ("s3:Frobnicate", 64, "actions, such as s3:"),
        ("nowhere:DoIt", 64, "no service has the prefix `nowhere`"),
        ("GetObject", 64, "`GetObject` is not an action"),
        ("s3:", 64, "`s3:` is not an action"),
        ("s3:GetObjectA*", 64, "is a pattern of 3 actions"),
        ("s3:*", 64, "ask about one action, such as s3:AbortMultipartUpload"),
    ] {
        let (found, stderr) = asked(&folder, "root", action, "");
        assert!(found == code && stderr.contains(part), "{action}: {found} {stderr}");
        assert_eq!(found == 0 && part.is_empty(), stderr.is_empty(), "{action}: {stderr}");
    }
}

#[test]
fn condition_keys_and_regions_must_be_ones_that_aws_has() {
    let folder = folder("keys");
    for (more, code, part) in [
        ("--context aws:PrincipalTag/team=red", 0, ""),
        ("--context aws:RequestedRegoin=x", 64, "did you mean `aws:RequestedRegion`?"),
        ("--region eu-wset-1", 64, "did you mean `eu-west-1`?"),
        ("--region eu-west-1", 0, ""),
    ] {
        let (found, stderr) = asked(&folder, "root", "s3:GetObject", more);
        assert!(found == code && stderr.contains(part), "{more}: {found} {stderr}");
    }
}

#[test]
fn principals_must_be_there_as_far_as_that_is_known() {
    let folder = folder("principals");
    for (principal, code, part) in [
        ("root", 0, ""),
        ("role/x", 0, "note: whether role/x exists was not checked"),
        ("user/x", 0, "whether user/x exists was not checked"),
        ("cloudtrail.amazonaws.com", 0, ""),
        ("anonymous", 0, ""),
        ("permission-set/administrator", 0, ""),
        ("permission-set/adminstrator", 64, "did you mean `permission-set/administrator`?"),
        ("permission-set/nope", 64, "there is no permission set `nope`"),
        ("jo", 64, "`jo` is not a principal"),
        ("jo", 64, "did you mean `role/jo` or `user/jo`?"),
        ("role/", 64, "`role/` is not a principal"),
        ("arn:aws:iam::1:role/x", 64, "is not a principal"),
        ("arn:aws:s3:::bucket", 64, "is not a principal"),
        ("arn:aws:iam::999999999999:group/x", 64, "is not a principal"),
        ("arn:aws:iam::999999999999:role/x", 64, "no account of the organization has the id 999999999999"),
    ] {
        let (found, stderr) = asked(&folder, principal, "s3:GetObject", "");
        assert!(found == code && stderr.contains(part), "{principal}: {found} {stderr}");
        assert_eq!(found == 0 && part.is_empty(), stderr.is_empty(), "{principal}: {stderr}");
    }
}

/// One more level that must allow, and whose denial counts; the organization's policies count as before.
#[test]
fn an_identity_policy_must_allow_the_request_too() {
    let folder = folder("identity");
    let statement = |effect: &str, action: &str| json!({"Effect": effect, "Action": action, "Resource": "*"});
    let policy = |statements: Value| json!({"Version": "2012-10-17", "Statement": statements});
    folder.write("reads.json", &policy(json!([statement("Allow", "s3:Get*")])));
    folder.write("guards.json", &policy(json!([statement("Deny", "s3:GetObjectAcl")])));
    let ask = |action: &str, more: &str| {
        let answers =
            folder.json(&format!("simulate --offline --principal role/x --in dev --action {action} {more}"), 0);
        (
            answers[0]["decision"].clone(),
            answers[0]["decided_by"]["policy"].clone(),
            answers[0]["decided_by"]["kind"].clone(),
        )
    };
    let reads = "--identity-policy reads.json";
    let both = "--identity-policy reads.json --identity-policy guards.json";
    assert_eq!(ask("s3:PutObject", ""), (json!("Allow"), Value::Null, Value::Null));
    assert_eq!(ask("s3:GetObject", reads), (json!("Allow"), Value::Null, Value::Null));
    assert_eq!(ask("s3:PutObject", reads), (json!("Deny"), Value::Null, json!("implicit")));
    assert_eq!(ask("s3:GetObjectAcl", both), (json!("Deny"), json!("guards.json"), json!("explicit")));
    let text = |more: &str| {
        folder.landing(&format!("simulate --offline --principal role/x --in dev --action s3:GetObject {more}")).1
    };
    assert!(text("").starts_with("Not denied by policies  dev"), "{}", text(""));
    assert!(text("").contains("IAM policies were not evaluated"), "{}", text(""));
    assert!(text(reads).starts_with("Allow  dev"), "{}", text(reads));
    folder.write(
        "resource.json",
        &policy(json!([{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}])),
    );
    for (principal, file, part) in [
        ("role/x", "resource.json", "identity policies have no `Principal`"),
        ("role/x", "read.json", "did you mean reads.json?"),
        ("root", "reads.json", "`root` has no identity policies"),
    ] {
        let (code, stderr) = asked(&folder, principal, "s3:GetObject", &format!("--identity-policy {file}"));
        assert!(code != 0 && stderr.contains(part), "{principal} {file}: {code} {stderr}");
    }
}

#[test]
fn a_principal_outside_may_use_a_resource_of_the_organization() {
    let folder = folder("outside");
    // The only account has the first of the ids that stand for those to come.
    let ask = "simulate --offline --principal arn:aws:iam::999999999999:role/x --action s3:GetObject";
    let answers = folder.json(&format!("{ask} --context aws:ResourceAccount=000000000001"), 0);
    assert_eq!(answers[0]["decision"], "Allow");
    assert_eq!(folder.landing(&format!("{ask} --resource arn:aws:sqs:eu-west-1:888888888888:q")).0, 64);
}

/// The decision about a principal where an RCP denies on a condition.
fn decided(principal: &str, condition: &Value) -> Value {
    let folder = Folder::new(&format!("rcp-{}", principal.len()));
    let statement =
        json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": condition});
    let rcp = json!({"Version": "2012-10-17", "Statement": [statement]});
    let text = format!("{BLUEPRINT}policies:\n  perimeter:\n    type: rcp\n    content: {rcp}\n",);
    folder.write_text("landing.yaml", &text.replace("accounts: [dev]}", "accounts: [dev], policies: [perimeter]}"));
    let ask = format!(
        "simulate --offline --principal {principal} --action s3:GetObject --context aws:ResourceAccount=000000000001"
    );
    folder.json(&ask, 0)[0]["decision"].clone()
}

#[test]
fn organizations_of_principals_outside_of_services_and_of_no_one_are_reported() {
    let outside = "arn:aws:iam::999999999999:role/x";
    let one = |operator: &str, key: &str, value: &str| json!({operator: {key: value}});
    for (principal, condition, decision) in [
        (outside, one("StringNotEquals", "aws:PrincipalOrgID", "o-organization"), "Deny"),
        (outside, one("StringEquals", "aws:PrincipalOrgID", "o-organization"), "Allow"),
        (outside, one("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-organization/*"), "Allow"),
        (outside, one("StringNotEquals", "aws:PrincipalOrgID", "o-partner"), "Undecided"),
        (outside, one("StringEquals", "aws:PrincipalAccount", "999999999999"), "Deny"),
        ("cloudtrail.amazonaws.com", one("StringNotEquals", "aws:PrincipalOrgID", "o-organization"), "Deny"),
        ("cloudtrail.amazonaws.com", one("Bool", "aws:PrincipalIsAWSService", "true"), "Deny"),
        ("cloudtrail.amazonaws.com", one("Null", "aws:PrincipalArn", "false"), "Allow"),
        ("anonymous", one("Null", "aws:PrincipalOrgID", "true"), "Deny"),
        ("anonymous", one("BoolIfExists", "aws:PrincipalIsAWSService", "false"), "Deny"),
        ("anonymous", one("Bool", "aws:PrincipalIsAWSService", "false"), "Allow"),
        ("anonymous", one("StringEquals", "aws:PrincipalAccount", "anonymous"), "Deny"),
        ("role/x", one("StringNotEquals", "aws:PrincipalOrgID", "o-organization"), "Allow"),
    ] {
        assert_eq!(decided(principal, &condition), decision, "{principal} {condition}");
    }
}

#[test]
fn scps_bind_neither_services_nor_no_one() {
    let folder = Folder::new("scps");
    let deny = json!({"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}});
    let levels = json!([{"id": ACCOUNT, "policies": [
        {"name": "Full", "policy": full_access()}, {"name": "No", "policy": deny}]}]);
    folder.write("levels.json", &levels);
    for (principal, decision) in
        [("role/x", "Deny"), ("root", "Deny"), ("anonymous", "Allow"), ("s3.amazonaws.com", "Allow")]
    {
        let ask = format!("simulate --policies levels.json --principal {principal} --action s3:GetObject");
        assert_eq!(folder.json(&ask, 0)[0]["decision"], decision, "{principal}");
    }
    let set = "simulate --policies levels.json --principal permission-set/x --action s3:GetObject";
    assert_eq!(folder.landing(set).0, 64);
}

#[test]
fn cases_about_unknown_actions_are_warned_of() {
    let folder = Folder::new("warned");
    let request = json!({"principal": "arn:aws:iam::111111111111:role/x", "action": "s3:GetObjct"});
    folder.write("cases.json", &json!([{"id": "a", "levels": [], "request": request}]));
    let (code, _, stderr) = folder.landing("simulate --cases cases.json");
    assert!(code == 0 && stderr.contains("AWS has no action `s3:GetObjct`"), "{stderr}");
}
