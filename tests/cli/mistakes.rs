//! Mistakes that people make in blueprints, with the full text of what they are shown.

use std::fmt::Write;

use super::Folder;

const BLUEPRINT: &str = r#"version: 1
name: shop
organization:
  home_region: eu-west-1
  regions: [eu-west-1]
  account_email: "aws+{name}@example.com"
organizational_units:
  Workloads:
    accounts: [app]
"#;

/// A template with a parameter and an output.
const TEMPLATE: &str = "Parameters:\n  Size: {Type: String}\nResources:\n  Topic: {Type: AWS::SNS::Topic}\nOutputs:\n  \
                        Arn: {Value: {Ref: Topic}}\n";
const TRAILING_COMMA: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Deny", "Action": "s3:*", "Resource": "*"},
  ]
}
"#;

/// What is wrong, and what replaces which part of the blueprint; an empty part means that it is added.
const REPLACED: &[(&str, &str, &str)] = &[
    ("a key that is indented too little", "  home_region", " home_region"),
    ("a key that is indented too far", "  regions", "   regions"),
    ("a key that is indented like no block", "", "  Sandbox:\n    accounts: [toy]\n   Test: {}\n"),
    ("a list that is indented too little", "    accounts: [app]", "    accounts:\n  - app"),
    ("a tab", "  regions", "\tregions"),
    ("a colon that is missing", "organization:\n", "organization\n"),
    ("a space that is missing", "name: shop", "name:shop"),
    ("a quote that is not closed", "example.com\"", "example.com"),
    ("a bracket that is not closed", "[app]", "[app"),
    ("a colon in text", "", "values:\n  note: see: this\n"),
    ("a key twice", "", "organization: {}\n"),
    ("an anchor", "[app]", "&all [app]"),
    ("an unknown key", "regions:", "region:"),
    ("a key that is missing", "name: shop\n", ""),
    ("a text where a list belongs", "[app]", "app"),
    ("a region", "[eu-west-1]", "[eu-west-1, us-eats-1]"),
    ("an unknown guardrail", "", "guardrails: [imdv2]\n"),
    ("an unknown parameter of a guardrail", "", "guardrails:\n  - region-restriction: {exempt_role: [Admin]}\n"),
    ("an unknown parameter of a template", "", "stacks:\n  t: {template: t.yaml, in: [app], parameters: {Sise: x}}\n"),
    ("an unknown parameter of a built-in template", "", "stacks:\n  budget: {in: [app], parameters: {limit: 5}}\n"),
    ("an address range", "", "stacks:\n  network: {in: [app], parameters: {cidr: 10.20.0.0/33}}\n"),
    ("a file that is missing", "", "stacks:\n  t: {template: templates/topc.yaml, in: [app]}\n"),
    ("a folder that is missing", "", "stacks:\n  t: {template: template/topic.yaml, in: [app]}\n"),
    (
        "a circle of stacks",
        "",
        "stacks:\n  a:\n    template: t.yaml\n    in: [management]\n    parameters: {Size: \"${stack/management/b/eu-west-1.Arn}\"}\n  \
         b:\n    template: t.yaml\n    in: [management]\n    parameters: {Size: \"${stack/management/a/eu-west-1.Arn}\"}\n",
    ),
    ("an email twice", "[app]", "[{name: app, email: a@example.com}, {name: web, email: A@example.com}]"),
    ("an email without an @", "[app]", "[{name: app, email: a.example.com}]"),
    ("an account id that is too short", "[app]", "[{name: app, invite: 22222}]"),
    ("a name whose email is too long", "[app]", "[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]"),
    (
        "an OU that is too deep",
        "    accounts: [app]",
        "    organizational_units: {A: {organizational_units: {B: {organizational_units: {C: {organizational_units: {D: \
         {organizational_units: {E: {}}}}}}}}}}",
    ),
    ("an action that AWS does not have", "", "expect:\n  - {deny: ec2:RunInstance, in: Workloads}\n"),
    ("a date", "", "guardrails:\n  - region-restriction: {exempt_roles: [{name: Contractor, until: 2026-13-01}]}\n"),
    (
        "a permission set that does not exist",
        "",
        "identity:\n  permission_sets: [read-only]\n  assignments: {team: {readonly: [Workloads]}}\n",
    ),
    (
        "an OU that does not exist",
        "",
        "identity:\n  permission_sets: [read-only]\n  assignments: {team: {read-only: [Workload]}}\n",
    ),
    (
        "an ARN",
        "",
        "identity:\n  permission_sets: {audit: {managed_policies: [\"arn:aws:iam:aws:policy/SecurityAudit\"]}}\n",
    ),
    ("a comma at the end of a JSON list", "", "policies: {stay: {file: stay.json}}\n"),
];

/// Each has a place in a file and help that works.
#[test]
fn mistakes_are_shown_with_their_place_and_help() {
    let folder = Folder::new("common-mistakes");
    std::fs::create_dir(folder.0.join("templates")).unwrap();
    folder.write("t.yaml", TEMPLATE);
    folder.write("templates/topic.yaml", TEMPLATE);
    folder.write("stay.json", TRAILING_COMMA);
    let mut shown = String::new();
    for (title, part, other) in REPLACED {
        assert!(BLUEPRINT.contains(part), "{title}");
        let text = match *part {
            "" => format!("{BLUEPRINT}{other}"),
            part => BLUEPRINT.replacen(part, other, 1),
        };
        folder.write("landing.yaml", &text);
        let ended = folder.landing("validate");
        assert_eq!(ended.code, 1, "{title}: {}", ended.stdout);
        let reported = ended.stderr;
        assert!(
            reported.contains("help: ") && reported.contains(".yaml:") || reported.contains(".json:"),
            "{title}: {reported}"
        );
        writeln!(shown, "## {title}\n\n{reported}").unwrap();
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn files_that_are_no_blueprint_are_explained() {
    let folder = Folder::new("no-blueprint");
    let reported = |bytes: &[u8]| {
        std::fs::write(folder.0.join("landing.yaml"), bytes).unwrap();
        folder.landing("validate").code(1).stderr
    };
    let shown = [reported(b""), reported(b"version: 1\nname: caf\xe9\n"), reported(b"\xff\xfev\0")].join("\n");
    let missing = folder.landing("validate ladning.yaml").code(1).stderr;
    insta::assert_snapshot!(shown + "\n" + &missing);
}
