use std::borrow::Cow;

use crate::model::{AccountListing, ListedAccount};
use crate::report::clean::clean;

const HEADER: [&str; 10] =
    ["key", "name", "id", "email", "path", "status", "management", "owner", "access_role", "tags"];

/// A line for each account below one of names, as RFC 4180 has it. Tags are one cell of JSON.
/// <https://www.rfc-editor.org/rfc/rfc4180>
#[must_use]
pub fn accounts_csv(listing: &AccountListing) -> String {
    let header = HEADER.map(str::to_owned);
    let lines = std::iter::once(header).chain(listing.accounts.iter().map(cells));
    lines.map(|cells| cells.map(|text| cell(&text)).join(",") + "\r\n").collect()
}

fn cells(account: &ListedAccount) -> [String; 10] {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    // A map of strings is always JSON.
    let tags =
        if account.tags.is_empty() { String::new() } else { serde_json::to_string(&account.tags).unwrap_or_default() };
    [
        account.key.clone(),
        account.name.clone(),
        account.id.clone(),
        account.email.clone(),
        account.path.clone(),
        account.status.clone(),
        account.management.to_string(),
        text(&account.owner),
        text(&account.access_role),
        tags,
    ]
}

/// A cell, in quotes where it must be. One that a spreadsheet would take for a formula has an apostrophe before it.
/// <https://owasp.org/www-community/attacks/CSV_Injection>
fn cell(text: &str) -> String {
    let text = clean(text);
    let is_formula = text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    let text: Cow<'_, str> = if is_formula { format!("'{text}").into() } else { text.into() };
    if text.contains([',', '"']) || text.trim() != text {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be_and_are_no_formulas() {
        for (text, expected) in [
            ("plain", "plain"),
            ("a, b", "\"a, b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\r\nlines", "two  lines"),
            ("=1+1", "'=1+1"),
            ("@SUM(A1),2", "\"'@SUM(A1),2\""),
            ("+49", "'+49"),
            ("-a", "'-a"),
            (" =1", "' =1"),
            ("\t=1", "' =1"),
            ("012345678901", "012345678901"),
            ("", ""),
            (" padded", "\" padded\""),
        ] {
            assert_eq!(cell(text), expected, "{text:?}");
        }
    }
}
