use landing_blueprint::did_you_mean;

use super::credentials;
use super::exit::Exit;
use super::global::Global;
use super::logs::UnreadableLog;
use super::walk::Unreadable;
use crate::cloud::{AwsError, Cause};
use crate::engine::{PlanError, Unmatched};
use crate::model::Refusal;

/// Why a command could not do its work, what to do about it, and how the program ends.
#[derive(Debug)]
pub(super) struct Failure {
    pub exit: Exit,
    pub message: String,
    pub help: Option<String>,
    /// The SDK's words for why there are no credentials, where that is the reason.
    pub unsigned: Option<String>,
}

impl Failure {
    /// An error without help.
    pub fn new(message: impl Into<String>) -> Failure {
        Failure { exit: Exit::ERROR, message: message.into(), help: None, unsigned: None }
    }

    /// A failed call to AWS.
    pub fn of_call(error: &AwsError) -> Failure {
        let unsigned = (error.cause == Cause::NoCredentials).then(|| error.message.clone());
        Failure { help: error.help(), unsigned, ..Failure::new(error.to_string()) }
    }

    /// Targets that match nothing.
    pub fn of_targets(unmatched: &[Unmatched]) -> Failure {
        let names: Vec<String> = unmatched.iter().map(|it| format!("`{}`", it.target)).collect();
        let meant: Vec<String> = unmatched.iter().filter_map(meant).collect();
        let help = "write an address as the plan does, such as `ou/Workloads`; `landing plan --format json` lists them";
        Failure::new(format!(
            "--target matches nothing in the blueprint and nothing of landing's: {}",
            names.join(", ")
        ))
        .help(if meant.is_empty() { help.to_owned() } else { meant.join("; ") })
        .exit(Exit::USAGE)
    }

    pub fn help(mut self, help: impl Into<String>) -> Failure {
        self.help = Some(help.into());
        self
    }

    /// As the user knows their credentials: by the profile. With the SDK's words where everything is wanted.
    pub fn about_credentials(self, global: &Global) -> Failure {
        let Some(words) = &self.unsigned else { return self.naming_profile(global) };
        let (message, help) = credentials::explained(words, global);
        let message = if global.verbose { format!("{message} ({words})") } else { message };
        Failure { message, help: Some(help), ..self }
    }

    /// The sign-in that the help names is that of the profile.
    fn naming_profile(mut self, global: &Global) -> Failure {
        let login = credentials::login(credentials::profile(global).as_deref());
        self.help = self.help.map(|help| help.replace("`aws sso login`", &format!("`{login}`")));
        self
    }

    pub fn exit(mut self, exit: Exit) -> Failure {
        self.exit = exit;
        self
    }
}

/// What a target that matches nothing may have been meant to be: an address with its last name, or one that is spelled alike.
fn meant(unmatched: &Unmatched) -> Option<String> {
    let target = &unmatched.target;
    // What hangs on it has the same last name.
    let known = unmatched.known.iter().filter(|known| known.split_target().is_none());
    let same_name = known.filter(|known| known.name().eq_ignore_ascii_case(&target.name()));
    let mut meant: Vec<&str> = same_name.map(|known| known.as_str()).take(3).collect();
    if meant.is_empty() {
        meant.extend(did_you_mean(target.as_str(), unmatched.known.iter().map(|known| known.as_str())));
    }
    (!meant.is_empty()).then(|| format!("instead of `{target}`, did you mean `{}`?", meant.join("` or `")))
}

impl From<AwsError> for Failure {
    fn from(error: AwsError) -> Failure {
        let failure = Failure::of_call(&error);
        let doctor = |help: String| format!("{help}; `landing doctor` tries each service");
        match error.cause {
            Cause::Unreachable => Failure { help: failure.help.map(doctor), ..failure },
            _ => failure,
        }
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
            PlanError::Unmatched(unmatched) => Failure::of_targets(&unmatched),
        }
    }
}

impl From<landing_sandbox::Error> for Failure {
    fn from(error: landing_sandbox::Error) -> Failure {
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
        Failure { help: error.help, ..Failure::new(error.message) }
    }
}
