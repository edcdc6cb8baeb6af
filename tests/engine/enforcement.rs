//! Everything is done with the permissions that landing says it needs, in a simulated AWS that enforces policies.

mod decider;
mod needs;
mod security_audit;

use std::sync::Arc;

use landing_policy::{Decision, Request, evaluate};
use landing_sandbox::{Authorizer, Identity, Options};
use serde_json::{Value, json};

use self::decider::{Decider, own_policies};
use super::world::{How, World, builtin};

/// Who sets organizations up.
const LANDING: &str = "arn:aws:iam::111111111111:user/landing";

/// A session of the role that plans.
const LANDING_PLAN: &str = "arn:aws:sts::111111111111:assumed-role/landing-plan/ci";

/// What `landing permissions` prints.
pub fn permissions(arguments: &[&str]) -> Value {
    let command = std::process::Command::new(env!("CARGO_BIN_EXE_landing")).arg("permissions").args(arguments).output();
    serde_json::from_slice(&command.expect("landing can be started").stdout).expect("it prints a policy")
}

/// What `landing permissions --read-only` prints for a built-in blueprint. Those without roles of landing's own are read by
/// the role that comes with an account.
fn reading(name: &str) -> Value {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("enforcement-{name}.yaml"));
    std::fs::write(&file, builtin(name)).expect("the target folder can be written");
    permissions(&["--read-only", &file.to_string_lossy()])
}

/// A simulated AWS that enforces policies, and whom it denied what.
pub struct Enforced {
    pub world: World,
    decider: Arc<Decider>,
}

impl Enforced {
    /// Everybody is the user `landing` of the management account, with these policies.
    pub fn with(policies: &[Value]) -> Enforced {
        let enforced = Enforced { world: World::new(), decider: Arc::default() };
        enforced.world.sandbox.set_options(enforced.options());
        enforced.call_as(LANDING, Some(policies));
        enforced
    }

    /// From now on everybody is the user `landing` with what `landing permissions` prints.
    pub fn call_as_landing(&self) {
        self.call_as(LANDING, Some(&[permissions(&[])]));
    }

    /// From now on everybody only reads: as the role `landing-plan` where a built-in blueprint has made it, else with what
    /// `landing permissions --read-only` prints for the blueprint.
    pub fn call_as_reader(&self, name: &str) {
        let state = self.world.sandbox.snapshot();
        match state["resources"]["111111111111"]["global"]["AWS::IAM::Role"]["landing-plan"].is_null() {
            true => self.call_as("arn:aws:iam::111111111111:user/reader", Some(&[reading(name)])),
            false => self.call_as(LANDING_PLAN, None),
        }
    }

    /// Options of a sandbox that enforces policies.
    pub fn options(&self) -> Options {
        let authorizer: Arc<dyn Authorizer> = self.decider.clone();
        Options { authorizer: Some(authorizer), ..Options::default() }
    }

    /// From now on everybody is this principal of the management account; without policies here it has those of its role.
    fn call_as(&self, arn: &str, policies: Option<&[Value]>) {
        let principal = json!({"*": {"arn": arn, "account": "111111111111", "policies": policies}});
        self.world.sandbox.edit(|state| state["principals"] = principal).expect("it is still a state");
    }

    #[track_caller]
    pub fn denied_nothing(&self) {
        let denied = self.decider.denied();
        assert!(denied.is_empty(), "denied: {denied:#?}");
    }
}

/// The built-in blueprints.
pub fn blueprints() -> impl Iterator<Item = &'static str> {
    landing::sections::builtin::list().iter().map(|blueprint| blueprint.name)
}

/// Plans the blueprint that was applied, looks for drift, and makes sure that both are allowed.
async fn looked_at(enforced: &Enforced, name: &str) {
    enforced.world.quiet(builtin(name)).await;
    enforced.world.drift(builtin(name)).await;
    enforced.denied_nothing();
}

/// Whether it has the role of a CI system, which signs in to that of the management account and goes on to those of the others.
async fn applied_and_read(name: &str) -> bool {
    let enforced = Enforced::with(&[reading(name)]);
    enforced.world.plan(builtin(name)).await.expect("it can be planned");
    enforced.denied_nothing();
    enforced.call_as_landing();
    let outcome = enforced.world.apply(builtin(name), How::default()).await;
    enforced.denied_nothing();
    let outcome = outcome.expect("it can be applied").outcome;
    assert!(outcome.is_complete(), "{name}: {:#?}", outcome.failed);
    // Its guardrails hold by now.
    looked_at(&enforced, name).await;
    enforced.call_as("arn:aws:iam::111111111111:user/reader", Some(&[reading(name)]));
    looked_at(&enforced, name).await;
    let state = enforced.world.at_rest().await;
    let has_role = !state["resources"]["111111111111"]["global"]["AWS::IAM::Role"]["landing-plan"].is_null();
    if has_role {
        enforced.call_as(LANDING_PLAN, None);
        looked_at(&enforced, name).await;
    }
    has_role
}

#[tokio::test(start_paused = true)]
async fn built_in_blueprints_are_applied_and_read_by_callers_who_have_just_what_landing_permissions_prints() {
    let mut with_roles = 0;
    for name in blueprints() {
        with_roles += usize::from(applied_and_read(name).await);
    }
    assert!(with_roles > 0, "no built-in blueprint has the role");
}

/// AWS's managed policies, which a blueprint may add to the role, are not counted on.
#[tokio::test(start_paused = true)]
async fn landing_plan_s_own_policies_allow_all_that_a_plan_may_read() {
    const BLUEPRINT: &str = "
version: 1
name: roles
organization: {home_region: eu-west-1}
stacks: {landing-roles: {in: [management]}}
";
    let world = World::new();
    world.applied(BLUEPRINT, How::default()).await;
    let state = world.at_rest().await;
    let role = &state["resources"]["111111111111"]["global"]["AWS::IAM::Role"]["landing-plan"]["properties"];
    let documents = role["Policies"].as_array().expect("inline policies").iter();
    let documents = documents.map(|policy| policy["PolicyDocument"].clone()).collect();
    let own = own_policies(&Identity { documents, managed: Vec::new() });
    let plan = "arn:aws:iam::222222222222:role/landing-plan";
    let missing = landing::kinds::reads().filter(|action| {
        let resource = match *action {
            "ssm:GetParameter" => "arn:aws:ssm:eu-west-1:111111111111:parameter/landing/whereabouts/roles",
            "sts:AssumeRole" => plan,
            // It takes no permission.
            "sts:GetCallerIdentity" => return false,
            _ => "*",
        };
        let request = Request::new(plan, action, Some(resource));
        evaluate(std::slice::from_ref(&own), &[], &request).decision != Decision::Allow
    });
    assert_eq!(missing.collect::<Vec<_>>(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_caller_without_a_permission_is_denied_with_the_code_of_the_service() {
    let no_units =
        json!({"Statement": {"Effect": "Deny", "Action": "organizations:CreateOrganizationalUnit", "Resource": "*"}});
    let enforced = Enforced::with(&[permissions(&[]), no_units]);
    let outcome = enforced.world.apply(builtin("minimal"), How::default()).await.expect("it begins").outcome;
    let failed: Vec<String> = outcome.failed.iter().map(|failure| format!("{failure:?}")).collect();
    assert!(failed.iter().any(|failure| failure.contains("AccessDeniedException")), "{failed:#?}");
    let denied = enforced.decider.denied();
    assert!(denied.iter().all(|denied| denied.contains("organizations:CreateOrganizationalUnit")), "{denied:#?}");
}

#[tokio::test(start_paused = true)]
async fn what_an_account_s_own_administrator_may_do_ends_at_the_policies_of_its_places() {
    const BLUEPRINT: &str = "
version: 1
name: shut
organization: {home_region: eu-west-1, account_email: 'aws+{name}@example.com'}
guardrails: [mandatory]
organizational_units: {Work: {accounts: [app]}}
";
    let settings = format!("{BLUEPRINT}account_settings: [{{ebs_encryption: {{}}}}]\n");
    let enforced = Enforced::with(&[permissions(&[])]);
    enforced.world.applied(BLUEPRINT, How::default()).await;
    let deny = json!({"Version": "2012-10-17",
        "Statement": [{"Effect": "Deny", "Action": "ec2:EnableEbsEncryptionByDefault", "Resource": "*"}]});
    enforced
        .world
        .sandbox
        .edit(|state| {
            let root = state["organization"]["root"].clone();
            state["organization"]["policies"]["p-shut000000"] = json!({"name": "shut", "type": "SERVICE_CONTROL_POLICY",
                "content": deny.to_string(), "targets": [root]});
        })
        .expect("it is still a state");
    let outcome = enforced.world.apply(&settings, How::default()).await.expect("it begins").outcome;
    assert!(!outcome.is_complete(), "the account's setting is denied");
    let denied = enforced.decider.denied();
    let expected = "with an explicit deny in a service control policy";
    assert!(denied.iter().any(|denied| denied.contains(expected)), "{denied:#?}");
}
