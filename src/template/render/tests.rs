use proptest::prelude::*;
use serde_json::json;

use super::*;

fn with(text: &str, values: Value) -> Result<String, String> {
    let Value::Object(values) = values else { panic!("{values} is no object") };
    render(text, &values).map_err(|error| error.message)
}

const STRANGE: [&str; 9] = [
    "\"",
    "'",
    "a\nb: c",
    "{{json secret}}",
    "]]>",
    "}}, {\"Effect\": \"Allow\"}",
    "\u{2028}- x\u{85}",
    "# no comment",
    "😀\\u0022",
];

#[test]
fn no_value_breaks_a_document() {
    for strange in STRANGE {
        let text = "a: {{value}}\nb: [{{json value}}, !Sub {{concat \"x\" value}}]\n# {{value}}\nc: {{json nested}}\n";
        let rendered = with(text, json!({"value": strange, "nested": {strange: [strange]}})).unwrap();
        let read: serde_yaml::Value = serde_yaml::from_str(&rendered).unwrap_or_else(|why| panic!("{why}: {rendered}"));
        assert_eq!(read["a"], strange);
        assert_eq!(read["b"][0], strange);
        assert_eq!(read["c"][strange][0], strange);
        assert_eq!(read.as_mapping().map(serde_yaml::Mapping::len), Some(3), "{rendered}");
    }
}

proptest! {
    #[test]
    fn any_text_comes_out_of_yaml_and_json_as_it_went_in(value in any::<String>()) {
        let rendered = with("{\"a\": {{value}}, \"b\": [{{json value}}]}", json!({"value": value})).unwrap();
        let wanted = json!({"a": value, "b": [value]});
        prop_assert_eq!(&serde_json::from_str::<Value>(&rendered).unwrap(), &wanted);
        prop_assert_eq!(&serde_yaml::from_str::<Value>(&rendered).unwrap(), &wanted);
    }
}

#[test]
fn numbers_and_flags_stay_what_they_are() {
    let values = json!({"n": 18_446_744_073_709_551_615_u64, "f": 1.5, "t": true, "nothing": null});
    let rendered = with("{{json n}} {{json f}} {{json t}} {{json nothing}}", values).unwrap();
    assert_eq!(rendered, "18446744073709551615 1.5 true null");
}

#[test]
fn a_value_that_is_not_given_is_an_error_with_its_place() {
    let error = render("a: 1\nb: {{json missing}}\n", &Map::new()).unwrap_err();
    assert_eq!(error.line, 2, "{error:?}");
    assert!(with("{{missing}}", json!({})).unwrap_err().contains("missing"));
}

#[test]
fn a_value_cannot_be_written_as_it_is() {
    for text in [
        "{{{a}}}",
        "{{&a}}",
        "{{#if a}}\n{{{a}}}{{/if}}",
        "{{#if b}}{{else}}{{{a}}}{{/if}}",
        "{{#*inline \"x\"}}{{{a}}}{{/inline}}",
    ] {
        let message = with(text, json!({"a": "x", "b": false})).unwrap_err();
        assert!(message.contains("{{json"), "{text}: {message}");
    }
}

#[test]
fn a_text_that_is_no_template_is_refused_with_its_place() {
    let error = render("a: 1\nb: {{#if a}}", &Map::new()).unwrap_err();
    assert!(error.line > 0, "{error:?}");
}

#[test]
fn networks_are_cut() {
    let cut = |bits: u64, index: u64| {
        let values = json!({"network": "10.20.0.0/16", "bits": bits, "index": index});
        with("{{subnet network bits index}}", values)
    };
    assert_eq!(cut(4, 0).unwrap(), "\"10.20.0.0/20\"");
    assert_eq!(cut(4, 15).unwrap(), "\"10.20.240.0/20\"");
    assert!(cut(4, 16).unwrap_err().contains("none with number 16"));
    assert!(cut(17, 0).unwrap_err().contains("cannot be cut"));
    assert!(cut(1 << 40, 0).unwrap_err().contains("cannot be cut"));
    let message = with("{{subnet network 1 0}}", json!({"network": "10.20.0.0"})).unwrap_err();
    assert!(message.contains("10.20.0.0 is no IPv4 network"), "{message}");
}

#[test]
fn ranges_include_both_ends() {
    let rendered = with("{{#each (range 1 n)}}{{json this}} {{/each}}", json!({"n": 3})).unwrap();
    assert_eq!(rendered, "1 2 3 ");
}
