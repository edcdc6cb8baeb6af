//! "Slow down", as it arrives over a network: in pieces.

use landing::sandbox::{Limits, Options};

use super::landing::Landing;
use super::served::Served;

#[tokio::test(flavor = "multi_thread")]
async fn throttling_that_the_network_brings_is_counted_and_repeated() {
    let served = Served::start().await;
    let cloud = Landing { url: &served.url }.cloud().await;
    cloud.organizations.create_organization().send().await.expect("an organization");
    served.sandbox.set_options(Options { limits: Some(Limits::aws()), ..Options::default() });
    // A burst of eight, then five a second.
    for _ in 0..100 {
        cloud.organizations.list_roots().send().await.expect("what is throttled is repeated");
        if cloud.meter.throttled() > 0 {
            return;
        }
    }
    panic!("none of a hundred calls was counted as throttled");
}
