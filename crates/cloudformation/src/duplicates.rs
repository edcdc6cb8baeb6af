/// What a key means that a map of a template has twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duplicates {
    /// A mistake, since one of the two is without effect.
    Refused,
    /// The last one counts, as CloudFormation itself has it
    /// (<https://github.com/aws-cloudformation/cfn-language-discussion/issues/96>).
    LastWins,
}
