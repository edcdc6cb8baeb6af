//! Files of other tools beside the organization that they are about: where they differ, the organization is right and both are reported.

use std::collections::BTreeSet;

use landing::import::Imported;
use landing::import::foreign::{Foreign, Format, Source, read};
use landing::report::{import_json, import_markdown};
use serde_json::{Value, json};

use super::import::{imported, made_by_hand, options};
use super::world::World;

const LIVE: &str = r#"
version: 1
name: first
organization:
  account_email: "aws+{name}@example.com"
  trusted_access: [account.amazonaws.com]
policies:
  Deny leaving: {description: Stay, content: {Version: "2012-10-17", Statement: [{Effect: Deny, Action: "organizations:LeaveOrganization", Resource: "*"}]}}
organizational_units:
  Security: {accounts: [audit]}
  Workloads:
    policies: [Deny leaving]
    organizational_units:
      Dev: {accounts: [{name: shop-dev, tags: {owner: shop}}, {name: data-dev, tags: {owner: data}}]}
      Prod: {accounts: [{name: shop-prod, tags: {owner: shop}}]}
identity:
  permission_sets:
    admin: {managed_policies: [AdministratorAccess], session: 8h}
  assignments:
    platform: {admin: [audit]}
"#;

/// Ten values that are not as in AWS: a tag, a tag more, a tag less, a name, two places, a policy's text, its description, an
/// attachment, an account.
const FILE: &str = r#"
AWSTemplateFormatVersion: '2010-09-09-OC'
Organization:
  Leaving:
    Type: OC::ORG::ServiceControlPolicy
    Properties:
      PolicyName: Deny leaving
      Description: Do not go
      PolicyDocument:
        Version: '2012-10-17'
        Statement: [{Effect: Deny, Action: 'account:CloseAccount', Resource: '*'}]
  Security:
    Type: OC::ORG::OrganizationalUnit
    Properties: {OrganizationalUnitName: Security, ServiceControlPolicies: [!Ref Leaving], Accounts: [!Ref Audit, !Ref ShopProd]}
  # What is sold
  Workloads:
    Type: OC::ORG::OrganizationalUnit
    Properties: {OrganizationalUnitName: Workloads, OrganizationalUnits: [!Ref Dev, !Ref Prod], Accounts: [!Ref DataDev]}
  Dev:
    Type: OC::ORG::OrganizationalUnit
    Properties: {OrganizationalUnitName: Dev, Accounts: [!Ref ShopDev]}
  Prod:
    Type: OC::ORG::OrganizationalUnit
    Properties: {OrganizationalUnitName: Prod}
  Audit:
    Type: OC::ORG::Account
    Properties: {AccountName: auditing, RootEmail: aws+audit@example.com, Alias: !Cmd 'touch was-here'}
  ShopDev: # the shop's
    Type: OC::ORG::Account
    Properties: {AccountName: shop-dev, RootEmail: aws+shop-dev@example.com, Tags: {owner: data}}
  DataDev:
    Type: OC::ORG::Account
    Properties: {AccountName: data-dev, RootEmail: aws+data-dev@example.com, Tags: {owner: data, cost: '1'}}
  ShopProd:
    Type: OC::ORG::Account
    Properties: {AccountName: shop-prod, RootEmail: aws+shop-prod@example.com, Tags: {}}
  Gone:
    Type: OC::ORG::Account
    Properties: {AccountName: gone, RootEmail: aws+gone@example.com}
"#;

struct Text(String);

impl Source for Text {
    fn text(&self, path: &str) -> Result<String, String> {
        matches!(path, "organization.yml" | "state.json")
            .then(|| self.0.clone())
            .ok_or_else(|| "it is not there".into())
    }
}

fn foreign(format: Format, file: &str, text: &str) -> Foreign {
    read(format, &[file.to_owned()], &Text(text.to_owned())).expect("it is a file of the tool")
}

async fn beside(world: &World, foreign: Foreign) -> Imported {
    let mut options = options();
    options.foreign = Some(foreign);
    imported(world, &options).await.expect("it can be imported")
}

fn reported(imported: &Imported) -> BTreeSet<String> {
    let report = import_json(imported);
    let differences = report["foreign"]["differences"].as_array().expect("there is a list").clone();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    differences
        .iter()
        .map(|it| format!("{}: {} / {}", text(&it["about"]), text(&it["says"]), text(&it["live"])))
        .collect()
}

/// The files without what stands behind `#`.
fn without_comments(imported: &Imported) -> Vec<String> {
    let lines = imported.files.values().flat_map(|text| text.lines());
    lines
        .map(|line| line.split("  # ").next().unwrap_or_default().to_owned())
        .filter(|line| !line.starts_with('#'))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn ten_differences_are_reported_and_the_live_organization_is_written() {
    let world = World::new();
    made_by_hand(&world, LIVE).await;
    let alone = imported(&world, &options()).await.expect("it can be imported");
    let beside = beside(&world, foreign(Format::OrgFormation, "organization.yml", FILE)).await;
    let expected = [
        "account/audit: name: auditing / audit",
        "account/data-dev: it is in unit Workloads / it is in ou/Workloads/Dev",
        "account/data-dev: tag cost: 1 / there is no such tag",
        "account/shop-dev: tag owner: data / shop",
        "account/shop-prod: it is in unit Security / it is in ou/Workloads/Prod",
        "account/shop-prod: no other tags / there are also owner: shop",
        "account gone: it is there / there is no such resource",
        "policy Deny leaving on unit Security: it is there / there is no such resource",
        "scp/Deny leaving: content: other text / differs at Statement[0].Action",
        "scp/Deny leaving: description: Do not go / Stay",
    ];
    assert_eq!(reported(&beside), expected.map(str::to_owned).into());
    assert!(beside.proof.holds(), "{:#?}", beside.proof.differences().collect::<Vec<_>>());
    assert_eq!(beside.summary.gaps().count(), alone.summary.gaps().count(), "a difference that is reported is no gap");
    assert_eq!(without_comments(&beside), without_comments(&alone));
    let files: String = beside.files.values().cloned().collect();
    assert!(files.contains("  # What is sold") && files.contains("  # the shop's"), "{files}");
    let report = import_markdown(&beside);
    assert!(
        report.contains("| `organization.yml:27 Organization.Audit.Properties.AccountName` | `account/audit` |"),
        "{report}"
    );
    assert!(report.contains("it is a command, which is never run"), "{report}");
    let only_live = import_json(&beside)["foreign"]["only_live"].clone();
    for address in ["account/management", "scp/Deny leaving@ou/Workloads"] {
        assert!(only_live.as_array().is_some_and(|all| all.contains(&json!(address))), "{only_live}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_state_is_joined_by_the_ids_that_aws_gave() {
    let world = World::new();
    made_by_hand(&world, LIVE).await;
    let live = imported(&world, &options()).await.expect("it can be imported");
    let state = json!({"format_version": "1.0", "values": {"root_module": {"resources": [
        {"type": "aws_organizations_organization", "values": {"id": live.summary.organization, "aws_service_access_principals": ["ram.amazonaws.com"]}},
        {"type": "aws_organizations_account", "values": {"id": "999999999999", "name": "audit", "email": "aws+audit@example.com"}},
    ]}}});
    let beside = beside(&world, foreign(Format::Terraform, "state.json", &state.to_string())).await;
    let reported = reported(&beside);
    assert!(
        reported.contains("trusted-access/ram.amazonaws.com: it is there / there is no such resource"),
        "{reported:?}"
    );
    assert!(reported.iter().any(|it| it.starts_with("account/audit: its id is 999999999999 / ")), "{reported:?}");
    assert_eq!(reported.len(), 2, "{reported:?}");
    assert_eq!(beside.files, live.files);
}
