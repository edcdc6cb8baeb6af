use super::declaration::Declaration;
use super::organization::OrganizationSection;
use super::stack;
use crate::blueprint::Spanned;
use crate::model::{Address, Wanted};
use crate::template::cloudformation::is_large;

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
    let has_large = |wanted: &&Wanted| wanted.body.get("template").is_some_and(is_large);
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
