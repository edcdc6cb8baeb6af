/// A name in lower-case ASCII letters and digits, with a hyphen for each run of other characters: as an email's local part and
/// an account's alias take it.
#[must_use]
pub fn slug(name: &str) -> String {
    let lower = name.to_lowercase();
    let parts: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn a_slug_has_lower_case_ascii_letters_digits_and_single_hyphens() {
        for (name, expected) in
            [("Shop", "shop"), ("R&D  (2)", "r-d-2"), ("-a--b-", "a-b"), ("Café 1", "caf-1"), ("会計", ""), ("", "")]
        {
            assert_eq!(slug(name), expected, "{name}");
        }
    }
}
