use super::exit::Exit;
use super::logs::UnreadableLog;
use super::walk::Unreadable;
use crate::cloud::AwsError;
use crate::engine::PlanError;
use crate::model::Refusal;

/// Why a command could not do its work, what to do about it, and how the program ends.
#[derive(Debug)]
pub(super) struct Failure {
    pub exit: Exit,
    pub message: String,
    pub help: Option<String>,
}

impl Failure {
    /// An error without help.
    pub fn new(message: impl Into<String>) -> Failure {
        Failure { exit: Exit::ERROR, message: message.into(), help: None }
    }

    pub fn help(mut self, help: impl Into<String>) -> Failure {
        self.help = Some(help.into());
        self
    }

    pub fn exit(mut self, exit: Exit) -> Failure {
        self.exit = exit;
        self
    }
}

impl From<AwsError> for Failure {
    fn from(error: AwsError) -> Failure {
        let help = error.help();
        Failure { exit: Exit::ERROR, message: error.to_string(), help }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Failure {
        Failure::new(refusal.message).help(refusal.help).exit(Exit::REFUSED)
    }
}

/// Why there is no plan.
impl From<PlanError> for Failure {
    fn from(error: PlanError) -> Failure {
        match error {
            PlanError::Aws(error) => error.into(),
            PlanError::Refused(refusal) => refusal.into(),
        }
    }
}

impl From<crate::sandbox::Error> for Failure {
    fn from(error: crate::sandbox::Error) -> Failure {
        Failure::new(error.to_string()).help("`landing sandbox reset` begins with an empty one")
    }
}

impl From<Unreadable> for Failure {
    fn from(error: Unreadable) -> Failure {
        Failure::new(error.to_string())
    }
}

impl From<UnreadableLog> for Failure {
    fn from(error: UnreadableLog) -> Failure {
        Failure { exit: Exit::ERROR, message: error.message, help: error.help }
    }
}
