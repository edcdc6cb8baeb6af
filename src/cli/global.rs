use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Args, ValueEnum};
use landing_policy::{REGIONS_DATE, look_up_region, may_be_newer_region};
use landing_sandbox::Faults;

use crate::model::Date;

/// Where the sandbox keeps its state by default.
pub(super) const SANDBOX_STATE: &str = ".landing/sandbox.json";
/// The blueprint by default.
pub(super) const BLUEPRINT: &str = "landing.yaml";

/// What holds for every command, before or after its name.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Global {
    /// Use a simulated AWS, kept in a file, instead of AWS [default: .landing/sandbox.json]
    #[arg(
        long,
        global = true,
        value_name = "STATE.json",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = SANDBOX_STATE,
        help_heading = SIMULATED
    )]
    pub sandbox: Option<PathBuf>,
    /// Milliseconds that every simulated call takes
    #[arg(long, global = true, value_name = "N", help_heading = SIMULATED)]
    pub latency_ms: Option<u64>,
    /// Throttle simulated calls as AWS does
    #[arg(long, global = true, value_enum, help_heading = SIMULATED)]
    pub limits: Option<SimulatedLimits>,
    /// Show changes in the simulated AWS late: as late as AWS does, or within seconds
    #[arg(long, global = true, value_enum, help_heading = SIMULATED)]
    pub lags: Option<SimulatedLags>,
    /// Fail a share of the simulated calls, the same ones for the same seed
    #[arg(long, global = true, value_name = "SEED:RATE", help_heading = SIMULATED)]
    pub faults: Option<Faults>,
    /// Cut the simulated network off at the N-th call
    #[arg(long, global = true, value_name = "N", help_heading = SIMULATED)]
    pub cut_after: Option<u64>,

    /// Folder below which a blueprint may read files [default: the blueprint's own folder]
    #[arg(long, global = true, value_name = "DIR", help_heading = BLUEPRINTS)]
    pub root: Option<PathBuf>,
    /// Day that each `until` is compared with [default: today, in UTC]
    #[arg(long, global = true, value_name = "DATE", value_parser = date, help_heading = BLUEPRINTS)]
    pub today: Option<Date>,

    /// Profile of the AWS CLI's configuration files
    #[arg(long, global = true, value_name = "NAME", help_heading = AWS)]
    pub profile: Option<String>,
    /// Region instead of the blueprint's home region; the lease and the records of a blueprint stay there
    #[arg(long, global = true, value_name = "REGION", value_parser = region, help_heading = AWS)]
    pub region: Option<String>,
    /// Endpoint for all calls, such as that of an emulator
    #[arg(long, global = true, value_name = "URL", value_parser = url, help_heading = AWS)]
    pub endpoint_url: Option<String>,

    /// How to report
    #[arg(long, global = true, value_enum, default_value_t, help_heading = OUTPUT)]
    pub format: Format,
    /// When to use colors; NO_COLOR is respected
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN", help_heading = OUTPUT)]
    pub color: Color,
    /// Never show long results in a pager ($LANDING_PAGER, $PAGER, less)
    #[arg(long, global = true, help_heading = OUTPUT)]
    pub no_pager: bool,
    /// Print only results and errors
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = OUTPUT)]
    pub quiet: bool,
    /// Print everything, long lists included
    #[arg(short, long, global = true, help_heading = OUTPUT)]
    pub verbose: bool,
}

impl Global {
    /// The day that ends are held against.
    pub fn today(&self) -> Date {
        self.today.unwrap_or_else(|| Date::from_unix_days(unix_days(SystemTime::now())))
    }
}

impl Global {
    /// Which AWS is used, where that is not AWS itself.
    pub fn other_aws(&self) -> Option<String> {
        let simulated = self.simulated().map(|state| format!("simulated AWS, {}", state.display()));
        simulated.or_else(|| self.endpoint_url.as_ref().map(|url| format!("endpoint {url}")))
    }
}

/// A clock before 1970 is not set.
fn unix_days(now: SystemTime) -> u64 {
    now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() / (24 * 60 * 60))
}

fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "write year, month and day, such as 2027-03-01".to_owned())
}

/// A URL that requests can go to.
fn url(text: &str) -> Result<String, String> {
    let rest = ["http://", "https://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    if !host.is_empty() && !host.starts_with(':') && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(text.to_owned())
    } else {
        Err("write a URL with its scheme and host, such as http://localhost:4566".to_owned())
    }
}

/// A region that AWS has, or may have since this program was built.
fn region(code: &str) -> Result<String, String> {
    let lookup = look_up_region(code);
    if lookup.is_found() || may_be_newer_region(code) {
        return Ok(code.to_owned());
    }
    let help = lookup.question().unwrap_or_else(|| "write its code, such as eu-west-1".to_owned());
    Err(format!("no region is called so, as of {REGIONS_DATE}: {help}"))
}

/// Headings of options in help.
pub(super) const SIMULATED: &str = "Simulated AWS";
pub(super) const BLUEPRINTS: &str = "Blueprint";
pub(super) const AWS: &str = "AWS";
pub(super) const OUTPUT: &str = "Output";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SimulatedLimits {
    Aws,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum SimulatedLags {
    Aws,
    Short,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    #[default]
    Text,
    Json,
    Markdown,
    /// Findings, for code hosts
    Sarif,
    /// A picture
    Svg,
    /// A page that can be searched, offline
    Html,
    /// A diagram for Markdown
    Mermaid,
    /// A graph for Graphviz
    Dot,
    /// A table, for spreadsheets
    Csv,
    /// Variables with account ids, for shells and CI
    Env,
    /// Profiles for the AWS CLI
    AwsConfig,
    /// Account ids for Cloud Posse's Terraform components
    AccountMap,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}
