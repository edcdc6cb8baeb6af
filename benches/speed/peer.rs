//! A plan beside org-formation, which reads as much of the organization before it compares: on one endpoint, one after the other.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use landing::cloud::Pace;
use landing::facts::Facts;
use landing_sandbox::{Limits, Options};

use super::Size;
use super::estate::{Estate, REGION, all_threads, declared, plan};
use super::ratio::milliseconds;
use super::served::{Served, cloud};
use super::table::{head, row, timed};

/// The folder of the npm package `aws-organization-formation`, installed with what it needs; Node.js is on the path.
const PEER: &str = "LANDING_ORG_FORMATION";

/// org-formation's own reader, without the state and the templates that its commands want beside.
const READ: &str = r"
const folder = process.argv[1];
const { AwsUtil } = require(folder + '/dist/src/util/aws-util');
const { AwsOrganizationReader } = require(folder + '/dist/src/aws-provider/aws-organization-reader');
const { AwsOrganization } = require(folder + '/dist/src/aws-provider/aws-organization');
(async () => {
  await AwsUtil.Initialize();
  const roles = { masterAccountId: await AwsUtil.GetMasterAccountId(), masterAccountRoleName: 'OrganizationAccountAccessRole' };
  await new AwsOrganization(new AwsOrganizationReader(AwsUtil.GetOrganizationsService(), roles)).initialize();
})().catch(error => { console.error(error); process.exit(1); });
";

/// What is read, and how the endpoint behaves.
struct Race {
    size: Size,
    latency: Duration,
    is_limited: bool,
}

const RACES: [Race; 3] = [
    Race { size: Size { accounts: 50, units: 20, policies: 2 }, latency: Duration::from_millis(60), is_limited: false },
    Race {
        size: Size { accounts: 500, units: 50, policies: 10 },
        latency: Duration::from_millis(60),
        is_limited: false,
    },
    Race {
        size: Size { accounts: 200, units: 40, policies: 10 },
        latency: Duration::from_millis(40),
        is_limited: true,
    },
];

/// Prints both, where the peer is installed.
pub fn print() {
    let Some(peer) = std::env::var_os(PEER).map(PathBuf::from) else {
        println!("\npeer: not measured, since {PEER} does not name the folder of org-formation's npm package");
        return;
    };
    head(
        "\nplan beside org-formation's read of the organization, on one endpoint (floor: none)",
        &["", "org-formation", "calls", "landing", "calls", "ratio"],
    );
    RACES.iter().for_each(|race| race.run(&peer));
}

impl Race {
    fn run(&self, peer: &Path) {
        let estate = Estate::new(self.size);
        let limits = self.is_limited.then(Limits::aws);
        let sandbox =
            || estate.sandbox(Options { latency: self.latency, limits: limits.clone(), ..Options::default() });
        let (theirs, ours) = (Served::new(sandbox()), Served::new(sandbox()));
        let (peers, ()) = timed(|| read(peer, &theirs.url));
        let pace = if self.is_limited { Pace::FromTheStart } else { Pace::OnceThrottled };
        let declared = declared(self.size);
        let runtime = all_threads();
        let (own, plan) = timed(|| {
            runtime.block_on(async { plan(&cloud(&ours.url, pace).await, &mut Facts::default(), &declared).await })
        });
        let what = if self.is_limited { "AWS's limits, " } else { "" };
        row(&[
            format!("{}, {what}{} ms a call", self.size, self.latency.as_millis()),
            milliseconds(peers),
            theirs.sandbox.calls().len().to_string(),
            milliseconds(own),
            plan.api_calls.total.to_string(),
            format!("{:.1} ×", peers.as_secs_f64() / own.as_secs_f64()),
        ]);
    }
}

/// Runs org-formation's reader.
fn read(peer: &Path, url: &str) {
    let mut node = Command::new("node");
    node.arg("-e").arg(READ).arg(peer).env("AWS_ENDPOINT_URL", url).env("AWS_REGION", REGION);
    node.env("AWS_ACCESS_KEY_ID", "sandbox").env("AWS_SECRET_ACCESS_KEY", "sandbox");
    let output = node.output().expect("Node.js is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
