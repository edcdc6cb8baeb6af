mod limits;

use std::sync::LazyLock;

use handlebars::template::{HelperTemplate, TemplateElement};
use handlebars::{Context, Handlebars, RenderContext, RenderError, Renderable, Template};
use landing_cloudformation::Unreadable;
use serde_json::{Map, Value};

use super::{helpers, json};

/// Every value goes in as JSON, so that none can break the document.
static HANDLEBARS: LazyLock<Handlebars<'static>> = LazyLock::new(|| {
    let mut handlebars = Handlebars::new();
    handlebars.set_strict_mode(true);
    handlebars.register_escape_fn(|text| json::inline(&Value::from(text)));
    helpers::register(&mut handlebars);
    handlebars
});

/// Renders a Handlebars template with these values.
///
/// `{{name}}` writes a text in quotation marks, `{{json name}}` any value as JSON; both are YAML too, on one line.
/// Beside Handlebars' own helpers there are `concat`, `includes`, `is_at`, `json_text`, `logical_id`, `range` and `subnet`.
///
/// # Errors
/// Text that is no template, a value that is used and not given, a helper that refuses what it is given, and
/// `{{{name}}}`, which would write a value as it is.
pub fn render(text: &str, values: &Map<String, Value>) -> Result<String, Unreadable> {
    limits::check_nesting(text)?;
    let template = Template::compile(text).map_err(|error| {
        let (line, column) = error.pos().unwrap_or_default();
        Unreadable { line, column, message: error.reason().to_string() }
    })?;
    if let Some((line, column)) = raw_value(&template) {
        let message = "`{{{…}}}` would write a value as it is: write `{{json …}}`".to_owned();
        return Err(Unreadable { line, column, message });
    }
    limits::check(&template, values)?;
    let context = Context::wraps(values).map_err(unreadable)?;
    let mut out = limits::Limited::default();
    template.render(&HANDLEBARS, &context, &mut RenderContext::new(None), &mut out).map_err(unreadable)?;
    Ok(out.into_text())
}

fn unreadable(error: RenderError) -> Unreadable {
    Unreadable {
        line: error.line_no.unwrap_or_default(),
        column: error.column_no.unwrap_or_default(),
        message: error.reason().to_string(),
    }
}

/// Where a value is written as it is, if anywhere.
fn raw_value(template: &Template) -> Option<(usize, usize)> {
    template.elements.iter().zip(&template.mapping).find_map(|(element, place)| match element {
        TemplateElement::HtmlExpression(_) => Some((place.0, place.1)),
        TemplateElement::HelperBlock(block) => inside(block).find_map(raw_value),
        TemplateElement::DecoratorBlock(block) | TemplateElement::PartialBlock(block) => {
            block.template.iter().find_map(raw_value)
        }
        _ => None,
    })
}

fn inside(block: &HelperTemplate) -> impl Iterator<Item = &Template> {
    block.template.iter().chain(&block.inverse)
}

#[cfg(test)]
mod tests;
