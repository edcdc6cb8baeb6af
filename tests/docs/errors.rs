//! `docs/reference/errors.md`, written from the tables in `errors/tables.rs` and AWS's reasons in the program; every code of the program is in them.

mod tables;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;

use regex_lite::Regex;
use snapbox::{Data, assert_data_eq};

use super::{files_below, repository};
use tables::{MISTAKES, REFUSALS};

const HEAD: &str = "# Errors and what to do

This page is written by `tests/docs/errors.rs`; a test compares its codes with the program. Every message has a `help:` line beside it, which knows
more than this page: the account, the policy, the line. [Troubleshooting](../troubleshooting.md) begins with what you see instead.

A code is in brackets, as in `refused[lock-out]` or `error[unknown-key]`, and in the JSON of plans and findings. Codes do not change between versions.
";

const OF_REFUSALS: &str = "
## Refusals of a plan

A plan that a guard refuses prints itself, the refusal and what to do, and exits with 3. Nothing is written.

| code | the plan would | what to do |
|---|---|---|
";

const OF_MISTAKES: &str = "
## Mistakes in a blueprint

`landing validate`, and every command that reads the blueprint, reports all of them at once, each with its line; exit code 1. Those marked *warning* do
not stop a plan.

| code | means |
|---|---|
";

const OF_AWS: &str = "
## Reasons that AWS gives

AWS Organizations answers `ConstraintViolationException` and its like with a reason that its message does not name. landing prints the reason and

| reason | what to do |
|---|---|
";

const TAIL: &str = "
## Other errors of AWS

Every failed call is printed with AWS's error code, the account, the operation and the request id. What landing retries by itself: throttling (with growing
pauses), answers that were lost, `ConcurrentModificationException` (10 minutes at most), and what a new account or a new role refuses until AWS knows it.

| error | what to do |
|---|---|
| `ExpiredToken`, `TokenRefreshRequired` | sign in again, then run the same command again; what was done stays done |
| `InvalidClientTokenId`, `UnrecognizedClientException` | check the profile and keys; temporary ones need AWS_SESSION_TOKEN |
| `SignatureDoesNotMatch`, `RequestExpired`, `RequestTimeTooSkewed` | the secret is not that of the access key, or this machine's clock is wrong |
| `AccessDenied`, `AccessDeniedException` | allow the action that the message names for the caller; [`landing permissions`](../start/aws.md#permissions) prints them all. If a policy of the organization denies it, [`landing why`](../guides/why.md) names the statement |
| the answer was lost | the change may have been made; run the same command again: it looks, and continues |
| no connection, or an answer that is not AWS's | check the network, the proxy (HTTPS_PROXY, NO_PROXY), the region and `--endpoint-url`; `landing doctor` tries each service |

Findings of `landing lint` have a [page of their own](lint.md), and so have [exit codes](exit-codes.md).
";

#[test]
fn the_page_of_errors_says_what_the_tables_say() {
    let page = Data::read_from(&repository().join("docs/reference/errors.md"), None).raw();
    assert_data_eq!(page_text(), page);
}

#[test]
fn every_code_of_the_program_is_explained_and_no_other() {
    let refusals: BTreeSet<String> = REFUSALS.iter().map(|(code, _, _)| (*code).to_owned()).collect();
    let mistakes: BTreeSet<String> = MISTAKES.iter().map(|(code, _)| (*code).to_owned()).collect();
    assert_eq!(refusals, codes(&[r#"\bcode: "([a-z-]+)"\.into\(\)"#, r#"\brefusal\(\s*"([a-z-]+)""#]));
    assert_eq!(mistakes, codes(&[r#"\b(?:mistake|Diagnostic::(?:error|warning))\(\s*"([a-z-]+)""#]));
}

/// What the patterns find in the program, its own tests left out.
fn codes(patterns: &[&str]) -> BTreeSet<String> {
    let patterns: Vec<Regex> = patterns.iter().map(|it| Regex::new(it).expect("a valid pattern")).collect();
    let texts = ["src", "crates/blueprint/src"].into_iter().flat_map(sources).collect::<Vec<_>>();
    let found = texts.iter().flat_map(|text| patterns.iter().flat_map(|pattern| pattern.captures_iter(text)));
    found.map(|found| found[1].to_owned()).collect()
}

fn sources(folder: &str) -> Vec<String> {
    let files = files_below(&repository().join(folder)).into_iter();
    let own = files.filter(|path| !path.iter().any(|part| part == "tests" || part == "tests.rs"));
    let texts = own.map(|path| fs::read_to_string(path).expect("a source is UTF-8 text"));
    texts.map(|text| text.split("#[cfg(test)]").next().unwrap_or_default().to_owned()).collect()
}

fn page_text() -> String {
    let mut text = HEAD.to_owned() + OF_REFUSALS;
    for (code, what, remedy) in REFUSALS {
        let _ = writeln!(text, "| `{code}` | {what} | {remedy} |");
    }
    text += OF_MISTAKES;
    for (code, what) in MISTAKES {
        let _ = writeln!(text, "| `{code}` | {what} |");
    }
    text += OF_AWS;
    for (reasons, remedy) in reasons() {
        let _ = writeln!(text, "| {reasons} | {remedy} |");
    }
    text + TAIL
}

/// The arms of `src/cloud/constraint.rs`: AWS's reasons, and what the program says to do.
fn reasons() -> Vec<(String, String)> {
    let source = fs::read_to_string(repository().join("src/cloud/constraint.rs")).expect("a source is UTF-8 text");
    let arm = Regex::new(r#"((?:\|?\s*"[A-Z_]+"\s*)+)=>\s*\{?\s*"((?:[^"\\]|\\.|\\\n)*)""#).expect("a valid pattern");
    let found: Vec<(String, String)> =
        arm.captures_iter(&source).map(|arm| (reason(&arm[1]), sentence(&arm[2]))).collect();
    assert!(found.len() > 20, "only {} reasons were found in src/cloud/constraint.rs", found.len());
    found
}

fn reason(arm: &str) -> String {
    let names = arm.split('"').filter(|part| part.starts_with(|c: char| c.is_ascii_uppercase()));
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// A literal of the source as the program prints it.
fn sentence(literal: &str) -> String {
    literal.split("\\\n").map(str::trim_start).collect::<String>().replace("\\\"", "\"")
}
