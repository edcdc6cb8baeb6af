use std::fmt::Write as _;

use insta::assert_snapshot;

use super::{START, complaints, load, messages, sample};

fn region(values: &str, reference: &str) -> String {
    let sample = sample(&format!("values: {values}\norganization: {{home_region: {reference}}}\n"));
    sample.organization.expect("it is there").home_region.value
}

#[test]
fn a_reference_that_stands_alone_becomes_the_value_itself() {
    let sample = sample(
        "values: {units: {Dev: {accounts: [a]}}, days: 30, on: true, none: }
organization: {home_region: x, retain_days: \"${values.days}\", protect: \"${values.on}\", account_email: \"${values.none}\"}
organizational_units: ${values.units}
",
    );
    let organization = sample.organization.expect("it is there");
    assert_eq!((organization.retain_days, organization.protect, organization.account_email), (Some(30), true, None));
    assert_eq!(sample.organizational_units.get("Dev").expect("it is there").accounts[0], "a");
}

#[test]
fn references_within_text_become_part_of_it() {
    assert_eq!(region("{a: {b: eu}, n: 01}", "\"${values.a.b}-west-${values.n}\""), "eu-west-01");
}

#[test]
fn values_are_made_of_values_in_any_order() {
    assert_eq!(
        region("{a: \"${values.b.c}\", b: \"${values.d}\", d: {c: \"x${values.e}\"}, e: 1}", "\"${values.a}\""),
        "x1"
    );
}

#[test]
fn what_is_put_in_is_not_read_again() {
    assert_eq!(
        region("{a: \"$${values.a}\", b: {c: \"${values.a}\"}, d: \"${values.b}\"}", "\"${values.d.c}\""),
        "${values.a}"
    );
}

#[test]
fn the_variables_of_iam_policies_are_left_alone() {
    let sample =
        sample("values: {b: bucket}\npolicies: {p: {Resource: \"arn:aws:s3:::${values.b}/${aws:username}/*\"}}\n");
    assert_eq!(sample.policies["p"]["Resource"], "arn:aws:s3:::bucket/${aws:username}/*");
}

#[test]
fn a_value_has_the_place_of_its_use() {
    let loaded = load(&format!("{START}values: {{r: eu-west-1}}\norganization:\n  home_region: ${{values.r}}\n"))
        .expect("it is right");
    let place = loaded.value.organization.expect("it is there").home_region.place;
    assert_eq!(loaded.sources.excerpt(place), "${values.r}");
}

#[test]
fn values_that_nothing_uses_are_warned_about() {
    let loaded = load(&format!("{START}values: {{a: 1, b: \"${{values.c}}\", c: 2}}\n")).expect("it is right");
    let warned: Vec<&str> = loaded.warnings.iter().map(|found| found.message.as_str()).collect();
    assert_eq!(
        warned,
        ["nothing refers to the value `a`", "nothing refers to the value `b`", "nothing refers to the value `c`"]
    );
}

#[test]
fn mistakes_in_references_are_shown_with_what_to_do() {
    assert_snapshot!(complaints(
        "version: 1
name: \"x ${values.list} ${values.nothing}\"
values:
  list: [a]
  nothing:
  region: eu-west-1
  a: ${values.b}
  b: [\"${values.a}\"]
  c: 1
organization:
  home_region: ${values.regoin}
  regions:
    - ${values.region.name}
    - ${values.a}
    - \"${values.region\"
    - \"${values}\"
    - \"${values.c.x}\"
organizational_units:
  ${values.region}: {}
"
    ));
}

#[test]
fn a_missing_value_is_reported_at_every_use() {
    let text = format!("{START}organization:\n  home_region: ${{values.a}}\n  regions: [\"${{values.a}}\", x]\n");
    assert_eq!(
        messages(&[("landing.yaml", &text)]),
        ["landing.yaml:4:18: there is no value `a`", "landing.yaml:5:16: there is no value `a`",]
    );
}

/// Values of which each holds ten times the one before.
fn laughs(of: impl Fn(usize) -> String) -> String {
    let mut text = format!("{START}values:\n  v0: ha\n");
    for level in 1..40 {
        writeln!(text, "  v{level}: {}", of(level - 1)).expect("a string takes everything");
    }
    text + "policies: {p: \"${values.v39}\"}\n"
}

#[test]
fn exponential_values_are_stopped_at_the_budget() {
    let lists = laughs(|before| format!("[{}]", vec![format!("\"${{values.v{before}}}\""); 10].join(", ")));
    let texts = laughs(|before| format!("\"{}\"", format!("${{values.v{before}}}").repeat(10)));
    for text in [lists, texts] {
        let found = messages(&[("landing.yaml", &text)]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("the values come to more than"), "{found:?}");
    }
}

#[test]
fn values_that_nest_too_deep_are_stopped() {
    let nested = format!("{}x{}", "[".repeat(40), "]".repeat(40));
    let text = format!("{START}values: {{a: {nested}, b: {}}}\n", nested.replace('x', "\"${values.a}\""));
    let found = messages(&[("landing.yaml", &text)]);
    assert!(found.iter().any(|found| found.contains("nest lists and maps deeper than 64")), "{found:?}");
}

#[test]
fn a_long_row_of_values_is_stopped() {
    let mut text = format!("{START}values:\n  v0: x\n");
    for level in 1..1000 {
        writeln!(text, "  v{level}: ${{values.v{}}}", level - 1).expect("a string takes everything");
    }
    text += "organization: {home_region: \"${values.v999}\"}\n";
    let found = messages(&[("landing.yaml", &text)]);
    assert!(found.iter().any(|found| found.contains("more than 64 values refer to one another in a row")), "{found:?}");
}
