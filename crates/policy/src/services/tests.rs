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
