use landing_blueprint::Spanned;
use landing_cloudformation::is_large;

use super::organization::OrganizationSection;
use super::stack;
use crate::declaration::Declaration;
use crate::model::{Address, Wanted, body_template};

/// The stack with the bucket, and the built-in template that it is made from.
const STACK: &str = "landing-templates";

/// Says where templates go that are too large for a request: into the bucket that the blueprint names, or else into one
/// that landing makes as soon as there is such a template. Everything that has a template must be declared before.
pub(super) fn declare(section: &OrganizationSection, declaration: &mut Declaration) {
    if let Some(bucket) = &section.template_bucket {
        check_name(bucket, declaration);
        declaration.desired.settings.template_bucket = Some(bucket.value.clone());
        return;
    }
    let has_large = |wanted: &&Wanted| body_template(&wanted.body).is_some_and(is_large);
    let large: Vec<Address> =
        declaration.desired.resources.values().filter(has_large).map(|wanted| wanted.address.clone()).collect();
    let Some(place) = large.first().and_then(|first| declaration.places.get(first)).copied() else { return };
    let bucket = Address::stack("management", STACK, &declaration.desired.settings.home_region);
    if declaration.desired.get(&bucket).is_none() {
        stack::declare_builtin(STACK, place, declaration);
    }
    for address in large {
        if let Some(wanted) = declaration.desired.resources.get_mut(&address) {
            wanted.needs.push(bucket.clone());
        }
    }
    declaration.desired.settings.template_bucket = Some(format!("${{{}}}", bucket.output_named("BucketName")));
}

/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>, without dots, which TLS does not know.
fn check_name(bucket: &Spanned<String>, declaration: &mut Declaration) {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !(3..=63).contains(&bucket.len()) || !bucket.chars().all(allowed) {
        let message = format!("`{}` is not the name of a bucket that landing can use", bucket.value);
        let help = "name one with 3 to 63 small letters, digits and hyphens";
        declaration.mistake("name", bucket.place, message, help);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::{Declared, declare_text};

    /// A blueprint with roles that may do so much.
    fn blueprint(more: &str, actions: usize) -> String {
        let actions: Vec<String> = (0..actions).map(|n| format!("\"iam:GetRole{n:04}\"")).collect();
        format!(
            "version: 1\nname: b\norganization: {{regions: [eu-west-1]{more}}}\nstacks:\n  landing-roles:\n    \
             template: landing-roles\n    in: [management]\n    parameters: {{plan_actions: [{}]}}\n",
            actions.join(",")
        )
    }

    fn declared(text: &str) -> Declared {
        declare_text("landing.yaml", text).unwrap_or_else(|failed| panic!("{:?}", failed.diagnostics))
    }

    const BUCKET: &str = "stack/management/landing-templates/eu-west-1";

    #[test]
    fn a_bucket_is_made_for_a_large_template_and_comes_first() {
        let desired = declared(&blueprint("", 3000)).desired;
        assert!(desired.get(&Address::parse(BUCKET)).is_some());
        let roles = desired.get(&Address::stack("management", "landing-roles", "eu-west-1")).expect("it is wanted");
        assert!(roles.needs.contains(&Address::parse(BUCKET)));
        assert_eq!(desired.settings.template_bucket, Some(format!("${{{BUCKET}.BucketName}}")));
    }

    #[test]
    fn no_bucket_is_made_for_small_templates_or_beside_one_that_is_named() {
        for (more, actions, bucket) in [("", 3, None), (", template_bucket: ours", 3000, Some("ours"))] {
            let desired = declared(&blueprint(more, actions)).desired;
            assert!(desired.get(&Address::parse(BUCKET)).is_none());
            assert_eq!(desired.settings.template_bucket.as_deref(), bucket);
        }
    }

    #[test]
    fn what_cannot_be_used_is_a_mistake() {
        for (more, actions, code) in [(", template_bucket: My.Bucket", 3, "name"), ("", 70_000, "too-large")] {
            let failed = declare_text("landing.yaml", &blueprint(more, actions)).expect_err("it is a mistake");
            let errors = failed.diagnostics.iter().filter(|it| it.severity == landing_blueprint::Severity::Error);
            let codes: Vec<_> = errors.map(|diagnostic| diagnostic.code).collect();
            assert_eq!(codes, [code]);
        }
    }
}
