use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::global::BLUEPRINT;
use super::super::next;
use super::super::session::Session;
use crate::cloud::{AwsError, Cloud};
use crate::engine::LEASE_PARAMETER;
use crate::facts::Question;
use crate::kinds::read::{
    Account, Accounts, Caller, CallerIdentity, ContactOf, IdentityCenter, OpenInvitations, Organization,
    OrganizationFacts, PoliciesOf, RegionsOf, Root, Tagged, TagsOf, TrustedAccess, UnitsOf,
};
use crate::kinds::resource::{self, Resource};
use crate::model::{Address, CONTROL_TOWER, Desired};
use crate::report::{Line, Paint, clean};

/// Accounts that an organization may have until its owner asks for more, taken in November 2026.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>
const ACCOUNTS_GRANTED: usize = 10;

/// Check credentials, permissions and quotas
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// The blueprint, for its home region
    #[arg(default_value = BLUEPRINT)]
    blueprint: PathBuf,
}

pub(in super::super) async fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let desired = match arguments.blueprint.exists() {
        true => session.declare(&arguments.blueprint)?.desired,
        false => Desired::default(),
    };
    let cloud = session.global.connect(&desired.settings).await?;
    let mut examination = Examination { cloud, session, desired, found_problems: false };
    examination.all().await?;
    let next = match examination.found_problems {
        true => Line::of(Paint::Danger, "Not ready: ").plain("correct what is marked ✗"),
        false => Line::of(Paint::Dim, "Next: ")
            .with(Paint::Link, next::command("plan", Some(&arguments.blueprint), &session.global)),
    };
    session.out.result(&format!("\n{}\n", next.to_ansi()))?;
    Ok(if examination.found_problems { Exit::ERROR } else { Exit::DONE })
}

struct Examination<'s> {
    cloud: Arc<Cloud>,
    session: &'s Session,
    /// What the blueprint declares, if there is one.
    desired: Desired,
    /// Whether a check has failed.
    found_problems: bool,
}

impl Examination<'_> {
    async fn all(&mut self) -> Result<(), Failure> {
        let caller = Caller.ask(&self.cloud).await;
        let Some(caller) = self.answered("credentials", caller, describe_caller)? else { return Ok(()) };
        if caller.arn.ends_with(":root") {
            self.bad(
                "principal",
                "this is the root user, which can assume no role",
                "use a role or user of the account",
            )?;
        }
        let organization = Organization.ask(&self.cloud).await;
        let organization = self.answered("organization", organization, describe_organization)?;
        self.lease().await?;
        match organization.flatten() {
            Some(organization) => self.inside(&caller, &organization).await,
            None => self.alone().await,
        }
    }

    /// In an organization: whether it is the right account, and whether everything can be read.
    async fn inside(&mut self, caller: &CallerIdentity, organization: &OrganizationFacts) -> Result<(), Failure> {
        let management = &organization.management_account;
        if caller.account != *management {
            let what = format!("account {} is a member; {management} manages the organization", caller.account);
            return self.bad("management account", &what, "use credentials of the management account: --profile NAME");
        }
        self.good("management account", management)?;
        if !organization.has_all_features() {
            let help = "enable all features: apply asks the invited accounts, each of which must agree";
            self.bad("all features", "the organization has only consolidated billing", help)?;
        }
        let root = Root.ask(&self.cloud).await;
        if let Some(root) =
            self.answered("root", root, |root| format!("policy types: {}", listed(&root.policy_types)))?
        {
            let units = UnitsOf(root.id.clone()).ask(&self.cloud).await;
            self.answered("units", units, |units| format!("{} directly under the root", units.len()))?;
            let tags = TagsOf(root.id).ask(&self.cloud).await;
            self.answered("tags", tags, |_| "can be read".into())?;
        }
        let accounts = Accounts.ask(&self.cloud).await;
        let accounts = self.answered("accounts", accounts, |accounts| format!("{} of them", accounts.len()))?;
        self.quotas(&accounts.unwrap_or_default())?;
        let services = TrustedAccess.ask(&self.cloud).await;
        let services = self.answered("trusted access", services, |services| format!("{} services", services.len()))?;
        self.control_tower(&services.unwrap_or_default())?;
        let policies = PoliciesOf("SERVICE_CONTROL_POLICY".into()).ask(&self.cloud).await;
        self.answered("policies", policies, |policies| format!("{} SCPs", policies.len()))?;
        let invitations = OpenInvitations.ask(&self.cloud).await;
        self.answered("invitations", invitations, |open| format!("{} open", open.len()))?;
        let tagged = Tagged.ask(&self.cloud).await;
        self.answered("tag index", tagged, |tagged| match tagged {
            Some(tagged) => format!("{} tagged resources", tagged.len()),
            None => "the endpoint has none; tags are read one by one".into(),
        })?;
        let regions = RegionsOf(None).ask(&self.cloud).await;
        self.answered("regions", regions, |regions| format!("{} listed", regions.len()))?;
        let contact = ContactOf { account: None, contact_type: "SECURITY".into() }.ask(&self.cloud).await;
        self.answered("contacts", contact, |_| "can be read".into())?;
        self.identity_center().await
    }

    /// Whether AWS Control Tower governs the organization, and the blueprint says so.
    fn control_tower(&self, services: &[String]) -> Result<(), Failure> {
        let governs = services.iter().any(|service| service == CONTROL_TOWER);
        match (governs, self.desired.settings.control_tower) {
            (true, true) => {
                self.good("Control Tower", "governs the organization; landing does not touch its resources")
            }
            (true, false) => self.note(
                "Control Tower",
                "governs the organization, and landing does not touch its resources: write `control_tower: true` under \
                 `organization`, so that guardrails exempt its roles",
            ),
            (false, true) => self
                .note("Control Tower", "the blueprint declares it, but it has no trusted access in the organization"),
            (false, false) => Ok(()),
        }
    }

    /// Where the blueprint speaks of people. Only a person can enable Identity Center.
    async fn identity_center(&mut self) -> Result<(), Failure> {
        if self.desired.settings.identity.is_none() {
            return Ok(());
        }
        match IdentityCenter.ask(&self.cloud).await {
            Ok(None) => self.note("Identity Center", "not enabled for the organization: apply leaves it out"),
            reply => {
                let reply = reply.map(Option::unwrap_or_default);
                self.answered("Identity Center", reply, |center| center.instance.clone()).map(drop)
            }
        }
    }

    /// In no organization: apply creates one.
    async fn alone(&mut self) -> Result<(), Failure> {
        self.note("before apply", "the account needs a payment method, and its email address must be verified")?;
        self.quotas(&[])
    }

    /// No API that landing calls returns an organization's quotas, so this compares with what AWS grants every organization.
    fn quotas(&mut self, accounts: &[Account]) -> Result<(), Failure> {
        let exists = |email: &str| accounts.iter().any(|account| account.email.eq_ignore_ascii_case(email));
        let accounts_wanted = self.desired.of(Address::is_account).filter_map(|it| resource::Account::of(&it.body));
        let new = accounts_wanted.filter(|account| !exists(&account.email)).count();
        // The management account counts, and in an organization it is one of those listed.
        let wanted = accounts.len().max(1) + new;
        if new == 0 {
            return Ok(());
        }
        if wanted <= ACCOUNTS_GRANTED {
            return self.good(
                "quotas",
                &format!("{wanted} accounts needed, AWS grants {ACCOUNTS_GRANTED} to every organization"),
            );
        }
        let text = format!(
            "{new} new accounts make {wanted}; AWS grants {ACCOUNTS_GRANTED} until you request more in Service Quotas \
             (AWS Organizations, L-E619E033)"
        );
        self.note("quotas", &text)
    }

    /// The lease's parameter, which may not exist yet.
    async fn lease(&mut self) -> Result<(), Failure> {
        let reply = self.cloud.parameter(LEASE_PARAMETER).await.map(|parameter| match parameter {
            Some(_) => "can be read",
            None => "free: no apply has used it yet",
        });
        let region = self.cloud.region.clone();
        self.answered("lease", reply, |text| format!("{text} (in {region})"))?;
        Ok(())
    }

    fn answered<T>(
        &mut self,
        what: &str,
        answer: Result<T, AwsError>,
        describe: impl FnOnce(&T) -> String,
    ) -> Result<Option<T>, Failure> {
        match answer {
            Ok(value) => {
                self.good(what, &describe(&value))?;
                Ok(Some(value))
            }
            Err(error) => {
                // Doctor itself is what the help for others advises.
                let Failure { message, help, .. } = Failure::of_call(&error).about_credentials(&self.session.global);
                self.bad(what, &message, &help.unwrap_or_else(|| "try again in a while".into()))?;
                Ok(None)
            }
        }
    }

    fn good(&self, what: &str, text: &str) -> Result<(), Failure> {
        self.line(Line::of(Paint::Good, "✓ "), what, text)
    }

    fn note(&self, what: &str, text: &str) -> Result<(), Failure> {
        self.line(Line::of(Paint::Changed, "! "), what, text)
    }

    fn bad(&mut self, what: &str, text: &str, help: &str) -> Result<(), Failure> {
        self.found_problems = true;
        self.line(Line::of(Paint::Danger, "✗ "), what, text)?;
        let help = Line::of(Paint::Good, "help").plain(format!(": {}", clean(help)));
        self.wrapped(&help, &Line::new().plain("    "))
    }

    fn line(&self, mark: Line, what: &str, text: &str) -> Result<(), Failure> {
        let line = Line::of(Paint::Strong, what).plain(format!(": {}", clean(text)));
        self.wrapped(&line, &mark)
    }

    fn wrapped(&self, line: &Line, first: &Line) -> Result<(), Failure> {
        let lines = line.wrap(first, &Line::new().plain("    "), self.session.out.layout().width);
        self.session.out.result(&lines.iter().map(|line| line.to_ansi() + "\n").collect::<String>())
    }
}

fn describe_caller(caller: &CallerIdentity) -> String {
    format!("{} in account {}", caller.arn, caller.account)
}

fn describe_organization(organization: &Option<OrganizationFacts>) -> String {
    match organization {
        Some(organization) => organization.id.clone(),
        None => "none yet; apply creates one".into(),
    }
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "none".into() } else { names.join(", ") }
}
