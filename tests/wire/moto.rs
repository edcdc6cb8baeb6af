//! moto, a simulation of AWS that was written by others.

use std::path::Path;

use super::python::Environment;
use super::server::{Server, free_port};

/// moto as PyPI has it.
pub fn stock(environment: &Environment) -> Server {
    // What the HTTP library under moto prints once it listens.
    Server::start("moto", "Running on ", environment.program("moto_server").args(["-H", "127.0.0.1", "-p", "0"]))
}

/// moto made to refuse what AWS refuses, by one of the measuring tools.
pub fn strict(environment: &Environment, tools: &Path) -> Server {
    let port = free_port();
    let mut command = environment.program("python");
    Server::start_at(port, "strict-moto", command.arg(tools.join("start_moto.py")).args(["--port", &port.to_string()]))
}

/// moto with tags of permission sets, which stock moto cannot tell.
pub fn with_identity(environment: &Environment) -> Server {
    Server::start("moto", "Running on ", &mut environment.script("moto_identity.py"))
}

/// moto with what its CloudFormation does not make of templates, though moto has it.
pub fn with_stacks(environment: &Environment) -> Server {
    Server::start("moto", "Running on ", &mut environment.script("moto_stacks.py"))
}
