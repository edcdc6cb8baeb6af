//! A plan in which everything happens that can happen to a landing zone.

use serde_json::{Value, json};

use crate::model::{
    Action, Address, ApiCalls, BlueprintId, Change, Depth, FieldChange, Manual, OrganizationId, Plan, Refusal, Risk,
    Summary, Undetected,
};

pub(in crate::report) fn change(address: &str, kind: &str, action: Action, source: &str) -> Change {
    let source = Some(source.into()).filter(|source: &String| !source.is_empty());
    Change { source, ..Change::new(action, kind, Address::parse(address)) }
}

impl Change {
    fn under(self, parent: &str) -> Change {
        Change { parent: Some(Address::parse(parent)), ..self }
    }

    pub(in crate::report) fn with(mut self, path: &str, before: Value, after: Value) -> Change {
        self.fields.push(FieldChange { path: path.into(), before, after });
        self
    }

    fn passing(self, gains: &[&str], loses: &[&str]) -> Change {
        let addresses = |names: &[&str]| names.iter().map(|name| Address::parse(name)).collect();
        Change { gains: addresses(gains), loses: addresses(loses), ..self }
    }

    fn because(self, risk: Risk, reason: &str) -> Change {
        Change { risk, reason: reason.into(), ..self }
    }

    fn reaching(self, accounts: &[&str]) -> Change {
        let accounts: Vec<String> = accounts.iter().map(|name| (*name).to_owned()).collect();
        Change { reaches: accounts.len(), accounts, ..self }
    }
}

fn region_guard(regions: &[&str], action: &str) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "DenyOutsideRegions",
            "Effect": "Deny",
            "NotAction": ["iam:*", "organizations:*", "route53:*", "sts:*", "support:*", "cloudfront:*", "budgets:*", action],
            "Resource": "*",
            "Condition": {
                "StringNotEquals": {"aws:RequestedRegion": regions},
                "ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/BreakGlass"}
            }
        }]
    })
}

fn tree() -> Vec<Change> {
    let null = Value::Null;
    vec![
        change("scp/region-guard@root", "attachment", Action::Create, "landing.yaml:11")
            .under("root")
            .because(Risk::Disruptive, "it is not attached here")
            .reaching(&["audit", "log-archive", "ml-dev", "ml-prod"]),
        change("ou/Security", "organizational-unit", Action::Adopt, "landing.yaml:15")
            .under("root")
            .because(Risk::None, "exists, not managed by landing")
            .with("tags.owner", json!("someone"), json!("platform"))
            .reaching(&["audit", "log-archive"]),
        change("account/log-archive", "account", Action::Create, "landing.yaml:16")
            .under("ou/Security")
            .because(Risk::None, "no account has this email")
            .with("email", null.clone(), json!("aws+log-archive@example.com"))
            .with("name", null.clone(), json!("log-archive"))
            .with("tags", null.clone(), json!({"cost-centre": "4711", "owner": "platform"}))
            .reaching(&["log-archive"]),
        change("alternate-contact/log-archive/SECURITY", "alternate-contact", Action::Create, "landing.yaml:30")
            .under("account/log-archive")
            .with("email", null.clone(), json!("security@example.com"))
            .with("name", null.clone(), json!("Security team"))
            .with("phone", null.clone(), json!("+61 2 5550 0000"))
            .reaching(&["log-archive"]),
        change("ou/Workloads", "organizational-unit", Action::Update, "landing.yaml:18")
            .under("root")
            .because(Risk::None, "it is called Workload")
            .with("name", json!("Workload"), json!("Workloads"))
            .reaching(&["ml-dev", "ml-prod"]),
        change("account/ml-dev", "account", Action::Move, "landing.yaml:20")
            .under("ou/Workloads/Dev")
            .because(Risk::Disruptive, "it is in ou/Sandbox")
            .with("parent", json!("ou/Sandbox"), json!("ou/Workloads/Dev"))
            .passing(
                &["assignment/data-scientist/group/researchers@account/ml-dev", "scp/sagemaker", "s3-policy/private"],
                &["scp/small-instances", "stack-set/budget", "stack/network/play/eu-west-1"],
            )
            .reaching(&["ml-dev"]),
        change("stack/ml-dev/network/eu-west-1", "stack", Action::Create, "landing.yaml:60")
            .under("account/ml-dev")
            .with("name", null.clone(), json!("network"))
            .with("region", null.clone(), json!("eu-west-1"))
            .with("template", null.clone(), network())
            .with("parameters", null.clone(), json!({"ShareWith": "${ou/Workloads}"}))
            .with("termination_protection", null.clone(), json!(false))
            .reaching(&["ml-dev"]),
        change("stack/management/trail/eu-west-1", "stack", Action::Update, "landing.yaml:64")
            .under("management")
            .because(Risk::Destructive, "the template takes resources away or replaces them")
            .with("parameters.TrailName", json!("trail"), json!("organization-trail"))
            .with(
                "resources.Trail",
                json!({"Type": "AWS::CloudTrail::Trail", "Properties": {"TrailName": "trail", "IsLogging": false}}),
                json!({"Type": "AWS::CloudTrail::Trail", "Properties": {"TrailName": "organization-trail", "IsLogging": true}}),
            )
            .with("resources.OldTopic", json!({"Type": "AWS::SNS::Topic", "Properties": {}}), null.clone())
            .with("resources.Topic", null.clone(), json!({"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "t"}}))
            .with("takes_away", json!(["Trail", "OldTopic"]), null.clone()),
        change("ou/Old", "organizational-unit", Action::Delete, "")
            .under("root")
            .because(Risk::Destructive, "no longer in the blueprint"),
        change("account/experiment", "account", Action::Delete, "landing.yaml:26")
            .under("ou/Workloads")
            .because(Risk::Irreversible, "the blueprint says `state: closed`; AWS keeps it for 90 days")
            .with("state", json!("open"), json!("closed"))
            .reaching(&["experiment"]),
    ]
}

fn network() -> Value {
    json!({"Resources": {
        "Vpc": {"Type": "AWS::EC2::VPC"},
        "SubnetA": {"Type": "AWS::EC2::Subnet"},
        "SubnetB": {"Type": "AWS::EC2::Subnet"},
    }})
}

fn groups() -> Vec<Change> {
    let null = Value::Null;
    vec![
        change("scp/region-guard", "policy", Action::Update, "landing.yaml:11")
            .under("organization")
            .because(Risk::Disruptive, "its content differs")
            .with("description", json!("Regions"), json!("Only the regions that the blueprint names"))
            .with(
                "content",
                region_guard(&["ap-southeast-2", "eu-west-1"], "s3:ListAllMyBuckets"),
                region_guard(&["ap-southeast-2", "us-east-1"], "s3:ListBuckets"),
            )
            .reaching(&["audit", "log-archive", "ml-dev", "ml-prod"]),
        change("scp/deny-all", "policy", Action::Create, "landing.yaml:28")
            .under("organization")
            .with("type", null.clone(), json!("SERVICE_CONTROL_POLICY"))
            .with("name", null.clone(), json!("deny-all"))
            .with("description", null.clone(), json!("Nothing goes"))
            .with("content", null.clone(), region_guard(&["ap-southeast-2"], "s3:*")),
        change("tag-policy/cost", "policy", Action::Update, "landing.yaml:33")
            .under("organization")
            .because(Risk::Disruptive, "its content differs")
            .with(
                "content",
                json!({"tags": {"cost-centre": {"tag_key": {"@@assign": "cost-centre"}, "tag_value": {"@@assign": ["1"]}}}}),
                json!({"tags": {"cost-centre": {"tag_key": {"@@assign": "cost-centre"}, "tag_value": {"@@assign": ["1", "2"]}}}}),
            ),
        change("policy-type/TAG_POLICY", "policy-type", Action::Create, "").under("organization"),
        change("trusted-access/cloudtrail.amazonaws.com", "trusted-access", Action::Create, "landing.yaml:40")
            .under("organization")
            .reaching(&["audit", "log-archive", "ml-dev", "ml-prod"]),
        change("delegated-administrator/guardduty.amazonaws.com/audit", "delegated-administrator", Action::Create, "landing.yaml:41")
            .under("account/audit")
            .reaching(&["audit"]),
    ]
}

/// A plan with one of everything.
pub(in crate::report) fn eventful() -> Plan {
    let changes: Vec<Change> = tree().into_iter().chain(groups()).collect();
    Plan {
        summary: Summary::of(&changes, 12),
        changes,
        manual: vec![Manual {
            address: Some(Address::account("legacy")),
            what: "accept the invitation in account 444455556666".into(),
            link: Some("https://console.aws.amazon.com/organizations/v2/home/invitations".into()),
        }],
        unmanaged: (1..=10).map(|n| Address::account(&format!("by-hand-{n}"))).collect(),
        refusals: vec![Refusal {
            code: "places-taken".into(),
            address: Some(Address::root()),
            message: "root takes 10 policies of type SERVICE_CONTROL_POLICY; 11 are needed on the way".into(),
            help:
                "attach fewer here: merge policies, attach one of them higher up, or detach one in an apply of its own"
                    .into(),
        }],
        ..quiet()
    }
}

/// A first plan: units, accounts, and what is the same in each of them.
pub(in crate::report) fn first() -> Plan {
    let null = Value::Null;
    let mut changes = vec![change("organization", "organization", Action::Create, "landing.yaml:3")];
    for unit in ["Security", "Workloads"] {
        let address = format!("ou/{unit}");
        changes.push(change(&address, "organizational-unit", Action::Create, "landing.yaml:9").under("root"));
        for nth in 1..=12 {
            let name = format!("{}-{nth}", unit.to_lowercase());
            let account = format!("account/{name}");
            let of_account = |address: String, kind: &str, source: &str| {
                change(&address, kind, Action::Create, source).under(&account).reaching(&[&name])
            };
            let email = json!(format!("aws+{name}@example.com"));
            let tags = json!({"managed-by": "landing"});
            changes.push(
                change(&account, "account", Action::Create, "landing.yaml:10")
                    .under(&address)
                    .with("email", null.clone(), email)
                    .with("tags", null.clone(), tags.clone()),
            );
            changes.push(of_account(format!("password-policy/{name}"), "password-policy", "landing.yaml:20").with(
                "minimum_length",
                null.clone(),
                json!(14),
            ));
            for region in ["eu-west-1", "us-east-1"] {
                changes.push(
                    of_account(format!("stack/{name}/recorder/{region}"), "stack", "landing.yaml:30")
                        .with("template", null.clone(), network())
                        .with("parameters", null.clone(), json!({"BucketName": format!("config-{region}")}))
                        .with("tags", null.clone(), tags.clone()),
                );
            }
        }
    }
    let own = change("stack/security-1/archive/eu-west-1", "stack", Action::Create, "landing.yaml:40");
    changes.push(own.under("account/security-1").with("template", null.clone(), network()));
    changes.extend(groups().into_iter().filter(|change| change.action == Action::Create));
    changes.push(
        change("scp/deny-all@ou/Workloads", "attachment", Action::Create, "landing.yaml:28")
            .under("ou/Workloads")
            .because(Risk::Disruptive, "it is not attached here")
            .reaching(&["workloads-1", "workloads-2"]),
    );
    let organization = OrganizationId { id: None, management_account: Some("111122223333".into()) };
    Plan { summary: Summary::of(&changes, 0), changes, organization, ..quiet() }
}

/// What drift finds where people were at work.
pub(in crate::report) fn drifted() -> Plan {
    let null = Value::Null;
    let changes = vec![
        change("scp/FullAWSAccess@ou/Workloads", "attachment", Action::Create, "")
            .under("ou/Workloads")
            .because(Risk::Disruptive, "it is not attached here")
            .reaching(&["ml-dev", "ml-prod"]),
        change("scp/region-guard@ou/Sandbox", "attachment", Action::Delete, "")
            .under("ou/Sandbox")
            .because(Risk::Disruptive, "the blueprint does not attach it here")
            .reaching(&["sandbox-1"]),
        change("account/ml-dev", "account", Action::Move, "landing.yaml:20")
            .under("ou/Workloads")
            .because(Risk::Disruptive, "it is in root")
            .with("parent", json!("root"), json!("ou/Workloads"))
            .reaching(&["ml-dev"]),
        change("ou/Workloads", "organizational-unit", Action::Update, "landing.yaml:18")
            .under("root")
            .with("name", json!("Work"), json!("Workloads"))
            .reaching(&["ml-dev", "ml-prod"]),
        change("stack/ml-prod/network/eu-west-1", "stack", Action::Update, "landing.yaml:50")
            .under("account/ml-prod")
            .because(Risk::Disruptive, "resources drifted from the template")
            .with("drift.FlowLogs", null.clone(), json!("AWS::EC2::FlowLog"))
            .with("drift.Endpoints.SecurityGroupIngress.0.CidrIp", json!("0.0.0.0/0"), json!("10.20.0.0/16"))
            .reaching(&["ml-prod"]),
        change("stack/ml-dev/budget/eu-west-1", "stack", Action::Create, "landing.yaml:44")
            .under("account/ml-dev")
            .with("name", null.clone(), json!("budget"))
            .with("tags", null.clone(), json!({"team": "ml"}))
            .reaching(&["ml-dev"]),
        change("scp/region-guard", "policy", Action::Update, "landing.yaml:11")
            .under("organization")
            .because(Risk::Disruptive, "its content differs")
            .with(
                "content",
                region_guard(&["ap-southeast-2", "eu-west-1"], "s3:ListBuckets"),
                region_guard(&["ap-southeast-2"], "s3:ListBuckets"),
            )
            .reaching(&["audit", "ml-dev", "ml-prod"]),
        change("trusted-access/cloudtrail.amazonaws.com", "trusted-access", Action::Create, "landing.yaml:40")
            .under("organization")
            .reaching(&["audit", "ml-dev", "ml-prod"]),
    ];
    let undetected = |address: &str, why: &str| Undetected { address: Address::parse(address), why: why.into() };
    Plan {
        summary: Summary::of(&changes, 40),
        changes,
        unmanaged: vec![Address::account("by-hand")],
        untrusted: Vec::new(),
        undetected: vec![
            undetected("stack/management/org-trail/eu-west-1", "Trail (AWS::CloudTrail::Trail) is not looked at"),
            undetected(
                "stack/ml-dev/network/eu-west-1",
                "cloudformation:DetectStackDrift in account 111122223333 was refused: AccessDenied: not allowed",
            ),
        ],
        ..quiet()
    }
}

/// A plan that has nothing to do.
pub(in crate::report) fn quiet() -> Plan {
    Plan {
        format: Plan::FORMAT.into(),
        version: "0.0.0".into(),
        blueprint: BlueprintId { name: "ml".into(), sha256: "00".into(), commit: None },
        organization: OrganizationId {
            id: Some("o-a1b2c3d4e5".into()),
            management_account: Some("111122223333".into()),
        },
        summary: Summary { unchanged: 12, ..Summary::default() },
        changes: Vec::new(),
        waiting: Vec::new(),
        manual: Vec::new(),
        depth: Depth::default(),
        unmanaged: Vec::new(),
        unmanaged_made_by: crate::model::Makers::new(),
        control_tower: None,
        undetected: Vec::new(),
        notes: Vec::new(),
        untrusted: Vec::new(),
        refusals: Vec::new(),
        api_calls: ApiCalls { total: 37, by_operation: [("organizations:ListAccounts".to_owned(), 37)].into() },
        observed: [].into(),
        desired: None,
        replay: None,
        against: None,
        targets: Vec::new(),
    }
}
