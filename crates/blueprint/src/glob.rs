//! Which paths a pattern of an `include:` means.

/// Whether `path` is a pattern rather than the name of one file: `*` and `?` are special, nothing else is.
pub fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?'])
}

/// The folder (with no slash at its end, empty for the root) under which everything that `pattern` matches lies.
pub fn fixed_folder(pattern: &str) -> &str {
    let fixed = &pattern[..pattern.find(['*', '?']).unwrap_or(pattern.len())];
    fixed.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Whether `path` matches `pattern`: `*` is any text within one name, `?` one character, `**` any number of folders.
/// Names that begin with a dot are matched only by patterns that write the dot.
pub fn matches(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    let visible = |name: &&str| !name.starts_with('.');
    fits(&pattern, &path, |part| *part == "**", visible, |part, name| name_matches(part, name))
}

fn name_matches(pattern: &str, name: &str) -> bool {
    if name.starts_with('.') && !pattern.starts_with('.') {
        return false;
    }
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    fits(&pattern, &name, |part| *part == '*', |_| true, |part, c| *part == '?' || part == c)
}

/// Whether `items` can be read as `pattern`, where a star stands for any number of items that it may `swallow`, and any
/// other part for `one` item. Going back only to the last star is enough, so this takes at most `pattern × items`
/// steps.
fn fits<P, T>(
    pattern: &[P],
    items: &[T],
    is_star: impl Fn(&P) -> bool,
    swallow: impl Fn(&T) -> bool,
    one: impl Fn(&P, &T) -> bool,
) -> bool {
    let (mut at, mut item) = (0, 0);
    let mut last_star = None;
    while item < items.len() {
        match (pattern.get(at), last_star) {
            (Some(part), _) if is_star(part) => {
                last_star = Some((at, item));
                at += 1;
            }
            (Some(part), _) if one(part, &items[item]) => {
                at += 1;
                item += 1;
            }
            (_, Some((star, swallowed))) if swallow(&items[swallowed]) => {
                last_star = Some((star, swallowed + 1));
                at = star + 1;
                item = swallowed + 1;
            }
            _ => return false,
        }
    }
    pattern[at..].iter().all(is_star)
}

#[cfg(test)]
mod tests {
    use super::{fixed_folder, matches};

    #[test]
    fn a_star_stays_within_one_name() {
        assert!(matches("ous/*.yaml", "ous/dev.yaml"));
        assert!(!matches("ous/*.yaml", "ous/deep/dev.yaml"));
        assert!(!matches("ous/*.yaml", "ous/dev.yml"));
        assert!(matches("a*b*c", "aXbbYc"));
        assert!(!matches("a*b*c", "aXbbY"));
    }

    #[test]
    fn two_stars_match_any_number_of_folders() {
        for path in ["ous/dev.yaml", "ous/a/dev.yaml", "ous/a/b/dev.yaml"] {
            assert!(matches("ous/**/*.yaml", path), "{path}");
        }
        assert!(!matches("ous/**/*.yaml", "accounts/dev.yaml"));
    }

    #[test]
    fn a_question_mark_is_one_character() {
        assert!(matches("?.yaml", "é.yaml"));
        assert!(!matches("?.yaml", "ab.yaml"));
    }

    #[test]
    fn hidden_names_are_matched_only_when_the_dot_is_written() {
        assert!(!matches("*.yaml", ".dev.yaml"));
        assert!(!matches("**/*.yaml", ".git/dev.yaml"));
        assert!(matches(".*.yaml", ".dev.yaml"));
    }

    #[test]
    fn many_stars_do_not_take_exponential_time() {
        assert!(!matches(&"*a".repeat(200), &"a".repeat(150)));
        let folders = "a/".repeat(100);
        assert!(!matches(&format!("{}b", "**/a/".repeat(50)), &folders));
    }

    #[test]
    fn a_pattern_s_folder_is_what_stands_before_its_first_special_character() {
        assert_eq!(fixed_folder("../shared/ou-*/x.yaml"), "../shared");
        assert_eq!(fixed_folder("*.yaml"), "");
    }
}
