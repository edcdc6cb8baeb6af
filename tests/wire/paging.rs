//! Lists that are longer than a page, as the AWS CLI walks them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::aws_cli::{Aws, text};
use super::boto::Boto;
use super::{python, sandbox};

/// AWS's pages hold 20.
const MANY: usize = 23;

#[test]
fn lists_longer_than_a_page_are_whole_however_the_aws_cli_divides_them() {
    let Some(environment) = python::environment() else { return };
    let sandbox = sandbox::serve(&[]);
    let mut boto = Boto::connect(environment, &sandbox.url);
    boto.organizations("CreateOrganization", json!({}));
    let root = boto.root();
    for number in 0..MANY {
        boto.organizations("CreateOrganizationalUnit", json!({"ParentId": root, "Name": format!("unit-{number}")}));
        let made = boto.create_account(&format!("account-{number}"), &format!("account-{number}@example.com"));
        assert_eq!(made["State"], "SUCCEEDED", "{made}");
    }
    let first = boto.organizations("ListAccounts", json!({}));
    assert_eq!(first["Accounts"].as_array().map(Vec::len), Some(20));
    let aws = Aws { environment, url: &sandbox.url };
    // The management account is listed too.
    whole(&aws, "organizations list-accounts", "Accounts", MANY + 1);
    let units = format!("organizations list-organizational-units-for-parent --parent-id {root}");
    whole(&aws, &units, "OrganizationalUnits", MANY);
}

/// Lists by default pages, by small ones, and in portions that the caller goes on from.
fn whole(aws: &Aws<'_>, command: &str, key: &str, count: usize) {
    let all = ids(&aws.run(command), key);
    assert_eq!(all.len(), count);
    assert_eq!(ids(&aws.run(&format!("{command} --page-size 7")), key), all);
    let mut portions = Vec::new();
    let mut answer = aws.run(&format!("{command} --max-items 9"));
    loop {
        let portion = ids(&answer, key);
        assert!(portion.len() <= 9, "{portion:?}");
        portions.extend(portion);
        let Some(token) = answer["NextToken"].as_str() else { break };
        answer = aws.run_with(&format!("{command} --max-items 9"), &["--starting-token", token]);
    }
    assert_eq!(portions.len(), count);
    assert_eq!(portions.into_iter().collect::<BTreeSet<_>>(), all);
}

fn ids(answer: &Value, key: &str) -> BTreeSet<String> {
    answer[key].as_array().expect("a list").iter().map(|item| text(&item["Id"]).to_owned()).collect()
}
