//! A simulated AWS in a file: whatever process takes its steps again is led to the same state.

use std::path::Path;
use std::time::Duration;

use landing_sandbox::{Lags, Options, Sandbox, Timings};

use super::world::{DESTROY, World, builtin};

fn world(file: &Path) -> World {
    let timings = Timings { create_account: Duration::from_secs(20), ..Timings::default() };
    let options = Options { timings, lags: Lags::short(), event_history: 100, ..Options::default() };
    World { sandbox: Sandbox::open(file, options).expect("it is made"), ..World::new() }
}

#[tokio::test(start_paused = true)]
async fn the_steps_of_an_apply_lead_another_process_to_the_same_state() {
    let identities = [include_str!("identity.yaml"), include_str!("identity-changed.yaml")];
    for blueprints in [&identities[..], &[builtin("startup")]] {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let file = folder.path().join("state.json");
        let (mut one, mut other) = (world(&file), world(&file));
        for text in blueprints {
            one.applied(text, DESTROY).await;
            let state = one.at_rest().await;
            assert_eq!(other.sandbox.snapshot(), state);
            std::mem::swap(&mut one, &mut other);
        }
        let state = one.sandbox.snapshot();
        drop((one, other));
        assert_eq!(world(&file).sandbox.snapshot(), state);
    }
}
