//! `docs/reference/guardrails`, a page for each guardrail of the catalogue, written from the catalogue itself.

use std::collections::BTreeSet;
use std::fmt::Write;

use landing::report::guardrail_markdown;
use landing::sections::guardrail_example;
use landing::template::{Guidance, guardrails};
use snapbox::{Data, assert_data_eq};

use super::{files_below, repository};

const HEAD: &str = "# Guardrails

These pages are written by `tests/docs/guardrails.rs` from the files in `templates/guardrails`: change those instead.
`landing guardrails` lists them too, and explains one. A blueprint enables them under [`guardrails`](../../blueprint/guardrails.md), at its top for the
whole organization or on a unit or an account: by name or alias, by set or by level. One of your own is a file of the same form
([Write a guardrail](../../guides/write-a-guardrail.md)).

- **Preventive** guardrails deny requests, as policies.
- **Detective** guardrails find resources that break a rule, as rules of AWS Config.
- **Proactive** guardrails, as hooks, refuse a resource that a stack is about to create and say what to change, before a policy would stop half of the
  stack. They do not see what is created otherwise than by CloudFormation. They ask AWS's own proactive controls, which need no Control Tower: any
  of them can be a guardrail, `hook: {controls: [CT.S3.PR.1]}`.

A guardrail has a `version`. A change of what it renders raises it and says under `changes` what is new and why, as in
`changes: {2: queues are deleted too}`: the plan says so where an older version is deployed.
";

#[test]
fn every_guardrail_has_a_page_that_says_what_it_is() {
    for guardrail in guardrails() {
        let path = repository().join(format!("docs/reference/guardrails/{}.md", guardrail.id));
        let example = guardrail_example(guardrail).expect("every guardrail is rendered");
        assert_data_eq!(guardrail_markdown(guardrail, &example), Data::read_from(&path, None).raw());
    }
}

#[test]
fn the_list_of_guardrails_has_all_of_them() {
    assert_data_eq!(list(), Data::read_from(&repository().join("docs/reference/guardrails/index.md"), None).raw());
}

#[test]
fn there_is_no_page_of_a_guardrail_that_is_gone() {
    let pages = files_below(&repository().join("docs/reference/guardrails"));
    let named = |path: &std::path::PathBuf| path.file_stem().map(|name| name.to_string_lossy().into_owned());
    let pages: BTreeSet<String> = pages.iter().filter_map(named).filter(|name| name != "index").collect();
    assert_eq!(pages, guardrails().iter().map(|guardrail| guardrail.id.clone()).collect());
}

fn list() -> String {
    let mut text = HEAD.to_owned();
    for level in [Guidance::Mandatory, Guidance::StronglyRecommended, Guidance::Elective] {
        let _ = write!(
            text,
            "\n## {level}\n\n| guardrail | requirement | behavior | rendered as | sets |\n|---|---|---|---|---|\n"
        );
        for guardrail in guardrails().iter().filter(|guardrail| guardrail.guidance == level) {
            let (id, title) = (&guardrail.id, &guardrail.title);
            let (behaviour, means, sets) = (guardrail.behaviour, guardrail.means(), guardrail.sets.join(", "));
            let _ = writeln!(text, "| [{id}]({id}.md) | {title} | {behaviour} | {means} | {sets} |");
        }
    }
    text
}
