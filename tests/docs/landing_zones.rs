//! `docs/reference/built-in-blueprints.md` and its pictures, made from the built-in blueprints themselves.

use std::collections::BTreeSet;
use std::fmt::Write;

use landing::engine::declared;
use landing::model::{Inventory, TAG_GUARDRAIL, body_tags};
use landing::report::{Picture, View, graph_svg};
use landing::sections::builtin::{self, Builtin};
use landing::sections::declare_text;
use landing::template::guardrail;
use snapbox::data::DataFormat;
use snapbox::{Data, assert_data_eq};

use super::repository;

const HEAD: &str = "# Built-in blueprints

This page and its pictures are made by `tests/docs/landing_zones.rs` from the files in `blueprints`: change those instead.
[Keys of a blueprint](blueprint.md) and [Guardrails](guardrails/index.md) are pages of their own. `landing init`
writes one of them, and `landing graph` draws any blueprint, an organization as it is, and as a plan
changes it:

```console
$ landing init my-zone --from startup
$ landing graph my-zone/landing.yaml --offline --out picture.svg
```
";

/// What follows a heading `stacks` is listed one by one.
const STACKS: &str = "stacks:";

#[test]
fn every_built_in_blueprint_has_a_picture() {
    for builtin in builtin::list() {
        let file = repository().join(format!("docs/reference/blueprints/{}.svg", builtin.name));
        assert_data_eq!(picture(builtin), Data::read_from(&file, Some(DataFormat::Text)).raw());
    }
}

#[test]
fn the_page_says_what_the_blueprints_say_of_themselves() {
    let sections: String = builtin::list().iter().map(section).collect();
    assert_data_eq!(
        HEAD.to_owned() + &sections,
        Data::read_from(&repository().join("docs/reference/built-in-blueprints.md"), None).raw()
    );
}

fn picture(builtin: &Builtin) -> String {
    graph_svg(&Picture::of(&inventory(builtin), builtin.name, View::Declared))
}

fn inventory(builtin: &Builtin) -> Inventory {
    let says = declare_text("landing.yaml", text(builtin)).expect("built-in blueprints have no mistakes");
    declared(&says.desired)
}

/// Those of the catalogue that it enables somewhere, by the tags of policies and stacks.
fn guardrails(builtin: &Builtin) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for item in inventory(builtin).items.values() {
        let tags = body_tags(&item.body).into_keys();
        names.extend(tags.filter_map(|key| Some(key.strip_prefix(TAG_GUARDRAIL)?.to_owned())));
    }
    names.into_iter().filter(|name| guardrail(name).is_some()).collect()
}

fn text(builtin: &Builtin) -> &'static str {
    builtin.files[0].1
}

fn section(builtin: &Builtin) -> String {
    let Builtin { name, summary, .. } = builtin;
    let text = text(builtin);
    let (head, _) = text.split_once("\nversion:").expect("a blueprint has a version");
    let mut section = format!("\n## {name}\n\n{}\n", about(head));
    write!(section, "\n![{name}: {summary}](blueprints/{name}.svg)\n").expect("a text takes everything");
    let stacks = stacks(text);
    if !stacks.is_empty() {
        section += "\nIn its accounts it sets up:\n\n";
        stacks.iter().for_each(|stack| section += &format!("- {stack}\n"));
    }
    let guardrails = guardrails(builtin);
    if !guardrails.is_empty() {
        let links: Vec<String> = guardrails.iter().map(|id| format!("[{id}](guardrails/{id}.md)")).collect();
        section += &format!("\nIts guardrails: {}.\n", links.join(", "));
    }
    section
        + &format!("\n[The blueprint](https://github.com/_OWNER_/landing/blob/main/blueprints/{name}/landing.yaml)\n")
}

/// The comment that a blueprint begins with, up to what is to be done with it.
fn about(head: &str) -> String {
    let lines = head.lines().map(|line| line.trim_start_matches('#').trim());
    let lines: Vec<&str> = lines.take_while(|line| !line.starts_with("Change ")).collect();
    let about = lines.join(" ");
    // What is to be changed may begin in the middle of a line.
    about.split(" Change ").next().unwrap_or_default().to_owned()
}

/// The comments on their own lines among the stacks, each with the lines that follow it.
fn stacks(text: &str) -> Vec<String> {
    let of_stacks = text.lines().skip_while(|line| *line != STACKS).skip(1);
    let of_stacks = of_stacks.take_while(|line| line.is_empty() || line.starts_with(' '));
    let mut comments: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in of_stacks {
        let comment = line.trim_start().strip_prefix("# ");
        match (comment, comments.last_mut()) {
            (Some(more), Some(last)) if goes_on => *last += &format!(" {more}"),
            (Some(comment), _) => comments.push(comment.to_owned()),
            (None, _) => {}
        }
        goes_on = comment.is_some();
    }
    comments
}
