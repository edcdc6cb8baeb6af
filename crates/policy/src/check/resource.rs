//! The `Resource` element.

use super::problem::{Problem, ProblemCode};
use crate::value::{PARTS, next_variable};

/// The parts of an ARN before the resource.
const BEFORE_THE_RESOURCE: [&str; PARTS - 1] = ["prefix", "partition", "service", "region", "account"];

/// What AWS refuses in one text under `Resource` or `NotResource`.
pub(super) fn check_resource(resource: &str, place: String) -> Option<Problem> {
    let problem = |message| Problem::new(ProblemCode::InvalidValue, place, message);
    if resource != "*" && !resource.starts_with("arn:") {
        let help = "write an ARN, with `*` and `?` as wildcards, or `*` alone";
        return Some(problem(format!("`{resource}` is not a resource")).help(help));
    }
    let (variable, part) = misplaced_variable(resource)?;
    let message = format!("`{resource}` has the variable `${{{variable}}}` in its {part}, where AWS takes none");
    Some(problem(message).help(help_with(part)))
}

fn help_with(part: &str) -> String {
    let instead = match part {
        "account" => "the account's id, or `*` with a condition such as \"StringEquals\": {\"aws:ResourceAccount\": …}",
        _ => "a plain value or `*`",
    };
    format!("a variable may stand only in the resource, after the fifth colon: write {instead}")
}

/// The first policy variable of an ARN that stands before the resource, without its braces, and the part that it stands
/// in. Only the part after the fifth colon may have any
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-resourceelement>).
#[must_use]
pub fn misplaced_variable(arn: &str) -> Option<(&str, &'static str)> {
    let mut colons = 0;
    let mut rest = arn;
    while let Some((before, inside, after)) = next_variable(rest) {
        colons += before.matches(':').count();
        let part = BEFORE_THE_RESOURCE.get(colons)?;
        if is_policy_variable(inside) {
            return Some((inside, part));
        }
        rest = after;
    }
    None
}

/// What has no colon is a placeholder of anyone who writes the policy, who puts a value in its place before AWS sees it.
fn is_policy_variable(inside: &str) -> bool {
    inside.contains(':') || matches!(inside, "*" | "?" | "$")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_before_the_fifth_colon_is_misplaced() {
        for (arn, expected) in [
            ("arn:aws:iam::${aws:PrincipalAccount}:role/x", Some(("aws:PrincipalAccount", "account"))),
            ("arn:*:logs:*:${aws:PrincipalAccount}:log-group:/x", Some(("aws:PrincipalAccount", "account"))),
            ("arn:aws:sqs:${aws:RequestedRegion}:111111111111:q", Some(("aws:RequestedRegion", "region"))),
            ("arn:aws:${s3:prefix}:::a", Some(("s3:prefix", "service"))),
            ("arn:${aws:a}:s3:::a", Some(("aws:a", "partition"))),
            ("arn:aws:iam::${account/audit}:role/${aws:username}", None),
            ("arn:aws:iam::${account/audit}${aws:a}:role/x", Some(("aws:a", "account"))),
            ("arn:aws:iam::1${*}:role/x", Some(("*", "account"))),
            ("arn:aws:s3:::home/${aws:username}/*", None),
            ("arn:aws:s3:::${aws:username}", None),
            ("arn:aws:sns:eu-west-1:111111111111:topic:${aws:username}", None),
            ("arn:aws:iam::${aws:PrincipalAccount", None),
            ("arn:aws:iam::111111111111:role/x", None),
            ("*", None),
        ] {
            assert_eq!(misplaced_variable(arn), expected, "{arn}");
        }
    }

    #[test]
    fn what_to_write_instead_is_said() {
        let problem = check_resource("arn:aws:iam::${aws:PrincipalAccount}:role/x", "/Statement/0/Resource".into());
        let problem = problem.expect("AWS refuses it");
        assert_eq!((problem.code, problem.path.as_str()), (ProblemCode::InvalidValue, "/Statement/0/Resource"));
        assert_eq!(
            problem.message,
            "`arn:aws:iam::${aws:PrincipalAccount}:role/x` has the variable `${aws:PrincipalAccount}` in its account, \
             where AWS takes none"
        );
        assert_eq!(
            problem.help.expect("there is help"),
            "a variable may stand only in the resource, after the fifth colon: write the account's id, or `*` with a \
             condition such as \"StringEquals\": {\"aws:ResourceAccount\": …}"
        );
    }
}
