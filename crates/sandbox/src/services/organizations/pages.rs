//! The pages of lists of Organizations.

use crate::paging::Paging;

/// The lists' pages. AWS gives at most 20 rows, whatever is asked for.
pub(super) const PAGES: Paging = Paging {
    token: "NextToken",
    size: "MaxResults",
    default: 20,
    largest: 20,
    bad_token: ("InvalidInputException", "INVALID_NEXT_TOKEN"),
};
