//! The measuring tools that may lie beside the repository, in ../shared/tools: organizations as files, loaded into moto and read
//! back.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::landing::file;
use super::python::{self, Environment};
use super::server::Server;

pub struct Tools {
    pub environment: &'static Environment,
    pub folder: PathBuf,
}

impl Tools {
    /// `None` where there are none, or the user asked to leave these tests out.
    pub fn find() -> Option<Tools> {
        let environment = python::environment()?;
        let folder = file("../shared/tools");
        if folder.join("start_moto.py").exists() {
            return Some(Tools { environment, folder });
        }
        eprintln!("skipped: there are no measuring tools in {}", folder.display());
        None
    }

    /// A random organization of these sizes, the same each time.
    pub fn generate(&self, sizes: &str) -> Value {
        let mut generate = self.environment.program("python");
        python::json(generate.arg(self.folder.join("gen_org.py")).args(sizes.split(' ')))
    }

    /// Loads the organization of a file.
    pub fn load(&self, moto: &Server, organization: &Path) {
        let mut load = self.environment.program("python");
        load.arg(self.folder.join("load_org.py")).args(["--endpoint", &moto.url, "--org"]).arg(organization);
        python::json(&mut load);
    }

    /// Everything that boto3 reads of the organization, in one order.
    pub fn dump(&self, moto: &Server) -> Value {
        let mut dump = self.environment.program("python");
        python::json(dump.arg(self.folder.join("dump_org.py")).args(["--endpoint", &moto.url]))
    }
}
