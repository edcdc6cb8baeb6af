//! Amazon Resource Names
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>).

/// How many parts an ARN has: `arn:partition:service:region:account:resource`.
pub(crate) const PARTS: usize = 6;

/// An ARN taken apart as far as this module needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Arn<'a> {
    pub account: &'a str,
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(PARTS, ':');
        if parts.next() != Some("arn") {
            return None;
        }
        let account = parts.nth(3)?;
        let resource = parts.next()?;
        Some(Self { account, resource })
    }
}

/// The account that an ARN names, empty where it has none as in `arn:aws:s3:::bucket`; nothing of other texts.
#[must_use]
pub fn account_of(arn: &str) -> Option<&str> {
    Arn::parse(arn).map(|arn| arn.account)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resource_keeps_its_colons() {
        let arn = Arn::parse("arn:aws-cn:sns:cn-north-1:111111111111:topic:sub");
        assert_eq!(arn, Some(Arn { account: "111111111111", resource: "topic:sub" }));
    }

    #[test]
    fn the_account_is_the_fifth_part() {
        assert_eq!(account_of("arn:aws:iam::111111111111:role/x"), Some("111111111111"));
        assert_eq!(account_of("arn:aws:s3:::bucket"), Some(""));
        assert_eq!(account_of("111111111111"), None);
    }

    #[test]
    fn other_texts_are_no_arns() {
        for text in ["", "*", "arn:aws:iam::111111111111", "aws:iam:a:b:c:d"] {
            assert_eq!(Arn::parse(text), None, "{text}");
        }
    }
}
