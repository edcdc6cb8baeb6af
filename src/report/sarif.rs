//! Findings as code hosts take them: a log in SARIF 2.1.0
//! (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>).

use std::collections::HashMap;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The name of our fingerprints; a new number is another way of making them.
const FINGERPRINT: &str = "landing/v1";
/// What relative paths are relative to, by the name that code hosts know.
const BASE: &str = "%SRCROOT%";

/// One finding.
pub(super) struct Found {
    /// The id of its rule.
    pub rule: String,
    /// `error`, `warning` or `note`.
    pub level: &'static str,
    pub message: String,
    /// The file, as the user can open it.
    pub file: String,
    /// `startLine` and what else is known.
    pub region: Value,
    /// What it is about, whatever line that stands on: findings that are the same in two runs say the same.
    pub about: String,
    pub fixes: Option<Value>,
}

/// The log of one run.
pub(super) fn log(rules: &[Value], found: Vec<Found>) -> Value {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let results: Vec<Value> = found.into_iter().map(|found| result(found, rules, &mut seen)).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "landing", "version": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn result(found: Found, rules: &[Value], seen: &mut HashMap<String, usize>) -> Value {
    let location = artifact(&found.file);
    let digest = fingerprint(&found);
    // The same resource twice in a file is distinguished by its number.
    let number = seen.entry(digest.clone()).and_modify(|number| *number += 1).or_insert(1);
    let mut result = json!({
        "ruleId": found.rule,
        "level": found.level,
        "message": {"text": found.message},
        "locations": [{"physicalLocation": {"artifactLocation": location, "region": found.region}}],
        "partialFingerprints": {FINGERPRINT: format!("{digest}:{number}")},
    });
    if let Some(index) = rules.iter().position(|rule| rule["id"] == result["ruleId"]) {
        result["ruleIndex"] = json!(index);
    }
    if let Some(fixes) = found.fixes {
        result["fixes"] = fixes;
    }
    result
}

fn fingerprint(found: &Found) -> String {
    let mut hash = Sha256::new();
    for part in [&found.rule, &relative(&found.file), &found.about] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// A file by its URI: relative to where the program was started, unless its path is absolute.
pub(super) fn artifact(file: &str) -> Value {
    let path = relative(file);
    if path.starts_with('/') {
        return json!({"uri": format!("file://{}", encoded(&path))});
    }
    json!({"uri": encoded(&path), "uriBaseId": BASE})
}

fn relative(file: &str) -> String {
    let path = file.replace('\\', "/");
    path.strip_prefix("./").map_or_else(|| path.clone(), str::to_owned)
}

/// The path with what may not stand in a URI percent-encoded (RFC 3986, 3.3).
fn encoded(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte);
    path.bytes()
        .map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(file: &str, about: &str, line: u64) -> Found {
        let (file, about) = (file.to_owned(), about.to_owned());
        let region = json!({"startLine": line});
        Found { rule: "r".into(), level: "note", message: "m".into(), file, region, about, fixes: None }
    }

    fn fingerprints(found: Vec<Found>) -> Vec<String> {
        let log = log(&[json!({"id": "r"})], found);
        let results = log["runs"][0]["results"].as_array().cloned().unwrap_or_default();
        results
            .iter()
            .map(|it| it["partialFingerprints"][FINGERPRINT].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    #[test]
    fn a_fingerprint_is_that_of_the_finding_and_not_of_its_line() {
        let one = fingerprints(vec![found("a.yaml", "x", 1), found("a.yaml", "y", 2), found("a.yaml", "x", 9)]);
        let moved = fingerprints(vec![found("./a.yaml", "x", 5), found("a.yaml", "y", 7), found("b.yaml", "x", 1)]);
        assert_eq!(one[..2], moved[..2]);
        assert!(one[0].ends_with(":1") && one[2].ends_with(":2") && one[0][..32] == one[2][..32]);
        assert!(one[0][..32] != moved[2][..32] && one[0][..32] != one[1][..32]);
    }

    #[test]
    fn files_are_relative_uris() {
        assert_eq!(artifact("./ous/a b#1.yaml"), json!({"uri": "ous/a%20b%231.yaml", "uriBaseId": "%SRCROOT%"}));
        assert_eq!(artifact("é\\x.json")["uri"], "%C3%A9/x.json");
        assert_eq!(artifact("/srv/a:b.yaml"), json!({"uri": "file:///srv/a%3Ab.yaml"}));
    }

    #[test]
    fn a_rule_is_named_by_its_place_too() {
        let log = log(&[json!({"id": "q"}), json!({"id": "r"})], vec![found("a", "x", 1)]);
        assert_eq!(log["runs"][0]["results"][0]["ruleIndex"], 1);
    }
}
