use std::fs;
use std::path::Path;

use super::exit::Exit;
use super::failure::Failure;
use super::session::Session;
use crate::engine::{PlanFileError, sha256, unseal};
use crate::model::{Address, BlueprintId, Desired, Plan};
use crate::sections::Declared;

/// What a plan is made from: a blueprint, or a plan that was saved.
pub(super) struct Source {
    pub desired: Desired,
    pub blueprint: BlueprintId,
    pub saved: Option<Plan>,
    /// The addresses that a saved plan is limited to.
    pub targets: Vec<Address>,
}

impl Source {
    /// No blueprint, for looking at the organization as it is.
    pub fn nothing() -> Source {
        Source { desired: Desired::default(), blueprint: BlueprintId::default(), saved: None, targets: Vec::new() }
    }

    /// Reads a plan file whose SHA-256 is known from elsewhere: anyone who may edit the file can write its digest anew.
    ///
    /// # Errors
    /// As for [`Source::read`], and when the file is another one.
    pub fn expected(path: &Path, expected: &str) -> Result<Source, Failure> {
        let is_digest = expected.len() == 64 && expected.bytes().all(|byte| byte.is_ascii_hexdigit());
        let usage = |message: String| {
            let failure = Failure::new(message).exit(Exit::USAGE);
            failure.help("`landing plan --out FILE` prints the SHA-256 of the file that it writes")
        };
        if !is_digest {
            return Err(usage(format!("--expect-sha256 {expected} is not 64 hexadecimal digits")));
        }
        let text = fs::read(path)
            .map_err(|error| Failure::new(format!("the plan file {} cannot be read: {error}", path.display())))?;
        let found = sha256(&text);
        if !found.eq_ignore_ascii_case(expected) {
            let message = format!("{} is not the expected plan file: its SHA-256 is {found}", path.display());
            return Err(Failure::new(message)
                .help("read the plan anew: `landing plan --out FILE` prints the SHA-256 of the file that it writes")
                .exit(Exit::REFUSED));
        }
        let blueprint = || usage(format!("--expect-sha256 is for plan files; {} is a blueprint", path.display()));
        saved_plan(path, &text)?.map(Source::saved).ok_or_else(blueprint)
    }

    /// Reads either. A plan file is known by its JSON; all else is a blueprint.
    ///
    /// # Errors
    /// When it has mistakes, or is a plan that this version cannot do.
    pub fn read(path: &Path, session: &Session) -> Result<Source, Failure> {
        // What cannot be read is explained as a blueprint that cannot be read.
        let saved = fs::read(path).ok().map(|text| saved_plan(path, &text)).transpose()?.flatten();
        if let Some(saved) = saved {
            return Ok(Source::saved(saved));
        }
        Ok(Source::of(&session.declare(path)?))
    }

    /// What a blueprint that was read wants.
    pub fn of(declared: &Declared) -> Source {
        let (desired, blueprint) = (declared.desired.clone(), declared.blueprint.clone());
        Source { desired, blueprint, saved: None, targets: Vec::new() }
    }

    fn saved(saved: Plan) -> Source {
        Source {
            // A plan file without it is refused.
            desired: saved.desired.clone().unwrap_or_default(),
            blueprint: saved.blueprint.clone(),
            targets: saved.targets.clone(),
            saved: Some(saved),
        }
    }
}

/// A saved plan for an organization that is another one by now.
pub(super) fn stale(differences: &[String]) -> Failure {
    let differences = differences.join("; ");
    Failure::new(format!("the organization changed since the plan was made: {differences}"))
        .help("plan again and read the new plan: `landing plan --out FILE`")
        .exit(Exit::REFUSED)
}

fn saved_plan(path: &Path, text: &[u8]) -> Result<Option<Plan>, Failure> {
    let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    unseal(text, is_json).map_err(|error| unreadable(&path.display().to_string(), &error))
}

/// What is wrong with a file that is no plan, and what to do.
fn unreadable(file: &str, error: &PlanFileError) -> Failure {
    const AGAIN: &str = "plan again: `landing plan --out FILE`";
    let refused = |message: String| Failure::new(message).help(AGAIN).exit(Exit::REFUSED);
    match error {
        PlanFileError::Truncated { line, column } => {
            Failure::new(format!("{file} is truncated: its JSON ends at line {line}, column {column}, in the middle"))
                .help("copy the plan file whole, or plan again: `landing plan --out FILE`")
        }
        PlanFileError::NotJson { line, column, why } => {
            Failure::new(format!("{file} is neither a plan nor JSON: {why} at line {line}, column {column}"))
                .help(AGAIN)
        }
        PlanFileError::NotAPlan(what) => {
            Failure::new(format!("{file} is neither a plan nor a blueprint: it holds {what}"))
                .help("name a blueprint, or a file that `landing plan --out FILE` wrote")
        }
        PlanFileError::Format(format) => {
            Failure::new(format!("{file} is no plan: its format is `{format}`, not `{}`", Plan::FORMAT)).help(AGAIN)
        }
        PlanFileError::WithoutBodies => Failure::new(format!("{file} is a plan without the bodies of its resources"))
            .help("save the plan with `landing plan --out FILE`: --format json leaves them out"),
        PlanFileError::Edited => {
            refused(format!("the plan file was edited: {file} does not have the digest that it names"))
        }
        PlanFileError::Version(version) => {
            let this = env!("CARGO_PKG_VERSION");
            refused(format!("{file} was made by landing {version}; this is {this}, which may plan otherwise"))
        }
        PlanFileError::Unreadable(why) => {
            Failure::new(format!("{file} is no plan that this version can read: {why}")).help(AGAIN)
        }
    }
}
