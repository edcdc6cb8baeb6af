//! Profiles and credentials, explained as clearly as the AWS CLI does.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::PathBuf;

use landing_blueprint::did_you_mean;

use super::failure::Failure;
use super::global::Global;
use super::next::quoted;

/// What the SDK says where the token of an IAM Identity Center session is missing or too old.
const SESSION: &str = "sso";

/// Refuses a profile that no configuration file has, as the AWS CLI does: the SDK would go on with other credentials.
///
/// # Errors
/// When there is no such profile.
pub(super) fn ensure_profile(global: &Global) -> Result<(), Failure> {
    let Some(name) = profile(global).filter(|name| name != "default") else { return Ok(()) };
    let known = profiles();
    if known.contains(&name) {
        return Ok(());
    }
    let near = did_you_mean(&name, known.iter().map(String::as_str));
    let near = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
    let help = format!("{near}{}", listed(&known).unwrap_or_else(|| "`aws configure sso` creates one".to_owned()));
    let [config, credentials] = files();
    let message = format!(
        "the AWS profile `{name}` does not exist: neither {} nor {} has it",
        shown(config.as_ref()),
        shown(credentials.as_ref())
    );
    Err(Failure::new(message).help(help))
}

/// Why there are no credentials, and how to get some. `words` are the SDK's.
pub(super) fn explained(words: &str, global: &Global) -> (String, String) {
    let profile = profile(global);
    let login = format!("`{}`", login(profile.as_deref()));
    let name = profile.as_deref().unwrap_or("default");
    if words.to_lowercase().contains(SESSION) {
        let message = format!(
            "no AWS credentials: the IAM Identity Center session of the profile `{name}` has expired or was never started"
        );
        return (message, format!("sign in: {login}; then run the same command again"));
    }
    let message = format!(
        "no AWS credentials: none in the environment, none in the profile `{name}`, and this machine has no role"
    );
    let known = listed(&profiles()).filter(|_| profile.is_none()).map(|known| format!(" ({known})"));
    let help = format!(
        "sign in with {login} and add --profile NAME{}, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or add --sandbox, \
         which needs no AWS account",
        known.unwrap_or_default()
    );
    (message, help)
}

/// The sign-in of the AWS CLI, for the profile that is used.
pub(super) fn login(profile: Option<&str>) -> String {
    profile.map_or_else(|| "aws sso login".to_owned(), |name| format!("aws sso login --profile {}", quoted(name)))
}

/// The profile that is asked for. Keys in the environment take its place there, not on the command line.
pub(super) fn profile(global: &Global) -> Option<String> {
    let has_keys = env::var_os("AWS_ACCESS_KEY_ID").is_some();
    let environment = || env::var("AWS_PROFILE").ok().filter(|name| !name.is_empty() && !has_keys);
    global.profile.clone().or_else(environment)
}

fn listed(known: &BTreeSet<String>) -> Option<String> {
    let names: Vec<&str> = known.iter().map(String::as_str).collect();
    (!names.is_empty()).then(|| format!("profiles: {}", names.join(", ")))
}

fn profiles() -> BTreeSet<String> {
    let [config, credentials] =
        files().map(|file| file.and_then(|file| fs::read_to_string(file).ok()).unwrap_or_default());
    named(&config, true).chain(named(&credentials, false)).collect()
}

/// The profiles of a file's sections: `[profile NAME]` in the configuration, `[NAME]` among the credentials.
/// <https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>
fn named(text: &str, is_config: bool) -> impl Iterator<Item = String> {
    let sections = text.lines().filter_map(|line| line.trim().strip_prefix('[')?.split(']').next());
    sections.filter_map(move |section| {
        let section = section.trim();
        let name = match section.strip_prefix("profile") {
            Some(name) if is_config && name.starts_with([' ', '\t']) => name,
            _ if is_config && section != "default" => return None,
            _ => section,
        };
        Some(name.trim().trim_matches(['"', '\'']).to_owned())
    })
}

/// The configuration and the credentials.
/// <https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html>
fn files() -> [Option<PathBuf>; 2] {
    let file = |variable: &str, usual: &str| {
        let home = || env::var_os("HOME").or_else(|| env::var_os("USERPROFILE")).map(PathBuf::from);
        env::var_os(variable).map(PathBuf::from).or_else(|| Some(home()?.join(".aws").join(usual)))
    };
    [file("AWS_CONFIG_FILE", "config"), file("AWS_SHARED_CREDENTIALS_FILE", "credentials")]
}

fn shown(file: Option<&PathBuf>) -> String {
    file.map_or_else(|| "~/.aws".to_owned(), |file| file.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_are_the_sections_that_aws_takes_for_such() {
        let config = "[default]\nregion = eu-west-1\n# [profile no]\n[ profile a ]\n[profile \"b c\"] # own\n[sso-session s]\n[d]\n";
        assert_eq!(named(config, true).collect::<Vec<_>>(), ["default", "a", "b c"]);
        assert_eq!(named("[default]\n[old]\n", false).collect::<Vec<_>>(), ["default", "old"]);
    }

    #[test]
    fn a_session_that_has_ended_is_begun_by_the_login_of_its_profile() {
        let global = Global { profile: Some("prod".into()), ..Global::default() };
        let (message, help) = explained("other: failed to load the cached SSO token", &global);
        assert!(message.contains("session of the profile `prod`"), "{message}");
        assert!(help.contains("`aws sso login --profile prod`"), "{help}");
        let (message, help) = explained("other: no credentials found in chain", &global);
        assert!(message.contains("none in the profile `prod`") && help.contains("--sandbox"), "{message} {help}");
    }
}
