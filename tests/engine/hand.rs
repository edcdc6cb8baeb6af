//! What people do in the console, behind landing's back.

use std::time::Duration;

use aws_sdk_cloudformation::types::AutoDeployment;
use aws_sdk_identitystore::types::AttributeOperation;
use aws_sdk_organizations::types::Tag;
use aws_sdk_ssoadmin::types::{PrincipalType, TargetType};
use landing::cloud::{AccountAccess, Request, Service};
use landing::model::{Address, Bindings};
use serde_json::{Value, json};

use super::identity::{assign_by_hand, center, set_arn};
use super::world::World;

/// Somebody with all rights and the ids of everything.
pub struct Hand<'w> {
    pub world: &'w World,
    bindings: Bindings,
}

pub const BUDGET_STACK: &str = "stack/a/budget/eu-west-1";
const FULL_ACCESS: &str = "p-FullAWSAccess";

impl<'w> Hand<'w> {
    /// Knows what the blueprint's addresses stand for.
    pub async fn in_world(world: &'w World, blueprint: &str) -> Hand<'w> {
        let draft = world.plan(blueprint).await.expect("it can be planned");
        Hand { world, bindings: draft.observed.bindings }
    }

    pub fn id(&self, address: &str) -> &str {
        if address == "scp/FullAWSAccess" {
            return FULL_ACCESS;
        }
        self.bindings.id(&Address::parse(address)).unwrap_or_else(|| panic!("{address} is there"))
    }

    async fn organizations(&self) -> aws_sdk_organizations::Client {
        self.world.cloud().await.organizations.clone()
    }

    pub async fn weakens(&self, policy: &str) {
        let content =
            json!({"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "sqs:Tag*", "Resource": "*"}});
        let request = self.organizations().await.update_policy().policy_id(self.id(policy));
        request.content(content.to_string()).send().await.expect("it is changed");
    }

    pub async fn renames_policy(&self, policy: &str, name: &str) {
        let request = self.organizations().await.update_policy().policy_id(self.id(policy)).name(name);
        request.send().await.expect("it is renamed");
    }

    pub async fn detaches(&self, policy: &str, target: &str) {
        let request = self.organizations().await.detach_policy();
        request.policy_id(self.id(policy)).target_id(self.id(target)).send().await.expect("it is detached");
    }

    pub async fn attaches(&self, policy: &str, target: &str) {
        let request = self.organizations().await.attach_policy();
        request.policy_id(self.id(policy)).target_id(self.id(target)).send().await.expect("it is attached");
    }

    pub async fn deletes_policy(&self, policy: &str) {
        self.organizations().await.delete_policy().policy_id(self.id(policy)).send().await.expect("it is deleted");
    }

    pub async fn moves(&self, account: &str, from: &str, to: &str) {
        let request = self.organizations().await.move_account().account_id(self.id(account));
        let request = request.source_parent_id(self.id(from)).destination_parent_id(self.id(to));
        request.send().await.expect("it is moved");
    }

    pub async fn renames_unit(&self, unit: &str, name: &str) {
        let request = self.organizations().await.update_organizational_unit();
        request.organizational_unit_id(self.id(unit)).name(name).send().await.expect("it is renamed");
    }

    pub async fn deletes_unit(&self, unit: &str) {
        let request = self.organizations().await.delete_organizational_unit();
        request.organizational_unit_id(self.id(unit)).send().await.expect("it is deleted");
    }

    /// Changes the tag `team`, and adds another.
    pub async fn tags(&self, address: &str) {
        let tag = |key: &str| Tag::builder().key(key).value("by hand").build().expect("it has both");
        let request = self.organizations().await.tag_resource().resource_id(self.id(address));
        request.tags(tag("team")).tags(tag("note")).send().await.expect("it is tagged");
    }

    pub async fn switches_off(&self, service: &str) {
        let request = self.organizations().await.disable_aws_service_access();
        request.service_principal(service).send().await.expect("it is switched off");
    }

    /// Lets a permission set do more, and does not provision it.
    pub async fn widens(&self, set: &str) {
        let client = self.world.cloud().await.sso_admin.clone();
        let request = client.attach_managed_policy_to_permission_set().instance_arn(center(self.world).await.0);
        let request = request.permission_set_arn(set_arn(self.world, set).await);
        request.managed_policy_arn("arn:aws:iam::aws:policy/AdministratorAccess").send().await.expect("it is attached");
    }

    /// Gives a user a permission set in an account.
    pub async fn assigns(&self, set: &str, user: &str, account: &str) {
        let users = self.world.sandbox.snapshot()["directory"]["users"].clone();
        let users = users.as_object().expect("there are users");
        let id = users.iter().find(|(_, it)| it["name"] == user).expect("the user is there").0;
        assign_by_hand(self.world, set, id, account).await;
    }

    /// Takes a permission set in an account from the group.
    pub async fn unassigns(&self, set: &str, group: &str, account: &str) {
        let client = self.world.cloud().await.sso_admin.clone();
        let request = client.delete_account_assignment().instance_arn(center(self.world).await.0);
        request
            .permission_set_arn(set_arn(self.world, set).await)
            .principal_type(PrincipalType::Group)
            .principal_id(self.id(group))
            .target_type(TargetType::AwsAccount)
            .target_id(self.id(account))
            .send()
            .await
            .expect("it is removed");
        wait().await;
    }

    /// The role by which an account is entered.
    pub fn role_in(&self, account: &str) -> String {
        format!("arn:aws:iam::{}:role/OrganizationAccountAccessRole", self.id(account))
    }

    fn entrance(&self, account: &str) -> AccountAccess {
        AccountAccess {
            account: Some(self.id(account).to_owned()),
            roles: vec!["OrganizationAccountAccessRole".to_owned()],
        }
    }

    async fn cloudformation(&self, account: &str) -> aws_sdk_cloudformation::Client {
        let entrance = self.entrance(account);
        self.world.cloud().await.cloudformation(&entrance, "eu-west-1").await.expect("it can be entered")
    }

    /// Makes a request in a member account.
    pub async fn asks(&self, account: &str, request: Request) {
        let entrance = self.entrance(account);
        self.world.cloud().await.call(&entrance, "eu-west-1", request).await.expect("it is done");
    }

    /// Gives the account another contact, from the management account.
    pub async fn writes_to(&self, account: &str, contact: &str) {
        let input = json!({
            "AccountId": self.id(account), "AlternateContactType": contact, "Name": "M", "Title": "T",
            "EmailAddress": "m@example.com", "PhoneNumber": "1",
        });
        let request =
            Request::new(Service::ACCOUNT, "PutAlternateContact", input).route("POST", "/putAlternateContact");
        self.world.cloud().await.call_global(request).await.expect("it is written");
    }

    /// Describes a group anew, with the blueprint's mark.
    pub async fn describes(&self, group: &str, description: &str) {
        let cloud = self.world.cloud().await;
        let operation = AttributeOperation::builder().attribute_path("description").attribute_value(description.into());
        let request = cloud.identity_store.update_group().identity_store_id(center(self.world).await.1);
        let request = request.group_id(self.id(group)).operations(operation.build().expect("it is whole"));
        request.send().await.expect("it is described");
    }

    /// Has a stack set follow accounts no more.
    pub async fn stops(&self, set: &str) {
        let client =
            self.world.cloud().await.cloudformation(&AccountAccess::own(), "eu-west-1").await.expect("it is ours");
        let request = client.update_stack_set().stack_set_name(set).use_previous_template(true);
        let request = request.auto_deployment(AutoDeployment::builder().enabled(false).build());
        request.send().await.expect("it is updated");
        wait().await;
    }

    pub async fn deletes_stack(&self) {
        let client = self.cloudformation("account/a").await;
        client.delete_stack().stack_name(self.id(BUDGET_STACK)).send().await.expect("it is deleted");
        wait().await;
    }

    /// Changes a tag of the stack by an update, which takes all tags.
    pub async fn retags_stack(&self) {
        let client = self.cloudformation("account/a").await;
        let stacks = client.describe_stacks().stack_name(self.id(BUDGET_STACK)).send().await.expect("it is described");
        let mut tags = stacks.stacks()[0].tags().to_vec();
        for tag in tags.iter_mut().filter(|tag| tag.key() == Some("team")) {
            *tag = aws_sdk_cloudformation::types::Tag::builder().key("team").value("by hand").build();
        }
        let request = client.update_stack().stack_name(self.id(BUDGET_STACK)).use_previous_template(true);
        request.set_tags(Some(tags)).send().await.expect("it is updated");
        wait().await;
    }

    /// Changes what CloudFormation made in an account.
    pub fn edits_budget(&self, account: &str, edit: impl FnOnce(&mut Value)) {
        let account = self.id(account).to_owned();
        let budgets = |state: &mut Value| edit(&mut state["resources"][account]["global"]["AWS::Budgets::Budget"]);
        self.world.sandbox.edit(budgets).expect("the state can be edited");
    }

    pub fn raises_budget(&self, account: &str) {
        self.edits_budget(account, |budgets| {
            for budget in budgets.as_object_mut().expect("there is one").values_mut() {
                budget["properties"]["Budget"]["BudgetLimit"]["Amount"] = json!(1_000_000);
            }
        });
    }
}

/// Until AWS is done with what it does behind an answer.
async fn wait() {
    tokio::time::sleep(Duration::from_secs(60)).await;
}
