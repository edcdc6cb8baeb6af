use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_cloudformation::types::{AutoDeployment, PermissionModels};
use serde::Deserialize;
use serde_json::Value;

use super::super::read::{
    self, StackInstanceFacts, StackInstanceOverrides, StackInstancesOf, StackSetFacts, StackSetNamed, StackSetTargets,
};
use super::super::{Step, WriteContext, WriteError};
use super::definition;
use super::drift::revert_drift;
use super::ended::Ended;
use super::missing;
use super::operation::{Operation, Set};
use super::overrides::{divided, grouped, to_give};
use super::preferences::preferences;
use super::resource::{self, EXCEPT, INSTANCES, OVERRIDES, ParametersBy, StackSet, Values};
use super::targets::{Place, Regions, Targets, of_units, without};
use crate::cloud::{AwsError, Explain};
use crate::facts::Question;
use crate::kinds::shared::deployed::Templated;
use crate::kinds::shared::deployment::{capabilities_of, deployment_differences, parameters_of, tags_of};
use crate::kinds::shared::write::done_already;
use crate::model::{Address, OwnershipTags, Presence, Tags, Wanted};

/// Makes the stack set as it is wanted, and waits for its stacks. Those that are to go have gone before the others are
/// updated and new ones made: they may hold names that these will take.
pub(super) async fn put(step: &Step, context: &WriteContext) -> Result<(), WriteError> {
    let wanted = step.wanted()?;
    let says: StackSet = step.complete(context)?;
    let set = enter(&wanted.address, context, &says).await?;
    let there = set.found_or_made(&says).await?;
    context.bind(&wanted.address, &there.id);
    let places = set.places(&says, &there).await?;
    let mut ended = set.withdraw(&places).await?;
    if !ended.is_given_up() {
        ended = ended.and(set.include(step, &says, &places).await?);
    }
    let tags = set.tags(&says, &there.tags);
    let is_outdated = differs(&there, &says, &tags);
    let gives =
        !says.parameters_by.is_empty() || step.change.fields.iter().any(|field| field.path.starts_with(OVERRIDES));
    // What is to keep its value is given it as its own before the stack set's changes.
    if gives && !ended.is_given_up() {
        ended = ended.and(set.override_parameters(&says, &there).await?);
    }
    if is_outdated && !ended.is_given_up() {
        let template = context.hand_over_for(&step.change, &says.template).await?;
        let update = Operation::Update { says: &says, template: &template, tags: &tags };
        ended = ended.and(set.carry_out(&update).await?);
    }
    if !ended.is_given_up() {
        ended = ended.and(set.deploy(&says, &places).await?).and(set.add_missing(step, &says, &places).await?);
        ended = ended.and(set.retry_failed(step, &places, is_outdated).await?);
    }
    if gives && !ended.is_given_up() {
        let now = set.look().await?.unwrap_or(there);
        ended = ended.and(set.override_parameters(&says, &now).await?);
    }
    ended.into_result(&wanted.address)?;
    revert_drift(step, context).await
}

/// Deletes the stack set and its instances; their stacks too, unless it retains them.
pub(super) async fn delete(step: &Step, context: &WriteContext) -> Result<(), WriteError> {
    let address = &step.change.address;
    let set = enter(address, context, &StackSet::default()).await?;
    if let Some(there) = set.look().await? {
        set.wait_until_done().await?;
        let ended = set.empty(&there).await?;
        ended.into_result(address)?;
        set.take_away().await?;
    }
    context.unbind(address);
    Ok(())
}

async fn enter<'a>(address: &'a Address, context: &'a WriteContext, says: &StackSet) -> Result<Set<'a>, WriteError> {
    let client = read::home(&context.cloud).await?;
    let given = says.operation_preferences.clone().unwrap_or_default();
    let accounts = accounts(says, context);
    Ok(Set { client, address, context, preferences: preferences(&given, accounts), accounts })
}

/// How many accounts of the blueprint the stack set is for.
fn accounts(says: &StackSet, context: &WriteContext) -> usize {
    let targets = &says.deployment_targets;
    let is_target = |wanted: &&Wanted| {
        let place = wanted.parent.clone().unwrap_or_else(Address::root);
        wanted.presence == Presence::Present
            && targets.keys().any(|unit| place.is_below(unit))
            && !says.except.contains(&wanted.address)
    };
    context.desired.of_kind("account").filter(is_target).count()
}

impl Set<'_> {
    /// What is said about accounts that come and go, as AWS takes it: no retention without deployment.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_AutoDeployment.html>
    pub(super) fn auto_deployment(&self, says: &resource::AutoDeployment) -> AutoDeployment {
        let retain = says.enabled.then(|| says.retains_stacks());
        let first: Vec<String> = says.depends_on.iter().filter_map(|name| self.arn(name)).collect();
        AutoDeployment::builder()
            .enabled(says.enabled)
            .set_retain_stacks_on_account_removal(retain)
            .set_depends_on((!first.is_empty()).then_some(first))
            .build()
    }

    /// The ARN of another stack set, which is there by now: this one needs it.
    fn arn(&self, name: &str) -> Option<String> {
        let id = self.context.id(&Address::stack_set(name)).ok()?;
        let (cloud, account) = (&self.context.cloud, &self.context.management_account);
        Some(format!("arn:{}:cloudformation:{}:{account}:stackset/{id}", cloud.partition, cloud.region))
    }
}

/// Whether the stack set is not what its stacks are to be made from.
fn differs(there: &StackSetFacts, says: &StackSet, tags: &Tags) -> bool {
    let found = definition(there, there.tags.clone());
    let wanted = StackSet {
        name: found.name.clone(),
        tags: tags.clone(),
        deployment_targets: Regions::new(),
        except: BTreeSet::new(),
        parameters_by: ParametersBy::default(),
        operation_preferences: None,
        ..says.clone()
    };
    !deployment_differences(&wanted.into_body(), &found.into_body()).is_empty()
}

/// Where stacks are, and where they are to be.
struct Places {
    is: Regions<String>,
    to_be: Regions<String>,
    instances: Vec<StackInstanceFacts>,
    /// The accounts that are to have no stack, by their ids.
    except: BTreeSet<String>,
    /// Whether stacks outlive their instances.
    retain: bool,
}

impl Set<'_> {
    async fn look(&self) -> Result<Option<StackSetFacts>, AwsError> {
        StackSetNamed(self.name()).ask(&self.context.cloud).await
    }

    /// The stack set, at rest.
    async fn found_or_made(&self, says: &StackSet) -> Result<StackSetFacts, WriteError> {
        match self.look().await? {
            None => self.create(says).await,
            Some(there) => {
                self.wait_until_done().await?;
                Ok(there)
            }
        }
    }

    /// The blueprint's tags, those of ownership, and of the existing ones those that are another owner's business.
    fn tags(&self, says: &StackSet, existing: &Tags) -> Tags {
        let ignored = existing.iter().filter(|(key, _)| self.context.desired.ignores_tag(key));
        let ignored = ignored.map(|(key, value)| (key.clone(), value.clone()));
        let ownership = self.context.ownership(self.address).pairs();
        ignored.chain(says.tags.clone()).chain(ownership).collect()
    }

    async fn create(&self, says: &StackSet) -> Result<StackSetFacts, WriteError> {
        const OPERATION: &str = "cloudformation:CreateStackSet";
        let request = self.client.create_stack_set().stack_set_name(self.name());
        let request = request.permission_model(PermissionModels::ServiceManaged);
        let template = self.context.hand_over(&says.template).await?;
        let request = request.set_template_body(template.body()).set_template_url(template.url());
        let request = request.auto_deployment(self.auto_deployment(&says.auto_deployment));
        let request = request.set_parameters(Some(parameters_of(&says.parameters)));
        let request = request.set_capabilities(Some(capabilities_of(&says.template)));
        let request = request.set_tags(Some(tags_of(&self.tags(says, &Tags::new()))));
        done_already(request.send().await.explain(OPERATION), &["NameAlreadyExistsException"])?;
        let made = self.look().await?.ok_or_else(|| AwsError::odd(OPERATION, "the stack set is not there"))?;
        if OwnershipTags::take(&mut made.tags.clone()) == Some(self.context.ownership(self.address)) {
            return Ok(made);
        }
        Err(WriteError::Failed {
            message: format!("{} was created by another program since the plan was made", self.address),
            help: "plan again: it will be adopted".into(),
        })
    }

    async fn places(&self, says: &StackSet, there: &StackSetFacts) -> Result<Places, WriteError> {
        let (listed, instances) = self.listed(there).await?;
        let address_of = |id: &str| self.context.address_of(id);
        let is = self.ids(of_units(there, &listed, &instances, &says.deployment_targets, address_of))?;
        let to_be = self.ids(says.deployment_targets.clone())?;
        let except = says.except.iter().map(|account| self.context.id(account)).collect::<Result<_, _>>()?;
        Ok(Places { is, to_be, instances, except, retain: says.auto_deployment.retains_stacks() })
    }

    /// Leaves the units, regions and accounts that the stack set is no longer for.
    async fn withdraw(&self, places: &Places) -> Result<Ended, WriteError> {
        let mut ended = Ended::default();
        for targets in Targets::whole_units(&without(&places.is, &places.to_be)) {
            let withdraw = Operation::Withdraw { targets: &targets, retain: places.retain };
            ended = ended.and(self.carry_out(&withdraw).await?);
        }
        let is_left_out = |instance: &&StackInstanceFacts| {
            let regions = places.to_be.get(&instance.unit).filter(|_| places.except.contains(&instance.account));
            regions.is_some_and(|regions| regions.contains(&instance.region))
        };
        for targets in Targets::instances(places.instances.iter().filter(is_left_out)) {
            let withdraw = Operation::Withdraw { targets: &targets, retain: places.retain };
            ended = ended.and(self.carry_out(&withdraw).await?);
        }
        Ok(ended)
    }

    /// Goes into the accounts that are left out no more, before the set's tag says so: what is cut off is done again.
    async fn include(&self, step: &Step, says: &StackSet, places: &Places) -> Result<Ended, WriteError> {
        let field = step.change.field(EXCEPT);
        let list = |value: &Value| BTreeSet::<Address>::deserialize(value).unwrap_or_default();
        let (before, after) = field.map(|field| (list(&field.before), list(&field.after))).unwrap_or_default();
        let accounts = before.difference(&after).map(|account| (account, None));
        self.go_into(accounts, says, places).await
    }

    /// Goes into the accounts that the plan showed without a stack, where AWS has not followed them meanwhile.
    async fn add_missing(&self, step: &Step, says: &StackSet, places: &Places) -> Result<Ended, WriteError> {
        let missing: Vec<(Address, String)> = step.change.fields.iter().filter_map(missing::place).collect();
        let places_of = missing.iter().map(|(account, region)| (account, Some(region)));
        self.go_into(places_of, says, places).await
    }

    /// Makes the stacks of accounts in units that the set is for, with the values that each has, where there are none.
    async fn go_into<'p>(
        &self,
        accounts: impl Iterator<Item = (&'p Address, Option<&'p String>)>,
        says: &StackSet,
        places: &Places,
    ) -> Result<Ended, WriteError> {
        let mut missing = Vec::new();
        for (account, of_region) in accounts {
            let id = self.context.id(account)?;
            let is_there = |region: &String| places.instances.iter().any(|it| it.account == id && it.region == *region);
            for (unit, regions) in places.to_be.iter().filter(|(unit, _)| self.lies_in(&id, unit)) {
                let place = |region: &String| Place { account: id.clone(), unit: unit.clone(), region: region.clone() };
                let own = |region: &String| says.parameters_by.at(Some(account), region);
                let asked =
                    regions.iter().filter(|region| of_region.is_none_or(|of| of == *region) && !is_there(region));
                missing.extend(asked.map(|region| (place(region), own(region))));
            }
        }
        let mut ended = Ended::default();
        for (targets, overrides) in &grouped(missing) {
            ended = ended.and(self.carry_out(&Operation::Deploy { targets, overrides }).await?);
        }
        Ok(ended)
    }

    /// Whether an account lies in a unit, by their ids, as the blueprint has it or else as it was found.
    fn lies_in(&self, account: &str, unit: &str) -> bool {
        let (account, unit) = (self.context.address_of(account), self.context.address_of(unit));
        let parent = account.and_then(|account| self.context.desired.get(&account)?.parent.clone());
        unit.is_some_and(|unit| parent.is_none_or(|parent| parent.is_below(&unit)))
    }

    /// Goes into the units and regions that the stack set is not for yet.
    async fn deploy(&self, says: &StackSet, places: &Places) -> Result<Ended, WriteError> {
        let mut ended = Ended::default();
        for targets in Targets::whole_units(&without(&places.to_be, &places.is)) {
            let targets = targets.without(&places.except, |account, unit| self.lies_in(account, unit));
            let special = self.with_own_values(says, &targets, &places.except);
            for (targets, overrides) in &divided(&targets, &says.parameters_by, &special) {
                ended = ended.and(self.carry_out(&Operation::Deploy { targets, overrides }).await?);
            }
        }
        Ok(ended)
    }

    /// The accounts of these units that have other values than the rest, by their ids, those not among them that are left out.
    fn with_own_values(
        &self,
        says: &StackSet,
        targets: &Targets,
        left_out: &BTreeSet<String>,
    ) -> BTreeMap<String, Address> {
        let accounts = says.parameters_by.accounts.keys();
        let accounts = accounts.filter_map(|account| Some((self.context.id(account).ok()?, account.clone())));
        let is_in = |id: &String| targets.units().iter().any(|unit| self.lies_in(id, unit));
        accounts.filter(|(id, _)| is_in(id) && !left_out.contains(id)).collect()
    }

    /// Gives the instances that are there their values, as far as the stack set knows the parameters.
    async fn override_parameters(&self, says: &StackSet, there: &StackSetFacts) -> Result<Ended, WriteError> {
        let mut given = Vec::new();
        for instance in StackInstancesOf(there.id.clone()).ask(&self.context.cloud).await? {
            let (account, region) = (instance.account.clone(), instance.region.clone());
            let Some(address) = self.context.address_of(&account) else { continue };
            let question = StackInstanceOverrides { set: there.id.clone(), account, region };
            let own = question.ask(&self.context.cloud).await?;
            let values = to_give(says, Some(&address), &instance.region, &own);
            let values = values.filter(|values| values.keys().all(|name| there.parameters.contains_key(name)));
            given.extend(values.map(|values| (Place::of(&instance), values)));
        }
        let mut ended = Ended::default();
        for (targets, overrides) in &grouped(given) {
            ended = ended.and(self.carry_out(&Operation::Override { targets, overrides }).await?);
        }
        Ok(ended)
    }

    /// Tries again where an operation failed, as far as the plan showed it. What an update has just tried is left; what
    /// could not be deleted is, and then made anew where it is wanted.
    async fn retry_failed(&self, step: &Step, places: &Places, is_updated: bool) -> Result<Ended, WriteError> {
        let within = |units: &Regions<String>, instance: &StackInstanceFacts| {
            units.get(&instance.unit).is_some_and(|regions| regions.contains(&instance.region))
        };
        let reported = |instance: &&StackInstanceFacts| instance.is_stuck() && is_shown(step, self.context, instance);
        let chosen = |are: &dyn Fn(&StackInstanceFacts) -> bool| {
            Targets::instances(places.instances.iter().filter(reported).filter(|instance| are(instance)))
        };
        let mut ended = Ended::default();
        for targets in chosen(&|it| !within(&places.to_be, it) && !within(&places.is, it)) {
            let withdraw = Operation::Withdraw { targets: &targets, retain: places.retain };
            ended = ended.and(self.carry_out(&withdraw).await?);
        }
        for targets in chosen(&|it| within(&places.to_be, it) && it.is_inoperable()) {
            let deleted = self.carry_out(&Operation::Withdraw { targets: &targets, retain: false }).await?;
            let overrides = &Values::new();
            let made = self.carry_out(&Operation::Deploy { targets: &targets, overrides }).await?;
            ended = ended.and(deleted).and(made);
        }
        for targets in chosen(&|it| within(&places.to_be, it) && !it.is_inoperable() && !is_updated) {
            ended = ended.and(self.carry_out(&Operation::Retry(&targets)).await?);
        }
        Ok(ended)
    }

    /// Takes every instance away.
    async fn empty(&self, there: &StackSetFacts) -> Result<Ended, WriteError> {
        let (listed, instances) = self.listed(there).await?;
        let mut units = listed;
        for instance in &instances {
            units.entry(instance.unit.clone()).or_default().insert(instance.region.clone());
        }
        // AWS takes no units that are gone.
        units.retain(|unit, _| self.context.address_of(unit).is_some());
        let mut ended = Ended::default();
        for targets in Targets::whole_units(&units) {
            let withdraw = Operation::Withdraw { targets: &targets, retain: there.retains_stacks };
            ended = ended.and(self.carry_out(&withdraw).await?);
        }
        Ok(ended)
    }

    async fn take_away(&self) -> Result<(), WriteError> {
        let mut wait = self.wait();
        loop {
            let result = self.client.delete_stack_set().stack_set_name(self.name()).send().await;
            match result.explain("cloudformation:DeleteStackSet") {
                Err(error) if error.is("OperationInProgressException") => self.give_way(&mut wait).await?,
                result => return Ok(done_already(result, &["StackSetNotFoundException"])?),
            }
        }
    }

    async fn listed(&self, there: &StackSetFacts) -> Result<(Regions<String>, Vec<StackInstanceFacts>), AwsError> {
        let (targets, instances) = (StackSetTargets(there.id.clone()), StackInstancesOf(there.id.clone()));
        tokio::try_join!(targets.ask(&self.context.cloud), instances.ask(&self.context.cloud))
    }

    fn ids(&self, regions: Regions<Address>) -> Result<Regions<String>, WriteError> {
        let id = |(unit, regions): (Address, BTreeSet<String>)| Ok((self.context.id(&unit)?, regions));
        regions.into_iter().map(id).collect()
    }
}

/// Whether the plan showed that this instance would be tried again.
fn is_shown(step: &Step, context: &WriteContext, instance: &StackInstanceFacts) -> bool {
    let account = context.address_of(&instance.account);
    account.is_some_and(|account| step.change.field(&format!("{INSTANCES}.{account}.{}", instance.region)).is_some())
}
