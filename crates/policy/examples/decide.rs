//! Decides the requests of a file of cases: `cargo run -p landing-policy --example decide CASES.json`. Without a file, one case.

#![expect(clippy::print_stdout, reason = "an example prints what it shows")]

use landing_policy::{answer, read_cases};
const CASE: &str = r#"[{
  "id": "no instances outside of the region",
  "levels": [{"id": "r-ab12", "policies": [
    {"name": "FullAWSAccess", "policy": {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}},
    {"name": "regions", "policy": {"Statement": {"Effect": "Deny", "Action": "ec2:*", "Resource": "*",
      "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}}}}]}],
  "request": {"principal": "arn:aws:iam::111111111111:role/ci", "account": "111111111111",
    "action": "ec2:RunInstances", "context": {"aws:RequestedRegion": "us-east-1"}}}]"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let text = std::env::args().nth(1).map_or_else(|| Ok(CASE.to_owned()), std::fs::read_to_string)?;
    let cases = read_cases(&serde_json::from_str(&text)?).map_err(|problems| format!("{problems:?}"))?;
    for case in &cases {
        println!("{}", serde_json::to_string_pretty(&answer(case).to_json())?);
    }
    Ok(())
}
