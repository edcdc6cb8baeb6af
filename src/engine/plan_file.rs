//! Plans as files: sealed by a digest over every byte, so that what is carried out is what was shown.

use std::io::{self, BufWriter, Write};

use serde::Serialize;
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

/// Where the JSON of a plan or a snapshot ends, which has members.
const LAST: &[u8] = b"\n}";

/// Writes a plan file, or a snapshot, of which `json` writes the JSON as it is printed; the SHA-256 of the file, in hexadecimal.
///
/// # Errors
/// Those of `json` and of `out`.
pub fn seal_to(out: &mut dyn Write, json: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<String> {
    let mut sealed = Sealed { out, digest: Sha256::new(), last: Vec::new() };
    json(&mut sealed)?;
    sealed.end()
}

/// The text of such a file.
pub fn seal(json: &str) -> String {
    let mut text = Vec::new();
    // Memory takes every text.
    let _ = seal_to(&mut text, |out| out.write_all(json.trim_end().as_bytes()));
    String::from_utf8(text).unwrap_or_default()
}

/// The SHA-256 of some bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(Sha256::new_with_prefix(bytes))
}

/// That of a value's JSON, which is never in memory as a whole.
pub(super) fn sha256_of(value: &impl Serialize) -> io::Result<String> {
    struct Digested(Sha256);
    impl Write for Digested {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.update(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut out = BufWriter::with_capacity(1 << 16, Digested(Sha256::new()));
    serde_json::to_writer(&mut out, value)?;
    let digested = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok(hexadecimal(digested.0))
}

fn hexadecimal(digest: Sha256) -> String {
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A file that is written up to its seal.
struct Sealed<'a> {
    out: &'a mut dyn Write,
    /// Of all that was written on.
    digest: Sha256,
    /// What may be the end of the JSON, in whose place the seal comes.
    last: Vec<u8>,
}

impl Write for Sealed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.last.extend_from_slice(bytes);
        let ready = self.last.len().saturating_sub(LAST.len());
        self.pass(ready)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Sealed<'_> {
    /// Writes on the first bytes of those that were kept back.
    fn pass(&mut self, count: usize) -> io::Result<()> {
        self.digest.update(&self.last[..count]);
        self.out.write_all(&self.last[..count])?;
        self.last.drain(..count);
        Ok(())
    }

    fn end(mut self) -> io::Result<String> {
        if self.last != LAST {
            self.pass(self.last.len())?;
        }
        let seal = format!("{SEAL}{}{END}", hexadecimal(self.digest.clone()));
        self.last = seal.into_bytes();
        self.pass(self.last.len())?;
        self.out.flush()?;
        Ok(hexadecimal(self.digest))
    }
}

/// Reads a plan file; nothing where it seems to be a blueprint, of which `is_json` says whether its name ends in `.json`.
///
/// # Errors
/// When it is JSON, or was, and no plan that can be carried out.
pub fn unseal(text: &[u8], is_json: bool) -> Result<Option<Plan>, PlanFileError> {
    if begins_as_plan(text)
        && is_sealed(text)
        && let Ok(plan) = serde_json::from_slice::<Plan>(text)
        && plan.format == Plan::FORMAT
    {
        return of_this_version(plan).map(Some);
    }
    // What is wrong with it is found in what it says.
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
    let plan = serde_json::from_value(json).map_err(|error| PlanFileError::Unreadable(error.to_string()))?;
    of_this_version(plan)
}

fn of_this_version(plan: Plan) -> Result<Plan, PlanFileError> {
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
    fn a_file_that_is_written_in_pieces_is_the_same() {
        let json = "{\n  \"a\": \"b\"\n}";
        let expected = "{\n  \"a\": \"b\",\n  \"digest\": \"";
        for size in 1..=json.len() {
            let mut text = Vec::new();
            let in_pieces =
                |out: &mut dyn Write| json.as_bytes().chunks(size).try_for_each(|piece| out.write_all(piece));
            let digest = seal_to(&mut text, in_pieces).unwrap();
            assert_eq!(digest, sha256(&text));
            let text = String::from_utf8(text).unwrap();
            assert_eq!(text, seal(json));
            assert!(text.starts_with(expected) && text.ends_with("\"\n}\n") && is_sealed(text.as_bytes()), "{text}");
        }
        let nothing = sha256_of(&Value::Null).unwrap();
        assert_eq!(nothing, sha256(b"null"));
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
