//! What lint finds in blueprints, and where.

use serde_json::{Value, json};

use super::folder::Folder;

const HEAD: &str = "version: 1
name: t
organization:
  home_region: eu-west-1
  account_email: \"aws+{name}@example.com\"
";

/// Code, file, line and column of everything that is found.
fn places(found: &Value) -> Vec<(String, String, u64, u64)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let number = |value: &Value| value.as_u64().expect("a number");
    let all = found.as_array().expect("a list").iter();
    all.map(|one| (text(&one["code"]), text(&one["file"]), number(&one["line"]), number(&one["column"]))).collect()
}

fn place(code: &str, file: &str, line: u64, column: u64) -> (String, String, u64, u64) {
    (code.to_owned(), file.to_owned(), line, column)
}

fn with_code<'a>(found: &'a Value, code: &str) -> Vec<&'a Value> {
    found.as_array().expect("a list").iter().filter(|one| one["code"] == code).collect()
}

/// Inline content, a policy in JSON, one in YAML, and a template.
fn mixed() -> Folder {
    let folder = Folder::new("blueprint");
    let policies = r#"
values: {team: red}
policies:
  inline:
    content:
      Version: "2012-10-17"
      Statement:
        - Effect: Deny
          Action: [s3:GetObjekt, "s3:Put*"]
          Resource: "*"
          Condition:
            StringEquals:
              aws:PrincipalTag/team: "${values.team}*"
        - Effect: Deny
          Action: ec2:CreateTags
          Resource: "*"
          Condition:
            ForAllValues:StringEquals:
              aws:TagKeys:
                - a
  json: {file: policies/one.json}
  yaml: {file: policies/two.yaml}
  template: {template: policies/three.json.hbs, parameters: {action: "iam:Frobnicate"}}
"#;
    folder.write_text("landing.yaml", &format!("{HEAD}{policies}"));
    let statement = |action: &str| format!("{{\"Effect\": \"Deny\", \"Action\": {action}, \"Resource\": \"*\"}}");
    let document = |action: &str| {
        format!("{{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {}\n  ]\n}}\n", statement(action))
    };
    folder.write_text("policies/one.json", &document("[\"ec2:RunInstance\", \"ec2:Stop*\", \"ec2:StopInstances\"]"));
    folder.write_text("policies/two.yaml", "Version: \"2012-10-17\"\nStatement:\n  - Effect: Deny\n    Action:\n      - s3:*\n    Resource: \"*\"\n    Condition: {Bool: {aws:SecureTransport: \"maybe\"}}\n");
    folder.write_text("policies/three.json.hbs", &document("{{json action}}"));
    folder
}

#[test]
fn findings_are_where_the_statement_is_written() {
    let folder = mixed();
    let found = folder.json("lint", 2);
    assert_eq!(
        places(&found),
        [
            place("unknown-action", "landing.yaml", 14, 20),
            place("wildcard-in-equals", "landing.yaml", 18, 38),
            place("for-all-values-of-nothing", "landing.yaml", 23, 13),
            place("unknown-action", "landing.yaml", 28, 24),
            place("shorter-form", "policies/one.json", 1, 1),
            place("unknown-action", "policies/one.json", 4, 35),
            place("repeated-value", "policies/one.json", 4, 67),
            place("unreadable-value", "policies/two.yaml", 7, 45),
        ]
    );
    let of_template = &found[3];
    assert_eq!(of_template["fix"], json!(null));
    let message = of_template["message"].as_str().expect("a message");
    assert!(
        message.starts_with("policy template at /Statement/0/Action: no action is called `iam:Frobnicate`"),
        "{message}"
    );
    assert_eq!(
        places(&folder.json("lint .", 2)),
        places(&found)
            .into_iter()
            .map(|(code, file, line, column)| { (code, format!("./{file}"), line, column) })
            .collect::<Vec<_>>(),
        "a folder stands for its blueprint"
    );
}

#[test]
fn what_is_offered_can_be_written_in_its_place() {
    let folder = mixed();
    let found = folder.json("lint", 2);
    let mut mended = 0;
    for finding in found.as_array().expect("a list").iter().filter(|finding| finding["fix"].is_string()) {
        let name = finding["file"].as_str().expect("a file");
        let path = folder.0.join(name);
        let before = std::fs::read_to_string(&path).expect("a file that can be read");
        let at = |line: &str, column: &str| byte_at(&before, &finding["fix_at"][line], &finding["fix_at"][column]);
        let mut after = before.clone();
        after.replace_range(
            at("line", "column")..at("end_line", "end_column"),
            finding["fix"].as_str().expect("a text"),
        );
        folder.write_text(name, &after);
        let (_, stdout, stderr) = folder.landing("lint --format json");
        let left: Value = serde_json::from_str(&stdout).unwrap_or_else(|_| panic!("{finding}: {stderr}"));
        assert!(with_code(&left, "policy").is_empty() && with_code(&left, "yaml").is_empty(), "{finding}: {left}");
        let is_same = |other: &&Value| ["code", "file", "message"].iter().all(|key| other[key] == finding[key]);
        assert_eq!(left.as_array().expect("a list").iter().find(is_same), None);
        std::fs::write(&path, &before).expect("a file that can be written");
        mended += 1;
    }
    assert_eq!(mended, 5);
}

/// The byte at a line and a column, both from 1, of a text in ASCII.
fn byte_at(text: &str, line: &Value, column: &Value) -> usize {
    let number = |value: &Value| usize::try_from(value.as_u64().expect("a number")).expect("small") - 1;
    let start: usize = text.split_inclusive('\n').take(number(line)).map(str::len).sum();
    start + number(column)
}

#[test]
fn quotas_are_the_organization_s() {
    let folder = Folder::new("quotas");
    let blueprint = |quotas: &str| {
        let rest = format!("  policies: [deny-leave-organization, region-restriction]\n  quotas: {{scp: {quotas}}}\n");
        folder.write_text("landing.yaml", &format!("{HEAD}{rest}"));
    };
    blueprint("{size: 100000, per_target: 9}");
    assert_eq!(folder.json("lint landing.yaml", 0), json!([]));
    blueprint("{size: 2480, per_target: 3}");
    let found = folder.json("lint landing.yaml", 0);
    let expected = ["no-place-left", "nearly-full", "shorter-form"].into_iter().zip([14, 39, 39]);
    let expected: Vec<_> = expected.map(|(code, column)| place(code, "landing.yaml", 6, column)).collect();
    assert_eq!(places(&found), expected);
    assert_eq!(found[0]["help"], "they cannot be joined into fewer: attach some of them to another level");
    blueprint("{per_target: 3}");
    let found = folder.json("lint landing.yaml", 0);
    assert_eq!(found[0]["help"], "all that they say fits into 1 policy: join them");
}

#[test]
fn every_path_is_looked_at_as_a_whole() {
    let folder = Folder::new("paths");
    let allowing = |actions: &str| {
        format!(
            "{{name: a{}, content: {{Version: \"2012-10-17\", Statement: [{{Effect: Allow, Action: {actions}, Resource: \"*\"}}]}}}}",
            actions.len()
        )
    };
    let units = format!(
        "organizational_units:\n  Work:\n    full_aws_access: false\n    policies:\n      - {}\n    accounts:\n      - name: dev\n        policies:\n          - {}\n      - other\n",
        allowing("[\"s3:*\", \"cloudformation:*\"]"),
        allowing("[\"sqs:*\", \"s3:Get*\", iam:CreateRole]"),
    );
    folder.write_text("landing.yaml", &format!("{HEAD}{units}"));
    let found = folder.json("lint", 2);
    assert_eq!(
        places(&found),
        [
            place("lock-out", "landing.yaml", 7, 3),
            place("allow-list-gap", "landing.yaml", 14, 95),
            place("allow-list-gap", "landing.yaml", 14, 115),
        ]
    );
    assert_eq!(
        found[0]["message"],
        "nothing attached to ou/Work lets the roles that keep accounts do iam:CreateRole: OrganizationAccountAccessRole"
    );
    assert_eq!(found[1]["message"], "`sqs:*` has no effect: nothing attached to ou/Work allows it");
}

#[test]
fn the_roles_that_must_not_be_locked_out_are_the_blueprint_s() {
    let folder = Folder::new("roles");
    let blueprint = |spared: &str, more: &str| {
        let policy = format!(
            "policies:\n  guard:\n    may_lock_out: {more}\n    content:\n      Version: \"2012-10-17\"\n      Statement:\n        - Effect: Deny\n          Action: \"*\"\n          Resource: \"*\"\n          Condition: {{ArnNotLike: {{aws:PrincipalArn: [{spared}]}}}}\n"
        );
        let units = "organizational_units: {Work: {policies: [guard], accounts: [{name: dev, access_role: Own}, b]}}\n";
        let head = format!("{HEAD}  break_glass_roles: [Glass]\n  access_role: Enter\n");
        folder.write_text("landing.yaml", &format!("{head}{policy}{units}"));
    };
    let role = |name: &str| format!("\"arn:aws:iam::*:role/{name}\"");
    blueprint(&[role("Glass"), role("Enter"), role("Own")].join(", "), "false");
    assert_eq!(folder.json("lint", 0), json!([]));
    for (missing, spared) in [("Own", ["Glass", "Enter"]), ("Enter", ["Glass", "Own"]), ("Glass", ["Own", "Enter"])] {
        blueprint(&spared.map(role).join(", "), "false");
        let found = folder.json("lint", 2);
        assert!(places(&found).iter().all(|found| *found == place("lock-out", "landing.yaml", 14, 11)), "{found}");
        let messages: Vec<&str> =
            found.as_array().unwrap().iter().map(|one| one["message"].as_str().unwrap()).collect();
        assert!(messages.iter().any(|message| message.ends_with(missing)), "{missing}: {messages:?}");
    }
    blueprint(&role("Glass"), "true");
    assert_eq!(folder.json("lint", 0), json!([]));
}

#[test]
fn references_to_what_only_aws_knows_are_no_mistakes() {
    let folder = Folder::new("references");
    let rest = r#"
accounts: [audit]
policies:
  guard:
    content:
      Version: "2012-10-17"
      Statement:
        - Effect: Deny
          Action: [s3:PutBucketPolicy, "s3:Put*"]
          Resource: "*"
          Condition: {StringNotEquals: {aws:PrincipalAccount: "${account/audit}", aws:PrincipalOrgID: "${organization}"}}
"#;
    folder.write_text("landing.yaml", &format!("{HEAD}{rest}"));
    let found = folder.json("lint", 0);
    assert_eq!(
        places(&found),
        [place("shorter-form", "landing.yaml", 11, 7), place("repeated-value", "landing.yaml", 14, 20)]
    );
    assert_eq!(found[0]["fix"], json!(null), "the policy with ids in place of references is nothing to write");
}

#[test]
fn what_makes_a_blueprint_unusable_is_found_where_it_is_written() {
    let folder = Folder::new("unusable");
    let rest = "policies:\n  one: {file: one.json}\n  two:\n    content:\n      Version: \"2012-10-17\"\n      Statement:\n        - Effect: Deny\n          Action: iam:CreateUser\n          Resource: \"*\"\n          NotPrincipal: \"*\"\n";
    folder.write_text("landing.yaml", &format!("{HEAD}{rest}"));
    folder.write_text("one.json", "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": {\"Effect\": \"Deny\", \"Action\": \"s3:*\", \"Resource\": \"*\",\n    \"Principal\": \"*\"}\n}\n");
    let found = folder.json("lint", 2);
    assert_eq!(places(&found), [place("policy", "landing.yaml", 15, 11), place("policy", "one.json", 4, 5)]);
    assert_eq!(found[1]["message"], "policy one: a service control policy has no `Principal`");
    let (code, stdout, _) = folder.landing("lint");
    assert!(code == 2 && stdout.contains("one.json:4:5"), "{stdout}");
    let (_, _, stderr) = folder.landing("validate");
    assert!(stderr.contains("one.json:4:5") && stderr.contains("landing.yaml:15:11"), "{stderr}");
}

#[test]
fn without_a_file_there_must_be_a_blueprint() {
    let folder = Folder::new("nothing");
    assert_eq!(folder.landing("lint").0, 64);
    let (code, _, stderr) = folder.landing("lint other.yaml");
    assert!(code == 1 && stderr.contains("other.yaml cannot be read"), "{stderr}");
}

#[test]
fn nothing_is_wrong_with_the_policies_of_built_in_blueprints() {
    for builtin in landing::sections::builtin::list() {
        let folder = Folder::new(&format!("builtin-{}", builtin.name));
        assert_eq!(folder.landing(&format!("init --from {}", builtin.name)).0, 0);
        let found = folder.json("lint", 0);
        let notes: Vec<&str> = found.as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
        // Guardrails are packed until a policy is full; what comes next begins another one.
        assert!(notes.iter().all(|code| matches!(*code, "shorter-form" | "nearly-full")), "{found:#}");
    }
}

#[test]
fn validate_shows_whether_too_long_policies_and_too_many_could_be_shorter() {
    let folder = Folder::new("validate");
    let deny = |action: &str| format!("{{Effect: Deny, Action: \"{action}\", Resource: \"*\"}}");
    let policy = |name: &str, statements: &str| {
        format!("  {name}: {{content: {{Version: \"2012-10-17\", Statement: [{statements}]}}}}\n")
    };
    let long = [deny("s3:PutObject"), deny("s3:GetObject"), deny("s3:DeleteObject")].join(", ");
    let policies =
        policy("long", &long) + &policy("a", &deny("iam:CreateUser")) + &policy("b", &deny("iam:DeleteUser"));
    let quotas = "  quotas: {scp: {size: 170, per_target: 2}}\n  policies: [a, b]\n";
    folder.write_text("landing.yaml", &format!("{HEAD}{quotas}policies:\n{policies}"));
    let (code, _, stderr) = folder.landing("validate");
    assert_eq!(code, 1);
    for part in ["the same can be said in ", "which fits", "all that they say fits into 1 policy: join them"] {
        assert!(stderr.contains(part), "no {part} in {stderr}");
    }
}

#[test]
fn a_policy_that_is_too_long_is_offered_shorter_where_it_is_written() {
    let folder = Folder::new("too-long");
    let deny = |action: &str| json!({"Effect": "Deny", "Action": action, "Resource": "*"});
    let statements = ["s3:PutObject", "s3:GetObject", "s3:DeleteObject"].map(deny);
    folder.write_text(
        "landing.yaml",
        &format!("{HEAD}  quotas: {{scp: {{size: 170}}}}\npolicies:\n  long: {{file: long.json}}\n"),
    );
    folder.write_text("long.json", &json!({"Version": "2012-10-17", "Statement": statements}).to_string());
    let (code, _, stderr) = folder.landing("validate");
    assert!(code == 1 && stderr.contains("`landing lint -v` writes it out"), "{stderr}");
    let found = folder.json("lint", 2);
    let of: Vec<_> = places(&found).into_iter().map(|(code, file, ..)| (code, file)).collect();
    let expected = [("policy", "landing.yaml"), ("shorter-form", "long.json")];
    assert_eq!(of, expected.map(|(code, file)| (code.to_owned(), file.to_owned())));
    folder.write_text("long.json", found[1]["fix"].as_str().expect("what to write instead"));
    assert_eq!(folder.landing("validate").0, 0);
}

#[test]
fn what_a_tag_policy_does_not_have_is_found_by_validate_and_lint_where_it_is_written() {
    let folder = Folder::new("tag-policy");
    folder.write_text("landing.yaml", &format!("{HEAD}policies:\n  tags: {{type: tag-policy, file: tags.json}}\n"));
    folder.write_text(
        "tags.json",
        "{\"tags\": {\"owner\": {\n  \"tag_key\": {\"@@assign\": \"Owner\"},\n  \"enforced\": {\"@@assign\": [\"ec2:*\"]},\n  \"tag_value\": [\"x\"]\n}}}\n",
    );
    let found = folder.json("lint", 2);
    assert_eq!(places(&found), [place("policy", "tags.json", 3, 3), place("policy", "tags.json", 4, 16)]);
    let alone = folder.json("lint tags.json", 2);
    assert_eq!(places(&alone), [place("unknown-element", "tags.json", 3, 3), place("wrong-type", "tags.json", 4, 16)]);
    let (code, _, stderr) = folder.landing("validate");
    assert!(code == 1 && stderr.contains("tags.json:3:3") && stderr.contains("tags.json:4:16"), "{stderr}");
}
