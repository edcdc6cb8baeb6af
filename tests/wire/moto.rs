//! moto, a simulation of AWS that was written by others.

use std::path::Path;

use super::python::Environment;
use super::server::{Server, free_port};
use super::tools::Tools;

/// moto as PyPI has it.
pub fn stock(environment: &Environment) -> Server {
    // What the HTTP library under moto prints once it listens.
    Server::start("moto", "Running on ", environment.program("moto_server").args(["-H", "127.0.0.1", "-p", "0"]))
}

/// moto made to refuse what AWS refuses, by one of the measuring tools.
pub fn strict(tools: &Tools) -> Server {
    let port = free_port();
    let mut command = tools.environment.program("python");
    command.arg(tools.folder.join("start_moto.py")).args(["--port", &port.to_string()]);
    Server::start_at(port, "strict-moto", &mut command)
}

/// The same with a record of every request that it understands, a line of JSON each.
pub fn recording(tools: &Tools, record: &Path) -> Server {
    let port = free_port();
    let mut command = tools.environment.script("moto_organization.py");
    command.arg(tools.folder.join("start_moto.py")).args(["--port", &port.to_string()]);
    command.env("MOTO_ENABLE_RECORDING", "1").env("MOTO_RECORDER_FILEPATH", record);
    Server::start_at(port, "recording-moto", &mut command)
}

/// moto with tags of permission sets, which stock moto cannot distinguish.
pub fn with_identity(environment: &Environment) -> Server {
    Server::start("moto", "Running on ", &mut environment.script("moto_identity.py"))
}

/// moto with what its CloudFormation does not make of templates, though moto has it.
pub fn with_stacks(environment: &Environment) -> Server {
    Server::start("moto", "Running on ", &mut environment.script("moto_stacks.py"))
}
