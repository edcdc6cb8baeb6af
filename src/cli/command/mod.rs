//! One file per command. A new one has a `mod` line, a variant and an arm here.

mod accounts;
mod apply;
mod completions;
mod doctor;
mod drift;
mod explain;
mod graph;
mod guardrails;
mod history;
mod import;
mod init;
mod lint;
mod man;
mod permissions;
mod plan;
mod render;
mod replay;
mod sandbox;
mod schema;
mod simulate;
mod snapshot;
mod validate;
mod why;

use clap::Subcommand;

use super::exit::Exit;
use super::failure::Failure;
use super::session::Session;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Init(init::Arguments),
    Validate(validate::Arguments),
    Plan(plan::Arguments),
    Apply(apply::Arguments),
    Drift(drift::Arguments),
    Import(import::Arguments),
    Render(render::Arguments),
    Simulate(simulate::Arguments),
    Why(why::Arguments),
    Replay(replay::Arguments),
    Lint(lint::Arguments),
    Guardrails(guardrails::Arguments),
    Explain(explain::Arguments),
    Graph(graph::Arguments),
    Snapshot(snapshot::Arguments),
    Accounts(accounts::Arguments),
    Permissions(permissions::Arguments),
    Doctor(doctor::Arguments),
    History(history::Arguments),
    Sandbox(sandbox::Arguments),
    Schema(schema::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

/// Does what one command says. `program` describes the whole command line.
pub(super) async fn execute(
    command: Command,
    program: fn() -> clap::Command,
    session: &Session,
) -> Result<Exit, Failure> {
    match command {
        Command::Init(arguments) => init::run(&arguments, session),
        Command::Validate(arguments) => validate::run(&arguments, session),
        Command::Plan(arguments) => plan::run(&arguments, session).await,
        Command::Apply(arguments) => apply::run(arguments, session).await,
        Command::Drift(arguments) => drift::run(&arguments, session).await,
        Command::Import(arguments) => import::run(&arguments, session).await,
        Command::Render(arguments) => render::run(&arguments, session),
        Command::Replay(arguments) => replay::run(&arguments, session).await,
        Command::Guardrails(arguments) => guardrails::run(&arguments, session),
        Command::Explain(arguments) => explain::run(&arguments, session).await,
        Command::Graph(arguments) => graph::run(&arguments, session).await,
        Command::Snapshot(arguments) => snapshot::run(&arguments, session).await,
        Command::Lint(arguments) => lint::run(&arguments, session),
        Command::Simulate(arguments) => simulate::run(&arguments, session).await,
        Command::Accounts(arguments) => accounts::run(&arguments, session).await,
        Command::Why(arguments) => why::run(&arguments, session).await,
        Command::Permissions(arguments) => permissions::run(&arguments, session),
        Command::History(arguments) => history::run(&arguments, session).await,
        Command::Doctor(arguments) => doctor::run(&arguments, session).await,
        Command::Sandbox(arguments) => sandbox::run(&arguments, session).await,
        Command::Schema(arguments) => schema::run(&arguments, session),
        Command::Completions(arguments) => completions::run(&arguments, program(), session),
        Command::Man(arguments) => man::run(&arguments, program(), session),
    }
}
