//! What differs between files and the organization is reported, each by its place.

use std::collections::BTreeSet;

use super::live::{differences, held, reason};
use super::*;

const AGREEING: &str = r#"{"format_version": "1.0", "terraform_version": "1.9.8", "values": {
"outputs": {"key": {"sensitive": true, "type": "string", "value": "hunter2"}},
"root_module": {"resources": [
 {"address": "aws_organizations_organization.this", "mode": "managed", "type": "aws_organizations_organization", "values": {
   "id": "o-example", "aws_service_access_principals": ["sso.amazonaws.com"], "master_account_id": "111111111111",
   "accounts": [{"id": "111111111111", "email": "aws@example.com", "name": "boss", "status": "ACTIVE"}]}, "sensitive_values": {}}],
"child_modules": [{"address": "module.units", "resources": [
 {"type": "aws_organizations_organizational_unit", "values": {"id": "ou-exam-sec00000", "name": "Security", "parent_id": "r-exam", "tags": null, "tags_all": {}}},
 {"type": "aws_organizations_organizational_unit", "values": {"id": "ou-exam-wor00000", "name": "Workloads", "parent_id": "r-exam"}},
 {"type": "aws_organizations_organizational_unit", "values": {"id": "ou-exam-dev00000", "name": "Dev", "parent_id": "ou-exam-wor00000"}},
 {"type": "aws_organizations_account", "values": {"id": "222222222222", "name": "audit", "email": "aws+audit@example.com", "parent_id": "ou-exam-sec00000", "tags_all": {"owner": "platform"}, "role_name": null}},
 {"type": "aws_organizations_account", "values": {"id": "333333333333", "name": "shop-dev", "email": "aws+shop-dev@example.com", "parent_id": "ou-exam-dev00000", "tags_all": {"owner": "shop"}}},
 {"type": "aws_organizations_account", "values": {"id": "444444444444", "name": "data-dev", "email": "aws+data-dev@example.com", "parent_id": "ou-exam-dev00000", "tags_all": {}}}],
"child_modules": [{"resources": [
 {"type": "aws_organizations_policy", "values": {"id": "p-leaving0", "name": "Leaving", "description": "Nobody leaves", "type": "SERVICE_CONTROL_POLICY", "content": "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Deny\", \"Action\": [\"organizations:LeaveOrganization\"], \"Resource\": \"*\"}}"}},
 {"type": "aws_organizations_policy_attachment", "values": {"id": "ou-exam-wor00000:p-leaving0", "policy_id": "p-leaving0", "target_id": "ou-exam-wor00000"}},
 {"type": "aws_organizations_policy_attachment", "values": {"id": "r-exam:p-FullAWSAccess", "policy_id": "p-FullAWSAccess", "target_id": "r-exam"}},
 {"type": "aws_ssoadmin_permission_set", "values": {"arn": "arn:aws:sso:::permissionSet/ssoins-1/ps-1", "name": "Admin", "session_duration": "PT480M", "tags_all": {}}},
 {"type": "aws_ssoadmin_managed_policy_attachment", "values": {"managed_policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess", "permission_set_arn": "arn:aws:sso:::permissionSet/ssoins-1/ps-1"}},
 {"type": "aws_ssoadmin_account_assignment", "values": {"permission_set_arn": "arn:aws:sso:::permissionSet/ssoins-1/ps-1", "principal_id": "00000000-0000-4000-8000-000000000001", "principal_type": "GROUP", "target_id": "222222222222"}},
 {"type": "aws_db_instance", "values": {"password": "hunter3", "name": "db"}, "sensitive_values": {"password": true}}
]}]}]}}}"#;

fn state(text: &str) -> Compared {
    let foreign = read_these(Format::Terraform, &["state.json"], [("state.json", text)]).expect("it is a state");
    all_are_counted(&foreign, |_| text.to_owned());
    held(&foreign)
}

fn texts(texts: &[&str]) -> BTreeSet<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn a_state_that_is_up_to_date_differs_in_nothing() {
    let compared = state(AGREEING);
    assert_eq!(differences(&compared), BTreeSet::new());
    assert_eq!(compared.only_live.iter().map(|it| it.as_str()).collect::<Vec<_>>(), ["scp/Old"]);
    let place = "values.root_module.child_modules[0].child_modules[0].resources[6].values";
    assert_eq!(
        reason(&compared, &format!("{place}.password")).as_deref(),
        Some("it is marked as sensitive: nothing of it is written")
    );
    assert_eq!(reason(&compared, &format!("{place}.name")).as_deref(), Some("landing has no key for it"));
}

#[test]
fn ten_differences_between_a_state_and_the_organization_are_reported() {
    let mut changed = AGREEING.to_owned();
    for (from, to) in [
        (r#"["sso.amazonaws.com"]"#, r#"["ram.amazonaws.com"]"#),
        (r#""name": "audit""#, r#""name": "auditing""#),
        (r#""aws+shop-dev@example.com""#, r#""shop@example.com""#),
        (r#""parent_id": "ou-exam-dev00000", "tags_all": {}"#, r#""parent_id": "r-exam", "tags_all": {}"#),
        (r#"{"owner": "platform"}"#, r#"{"owner": "security"}"#),
        (r#"{"owner": "shop"}"#, "{}"),
        (r#""444444444444""#, r#""555555555555""#),
        ("Nobody leaves", "Stay"),
        (r#"LeaveOrganization\""#, r#"CloseAccount\""#),
        (r#""target_id": "ou-exam-wor00000""#, r#""target_id": "ou-exam-sec00000""#),
        (r#""PT480M""#, r#""PT1H""#),
        (r#""target_id": "222222222222""#, r#""target_id": "333333333333""#),
        (
            r#"{"type": "aws_db_instance""#,
            r#"{"type": "aws_organizations_resource_policy", "values": {"id": "rp-example0", "content": "{}"}},
               {"type": "aws_db_instance""#,
        ),
    ] {
        assert!(changed.contains(from), "{from}");
        changed = changed.replacen(from, to, 1);
    }
    let expected = texts(&[
        "trusted-access/ram.amazonaws.com: it is there / there is no such resource",
        "resource-policy: it is there / there is no such resource",
        "account/audit: name: auditing / audit",
        "account/shop-dev: email: shop@example.com / aws+shop-dev@example.com",
        "account/data-dev: its id is 555555555555 / 444444444444",
        "account/data-dev: it is in root / it is in ou/Workloads/Dev",
        "account/audit: tag owner: security / platform",
        "account/shop-dev: no other tags / there are also owner: shop",
        "scp/Leaving: description: Stay / Nobody leaves",
        "scp/Leaving: content: other text / differs at Statement.Action",
        "policy Leaving on unit Security: it is there / there is no such resource",
        "permission-set/Admin: session: PT1H / PT8H",
        "permission set Admin of group 00000000-0000-4000-8000-000000000001 in account shop-dev: it is there / there is no such resource",
    ]);
    let compared = state(&changed);
    assert_eq!(differences(&compared), expected);
    let only_live: Vec<&str> = compared.only_live.iter().map(|it| it.as_str()).collect();
    let missing = [
        "assignment/Admin/group/platform@account/audit",
        "scp/Leaving@ou/Workloads",
        "scp/Old",
        "trusted-access/sso.amazonaws.com",
    ];
    assert_eq!(only_live, missing);
}

const ORGANIZATION: &str = "
AWSTemplateFormatVersion: '2010-09-09-OC'
Organization:
  <<: !Include ./_scp.yml
  Root:
    Type: OC::ORG::OrganizationRoot
  # Everything that is sold
  Workloads:
    Type: OC::ORG::OrganizationalUnit
    Properties:
      OrganizationalUnitName: Workloads
      ServiceControlPolicies: !Ref Leaving
      OrganizationalUnits: [!Ref Dev]
  Dev:
    Type: OC::ORG::OrganizationalUnit
    Properties:
      OrganizationalUnitName: Dev
      Accounts:
        - !Ref Shop  # the shop's first account
        - !Ref Data
  Security:
    Type: OC::ORG::OrganizationalUnit
    Properties: {OrganizationalUnitName: Security, Accounts: [!Ref Audit]}
  Boss:
    Type: OC::ORG::MasterAccount
    Properties: {AccountName: Whatever, AccountId: '111111111111', RootEmail: aws@example.com}
  Audit:
    Type: OC::ORG::Account
    Properties:
      AccountName: audit
      RootEmail: aws+audit@example.com
      Alias: !Cmd 'touch /tmp/was-here'
      Tags: {owner: platform}
  Shop:
    Type: OC::ORG::Account
    Properties: {AccountName: shop-dev, RootEmail: aws+shop-dev@example.com, Tags: {<<: !Include tags.yml}}
  Data:
    Type: OC::ORG::Account
    Properties: {AccountName: data-dev, AccountId: '444444444444', RootEmail: '{{email}}'}
";

const SCP: &str = "
Leaving:
  Type: OC::ORG::ServiceControlPolicy
  Properties:
    PolicyName: Leaving
    Description: Nobody leaves
    PolicyDocument:
      Version: '2012-10-17'
      Statement: [{Effect: Deny, Action: 'organizations:LeaveOrganization', Resource: '*'}]
";

fn organization(text: &str) -> Compared {
    let files = [("organization.yml", text), ("_scp.yml", SCP), ("tags.yml", "owner: shop\n")];
    let foreign = read_these(Format::OrgFormation, &["organization.yml"], files).expect("it is an organization");
    all_are_counted(&foreign, |file| Files::of(files).text(file).expect("it is there"));
    held(&foreign)
}

#[test]
fn an_organization_file_that_is_up_to_date_differs_in_nothing_and_its_comments_are_kept() {
    let compared = organization(ORGANIZATION);
    assert_eq!(differences(&compared), BTreeSet::new());
    let comments: Vec<(&str, &str)> =
        compared.comments.iter().map(|(of, comment)| (of.as_str(), comment.as_str())).collect();
    assert_eq!(
        comments,
        [("account/shop-dev", "the shop's first account"), ("ou/Workloads", "Everything that is sold")]
    );
    let said = |path: &str| reason(&compared, path).unwrap_or_default();
    assert_eq!(said("Organization.Audit.Properties.Alias"), "it is a command, which is never run");
    assert_eq!(said("Organization.Data.Properties.RootEmail"), "it is a placeholder that was never filled in");
    assert_eq!(said("Organization.Boss.Properties.AccountName"), "it is the tool's own name; AWS's is kept");
}

#[test]
fn what_an_organization_file_has_otherwise_is_reported_with_its_line() {
    let changed = ORGANIZATION
        .replace("{owner: platform}", "{owner: security, cost: '1'}")
        .replace("AccountName: data-dev", "AccountName: data")
        .replace("ServiceControlPolicies: !Ref Leaving", "ServiceControlPolicies: []")
        .replace("        - !Ref Data\n", "")
        .replace("Accounts: [!Ref Audit]", "Accounts: [!Ref Audit, !Ref Data], ServiceControlPolicies: [!Ref Leaving]");
    let compared = organization(&changed);
    let expected = texts(&[
        "account/audit: tag owner: security / platform",
        "account/audit: tag cost: 1 / there is no such tag",
        "account/data-dev: name: data / data-dev",
        "account/data-dev: it is in unit Security / it is in ou/Workloads/Dev",
        "policy Leaving on unit Security: it is there / there is no such resource",
    ]);
    assert_eq!(differences(&compared), expected);
    let lines: BTreeSet<Option<usize>> = compared.differences().iter().map(|(_, judged, _)| judged.line).collect();
    assert_eq!(lines, [Some(22), Some(32), Some(38)].into());
    assert!(compared.only_live.iter().any(|it| it.as_str() == "scp/Leaving@ou/Workloads"));
}

#[test]
fn a_configuration_of_lza_is_joined_by_emails_and_replacements_come_first() {
    let accounts = "
mandatoryAccounts:
  - name: Management
    email: aws@example.com
    organizationalUnit: Root
  - name: Audit
    email: \"{{ AuditEmail }}\"
    organizationalUnit: Security
  - name: Nobody
    email: <nobody>@example.com <----- UPDATE EMAIL ADDRESS
    organizationalUnit: Security
workloadAccounts:
  - {name: Shop, email: aws+shop-dev@example.com, organizationalUnit: Workloads}
";
    let organization = "
enable: true
organizationalUnits: [{name: Security}, {name: Workloads/Dev}, {name: Sandbox}]
serviceControlPolicies:
  - name: Leaving
    description: >
      Nobody leaves
    policy: policies/leaving.json
    type: customerManaged
    deploymentTargets: {organizationalUnits: [Workloads, Security]}
";
    let iam = "
identityCenter:
  delegatedAdminAccount: Audit
  identityCenterPermissionSets:
    - {name: Admin, policies: {awsManaged: [AdministratorAccess, ReadOnlyAccess]}, sessionDuration: 480}
  identityCenterAssignments:
    - {name: A, permissionSetName: Admin, principals: [{type: GROUP, name: platform}], deploymentTargets: {organizationalUnits: [Security]}}
";
    let replacements = "globalReplacements:\n  - {key: AuditEmail, type: String, value: aws+audit@example.com}\n";
    let leaving = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]}"#;
    let files = [
        ("accounts-config.yaml", accounts),
        ("iam-config.yaml", iam),
        ("organization-config.yaml", organization),
        ("replacements-config.yaml", replacements),
        ("policies/leaving.json", leaving),
    ];
    let given = ["accounts-config.yaml", "iam-config.yaml", "organization-config.yaml", "replacements-config.yaml"];
    let foreign = read_these(Format::Lza, &given, files).expect("it is a configuration");
    all_are_counted(&foreign, |file| Files::of(files).text(file).expect("it is there"));
    let expected = texts(&[
        "account Nobody: it is there / there is no such resource",
        "account/shop-dev: it is in unit Workloads / it is in ou/Workloads/Dev",
        "unit Sandbox: it is there / there is no such resource",
        "policy Leaving on unit Security: it is there / there is no such resource",
        "account aws+audit@example.com as administrator of sso.amazonaws.com: it is there / there is no such resource",
        "permission-set/Admin: managed policies has arn:aws:iam::aws:policy/ReadOnlyAccess / it is not there",
        "permission set Admin of group platform in account Nobody: it is there / there is no such resource",
    ]);
    assert_eq!(differences(&held(&foreign)), expected);
}

#[test]
fn a_manifest_of_cfct_says_policies_and_its_stack_sets_stay_its_own() {
    let manifest = "
region: eu-west-1
version: 2021-03-15
resources:
  - name: Leaving
    description: Nobody goes
    resource_file: leaving.json
    deploy_method: scp
    deployment_targets: {organizational_units: ['Workloads:Dev', Workloads]}
  - name: keys
    resource_file: s3://bucket/keys.template
    deploy_method: stack_set
    parameters: [{parameter_key: Key, parameter_value: '$[alfred_genpass_32]'}]
    deployment_targets: {accounts: [0123456789]}
";
    let leaving = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]}"#;
    let files = [("manifest.yaml", manifest), ("leaving.json", leaving)];
    let foreign = read_these(Format::Cfct, &["manifest.yaml"], files).expect("it is a manifest");
    all_are_counted(&foreign, |file| Files::of(files).text(file).expect("it is there"));
    let compared = held(&foreign);
    let expected = texts(&[
        "scp/Leaving: description: Nobody goes / Nobody leaves",
        "policy Leaving on unit Workloads/Dev: it is there / there is no such resource",
    ]);
    assert_eq!(differences(&compared), expected);
    assert!(
        reason(&compared, "resources[1].deployment_targets.accounts[0]")
            .unwrap_or_default()
            .starts_with("a self-managed stack set")
    );
    assert!(
        reason(&compared, "resources[1].parameters[0].parameter_value")
            .unwrap_or_default()
            .starts_with("it is marked as sensitive")
    );
}
