//! The pages of lists of the directory.

use crate::paging::Paging;

/// The lists' pages, of up to 100 as the API reference says.
pub(super) const PAGES: Paging = Paging {
    token: "NextToken",
    size: "MaxResults",
    default: 100,
    largest: 100,
    bad_token: ("ValidationException", "INVALID_NEXT_TOKEN"),
};
