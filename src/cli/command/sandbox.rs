use std::net::Ipv4Addr;
use std::path::Path;

use clap::{Args, Subcommand};
use tokio::net::TcpListener;

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::global::SANDBOX_STATE;
use super::super::interrupt;
use super::super::session::Session;
use crate::report::{Line, Paint};

/// Serve, show or reset the simulated AWS
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer the AWS CLI, boto3 and others over HTTP, on this machine only
    Serve {
        /// The port; 0 takes a free one
        #[arg(long, default_value_t = 4599)]
        port: u16,
    },
    /// Delete its state
    Reset,
    /// Print its state as JSON
    Show,
}

pub(in super::super) async fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let state = session.global.sandbox.clone().unwrap_or_else(|| SANDBOX_STATE.into());
    match arguments.command {
        Command::Serve { port } => serve(&state, port, session).await,
        Command::Reset => reset(&state, session),
        Command::Show => {
            if !state.exists() {
                return Err(Failure::new(format!("there is no sandbox in {}", state.display()))
                    .help("`landing plan --sandbox` creates one"));
            }
            session.out.json(&session.global.open_sandbox(&state)?.snapshot())?;
            Ok(Exit::DONE)
        }
    }
}

async fn serve(state: &Path, port: u16, session: &Session) -> Result<Exit, Failure> {
    let sandbox = session.global.open_sandbox(state)?;
    let failed = |error: std::io::Error| {
        Failure::new(format!("port {port} cannot be listened on: {error}")).help("take another one with --port")
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let mut stop = interrupt::listen(|| {})?;
    let variables = [
        format!("export AWS_ENDPOINT_URL=http://{address}"),
        "export AWS_ACCESS_KEY_ID=sandbox AWS_SECRET_ACCESS_KEY=sandbox AWS_REGION=us-east-1".into(),
    ];
    session.out.result(&(variables.join("\n") + "\n"))?;
    let line = Line::of(Paint::Good, format!("A simulated AWS, kept in {}, answers at ", state.display()))
        .with(Paint::Link, format!("http://{address}"))
        .plain(". Stop it with Ctrl-C.");
    session.out.say(&(line.to_ansi() + "\n"));
    sandbox
        .serve(listener, async {
            // The sender lives as long as the program.
            let _ = stop.wait_for(|stop| *stop).await;
        })
        .await?;
    Ok(Exit::DONE)
}

fn reset(state: &Path, session: &Session) -> Result<Exit, Failure> {
    let text =
        if landing_sandbox::delete(state)? { "The sandbox is empty now" } else { "The sandbox was empty already" };
    session.out.result(&format!("{text}: {}\n", state.display()))?;
    Ok(Exit::DONE)
}
