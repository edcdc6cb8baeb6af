//! Stacks that something else than people deploys, as far as what AWS lists of a stack says so. A survey names them once
//! and does not read their templates.

use crate::kinds::read::StackFacts;

/// Whose stacks are, by what their names begin with.
const NAMES: [(&str, &str); 6] = [
    // <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-concepts.html>
    (OF_SETS, STACK_SETS),
    // <https://docs.aws.amazon.com/controltower/latest/userguide/shared-account-resources.html>
    ("AWSControlTower", "AWS Control Tower"),
    // <https://docs.aws.amazon.com/controltower/latest/userguide/cfct-template.html>
    ("CustomControlTower", "Customizations for AWS Control Tower"),
    // <https://docs.aws.amazon.com/solutions/latest/landing-zone-accelerator-on-aws/>
    ("AWSAccelerator-", "Landing Zone Accelerator on AWS"),
    // <https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping.html>
    ("CDKToolkit", CDK),
    // <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-cli-command-reference-sam-deploy.html>
    ("aws-sam-cli-managed-", "AWS SAM CLI"),
];

/// Whose stacks are, by what the keys of their tags begin with.
const TAGS: [(&str, &str); 4] = [
    // Only AWS's services write such: <https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html>
    ("aws:", "other AWS services"),
    // <https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/using-features.tagging.html>
    ("elasticbeanstalk:", "AWS Elastic Beanstalk"),
    ("alpha.eksctl.io/", "eksctl"),
    ("copilot-", "AWS Copilot"),
];

const STACK_SETS: &str = "stack sets";

/// What stands before the set's name in the names of its stacks.
pub(super) const OF_SETS: &str = "StackSet-";

const CDK: &str = "AWS CDK";

/// The parameter of every stack that CDK's newer templates make.
/// <https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html>
const CDK_PARAMETER: (&str, &str) = ("BootstrapVersion", "/cdk-bootstrap/");

/// Who deploys a stack, where that is not people by themselves.
pub(super) fn deployed_by(stack: &StackFacts) -> Option<&'static str> {
    if stack.parent.is_some() {
        return Some("the stacks that they are nested in");
    }
    let by_name = NAMES.iter().find(|(prefix, _)| stack.name.starts_with(prefix));
    let has_tag = |prefix: &str| stack.tags.keys().any(|key| key.starts_with(prefix));
    let by_tag = || TAGS.iter().find(|(prefix, _)| has_tag(prefix));
    let (name, value) = CDK_PARAMETER;
    let is_of_cdk = || stack.parameters.get(name).is_some_and(|it| it.starts_with(value));
    by_name.or_else(by_tag).map(|(_, owner)| *owner).or_else(|| is_of_cdk().then_some(CDK))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn stack(name: &str, tag: Option<&str>, parameter: Option<(&str, &str)>) -> StackFacts {
        StackFacts {
            name: name.into(),
            tags: tag.into_iter().map(|key| (key.to_owned(), "x".to_owned())).collect(),
            parameters: parameter.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            ..StackFacts::default()
        }
    }

    #[test]
    fn stacks_that_tools_and_services_deploy_are_reported_by_names_tags_and_parameters() {
        for (name, tag, parameter, expected) in [
            ("StackSet-baseline-1a2b", None, None, Some("stack sets")),
            ("AWSControlTowerBP-BASELINE", None, None, Some("AWS Control Tower")),
            ("CustomControlTowerSolution", None, None, Some("Customizations for AWS Control Tower")),
            ("AWSAccelerator-NetworkVpcStack-1", None, None, Some("Landing Zone Accelerator on AWS")),
            ("CDKToolkit", None, None, Some("AWS CDK")),
            ("aws-sam-cli-managed-default", None, None, Some("AWS SAM CLI")),
            ("SC-1", Some("aws:servicecatalog:productArn"), None, Some("other AWS services")),
            ("awseb-e-1", Some("elasticbeanstalk:environment-id"), None, Some("AWS Elastic Beanstalk")),
            ("eksctl-a-cluster", Some("alpha.eksctl.io/cluster-name"), None, Some("eksctl")),
            ("shop-test", Some("copilot-application"), None, Some("AWS Copilot")),
            ("shop", None, Some(("BootstrapVersion", "/cdk-bootstrap/hnb659fds/version")), Some("AWS CDK")),
            ("shop", None, Some(("BootstrapVersion", "3")), None),
            ("StackSetter", Some("team"), Some(("Size", "/cdk-bootstrap/x")), None),
            ("my-AWSControlTower", Some("not-aws:x"), None, None),
        ] {
            assert_eq!(deployed_by(&stack(name, tag, parameter)), expected, "{name} {tag:?}");
        }
    }

    #[test]
    fn a_nested_stack_goes_with_the_stack_that_it_is_in() {
        let nested =
            StackFacts { parent: Some("arn".into()), parameters: BTreeMap::new(), ..stack("a-b-1", None, None) };
        assert_eq!(deployed_by(&nested), Some("the stacks that they are nested in"));
    }
}
