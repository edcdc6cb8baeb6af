//! Every built-in blueprint in a simulated AWS that limits requests and enforces policies as AWS does.

use landing::cloud::Pace;
use landing::sandbox::{Limits, Options};

use super::enforcement::{Enforced, blueprints, permissions};
use super::picture::{differences, picture};
use super::world::{How, World, builtin};

/// As AWS is, until the network goes away with the call of this number.
fn like_aws(enforced: &Enforced, cut_after: Option<u64>) -> Options {
    Options { limits: Some(Limits::aws()), cut_after, ..enforced.options() }
}

/// A caller with what `landing permissions` prints, in an account that has no organization yet.
fn first_contact() -> Enforced {
    let mut enforced = Enforced::with(&[permissions(&[])]);
    enforced.world.pace = Pace::FromTheStart;
    enforced.world.sandbox.set_options(like_aws(&enforced, None));
    enforced
}

#[tokio::test(start_paused = true)]
async fn one_apply_sets_up_a_built_in_blueprint_and_leaves_nothing_to_do() {
    for name in blueprints() {
        let enforced = first_contact();
        enforced.world.applied(builtin(name), How::default()).await;
        enforced.world.quiet(builtin(name)).await;
        enforced.denied_nothing();
    }
}

/// Every call would take hours; a step through them meets each of their sorts.
const CUTS: u64 = 2;

#[tokio::test(start_paused = true)]
async fn cut_off_anywhere_the_next_apply_ends_in_the_same_organization() {
    for name in blueprints() {
        let whole = first_contact();
        whole.world.applied(builtin(name), How::default()).await;
        let expected = picture(&whole.world.at_rest().await);
        let calls = whole.world.sandbox.calls().len() as u64;
        for cut in 1..=CUTS {
            let enforced = first_contact();
            let World { sandbox, .. } = &enforced.world;
            sandbox.set_options(like_aws(&enforced, Some(calls * cut / (CUTS + 1))));
            let _cut_off = enforced.world.apply(builtin(name), How::default()).await;
            sandbox.set_options(like_aws(&enforced, None));
            enforced.world.applied(builtin(name), How::default()).await;
            enforced.world.quiet(builtin(name)).await;
            let made = picture(&enforced.world.at_rest().await);
            assert_eq!(differences(&made, &expected), [""; 0], "{name}, cut after {cut}/{} of {calls} calls", CUTS + 1);
            enforced.denied_nothing();
        }
    }
}
