//! The pages of lists of Identity Center.

use crate::paging::Paging;

/// The lists' pages. AWS documents the largest size and no default.
pub(super) const PAGES: Paging = Paging {
    token: "NextToken",
    size: "MaxResults",
    default: 100,
    largest: 100,
    bad_token: ("ValidationException", "INVALID_NEXT_TOKEN"),
};
