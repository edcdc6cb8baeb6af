use landing_blueprint::document;

use super::*;
use crate::sections::{Document, declare_embedded};

/// The text after an edit of it as a document.
fn edited(name: &str, text: &str, mut edit: impl FnMut(&Doc<'_>) -> Option<Edit>) -> Option<String> {
    let sources = match declare_embedded(name, &[(name, text)]) {
        Ok(declared) => declared.sources,
        Err(failed) => failed.sources,
    };
    let file = sources.files().next().expect("it was read");
    let document: Document = document(&sources, file).expect("it is YAML");
    let doc = Doc { text, value: &document.value, written: &document.written, is_json: name.ends_with(".json") };
    edit(&doc).map(|edit| edit.applied(text))
}

fn with_items(name: &str, text: &str, list: &str, items: &[&str]) -> String {
    let items: Vec<String> = items.iter().map(|item| (*item).to_owned()).collect();
    edited(name, text, |doc| doc.add_to_list(list, &items)).expect("it can be added")
}

#[test]
fn items_are_added_as_the_list_is_written() {
    for (before, after) in [
        ("a: [x]\n", "a: [x, new]\n"),
        ("a: [x, 'y' ]  # why\n", "a: [x, 'y', new ]  # why\n"),
        ("a: []\nb: 1\n", "a: [new]\nb: 1\n"),
        ("a: x\nb: 1\n", "a: [x, new]\nb: 1\n"),
        ("a:\n  - x\n  - y  # why\nb: 1\n", "a:\n  - x\n  - y  # why\n  - new\nb: 1\n"),
        ("a:\n- x\n# below\nb: 1\n", "a:\n- x\n- new\n# below\nb: 1\n"),
        ("a:\n  - x", "a:\n  - x\n  - new"),
        ("a:\r\n  - x\r\nb: 1\r\n", "a:\r\n  - x\r\n  - new\r\nb: 1\r\n"),
        ("a: [\n  x,\n  y\n]\n", "a: [\n  x,\n  y,\n  new\n]\n"),
        ("a:\n  - {k: 1}\n  - {k: 2}\nb: 1\n", "a:\n  - {k: 1}\n  - {k: 2}\n  - new\nb: 1\n"),
        ("a:\n  - [x]\nb: 1\n", "a:\n  - [x]\n  - new\nb: 1\n"),
        (
            "a:\n  - k:\n      l: 1\n  - m:\n      n: 1\n\nb: 1\n",
            "a:\n  - k:\n      l: 1\n  - m:\n      n: 1\n  - new\n\nb: 1\n",
        ),
    ] {
        assert_eq!(with_items("t.yaml", before, "/a", &["new"]), after, "{before}");
    }
    assert_eq!(
        with_items("t.yaml", "a: [x]\n", "/a", &["aws:x/*", "it's", "on"]),
        "a: [x, 'aws:x/*', \"it's\", 'on']\n"
    );
    assert_eq!(with_items("t.json", "{\"a\": [\"x\"]}", "/a", &["new"]), "{\"a\": [\"x\", \"new\"]}");
    assert_eq!(
        with_items("t.json", "{\n  \"a\": [\n    \"x\",\n    \"y\"\n  ]\n}\n", "/a", &["new"]),
        "{\n  \"a\": [\n    \"x\",\n    \"y\",\n    \"new\"\n  ]\n}\n"
    );
    assert_eq!(with_items("t.json", "{\"a\": \"x\"}", "/a", &["new"]), "{\"a\": [\"x\", \"new\"]}");
}

#[test]
fn members_are_added_as_the_map_is_written() {
    for (name, before, after) in [
        ("t.yaml", "a: {x: 1}\n", "a: {x: 1, new: [v]}\n"),
        ("t.yaml", "a: {}\n", "a: {new: [v]}\n"),
        ("t.yaml", "a:\n  x: 1\n  y:\n    - z\nb: 1\n", "a:\n  x: 1\n  y:\n    - z\n  new: [v]\nb: 1\n"),
        ("t.json", "{\"a\": {\"x\": 1}}", "{\"a\": {\"x\": 1, \"new\": [v]}}"),
        (
            "t.json",
            "{\n  \"a\": {\n    \"x\": {\"y\": 1}\n  }\n}\n",
            "{\n  \"a\": {\n    \"x\": {\"y\": 1},\n    \"new\": [v]\n  }\n}\n",
        ),
    ] {
        let text = edited(name, before, |doc| doc.add_member("/a", "new", "[v]"));
        assert_eq!(text.as_deref(), Some(after), "{before}");
    }
    let in_list = edited("t.yaml", "a:\n  - x: 1\n    y: 2\n", |doc| doc.add_member("/a/0", "new", "v"));
    assert_eq!(in_list.as_deref(), Some("a:\n  - x: 1\n    y: 2\n    new: v\n"));
}

#[test]
fn parts_are_found_by_their_places_and_replaced() {
    let text = "a:\n  - one\n  - two:\n      x: 1\n  - three:\nb: [one, two]\n";
    let pointer = |word: &str| {
        let at = text.find(word).expect("it is there");
        let mut found = None;
        edited("t.yaml", text, |doc| {
            found.replace(doc.pointer_to(&(at..at + word.len())));
            None
        });
        found.flatten()
    };
    assert_eq!(pointer("one").as_deref(), Some("/a/0"));
    assert_eq!(pointer("two").as_deref(), Some("/a/1/two"));
    assert_eq!(pointer("wo"), None);
    let replaced = edited("t.yaml", text, |doc| Some(doc.replace("/a/0", "{one: {}}".into())));
    assert_eq!(replaced.unwrap(), text.replacen("one", "{one: {}}", 1));
    let filled = edited("t.yaml", text, |doc| doc.fill("/a/2/three", "{}"));
    assert_eq!(filled.unwrap(), text.replace("three:", "three: {}"));
    let flow = |part: &str| edited("t.yaml", text, |doc| Some(doc.replace("/b/0", doc.is_in_flow(part).to_string())));
    assert!(flow("/b/1").unwrap().contains("[true, two]") && flow("/a/0").unwrap().contains("[false, two]"));
}
