use std::path::PathBuf;

use clap::Args;

use super::super::against::Against;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::files::{Access, write_whole};
use super::super::global::{BLUEPRINT, Format};
use super::super::policies::inventory;
use super::super::session::Session;
use super::super::source::Source;
use crate::engine::declared;
use crate::model::Inventory;
use crate::report::{Picture, View, graph_dot, graph_html, graph_mermaid, graph_svg, printable};

/// Draw OUs, accounts, policies and access
///
/// Shows the organization as the plan for the blueprint leaves it, with what is new marked; with --live as it is, with
/// --offline as the blueprint declares it. Without --format, the ending of the --out file decides, else it is an SVG.
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// The blueprint, or a plan that `landing plan --out` saved
    #[arg(default_value = BLUEPRINT, value_name = "BLUEPRINT|PLAN-FILE")]
    what: PathBuf,
    /// The organization as it is, without a blueprint; --region says where its stack sets and Identity Center are
    #[arg(long, conflicts_with = "offline")]
    live: bool,
    /// The blueprint alone, without AWS
    #[arg(long)]
    offline: bool,
    /// Write the picture to this file
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    against: Against,
}

pub(in super::super) async fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let draw = drawn_as(arguments, session)?;
    let (inventory, title, view) = look(arguments, session).await?;
    let text = draw(&Picture::of(&inventory, &title, view));
    match &arguments.out {
        Some(file) => {
            write_whole(file, &printable(&text), Access::Usual)?;
            session.out.say(&format!("wrote {}\n", file.display()));
        }
        None => session.out.result(&text)?,
    }
    Ok(Exit::DONE)
}

/// The format by its name, else by that of the file.
fn drawn_as(arguments: &Arguments, session: &Session) -> Result<fn(&Picture) -> String, Failure> {
    let by_file = || match arguments.out.as_ref()?.extension()?.to_str()? {
        "html" => Some(Format::Html),
        "mmd" | "mermaid" => Some(Format::Mermaid),
        "dot" | "gv" => Some(Format::Dot),
        _ => None,
    };
    let format = match session.global.format {
        Format::Text => by_file().unwrap_or(Format::Svg),
        _ => session.global.format,
    };
    if arguments.out.is_none() && matches!(format, Format::Svg | Format::Html) && session.out.is_terminal() {
        return Err(Failure::new("a terminal cannot show this picture")
            .help("--out FILE.svg, --out FILE.html, or --format mermaid; or send it to a program or a file")
            .exit(Exit::USAGE));
    }
    Ok(match format {
        Format::Html => graph_html,
        Format::Mermaid => graph_mermaid,
        Format::Dot => graph_dot,
        _ => graph_svg,
    })
}

async fn look(arguments: &Arguments, session: &Session) -> Result<(Inventory, String, View), Failure> {
    if arguments.live {
        return Ok((inventory(&Source::nothing(), &arguments.against, session).await?, String::new(), View::Found));
    }
    let source = Source::read(&arguments.what, session)?;
    let title = source.blueprint.name.clone();
    if arguments.offline {
        return Ok((declared(&source.desired), title, View::Declared));
    }
    Ok((inventory(&source, &arguments.against, session).await?, title, View::Planned))
}
