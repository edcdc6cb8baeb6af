//! Every condition operator against every way a request can hold a key.

use landing_policy::{Context, Decision, Request};
use serde_json::json;

use super::deciding::{decide, denying};

const TABLE: &str = include_str!("operators.txt");
const FORMS: [(&str, &str); 6] = [
    ("", ""),
    ("", "IfExists"),
    ("ForAllValues:", ""),
    ("ForAllValues:", "IfExists"),
    ("ForAnyValue:", ""),
    ("ForAnyValue:", "IfExists"),
];

#[test]
fn every_operator_holds_where_the_table_says() {
    let mut checked = 0;
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let [operator, wanted, held, expected @ ..] = &*line.split_whitespace().collect::<Vec<_>>() else {
            panic!("a line has at least three columns: {line}");
        };
        assert_eq!(expected.len(), FORMS.len(), "{line}");
        for ((quantifier, if_exists), expected) in FORMS.iter().zip(expected) {
            if *expected == "." {
                continue;
            }
            let operator = format!("{quantifier}{operator}{if_exists}");
            let expected = if *expected == "T" { Decision::Deny } else { Decision::Allow };
            assert_eq!(decided(&operator, wanted, held), expected, "{operator}: {line}");
            checked += 1;
        }
    }
    assert!(checked > 1_000, "only {checked} conditions checked");
}

/// `Deny` where the condition holds.
fn decided(operator: &str, wanted: &str, held: &str) -> Decision {
    let wanted: Vec<&str> = wanted.split('|').collect();
    let statement = json!({"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {operator: {"a:b": wanted}}});
    let held: Vec<&str> = held.split('|').filter(|value| *value != "-").collect();
    let request = Request::new("arn:aws:iam::111111111111:role/x", "s3:GetObject", Some("*"));
    let context = Context::default().with("a:b", held);
    decide(&denying(&statement), &Request { context, ..request })
}
