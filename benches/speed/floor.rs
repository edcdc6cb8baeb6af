//! The same calls as a plan makes, with the bare SDK clients: nothing counts, paces or looks at them.

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_organizations::types::PolicyType;
use aws_sdk_resourcegroupstagging::types::TagFilter;
use landing_sandbox::Sandbox;
use tokio::task::JoinSet;

use super::estate::REGION;
use super::text::{self, NAME};

/// The bare clients.
#[derive(Clone)]
pub struct Bare {
    organizations: aws_sdk_organizations::Client,
    sts: aws_sdk_sts::Client,
    tagging: aws_sdk_resourcegroupstagging::Client,
    ssm: aws_sdk_ssm::Client,
}

impl Bare {
    pub async fn connect(sandbox: &Sandbox) -> Bare {
        let loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(sandbox.http_client())
            .region(Region::new("us-east-1"))
            .test_credentials();
        let config: SdkConfig = loader.load().await;
        let at_home = aws_sdk_ssm::config::Builder::from(&config).region(Region::new(REGION)).build();
        Bare {
            organizations: aws_sdk_organizations::Client::new(&config),
            sts: aws_sdk_sts::Client::new(&config),
            tagging: aws_sdk_resourcegroupstagging::Client::new(&config),
            ssm: aws_sdk_ssm::Client::from_conf(at_home),
        }
    }

    /// Reads an organization as a plan of a blueprint with service control policies does.
    pub async fn read(&self) {
        let (caller, organization) =
            tokio::join!(self.sts.get_caller_identity().send(), self.organizations.describe_organization().send());
        caller.expect("there is a caller");
        organization.expect("there is an organization");
        let roots = self.organizations.list_roots().send().await.expect("there is a root");
        let root = roots.roots()[0].id().expect("it has an id").to_owned();
        let lists = async { tokio::join!(self.units(root), self.accounts(), self.policies(), self.tags()) };
        tokio::join!(lists, self.trusted_access(), self.deployment_record());
    }

    async fn units(&self, root: String) {
        let mut lists = JoinSet::new();
        lists.spawn(self.clone().units_of(root));
        while let Some(ids) = lists.join_next().await {
            for id in ids.expect("it was read") {
                lists.spawn(self.clone().units_of(id));
            }
        }
    }

    /// The ids of the units directly below one, as far as these have units below them.
    async fn units_of(self, parent: String) -> Vec<String> {
        let list = self.organizations.list_organizational_units_for_parent().parent_id(parent);
        let pages = list.into_paginator().send().collect::<Result<Vec<_>, _>>().await.expect("units are listed");
        let units = pages.iter().flat_map(|page| page.organizational_units());
        let with_units = units.filter(|unit| unit.name().is_some_and(text::has_units));
        with_units.filter_map(|unit| unit.id()).map(Into::into).collect()
    }

    async fn accounts(&self) {
        let pages = self.organizations.list_accounts().into_paginator().send();
        pages.collect::<Result<Vec<_>, _>>().await.expect("accounts are listed");
    }

    async fn policies(&self) {
        let list = self.organizations.list_policies().filter(PolicyType::ServiceControlPolicy);
        let pages = list.into_paginator().send().collect::<Result<Vec<_>, _>>().await.expect("policies are listed");
        let mut reads = JoinSet::new();
        for policy in pages.iter().flat_map(|page| page.policies()) {
            let id = policy.id().expect("it has an id").to_owned();
            // What AWS manages, FullAWSAccess, has no content to read, and matters where one of the others is.
            if !policy.aws_managed() {
                reads.spawn(self.clone().content_of(id.clone()));
                reads.spawn(self.clone().targets_of(id));
            }
        }
        reads.join_all().await;
    }

    /// Whether Control Tower governs.
    async fn trusted_access(&self) {
        let pages = self.organizations.list_aws_service_access_for_organization().into_paginator().send();
        pages.collect::<Result<Vec<_>, _>>().await.expect("services are listed");
    }

    async fn content_of(self, id: String) {
        self.organizations.describe_policy().policy_id(id).send().await.expect("it can be read");
    }

    async fn targets_of(self, id: String) {
        let pages = self.organizations.list_targets_for_policy().policy_id(id).into_paginator().send();
        let pages = pages.collect::<Result<Vec<_>, _>>().await.expect("targets are listed");
        for target in pages.iter().flat_map(|page| page.targets()).filter_map(|target| target.target_id()) {
            let list = self.organizations.list_policies_for_target().target_id(target);
            let pages = list.filter(PolicyType::ServiceControlPolicy).into_paginator().send();
            pages.collect::<Result<Vec<_>, _>>().await.expect("policies are listed");
        }
    }

    /// In which accounts the blueprint has had stacks: none, so that there is no such parameter.
    async fn deployment_record(&self) {
        let name = format!("/landing/whereabouts/{NAME}");
        let answer = self.ssm.get_parameter().name(name).with_decryption(true).send().await;
        let error = answer.expect_err("there is no such parameter").into_service_error();
        assert!(error.is_parameter_not_found(), "{error}");
    }

    async fn tags(&self) {
        let types = ["organizations:account", "organizations:ou", "organizations:policy"];
        let request =
            types.iter().fold(self.tagging.get_resources(), |request, kind| request.resource_type_filters(*kind));
        let owned = TagFilter::builder().key(landing::model::TAG_BLUEPRINT).build();
        let pages = request.tag_filters(owned).resources_per_page(100).into_paginator().send();
        pages.collect::<Result<Vec<_>, _>>().await.expect("tags are listed");
    }
}
