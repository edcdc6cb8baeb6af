//! moto, a simulation of AWS that was written by others.

use super::python::Environment;
use super::server::Server;

/// moto as PyPI has it.
pub fn stock(environment: &Environment) -> Server {
    Server::start("moto", environment.program("moto_server").args(["-H", "127.0.0.1", "-p", "0"]))
}
