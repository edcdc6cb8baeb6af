//! Templates of strangers end: what they write, how deep they nest and how often they repeat is limited.

use std::io;

use handlebars::template::{HelperTemplate, Parameter, TemplateElement};
use handlebars::{Output, Template};
use landing_cloudformation::Unreadable;
use serde_json::{Map, Value};

use crate::template::helpers::LONGEST_RANGE;

/// The most text that a template may become, in bytes: CloudFormation takes 1 MB.
const MAX_OUTPUT: usize = 4 << 20;
/// How deep blocks and parentheses may be nested.
const MAX_NESTING: usize = 32;
/// How often the innermost of nested `{{#each}}` blocks may be written.
const MAX_REPEATS: usize = 20_000_000;

/// A text that does not become larger than [`MAX_OUTPUT`].
#[derive(Default)]
pub(super) struct Limited {
    text: String,
}

impl Limited {
    pub(super) fn into_text(self) -> String {
        self.text
    }
}

impl Output for Limited {
    fn write(&mut self, more: &str) -> Result<(), io::Error> {
        if self.text.len() + more.len() > MAX_OUTPUT {
            let megabytes = MAX_OUTPUT >> 20;
            return Err(io::Error::other(format!("the template becomes larger than {megabytes} MB")));
        }
        self.text.push_str(more);
        Ok(())
    }
}

/// Whether blocks and parentheses nest so little that reading the template does not exhaust the stack.
pub(super) fn check_nesting(text: &str) -> Result<(), Unreadable> {
    let (mut blocks, mut parentheses) = (0_usize, 0_usize);
    for (at, part) in text.split("{{").enumerate().skip(1) {
        let inside = part.trim_start_matches(['{', '~', ' ']);
        match inside.chars().next() {
            Some('#') => blocks += 1,
            Some('/') => blocks = blocks.saturating_sub(1),
            _ => {}
        }
        let expression = part.split("}}").next().unwrap_or(part);
        let mut open = 0_usize;
        for c in expression.chars() {
            match c {
                '(' => open += 1,
                ')' => open = open.saturating_sub(1),
                _ => {}
            }
            parentheses = parentheses.max(open);
        }
        if blocks > MAX_NESTING || parentheses > MAX_NESTING {
            let line = text.split("{{").take(at).map(|before| before.matches('\n').count()).sum::<usize>() + 1;
            let message = format!("blocks and parentheses are nested deeper than {MAX_NESTING}");
            return Err(Unreadable { line, column: 0, message });
        }
    }
    Ok(())
}

/// Whether rendering ends soon: partials do not contain partials, and nested repetitions of the longest list come to no
/// more than [`MAX_REPEATS`].
pub(super) fn check(template: &Template, values: &Map<String, Value>) -> Result<(), Unreadable> {
    let refuse = |message: String| Unreadable { line: 0, column: 0, message };
    if contains_partial_in_partial(template, false) {
        return Err(refuse("an inline partial includes another: write it out".to_owned()));
    }
    let longest = values.values().map(longest).max().unwrap_or(0).max(usize::try_from(LONGEST_RANGE).unwrap_or(0));
    let depth = u32::try_from(repetitions(template)).unwrap_or(u32::MAX);
    let repeats = longest.checked_pow(depth);
    match repeats.filter(|repeats| *repeats <= MAX_REPEATS) {
        Some(_) => Ok(()),
        None => Err(refuse(format!(
            "{depth} `each` blocks in one another, over lists of up to {longest} items, take too long"
        ))),
    }
}

/// The length of the longest list or map in a value.
fn longest(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(longest).max().unwrap_or(0).max(items.len()),
        Value::Object(map) => map.values().map(longest).max().unwrap_or(0).max(map.len()),
        _ => 0,
    }
}

/// How deep `each` blocks are nested, partials' own on top.
fn repetitions(template: &Template) -> usize {
    let of_elements = template.elements.iter().map(|element| match element {
        TemplateElement::HelperBlock(block) => {
            let inside = blocks(block).map(repetitions).max().unwrap_or(0);
            usize::from(matches!(&block.name, Parameter::Name(name) if name == "each")) + inside
        }
        TemplateElement::DecoratorBlock(block) | TemplateElement::PartialBlock(block) => {
            block.template.as_ref().map_or(0, repetitions)
        }
        _ => 0,
    });
    let is_inline = |element: &&TemplateElement| matches!(element, TemplateElement::DecoratorBlock(_));
    let inline = template.elements.iter().filter(is_inline).map(|element| match element {
        TemplateElement::DecoratorBlock(block) => block.template.as_ref().map_or(0, repetitions),
        _ => 0,
    });
    of_elements.max().unwrap_or(0) + inline.max().unwrap_or(0)
}

fn contains_partial_in_partial(template: &Template, within: bool) -> bool {
    template.elements.iter().any(|element| match element {
        TemplateElement::PartialExpression(_) => within,
        TemplateElement::PartialBlock(block) => {
            within || block.template.as_ref().is_some_and(|inner| contains_partial_in_partial(inner, true))
        }
        TemplateElement::DecoratorBlock(block) => {
            within || block.template.as_ref().is_some_and(|inner| contains_partial_in_partial(inner, true))
        }
        TemplateElement::HelperBlock(block) => blocks(block).any(|inner| contains_partial_in_partial(inner, within)),
        _ => false,
    })
}

fn blocks(block: &HelperTemplate) -> impl Iterator<Item = &Template> {
    block.template.iter().chain(&block.inverse)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use serde_json::{Map, Value, json};

    use crate::template::render;

    fn refused(text: &str, values: Value) -> String {
        let begun = Instant::now();
        let values: Map<String, Value> = values.as_object().cloned().unwrap_or_default();
        let message = render(text, &values).map(|text| text.len()).expect_err(text).message;
        assert!(begun.elapsed() < Duration::from_secs(20), "it took {:?}", begun.elapsed());
        message
    }

    #[test]
    fn a_template_of_a_stranger_ends() {
        let many: Vec<usize> = (0..10_000).collect();
        for (text, values, reported) in [
            ("{{#each (range 1 18446744073709551615)}}x{{/each}}".to_owned(), json!({}), "more than 256 numbers"),
            ("{{#each (range 1 256)}}{{#each (range 1 256)}}{{#each (range 1 256)}}{{#each (range 1 256)}}{{/each}}{{/each}}{{/each}}{{/each}}".to_owned(), json!({}), "take too long"),
            ("{{#each l}}{{#each ../l}}{{/each}}{{/each}}".to_owned(), json!({"l": many}), "take too long"),
            ("{{#*inline \"a\"}}{{> a}}{{/inline}}{{> a}}".to_owned(), json!({}), "includes another"),
            ("{{#*inline \"a\"}}{{> b}}{{/inline}}{{#*inline \"b\"}}{{> a}}{{/inline}}{{> a}}".to_owned(), json!({}), "includes another"),
            ("{{#if true}}".repeat(100_000), json!({}), "nested deeper than 32"),
            (format!("{{{{#if {}true{}}}}}{{{{/if}}}}", "(".repeat(50_000), ")".repeat(50_000)), json!({}), "nested deeper than 32"),
            ("{{#each (range 1 256)}}{{#each (range 1 256)}}{{json @root.t}}{{/each}}{{/each}}".to_owned(), json!({"t": "x".repeat(1000)}), "larger than 4 MB"),
        ] {
            let message = refused(&text, values);
            assert!(message.contains(reported), "{message}");
        }
    }

    #[test]
    fn ordinary_repetitions_are_rendered() {
        let values = json!({"l": [1, 2]}).as_object().cloned().unwrap_or_default();
        let text =
            "{{#*inline \"p\"}}{{#each l}}x{{/each}}{{/inline}}{{#each l}}{{#each ../l}}y{{/each}}{{/each}}{{> p}}";
        assert_eq!(render(text, &values).as_deref(), Ok("yyyyxx"));
    }
}
