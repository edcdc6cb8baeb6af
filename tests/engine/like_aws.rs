//! Every built-in blueprint in a simulated AWS that limits requests and enforces policies as AWS does.

use landing::cloud::Pace;
use landing::sandbox::{Limits, Options};

use super::enforcement::{Enforced, blueprints, permissions};
use super::world::{How, builtin};

/// A caller with what `landing permissions` prints, in an account that has no organization yet.
fn first_contact() -> Enforced {
    let mut enforced = Enforced::with(&[permissions(&[])]);
    enforced.world.pace = Pace::FromTheStart;
    let limited = Options { limits: Some(Limits::aws()), ..enforced.options() };
    enforced.world.sandbox.set_options(limited);
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
