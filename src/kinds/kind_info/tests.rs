use std::collections::BTreeSet;

use super::{UNKNOWN, kind_info, kind_info_at, name_of};
use crate::kinds::KINDS;
use crate::model::{Address, Names, Reach, Role};

/// A kind, an address of its resources, what it is called, its role, and which accounts its changes reach.
const ALL: [(&str, &str, &str, Role, Reach); 23] = [
    ("organization", "organization", "organization", Role::Other, Reach::Container),
    ("root", "root", "root", Role::Other, Reach::Container),
    ("policy-type", "policy-type/TAG_POLICY", "policy type", Role::Other, Reach::Container),
    ("trusted-access", "trusted-access/ram.amazonaws.com", "trusted access", Role::Other, Reach::Container),
    ("organizational-unit", "ou/A/B", "OU", Role::Unit, Reach::Itself),
    ("account", "account/a", "account", Role::Account, Reach::Itself),
    (
        "delegated-administrator",
        "delegated-administrator/config.amazonaws.com/audit",
        "delegated administrator",
        Role::Other,
        Reach::Container,
    ),
    ("resource-policy", "resource-policy", "delegation policy", Role::Other, Reach::Container),
    ("alternate-contact", "alternate-contact/a/SECURITY", "alternate contact", Role::Other, Reach::Container),
    ("region", "region/a/ap-east-1", "region", Role::OptIn, Reach::Container),
    ("root-access", "root-access/RootSessions", "root access", Role::Other, Reach::Container),
    ("password-policy", "password-policy/a", "password policy", Role::Other, Reach::Container),
    ("ebs-encryption", "ebs-encryption/a/eu-west-1", "EBS encryption", Role::Other, Reach::Container),
    ("account-alias", "account-alias/a", "account alias", Role::Other, Reach::Container),
    ("policy", "tag-policy/cost", "tag policy", Role::Policy, Reach::Targets),
    ("attachment", "rcp/guard@ou/A", "RCP", Role::Attachment, Reach::Container),
    ("stack", "stack/a/trail/eu-west-1", "stack", Role::Stack, Reach::Container),
    ("stack-set", "stack-set/base", "stack set", Role::StackSet, Reach::Targets),
    (
        "guardduty-administrator",
        "guardduty-administrator/eu-west-1",
        "GuardDuty administrator",
        Role::Other,
        Reach::Container,
    ),
    (
        "service-administrator",
        "service-administrator/macie.amazonaws.com/eu-west-1",
        "service administrator",
        Role::Other,
        Reach::Container,
    ),
    ("permission-set", "permission-set/read", "permission set", Role::PermissionSet, Reach::Targets),
    ("group", "group/team", "group", Role::Other, Reach::Targets),
    ("assignment", "assignment/read/group/team@account/a", "assignment", Role::Assignment, Reach::Container),
];

#[test]
fn every_kind_says_what_it_is_and_knows_its_addresses() {
    for (kind, address, noun, role, reach) in ALL {
        let address = Address::parse(address);
        let own = kind_info(kind);
        assert_eq!((own.role, own.reach), (role, reach), "{kind}");
        assert_eq!(own.noun.of(kind, &address), noun);
        let at_home: Vec<&str> = KINDS.iter().filter(|it| it.has_address(&address)).map(|it| it.name()).collect();
        assert_eq!(at_home, [kind], "{address}");
        assert!(std::ptr::eq(kind_info_at(&address), own), "{address}");
    }
    let reported: BTreeSet<&str> = ALL.iter().map(|(kind, ..)| *kind).collect();
    assert_eq!(reported, KINDS.iter().map(|kind| kind.name()).collect());
}

fn of(is_so: impl Fn(&str) -> bool) -> Vec<&'static str> {
    ALL.iter().map(|(kind, ..)| *kind).filter(|kind| is_so(kind)).collect()
}

#[test]
fn what_few_kinds_are_is_said_by_these_alone() {
    assert_eq!(of(|kind| kind_info(kind).is_tagged), ["organizational-unit", "account", "policy"]);
    assert_eq!(of(|kind| kind_info(kind).binds_accounts), ["attachment", "assignment"]);
    assert_eq!(of(|kind| kind_info(kind).names == Names::Exchangeable), ["organizational-unit", "policy"]);
    assert_eq!(of(|kind| kind_info(kind).names == Names::Shared), ["account"]);
    assert_eq!(
        of(|kind| !kind_info(kind).tells_noun),
        ["organization", "root", "policy-type", "trusted-access", "delegated-administrator"]
    );
}

#[test]
fn headings_stand_in_the_order_of_their_numbers() {
    let mut headings: Vec<(u8, &str)> =
        ALL.iter().filter_map(|(kind, ..)| kind_info(kind).heading).map(|it| (it.order, it.title)).collect();
    headings.sort_unstable();
    let titles: Vec<&str> = headings.iter().map(|(_, title)| *title).collect();
    assert_eq!(
        titles,
        [
            "Policies",
            "Stack sets",
            "Permission sets",
            "Groups",
            "Policy types",
            "Trusted access",
            "Delegated administrators",
        ]
    );
    let orders: BTreeSet<u8> = headings.iter().map(|(order, _)| *order).collect();
    assert_eq!(orders.len(), headings.len(), "two headings have the same number");
}

#[test]
fn what_an_account_administers_is_a_word() {
    let administered =
        |kind: &str, address: &str| kind_info(kind).administered.map(|word| word(&Address::parse(address)));
    let words: Vec<(&str, String)> =
        ALL.iter().filter_map(|(kind, address, ..)| Some((*kind, administered(kind, address)?))).collect();
    assert_eq!(
        words,
        [
            ("delegated-administrator", "config".to_owned()),
            ("guardduty-administrator", "guardduty".to_owned()),
            ("service-administrator", "macie".to_owned()),
        ]
    );
}

#[test]
fn policies_are_called_as_aws_calls_their_type() {
    for (address, noun) in [
        ("scp/a", "SCP"),
        ("rcp/a", "RCP"),
        ("ai-opt-out-policy/a", "AI opt-out policy"),
        ("declarative-ec2-policy/a", "declarative ec2 policy"),
    ] {
        for (kind, address) in [("policy", address.to_owned()), ("attachment", format!("{address}@root"))] {
            let address = Address::parse(&address);
            assert_eq!(kind_info(kind).noun.of(kind, &address), noun);
            assert!(std::ptr::eq(kind_info_at(&address), kind_info(kind)), "{address}");
        }
    }
}

#[test]
fn roles_have_one_kind_each() {
    for (kind, _, _, role, _) in ALL {
        let expected = if role == Role::Other { "" } else { kind };
        assert_eq!(name_of(role), expected);
    }
}

#[test]
fn a_kind_of_a_later_version_is_like_most() {
    let later = kind_info("trusted-token-issuer");
    assert!(std::ptr::eq(later, &UNKNOWN));
    assert!(std::ptr::eq(kind_info_at(&Address::parse("trusted-token-issuer/okta")), later));
    let said = later.noun.of("trusted-token-issuer", &Address::parse("trusted-token-issuer/okta"));
    assert_eq!((said.as_str(), later.role, later.reach), ("trusted token issuer", Role::Other, Reach::Container));
}
