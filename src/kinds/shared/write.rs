use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_sdk_organizations::types::Tag;
use serde_json::Value;

use crate::cloud::{AwsError, Cloud, Explain};
use crate::facts::Question;
use crate::kinds::read::TagsOf;
use crate::kinds::shared::slots::Slots;
use crate::model::{
    Address, Bindings, Body, Change, Desired, Found, Manual, OwnershipTags, Tags, Wanted, body_name, body_references,
};

/// CreateAccount requests that AWS works on at once.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>
const ACCOUNTS_AT_ONCE: usize = 5;

/// CloseAccount requests that AWS works on at once.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>
const CLOSURES_AT_ONCE: usize = 3;

/// Assignments that Identity Center works on at once.
/// <https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html>
const ASSIGNMENTS_AT_ONCE: usize = 10;

/// One change to make, with both sides of it.
#[derive(Debug)]
pub struct Step {
    /// What is to be changed, and how.
    pub change: Change,
    /// The resource as the blueprint wants it; absent where it does not name it any more.
    pub wanted: Option<Wanted>,
    /// The resource as it was found; absent where it is to be created.
    pub found: Option<Found>,
}

impl Step {
    /// AWS's id of what was found. Every update and deletion has one.
    ///
    /// # Errors
    /// When there is none, which means that the plan is not one of ours.
    pub fn id(&self) -> Result<&str, WriteError> {
        self.found.as_ref().map(|found| found.id.as_str()).ok_or_else(|| self.senseless("nothing was found"))
    }

    /// What the blueprint wants. Every creation and update has it.
    ///
    /// # Errors
    /// As for [`Step::id`].
    pub fn wanted(&self) -> Result<&Wanted, WriteError> {
        self.wanted.as_ref().ok_or_else(|| self.senseless("nothing is wanted"))
    }

    pub(in crate::kinds) fn senseless(&self, why: &str) -> WriteError {
        let address = &self.change.address;
        WriteError::Failed {
            message: format!("{} of {address}: {why}", self.change.action.verb()),
            help: "plan again; if it happens again, please report it with the output of `landing plan --format json`"
                .into(),
        }
    }
}

/// Why a change was not made.
#[derive(Debug)]
pub enum WriteError {
    /// AWS refused, or failed without a definite response.
    Aws(AwsError),
    /// AWS, or what exists, does not allow it, in words.
    Failed {
        /// What went wrong.
        message: String,
        /// What to do about it.
        help: String,
    },
    /// A guard says no: it would do what the plan did not show.
    Refused {
        /// What it would do.
        message: String,
        /// What to do about it.
        help: String,
    },
    /// Everything was done that can be; a person has to do the rest.
    Waits(Manual),
}

impl From<AwsError> for WriteError {
    fn from(error: AwsError) -> WriteError {
        WriteError::Aws(error)
    }
}

/// Hears what the change of an address is at.
type OnProgress = dyn Fn(&Address, String) + Send + Sync;

/// What changes are made with: the clients, the ids that are known so far, and a listener for progress.
pub struct WriteContext {
    /// Where the change is made.
    pub cloud: Arc<Cloud>,
    /// The name that owned resources are tagged with.
    pub blueprint: String,
    /// What the blueprint wants.
    pub desired: Arc<Desired>,
    /// The account that the organization is managed from.
    pub management_account: String,
    /// One permit for each account that AWS may be making.
    pub account_slots: Slots,
    /// One permit for each account that AWS may be closing.
    pub closure_slots: Slots,
    /// One permit for each assignment that Identity Center may be making or taking away.
    pub assignment_slots: Slots,
    bindings: Mutex<Bindings>,
    report_progress: Box<OnProgress>,
}

impl WriteContext {
    /// `show` hears what a long change is at.
    pub fn new(
        cloud: Arc<Cloud>,
        desired: Arc<Desired>,
        management_account: &str,
        bindings: Bindings,
        report_progress: impl Fn(&Address, String) + Send + Sync + 'static,
    ) -> WriteContext {
        WriteContext {
            cloud,
            blueprint: desired.blueprint.clone(),
            desired,
            management_account: management_account.to_owned(),
            account_slots: Slots::new(ACCOUNTS_AT_ONCE, |places| format!("AWS makes {places} accounts at a time")),
            closure_slots: Slots::new(CLOSURES_AT_ONCE, |places| format!("AWS closes {places} accounts at a time")),
            assignment_slots: Slots::new(ASSIGNMENTS_AT_ONCE, |places| {
                format!("Identity Center makes {places} assignments at a time")
            }),
            bindings: Mutex::new(bindings),
            report_progress: Box::new(report_progress),
        }
    }

    /// AWS's id of a resource that exists by now.
    ///
    /// # Errors
    /// When it does not, which the order of the plan rules out.
    pub fn id(&self, address: &Address) -> Result<String, WriteError> {
        self.bindings().id(address).map(str::to_owned).ok_or_else(|| WriteError::Failed {
            message: format!("{address} does not exist yet"),
            help: "run apply again".into(),
        })
    }

    /// Remembers the id of a resource that has come into being.
    pub fn bind(&self, address: &Address, id: impl Into<String>) {
        self.bindings().bind(address.clone(), id);
    }

    /// Remembers what a stack gives.
    pub fn bind_outputs<'o>(&self, stack: &Address, outputs: impl IntoIterator<Item = (&'o String, &'o String)>) {
        let mut bindings = self.bindings();
        bindings.forget_outputs(stack);
        for (name, value) in outputs {
            bindings.bind_output(stack.output_named(name), value.clone());
        }
    }

    /// Forgets the id of a resource that is gone.
    pub fn unbind(&self, address: &Address) {
        self.bindings().unbind(address);
    }

    /// A body with its references turned into ids.
    pub fn resolve(&self, body: &Body) -> Body {
        self.bindings().resolve(body)
    }

    /// A text with its references turned into ids.
    pub fn resolve_text(&self, text: &str) -> String {
        self.bindings().resolve_text(text)
    }

    /// The body of what is wanted with every reference turned into what it stands for.
    ///
    /// # Errors
    /// When something that it refers to is not there, which the order of the plan rules out.
    pub fn resolved(&self, wanted: &Wanted) -> Result<Body, WriteError> {
        let body = self.resolve(&wanted.body);
        match body_references(&body).into_iter().next() {
            None => Ok(body),
            Some(missing) => Err(WriteError::Failed {
                message: format!("{} needs {missing}, which is not there", wanted.address),
                help: "run apply again".into(),
            }),
        }
    }

    /// Whether the plan gives the resource with this id, which has this name, another one.
    pub(in crate::kinds) fn will_rename(&self, id: &str, name: &str) -> bool {
        let wanted = self.address_of(id).and_then(|address| self.desired.get(&address).cloned());
        wanted.is_some_and(|wanted| body_name(&wanted.body).is_some_and(|wanted| wanted != name))
    }

    /// The address of the resource with this id, where it is known.
    pub fn address_of(&self, id: &str) -> Option<Address> {
        self.bindings().address(id).cloned()
    }

    /// The account's id as the account API takes it: not at all for the management account itself.
    pub fn account_id(&self, address: &Address) -> Result<Option<String>, WriteError> {
        Ok(Some(self.id(address)?).filter(|id| *id != self.management_account))
    }

    /// Says what the change of `address` is at.
    pub fn report_progress(&self, address: &Address, message: impl Into<String>) {
        (self.report_progress)(address, message.into());
    }

    /// The ownership tags of a resource.
    pub fn ownership(&self, address: &Address) -> OwnershipTags {
        OwnershipTags::new(&self.blueprint, address)
    }

    /// All the tags that a new resource gets.
    pub fn tags(&self, address: &Address, tags: &Tags) -> Vec<Tag> {
        let mut tags = tags.clone();
        tags.extend(self.ownership(address).pairs());
        tags_of(tags)
    }

    /// The tags that the change of an existing resource sets, ownership included, and the keys of those that it removes.
    pub fn tag_changes(&self, step: &Step) -> (Tags, Vec<String>) {
        let (mut set, mut removed) = (Tags::new(), Vec::new());
        for field in &step.change.fields {
            let Some(key) = field.path.strip_prefix("tags.") else { continue };
            match &field.after {
                Value::String(value) => drop(set.insert(key.to_owned(), value.clone())),
                _ => removed.push(key.to_owned()),
            }
        }
        if self.lacks_ownership(step) {
            set.extend(self.ownership(&step.change.address).pairs());
        }
        (set, removed)
    }

    /// Makes the tags of an existing unit, account or policy as the change says, ownership included.
    pub async fn write_tags(&self, step: &Step, id: &str) -> Result<(), WriteError> {
        let (set, removed) = self.tag_changes(step);
        if !set.is_empty() {
            self.tag(id, set).await?;
        }
        if !removed.is_empty() {
            self.untag(id, removed).await?;
        }
        Ok(())
    }

    /// The id of a resource that an earlier attempt of ours made, whose answer was lost: `double` is the one that is in the
    /// way of making it again.
    ///
    /// # Errors
    /// When it is not ours.
    pub async fn made_before(&self, address: &Address, double: String) -> Result<String, WriteError> {
        let mut tags = TagsOf(double.clone()).ask(&self.cloud).await?;
        if OwnershipTags::take(&mut tags) == Some(self.ownership(address)) {
            return Ok(double);
        }
        Err(WriteError::Failed {
            message: format!("{address} was created by another program since the plan was made"),
            help: "plan again: it will be adopted".into(),
        })
    }

    /// Adds or overwrites tags.
    pub async fn tag(&self, id: &str, tags: Tags) -> Result<(), AwsError> {
        self.cloud
            .organizations
            .tag_resource()
            .resource_id(id)
            .set_tags(Some(tags_of(tags)))
            .send()
            .await
            .explain("organizations:TagResource")?;
        Ok(())
    }

    /// Removes tags.
    pub async fn untag(&self, id: &str, keys: Vec<String>) -> Result<(), AwsError> {
        self.cloud
            .organizations
            .untag_resource()
            .resource_id(id)
            .set_tag_keys(Some(keys))
            .send()
            .await
            .explain("organizations:UntagResource")?;
        Ok(())
    }

    fn lacks_ownership(&self, step: &Step) -> bool {
        use crate::model::Owner;
        matches!(step.found.as_ref().map(|found| &found.owner), Some(Owner::Unmanaged | Owner::This { stale: Some(_) }))
    }

    fn bindings(&self) -> MutexGuard<'_, Bindings> {
        // A panic elsewhere cannot leave a map half-written.
        self.bindings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn tags_of(tags: Tags) -> Vec<Tag> {
    tags.into_iter().filter_map(|(key, value)| Tag::builder().key(key).value(value).build().ok()).collect()
}

/// A resource with our tags is in the way of a new one, and is not what is to be made.
pub(in crate::kinds) fn changed_since(address: &Address) -> WriteError {
    WriteError::Failed {
        message: format!("{address} exists since the plan was made, with other contents"),
        help: "plan again, so that the difference is shown".into(),
    }
}

/// Takes an error with one of these codes for success: what was to be done is done.
pub(in crate::kinds) fn done_already<T>(result: Result<T, AwsError>, codes: &[&str]) -> Result<(), AwsError> {
    match result {
        Err(error) if codes.iter().any(|code| error.is(code)) => Ok(()),
        other => other.map(|_| ()),
    }
}
