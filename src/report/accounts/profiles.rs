use std::fmt::Write;

use super::names::unique;
use crate::model::{Access, AccessPortal, AccountListing, ListedAccount, partition_of};
use crate::report::clean::clean;

/// How people sign in.
#[derive(Clone, Copy, Debug)]
pub struct SignIn<'a> {
    /// The address of the access portal.
    pub start_url: &'a str,
    /// Where Identity Center is.
    pub region: &'a str,
    /// The region that profiles work in.
    pub home_region: &'a str,
}

/// The access portal of a directory, in the partition of a region; nothing where its form is not known.
/// <https://docs.aws.amazon.com/singlesignon/latest/userguide/using-the-portal.html>,
/// <https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-sso.html>
#[must_use]
pub fn start_url(portal: &AccessPortal, region: &str) -> Option<String> {
    let directory = Some(&portal.directory).filter(|id| !id.is_empty() && id.bytes().all(is_plain))?;
    match partition_of(region) {
        "aws" => Some(format!("https://{directory}.awsapps.com/start")),
        "aws-us-gov" => Some(format!("https://start.us-gov-home.awsapps.com/directory/{directory}")),
        "aws-cn" => Some(format!("https://start.home.awsapps.cn/directory/{directory}")),
        _ => None,
    }
}

/// Profiles for the AWS CLI and SDKs, one for each account and permission set that someone has there, with the session that
/// they sign in by. <https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html>
#[must_use]
pub fn accounts_profiles(listing: &AccountListing, access: &[Access], sign_in: SignIn<'_>) -> String {
    let session = plain(listing.organization.as_deref().unwrap_or("landing"));
    let mut text = format!("[sso-session {session}]\n");
    // Memory takes all of it.
    let _ = writeln!(text, "sso_start_url = {}\nsso_region = {}", value(sign_in.start_url), value(sign_in.region));
    let _ = writeln!(text, "sso_registration_scopes = sso:account:access");
    let of_account = |access: &Access| listing.accounts.iter().find(|account| account.key == access.account);
    let pairs: Vec<(&Access, &ListedAccount)> =
        access.iter().filter_map(|access| Some((access, of_account(access)?))).collect();
    let ids: Vec<String> = pairs.iter().enumerate().map(|(nth, (_, account))| distinct(nth, &pairs, account)).collect();
    let names: Vec<(String, &str)> =
        pairs.iter().zip(&ids).map(|((access, _), id)| (profile(access), id.as_str())).collect();
    for (name, (access, account)) in unique(&names, '-').into_iter().zip(&pairs) {
        let _ = writeln!(text, "\n[profile {name}]\nsso_session = {session}\nsso_account_id = {}", account.id);
        let _ = writeln!(text, "sso_role_name = {}", value(&access.permission_set));
        let _ = writeln!(text, "region = {}", value(sign_in.home_region));
    }
    text
}

/// The account's id, with a number where permission sets of one account have the same name but for what is not kept.
fn distinct(nth: usize, pairs: &[(&Access, &ListedAccount)], account: &ListedAccount) -> String {
    let same = |(access, other): &&(&Access, &ListedAccount)| {
        other.id == account.id && profile(access) == profile(pairs[nth].0)
    };
    match pairs[..nth].iter().filter(same).count() {
        0 => account.id.clone(),
        before => format!("{}-{}", account.id, before + 1),
    }
}

/// `ml-dev.administrator`.
fn profile(access: &Access) -> String {
    format!("{}.{}", plain(&access.account), plain(&access.permission_set))
}

/// A name that needs no quotes anywhere: letters, digits, `.`, `_` and `-`.
fn plain(text: &str) -> String {
    text.bytes()
        .filter(|byte| !(0x80..0xc0).contains(byte))
        .map(|b| if is_plain(b) { b as char } else { '-' })
        .collect()
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"._-".contains(&byte)
}

/// A value on its line. The SDKs take what stands behind ` #` or ` ;` for a comment.
/// <https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>
fn value(text: &str) -> String {
    clean(text).replace(' ', "")
}
