//! Patterns of what is written, as ECMA 262 has them and Python too: no classes of Unicode, no looking behind.

/// An email: one `@`, and a domain with a dot within.
pub(super) const EMAIL: &str = r"^[!-?A-~]+@[!-\-/-?A-~][!-?A-~]*\.[!-?A-~]*[!-\-/-?A-~]$";
/// The same with or without `{name}`.
pub(super) const EMAILS: &str = r"^[!-~]+@[!-~]+$";
/// The id of an account.
pub(super) const ACCOUNT_ID: &str = "^[0-9]{12}$";
/// A day of the calendar.
pub(super) const DAY: &str =
    "^[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9]))$";
/// One action of a service.
pub(super) const ACTION: &str = "^[^:*?]+:[^*?]+$";
/// How long a session lasts.
pub(super) const SESSION: &str = "^ *([Pp][Tt])?([0-9]+[Hh])?([0-9]+[Mm])?([0-9]+[Ss])? *$";
/// A path, by which a file differs from a built-in template.
pub(super) const PATH: &str = r"[/.]";
/// The path of a policy template.
pub(super) const POLICY_PATH: &str = r"/|\.hbs$";
/// The path of a guardrail.
pub(super) const GUARDRAIL_PATH: &str = r"/|\.yaml$";
/// The name of a stack.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
pub(super) const STACK: &str = "^[A-Za-z][A-Za-z0-9-]{0,127}$";
/// The name of a permission set.
pub(super) const PERMISSION_SET: &str = "^[A-Za-z0-9_+=,.@-]{1,32}$";
/// The name of a policy of IAM.
pub(super) const IAM_NAME: &str = "^[A-Za-z0-9_+=,.@-]{0,128}$";
/// One of AWS's managed policies, by its path and name or its ARN.
pub(super) const MANAGED_POLICY: &str = "^(arn:.*:iam::aws:policy/)?[A-Za-z0-9_+=,.@-]+(/[A-Za-z0-9_+=,.@-]+)*$";
/// A text without control characters.
pub(super) const NAME: &str = r"^[^\u0000-\u001f\u007f-\u009f]+$";
/// The value of a tag: what AWS does not take of ASCII is left out.
pub(super) const TAG: &str = r"^[^\u0000-\u001f!-*,;-<>-?\[-^`{-~\u007f]*$";
/// The key of a tag.
pub(super) const TAG_KEY: &str =
    r"^(?!([Aa][Ww][Ss]|[Ll][Aa][Nn][Dd][Ii][Nn][Gg]):)[^\u0000-\u001f!-*,;-<>-?\[-^`{-~\u007f]+$";
/// The alias of an account.
pub(super) const ALIAS: &str = r"^(?!.*--)([a-z0-9]|\{name\})([a-z0-9-]|\{name\})*([a-z0-9]|\{name\})$";
/// An operation, or several that begin alike.
pub(super) const OPERATION: &str = r"^[A-Za-z0-9-]+:([A-Za-z0-9]+\*?|\*)$";
/// The description of a permission set.
pub(super) const LATIN: &str = r"^[\u0009\u000a\u000d\u0020-\u007e\u00a1-\u00ff]*$";
/// Where a console opens.
pub(super) const RELAY_STATE: &str = r#"^[A-Za-z0-9&$@#\\/%?=~\-_'"|!:,.;*+\[\] (){}]*$"#;

/// An IPv4 network whose prefix is from `least` to `most` bits long, written by its first address.
pub(super) fn network(least: u8, most: u8) -> String {
    let alternatives: Vec<String> = (least..=most).map(of_prefix).collect();
    format!("^({})$", alternatives.join("|"))
}

/// The networks of one length: whole octets, one of which some bits are zero, and zeros.
fn of_prefix(bits: u8) -> String {
    const OCTET: &str = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    let whole = usize::from(bits / 8);
    let mut octets: Vec<String> = vec![OCTET.to_owned(); whole];
    if whole < 4 {
        octets.push(multiples(1 << (8 - bits % 8)));
    }
    octets.resize(4, "0".to_owned());
    format!("{}/{bits}", octets.join(r"\."))
}

/// The octets that are multiples of a power of two; 256 has but 0.
fn multiples(step: u16) -> String {
    let all: Vec<String> = (0..256_u16).step_by(usize::from(step)).map(|octet| octet.to_string()).collect();
    format!("({})", all.join("|"))
}

/// A region that may be newer than the table: of an area that is known, or of a country that is not.
/// <https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html>
pub(super) fn newer_region(codes: &[&str]) -> String {
    let areas = codes.iter().filter_map(|code| code.rsplit_once('-')).map(|(area, _)| area);
    let mut areas: Vec<&str> = areas.collect();
    areas.dedup();
    let mut countries: Vec<&str> = areas.iter().filter_map(|area| area.split('-').next()).collect();
    countries.dedup();
    format!("^({}|(?!({})-)[a-z]{{2}}(-[a-z]+){{1,2}})-[1-9][0-9]{{0,2}}$", areas.join("|"), countries.join("|"))
}
