use serde_json::json;

use super::*;

fn value(expression: &str) -> Value {
    let text = format!("Resources: {{}}\nOutputs:\n  Out: {expression}\n");
    parse(&text).unwrap_or_else(|error| panic!("{error:?}: {text}"))["Outputs"]["Out"].clone()
}

#[test]
fn every_short_form_has_its_long_form() {
    let cases = [
        ("!Ref A", json!({"Ref": "A"})),
        ("!Condition A", json!({"Condition": "A"})),
        ("!GetAtt A.B", json!({"Fn::GetAtt": ["A", "B"]})),
        ("!GetAtt A.Outputs.B", json!({"Fn::GetAtt": ["A", "Outputs.B"]})),
        ("!GetAtt [A, B]", json!({"Fn::GetAtt": ["A", "B"]})),
        ("!GetAtt [A, !Ref B]", json!({"Fn::GetAtt": ["A", {"Ref": "B"}]})),
        ("{Fn::GetAtt: A.B}", json!({"Fn::GetAtt": ["A", "B"]})),
        ("!Sub 'a-${B}'", json!({"Fn::Sub": "a-${B}"})),
        ("!Sub ['a-${B}', {B: !Ref C}]", json!({"Fn::Sub": ["a-${B}", {"B": {"Ref": "C"}}]})),
        ("!Join ['', [a, !Ref B]]", json!({"Fn::Join": ["", ["a", {"Ref": "B"}]]})),
        ("!If [A, b, !Ref AWS::NoValue]", json!({"Fn::If": ["A", "b", {"Ref": "AWS::NoValue"}]})),
        ("!Equals [!Ref A, b]", json!({"Fn::Equals": [{"Ref": "A"}, "b"]})),
        (
            "!And [!Condition A, !Not [!Condition B]]",
            json!({"Fn::And": [{"Condition": "A"}, {"Fn::Not": [{"Condition": "B"}]}]}),
        ),
        ("!Or [!Condition A, !Condition B]", json!({"Fn::Or": [{"Condition": "A"}, {"Condition": "B"}]})),
        ("!FindInMap [A, !Ref B, C]", json!({"Fn::FindInMap": ["A", {"Ref": "B"}, "C"]})),
        ("!ImportValue a", json!({"Fn::ImportValue": "a"})),
        ("!Cidr [!GetAtt A.B, 4, 8]", json!({"Fn::Cidr": [{"Fn::GetAtt": ["A", "B"]}, 4, 8]})),
        ("!Base64 a", json!({"Fn::Base64": "a"})),
        ("!Select [0, !GetAZs '']", json!({"Fn::Select": [0, {"Fn::GetAZs": ""}]})),
        ("!Split [',', 'a,b']", json!({"Fn::Split": [",", "a,b"]})),
        ("!Transform {Name: A, Parameters: {B: c}}", json!({"Fn::Transform": {"Name": "A", "Parameters": {"B": "c"}}})),
        ("!Length [a, b]", json!({"Fn::Length": ["a", "b"]})),
        ("!ToJsonString {a: !Ref B}", json!({"Fn::ToJsonString": {"a": {"Ref": "B"}}})),
        ("!Contains [[a], b]", json!({"Fn::Contains": [["a"], "b"]})),
        ("!ValueOf [A, B]", json!({"Fn::ValueOf": ["A", "B"]})),
        ("\n    Fn::GetAZs:\n      !Ref AWS::Region", json!({"Fn::GetAZs": {"Ref": "AWS::Region"}})),
        ("!Sub |\n    a\n    ${B}", json!({"Fn::Sub": "a\n${B}\n"})),
    ];
    for (short, long) in cases {
        assert_eq!(value(short), long, "{short}");
    }
}

#[test]
fn scalars_stay_what_they_are() {
    let cases = [
        ("2012-10-17", json!("2012-10-17")),
        ("012345678901", json!("012345678901")),
        ("'5'", json!("5")),
        ("5", json!(5)),
        ("true", json!(true)),
        ("on", json!("on")),
        ("null", json!(null)),
        ("99999999999999999999999999", json!("99999999999999999999999999")),
        ("1.5", json!(1.5)),
    ];
    for (text, wanted) in cases {
        assert_eq!(value(text), wanted, "{text}");
    }
}

#[test]
fn json_and_yaml_read_the_same() {
    let json =
        r#"{"Resources": {"A": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::GetAtt": "B.C"}}}}}"#;
    let yaml = "Resources:\n  A:\n    Properties: {BucketName: !GetAtt B.C}\n    Type: AWS::S3::Bucket\n";
    assert!(super::super::same_template(&parse(json).unwrap(), &parse(yaml).unwrap()));
    let other = yaml.replace("B.C", "B.D");
    assert!(!super::super::same_template(&parse(json).unwrap(), &parse(&other).unwrap()));
}

#[test]
fn mistakes_have_their_place_and_no_place_in_their_words() {
    let cases = [
        ("A: 1\nB: 2\nA: 3\n", 3, "`A` appears twice"),
        ("A:\n  B: {C: 1, C: 2}\n", 2, "`C` appears twice"),
        ("{\n\"A\": 1,\n\"A\": 2}", 3, "`A` appears twice"),
        ("A: 1\nB: !Reff C\n", 2, "`!Reff`"),
        ("A: {B: 1}\nC:\n  <<: {B: 1}\n", 3, "`<<`"),
        ("A: &a {B: 1}\nC:\n  D: *a\n", 3, "aliases"),
        ("A: [1\nB: 2\n", 2, ""),
        ("{\"A\": }", 1, ""),
        ("- 1\n", 1, "map"),
        ("", 1, "map"),
        ("A: .nan", 1, "no number"),
    ];
    for (text, line, words) in cases {
        let error = parse(text).expect_err(text);
        assert_eq!(error.line, line, "{text}: {error:?}");
        assert!(error.message.contains(words), "{text}: {error:?}");
        assert!(!error.message.contains(&format!(" at line {line}")), "{text}: {error:?}");
    }
}

#[test]
fn short_functions_become_full_ones_wherever_they_are() {
    let text = "a: !Sub 'x-${B}'\nb: !GetAtt Role.Arn\nc: !Join ['', [!Ref P, z]]\nd: !If [C, 1, !Ref AWS::NoValue]";
    let expected = json!({
        "a": {"Fn::Sub": "x-${B}"},
        "b": {"Fn::GetAtt": ["Role", "Arn"]},
        "c": {"Fn::Join": ["", [{"Ref": "P"}, "z"]]},
        "d": {"Fn::If": ["C", 1, {"Ref": "AWS::NoValue"}]},
    });
    assert_eq!(parse(text), Ok(expected));
    assert_eq!(parse("Version: 2012-10-17"), Ok(json!({"Version": "2012-10-17"})));
}

#[test]
fn numbers_and_flags_as_keys_are_names_as_they_are_written() {
    let expected = json!({"M": {"012345678901": {"true": "a", "1.50": "b"}}});
    assert_eq!(parse("M: {012345678901: {true: a, 1.50: b}}"), Ok(expected));
}

#[test]
fn the_last_of_two_keys_counts_where_that_is_asked_for() {
    for text in ["A: 1\nB: {C: 1, C: 2}\nA: 3\n", "{\"A\": 1, \"B\": {\"C\": 1, \"C\": 2}, \"A\": 3}"] {
        assert_eq!(read(text, Duplicates::LastWins), Ok(json!({"A": 3, "B": {"C": 2}})), "{text}");
        assert!(read(text, Duplicates::Refused).is_err(), "{text}");
    }
}

#[test]
fn mistakes_are_of_the_sorts_that_cloudformation_distinguishes() {
    let sort = |text: &str| match read(text, Duplicates::LastWins) {
        Ok(_) => "none",
        Err(Mistake::Json(_)) => "JSON",
        Err(Mistake::Yaml(_)) => "YAML",
        Err(Mistake::Alias(_)) => "alias",
        Err(Mistake::Structure(_)) => "structure",
    };
    let cases = [
        ("{\"A\": }", "JSON"),
        ("{\"A\": 1} x", "JSON"),
        ("{A: }", "none"),
        ("A: [1\nB: 2\n", "YAML"),
        ("A: !Reff B\n", "YAML"),
        ("A: 1\n---\nB: 2\n", "YAML"),
        ("A:\n  <<: {B: 1}\n", "YAML"),
        ("A: &a {B: 1}\nC: *a\n", "alias"),
        ("[]", "structure"),
        ("5", "structure"),
    ];
    for (text, expected) in cases {
        assert_eq!(sort(text), expected, "{text}");
    }
}
