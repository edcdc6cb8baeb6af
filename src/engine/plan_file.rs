//! Plans as files: sealed by a digest over every byte, so that what is carried out is what was shown.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::model::Plan;

/// What stands between a plan and the digest of all that stands before.
const SEAL: &str = ",\n  \"digest\": \"";
/// What stands after the digest.
const END: &str = "\"\n}\n";

/// Why a file is no plan that can be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanFileError {
    /// It ends before its JSON does, there.
    Truncated {
        /// The last line.
        line: usize,
        /// The last column.
        column: usize,
    },
    /// It is not JSON, because of what stands there.
    NotJson {
        /// The line.
        line: usize,
        /// The column.
        column: usize,
        /// What is wrong, in the parser's words.
        why: String,
    },
    /// It is JSON, and neither a plan nor a blueprint but this.
    NotAPlan(&'static str),
    /// Its format is another one.
    Format(String),
    /// It was written by `--format json`, which leaves out the bodies.
    WithoutBodies,
    /// It is not as landing wrote it.
    Edited,
    /// Another version of landing made it.
    Version(String),
    /// It is as landing wrote it, and yet no plan.
    Unreadable(String),
}

/// The text of a plan file, or of a snapshot, from its JSON as it is printed.
pub fn seal(json: &str) -> String {
    let json = json.trim_end();
    // A plan is a map with members.
    let body = json.strip_suffix("\n}").unwrap_or(json);
    format!("{body}{SEAL}{}{END}", sha256(body.as_bytes()))
}

/// The SHA-256 of some bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads a plan file; nothing where it seems to be a blueprint, of which `is_json` says whether its name ends in `.json`.
///
/// # Errors
/// When it is JSON, or was, and no plan that can be carried out.
pub fn unseal(text: &[u8], is_json: bool) -> Result<Option<Plan>, PlanFileError> {
    let json: Value = match serde_json::from_slice(text) {
        Ok(json) => json,
        Err(error) if is_json || begins_as_plan(text) || (begins_as_map(text) && error.is_eof()) => {
            return Err(not_json(&error));
        }
        Err(_) => return Ok(None),
    };
    match json.get("format").map(|format| format.as_str().unwrap_or_default()) {
        Some(Plan::FORMAT) => checked(text, json).map(Some),
        Some(format) => Err(PlanFileError::Format(format.to_owned())),
        None if json.get("version").is_some() || !is_json => Ok(None),
        None => Err(PlanFileError::NotAPlan(sort_of(&json))),
    }
}

fn checked(text: &[u8], json: Value) -> Result<Plan, PlanFileError> {
    if !is_sealed(text) {
        let is_bare = json.get("digest").is_none() && json.get("desired").is_none();
        return Err(if is_bare { PlanFileError::WithoutBodies } else { PlanFileError::Edited });
    }
    let plan: Plan = serde_json::from_value(json).map_err(|error| PlanFileError::Unreadable(error.to_string()))?;
    match plan.version.as_str() {
        env!("CARGO_PKG_VERSION") if plan.desired.is_some() => Ok(plan),
        env!("CARGO_PKG_VERSION") => Err(PlanFileError::WithoutBodies),
        version => Err(PlanFileError::Version(version.to_owned())),
    }
}

/// Whether the digest is that of all that stands before it, and nothing stands behind it.
pub(super) fn is_sealed(text: &[u8]) -> bool {
    let text = std::str::from_utf8(text).unwrap_or_default();
    let parts = text.rsplit_once(SEAL).and_then(|(body, rest)| Some((body, rest.strip_suffix(END)?)));
    parts.is_some_and(|(body, digest)| digest == sha256(body.as_bytes()))
}

fn begins_as_map(text: &[u8]) -> bool {
    text.trim_ascii_start().starts_with(b"{")
}

fn begins_as_plan(text: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&text[..text.len().min(100)]).into_owned();
    begins_as_map(text) && start.contains("\"format\"") && start.contains("\"landing-plan/")
}

fn not_json(error: &serde_json::Error) -> PlanFileError {
    let (line, column) = (error.line(), error.column());
    if error.is_eof() {
        return PlanFileError::Truncated { line, column };
    }
    let why = error.to_string();
    let why = why.split(" at line ").next().unwrap_or_default().to_owned();
    PlanFileError::NotJson { line, column, why }
}

fn sort_of(json: &Value) -> &'static str {
    match json {
        Value::Object(_) => "a map without `format` and without `version`",
        Value::Array(_) => "a list",
        _ => "a single value",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Desired;

    fn plan() -> Plan {
        let bare = r#"{"format": "landing-plan/1", "blueprint": {"name": "b", "sha256": "00"}, "organization": {"id": null,
            "management_account": "111122223333"}, "summary": {"create": 0, "update": 0, "delete": 0, "adopt": 0, "move": 0,
            "unchanged": 1}, "changes": [], "manual": [], "unmanaged": [], "refusals": [], "api_calls": {"total": 1,
            "by_operation": {}}, "observed": {"root": "aa"}}"#;
        let bare: Plan = serde_json::from_str(bare).unwrap();
        Plan { desired: Some(Desired::default()), version: env!("CARGO_PKG_VERSION").into(), ..bare }
    }

    fn sealed(plan: &Plan) -> String {
        seal(&(serde_json::to_string_pretty(plan).unwrap() + "\n"))
    }

    fn read(text: &str) -> Result<Option<Plan>, PlanFileError> {
        unseal(text.as_bytes(), true)
    }

    #[test]
    fn what_is_sealed_is_read_again() {
        assert_eq!(read(&sealed(&plan())), Ok(Some(plan())));
    }

    #[test]
    fn every_other_byte_is_an_edit() {
        let sealed = sealed(&plan());
        for at in 0..sealed.len() {
            let mut edited = sealed.clone().into_bytes();
            edited[at] = if edited[at] == b'0' { b'1' } else { b'0' };
            assert!(!matches!(unseal(&edited, true), Ok(Some(_))), "byte {at}: {}", String::from_utf8_lossy(&edited));
        }
        assert_eq!(read(&format!("{sealed}\n")), Err(PlanFileError::Edited));
        assert_eq!(read(&sealed.replace("\"aa\"", "\"ab\"")), Err(PlanFileError::Edited));
        let without = sealed.split(SEAL).next().unwrap().to_owned() + "\n}\n";
        assert_eq!(read(&without), Err(PlanFileError::Edited), "without a digest");
    }

    #[test]
    fn every_beginning_of_a_plan_is_called_truncated() {
        let sealed = sealed(&plan());
        for end in 0..sealed.len() - 2 {
            let result = unseal(&sealed.as_bytes()[..end], true);
            assert!(matches!(result, Err(PlanFileError::Truncated { .. })), "{end}: {result:?}");
        }
        assert!(matches!(unseal(&sealed.as_bytes()[..500], false), Err(PlanFileError::Truncated { .. })));
    }

    #[test]
    fn what_is_no_plan_is_called_what_it_is() {
        assert_eq!(read("[]"), Err(PlanFileError::NotAPlan("a list")));
        assert_eq!(read("3"), Err(PlanFileError::NotAPlan("a single value")));
        assert_eq!(
            read(r#"{"Resources": {}}"#),
            Err(PlanFileError::NotAPlan("a map without `format` and without `version`"))
        );
        assert_eq!(read(r#"{"format": "landing-applied/1"}"#), Err(PlanFileError::Format("landing-applied/1".into())));
        assert_eq!(read(r#"{"format": 7}"#), Err(PlanFileError::Format(String::new())));
        let shown = serde_json::to_string(&Plan { desired: None, ..plan() }).unwrap();
        assert_eq!(read(&shown), Err(PlanFileError::WithoutBodies));
        assert_eq!(
            read("{\n  \"format\": nothing}"),
            Err(PlanFileError::NotJson { line: 2, column: 14, why: "expected ident".into() })
        );
    }

    #[test]
    fn another_version_is_named() {
        let other = Plan { version: "0.0.1".into(), ..plan() };
        assert_eq!(read(&sealed(&other)), Err(PlanFileError::Version("0.0.1".into())));
        let bare = Plan { desired: None, ..plan() };
        assert_eq!(read(&sealed(&bare)), Err(PlanFileError::WithoutBodies));
    }

    #[test]
    fn blueprints_are_left_to_their_own_reader() {
        for (text, is_json) in [
            ("version: 1\nname: x\n", false),
            ("{version: 1, name: x}", false),
            (r#"{"version": 1, "name": "x"}"#, true),
            ("[]", false),
            ("", false),
            ("{a: b", false),
        ] {
            assert_eq!(unseal(text.as_bytes(), is_json), Ok(None), "{text}");
        }
    }
}
