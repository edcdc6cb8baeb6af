//! Settings of accounts in moto, read back by boto3; and those that moto does not have, in the sandbox.

use std::fs;
use std::path::PathBuf;

use landing::model::Action;
use serde_json::json;

use super::boto::Boto;
use super::landing::Landing;
use super::{moto, python, sandbox};

const HOME: &str = "eu-west-1";

const BLUEPRINT: &str = "
version: 1
name: settings
organization: {home_region: eu-west-1, regions: [eu-west-1, us-east-1], account_email: '{name}@example.com'}
organizational_units: {Work: {accounts: [work]}}
account_settings:
  - {password_policy: {max_age_days: 90}, ebs_encryption: {}}
  - {in: Work, password_policy: {minimum_length: 20}, ebs_encryption: {regions: eu-west-1}}
";

#[test]
fn accounts_in_moto_have_their_settings_and_what_is_changed_by_hand_is_made_good() {
    let Some(environment) = python::environment() else { return };
    let moto = moto::stock(environment);
    let landing = Landing { url: &moto.url };
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("wire-account-settings");
    fs::create_dir_all(&folder).expect("the target folder can be written");
    let blueprint = folder.join("landing.yaml");
    fs::write(&blueprint, BLUEPRINT).expect("the folder can be written");
    landing.applied(&blueprint);

    let mut boto = Boto::connect(environment, &moto.url);
    let work = boto.account("work");
    for (account, length, age) in [(None, 14, 90), (Some(work.as_str()), 20, 0)] {
        let policy = boto.call_in((account, HOME), "iam", "GetAccountPasswordPolicy", json!({}));
        let policy = &policy["PasswordPolicy"];
        // moto says 0 where nothing is limited.
        let limit = policy["MaxPasswordAge"].as_u64().unwrap_or_default();
        assert_eq!((&policy["MinimumPasswordLength"], limit), (&json!(length), age), "{account:?}");
        assert_eq!((&policy["RequireSymbols"], &policy["PasswordReusePrevention"]), (&json!(true), &json!(24)));
        for region in [HOME, "us-east-1"] {
            let encryption = boto.call_in((account, region), "ec2", "GetEbsEncryptionByDefault", json!({}));
            assert_eq!(encryption["EbsEncryptionByDefault"], true, "{account:?} {region}");
        }
    }

    boto.call_in((Some(&work), HOME), "iam", "DeleteAccountPasswordPolicy", json!({}));
    boto.call_in((None, "us-east-1"), "ec2", "DisableEbsEncryptionByDefault", json!({}));
    // So moto calls the management account.
    let plan = landing.planned(&blueprint);
    let mut changes: Vec<(&str, Action)> = plan.changes.iter().map(|it| (it.address.as_str(), it.action)).collect();
    changes.sort();
    let expected = [("ebs-encryption/master/us-east-1", Action::Create), ("password-policy/work", Action::Create)];
    assert_eq!(changes, expected);
    landing.applied(&blueprint);
}

#[test]
fn boto3_administers_guardduty_and_root_access_in_the_sandbox_as_in_aws() {
    let Some(environment) = python::environment() else { return };
    let server = sandbox::serve(&[]);
    let mut boto = Boto::connect(environment, &server.url);
    boto.organizations("CreateOrganization", json!({"FeatureSet": "ALL"}));
    boto.create_account("audit", "audit@example.com");
    let audit = boto.account("audit");
    let features = |boto: &mut Boto| boto.ask("iam", "ListOrganizationsFeatures", json!({}));
    assert_eq!(features(&mut boto).expect_err("IAM is not trusted").code, "ServiceAccessNotEnabledException");
    boto.organizations("EnableAWSServiceAccess", json!({"ServicePrincipal": "iam.amazonaws.com"}));
    boto.call("iam", "EnableOrganizationsRootSessions", json!({}));
    assert_eq!(features(&mut boto).expect("IAM is trusted")["EnabledFeatures"], json!(["RootSessions"]));

    boto.call("guardduty", "EnableOrganizationAdminAccount", json!({"AdminAccountId": audit}));
    let administrators = boto.call("guardduty", "ListOrganizationAdminAccounts", json!({}));
    let expected = json!([{"AdminAccountId": audit, "AdminStatus": "ENABLED"}]);
    assert_eq!(administrators["AdminAccounts"], expected);
    let organization = json!({"DetectorId": "0123456789abcdef0123456789abcdef"});
    let refused = boto.ask("guardduty", "DescribeOrganizationConfiguration", organization);
    assert_eq!(refused.expect_err("there is no such detector").code, "BadRequestException");
}
