use super::world::{How, World, builtin};

#[tokio::test(start_paused = true)]
async fn a_built_in_blueprint_applied_to_an_empty_account_leaves_nothing_to_do() {
    for name in ["minimal", "startup"] {
        let world = World::new();
        let applied = world.applied(builtin(name), How::default()).await;
        assert!(applied.plan.summary.create > 4);
        world.quiet(builtin(name)).await;
        let again = world.applied(builtin(name), How::default()).await;
        assert!(again.outcome.done.is_empty());
    }
}
