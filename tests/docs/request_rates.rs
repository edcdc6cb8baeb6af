//! `docs/reference/request-rates.md`, written from the table that pacing keeps to.

use std::fmt::Write;

use landing::model::{Basis, Counted, Operations, REQUEST_RATES, RequestRate};
use snapbox::{Data, assert_data_eq};

use super::repository;

const HEAD: &str = "# Request rates

This page is written by `tests/docs/request_rates.rs` from the table in `src/model/request_rate.rs`: change that instead.

landing keeps to these rates when it calls AWS: it makes as many calls at once as *burst* says, and then *per second*. Each account and
region has its own. Operations that one row counts together share its rate; otherwise each operation has the rate for itself. The first row
that covers an operation applies.

AWS documents few of these rates. *Reported* rates are those that users see, *assumed* ones are guesses from similar operations.
Where a rate is too high, AWS throttles some calls and landing repeats them; where it is too low, landing waits longer than necessary.

";

const TAIL: &str = "
## Rates of your organization

Where AWS grants your organization other rates, say so in the blueprint, under `organization.quotas`: by one operation, by the beginning of
the names of several, or by a whole service. A full name takes precedence over a beginning, and a longer beginning over a shorter one. Without
`burst` the table's applies.

```yaml
version: 1
name: acme
organization:
  regions: [eu-central-1]
  quotas:
    organizations:DescribePolicy: {per_second: 10, burst: 20}
    organizations:List*: {per_second: 8}
    sso:*: {per_second: 40}
```

## What AWS answers counts for more

- After a throttled answer the rate of the operation is halved, down to a sixteenth of the row's. Calls that were under way together
  halve it once.
- Each answer without throttling raises it by a fiftieth of the row's rate: 25 answers bring a halved rate back. It never exceeds the row's
  rate, or the blueprint's.
- A pause that the answer asks for (`Retry-After` in seconds or as a date, `x-amz-retry-after` in milliseconds) is kept, up to five minutes,
  by every call of that rate.
- An endpoint that is given by URL and is not AWS's has unknown limits. Its calls are not paced until it throttles one; then that
  operation begins at the row's rate, and each answer adds a tenth of it until the endpoint throttles again.
";

#[test]
fn the_page_on_request_rates_says_what_the_table_says() {
    let page = Data::read_from(&repository().join("docs/reference/request-rates.md"), None).raw();
    assert_data_eq!(page_text(), page);
}

fn page_text() -> String {
    let mut text = HEAD.to_owned();
    text += "| service | operations | per second | burst | counted | taken | basis |\n|---|---|---|---|---|---|---|\n";
    for row in REQUEST_RATES {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} |",
            if row.service == "*" { "every other" } else { row.service },
            operations(&row),
            row.per_second,
            row.burst,
            if row.counted == Counted::Together { "together" } else { "each" },
            row.taken,
            basis(&row)
        );
    }
    text + TAIL
}

fn operations(row: &RequestRate) -> &'static str {
    match row.operations {
        Operations::One(name) => name,
        Operations::Reads => "those that only read",
        Operations::Writes => "those that change something",
        Operations::All if REQUEST_RATES.iter().filter(|other| other.service == row.service).count() > 1 => {
            "all others"
        }
        Operations::All => "all",
    }
}

fn basis(row: &RequestRate) -> String {
    match row.basis {
        Basis::Documented { url, note: "" } => format!("[documented]({url})"),
        Basis::Documented { url, note } => format!("[documented]({url}): {note}"),
        Basis::Reported => "reported".into(),
        Basis::Assumed => "assumed".into(),
    }
}
