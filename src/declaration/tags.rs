use landing_blueprint::{Entries, Place, Spanned};

use crate::declaration::Declaration;
use crate::model::Tags;

/// AWS's limits.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_tagging.html>
const MAX_TAGS: usize = 50;
/// Those that say whose a resource is.
const OWN_TAGS: usize = 2;
const MAX_KEY: usize = 128;
const MAX_VALUE: usize = 256;
/// What keys and values are made of, in words.
/// <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_Tag.html>
const CHARACTERS: &str = "letters, digits, spaces and _ . : / = + - @";

/// The tags of a resource: those that the blueprint gives it or everything, and landing's own, `made`.
pub(crate) fn all(tags: &Entries<Spanned<String>>, made: &Tags, place: Place, declaration: &mut Declaration) -> Tags {
    all_over(tags, &Tags::new(), made, place, declaration)
}

/// The same, where tags of everything are overruled by those that a resource `inherited`, and these by its own.
fn all_over(
    tags: &Entries<Spanned<String>>,
    inherited: &Tags,
    made: &Tags,
    place: Place,
    declaration: &mut Declaration,
) -> Tags {
    let mut all: Tags = declaration.defaults.tags.clone();
    all.extend(inherited.clone());
    all.extend(plain(tags));
    check(tags, declaration);
    for key in made.keys() {
        check_text("key", key, MAX_KEY, place, declaration);
    }
    let left = MAX_TAGS - OWN_TAGS;
    if all.len() + made.len() > left {
        let place = tags.keys().next().map_or(place, |key| key.place);
        let (given, made) = (all.len(), made.len());
        let beside = if made > 0 { format!(" and {made} that name guardrails") } else { String::new() };
        let message = format!("{given} tags{beside}, AWS takes {left} beside landing's own two");
        declaration.mistake("too-many", place, message, "take some away");
    }
    all.extend(made.clone());
    all
}

/// The same without any of landing's own.
pub(crate) fn with_defaults(tags: &Entries<Spanned<String>>, place: Place, declaration: &mut Declaration) -> Tags {
    all(tags, &Tags::new(), place, declaration)
}

/// The tags of an account, over those that it `inherited` from where it is.
pub(crate) fn of_account(
    tags: &Entries<Spanned<String>>,
    inherited: &Tags,
    place: Place,
    declaration: &mut Declaration,
) -> Tags {
    all_over(tags, inherited, &Tags::new(), place, declaration)
}

/// Tags as a map, without where they are written.
pub(crate) fn plain(tags: &Entries<Spanned<String>>) -> Tags {
    tags.iter().map(|(key, value)| (key.value.clone(), value.value.clone())).collect()
}

/// Whether AWS takes these keys and values.
pub(crate) fn check(tags: &Entries<Spanned<String>>, declaration: &mut Declaration) {
    for (key, value) in tags {
        check_key(key, declaration);
        check_value(value, value.place, declaration);
    }
}

/// Whether AWS takes this value.
pub(crate) fn check_value(value: &str, place: Place, declaration: &mut Declaration) {
    check_text("value", value, MAX_VALUE, place, declaration);
}

/// CloudFormation, other than Organizations, takes no empty values.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Tag.html>
pub(crate) fn check_not_empty(tags: &Tags, place: Place, declaration: &mut Declaration) {
    if let Some((key, _)) = tags.iter().find(|(_, value)| value.is_empty()) {
        let message = format!("the tag `{key}` is empty, and CloudFormation takes no empty tag");
        declaration.mistake("tag", place, message, "give it a value, in this stack's `tags` if it is a default tag");
    }
}

/// Whether AWS takes this key.
pub(crate) fn check_key(key: &Spanned<String>, declaration: &mut Declaration) {
    let lower = key.to_lowercase();
    if lower.starts_with("aws:") || lower.starts_with("landing:") {
        let owner = if lower.starts_with("aws:") { "AWS" } else { "landing" };
        let message = format!("tags that begin with `{}:` are {owner}'s own", owner.to_lowercase());
        declaration.mistake("reserved", key.place, message, "take another key");
    }
    if key.is_empty() {
        let message = format!("the tag's key has 0 characters, AWS takes 1 to {MAX_KEY}");
        declaration.mistake("too-long", key.place, message, "take another key");
    }
    check_text("key", key, MAX_KEY, key.place, declaration);
}

fn check_text(what: &str, text: &str, most: usize, place: Place, declaration: &mut Declaration) {
    let length = text.chars().count();
    if length > most {
        let message = format!("the tag's {what} has {length} characters, AWS takes {most}");
        declaration.mistake("too-long", place, message, "shorten it");
    }
    if let Some(bad) = text.chars().find(|c| !is_allowed(*c)) {
        let message = format!("the tag's {what} has the character {bad:?}, which AWS does not take");
        declaration.mistake("tag", place, message, format!("AWS takes {CHARACTERS}"));
    }
}

/// AWS's `[\p{L}\p{Z}\p{N}_.:/=+\-@]`. What Rust calls alphabetic has a few symbols and marks besides: letters in circles
/// and squares are left out.
fn is_allowed(c: char) -> bool {
    let is_enclosed = matches!(c, '\u{24b6}'..='\u{24e9}' | '\u{1f130}'..='\u{1f189}');
    let is_separator = c.is_whitespace() && !c.is_control();
    (c.is_alphabetic() && !is_enclosed) || c.is_numeric() || is_separator || "_.:/=+-@".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::declare_text;

    #[test]
    fn a_tag_is_made_of_what_aws_takes() {
        for good in ["Kostenstelle 4", "aws-like:key=1+2@x_y.z-/", "äöü ß é", "日本語", "Ⅷ²", "a\u{a0}b"] {
            assert!(good.chars().all(is_allowed), "{good}");
        }
        for bad in ['&', '*', '🚀', ',', '#', '\'', '"', '(', '\t', '\n', 'Ⓐ', '\u{200b}', '\u{308}', '|', '\\', '%']
        {
            assert!(!is_allowed(bad), "{bad:?}");
        }
    }

    /// The line and message of every mistake.
    fn mistakes(text: &str) -> Vec<(usize, String)> {
        let failed =
            declare_text("landing.yaml", &format!("version: 1\nname: b\n{text}")).expect_err("it has mistakes");
        let line = |place: Option<Place>| failed.sources.position(place.unwrap_or_default()).0;
        failed.diagnostics.iter().map(|it| (line(it.place), it.message.clone())).collect()
    }

    #[test]
    fn a_tag_that_aws_refuses_is_a_mistake_wherever_it_stands() {
        let refused =
            |what: &str, c: char| format!("the tag's {what} has the character {c:?}, which AWS does not take");
        for (text, line, what, c) in [
            ("organization:\n  home_region: eu-west-1\n  default_tags: {team: R&D}", 5, "value", '&'),
            ("organization:\n  tags: {'bad*key': x}", 4, "key", '*'),
            ("organization:\n  tags: {key: 🚀}", 4, "value", '🚀'),
            ("organizational_units:\n  W:\n    tags: {t: 'a,b'}", 5, "value", ','),
            ("accounts:\n- {name: a, email: a@x.example, tags: {t: 'a#'}}", 4, "value", '#'),
            (
                "identity:\n  permission_sets:\n    s: {managed_policies: [ReadOnlyAccess], tags: {t: '(x)'}}",
                5,
                "value",
                '(',
            ),
        ] {
            assert_eq!(mistakes(text), [(line, refused(what, c))], "{text}");
        }
    }

    #[test]
    fn cloudformation_takes_no_empty_tag_but_organizations_does() {
        let with = |tags: &str| {
            format!(
                "organization: {{home_region: eu-west-1}}\nstacks:\n  budget: {{in: [management], parameters: {{limit_usd: 1, emails: [a@x.example]}}, tags: {tags}}}"
            )
        };
        let reported = "the tag `t` is empty, and CloudFormation takes no empty tag".to_owned();
        assert_eq!(mistakes(&with("{t: ''}")), [(5, reported)]);
        assert!(declare_text("l", &format!("version: 1\nname: b\n{}", with("{t: x}"))).is_ok());
        assert!(declare_text("l", "version: 1\nname: b\norganizational_units: {W: {tags: {t: ''}}}\n").is_ok());
    }

    #[test]
    fn tags_of_all_sources_are_counted_together() {
        let many = |count: usize| (0..count).map(|at| format!("k{at}: v")).collect::<Vec<_>>().join(", ");
        let text = |defaults: usize, own: usize| {
            format!(
                "organization:\n  home_region: eu-west-1\n  default_tags: {{{}}}\norganizational_units: {{W: {{tags: {{own: x, {}}}}}}}",
                many(defaults),
                many(own)
            )
        };
        let reported = "49 tags, AWS takes 48 beside landing's own two".to_owned();
        assert_eq!(mistakes(&text(48, 3)), [(6, reported)]);
        assert!(declare_text("l", &format!("version: 1\nname: b\n{}", text(47, 3))).is_ok());
        let only_defaults =
            format!("organization:\n  default_tags: {{{}}}\norganizational_units: {{W: {{}}}}", many(49));
        assert_eq!(mistakes(&only_defaults), [(5, "49 tags, AWS takes 48 beside landing's own two".to_owned())]);
    }
}
