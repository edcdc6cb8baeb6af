use super::*;

#[test]
fn the_table_has_what_policies_are_about() {
    let services = services();
    assert!(services.date().starts_with("20"));
    let s3 = services.get("s3").unwrap();
    let get = s3.action("getobject").unwrap();
    assert_eq!(get.name, "GetObject");
    let arns: Vec<&str> = s3.resource_types_of(get).map(|kind| kind.arn.written()).collect();
    assert!(arns.contains(&"arn:*:s3:::*/*"), "{arns:?}");
    assert!(s3.carries(get, "s3:ExistingObjectTag/team"));
    assert!(!s3.carries(get, "s3:x-amz-acl"));
    assert!(s3.has_rcps);
    assert!(services.global_key("aws:principaltag/Team").is_some());
    assert!(services.global_key("aws:PrincipalOrgPaths").unwrap().is_list);
}

#[test]
fn events_become_actions() {
    for (source, event, action) in [
        ("s3.amazonaws.com", "ListBuckets", Some("s3:ListAllMyBuckets")),
        ("s3.amazonaws.com", "GetBucketReplication", Some("s3:GetReplicationConfiguration")),
        ("lambda.amazonaws.com", "ListFunctions20150331", Some("lambda:ListFunctions")),
        ("lambda.amazonaws.com", "AddPermission20150331v2", Some("lambda:AddPermission")),
        ("monitoring.amazonaws.com", "DescribeAlarms", Some("cloudwatch:DescribeAlarms")),
        ("ec2.amazonaws.com", "RunInstances", Some("ec2:RunInstances")),
        ("budgets.amazonaws.com", "DescribeBudgets", Some("budgets:ViewBudget")),
        ("signin.amazonaws.com", "ConsoleLogin", None),
        ("ec2.amazonaws.com", "NoSuchCall", None),
        ("nowhere.amazonaws.com", "RunInstances", None),
    ] {
        assert_eq!(services().action_of_event(source, event).as_deref(), action, "{source} {event}");
    }
}

#[test]
fn only_dates_are_cut_off_names() {
    for (event, bare) in [
        ("ListFunctions20150331", "ListFunctions"),
        ("GetFunction20150331v2", "GetFunction"),
        ("DescribeVpcs", "DescribeVpcs"),
        ("ListObjectsV2", "ListObjectsV2"),
        ("Route53", "Route53"),
        ("20150331", ""),
        ("é20150331v", "é20150331v"),
    ] {
        assert_eq!(without_version(event), bare);
    }
}
