//! Stacks in accounts, on the simulated AWS.

use landing::model::Action;
use landing_sandbox::{Faults, Options};

use crate::picture;
use crate::world::{DESTROY, How, World};

const HEAD: &str = "
version: 1
name: stacks
organization: {regions: [eu-west-1], account_email: '{name}@example.com'}
accounts: [logs, work]
";

/// A queue of buckets: one gives its name to the other, across accounts.
fn blueprint(stacks: &str) -> String {
    format!("{HEAD}stacks:\n{stacks}")
}

const ARCHIVE: &str = "  archive:
    template: log-archive
    in: [logs]
    parameters: {bucket_prefix: acme}
";
const BUDGET: &str = "  budget:
    template: budget
    in: [work, management]
    parameters: {limit_usd: 500, emails: [costs@example.com]}
";

#[tokio::test(start_paused = true)]
async fn stacks_are_made_in_their_accounts_and_found_again() {
    let world = World::new();
    let text = blueprint(&format!("{ARCHIVE}{BUDGET}"));
    world.applied(&text, How::default()).await;
    world.quiet(&text).await;
}

#[tokio::test(start_paused = true)]
async fn what_one_stack_gives_another_takes_across_accounts() {
    let world = World::new();
    let text = format!(
        "{HEAD}organization_trail: {{}}\nstacks:\n{ARCHIVE}  trail:
    template: organization-trail
    in: [management]
    parameters:
      BucketName: ${{stack/logs/archive/eu-west-1.TrailBucketName}}
      KeyArn: ${{stack/logs/archive/eu-west-1.KeyArn}}
"
    )
    .replace("organization_trail: {}\n", "")
    .replace("regions: [eu-west-1],", "regions: [eu-west-1], trusted_access: [cloudtrail.amazonaws.com],");
    world.applied(&text, How::default()).await;
    world.quiet(&text).await;
}

#[tokio::test(start_paused = true)]
async fn a_changed_template_is_reported_resource_by_resource_and_carried_out() {
    let world = World::new();
    world.applied(&blueprint(BUDGET), How::default()).await;
    let changed = blueprint(&BUDGET.replace("500", "700"));
    let plan = world.plan(&changed).await.expect("it can be planned").plan;
    assert_eq!(plan.changes.len(), 2);
    assert!(plan.changes.iter().all(|change| {
        change.action == Action::Update && change.fields.iter().all(|field| field.path.starts_with("resources."))
    }));
    world.applied(&changed, How::default()).await;
    world.quiet(&changed).await;
}

#[tokio::test(start_paused = true)]
async fn who_takes_what_another_stack_will_give_anew_changes_in_the_same_apply() {
    let world = World::new();
    let text = |prefix: &str| {
        let archive = ARCHIVE.replace("acme", prefix);
        let trail = "  trail:
    template: organization-trail
    in: [management]
    parameters:
      BucketName: ${stack/logs/archive/eu-west-1.TrailBucketName}
      KeyArn: ${stack/logs/archive/eu-west-1.KeyArn}
";
        blueprint(&format!("{archive}{trail}"))
            .replace("regions: [eu-west-1],", "regions: [eu-west-1], trusted_access: [cloudtrail.amazonaws.com],")
    };
    world.applied(&text("acme"), How::default()).await;
    let plan = world.plan(&text("beta")).await.expect("it can be planned").plan;
    let trail = plan.changes.iter().find(|change| change.address.as_str() == "stack/management/trail/eu-west-1");
    let bucket = trail.and_then(|change| change.field("parameters.BucketName")).expect("the trail gets another bucket");
    assert_eq!(bucket.after, "${stack/logs/archive/eu-west-1.TrailBucketName}");
    assert_eq!(
        trail.map(|change| change.needs.clone()).unwrap_or_default()[0].as_str(),
        "stack/logs/archive/eu-west-1"
    );
    world.applied(&text("beta"), DESTROY).await;
    world.quiet(&text("beta")).await;
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_the_blueprint_drops_goes_even_from_an_account_without_others() {
    let world = World::new();
    world.applied(&blueprint(BUDGET), How::default()).await;
    let plan = world.plan(HEAD).await.expect("it can be planned").plan;
    let deleted: Vec<&str> = plan.changes.iter().map(|change| change.address.as_str()).collect();
    assert_eq!(deleted, ["stack/management/budget/eu-west-1", "stack/work/budget/eu-west-1"]);
    assert!(plan.changes.iter().all(|change| change.risk.needs_permission()));
    world.applied(HEAD, DESTROY).await;
    world.quiet(HEAD).await;
}

#[tokio::test(start_paused = true)]
async fn cut_off_after_any_call_the_next_apply_ends_the_same() {
    let text = blueprint(BUDGET);
    let whole = World::new();
    whole.applied(&text, How::default()).await;
    let calls = whole.sandbox.calls().len() as u64;
    for last in 1..calls {
        let world = World::new();
        world.sandbox.set_options(Options { cut_after: Some(last), ..Default::default() });
        let _ = world.apply(&text, How::default()).await;
        world.sandbox.set_options(Options::default());
        world.applied(&text, How { break_lock: true, ..How::default() }).await;
        world.quiet(&text).await;
    }
}

/// What the stacks were reported, their outputs and what they made, in names.
fn reported(world: &World) -> serde_json::Value {
    picture::stacks(&world.sandbox.snapshot())
}

#[tokio::test(start_paused = true)]
async fn under_any_faults_stacks_that_are_made_and_changed_end_the_same() {
    let (first, then) = (blueprint(&format!("{ARCHIVE}{BUDGET}")), blueprint(&BUDGET.replace("500", "700")));
    let alone = World::new();
    for text in [&first, &then] {
        alone.applied(text, DESTROY).await;
    }
    let expected = reported(&alone);
    for seed in 0..40 {
        let world = World::new();
        for text in [&first, &then] {
            let rate = 0.01 + f64::from(u32::try_from(seed % 20).expect("it is small")) / 100.0;
            world.sandbox.set_options(Options { faults: Some(Faults { seed, rate }), ..Options::default() });
            for _ in 0..20 {
                if world.apply(text, DESTROY).await.is_ok_and(|applied| applied.outcome.is_complete()) {
                    break;
                }
            }
            world.sandbox.set_options(Options::default());
            world.applied(text, How { break_lock: true, ..DESTROY }).await;
            world.quiet(text).await;
        }
        assert_eq!(picture::differences(&reported(&world), &expected), [""; 0], "faults {seed}");
    }
}
