use std::path::PathBuf;

use clap::Args;

use super::super::against::{Against, Looking};
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::global::{BLUEPRINT, Format};
use super::super::output::json_text;
use super::super::progress::Reading;
use super::super::session::Session;
use super::super::source::Source;
use crate::engine::look_at_accounts;
use crate::model::{Access, AccountListing, Desired};
use crate::report::{
    SignIn, accounts_csv, accounts_env, accounts_json, accounts_map, accounts_markdown, accounts_profiles,
    accounts_text, clean, start_url,
};

/// Print the accounts as JSON, CSV, variables or AWS profiles
///
/// Accounts have the names of the blueprint where there is one, else AWS's. `--format aws-config` writes a profile of IAM
/// Identity Center for each account and each permission set that is assigned there.
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// The blueprint [default: landing.yaml, where there is one]
    blueprint: Option<PathBuf>,
    /// Address of the AWS access portal, for aws-config [default: that of Identity Center's directory]
    #[arg(long, value_name = "URL", value_parser = url)]
    start_url: Option<String>,
    /// Only profiles for this permission set; repeat for more
    #[arg(long, value_name = "NAME")]
    permission_set: Vec<String>,
    /// Only profiles for what this group has; repeat for more
    #[arg(long, value_name = "NAME")]
    group: Vec<String>,
    #[command(flatten)]
    against: Against,
}

pub(in super::super) async fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let format = session.global.format;
    let with_profiles = format == Format::AwsConfig;
    let flags = arguments.start_url.is_some() || !arguments.permission_set.is_empty() || !arguments.group.is_empty();
    if flags && !with_profiles {
        return Err(Failure::new("--start-url, --permission-set and --group are for profiles")
            .help("add --format aws-config")
            .exit(Exit::USAGE));
    }
    let desired = desired(arguments, session)?;
    let Looking { cloud, mut facts } = arguments.against.look(&session.global, &desired.settings).await?;
    let mut reading = Reading::begin(session.out, &cloud);
    let listing = look_at_accounts(&cloud, &mut facts, &desired, with_profiles).await;
    reading.end();
    let listing = listing?;
    say_missing(&listing, session);
    let home_region = Some(&desired.settings.home_region).filter(|region| !region.is_empty()).unwrap_or(&cloud.region);
    session.out.data(&match format {
        Format::Json => json_text(&accounts_json(&listing))?,
        Format::Csv => accounts_csv(&listing),
        Format::Env => accounts_env(&listing),
        Format::AccountMap => json_text(&accounts_map(&listing))?,
        Format::AwsConfig => profiles(&listing, arguments, home_region)?,
        Format::Markdown => accounts_markdown(&listing),
        _ => return session.out.result(&accounts_text(&listing)).map(|()| Exit::DONE),
    })?;
    Ok(Exit::DONE)
}

fn desired(arguments: &Arguments, session: &Session) -> Result<Desired, Failure> {
    let usual = || Some(PathBuf::from(BLUEPRINT)).filter(|usual| usual.exists());
    match arguments.blueprint.clone().or_else(usual) {
        Some(path) => Ok(session.declare(&path)?.desired),
        None => Ok(Source::nothing().desired),
    }
}

fn say_missing(listing: &AccountListing, session: &Session) {
    let names: Vec<String> = listing.missing.iter().map(|key| clean(key)).collect();
    if !names.is_empty() {
        session.out.say(&format!("Not made yet: {}\n", names.join(", ")));
    }
}

fn profiles(listing: &AccountListing, arguments: &Arguments, home_region: &str) -> Result<String, Failure> {
    let Some(portal) = &listing.portal else {
        return Err(Failure::new(
            "IAM Identity Center is not enabled for the organization, so there are no profiles to write",
        )
        .help("use another --format; `landing plan` says how to enable it where a blueprint needs it"));
    };
    let region = portal.region.as_deref().unwrap_or(home_region);
    let url = arguments.start_url.clone().or_else(|| start_url(portal, region));
    let url = url.ok_or_else(|| {
        Failure::new(format!("the address of the access portal is not known in {}", clean(region)))
            .help("give it: --start-url URL")
            .exit(Exit::USAGE)
    })?;
    let access = chosen(&listing.access, arguments)?;
    Ok(accounts_profiles(listing, &access, SignIn { start_url: &url, region, home_region }))
}

/// What the filters leave. A name that nothing has is a mistake.
fn chosen(access: &[Access], arguments: &Arguments) -> Result<Vec<Access>, Failure> {
    let unknown = |what: &str, name: &str| {
        Failure::new(format!("no assignment has the {what} `{}`", clean(name)))
            .help("`landing accounts --format aws-config` without it shows all profiles")
            .exit(Exit::USAGE)
    };
    for name in &arguments.permission_set {
        if !access.iter().any(|it| it.permission_set == *name) {
            return Err(unknown("permission set", name));
        }
    }
    for name in &arguments.group {
        if !access.iter().any(|it| it.groups.contains(name)) {
            return Err(unknown("group", name));
        }
    }
    let (sets, groups) = (&arguments.permission_set, &arguments.group);
    let is_of_set = |it: &&Access| sets.is_empty() || sets.contains(&it.permission_set);
    let is_of_group = |it: &&Access| groups.is_empty() || it.groups.iter().any(|group| groups.contains(group));
    Ok(access.iter().filter(is_of_set).filter(is_of_group).cloned().collect())
}

/// An address that stands on a line of its own.
fn url(text: &str) -> Result<String, String> {
    let is_plain = text.starts_with("https://") && text.bytes().all(|byte| byte.is_ascii_graphic());
    if is_plain {
        Ok(text.to_owned())
    } else {
        Err("write it whole, such as https://d-1234567890.awsapps.com/start".into())
    }
}
