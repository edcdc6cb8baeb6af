use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::cover::places_in;
use super::deployment::{changed_outputs, deployment_differences, shared_with};
use super::drift::{DRIFT, Place, fields, is_drift};
use super::fields::body;
use super::ownership::{is_tagged_as, owner};
use super::site::{Purpose, Site, Whereabouts, entrance, shut_out};
use super::{Cover, Deployment, Kind, Pending, Scene, Step, Workshop, WriteError, read};
use crate::cloud::Entrance;
use crate::facts::Look;
use crate::model::{
    Action, Address, Bindings, Body, Desired, FieldChange, Found, Observed, Owner, Presence, Risk, TAG_ADDRESS, Wanted,
};

mod change_set;
mod drift;
mod failure;
mod write;

/// CloudFormation stacks, each in one account and region: `stack/management/org-trail/eu-west-1`.
pub(super) struct Stacks;

impl Kind for Stacks {
    fn name(&self) -> &'static str {
        "stack"
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        if !observed.found.contains_key(&Address::organization()) {
            return;
        }
        let management = observed.bindings.id(&Address::management()).map(str::to_owned);
        let Some(sites) = sites(desired, look, observed) else { return };
        for site in sites {
            let Some(id) = observed.bindings.id(&site.account).map(str::to_owned) else { continue };
            let entrance = entrance(desired, &site.account, &id, management.as_deref(), Purpose::Look);
            let question = read::StacksIn { entrance: entrance.clone(), region: site.region.clone() };
            match look.at(question) {
                None => {}
                Some(read::Seen::Closed(why)) => leave_out(desired, &site, why, observed),
                Some(read::Seen::There(stacks)) => {
                    for stack in stacks {
                        add(desired, look, observed, &site, &entrance, stack);
                    }
                }
            }
        }
    }

    fn differ(&self, wanted: &Wanted, found: &Found) -> Vec<FieldChange> {
        let differences = deployment_differences(&wanted.body, &found.body);
        let told = |field: FieldChange| if field.path == DRIFT { fields(DRIFT, &field.before) } else { vec![field] };
        differences.into_iter().flat_map(told).collect()
    }

    fn unsettles(&self, wanted: &Wanted, found: &Found) -> Vec<Address> {
        let changed = changed_outputs(&wanted.body, &found.body);
        changed.iter().map(|output| wanted.address.output_named(output)).collect()
    }

    fn judge(&self, action: Action, fields: &[FieldChange], _found: Option<&Found>) -> (Risk, String) {
        match action {
            Action::Create => (Risk::None, "no stack of this name is there".into()),
            Action::Delete => (Risk::Destructive, "the blueprint does not have it any more".into()),
            _ if fields.iter().any(|field| field.path == "takes_away") => {
                (Risk::Destructive, "the template takes resources away or replaces them".into())
            }
            Action::Adopt => (Risk::Disruptive, "it exists and nobody owns it".into()),
            _ if fields.iter().any(is_drift) => (Risk::Disruptive, "resources are not as its template says".into()),
            _ if fields.iter().any(|field| field.path == "status") => {
                (Risk::None, "CloudFormation has not finished with it".into())
            }
            _ => (Risk::Disruptive, "it differs".into()),
        }
    }

    /// What the stack shares with units: an account that leaves them cannot use it any more.
    /// <https://docs.aws.amazon.com/ram/latest/userguide/working-with-sharing-stop.html>
    fn covers(&self, address: &Address, body: &Body, bindings: &Bindings) -> Option<Cover> {
        let places = places_in(&shared_with(body), bindings);
        (!places.is_empty()).then(|| Cover { what: address.clone(), places, is_taken_away: true })
    }

    fn deployments(&self, wanted: &Wanted, scene: &Scene<'_>) -> Vec<Deployment> {
        deployment(self, wanted, scene).into_iter().collect()
    }

    fn write<'a>(&'a self, step: &'a Step, shop: &'a Workshop) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            match step.change.action {
                Action::Delete => write::delete(step, shop).await,
                _ => write::put(step, shop).await,
            }
        })
    }

    fn reads(&self) -> &'static [&'static str] {
        &[
            "cloudformation:DescribeStacks",
            "cloudformation:GetTemplate",
            "cloudformation:DescribeStackResourceDrifts",
            "cloudformation:DetectStackDrift",
            // AWS asks for these two before it looks for drift.
            "cloudformation:DetectStackResourceDrift",
            "cloudformation:BatchDescribeTypeConfigurations",
            "cloudformation:DescribeStackDriftDetectionStatus",
            "cloudformation:ListStackResources",
            "ssm:GetParameter",
            "sts:AssumeRole",
        ]
    }

    fn writes(&self) -> &'static [&'static str] {
        &[
            "cloudformation:CreateChangeSet",
            "cloudformation:DescribeChangeSet",
            "cloudformation:ExecuteChangeSet",
            "cloudformation:DeleteChangeSet",
            "cloudformation:DescribeStackEvents",
            "cloudformation:DeleteStack",
            "cloudformation:UpdateTerminationProtection",
            "s3:GetObject",
            "s3:PutObject",
            "ssm:PutParameter",
        ]
    }
}

/// The stack, where it is not as it is wanted in an account that is there.
fn deployment(kind: &Stacks, wanted: &Wanted, scene: &Scene<'_>) -> Option<Deployment> {
    let account = wanted.parent.as_ref()?;
    let Site { region, .. } = Site::of(&wanted.address, account)?;
    let id = scene.id(account)?;
    let management = scene.observed.bindings.id(&Address::management());
    let entrance = entrance(scene.desired, account, id, management, Purpose::Look);
    let Some(read::Seen::There(_)) = scene.look.at(read::StacksIn { entrance, region: region.clone() }) else {
        return None;
    };
    let found = scene.observed.found.get(&wanted.address);
    let is_quiet = found.is_some_and(|found| kind.differ(wanted, found).is_empty());
    let own_stack = wanted.body.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    (!is_quiet).then(|| Deployment { account: account.clone(), region, is_there: found.is_some(), own_stack })
}

/// Everywhere that the blueprint has stacks or has had some; for a survey, that any blueprint has had some. `None` while that
/// is being asked.
fn sites(desired: &Desired, look: &Look<'_>, observed: &Observed) -> Option<BTreeSet<Site>> {
    let others = observed.found.values().filter_map(|found| match &found.owner {
        Owner::Other(blueprint) if desired.settings.surveys => Some(blueprint),
        _ => None,
    });
    let blueprints: BTreeSet<&String> = others.chain([&desired.blueprint]).collect();
    // All are looked for before any is waited for, so that they are asked at once.
    let known: Vec<_> = blueprints.into_iter().map(|name| (name, look.at(read::Whereabouts(name.clone())))).collect();
    let wanted = desired.of_kind("stack").filter_map(|it| Site::of(&it.address, it.parent.as_ref()?));
    let mut sites: BTreeSet<Site> = wanted.collect();
    for (blueprint, known) in known {
        sites.extend(earlier(blueprint, desired, observed, &Whereabouts::from_text(known?)));
    }
    Some(sites)
}

/// Where a blueprint, which may be another than the one that is wanted, has had stacks.
fn earlier(blueprint: &str, desired: &Desired, observed: &Observed, whereabouts: &Whereabouts) -> Vec<Site> {
    let management = observed.bindings.id(&Address::management());
    let sites = whereabouts.stacks().flat_map(|(region, id)| {
        let accounts: Vec<Address> = match observed.bindings.address(id) {
            _ if Some(id) == management => vec![Address::management()],
            Some(account) => vec![account.clone()],
            None if id == Whereabouts::ALL => {
                let accounts = desired.of_kind("account").map(|wanted| wanted.address.clone());
                accounts.chain(of_others(blueprint, observed)).chain([Address::management()]).collect()
            }
            None => Vec::new(),
        };
        accounts.into_iter().map(|account| Site { account, region: region.to_owned() })
    });
    sites.collect()
}

/// The accounts of another blueprint.
fn of_others(blueprint: &str, observed: &Observed) -> impl Iterator<Item = Address> {
    let theirs = Owner::Other(blueprint.to_owned());
    let accounts = observed.found.values().filter(move |found| found.kind == "account" && found.owner == theirs);
    accounts.map(|found| found.address.clone())
}

/// Stacks in a place that cannot be looked at can only be waited for.
fn leave_out(desired: &Desired, site: &Site, why: &str, observed: &mut Observed) {
    let of_site = |wanted: &&Wanted| {
        Site::of(&wanted.address, &site.account).as_ref() == Some(site) && wanted.parent.as_ref() == Some(&site.account)
    };
    let waiting: Vec<Address> = desired.of_kind("stack").filter(of_site).map(|it| it.address.clone()).collect();
    if waiting.is_empty() {
        return;
    }
    shut_out(site, why, waiting, observed);
}

/// Statuses of stacks that never came to be: they are taken away before they are made anew.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html>
fn is_stillborn(status: &str) -> bool {
    matches!(status, "ROLLBACK_COMPLETE" | "REVIEW_IN_PROGRESS" | "CREATE_FAILED" | "ROLLBACK_FAILED")
}

fn is_at_rest(status: &str) -> bool {
    matches!(status, "CREATE_COMPLETE" | "UPDATE_COMPLETE" | "UPDATE_ROLLBACK_COMPLETE" | "IMPORT_COMPLETE")
}

/// Stacks bear the tags of the stack set that made them, also when it has left them.
fn is_of_a_set(stack: &read::StackFacts) -> bool {
    stack.tags.get(TAG_ADDRESS).is_some_and(|address| Address::parse(address).prefix() == "stack-set")
}

fn add(
    desired: &Desired,
    look: &Look<'_>,
    observed: &mut Observed,
    site: &Site,
    entrance: &Entrance,
    stack: &read::StackFacts,
) {
    if is_stillborn(&stack.status) || stack.status == "DELETE_COMPLETE" || is_of_a_set(stack) {
        return;
    }
    let natural = Address::stack(&site.account.name(), &stack.name, &site.region);
    let tagged = desired.of_kind("stack").find(|wanted| is_tagged_as(desired, wanted, &stack.tags));
    let address = tagged.map_or(natural, |wanted| wanted.address.clone());
    let (owner, tags) = owner(desired, &address, stack.tags.clone());
    let wanted = desired.get(&address).filter(|wanted| wanted.presence == Presence::Present);
    let surveyed = desired.settings.surveys && owner != Owner::Nobody;
    if wanted.is_none() && !surveyed && !matches!(owner, Owner::This { .. }) {
        return;
    }
    let template =
        read::StackTemplate { entrance: entrance.clone(), region: site.region.clone(), id: stack.id.clone() };
    let template = if wanted.is_some() || surveyed { look.at(template).cloned() } else { Some(Value::Null) };
    let Some(template) = template else { return };
    let place = Place { entrance, region: &site.region, id: &stack.id };
    let drift = drift::recognize(desired, look, observed, (&address, &owner), (&place, stack));
    for (name, value) in &stack.outputs {
        observed.bindings.bind_output(address.output_named(name), value.clone());
    }
    let unfinished = (!is_at_rest(&stack.status)).then(|| json!(stack.status));
    observed.add(Found {
        kind: "stack".into(),
        id: stack.id.clone(),
        owner,
        body: body([
            ("name", json!(stack.name)),
            ("region", json!(site.region)),
            ("template", template),
            ("parameters", json!(stack.parameters)),
            ("termination_protection", json!(stack.termination_protection)),
            ("tags", json!(tags)),
            ("status", json!(unfinished)),
            (DRIFT, json!(drift)),
        ]),
        parent: Some(site.account.clone()),
        hangs_on: vec![site.account.clone()],
        address,
    });
}
