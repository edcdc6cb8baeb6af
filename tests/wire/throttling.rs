//! "Slow down", as it arrives over a network: in pieces.

use super::landing::{Landing, file};
use super::{python, sandbox};

#[test]
fn throttling_that_the_network_brings_is_counted_and_repeated() {
    if python::environment().is_none() {
        return;
    }
    let sandbox = sandbox::serve(&["--limits", "aws"]);
    let applied = Landing { url: &sandbox.url }.applied(&file("blueprints/minimal/landing.yaml"));
    // Creating units, policies and attachments comes to more writes than AWS takes at once.
    assert!(applied["throttled"].as_u64() > Some(0), "{applied:#}");
}
