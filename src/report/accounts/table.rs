use crate::model::{AccountListing, ListedAccount};
use crate::report::clean::clean;
use crate::report::line::{Line, text_of};
use crate::report::markdown::{code, escape};
use crate::report::paint::Paint;

const HEADER: [&str; 6] = ["ACCOUNT", "ID", "STATUS", "PATH", "EMAIL", "OWNER"];

/// A table for people.
#[must_use]
pub fn accounts_text(listing: &AccountListing) -> String {
    let rows: Vec<[String; 6]> = listing.accounts.iter().map(row).collect();
    if rows.is_empty() {
        return "No accounts.\n".into();
    }
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([HEADER[column].len()]).max().unwrap_or_default()
    };
    let widths: [usize; 6] = std::array::from_fn(width);
    let line = |cells: [&str; 6]| {
        let padded = cells
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell}{}  ", " ".repeat(width.saturating_sub(cell.chars().count()))));
        padded.collect::<String>().trim_end().to_owned()
    };
    let mut lines = vec![Line::of(Paint::Dim, line(HEADER))];
    lines.extend(rows.iter().map(|row| Line::new().plain(line(row.each_ref().map(String::as_str)))));
    text_of(&lines)
}

fn row(account: &ListedAccount) -> [String; 6] {
    let name = if account.management { format!("{} (management)", account.key) } else { account.key.clone() };
    let owner = account.owner.clone().unwrap_or_else(|| "-".into());
    [name, account.id.clone(), account.status.clone(), account.path.clone(), account.email.clone(), owner]
        .map(|cell| clean(&cell))
}

/// The same for pages.
#[must_use]
pub fn accounts_markdown(listing: &AccountListing) -> String {
    let mut text =
        String::from("| account | id | status | path | email | owner | tags |\n|---|---|---|---|---|---|---|\n");
    for account in &listing.accounts {
        let name = if account.management { " (management)" } else { "" };
        let tags = account.tags.iter().map(|(key, value)| code(&format!("{key}={value}")));
        let cells = [
            escape(&account.key) + name,
            account.id.clone(),
            escape(&account.status),
            escape(&account.path),
            escape(&account.email),
            escape(account.owner.as_deref().unwrap_or_default()),
            tags.collect::<Vec<_>>().join(" "),
        ];
        text += &format!("| {} |\n", cells.join(" | "));
    }
    text
}
