use clap::Args;
use landing_blueprint::did_you_mean;

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::global::Format;
use super::super::session::Session;
use crate::report::{guardrail_json, guardrail_markdown, guardrail_text, guardrails_text};
use crate::sections::guardrail_example;
use crate::template::{Guardrail, Rendered, guardrail, guardrails};

/// List the guardrails, or explain one
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// The guardrail, or the set or level that is listed
    id: Option<String>,
}

pub(in super::super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let format = session.global.format;
    let named = arguments.id.as_deref();
    if let Some(one) = named.and_then(guardrail) {
        match format {
            Format::Json => session.out.json(&guardrail_json(one))?,
            Format::Markdown => session.out.result(&guardrail_markdown(one, &example(one)?))?,
            _ => session.out.result(&guardrail_text(one, &example(one)?, session.out.layout().width))?,
        }
        return Ok(Exit::DONE);
    }
    let is_listed = |it: &&Guardrail| named.is_none_or(|name| it.is_in(name));
    let listed: Vec<_> = guardrails().iter().filter(is_listed).collect();
    if let Some(name) = named.filter(|_| listed.is_empty()) {
        return Err(unknown(name));
    }
    match format {
        Format::Json => session.out.json(&listed.iter().map(|one| guardrail_json(one)).collect::<Vec<_>>())?,
        Format::Markdown => {
            let page = |one: &&Guardrail| Ok::<_, Failure>(guardrail_markdown(one, &example(one)?));
            session.out.result(&listed.iter().map(page).collect::<Result<String, _>>()?)?;
        }
        _ => session.out.result(&guardrails_text(&listed, session.out.layout().width))?,
    }
    Ok(Exit::DONE)
}

fn example(guardrail: &Guardrail) -> Result<Rendered, Failure> {
    guardrail_example(guardrail).map_err(|error| Failure::new(format!("guardrail {}: {}", guardrail.id, error.message)))
}

fn unknown(name: &str) -> Failure {
    let near = did_you_mean(name, guardrails().iter().flat_map(Guardrail::names));
    let help =
        near.map_or_else(|| "`landing guardrails` lists them".to_owned(), |near| format!("did you mean `{near}`?"));
    Failure::new(format!("no guardrail, set or level is called `{name}`")).help(help).exit(Exit::USAGE)
}
