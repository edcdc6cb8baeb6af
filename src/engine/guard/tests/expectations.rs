use crate::engine::scene::{OrganizationFixture, address, deny};
use crate::model::Expectation;

fn expecting(denied: bool, place: &str) -> OrganizationFixture {
    let mut scene = OrganizationFixture::new();
    scene.unit("A").account("a", "ou/A").unit("B");
    scene.policy("scp/guard", deny("s3:DeleteBucket"), &[]);
    scene.desired.settings.expectations = vec![Expectation {
        denied,
        actions: vec!["s3:DeleteBucket".into()],
        principal: "role/anyone".into(),
        places: vec![address(place)],
        source: Some("landing.yaml:7".into()),
        ..Expectation::default()
    }];
    scene
}

#[test]
fn what_the_plan_leaves_as_expected_passes() {
    assert!(expecting(false, "ou/A").refused().is_empty());
    let mut denied = expecting(true, "ou/A");
    denied.attaches("scp/guard", "ou/A");
    assert!(denied.refused().is_empty());
}

#[test]
fn what_will_not_be_denied_is_refused_with_the_line_that_expects_it() {
    let refusals = expecting(true, "ou/A").refusals();
    assert_eq!(refusals.len(), 1);
    assert_eq!((refusals[0].code.as_str(), &refusals[0].address), ("expectation", &Some(address("account/a"))));
    assert_eq!(
        refusals[0].message,
        "s3:DeleteBucket is allowed in account/a: no policy denies it, which landing.yaml:7 expects otherwise"
    );
}

#[test]
fn the_state_after_the_plan_counts_not_the_one_before() {
    let mut detached = expecting(true, "ou/A");
    detached.policy("scp/guard", deny("s3:DeleteBucket"), &["ou/A"]);
    assert!(detached.refused().is_empty());
    detached.detaches("scp/guard", "ou/A");
    assert_eq!(detached.refused().len(), 1);
    let mut moved = expecting(false, "ou/B");
    moved.policy("scp/guard", deny("s3:DeleteBucket"), &["ou/B"]);
    moved.moves("a", "ou/B");
    assert_eq!(moved.refused().len(), 1);
}
