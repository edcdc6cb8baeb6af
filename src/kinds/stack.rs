use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::cover::places_in;
use super::fields::{body, differences};
use super::ownership::{is_tagged_as, owner};
use super::site::{Purpose, Site, Whereabouts, entrance};
use super::{Cover, Kind, Pending, Step, Workshop, WriteError, read};
use crate::cloud::Entrance;
use crate::facts::Look;
use crate::model::{
    Action, Address, Bindings, Body, Desired, FieldChange, Found, Manual, Observed, Owner, Presence, Risk, Wanted,
};
use crate::template::cloudformation::{self, ResourceDiff, Version, declared_parameters, same_template};

/// The type of resource that lets units use what another account owns.
const SHARE: &str = "AWS::RAM::ResourceShare";

mod change_set;
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
        let Some(known) = look.at(read::Whereabouts(desired.blueprint.clone())) else { return };
        let management = observed.bindings.id(&Address::management()).map(str::to_owned);
        for site in sites(desired, observed, &Whereabouts::from_text(known)) {
            let Some(id) = observed.bindings.id(&site.account).map(str::to_owned) else { continue };
            let entrance = entrance(desired, &site.account, &id, management.as_deref(), Purpose::Look);
            let question = read::StacksIn { entrance: entrance.clone(), region: site.region.clone() };
            match look.at(question) {
                None => {}
                Some(read::Stacks::Closed(why)) => leave_out(desired, &site, why, observed),
                Some(read::Stacks::There(stacks)) => {
                    for stack in stacks {
                        add(desired, look, observed, &site, &entrance, stack);
                    }
                }
            }
        }
    }

    fn differ(&self, wanted: &Wanted, found: &Found) -> Vec<FieldChange> {
        let (mut after, mut before) = (wanted.body.clone(), found.body.clone());
        let (new, old) = (after.remove("template"), before.remove("template"));
        forget_secrets(new.as_ref(), &mut after, &mut before);
        let mut fields = Vec::new();
        for field in differences(&after, &before) {
            match field.path.as_str() {
                "parameters" => fields.extend(one_by_one(&field)),
                _ => fields.push(field),
            }
        }
        if let (Some(new), Some(old)) = (new, old) {
            fields.extend(template_fields(&old, &found.body, &new, &wanted.body));
        }
        fields
    }

    fn unsettles(&self, wanted: &Wanted, found: &Found) -> Vec<Address> {
        let (Some(new), Some(old)) = (wanted.body.get("template"), found.body.get("template")) else {
            return Vec::new();
        };
        let (before, after) = (parameters(&found.body), parameters(&wanted.body));
        let changed = cloudformation::changed_outputs(&Version::new(old, &before), &Version::new(new, &after));
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
            _ if fields.iter().any(|field| field.path == "drift") => {
                (Risk::Disruptive, "resources are not as its template says".into())
            }
            _ if fields.iter().any(|field| field.path == "status") => {
                (Risk::None, "CloudFormation has not finished with it".into())
            }
            _ => (Risk::Disruptive, "it differs".into()),
        }
    }

    /// What the stack shares with units: an account that leaves them cannot use it any more.
    /// <https://docs.aws.amazon.com/ram/latest/userguide/working-with-sharing-stop.html>
    fn covers(&self, address: &Address, body: &Body, bindings: &Bindings) -> Option<Cover> {
        let template = body.get("template").filter(|template| template.is_object())?;
        let given = parameters(body);
        let principals = Version::new(template, &given).properties(SHARE, "Principals");
        let places = places_in(&Value::Array(principals), bindings);
        (!places.is_empty()).then(|| Cover { what: address.clone(), places, is_taken_away: true })
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

/// Everywhere that the blueprint has stacks or has had some.
fn sites(desired: &Desired, observed: &Observed, whereabouts: &Whereabouts) -> BTreeSet<Site> {
    let wanted = desired.of_kind("stack").filter_map(|it| Site::of(&it.address, it.parent.as_ref()?));
    let management = observed.bindings.id(&Address::management());
    let earlier = whereabouts.stacks().flat_map(|(region, id)| {
        let accounts: Vec<Address> = match observed.bindings.address(id) {
            _ if Some(id) == management => vec![Address::management()],
            Some(account) => vec![account.clone()],
            None if id == Whereabouts::ALL => {
                let accounts = desired.of_kind("account").map(|wanted| wanted.address.clone());
                accounts.chain([Address::management()]).collect()
            }
            None => Vec::new(),
        };
        accounts.into_iter().map(|account| Site { account, region: region.to_owned() })
    });
    wanted.chain(earlier).collect()
}

/// Stacks in a place that cannot be looked at can only be waited for.
fn leave_out(desired: &Desired, site: &Site, why: &str, observed: &mut Observed) {
    let of_site = |wanted: &&Wanted| {
        Site::of(&wanted.address, &site.account).as_ref() == Some(site) && wanted.parent.as_ref() == Some(&site.account)
    };
    let shut_out: Vec<Address> = desired.of_kind("stack").filter(of_site).map(|it| it.address.clone()).collect();
    if shut_out.is_empty() {
        return;
    }
    observed.waiting.extend(shut_out);
    observed.manual.push(Manual {
        address: Some(site.account.clone()),
        what: format!("let landing into {} in {}: {why}", site.account, site.region),
        link: Some("https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access-cross-account-role.html".into()),
    });
}

/// Statuses of stacks that never came to be: they are taken away before they are made anew.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html>
fn is_stillborn(status: &str) -> bool {
    matches!(status, "ROLLBACK_COMPLETE" | "REVIEW_IN_PROGRESS" | "CREATE_FAILED" | "ROLLBACK_FAILED")
}

fn is_at_rest(status: &str) -> bool {
    matches!(status, "CREATE_COMPLETE" | "UPDATE_COMPLETE" | "UPDATE_ROLLBACK_COMPLETE" | "IMPORT_COMPLETE")
}

fn add(
    desired: &Desired,
    look: &Look<'_>,
    observed: &mut Observed,
    site: &Site,
    entrance: &Entrance,
    stack: &read::StackFacts,
) {
    if is_stillborn(&stack.status) || stack.status == "DELETE_COMPLETE" {
        return;
    }
    let natural = Address::stack(&site.account.name(), &stack.name, &site.region);
    let tagged = desired.of_kind("stack").find(|wanted| is_tagged_as(desired, wanted, &stack.tags));
    let address = tagged.map_or(natural, |wanted| wanted.address.clone());
    let (owner, tags) = owner(desired, &address, stack.tags.clone());
    let wanted = desired.get(&address).filter(|wanted| wanted.presence == Presence::Present);
    if wanted.is_none() && !matches!(owner, Owner::This { .. }) {
        return;
    }
    let template =
        read::StackTemplate { entrance: entrance.clone(), region: site.region.clone(), id: stack.id.clone() };
    let template = if wanted.is_some() { look.at(template).cloned() } else { Some(Value::Null) };
    let Some(template) = template else { return };
    let drifts = read::StackDrifts { entrance: entrance.clone(), region: site.region.clone(), id: stack.id.clone() };
    let drift = if stack.drifted { look.at(drifts).map(|drifts| json!(drifts)) } else { None };
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
            ("drift", json!(drift)),
        ]),
        parent: Some(site.account.clone()),
        hangs_on: vec![site.account.clone()],
        address,
    });
}

/// What is not echoed cannot be compared.
fn forget_secrets(template: Option<&Value>, wanted: &mut Body, found: &mut Body) {
    let secrets = template.map(declared_parameters).unwrap_or_default();
    for secret in secrets.iter().filter(|parameter| parameter.no_echo) {
        for body in [&mut *wanted, &mut *found] {
            if let Some(parameters) = body.get_mut("parameters").and_then(Value::as_object_mut) {
                parameters.remove(&secret.name);
            }
        }
    }
}

/// The parameters that differ, each as a field.
fn one_by_one(field: &FieldChange) -> Vec<FieldChange> {
    let map = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let fields = differences(&map(&field.after), &map(&field.before));
    fields.into_iter().map(|field| FieldChange { path: format!("parameters.{}", field.path), ..field }).collect()
}

/// What another template does, resource by resource.
fn template_fields(old: &Value, old_body: &Body, new: &Value, new_body: &Body) -> Vec<FieldChange> {
    let (before, after) = (parameters(old_body), parameters(new_body));
    let diffs = cloudformation::template_diff(&Version::new(old, &before), &Version::new(new, &after));
    let resource = |template: &Value, id: &str| template["Resources"].get(id).cloned().unwrap_or_default();
    let mut fields: Vec<FieldChange> = diffs
        .iter()
        .map(|diff| FieldChange {
            path: format!("resources.{}", diff.logical_id),
            before: resource(old, &diff.logical_id),
            after: resource(new, &diff.logical_id),
        })
        .collect();
    let taken: Vec<&str> = diffs.iter().filter(|diff| is_taken_away(diff)).map(|it| it.logical_id.as_str()).collect();
    if !taken.is_empty() {
        fields.push(FieldChange { path: "takes_away".into(), before: json!(taken), after: Value::Null });
    }
    if fields.is_empty() && !same_template(old, new) {
        let rest = |template: &Value| {
            let mut rest = template.as_object().cloned().unwrap_or_default();
            rest.remove("Resources");
            Value::Object(rest)
        };
        fields.push(FieldChange { path: "template".into(), before: rest(old), after: rest(new) });
    }
    fields
}

fn is_taken_away(diff: &ResourceDiff) -> bool {
    use crate::template::cloudformation::{Kind as Does, Replaces};
    !diff.retained && (diff.kind == Does::Removed || diff.replaces == Replaces::Yes)
}

fn parameters(body: &Body) -> BTreeMap<String, String> {
    let parameters = body.get("parameters").and_then(Value::as_object);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    parameters.into_iter().flatten().map(|(name, value)| (name.clone(), text(value))).collect()
}
