use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::files::{Access, ensure_writable, write_all};
use super::super::foreign;
use super::super::global::{self, BLUEPRINT};
use super::super::interrupt;
use super::super::next;
use super::super::progress::Reading;
use super::super::session::{Session, mistakes};
use crate::facts::Facts;
use crate::import::foreign::Format;
use crate::import::{Base, ImportError, Imported, Options, import};
use crate::model::{Address, DEFAULT_ACCESS_ROLE, Part};
use crate::report::{import_json, import_markdown, import_text, printable};
use crate::sections::{SCHEMA_FILE, schema_text, with_schema_line};

mod into;

/// The report beside the blueprint.
const REPORT: &str = "import.md";

/// What is new, beside the blueprint that it is to be added to.
const PATCH: &str = "import.patch";

/// Write the blueprint of an existing organization
///
/// Reads the whole organization, writes what a blueprint can declare, reads the organization again and checks that a plan
/// changes nothing. What is left out is listed in import.md with the reason and what to do. Nothing is written to AWS. Exits
/// with 5 where something is left out that a blueprint cannot declare or that AWS did not return, with 6 where planning the
/// blueprint would change something. With `--into`, proposes what a blueprint does not have yet as a patch.
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// The blueprint to write; its other files go beside it
    #[arg(long, value_name = "FILE", default_value = BLUEPRINT)]
    out: PathBuf,
    /// The blueprint that what is new is to be added to: writes import.patch beside it, and leaves it as it is
    #[arg(long, value_name = "FILE", conflicts_with_all = ["out", "name", "source", "access_role", "from"])]
    into: Option<PathBuf>,
    /// The blueprint's name, which what it manages is tagged with
    #[arg(long, default_value = "landing-zone")]
    name: String,
    /// Only these parts
    #[arg(long, value_parser = part(), value_delimiter = ',', value_name = "PART")]
    only: Vec<Part>,
    /// Only this unit, by its path, and what is in it
    #[arg(long, value_name = "UNIT")]
    ou: Option<String>,
    /// What accounts are set to by themselves as well: enters every account
    #[arg(long)]
    settings: bool,
    /// Stack sets and stacks as well: enters every account; adopting one tags everything that it makes
    #[arg(long)]
    stacks: bool,
    /// Regions in which settings and stacks of accounts are looked at [default: the home region]
    #[arg(long, value_delimiter = ',', value_name = "REGION")]
    regions: Vec<String>,
    /// Write who has a permission set account by account
    #[arg(long)]
    no_fold: bool,
    /// Where people and groups come from
    #[arg(long, value_enum, default_value_t)]
    source: PeopleFrom,
    /// The role by which member accounts are entered
    #[arg(long, value_name = "NAME", default_value = DEFAULT_ACCESS_ROLE)]
    access_role: String,
    /// The tool that the organization was made with, of whose FILES names, comments and differences are taken
    #[arg(long, value_enum, value_name = "TOOL", requires = "files")]
    from: Option<Tool>,
    /// The tool's files, or the folder that they are in
    #[arg(value_name = "FILES", requires = "from")]
    files: Vec<PathBuf>,
    /// Replace files that are there
    #[arg(long)]
    overwrite: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum PeopleFrom {
    /// Identity Center's own directory
    #[default]
    Directory,
    /// Another identity provider
    External,
}

/// A tool whose files are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Tool {
    /// AWS Organization Formation: organization.yml or task files
    OrgFormation,
    /// Landing Zone Accelerator on AWS: the folder of its configuration
    Lza,
    /// Customizations for AWS Control Tower: manifest.yaml
    Cfct,
    /// Terraform or OpenTofu: `terraform show -json`, or a raw state of version 4
    Terraform,
}

impl Tool {
    fn format(self) -> Format {
        match self {
            Tool::OrgFormation => Format::OrgFormation,
            Tool::Lza => Format::Lza,
            Tool::Cfct => Format::Cfct,
            Tool::Terraform => Format::Terraform,
        }
    }
}

/// The parts by their names.
fn part() -> impl TypedValueParser<Value = Part> {
    let names = PossibleValuesParser::new(Part::ALL.map(Part::name));
    names.try_map(|name| Part::ALL.into_iter().find(|part| part.name() == name).ok_or("no such part"))
}

pub(in super::super) async fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let format = session.global.format;
    if arguments.into.is_none() && arguments.out.file_name().is_some_and(|name| name == REPORT) {
        return Err(Failure::new(format!("--out {REPORT}: this is the name of the import's report"))
            .help("call the blueprint's file otherwise: `landing import --out FOLDER/landing.yaml`")
            .exit(Exit::USAGE));
    }
    refuse_taken(std::slice::from_ref(&arguments.first()), arguments)?;
    ensure_writable(&arguments.first()).map_err(|failure| unwritable(failure, arguments))?;
    let into = arguments.into.as_ref().map(|path| into::base(path, session)).transpose()?;
    let settings = into.as_ref().map(|base| base.declared.desired.settings.clone()).unwrap_or_default();
    let cloud = session.global.connect(&settings).await?;
    let foreign = arguments.from.map(|tool| foreign::read(tool.format(), &arguments.files)).transpose()?;
    let options = Options { foreign, into, ..options(arguments, &cloud.region) };
    let mut facts = Facts::default();
    let mut reading = Reading::begin(session.out, &cloud);
    // From here on nothing ends the program while files are written.
    let mut stop = interrupt::listen(|| {})?;
    let imported = tokio::select! {
        imported = import(&cloud, &mut facts, &options) => imported,
        Ok(_) = stop.wait_for(|stop| *stop) => {
            return Err(Failure::new("interrupted: nothing was written").exit(Exit::INTERRUPTED));
        }
    };
    reading.end();
    let mut imported = imported.map_err(|error| failure(error, session))?;
    imported.proof.plan.api_calls = cloud.meter.calls();
    let written = write(&imported, options.into.as_ref(), arguments)?;
    show(&imported, &written, format, arguments, session)?;
    Ok(exit(&imported))
}

fn options(arguments: &Arguments, region: &str) -> Options {
    let mut parts: BTreeSet<Part> = match arguments.only.as_slice() {
        [] => Part::ALL.into_iter().filter(|part| !matches!(part, Part::Settings | Part::Stacks)).collect(),
        only => only.iter().copied().collect(),
    };
    parts.extend(arguments.settings.then_some(Part::Settings));
    parts.extend(arguments.stacks.then_some(Part::Stacks));
    let unit = arguments.ou.as_ref().map(|path| {
        Some(Address::parse(path)).filter(Address::is_unit).unwrap_or_else(|| Address::unit(path.split('/')))
    });
    Options {
        main: match &arguments.into {
            Some(blueprint) => into::free_name(blueprint),
            None => {
                arguments.out.file_name().map_or_else(|| BLUEPRINT.into(), |name| name.to_string_lossy().into_owned())
            }
        },
        name: arguments.name.clone(),
        home_region: region.to_owned(),
        access_role: arguments.access_role.clone(),
        parts,
        unit,
        regions: arguments.regions.clone(),
        external: arguments.source == PeopleFrom::External,
        folds: !arguments.no_fold,
        foreign: None,
        into: None,
    }
}

fn failure(error: ImportError, session: &Session) -> Failure {
    match error {
        ImportError::Plan(error) => error.into(),
        ImportError::NoOrganization => Failure::new("the caller's account is in no organization")
            .help("call it with credentials of an organization's management account; `landing init` begins a new organization"),
        ImportError::NoUnit(unit) => Failure::new(format!("the organization has no unit {unit}"))
            .help("write its path from the root, such as --ou Workloads/Dev; `landing graph --live --format mermaid` shows all"),
        ImportError::NotIncluded(file) => {
            Failure::new(format!("the blueprint's `include` is not written line by line, so that {file} cannot be added to it"))
                .help("write `include:` with one `- FILE` a line below it; then import again")
        }
        ImportError::Refused(failed) => {
            session.show_diagnostics(&failed);
            let mistakes = mistakes(failed.diagnostics.errors());
            Failure::new(format!("what was found cannot be written as a blueprint: {mistakes}"))
                .help("change what is shown above, or import without that part, with `--only`")
        }
    }
}

impl Arguments {
    /// The file that a reader begins with.
    fn first(&self) -> PathBuf {
        self.into.as_ref().map_or_else(|| self.out.clone(), |blueprint| folder_of(blueprint).join(PATCH))
    }
}

/// The folder that a file is in.
fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

/// Writes every file or none, the first one last.
fn write(imported: &Imported, into: Option<&Base>, arguments: &Arguments) -> Result<Vec<String>, Failure> {
    if imported.has_nothing_new() {
        return Ok(Vec::new());
    }
    let first = arguments.first();
    let folder = folder_of(&first);
    let report = import_markdown(imported);
    let patch = into.zip(arguments.into.as_ref()).filter(|_| !imported.files.is_empty());
    let patch = patch.map(|(base, blueprint)| into::patch(imported, base, blueprint));
    let mut files: Vec<(PathBuf, Cow<'_, str>)> = match &patch {
        Some(patch) => vec![(first.clone(), patch.into())],
        // Beside a blueprint nothing is written but the patch.
        None => blueprint_files(imported, &first, arguments.overwrite),
    };
    files.push((folder.join(REPORT), report.into()));
    files.sort_by_key(|(path, _)| *path == first);
    let mut paths: Vec<PathBuf> = files.iter().map(|(path, _)| path.clone()).collect();
    refuse_taken(&paths, arguments)?;
    let files: Vec<(PathBuf, &str)> = files.iter().map(|(path, text)| (path.clone(), text.as_ref())).collect();
    write_all(&files, Access::Usual).map_err(|failure| unwritable(failure, arguments))?;
    // The first file is named first.
    paths.sort_by_key(|path| *path != first);
    Ok(paths.into_iter().map(|path| path.to_string_lossy().into_owned()).collect())
}

/// The files of a blueprint of its own, of which the first leads editors to the schema. A schema that is there stays.
fn blueprint_files<'i>(imported: &'i Imported, first: &Path, overwrites: bool) -> Vec<(PathBuf, Cow<'i, str>)> {
    let folder = folder_of(first);
    let written = imported.files.iter().map(|(path, text)| match folder.join(path) {
        path if path == first => (path, with_schema_line(text).into()),
        path => (path, Cow::from(text)),
    });
    let schema = Some(folder.join(SCHEMA_FILE)).filter(|path| overwrites || !path.exists());
    written.chain(schema.map(|path| (path, schema_text().into()))).collect()
}

/// Says what to do where files cannot be written. What is added to a blueprint is written beside it.
fn unwritable(failure: Failure, arguments: &Arguments) -> Failure {
    failure.help(match arguments.into {
        Some(_) => "make room in the blueprint's folder, and let it be written to",
        None => "write elsewhere, or make room there: `landing import --out FOLDER/landing.yaml`",
    })
}

fn refuse_taken(paths: &[PathBuf], arguments: &Arguments) -> Result<(), Failure> {
    match paths.iter().find(|path| path.exists()).filter(|_| !arguments.overwrite) {
        Some(taken) => {
            Err(Failure::new(format!("{} exists already; nothing was written", taken.display())).help(match arguments
                .into
            {
                Some(_) => "delete it, or replace it: `--overwrite`",
                None => "write elsewhere: `landing import --out FOLDER/landing.yaml`; or replace it: `--overwrite`",
            }))
        }
        None => Ok(()),
    }
}

fn show(
    imported: &Imported,
    written: &[String],
    format: global::Format,
    arguments: &Arguments,
    session: &Session,
) -> Result<(), Failure> {
    match format {
        global::Format::Json => session.out.json(&import_json(imported)),
        global::Format::Markdown => session.out.result(&printable(&import_markdown(imported))),
        _ => {
            let first = arguments.first();
            let next = match arguments.into {
                Some(_) if imported.files.is_empty() => {
                    next::command("plan", arguments.into.as_deref(), &session.global)
                }
                Some(_) => into::apply(&first),
                None => next::command("plan", Some(&first), &session.global),
            };
            let report = folder_of(&first).join(REPORT);
            session.out.result(&import_text(imported, written, &report.to_string_lossy(), session.out.layout(), &next))
        }
    }
}

fn exit(imported: &Imported) -> Exit {
    match () {
        () if !imported.proof.holds() => Exit::UNPROVEN,
        () if imported.summary.gaps().next().is_some() => Exit::LEFT_OUT,
        () => Exit::DONE,
    }
}
